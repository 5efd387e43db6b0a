//! How one key takes over from another.

use serde_json::json;

use super::key_store;
use super::keys::{PUBLISHED_BEFORE_USE, StoredKey};
use super::ring::is_needed;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::ManageKeys;
use crate::authority::{Permit, Refusal};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;
use crate::kernel::time::Timestamp;

/// How a new key takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Published now, used a day later; the old one stays until its tokens have expired.
    Staged,
    /// Used now; all older ones for the same are gone at once, and with them every token they signed.
    Emergency,
}

impl Rotation {
    /// From when on the new key is used.
    pub(super) fn active_from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Staged => now.plus(PUBLISHED_BEFORE_USE),
            Self::Emergency => now,
        }
    }
}

/// A key that is to take over.
#[derive(Clone, Debug)]
pub struct Next {
    pub(super) key: StoredKey,
    pub(super) rotation: Rotation,
}

/// Why no key takes over.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// It is here already, or was dropped: a key that is known to be compromised does not come back.
    #[error("a key with this thumbprint is, or was, one of ours; bring another one")]
    Known,
    /// The decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Lets the next key take over and returns its `kid`. [`Keys::refresh`] once that is committed.
pub async fn rotate(tx: &mut Tx, permit: Permit<ManageKeys>, next: &Next, ctx: &Ctx) -> Result<String, RotateError> {
    let (key, via) = (&next.key, permit.via());
    if key_store::has(tx, &key.kid).await? {
        return Err(RotateError::Known);
    }
    let mut present = key_store::list(tx).await?;
    if next.rotation == Rotation::Emergency {
        key_store::save_dropped(tx, key.key_use, ctx.now).await?;
        for gone in present.iter().filter(|gone| gone.key_use == key.key_use) {
            audit::record(tx, ctx, via, Event::new(Kind::KeyRetired, Subject::Key(gone.id))).await?;
        }
        present.retain(|gone| gone.key_use != key.key_use);
    }
    for gone in present.iter().filter(|key| !is_needed(&present, key, ctx.now)) {
        key_store::remove(tx, gone.id).await?;
    }
    key_store::insert(tx, key).await?;
    created(tx, key, via, ctx).await?;
    Ok(key.kid.clone())
}

pub(super) async fn created(tx: &mut Tx, key: &StoredKey, via: Option<RoleAssignmentId>, ctx: &Ctx) -> db::Result<()> {
    let details =
        json!({"kid": key.kid, "algorithm": key.key_use.as_str(), "active_from": key.active_from.to_rfc3339()});
    audit::record(tx, ctx, via, Event::new(Kind::KeyCreated, Subject::Key(key.id)).with(details)).await
}
