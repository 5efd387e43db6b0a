//! Access tokens that say nothing by themselves: random, stored as a digest (OA-49) with the claims that a signed one would have carried.
//! From there on they are judged like signed ones: these are two forms of one thing.

use super::access_token::AccessClaims;
use super::opaque_store as store;
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

/// Makes a token that stands for claims; it is given out here and nowhere else.
pub async fn issue(db: &Db, claims: &AccessClaims, ctx: &Ctx) -> db::Result<Token> {
    let token = Token::from_text(format!("{PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
    let (digest, until) = (token.digest(), Timestamp::from_seconds(claims.exp));
    let kept: db::Result<()> = transact!(db, tx => store::insert(tx, &digest, claims, until).await);
    kept.map(|()| token)
}

/// What a token stands for, whatever has become of that.
pub(super) async fn find(db: &Db, token: &str) -> db::Result<Option<AccessClaims>> {
    store::find(&mut db.reader().await?, &Digest::of(token.as_bytes())).await
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
