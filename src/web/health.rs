//! The management listener: `/health/{live,ready,started}`, `/version`, `/metrics`. Nobody signs in here, so it is a
//! listener of its own, on loopback unless configured otherwise (IN-17); it tells nothing about anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::db::Db;

/// What the management listener reports on; cheap to clone.
#[derive(Clone)]
pub struct Health {
    db: Db,
    started: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
    metrics: Arc<dyn Fn() -> String + Send + Sync>,
}

impl std::fmt::Debug for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Health")
            .field("started", &self.started)
            .field("stopping", &self.stopping)
            .finish_non_exhaustive()
    }
}

impl Health {
    /// Not started yet. `metrics` renders the Prometheus text.
    pub fn new(db: Db, metrics: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self { db, started: Arc::default(), stopping: Arc::default(), metrics: Arc::new(metrics) }
    }

    /// From now on requests are answered.
    pub fn set_started(&self) {
        self.started.store(true, Ordering::SeqCst);
    }

    /// From now on `ready` says no, so that a load balancer sends nothing more here.
    pub fn set_stopping(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// The routes.
    pub fn router(self) -> Router {
        Router::new()
            .route("/health/live", get(live))
            .route("/health/ready", get(ready))
            .route("/health/started", get(started))
            .route("/version", get(version))
            .route("/metrics", get(metrics))
            .with_state(self)
    }
}

async fn live() -> Response {
    Json(json!({ "status": "up" })).into_response()
}

async fn started(State(health): State<Health>) -> Response {
    report(&[("started", health.started.load(Ordering::SeqCst))])
}

async fn ready(State(health): State<Health>) -> Response {
    let database = match health.db.reader().await {
        Ok(_) => true,
        Err(error) => {
            tracing::warn!(%error, "not ready: the database cannot be reached");
            false
        }
    };
    let stopping = health.stopping.load(Ordering::SeqCst);
    report(&[("started", health.started.load(Ordering::SeqCst)), ("database", database), ("accepting", !stopping)])
}

fn report(checks: &[(&str, bool)]) -> Response {
    let up = checks.iter().all(|(_, passed)| *passed);
    let word = |passed: bool| if passed { "up" } else { "down" };
    let listed: serde_json::Map<_, _> =
        checks.iter().map(|(name, passed)| ((*name).to_owned(), word(*passed).into())).collect();
    let status = if up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({ "status": word(up), "checks": listed }))).into_response()
}

async fn version() -> Response {
    let schema = crate::db::migrate::latest_version();
    Json(json!({ "name": "chamberlain", "version": env!("CARGO_PKG_VERSION"), "schema": schema })).into_response()
}

async fn metrics(State(health): State<Health>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (health.metrics)()).into_response()
}
