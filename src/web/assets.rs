//! Style sheet and script: embedded, named by their digest, cached for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tower_http::compression::CompressionLayer;

use super::respond::Failure;
use crate::kernel::secret::Digest;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static str,
}

const ASSETS: &[Asset] = &[
    Asset {
        name: "portal.css",
        kind: "text/css; charset=utf-8",
        bytes: include_str!("../../templates/static/portal.css"),
    },
    Asset {
        name: "portal.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_str!("../../templates/static/portal.js"),
    },
    Asset {
        name: "form_post.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_str!("../../templates/static/form_post.js"),
    },
    Asset {
        name: "session.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_str!("../../templates/static/session.js"),
    },
    Asset {
        name: "logged_out.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_str!("../../templates/static/logged_out.js"),
    },
    Asset {
        name: "passkey.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_str!("../../templates/static/passkey.js"),
    },
    Asset { name: "icon.svg", kind: "image/svg+xml", bytes: include_str!("../../templates/static/icon.svg") },
];

/// One digest over all of them, so that a change of any gives all a new address.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: String = ASSETS.iter().map(|asset| asset.bytes).collect();
    let digest = URL_SAFE_NO_PAD.encode(Digest::of(all.as_bytes()).as_bytes());
    digest.chars().take(12).collect()
});

/// The address of an asset.
pub fn path(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The routes of the assets. They hold nothing secret, so that they may be compressed; pages never are (BREACH).
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve)).layer(CompressionLayer::new())
}

async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name).filter(|_| version == *VERSION) else {
        return Failure::NotFound.into_response();
    };
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.bytes).into_response()
}
