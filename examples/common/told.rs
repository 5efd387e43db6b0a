//! What the provider tells without being asked: that a session is over (OpenID Connect Back-Channel Logout 1.0), and what has
//! changed about somebody who is signed in (security events, RFC 8417, pushed as in RFC 8935).

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Form, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sign_in::Door;

const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";
const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";

/// No token of ours is longer.
const LONGEST: usize = 64 * 1024;

/// `/backchannel-logout` and `/security-events`: the addresses that the application is registered with.
pub(crate) fn routes(door: Arc<Door>) -> Router {
    Router::new()
        .route("/backchannel-logout", post(logout))
        .route("/security-events", post(event))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(door)
}

#[derive(Deserialize)]
struct LogoutRequest {
    logout_token: String,
}

/// Back-Channel Logout §2.6, §2.8: only a logout token for us; the answer says nothing about whether anybody was signed in.
async fn logout(State(door): State<Arc<Door>>, Form(request): Form<LogoutRequest>) -> Response {
    match door.provider.told.read(&request.logout_token, "logout+jwt").await {
        Ok(None) => answer(StatusCode::OK, &json!({})),
        Ok(Some(claims)) if is_logout(&claims) => {
            door.sessions.end(text(&claims, "/sub"), text(&claims, "/sid"));
            answer(StatusCode::OK, &json!({}))
        }
        Ok(Some(_)) | Err(_) => answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_request" })),
    }
}

/// §2.4: about this event and about somebody, with an end, and nothing that could be taken for an ID token.
fn is_logout(claims: &Value) -> bool {
    let about = claims.get("sub").is_some() || claims.get("sid").is_some();
    let event = claims.get("events").and_then(|events| events.get(LOGOUT)).is_some_and(Value::is_object);
    about && event && claims.get("exp").is_some() && claims.get("nonce").is_none()
}

/// RFC 8935 §2.2: 202 for an event that was understood or need not be; §2.3: 400 for what is none.
async fn event(State(door): State<Arc<Door>>, headers: HeaderMap, token: String) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind != Some("application/secevent+jwt") {
        return refused("a security event is sent as application/secevent+jwt");
    }
    let claims = match door.provider.told.read(token.trim(), "secevent+jwt").await {
        Ok(Some(claims)) => claims,
        // It came before: the provider has not seen our answer (RFC 8935 §2.4).
        Ok(None) => return answer(StatusCode::ACCEPTED, &Value::Null),
        Err(_) => return refused("this is no event of our provider for us"),
    };
    let complex = text(&claims, "/sub_id/format") == Some("complex");
    let (sub, sid) = if complex {
        (text(&claims, "/sub_id/user/sub"), text(&claims, "/sub_id/session/id"))
    } else {
        (text(&claims, "/sub_id/sub"), None)
    };
    for (kind, says) in claims.get("events").and_then(Value::as_object).into_iter().flatten() {
        match kind.strip_prefix(CAEP).or_else(|| kind.strip_prefix(RISC)) {
            Some("session-revoked") => door.sessions.end(sub, sid),
            Some("account-disabled" | "account-purged") => door.sessions.end(sub, None),
            // E90: the next page shows it; nobody signs in again.
            Some("token-claims-change") => door.sessions.change(sub, sid, says.get("claims").unwrap_or(&Value::Null)),
            _ => {}
        }
    }
    answer(StatusCode::ACCEPTED, &Value::Null)
}

fn refused(why: &str) -> Response {
    answer(StatusCode::BAD_REQUEST, &json!({ "err": "invalid_request", "description": why }))
}

/// Nobody keeps it (Back-Channel Logout §2.8).
fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [(header::CACHE_CONTROL, "no-store")];
    if body.is_null() { (status, headers).into_response() } else { (status, headers, Json(body)).into_response() }
}

fn text<'a>(value: &'a Value, at: &str) -> Option<&'a str> {
    value.pointer(at).and_then(Value::as_str)
}
