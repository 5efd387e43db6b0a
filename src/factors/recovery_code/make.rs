//! Making recovery codes: all at once, shown once; those before are void.

use zeroize::Zeroizing;

use crate::audit::Kind;
use crate::db::Tx;
use crate::directory::user::model::User;
use crate::factors::Factors;
use crate::factors::own::{self, FactorError, require_fresh};
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::Digest;
use crate::notify::Message;
use crate::sessions::Session;

use super::{COUNT, generate, grouped, store};

/// New codes as they are shown.
pub async fn make(
    tx: &mut Tx,
    factors: &Factors,
    (user, session): (&User, &Session),
    ctx: &Ctx,
) -> Result<Vec<Zeroizing<String>>, FactorError> {
    require_fresh(session, ctx)?;
    store::remove_all(tx, user.id).await?;
    let mut codes: Vec<Zeroizing<String>> = Vec::with_capacity(COUNT);
    while codes.len() < COUNT {
        let code = Zeroizing::new(generate(&ctx.entropy));
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let digests: Vec<Digest> = codes.iter().map(|code| factors.vault.recovery_digest(user.id, code)).collect();
    store::insert_all(tx, user.id, &digests, ctx.now).await?;
    let message = Message::RecoveryCodesMade { given_name: user.given_name.clone() };
    own::changed(tx, user, (Kind::RecoveryCodesMade, &message), ctx).await?;
    Ok(codes.iter().map(|code| Zeroizing::new(grouped(code))).collect())
}
