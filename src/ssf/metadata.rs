//! What the transmitter says about itself (SSF 1.0 §7.1).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::router::{ADD, REMOVE, STATUS, STREAMS, Ssf, VERIFY};
use crate::signals::stream::model::Method;
use crate::web::respond::published;

/// Where it stands; an issuer of ours has no path that would be inserted (§7.2).
pub(super) const PATH: &str = "/.well-known/ssf-configuration";

/// Only registered members. Whom a stream speaks of by default: everybody whom its client has signed in.
pub(super) fn metadata(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    json!({
        "spec_version": "1_0",
        "issuer": issuer,
        "jwks_uri": at("/oauth2/jwks"),
        "delivery_methods_supported": Method::ALL.map(Method::uri),
        "configuration_endpoint": at(STREAMS),
        "status_endpoint": at(STATUS),
        "add_subject_endpoint": at(ADD),
        "remove_subject_endpoint": at(REMOVE),
        "verification_endpoint": at(VERIFY),
        "critical_subject_members": ["user", "session"],
        "authorization_schemes": [{ "spec_urn": "urn:ietf:rfc:6749" }],
        "default_subjects": "ALL",
    })
}

/// `GET /.well-known/ssf-configuration`
pub(super) async fn get(State(ssf): State<Ssf>, headers: HeaderMap) -> Response {
    published(&ssf.metadata, &headers)
}
