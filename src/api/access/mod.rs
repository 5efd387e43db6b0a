//! Questions about authority (AuthZEN 1.0): may this subject do that to this resource, who may, to what, and what else.
//!
//! Asked by delegates within their own scope. Whatever the asker may not see is answered like what does not exist: no. The answers are
//! those of the decision itself, with the role assignments behind them as far as the asker sees those.

pub mod evaluate;
pub mod question;
pub mod search;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;

use super::error::ApiError;
use super::request::{ApiResult, answer};
use super::router::Api;

/// The questions.
pub fn router() -> Router<Api> {
    Router::new()
        .route("/.well-known/authzen-configuration", get(configuration))
        .route("/access/v1/evaluation", post(evaluate::one))
        .route("/access/v1/evaluations", post(evaluate::several))
        .route("/access/v1/search/subject", post(search::subject))
        .route("/access/v1/search/resource", post(search::resource))
        .route("/access/v1/search/action", post(search::action))
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
}

/// `GET /.well-known/authzen-configuration` (AuthZEN 1.0 §9)
async fn configuration(State(api): State<Api>) -> ApiResult {
    let at = |path: &str| api.app.link(path);
    let document = json!({
        "policy_decision_point": api.tokens.issuer(),
        "access_evaluation_endpoint": at("/access/v1/evaluation"),
        "access_evaluations_endpoint": at("/access/v1/evaluations"),
        "search_subject_endpoint": at("/access/v1/search/subject"),
        "search_resource_endpoint": at("/access/v1/search/resource"),
        "search_action_endpoint": at("/access/v1/search/action"),
    });
    answer(StatusCode::OK, &document)
}
