//! OpenID Connect Session Management 1.0: what an application is given to compare, and the frame in which it compares.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use super::state::Oidc;
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;
use crate::web::RequestInfo;
use crate::web::{Failure, assets, cookies};

/// Where the frame is.
pub(super) const FRAME: &str = "/oauth2/session";

/// It may be shown in every page (§3.3), and does nothing but answer messages by its one script.
const POLICY: &str = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// `session_state` for the application at a redirect URI (§2, §3.2): a salted digest over client, origin and the state of the browser. `None`
/// where it is switched off or the address has no origin that could ask.
pub(super) fn for_client(oidc: &Oidc, info: &RequestInfo, client_id: &str, redirect_uri: &str) -> Option<String> {
    if !oidc.app.session_management {
        return None;
    }
    let origin = url::Url::parse(redirect_uri).ok().map(|url| url.origin()).filter(url::Origin::is_tuple)?;
    let state = info.session.as_ref().map(cookies::browser_state).unwrap_or_default();
    let salt = oidc.app.entropy.uuid(info.now).simple();
    let digest = Digest::of(format!("{client_id} {} {state} {salt}", origin.ascii_serialization()).as_bytes());
    Some(format!("{}.{salt}", hex(digest.as_bytes())))
}

/// `GET /oauth2/session`: the frame.
pub(super) async fn frame(State(oidc): State<Oidc>) -> Response {
    if !oidc.app.session_management {
        return Failure::NotFound.status().into_response();
    }
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Session</title>\
         <script src=\"{}\"></script></head>\n<body></body>\n</html>\n",
        assets::path("session.js")
    );
    let mut response = html.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
