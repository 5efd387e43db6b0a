//! Names and addresses belong to one person, across both columns (E20, AU-24).

use super::error::UserError;
use super::model::User;
use super::store;
use crate::db::Tx;

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
