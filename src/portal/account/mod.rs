//! One's own area: My Apps, Profile, Security, Sessions, Tokens, Permissions, History, My access, Your data.

pub(super) mod access;
mod apps;
mod browser;
mod data;
mod email;
mod factor;
pub(super) mod history;
mod permissions;
mod phone;
mod profile;
mod security;
mod sessions;
mod token_form;
mod tokens;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};

use super::Portal;

/// The routes of one's own area.
pub fn router() -> Router<Portal> {
    Router::new()
        .route("/", get(apps::get))
        .route("/profile", get(profile::get).post(profile::post))
        .route("/access", get(access::get))
        .route("/security", get(security::get))
        // Where browsers and password managers send people to change a password (W3C, A Well-Known URL for Changing Passwords).
        .route("/.well-known/change-password", get(async || (StatusCode::FOUND, [(header::LOCATION, "/security")])))
        .route("/security/password", post(security::post_password))
        .route("/security/channel", post(security::post_channel))
        .route("/security/contact", post(security::post_contact))
        .route("/security/email", post(email::post))
        .route("/security/email/{token}", get(email::get).post(email::post_confirm))
        .route("/security/phone", post(phone::post))
        .route("/security/phone/code", get(phone::get_code).post(phone::post_code))
        .route("/security/phone/code/resend", post(phone::resend))
        .route("/security/apps", post(factor::apps::post))
        .route("/security/apps/{id}", get(factor::apps::get).post(factor::apps::post_one))
        .route("/security/apps/{id}/remove", post(factor::apps::remove))
        .route("/security/passkeys", post(factor::passkeys::post))
        .route("/security/passkeys/new", get(factor::passkeys::get_new).post(factor::passkeys::post_new))
        .route("/security/passkeys/{id}", get(factor::passkeys::get).post(factor::passkeys::post_one))
        .route("/security/passkeys/{id}/remove", post(factor::passkeys::remove))
        .route("/security/recovery-codes", post(factor::codes::post))
        .route("/data", get(data::get).post(data::post))
        .route("/history", get(history::get))
        .route("/tokens", get(tokens::get).post(tokens::post))
        .route("/tokens/new", get(token_form::get).post(token_form::post))
        .route("/sessions", get(sessions::get).post(sessions::post))
        .route("/sessions/remembered", post(browser::forget))
        .route("/sessions/{id}", get(browser::get).post(browser::post))
        .route("/permissions", get(permissions::get).post(permissions::post))
}
