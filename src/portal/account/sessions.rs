//! Sessions: where one is signed in, and ending it (SE-09: only one's own); and which browsers are asked for no code.

use askama::Template;
use axum::extract::State;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::transact;
use crate::factors::remembered::{self, Remembered};
use crate::kernel::ids::{RememberedDeviceId, SessionId};
use crate::kernel::secret::Digest;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions::end::{self, EndError};
use crate::sessions::{Session, browser_store, store};
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

struct Line {
    id: SessionId,
    current: bool,
    /// Its name, or else what kind it is.
    browser: String,
    /// Whether its owner can give it a name.
    can_be_named: bool,
    agent: String,
    address: String,
    started: String,
    seen: String,
    applications: Vec<String>,
}

/// A browser that is asked for no code.
struct Device {
    id: RememberedDeviceId,
    browser: String,
    since: String,
    until: String,
    used: String,
}

#[derive(Template)]
#[template(path = "pages/account/sessions.html")]
struct SessionsTemplate {
    page: Page,
    lines: Vec<Line>,
    devices: Vec<Device>,
}

/// `GET /sessions`
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Account, "menu-sessions");
    let names = browser_store::list(tx, person.user.id).await?;
    let called = |browser: Option<&Digest>, agent: &str| {
        let name = browser.and_then(|digest| names.get(digest.as_bytes()).cloned());
        name.or_else(|| browser_of(agent)).unwrap_or_else(|| page.t("sessions-other"))
    };
    let mut used = store::list_clients_of(tx, person.user.id).await?;
    let line = |session: Session| Line {
        id: session.id,
        current: session.id == person.session.id,
        browser: called(session.browser.as_ref(), &session.user_agent),
        can_be_named: session.browser.is_some(),
        agent: session.user_agent,
        address: session.ip.unwrap_or_else(|| "–".to_owned()),
        started: moment(session.auth_time),
        seen: moment(session.last_seen_at),
        applications: used.remove(&session.id).unwrap_or_default(),
    };
    let mut lines: Vec<Line> = store::list(tx, person.user.id, person.ctx.now).await?.into_iter().map(line).collect();
    lines.sort_by_key(|line| !line.current);
    let devices = remembered::list(tx, &portal.factors, &person.user, person.ctx.now).await?;
    let device = |device: Remembered| Device {
        id: device.id,
        browser: called(Some(&device.browser), &device.user_agent),
        since: moment(device.remembered_at),
        until: moment(device.ends(portal.factors.remember_for)),
        used: device.last_used_at.map_or_else(|| "–".to_owned(), moment),
    };
    let devices = devices.into_iter().map(device).collect();
    Ok(render(&SessionsTemplate { page, lines, devices }))
}

/// `Firefox, Linux`: browser and system as far as the header tells; more exact names come first, for all claim to be others.
pub(super) fn browser_of(agent: &str) -> Option<String> {
    let first =
        |words: &[(&str, &'static str)]| words.iter().find(|(word, _)| agent.contains(word)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ])?;
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    Some(system.map_or_else(|| browser.to_owned(), |system| format!("{browser}, {system}")))
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
        ended?;
        return Ok(see_other("/sessions?done=sessions-ended"));
    }
    let session: SessionId = form.text("session").parse().map_err(|_| Failure::BadRequest)?;
    let ended: Result<(), EndError> = transact!(person.app.db, tx => {
        end::end(tx, user, session, ctx).await?;
        audit::record(tx, ctx, None, Event::new(Kind::SignedOut, Subject::User(user)).within(organisation)).await?;
        Ok(())
    });
    ended?;
    Ok(see_other("/sessions?done=session-ended"))
}

#[cfg(test)]
mod tests {
    use super::browser_of;

    #[test]
    fn browsers_are_named_as_people_name_them() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
        assert_eq!(browser_of(chrome).as_deref(), Some("Chrome, Linux"));
        assert_eq!(browser_of(&format!("{chrome} Edg/142.0")).as_deref(), Some("Edge, Linux"));
        assert_eq!(
            browser_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1").as_deref(),
            Some("Safari, iPhone")
        );
        assert_eq!(browser_of("curl/8"), None);
    }
}
