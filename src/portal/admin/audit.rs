//! Audit log: operators see all of it, delegates what happened in their scope (D8, D10, DA-42).

use axum::extract::RawQuery;
use serde_json::json;

use super::audit_lines::Names;
use super::audit_query::AuditQuery;
use super::plain::{Cell, Link, Table, TablePage};
use super::{csv, tree};
use crate::audit::store::Row;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::ReadAudit;
use crate::authority::{Permission, Scope};
use crate::db::{Tx, transact};
use crate::delegation::audit_store::{self, View};
use crate::kernel::ctx::Channel;
use crate::kernel::ids::RoleAssignmentId;
use crate::locale;
use crate::portal::account::history::event_key;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Page};

/// Rows of one page.
const ROWS: usize = 50;

/// Most rows of one export.
const EXPORT_ROWS: i64 = 50_000;

const COLUMNS: [&str; 7] =
    ["audit-when", "audit-what", "audit-who", "audit-whom", "audit-details", "audit-where", "audit-channel"];

/// `GET /admin/audit`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = AuditQuery::read(&raw.unwrap_or_default());
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, ReadAudit {}).await?;
    let page = person.page(Area::Audit, "audit-title");
    let search = query.search(View::of(&person.authority, person.ctx.now));
    let mut found = audit_store::list(tx, &search, i64::try_from(ROWS).unwrap_or(0) + 1).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let more = found.last().filter(|_| more).map(|row| {
        let next = AuditQuery { after: Some((row.at, row.id)), ..query.clone() };
        (next.link("/admin/audit"), page.t("audit-older"))
    });
    let names = Names::of(tx, &person, &found).await?;
    let rows = found.iter().map(|row| cells(&page, &names, &query, row)).collect();
    let table = Table::new(&page, page.t("audit-caption"), &COLUMNS, rows).or_else(&page, "audit-none");
    let filters = filters(tx, &person, &page, &query).await?;
    let chips = chips(&page, &names, &query);
    let ids = [("actor", query.actor), ("subject", query.subject)];
    let hidden = ids.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.to_string()))).collect();
    let export = Some((AuditQuery { after: None, ..query }.link("/admin/audit.csv"), page.t("users-export")));
    let action = "/admin/audit".to_owned();
    Ok(TablePage { action, chips, hidden, filters, more, export, ..TablePage::new(page, table) }.show())
}

fn cells(page: &Page, names: &Names, query: &AuditQuery, row: &Row) -> Vec<Cell> {
    let line = names.line(page, row);
    let same = AuditQuery { after: None, ..query.clone() };
    let about = AuditQuery { subject: Some(row.subject_id), ..same.clone() }.link("/admin/audit");
    let who = match row.actor_id.filter(|id| !id.is_nil()) {
        Some(id) => Cell::link(line.who, AuditQuery { actor: Some(id), ..same }.link("/admin/audit")),
        None => Cell::text(line.who),
    };
    vec![
        Cell::whole(moment(row.at)),
        Cell::text(line.what),
        who,
        Cell::link(line.whom, about),
        Cell::text(line.details),
        Cell::text(line.level),
        Cell::text(line.door),
    ]
}

async fn filters(tx: &mut Tx, person: &SignedIn, page: &Page, query: &AuditQuery) -> Result<Vec<Field>, Failure> {
    let any = || vec![Choice::new("", page.t("any"), "-")];
    let (mut kinds, mut doors, mut levels) = (any(), any(), any());
    let present = query.kind.map_or("", Kind::as_str);
    let shown = |kind: &Kind| Choice::new(kind.as_str(), page.t(&event_key(kind.as_str())), present);
    let mut named: Vec<Choice> = Kind::ALL.iter().map(shown).collect();
    named.sort_by_cached_key(|choice| locale::sort_key(&choice.text));
    kinds.extend(named);
    let present = query.channel.map_or("", Channel::as_str);
    doors.extend(
        Channel::ALL.map(|door| Choice::new(door.as_str(), page.t(&format!("door-{}", door.as_str())), present)),
    );
    let known = tree::near(tx, person, &[Permission::AuditRead], query.level).await?;
    levels.extend(tree::choices(&known.levels, query.level));
    Ok(vec![
        Field::select(page, "kind", "audit-kind", kinds).filter(),
        Field::select(page, "level", "audit-where", levels).filter(),
        Field::select(page, "channel", "audit-channel", doors).filter(),
        Field::date(page, "since", "audit-since").filter().value(query.since.clone()),
        Field::date(page, "until", "audit-until").filter().value(query.until.clone()),
    ])
}

/// The filters that were set by following a link.
fn chips(page: &Page, names: &Names, query: &AuditQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    if let Some(id) = query.actor {
        let name = names.person(id).unwrap_or_else(|| page.t("by-outside"));
        let without = AuditQuery { actor: None, after: None, ..query.clone() };
        chips.push((without.link("/admin/audit"), page.t1("audit-by", "name", name)));
    }
    if let Some(id) = query.subject {
        let name = names.any(id).unwrap_or_else(|| page.t("audit-one-thing"));
        let without = AuditQuery { subject: None, after: None, ..query.clone() };
        chips.push((without.link("/admin/audit"), page.t1("audit-about", "name", name)));
    }
    chips
}

/// `GET /admin/audit.csv`: what the search finds, within the same scope, and that it was taken along.
pub(super) async fn export(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = AuditQuery { after: None, ..AuditQuery::read(&raw.unwrap_or_default()) };
    let tx = &mut person.app.db.reader().await?;
    let via = person.app.door.authorise_read(tx, &person.ctx, ReadAudit {}).await?;
    let page = person.page(Area::Audit, "audit-title");
    let search = query.search(View::of(&person.authority, person.ctx.now));
    let found = audit_store::list(tx, &search, EXPORT_ROWS).await?;
    let names = Names::of(tx, &person, &found).await?;
    // Raw details name what delegates may not know.
    let whole = Scope::of(&person.authority, &[Permission::AuditRead], person.ctx.now) == Scope::Everywhere;
    let mut table = vec![COLUMNS.iter().copied().chain(["audit-request"]).map(|key| page.t(key)).collect::<Vec<_>>()];
    table.extend(found.iter().map(|row| {
        let line = names.line(&page, row);
        let details = if whole { row.details.clone() } else { line.details };
        vec![
            row.at.to_rfc3339(),
            line.what,
            line.who,
            line.whom,
            details,
            line.level,
            line.door,
            row.request_id.clone(),
        ]
    }));
    remember(&person, "audit", found.len(), via).await?;
    csv::download("audit-log.csv", &table).map_err(Failure::internal)
}

/// Records that a list left the house (E80).
pub(super) async fn remember(
    person: &SignedIn,
    list: &str,
    rows: usize,
    via: Option<RoleAssignmentId>,
) -> Result<(), Failure> {
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let event = Event::new(Kind::Exported, Subject::User(person.user.id)).within(person.user.organisation);
        audit::record(tx, &person.ctx, via, event.with(json!({ "list": list, "rows": rows }))).await?;
        Ok(())
    });
    Ok(done?)
}
