//! Names and addresses belong to one person, across both columns (E20, AU-24).

use std::collections::BTreeMap;

use super::error::UserError;
use super::model::User;
use super::store;
use crate::db::Tx;
use crate::kernel::ids::UserId;
use crate::kernel::text::fold;

/// Refuses a user name or an e-mail address, the one to come included, that is the user name *or* the address of
/// somebody else: whoever signs in with it must be one person. The unique indexes stand behind this for each column.
pub(super) async fn check_free(tx: &mut Tx, user: &User) -> Result<(), UserError> {
    let pending = user.pending.as_ref().and_then(|pending| pending.email.as_ref());
    for email in user.email.iter().chain(pending) {
        if is_taken(tx, user, email.as_str()).await? {
            return Err(UserError::EmailTaken);
        }
    }
    if is_taken(tx, user, &user.user_name).await? { Err(UserError::UserNameTaken) } else { Ok(()) }
}

async fn is_taken(tx: &mut Tx, user: &User, text: &str) -> Result<bool, UserError> {
    let by_email = store::find_by_email(tx, text).await?;
    let by_name = store::find_by_user_name(tx, text).await?;
    Ok(by_email.into_iter().chain(by_name).any(|found| found.id != user.id))
}

/// The same for new people at once: none of their names and addresses is anybody's, nor another one's among them.
pub(super) async fn check_all_free(tx: &mut Tx, users: &[User]) -> Result<(), UserError> {
    let mut names: BTreeMap<String, UserId> = BTreeMap::new();
    for user in users {
        if let Some(email) = &user.email
            && names.insert(email.folded(), user.id).is_some_and(|owner| owner != user.id)
        {
            return Err(UserError::EmailTaken);
        }
        if names.insert(fold(&user.user_name), user.id).is_some_and(|owner| owner != user.id) {
            return Err(UserError::UserNameTaken);
        }
    }
    let names: Vec<String> = names.into_keys().collect();
    if store::is_any_taken(tx, &names).await? { Err(UserError::EmailTaken) } else { Ok(()) }
}
