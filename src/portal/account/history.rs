//! History: what happened in one's account in the last 90 days, in plain sentences.

use std::time::Duration;

use askama::Template;
use serde_json::Value;

use crate::audit;
use crate::audit::store::Row;
use crate::kernel::ids::PrincipalId;
use crate::portal::error::PageResult;
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

/// How far back it goes.
const REACH: Duration = Duration::from_hours(90 * 24);

/// Most lines of one page.
const MOST: i64 = 200;

/// One thing that happened.
struct Line {
    at: String,
    what: String,
    by: Option<String>,
    /// From which address.
    ip: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/account/history.html")]
struct HistoryTemplate {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /history`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Account, "menu-history");
    let rows = audit::store::list_of_person(tx, person.user.id, person.ctx.now.minus(REACH), MOST).await?;
    let names = super::access::names(tx, rows.iter().filter_map(actor)).await?;
    let own = PrincipalId::Person(person.user.id);
    let line = |row: Row| {
        let by = actor(&row).filter(|actor| *actor != own);
        Line {
            at: moment(row.at),
            what: what(&page, &row),
            // Where others sit is theirs.
            ip: row.ip.filter(|_| by.is_none()),
            by: by.map(|actor| super::access::name_of(&names, &page, actor)),
        }
    };
    let lines = rows.into_iter().map(line).collect();
    Ok(render(&HistoryTemplate { page, lines }))
}

/// What happened; of a role, to which.
fn what(page: &Page, row: &Row) -> String {
    let what = page.t(&event_key(&row.kind));
    match role(row) {
        Some(role) => format!("{what}: {role}"),
        None => what,
    }
}

/// The role that it happened to.
pub(super) fn role(row: &Row) -> Option<String> {
    let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
    let role = details.get("role").and_then(Value::as_str).filter(|_| row.subject_kind == "role_assignment");
    role.map(str::to_owned)
}

/// Who did it.
pub(super) fn actor(row: &Row) -> Option<PrincipalId> {
    row.actor_kind.as_deref().zip(row.actor_id).and_then(|(kind, id)| PrincipalId::from_parts(kind, id))
}

/// The locale key of an event.
pub(crate) fn event_key(kind: &str) -> String {
    format!("event-{}", kind.replace(['.', '_'], "-"))
}
