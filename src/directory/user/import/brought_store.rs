//! The SQL of accounts that their owners have had elsewhere.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

/// How many people go into one statement.
const MANY: usize = 500;

/// What was proved.
#[derive(Clone, Copy, Debug)]
pub(super) enum Proved {
    Email,
    Phone,
}

/// Marks accounts as their owners', with a password of that instant.
pub(super) async fn save_taken_over(tx: &mut Tx, users: &[UserId], now: Timestamp) -> db::Result<()> {
    for part in users.chunks(MANY) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("UPDATE users SET activated_at = ");
            query.push_bind(now).push(", password_changed_at = ").push_bind(now).push(" WHERE id IN (");
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

/// Marks addresses or numbers as proved.
pub(super) async fn save_proved(tx: &mut Tx, what: Proved, users: &[UserId]) -> db::Result<()> {
    let column = match what {
        Proved::Email => "email_verified",
        Proved::Phone => "phone_verified",
    };
    for part in users.chunks(MANY) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("UPDATE users SET ");
            query.push(column).push(" = TRUE WHERE id IN (");
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
