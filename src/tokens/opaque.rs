//! Access tokens that say nothing by themselves: random, stored as a digest (OA-49) with the claims that a signed one would have carried.
//! From there on they are judged like signed ones: these are two forms of one thing.

use serde::{Deserialize, Serialize};

use super::access_token::{AccessClaims, BearerError, Tokens};
use super::keys::KeyError;
use super::opaque_store as store;
use super::signing_key::Algorithm;
use crate::db::{self, Db, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;

/// By what a token of this kind is known, to us and to whoever searches for leaked ones.
pub const PREFIX: &str = "cha_";

/// How many characters follow: 256 bits in base64url.
const LENGTH: usize = 43;

/// Whether a text can be such a token. Everything else is refused without asking the database.
pub(super) fn is_one(text: &str) -> bool {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(is_of_token))
}

/// What is kept of a token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The key that would have signed it. Whoever has stolen that one could have exchanged a forged token for this one: it is good only as
    /// long as what was signed then is (CR-04).
    pub kid: String,
    /// What it stands for.
    pub claims: AccessClaims,
}

impl Tokens {
    /// Makes a token that stands for claims; it is given out here and nowhere else.
    pub async fn issue_opaque(&self, db: &Db, claims: &AccessClaims, ctx: &Ctx) -> Result<Token, KeyError> {
        let ring = self.keys.ring(db, ctx.now).await?;
        let kid = ring.signer(Algorithm::Es256, ctx.now).ok_or(KeyError::NotReady)?.kid.clone();
        let token = Token::from_text(format!("{PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
        let (digest, until) = (token.digest(), Timestamp::from_seconds(claims.exp));
        let kept = Kept { kid, claims: claims.clone() };
        let done: db::Result<()> = transact!(*db, tx => store::insert(tx, &digest, &kept, until).await);
        done?;
        Ok(token)
    }

    /// What a token stands for, whatever has become of its holder.
    pub(super) async fn opaque(&self, db: &Db, token: &str, now: Timestamp) -> Result<AccessClaims, BearerError> {
        let kept = store::find(&mut db.reader().await?, &Digest::of(token.as_bytes())).await?;
        let kept = kept.ok_or(BearerError::Invalid)?;
        let ring = self.keys.ring(db, now).await?;
        if ring.find(&kept.kid).is_some() { Ok(kept.claims) } else { Err(BearerError::Invalid) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OA-53 in kind: what cannot be a token costs no lookup.
    #[test]
    fn a_token_has_a_prefix_and_256_bits() {
        let good = format!("{PREFIX}{}", "aZ0-_".repeat(9).get(..LENGTH).unwrap());
        assert!(is_one(&good));
        for odd in [
            "",
            PREFIX,
            &good[1..],
            &good[..good.len() - 1],
            &format!("{good}A"),
            &format!("{}.", &good[..good.len() - 1]),
            &format!("{}\u{e9}", &good[..good.len() - 2]),
            &good.to_uppercase(),
            &format!("chd_{}", "a".repeat(LENGTH)),
        ] {
            assert!(!is_one(odd), "{odd}");
        }
    }
}
