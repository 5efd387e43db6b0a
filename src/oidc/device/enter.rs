//! The page on which a person types the code that a device shows (RFC 8628 §3.3). Nothing is decided here, and nothing told but whether a
//! device waits: tries are counted before anything is looked up (§5.1).

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::user_code::UserCode;
use super::{PAGE, confirm_page};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::factors::throttle_store::{self, DEVICE_ADDRESS, DEVICE_BROWSER, DEVICE_PERSON};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::hex::hex;
use crate::kernel::ids::SignInId;
use crate::kernel::secret::{Digest, Token};
use crate::oidc::authorize;
use crate::oidc::error::OAuthError;
use crate::oidc::state::Oidc;
use crate::oidc::waiting::{self, Waiting, Wishes};
use crate::sessions::Session;
use crate::tokens::Kek;
use crate::tokens::device_store::{self as store, DeviceGrant};
use crate::web::limits::network_of;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

/// Over how long tries are counted.
const WINDOW: Duration = Duration::from_mins(10);
/// How many one browser has, and one person.
const MOST: i64 = 10;
/// How many an address has; there may be a whole office behind it.
const MOST_OF_ADDRESS: i64 = 100;

#[derive(Template)]
#[template(path = "pages/oidc/device.html")]
struct EnterPage {
    page: Page,
    fields: Vec<Field>,
}

/// `GET /device?user_code=…`; what comes with the address is only filled in (RFC 8628 §3.3.1).
pub(in crate::oidc) async fn get(State(oidc): State<Oidc>, info: RequestInfo) -> Response {
    let query = info.path.split_once('?').map_or("", |(_, query)| query);
    let form = Form::parse(query.as_bytes()).unwrap_or_default();
    let mut page = Page::new(&oidc.app, &info, "device-title");
    page.narrow = true;
    let problem = match form.text("problem") {
        "unknown" => Some("device-error-unknown"),
        "wait" => Some("device-error-wait"),
        _ => None,
    };
    page.has_errors = problem.is_some();
    let code = UserCode::read(form.text("user_code")).map(|code| code.shown()).unwrap_or_default();
    let error = problem.map(|key| page.t(key));
    let field = Field { narrow: true, focus: true, max: 32, ..Field::text(&page, "user_code", "device-code") };
    let field = field.hint(&page, "device-code-hint").autocomplete("off").value(code).error(error);
    render(&EnterPage { fields: vec![field], page })
}

/// `POST /device`; the form token is checked by reading the form (OA-45).
pub(in crate::oidc) async fn post(State(oidc): State<Oidc>, info: RequestInfo, form: Form) -> Response {
    match entered(&oidc, &info, form.text("user_code")).await {
        Ok(Entered::Waits(secret)) => confirm_page(&secret),
        Ok(Entered::Unknown) => see_other(&format!("{PAGE}?problem=unknown")),
        Ok(Entered::TooMany) => see_other(&format!("{PAGE}?problem=wait")),
        Err(error) => authorize::error_page(&oidc, &info, &error),
    }
}

enum Entered {
    /// The secret by which the page that asks finds it.
    Waits(Token),
    /// No device that waits shows this code.
    Unknown,
    /// Nothing was looked up.
    TooMany,
}

async fn entered(oidc: &Oidc, info: &RequestInfo, typed: &str) -> Result<Entered, OAuthError> {
    let (ctx, kek) = (info.ctx(&oidc.app, Channel::Oidc), oidc.tokens.keys.kek());
    let session = authorize::session(oidc, info).await?;
    let code = UserCode::read(typed);
    let digest = code.as_ref().map(|code| code.digest(kek));
    let looked: db::Result<Option<Option<DeviceGrant>>> = transact!(oidc.app.db, tx => {
        if !may_try(tx, (info, kek), session.as_ref(), &ctx).await? {
            return Ok(None);
        }
        match &digest {
            Some(digest) => store::find_waiting(tx, digest, info.now).await.map(Some),
            None => Ok(Some(None)),
        }
    });
    let (grant, code) = match (looked?, code) {
        (None, _) => return Ok(Entered::TooMany),
        (Some(Some(grant)), Some(code)) => (grant, code),
        (Some(_), _) => return Ok(Entered::Unknown),
    };
    let Some(client) = super::confirm::client(oidc, &grant, info.now).await? else { return Ok(Entered::Unknown) };
    let request = super::confirm::request(oidc, &grant, &client)?;
    let place = hex(grant.digest.as_bytes());
    let user_code = code.seal(kek, &place, &ctx.entropy).map_err(OAuthError::internal)?;
    let waiting = Waiting::Device { grant: grant.digest.into(), user_code, since: info.now };
    let wishes = Wishes {
        login_hint: request.login_hint.as_deref(),
        ui_locales: request.ui_locales.as_deref(),
        both_factors: true,
    };
    Ok(Entered::Waits(waiting::park(oidc, info, &client, &waiting, wishes).await?))
}

/// Counts a try of this browser, of whoever is signed in, and of the address, on all nodes together. Right ones count, too: nobody wins
/// tries by a device of their own.
async fn may_try(
    tx: &mut Tx,
    (info, kek): (&RequestInfo, &Kek),
    session: Option<&Session>,
    ctx: &Ctx,
) -> db::Result<bool> {
    // Under a key: there are few enough addresses to try them all.
    let keyed = |ip| Digest::of(&kek.derive("device address", network_of(ip).to_string().as_bytes()));
    let person = session.map(|session| (DEVICE_PERSON, Digest::of(session.user.0.as_bytes()), MOST));
    let address = info.ip.map(|ip| (DEVICE_ADDRESS, keyed(ip), MOST_OF_ADDRESS));
    let mut may = true;
    for (kind, key, most) in
        [Some((DEVICE_BROWSER, info.browser.digest(), MOST)), person, address].into_iter().flatten()
    {
        let tries = throttle_store::count(tx, kind, &key, (WINDOW, info.now)).await?;
        // Once for each window: by the first try too many.
        if tries == most + 1 {
            throttled(tx, session, kind, ctx).await?;
        }
        may &= tries <= most;
    }
    Ok(may)
}

async fn throttled(tx: &mut Tx, session: Option<&Session>, kind: &str, ctx: &Ctx) -> db::Result<()> {
    let subject = session.map_or(Subject::SignIn(SignInId(uuid::Uuid::nil())), |session| Subject::User(session.user));
    let event = Event::new(Kind::Throttled, subject);
    audit::record(tx, ctx, None, event.with(serde_json::json!({ "reason": "device codes", "by": kind }))).await
}
