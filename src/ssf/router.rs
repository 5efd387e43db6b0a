//! Which address is which endpoint.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{get, post};
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use super::error::SsfError;
use super::metadata;
use super::{poll, status, streams, subjects, verification};
use crate::kernel::ids::ClientId;
use crate::signals::deliver::Sender;
use crate::tokens::document::Document;
use crate::web::App;

/// Where streams are set up.
pub(super) const STREAMS: &str = "/ssf/streams";

/// Where they are paused.
pub(super) const STATUS: &str = "/ssf/status";

/// Whom they speak of.
pub(super) const ADD: &str = "/ssf/subjects/add";

/// Whom they do not speak of.
pub(super) const REMOVE: &str = "/ssf/subjects/remove";

/// Whether they work.
pub(super) const VERIFY: &str = "/ssf/verify";

/// Below it each stream is fetched.
pub(super) const POLL: &str = "/ssf/poll";

/// Most clients whose waiting requests are counted; who has a stream is up to operators.
const COUNTED: usize = 10_000;

/// The state of the surface; cheap to clone.
#[derive(Clone, Debug)]
pub struct Ssf {
    /// Shared by all surfaces.
    pub app: App,
    /// Signs and sends events.
    pub sender: Sender,
    pub(super) metadata: Arc<Document>,
    /// Places for requests that wait, by client.
    pub(super) seats: Arc<Cache<ClientId, Arc<Semaphore>>>,
}

impl Ssf {
    /// Makes the metadata once.
    pub fn new(app: App, sender: Sender) -> Self {
        let metadata = metadata::metadata(sender.tokens.issuer());
        let metadata = Arc::new(Document::new(metadata.to_string().into()));
        Self { app, sender, metadata, seats: Arc::new(Cache::new(COUNTED)) }
    }
}

impl FromRef<Ssf> for App {
    fn from_ref(ssf: &Ssf) -> Self {
        ssf.app.clone()
    }
}

/// All endpoints. Bodies are read, and bounded, by the endpoints themselves.
pub fn router(ssf: Ssf) -> Router {
    Router::new()
        .route(metadata::PATH, get(metadata::get))
        .route(
            STREAMS,
            get(streams::get).post(streams::post).patch(streams::patch).put(streams::put).delete(streams::delete),
        )
        .route(STATUS, get(status::get).post(status::post))
        .route(ADD, post(subjects::add))
        .route(REMOVE, post(subjects::remove))
        .route(VERIFY, post(verification::post))
        .route(&format!("{POLL}/{{id}}"), post(poll::post))
        .method_not_allowed_fallback(async || SsfError::MethodNotAllowed)
        .layer(DefaultBodyLimit::disable())
        .with_state(ssf)
}
