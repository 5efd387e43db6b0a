//! Parts of a request: operations of a Bulk, and `/Me`. Each goes through the routes of the resources like a request of its own, with
//! the caller who was let in for the whole, so that there is one way to everything.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

use super::request::{Admitted, Caller};

/// The routes of the resources, below no address.
#[derive(Clone, Debug)]
pub struct Resources(pub Router);

impl Resources {
    /// Answers a part of a request of this caller.
    pub async fn answer(&self, caller: &Caller, mut part: Request<Body>) -> Response {
        part.extensions_mut().insert(Admitted(caller.clone()));
        match self.0.clone().oneshot(part).await {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        }
    }
}
