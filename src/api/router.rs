//! The addresses of the JSON API, all below `/api/v1`.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::{get, post};

use super::error::ApiError;
use super::{
    access, assignments, deputies, directory, modules, nominations, openapi, organisations, recertification, requests,
    simulations,
};
use crate::tokens::Tokens;
use crate::web::app::App;

/// The state of the surface.
#[derive(Clone, Debug)]
pub struct Api {
    /// What every surface has.
    pub app: App,
    /// Checks bearers.
    pub tokens: Tokens,
}

impl FromRef<Api> for App {
    fn from_ref(api: &Api) -> Self {
        api.app.clone()
    }
}

/// All routes. What is not one of them is a problem, too.
pub fn router(api: Api) -> Router {
    let routes = Router::new()
        .route("/openapi.json", get(openapi::get))
        .route("/role-assignments", get(assignments::list).post(assignments::grant))
        .route("/role-assignments/{id}", get(assignments::find))
        .route("/role-assignments/{id}/revoke", post(assignments::revoke))
        .route("/role-assignments/{id}/confirm", post(assignments::confirm))
        .route("/role-assignments/{id}/reject", post(assignments::reject))
        .route("/role-assignments/{id}/revocation-request", post(requests::ask))
        .route("/role-assignments/{id}/revocation-request/decline", post(requests::decline))
        .route("/revocation-requests", get(requests::list))
        .route("/nominations", get(nominations::list).post(nominations::nominate))
        .route("/nominations/{id}", get(nominations::find))
        .route("/nominations/{id}/withdraw", post(nominations::withdraw))
        .route("/organisations/{id}/modules", get(modules::list))
        .route("/organisations/{id}/modules/{application}", get(modules::find).put(modules::change))
        .route("/organisations/{id}/modules/{application}/grant", post(modules::grant))
        .route("/organisations/{id}/modules/{application}/suspend", post(modules::suspend))
        .route("/organisations/{id}/modules/{application}/regrant", post(modules::regrant))
        .route("/organisations/{id}/move", get(organisations::preview).post(organisations::transfer))
        .route("/deputies", get(deputies::list).post(deputies::name))
        .route("/deputies/{id}/end", post(deputies::end))
        .route("/recertification/roles", get(recertification::list_roles).post(recertification::answer_roles))
        .route(
            "/recertification/memberships",
            get(recertification::list_memberships).post(recertification::answer_memberships),
        )
        .route("/directory", get(directory::list))
        .route("/simulations", post(simulations::simulate))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::disable())
        .with_state(api.clone());
    let access = access::router().with_state(api);
    Router::new().nest("/api/v1", routes).merge(access)
}
