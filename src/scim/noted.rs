//! What is noted of each request of a service: when, what, how it ended and how long it took; never what was in it (`docs/logging.md`).

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::extract::{Request, State};
use axum::http::Uri;
use axum::middleware::Next;
use axum::response::Response;

use super::router::Scim;
use super::tolerated::Tolerated;
use crate::directory::client::activity::model;
use crate::kernel::ids::ClientId;

/// The parameters that are ours (RFC 7644 §3.4.2, RFC 9865); any other name may be anything.
const PARAMETERS: [&str; 8] =
    ["filter", "sortBy", "sortOrder", "startIndex", "count", "cursor", "attributes", "excludedAttributes"];

/// Who asks, once that is known: travels with the request.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted(Arc<OnceLock<(ClientId, Option<Tolerated>)>>);

impl Noted {
    /// It is this service.
    pub(super) fn is_of(&self, client: ClientId, tolerated: &Tolerated) {
        // Asked once per request; a second answer would be the same.
        let _first = self.0.set((client, Some(tolerated.clone())));
    }

    /// It is this service, and it is turned away.
    pub(super) fn turns_away(&self, client: ClientId) {
        let _first = self.0.set((client, None));
    }
}

/// The `scimType` of an answer, for whoever notes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScimType(pub(super) &'static str);

/// Around every request.
pub(super) async fn note(State(scim): State<Scim>, mut request: Request, next: Next) -> Response {
    let (began, at) = (Instant::now(), scim.app.clock.now());
    let (noted, method, uri) = (Noted::default(), request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(noted.clone());
    let response = next.run(request).await;
    if let Some((client, tolerated)) = noted.0.get() {
        let request = model::Request {
            at,
            method: method.as_str().chars().take(10).collect(),
            path: path(&uri),
            status: response.status().as_u16(),
            scim_type: response.extensions().get::<ScimType>().map(|word| word.0.to_owned()),
            micros: i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX),
            bytes: response.body().size_hint().exact().and_then(|bytes| i64::try_from(bytes).ok()),
        };
        match tolerated {
            Some(tolerated) => scim.app.activity.answered(*client, request, tolerated.habits()),
            None => scim.app.activity.turned_away(*client, request),
        }
    }
    response
}

/// The path with ids, and the names of parameters without what they are. Whatever else somebody puts there could be a name or an address.
fn path(uri: &Uri) -> String {
    let path = uri.path().strip_prefix("/scim/v2").unwrap_or(uri.path());
    let parts: Vec<&str> = path.split('/').skip(1).take(4).collect();
    let mut told = String::new();
    for (place, part) in parts.iter().enumerate() {
        let is_word = part.len() <= 40 && part.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.');
        let is_id = uuid::Uuid::try_parse(part).is_ok() || matches!(*part, ".search" | "");
        let of_schema = matches!(parts.first(), Some(&("Schemas" | "ResourceTypes"))) && part.starts_with("urn:ietf:");
        let known = if place == 0 { is_word } else { is_id || of_schema && part.len() <= 120 };
        told.push('/');
        told.push_str(if known { part } else { "…" });
    }
    let names = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).take(16);
    for (number, (name, _)) in names.enumerate() {
        told.push(if number == 0 { '?' } else { '&' });
        told.push_str(PARAMETERS.iter().find(|known| **known == name).map_or("…", |known| *known));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SC-05 in kind: what was asked for is in no log; what cannot be an id is not written either.
    #[test]
    fn paths_are_noted_with_ids_and_names_and_nothing_else() {
        let id = "01939c6e-7e2f-7a3c-9c1b-1a2b3c4d5e6f";
        let told = |text: &str| path(&text.parse().unwrap());
        assert_eq!(told(&format!("/scim/v2/Users/{id}?attributes=userName")), format!("/Users/{id}?attributes"));
        assert_eq!(told("/scim/v2/Users?filter=userName%20eq%20%22ada@bank.example%22&count=1"), "/Users?filter&count");
        assert_eq!(told("/scim/v2/Users/ada@bank.example"), "/Users/…");
        assert_eq!(told("/scim/v2/Users?ada@bank.example=1&access_token=abc"), "/Users?…&…");
        assert_eq!(told("/ada@bank.example"), "/…");
        assert_eq!(told("/scim/v2/Groups/.search"), "/Groups/.search");
        let schema = "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User";
        assert_eq!(told(&format!("/scim/v2{schema}")), schema);
        assert!(told(&format!("/scim/v2/{}", "a/".repeat(4_000))).len() < 40);
    }
}
