//! That a recovery code was used is told to its owner at once: whoever did not do it has to know.

use super::store;
use crate::audit::Kind;
use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::factors::own;
use crate::kernel::ctx::Ctx;
use crate::notify::Message;

/// Records that a code was used, and mails how many are left.
pub async fn tell_used(tx: &mut Tx, user: &User, ctx: &Ctx) -> db::Result<()> {
    let (left, _) = store::count(tx, user.id).await?;
    let message = Message::RecoveryCodeUsed { given_name: user.given_name.clone(), left };
    own::tell(tx, user, (Kind::RecoveryCodeUsed, &message), ctx).await
}
