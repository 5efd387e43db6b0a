//! Which address is which page. Reading is GET, changing is POST, and GET never changes anything (SE-14).

use axum::Router;
use axum::routing::get;

use super::{Portal, account, admin, amendments, directory, help, info, nominations, registration, sign_in, terms};
use crate::web::{Failure, assets, layers};

/// All pages of the portal, with the layers that pages need.
pub fn router(portal: Portal) -> Router {
    let app = portal.app.clone();
    let pages = Router::new()
        .merge(assets::router())
        .route("/help", get(help::general))
        .route("/help/administrators", get(help::administrators))
        .route("/privacy", get(info::privacy))
        .route("/accessibility", get(info::accessibility))
        .merge(sign_in::router(app.dev))
        .merge(account::router())
        .merge(admin::router())
        .merge(amendments::router())
        .merge(directory::router())
        .merge(nominations::router())
        .merge(registration::router())
        .merge(terms::router())
        .fallback(async || Failure::NotFound)
        .method_not_allowed_fallback(async || Failure::MethodNotAllowed)
        .with_state(portal);
    layers::pages(layers::forms(pages, &app), &app)
}
