//! Whoever does not want to sign in after all goes back to the application, which learns `access_denied` (RFC 6749 §4.1.2.1).

use axum::extract::State;
use axum::response::Response;

use super::{GONE, error_page, trusted, waited};
use crate::kernel::secret::Token;
use crate::oidc::device;
use crate::oidc::error::OAuthError;
use crate::oidc::state::Oidc;
use crate::oidc::waiting;
use crate::web::{Form, RequestInfo};

/// `POST /oauth2/cancel`; the form token is checked by reading the form (OA-45). The request is used up.
pub(in crate::oidc) async fn post(State(oidc): State<Oidc>, info: RequestInfo, form: Form) -> Response {
    let secret = Token::from_text(form.text("continue"));
    cancelled(&oidc, &info, secret).await.unwrap_or_else(|error| error_page(&oidc, &info, &error))
}

/// Only what waits in this browser, and only for a client that is still trusted, leads anywhere (OA-17, OA-48).
async fn cancelled(oidc: &Oidc, info: &RequestInfo, secret: Token) -> Result<Response, OAuthError> {
    if device::waits(oidc, info, &secret).await? {
        return device::cancelled(oidc, info, &secret).await;
    }
    let (parameters, resumed) = waited(oidc, info, secret).await?;
    let (_, target) = trusted(oidc, &parameters, info.now).await?;
    waiting::take(oidc, info, &resumed.token).await?.ok_or(GONE)?;
    Ok(target.error(oidc, info, &OAuthError::Cancelled).await)
}
