//! Delegated administration and the operator's area.
//!
//! Every page asks `authority` for what it shows and for what it changes; a button that would be refused is not drawn,
//! and a request that was not drawn is refused all the same.

mod application;
mod application_module;
mod applications;
mod audit;
mod audit_lines;
mod audit_query;
mod case;
mod chain;
mod client;
mod client_copy;
mod client_encryption;
mod client_form;
mod client_logo;
mod client_provisioning;
mod client_push;
mod client_requests;
mod client_roles;
mod client_security;
mod client_self_test;
mod client_stream;
mod client_tokens;
mod clients;
mod contact;
pub mod csv;
mod deputies;
mod details;
mod environments;
mod groups;
mod holds;
mod inner_groups;
mod invitation;
mod invitations;
mod level;
mod level_edit;
pub(super) mod level_form;
mod level_move;
pub(super) mod level_said;
mod level_sign_in;
mod level_tabs;
mod level_taken;
mod levels;
mod mailing;
mod managing;
mod memberships;
mod module;
mod module_form;
mod module_terms;
mod modules;
mod pattern;
mod picks;
mod places;
pub(super) mod plain;
pub mod query;
mod reach;
pub(super) mod recertification;
mod register;
mod registration_tokens;
mod roles;
mod rollout;
mod rollout_choose;
mod rollout_match;
pub(super) mod rows;
mod scope;
mod second_factor;
mod services;
mod target;
pub(super) mod tree;
mod user_account;
mod user_edit;
mod user_import;
mod user_move;
mod user_name;
mod user_new;
mod user_stop;
mod user_view;
mod users;
pub(super) mod validations;
mod why;

use axum::Router;
use axum::routing::{get, post};

use super::Portal;

/// The routes under `/admin`.
pub fn router() -> Router<Portal> {
    Router::new()
        .route("/admin/scope", get(scope::get))
        .route("/admin/roles", get(pattern::get))
        .route("/admin/audit", get(audit::get))
        .route("/admin/audit.csv", get(audit::export))
        .merge(people())
        .merge(levels())
        .merge(invitations())
        .merge(catalogue())
        .merge(clients())
}

fn people() -> Router<Portal> {
    Router::new()
        .route("/admin/users", get(users::get))
        .route("/admin/users.csv", get(users::export))
        .route("/admin/users/import", get(user_import::get).post(user_import::post))
        .route("/admin/users/new", get(user_new::get).post(user_new::post))
        .route("/admin/users/{id}", get(user_view::get))
        .route("/admin/users/{id}/edit", get(user_edit::get).post(user_edit::post))
        .route("/admin/users/{id}/move", get(user_move::get).post(user_move::post))
        .route("/admin/users/{id}/memberships", get(memberships::get).post(memberships::post))
        .route("/admin/users/{id}/why", get(why::of_user))
        .route("/admin/users/{id}/scope", get(holds::get))
        .route("/admin/users/{id}/deputy", get(deputies::get_name).post(deputies::post_name))
        .route("/admin/deputies", get(deputies::get))
        .route("/admin/deputies/{deputy}/end", get(deputies::get_end).post(deputies::post_end))
        .route("/admin/users/{id}/contact", post(contact::post))
        .route("/admin/users/{id}/account", post(user_account::post))
        .route("/admin/users/{id}/user-name", post(user_name::post))
        .route("/admin/users/{id}/restore", get(user_account::get_restore).post(user_account::post_restore))
        .route("/admin/users/{id}/{stop}", get(user_stop::get).post(user_stop::post))
}

fn levels() -> Router<Portal> {
    Router::new()
        .route("/admin/mail", get(mailing::get).post(mailing::post))
        .route("/admin/levels", get(levels::get))
        .route("/admin/levels/new", get(levels::get_new).post(levels::post_new))
        .route("/admin/levels/register", get(register::get))
        .route("/admin/levels/register/new", get(register::get_new).post(register::post_new))
        .route("/admin/levels/{id}", get(level::get))
        .route("/admin/levels/{id}/edit", get(level_edit::get).post(level_edit::post))
        .route("/admin/levels/{id}/move", get(level_move::get).post(level_move::post))
        .route("/admin/levels/{id}/sign-in", get(level_sign_in::get).post(level_sign_in::post))
        .route("/admin/levels/{id}/classification", get(level_tabs::classification))
        .route("/admin/levels/{id}/modules", get(level_tabs::modules))
        .route("/admin/levels/{id}/users", get(level_tabs::users))
        .route("/admin/levels/{id}/why", get(why::of_level))
        .route("/admin/levels/{id}/status", get(level::get_status).post(level::post_status))
        .route("/admin/modules", get(rollout::get))
        .route("/admin/modules/{application}", get(rollout::get_one))
        .route("/admin/modules/{application}/choose", get(rollout_choose::get).post(rollout_choose::post))
        .route("/admin/modules/{application}/match", get(rollout_match::get).post(rollout_match::post))
        .route("/admin/levels/{id}/managers", get(managing::get))
        .route("/admin/levels/{id}/managers/add", get(managing::get_add).post(managing::post_add))
        .route("/admin/levels/{id}/managers/{manager}", get(managing::get_remove).post(managing::post_remove))
        .route("/admin/levels/{id}/modules/new", get(modules::get_new).post(modules::post_new))
        .route("/admin/levels/{id}/modules/suspend", get(modules::get_suspend_all).post(modules::post_suspend_all))
        .route("/admin/levels/{id}/modules/{application}", get(module::get))
        .route("/admin/levels/{id}/modules/{application}/edit", get(module::get_edit).post(module::post_edit))
        .route("/admin/levels/{id}/modules/{application}/status", get(module::get_status).post(module::post_status))
}

fn invitations() -> Router<Portal> {
    Router::new()
        .route("/admin/invitations", get(invitations::get))
        .route("/admin/invitations/new", get(invitations::get_new).post(invitations::post_new))
        .route("/admin/invitations/{registration}", get(invitation::get))
        .route("/admin/invitations/{registration}/send", post(invitation::post_send))
        .route(
            "/admin/invitations/{registration}/withdraw",
            get(invitation::get_withdraw).post(invitation::post_withdraw),
        )
        .route("/tasks/recertification", get(recertification::get_roles).post(recertification::post_roles))
        .route(
            "/tasks/recertification/memberships",
            get(recertification::get_memberships).post(recertification::post_memberships),
        )
        .route("/tasks/validations", get(validations::get))
        .route("/tasks/validations/{registration}", get(validations::get_one).post(validations::post_one))
}

fn catalogue() -> Router<Portal> {
    Router::new()
        .route("/admin/applications", get(applications::get))
        .route("/admin/applications/new", get(applications::get_new).post(applications::post_new))
        .route("/admin/applications/{id}", get(application::get))
        .route("/admin/applications/{id}/edit", get(applications::get_edit).post(applications::post_edit))
        .route("/admin/applications/{id}/module", get(application_module::get).post(application_module::post))
        .route("/admin/applications/{id}/delete", get(applications::get_delete).post(applications::post_delete))
        .route("/admin/applications/{id}/environments/new", get(environments::get_new).post(environments::post_new))
        .route("/admin/applications/{id}/environments/{environment}", get(environments::get).post(environments::post))
        .route(
            "/admin/applications/{id}/environments/{environment}/delete",
            get(environments::get_delete).post(environments::post_delete),
        )
        .route("/admin/applications/{id}/groups/new", get(groups::get_new).post(groups::post_new))
        .route("/admin/applications/{id}/groups/{group}", get(groups::get).post(groups::post))
        .route("/admin/applications/{id}/groups/{group}/delete", get(groups::get_delete).post(groups::post_delete))
}

fn clients() -> Router<Portal> {
    Router::new()
        .route("/admin/clients", get(clients::get))
        .route("/admin/clients/new", get(clients::get_new).post(clients::post_new))
        .route("/admin/clients/registration", get(registration_tokens::get))
        .route("/admin/clients/registration/new", get(registration_tokens::get_new).post(registration_tokens::post_new))
        .route(
            "/admin/clients/registration/{token}",
            get(registration_tokens::get_end).post(registration_tokens::post_end),
        )
        .route("/admin/clients/{id}", get(client::get).post(client::post))
        .route("/admin/clients/{id}/requests", get(client_requests::get))
        .route("/admin/clients/{id}/roles", get(client_roles::get).post(client_roles::post))
        .route("/admin/clients/{id}/self-test", post(client_self_test::post))
        .route("/admin/clients/{id}/tokens", get(client_tokens::get))
        .route("/admin/clients/{id}/tokens/new", get(client_tokens::get_new).post(client_tokens::post_new))
        .route("/admin/clients/{id}/tokens/{token}", get(client_tokens::get_end).post(client_tokens::post_end))
        .route("/admin/clients/{id}/push", get(client_push::get).post(client_push::post))
        .route("/admin/clients/{id}/push/settings", get(client_push::get_settings).post(client_push::post_settings))
        .route("/admin/clients/{id}/push/preview", get(client_push::get_preview))
        .route("/admin/clients/{id}/push/{what}", get(client_push::get_asking).post(client_push::post_asked))
        .route("/admin/clients/{id}/logo", post(client_logo::post))
        .route("/admin/clients/{id}/secrets", post(client::post_secrets))
        .route("/admin/clients/{id}/stream", get(client_stream::get).post(client_stream::post))
        .route("/admin/clients/{id}/status", get(client::get_status).post(client::post_status))
}
