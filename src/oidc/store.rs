//! The SQL of authorization codes.

use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, FamilyId, SessionId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::sessions::store::live;
use crate::tokens::family::Claims;

statements! {
    INSERT_CODE = "INSERT INTO authorization_codes
        (digest, family_id, client_id, user_id, session_id, redirect_uri, scope, claims, authorization_details, nonce,
        code_challenge, auth_time, amr, acr, user_epoch, issued_at, expires_at, used_at, purge_at, dpop_jkt)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, NULL, $18, $19)";
    FIND_CODE = "SELECT * FROM authorization_codes WHERE digest = $1";
    USE_CODE = concat!("UPDATE authorization_codes SET used_at = $2 WHERE digest = $1 AND used_at IS NULL
        RETURNING *, EXISTS (SELECT 1 FROM sessions s
            WHERE s.id = authorization_codes.session_id AND s.user_id = authorization_codes.user_id AND ", live!("$2"), ") AS session_lives");
}

/// An authorization code as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Code {
    /// The family that redeeming it founds.
    pub family_id: FamilyId,
    /// Whom it was issued to.
    pub client_id: ClientId,
    /// Who signed in.
    pub user_id: UserId,
    /// In which session.
    pub session_id: SessionId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// What it grants.
    pub scope: String,
    /// Single claims beside the scopes.
    pub claims: Json<Claims>,
    /// Part of the authority of the person that is all it grants beside other scopes; empty for no such limit.
    pub authorization_details: Json<Vec<Detail>>,
    /// To be repeated in the ID token.
    pub nonce: Option<String>,
    /// S256.
    pub code_challenge: Option<String>,
    /// When the person signed in.
    pub auth_time: Timestamp,
    /// How.
    pub amr: String,
    /// How strongly.
    pub acr: String,
    /// The person's epoch.
    pub user_epoch: i64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Not to be used from here on.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When its tombstone may go.
    pub purge_at: Timestamp,
    /// The key that it may be redeemed with (RFC 9449 §10); none where any or none will do.
    pub dpop_jkt: Option<String>,
}

/// Adds a code.
pub async fn insert_code(tx: &mut Tx, digest: &Digest, code: &Code) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT_CODE)
        .bind(digest.as_bytes())
        .bind(code.family_id)
        .bind(code.client_id)
        .bind(code.user_id)
        .bind(code.session_id)
        .bind(&code.redirect_uri)
        .bind(&code.scope)
        .bind(&code.claims)
        .bind(&code.authorization_details)
        .bind(code.nonce.as_deref())
        .bind(code.code_challenge.as_deref())
        .bind(code.auth_time)
        .bind(&code.amr)
        .bind(&code.acr)
        .bind(code.user_epoch)
        .bind(code.issued_at)
        .bind(code.expires_at)
        .bind(code.purge_at)
        .bind(code.dpop_jkt.as_deref())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// A code, used or not.
pub async fn find_code(tx: &mut Tx, digest: &Digest) -> db::Result<Option<Code>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_CODE).bind(digest.as_bytes()).fetch_optional(c).await)?)
}

/// A code that was used up just now.
#[derive(Debug, sqlx::FromRow)]
pub struct UsedCode {
    /// The code.
    #[sqlx(flatten)]
    pub code: Code,
    /// Whether its person is still signed in, in the session in which it was given out.
    pub session_lives: bool,
}

/// Uses a code up; nothing if there is none, or somebody did before.
pub async fn save_code_used(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<Option<UsedCode>> {
    Ok(on!(tx, c => sqlx::query_as(USE_CODE).bind(digest.as_bytes()).bind(now).fetch_optional(c).await)?)
}
