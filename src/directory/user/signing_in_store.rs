//! The SQL of who signs in, by what was typed. One person is read whether or not it is anybody's: where nobody has the name it is
//! another one, who is read and dropped, so that how long it takes does not tell (AU-23).

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::text::{EmailAddress, fold};

use super::model::User;
use super::row_store::UserRow;

statements! {
    FIND_ANY = "SELECT id FROM users ORDER BY id LIMIT 1";
    BY_EMAIL = "SELECT * FROM (SELECT *, 0 AS place FROM users WHERE email_folded = $1
        UNION ALL SELECT *, 1 AS place FROM users WHERE id = $2) found ORDER BY place LIMIT 1";
    BY_USER_NAME = "SELECT * FROM (SELECT *, 0 AS place FROM users WHERE user_name_folded = $1
        UNION ALL SELECT *, 1 AS place FROM users WHERE id = $2) found ORDER BY place LIMIT 1";
}

/// Somebody who can stand in; `None` where nobody is.
pub async fn find_any(tx: &mut Tx) -> db::Result<Option<UserId>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_ANY).fetch_optional(c).await)?)
}

async fn find(tx: &mut Tx, sql: &'static str, text: &str, stand_in: UserId) -> db::Result<Option<User>> {
    let row: Option<UserRow> = on!(tx, c => sqlx::query_as(sql).bind(text).bind(stand_in).fetch_optional(c).await)?;
    row.map(UserRow::into_model).transpose()
}

/// Whose address this is, however it is written. Deleted users are not found.
pub async fn find_by_email(tx: &mut Tx, email: &str, stand_in: UserId) -> db::Result<Option<User>> {
    let email = fold(email);
    let found = find(tx, BY_EMAIL, &email, stand_in).await?;
    Ok(found.filter(|user| user.email.as_ref().map(EmailAddress::folded).as_ref() == Some(&email)))
}

/// Whose user name this is, however it is written. Deleted users are not found.
pub async fn find_by_user_name(tx: &mut Tx, name: &str, stand_in: UserId) -> db::Result<Option<User>> {
    let name = fold(name);
    Ok(find(tx, BY_USER_NAME, &name, stand_in).await?.filter(|user| fold(&user.user_name) == name))
}
