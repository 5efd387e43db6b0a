//! Which address is which endpoint.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::state::Oidc;
use super::{
    authorize, device, discovery, end_session, http, introspection, pushed, registration, revocation, session_state,
    token, userinfo,
};
use crate::web::layers;

/// Largest body of a protocol request, in bytes (OA-53).
const MAX_BODY: usize = 64 * 1024;

/// All endpoints. Those for machines and those for browsers stand in different layers.
pub fn router(oidc: Oidc) -> Router {
    let app = oidc.app.clone();
    let machines = Router::new()
        .route(discovery::CONFIGURATION[0], get(discovery::configuration))
        .route(discovery::CONFIGURATION[1], get(discovery::configuration))
        .route(discovery::JWKS, get(discovery::jwks))
        .route(token::PATH, post(token::post).options(http::preflight))
        .route(pushed::PATH, post(pushed::post).options(http::preflight))
        .route(device::PATH, post(device::post).options(http::preflight))
        .route("/oauth2/userinfo", get(userinfo::answer).post(userinfo::answer).options(http::preflight))
        .route(registration::PATH, post(registration::post))
        .route(
            &format!("{}/{{client_id}}", registration::PATH),
            get(registration::get).put(registration::put).delete(registration::delete),
        )
        .route(session_state::FRAME, get(session_state::frame))
        .route("/oauth2/introspect", post(introspection::post))
        .route("/oauth2/revoke", post(revocation::post).options(http::preflight))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(oidc.clone());
    // Posted to by our own page only, unlike the endpoints beside it.
    let consent = Router::new()
        .route("/oauth2/consent", get(authorize::consent::get).post(authorize::consent::post))
        .route("/oauth2/cancel", post(authorize::cancel::post))
        .route(device::PAGE, get(device::enter::get).post(device::enter::post))
        .route(device::CONFIRM, get(device::confirm::get).post(device::confirm::post))
        .route(device::DONE, get(device::done));
    let consent = layers::forms(consent.with_state(oidc.clone()), &app);
    let browsers = Router::new()
        .route("/oauth2/authorize", get(authorize::get).post(authorize::post))
        .route("/oauth2/resume", get(authorize::resume))
        .route("/oauth2/logout", get(end_session::get).post(end_session::post))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(oidc);
    layers::api(machines, &app).merge(layers::pages(browsers.merge(consent), &app))
}
