//! History: what happened in one's account in the last 90 days, in plain sentences.

use std::time::Duration;

use askama::Template;

use crate::audit;
use crate::db::Tx;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::portal::error::{Failure, PageResult};
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
pub(crate) struct Line {
    pub(crate) at: String,
    pub(crate) what: String,
    pub(crate) by: Option<String>,
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
    let lines = lines(tx, &person, &page, person.user.id).await?;
    Ok(render(&HistoryTemplate { page, lines }))
}

/// What happened to somebody, newest first. The caller has asked whether it may be seen.
pub(crate) async fn lines(tx: &mut Tx, person: &SignedIn, page: &Page, user: UserId) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for row in audit::store::list_of_subject(tx, user.0, person.ctx.now.minus(REACH), MOST).await? {
        let actor =
            row.actor_kind.as_deref().zip(row.actor_id).and_then(|(kind, id)| PrincipalId::from_parts(kind, id));
        let by = match actor.filter(|actor| *actor != PrincipalId::Person(user)) {
            Some(actor) => Some(super::access::name_of(tx, page, actor).await?),
            None => None,
        };
        lines.push(Line { at: moment(row.at), what: page.t(&event_key(&row.kind)), by });
    }
    Ok(lines)
}

/// The locale key of an event.
pub(crate) fn event_key(kind: &str) -> String {
    format!("event-{}", kind.replace(['.', '_'], "-"))
}
