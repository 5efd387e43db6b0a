//! The SQL of accounts that their owners have had elsewhere.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

/// How many people go into one statement.
const MANY: usize = 500;

/// What is marked of an account.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    /// It is its owner's, with a password of that instant.
    TakenOver(Timestamp),
    /// The address was proved.
    Email,
    /// The number was proved.
    Phone,
}

/// Marks accounts.
pub(super) async fn save(tx: &mut Tx, mark: Mark, users: &[UserId]) -> db::Result<()> {
    for part in users.chunks(MANY) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("UPDATE users SET ");
            match mark {
                Mark::TakenOver(now) => {
                    query.push("activated_at = ").push_bind(now).push(", password_changed_at = ").push_bind(now)
                }
                Mark::Email => query.push("email_verified = TRUE"),
                Mark::Phone => query.push("phone_verified = TRUE"),
            };
            query.push(" WHERE id IN (");
            let mut ids = query.separated(", ");
            for user in part {
                ids.push_bind(user);
            }
            ids.push_unseparated(")");
            query.build().persistent(part.len() == MANY).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
