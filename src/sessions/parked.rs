//! Authorization requests that wait while their person signs in. They survive an expired code and a sign-in that is
//! started anew (E24, E26), and belong to the browser that brought them (SE-02).

use std::time::Duration;

use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::ClientId;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;

use super::parked_store as store;

/// How long a request waits.
const LIFETIME: Duration = Duration::from_hours(1);

/// A request of a relying application, already validated.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkedRequest {
    /// Whose request.
    pub client: ClientId,
    /// The name shown on the sign-in page ("to continue to …").
    pub client_name: String,
    /// An e-mail address to start from (OIDC Core §3.1.2.1 `login_hint`).
    pub login_hint: Option<String>,
    /// Languages that the application asks for, space-separated.
    pub ui_locales: Option<String>,
    /// A new sign-in is asked for even where there is a session (`prompt=login`, `max_age`).
    pub force_login: bool,
    /// It asks for a sign-in with both factors, also in a browser that is asked for no code (ADR 0019).
    pub both_factors: bool,
    /// The request itself, for its owner only.
    pub parameters: serde_json::Value,
}

/// Parks a request for this browser and gives the secret by which it is found again.
pub async fn park(tx: &mut Tx, request: &ParkedRequest, browser: &Digest, ctx: &Ctx) -> db::Result<Token> {
    let token = Token::generate(&ctx.entropy);
    store::insert(tx, &token.digest(), browser, request, (ctx.now, ctx.now.plus(LIFETIME))).await?;
    Ok(token)
}

/// The request behind a secret, if it still waits and this browser brought it.
pub async fn find(tx: &mut Tx, token: &Digest, browser: &Digest, now: Timestamp) -> db::Result<Option<ParkedRequest>> {
    store::find(tx, token, browser, now).await
}

/// Takes the request; only one caller gets it.
pub async fn consume(
    tx: &mut Tx,
    token: &Digest,
    browser: &Digest,
    now: Timestamp,
) -> db::Result<Option<ParkedRequest>> {
    store::remove(tx, token, browser, now).await
}
