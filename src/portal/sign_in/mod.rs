//! Signing in and out, a forgotten password, a new account: what people meet before they are anybody.

pub(in crate::portal) mod contact;
mod dev;
pub(in crate::portal) mod link;
mod logged_out;
mod login;
mod logout;
pub(in crate::portal) mod next;
pub(in crate::portal) mod otp;
pub(in crate::portal) mod passkey;
mod recover;
mod renew;
pub(in crate::portal) mod state;
mod step_up;

use axum::Router;
use axum::routing::{get, post};

use super::Portal;

/// The routes for everybody; those of development exist in development mode only.
pub fn router(dev: bool) -> Router<Portal> {
    let router = Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/login/otp", get(otp::get).post(otp::post))
        .route("/login/otp/resend", post(otp::resend))
        .route("/login/passkey", post(passkey::post))
        .route("/login/step-up/passkey", post(passkey::post_step_up))
        .route("/login/step-up", get(step_up::get).post(step_up::post))
        .route("/login/step-up/code", get(step_up::get_code).post(step_up::post_code))
        .route("/login/step-up/code/resend", post(step_up::resend))
        .route("/contact/{token}", get(contact::get).post(contact::post))
        .route("/login/expired", get(state::expired))
        .route("/login/blocked", get(state::blocked))
        .route("/recover", get(recover::get).post(recover::post))
        .route("/recover/{token}", get(link::get_recovery).post(link::post_recovery))
        .route("/recover/{token}/code", post(link::send_recovery))
        .route("/renew/{token}", get(renew::get).post(renew::post))
        .route("/activate/{token}", get(link::get_activation).post(link::post_activation))
        .route("/activate/{token}/code", post(link::send_activation))
        .route("/logout", get(logout::get).post(logout::post));
    if dev { router.route("/dev/outbox", get(dev::outbox)).route("/dev/messages", get(dev::messages)) } else { router }
}
