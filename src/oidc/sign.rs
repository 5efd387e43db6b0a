//! Signing what an endpoint answers.

use serde::Serialize;

use super::error::OAuthError;
use super::state::Oidc;
use crate::kernel::ctx::Ctx;
use crate::tokens::KeyError;
use crate::tokens::mint::Kind;
use crate::tokens::signing_key::Algorithm;

impl Oidc {
    /// Signs a JWT. The first client that asks for an algorithm without a key waits for it; it is made on a blocking thread.
    pub(super) async fn sign(
        &self,
        algorithm: Algorithm,
        kind: Kind,
        claims: &impl Serialize,
        ctx: &Ctx,
    ) -> Result<String, OAuthError> {
        let (tokens, db) = (&self.tokens, &self.app.db);
        match tokens.sign(db, algorithm, kind, claims, ctx.now).await {
            Err(KeyError::NotReady) => {
                tokens.keys.ensure(db, algorithm, ctx).await?;
                Ok(tokens.sign(db, algorithm, kind, claims, ctx.now).await?)
            }
            signed => Ok(signed?),
        }
    }
}
