//! Audit log: operators see all of it, delegates what happened in their scope (D8, D10).

use axum::extract::RawQuery;

use super::plain::{Cell, TablePage};
use crate::audit::Kind;
use crate::authority::action::ReadAudit;
use crate::authority::{Permission, Scope};
use crate::delegation::audit_store;
use crate::directory::organisation;
use crate::kernel::ids::PrincipalId;
use crate::kernel::time::Timestamp;
use crate::portal::account::{access, history};
use crate::portal::error::PageResult;
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form};

/// Rows of one page.
const ROWS: i64 = 50;

/// `GET /admin/audit`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, ReadAudit {}).await?;
    let page = person.page(Area::Audit, "audit-title");
    let kind = Kind::parse(query.text("kind"));
    let before = query
        .given("before")
        .and_then(Timestamp::parse_rfc3339)
        .or_else(|| query.given("until").and_then(Timestamp::end_of_date));
    let search = audit_store::Search {
        scope: Scope::of(&person.authority, &[Permission::AuditRead], person.ctx.now),
        kind,
        before,
        subject: query.given("subject").and_then(|id| id.parse().ok()),
    };
    let found = audit_store::list(tx, &search, ROWS).await?;
    let older = found.last().filter(|_| found.len() >= usize::try_from(ROWS).unwrap_or(0)).map(|row| row.at);
    let mut rows = Vec::new();
    for row in found {
        let actor =
            row.actor_kind.as_deref().zip(row.actor_id).and_then(|(kind, id)| PrincipalId::from_parts(kind, id));
        let who = match actor {
            Some(actor) => access::name_of(tx, &page, actor).await?,
            None => "–".to_owned(),
        };
        let level = match row.organisation_id {
            Some(id) => organisation::store::find(tx, id).await?.map(|node| node.name).unwrap_or_default(),
            None => String::new(),
        };
        let whom = format!("{} {}", row.subject_kind, row.subject_id);
        let subject = format!("/admin/audit?subject={}", row.subject_id);
        let cells = [moment(row.at), page.t(&history::event_key(&row.kind)), who, level, row.channel];
        let mut line: Vec<Cell> = cells.into_iter().map(Cell::text).collect();
        line.insert(3, Cell::link(whom, subject));
        rows.push(line);
    }
    let columns = ["audit-when", "audit-what", "audit-who", "audit-whom", "audit-where", "audit-channel"];
    let mut kinds = vec![Choice::new("", page.t("any"), "-")];
    kinds.extend(
        Kind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), page.t(&history::event_key(kind.as_str())), query.text("kind"))),
    );
    let filters = vec![
        Field::select(&page, "kind", "audit-kind", kinds).filter(),
        Field::date(&page, "until", "audit-until").filter().value(query.text("until")),
    ];
    let more = older.map(|at| {
        let mut link = url::form_urlencoded::Serializer::new(String::new());
        link.append_pair("kind", query.text("kind"))
            .append_pair("subject", query.text("subject"))
            .append_pair("before", &at.to_rfc3339());
        (format!("/admin/audit?{}", link.finish()), page.t("audit-older"))
    });
    let table = TablePage::new(page, &columns, rows);
    Ok(TablePage { filters, action: "/admin/audit".to_owned(), more, ..table }.show())
}
