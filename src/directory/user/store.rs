//! The SQL of single users. Lists are in `search_store.rs`.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::model::User;
use super::row_store::UserRow;

statements! {
    FIND = "SELECT * FROM users WHERE id = $1";
    FIND_BY_EMAIL = "SELECT * FROM users WHERE email_folded = $1";
    FIND_BY_USER_NAME = "SELECT * FROM users WHERE user_name_folded = $1";
    FIND_EPOCH = "SELECT epoch FROM users WHERE id = $1";
    RAISE_EPOCH = "UPDATE users SET epoch = epoch + 1 WHERE id = $1";
    RAISE_EPOCH_BELOW = "UPDATE users SET epoch = epoch + 1 WHERE organisation_id IN
        (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = $1)";
    SAVE_PASSWORD_CHANGED = "UPDATE users SET password_changed_at = $2 WHERE id = $1";
    SAVE_NAME_TOLD = "UPDATE users SET user_name_told_at = $2 WHERE id = $1 AND user_name_told_at IS NULL AND deleted_at IS NULL";
    SAVE_SIGN_IN = "UPDATE users SET last_sign_in_at = $2 WHERE id = $1";
}

async fn find_by(tx: &mut Tx, sql: &'static str, text: &str) -> db::Result<Option<User>> {
    let row: Option<UserRow> = on!(tx, c => sqlx::query_as(sql).bind(fold(text)).fetch_optional(c).await)?;
    row.map(UserRow::into_model).transpose()
}

/// One user, deleted ones included: the caller judges [`User::status`].
pub async fn find(tx: &mut Tx, id: UserId) -> db::Result<Option<User>> {
    let row: Option<UserRow> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(UserRow::into_model).transpose()
}

/// Some users, deleted ones included; who is not there is missing.
pub async fn list(tx: &mut Tx, ids: &[UserId]) -> db::Result<Vec<User>> {
    let rows: Vec<UserRow> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT * FROM users WHERE id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    rows.into_iter().map(UserRow::into_model).collect()
}

/// The addresses of people who have one.
pub async fn list_emails(tx: &mut Tx, ids: &BTreeSet<UserId>) -> db::Result<BTreeMap<UserId, String>> {
    let rows: Vec<(UserId, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT id, email FROM users WHERE email IS NOT NULL AND id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// Whose e-mail address this is, however it is written (E20). Deleted users are not found.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> db::Result<Option<User>> {
    find_by(tx, FIND_BY_EMAIL, email).await
}

/// Whose SCIM `userName` this is, however it is written. Deleted users are not found.
pub async fn find_by_user_name(tx: &mut Tx, user_name: &str) -> db::Result<Option<User>> {
    find_by(tx, FIND_BY_USER_NAME, user_name).await
}

/// The epoch against which sessions and tokens are checked.
pub async fn find_epoch(tx: &mut Tx, id: UserId) -> db::Result<Option<i64>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_EPOCH).bind(id).fetch_optional(c).await)?)
}

/// Adds a user.
pub async fn insert(tx: &mut Tx, user: &User) -> db::Result<()> {
    UserRow::of(user, user.version).insert(tx).await.map(drop)
}

/// How many rows go into one statement: SQLite takes 32,766 values.
const ROWS: usize = 200;

/// Adds many users.
pub async fn insert_all(tx: &mut Tx, users: &[User]) -> db::Result<()> {
    for part in users.chunks(ROWS) {
        UserRow::insert_all(tx, part.iter().map(|user| UserRow::of(user, user.version)).collect(), ROWS).await?;
    }
    Ok(())
}

/// Whoever has one of these names or addresses, all folded; nobody twice. Deleted users are not found.
pub async fn list_by_names(tx: &mut Tx, folded: &[String]) -> db::Result<Vec<User>> {
    let mut found: BTreeMap<UserId, User> = BTreeMap::new();
    for part in folded.chunks(10_000) {
        for column in ["user_name_folded", "email_folded"] {
            let rows: Vec<UserRow> = on!(tx, c => {
                let mut query = QueryBuilder::new("SELECT * FROM users WHERE ");
                query.push(column).push(" IN (NULL");
                for text in part {
                    query.push(", ").push_bind(text);
                }
                query.push(")").build_query_as().persistent(false).fetch_all(c).await
            })?;
            for row in rows {
                let user = row.into_model()?;
                found.insert(user.id, user);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Whether anybody has one of these names or addresses, all folded.
pub(super) async fn is_any_taken(tx: &mut Tx, folded: &[String]) -> db::Result<bool> {
    for part in folded.chunks(10_000) {
        for column in ["user_name_folded", "email_folded"] {
            let found: Option<i64> = on!(tx, c => {
                let mut query = QueryBuilder::new("SELECT number FROM users WHERE ");
                query.push(column).push(" IN (NULL");
                for text in part {
                    query.push(", ").push_bind(text);
                }
                query.push(") LIMIT 1").build_query_scalar().persistent(false).fetch_optional(c).await
            })?;
            if found.is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Writes the user and raises its version; `false` if it is no longer at `user.version`.
pub async fn save(tx: &mut Tx, user: &User) -> db::Result<bool> {
    Ok(UserRow::of(user, user.version + 1).save(tx).await? == 1)
}

/// Lets sessions and tokens of the user be judged anew (D7).
pub async fn save_epoch(tx: &mut Tx, id: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(RAISE_EPOCH).bind(id).execute(c).await.map(drop))?;
    Ok(())
}

/// The same for everybody in an organisation and below it (DA-44).
pub async fn save_epoch_below(tx: &mut Tx, organisation: crate::kernel::ids::OrganisationId) -> db::Result<()> {
    on!(tx, c => sqlx::query(RAISE_EPOCH_BELOW).bind(organisation).execute(c).await.map(drop))?;
    Ok(())
}

/// Remembers that somebody was told their user name (I18); `false`: that is known already.
pub(super) async fn save_name_told(tx: &mut Tx, id: UserId, at: Timestamp) -> db::Result<bool> {
    let done =
        on!(tx, c => sqlx::query(SAVE_NAME_TOLD).bind(id).bind(at).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Remembers since when the present password holds (I69); like a sign-in no change of the user, the version stays.
pub async fn save_password_changed(tx: &mut Tx, id: UserId, at: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_PASSWORD_CHANGED).bind(id).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

/// Remembers the last sign-in; this is no change of the user, the version stays.
pub async fn save_sign_in(tx: &mut Tx, id: UserId, at: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_SIGN_IN).bind(id).bind(at).execute(c).await.map(drop))?;
    Ok(())
}
