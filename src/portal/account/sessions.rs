//! Sessions: where one is signed in, and ending it (SE-09: only one's own).

use askama::Template;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::transact;
use crate::kernel::ids::SessionId;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions::end::{self, EndError};
use crate::sessions::store;
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

struct Line {
    id: SessionId,
    current: bool,
    browser: String,
    address: String,
    started: String,
    seen: String,
    applications: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/account/sessions.html")]
struct SessionsTemplate {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /sessions`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut lines = Vec::new();
    for session in store::list(tx, person.user.id, person.ctx.now).await? {
        let clients = store::list_clients(tx, session.id).await?;
        lines.push(Line {
            id: session.id,
            current: session.id == person.session.id,
            browser: session.user_agent,
            address: session.ip.unwrap_or_else(|| "–".to_owned()),
            started: moment(session.auth_time),
            seen: moment(session.last_seen_at),
            applications: clients.into_iter().map(|(_, name)| name).collect(),
        });
    }
    lines.sort_by_key(|line| !line.current);
    Ok(render(&SessionsTemplate { page: person.page(Area::Account, "menu-sessions"), lines }))
}

/// `POST /sessions`: ends one session, or all but this one.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    let (user, current, ctx) = (person.user.id, person.session.id, &person.ctx);
    let organisation = person.user.organisation;
    if form.has("others") {
        let ended: Result<u64, EndError> = transact!(person.app.db, tx => {
            let ended = end::end_others(tx, user, current, ctx).await?;
            audit::record(tx, ctx, None, Event::new(Kind::SignedOut, Subject::User(user)).within(organisation)).await?;
            Ok(ended)
        });
        ended.map_err(failure)?;
        return Ok(see_other("/sessions?done=sessions-ended"));
    }
    let session: SessionId = form.text("session").parse().map_err(|_| Failure::BadRequest)?;
    let ended: Result<(), EndError> = transact!(person.app.db, tx => {
        end::end(tx, user, session, ctx).await?;
        audit::record(tx, ctx, None, Event::new(Kind::SignedOut, Subject::User(user)).within(organisation)).await?;
        Ok(())
    });
    ended.map_err(failure)?;
    Ok(see_other("/sessions?done=session-ended"))
}

fn failure(error: EndError) -> Failure {
    match error {
        EndError::NotFound => Failure::NotFound,
        EndError::Db(error) => error.into(),
    }
}
