//! Roles that people are named for: My Projects, My Organisations, My Tasks (P16–P20), and what is done there.

mod answer;
mod confirm;
mod end;
mod failure;
mod link;
mod nominate;
mod offered;
mod organisations;
mod project;
mod project_change;
mod projects;
mod proposed_modules;
mod table;
mod tasks;
mod withdraw;

use axum::Router;
use axum::routing::get;

use super::Portal;

/// The routes about projects, nominations and requests.
pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/projects", get(projects::get))
        .route("/projects/new", get(projects::get_new).post(projects::post_new))
        .route("/projects/{project}", get(project::get))
        .route("/projects/{project}/phase", get(project_change::get_phase).post(project_change::post_phase))
        .route("/projects/{project}/add", get(project_change::get_add).post(project_change::post_add))
        .route(
            "/projects/{project}/remove/{organisation}",
            get(project_change::get_remove).post(project_change::post_remove),
        )
        .route("/projects/{project}/nominate", get(nominate::get_in_project).post(nominate::post_in_project))
        .route("/organisations", get(organisations::get))
        .route("/organisations/{organisation}", get(organisations::get_one))
        .route("/organisations/{organisation}/nominate", get(nominate::get_at).post(nominate::post_at))
        .route("/roles/{assignment}/revoke", get(end::get_revoke).post(end::post_revoke))
        .route("/roles/{assignment}/request", get(end::get_request).post(end::post_request))
        .route("/roles/{assignment}/decline", get(end::get_decline).post(end::post_decline))
        .route("/roles/{assignment}/confirm", get(confirm::get_confirm).post(confirm::post_confirm))
        .route("/roles/{assignment}/reject", get(confirm::get_reject).post(confirm::post_reject))
        .route("/nominations/{nomination}/withdraw", get(withdraw::get).post(withdraw::post))
        .route("/nominations/{nomination}/answer", get(answer::get).post(answer::post))
        .route("/tasks", get(tasks::get))
        .route("/nomination/{token}", get(link::get).post(link::post))
}
