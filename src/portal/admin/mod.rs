//! Delegated administration and the operator's area.
//!
//! Every page asks `authority` for what it shows and for what it changes; a button that would be refused is not drawn,
//! and a request that was not drawn is refused all the same.

mod applications;
mod audit;
mod clients;
pub mod csv;
mod details;
mod levels;
mod memberships;
mod picks;
mod plain;
pub mod query;
mod reach;
mod roles;
mod rows;
mod scope;
mod target;
mod tree;
mod user_delete;
mod user_edit;
mod user_new;
mod user_view;
mod users;

use axum::Router;
use axum::routing::get;

use super::Portal;

/// The routes under `/admin`.
pub fn router() -> Router<Portal> {
    Router::new()
        .route("/admin/scope", get(scope::get))
        .route("/admin/audit", get(audit::get))
        .route("/admin/applications", get(applications::get))
        .route("/admin/applications/new", get(applications::get_new).post(applications::post_new))
        .route("/admin/applications/{id}", get(applications::get_one))
        .route(
            "/admin/applications/{id}/environments/new",
            get(applications::get_environment).post(applications::post_environment),
        )
        .route("/admin/applications/{id}/groups/new", get(applications::get_group).post(applications::post_group))
        .route("/admin/clients", get(clients::get))
        .route("/admin/clients/new", get(clients::get_new).post(clients::post_new))
        .route("/admin/clients/{id}", get(clients::get_one).post(clients::post_one))
        .route("/admin/levels", get(levels::get))
        .route("/admin/levels/new", get(levels::get_new).post(levels::post_new))
        .route("/admin/levels/{id}", get(levels::get_one).post(levels::post_one))
        .route("/admin/users", get(users::get))
        .route("/admin/users.csv", get(users::export))
        .route("/admin/users/new", get(user_new::get).post(user_new::post))
        .route("/admin/users/{id}", get(user_view::get))
        .route("/admin/users/{id}/edit", get(user_edit::get).post(user_edit::post))
        .route("/admin/users/{id}/memberships", get(memberships::get).post(memberships::post))
        .route("/admin/users/{id}/delete", get(user_delete::get).post(user_delete::post))
}
