//! Erasing what is stored of a person, once nobody can restore them any more (GDPR Art. 17). What is left is a row without a name: its id
//! is in the audit log, and never anybody else's (OA-58, SC-29).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use super::erase_store::{self, Former};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::EraseUser;
use crate::authority::{Door, Permit, Refusal};
use crate::db::{self, Db, Tx, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

/// How many are looked up at once; each is erased in a transaction of its own.
const BATCH: i64 = 50;

/// How long it waits, once nobody can restore the person any more, for applications that have yet to be told of the deletion. One that
/// cannot be reached for so long is told later, by the id that it has for the person.
const PATIENCE: Duration = Duration::from_hours(30 * 24);

/// Why somebody is not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// Whoever asks may not.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// There is nobody of this id.
    #[error("not found")]
    NotFound,
    /// They can still be anybody.
    #[error("this person is not deleted; delete them first")]
    NotDeleted,
    /// There is nothing left.
    #[error("this person was erased already")]
    Erased,
    /// Applications have yet to be told that the person was deleted.
    #[error("applications are still being told that this person was deleted; try again in a minute")]
    StillTold,
    /// The database.
    #[error("{0}")]
    Db(#[from] db::Error),
}

/// Erases somebody who was deleted and could be restored for so long; `reason`: why an operator does not wait for that. The audit log stays as it is: it holds ids and the names of what changed (CR-11).
pub async fn erase(
    tx: &mut Tx,
    permit: Permit<EraseUser>,
    (reason, restorable): (Option<&str>, Duration),
    ctx: &Ctx,
) -> Result<(), EraseError> {
    let id = permit.action().user;
    let user = store::find(tx, id).await?.ok_or(EraseError::NotFound)?;
    let deleted_at = user.deleted_at.ok_or(EraseError::NotDeleted)?;
    if user.erased_at.is_some() {
        return Err(EraseError::Erased);
    }
    if ctx.now < deleted_at.plus(restorable).plus(PATIENCE) && erase_store::has_to_be_told(tx, id).await? {
        return Err(EraseError::StillTold);
    }
    let organisation = user.organisation;
    erase_store::erase(tx, &Former { user, deleted_at }, ctx.now).await?;
    let event = Event::new(Kind::UserErased, Subject::User(id)).within(organisation);
    Ok(audit::record(tx, ctx, permit.via(), event.with(json!({ "reason": reason }))).await?)
}

/// Erases everybody who was deleted `retention` ago. Whoever cannot be erased now is tried again in the next round, and holds up nobody
/// else.
pub async fn erase_all_due(db: &Db, door: &Door, retention: Duration, ctx: &Ctx) -> db::Result<()> {
    let before = ctx.now.minus(retention);
    let mut left: BTreeSet<UserId> = BTreeSet::new();
    loop {
        // Those that are left stand first and must not hide the others.
        let asked = BATCH + i64::try_from(left.len()).unwrap_or(i64::MAX - BATCH);
        let due = erase_store::list_due(&mut db.reader().await?, before, asked).await?;
        let fresh: Vec<UserId> = due.into_iter().filter(|id| !left.contains(id)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for user in fresh {
            let done: Result<(), EraseError> = transact!(*db, tx => {
                let permit = door.authorise(tx, ctx, EraseUser { user }).await?;
                erase(tx, permit, (None, retention), ctx).await
            });
            match done {
                // Another node was first.
                Ok(()) | Err(EraseError::Erased) => {}
                Err(EraseError::StillTold) => drop(left.insert(user)),
                Err(error) => {
                    tracing::error!(%user, error = %error, "what is stored of a deleted person could not be erased");
                    left.insert(user);
                }
            }
        }
    }
}
