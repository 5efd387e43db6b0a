//! The signing keys of the server: made here, sealed at rest, rotated in stages (CR-04).
//!
//! A key is *next* from its creation (published, not used), *active* from `active_from` (signs), and *retired* from the
//! instant a younger one of its algorithm is active; it stays published until every token it signed has expired.
//! The stage follows from the times alone, so that all nodes agree without being told.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::body::Bytes;
use serde_json::json;

use super::document::Document;
use super::key_store;
use super::seal::{Kek, Place, SealError};
use super::signing_key::{Algorithm, CryptoError, SigningKey, generate};
use super::subjects::Subjects;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageKeys;
use crate::db::{self, Db, Tx, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{KeyId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// How long a key is published before it signs: relying parties keep a key set for at most this long.
pub const PUBLISHED_BEFORE_USE: Duration = Duration::from_hours(24);

/// How long a key stays published after it signed last: the longest life of a token of ours.
pub const KEPT_AFTER_USE: Duration = Duration::from_hours(25);

/// How long the key set in memory is trusted before the database is asked again (`decisions.md` 4).
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// How often the key set is built anew even if no row changed, so that retired keys disappear.
const BUILD_EVERY: Duration = Duration::from_mins(10);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key-encryption key does not open the stored keys (CR-03): the server does not start, and makes no new ones.
    #[error(
        "the stored signing keys do not open with the configured `keys.encryption_key`; configure the key they were sealed with"
    )]
    WrongKek,
    /// No key of the algorithm signs yet: it is being made.
    #[error("no signing key of this algorithm is ready yet")]
    NotReady,
    /// Sealing failed.
    #[error(transparent)]
    Seal(SealError),
    /// A key could not be made or read.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<SealError> for KeyError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::DoesNotOpen => Self::WrongKek,
            other => Self::Seal(other),
        }
    }
}

/// A key as stored.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Its row.
    pub id: KeyId,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// Its name.
    pub kid: String,
    /// The private JWK, sealed.
    pub sealed: Vec<u8>,
    /// Published from here on.
    pub created_at: Timestamp,
    /// Signs from here on.
    pub active_from: Timestamp,
}

/// How a new key takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// Published now, signs a day later; the old one stays published until its tokens have expired.
    Staged,
    /// Signs now; all older ones of the algorithm are gone at once, and every token they signed is refused.
    Emergency,
}

/// A key that is to take over.
#[derive(Clone, Debug)]
pub struct Next {
    key: StoredKey,
    rotation: Rotation,
}

/// The keys in memory at one instant.
#[derive(Debug)]
pub struct Ring {
    keys: Vec<Arc<SigningKey>>,
    ids: Vec<KeyId>,
    jwks: Document,
    built_at: Timestamp,
}

impl Ring {
    /// The key that signs at `now`: the youngest one that is active.
    pub fn signer(&self, algorithm: Algorithm, now: Timestamp) -> Option<&Arc<SigningKey>> {
        self.keys.iter().rev().find(|key| key.algorithm == algorithm && key.active_from <= now)
    }

    /// A published key by its name (RFC 7515 §4.1.4): for checking what we signed.
    pub fn find(&self, kid: &str) -> Option<&Arc<SigningKey>> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The key set as published (RFC 7517 §5), made once.
    pub fn jwks(&self) -> &Document {
        &self.jwks
    }

    /// All published keys, those that do not sign yet or any more included.
    pub fn published(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().map(AsRef::as_ref)
    }
}

/// Which of the stored keys are published at `now`: all but those whose successor has been active for longer than any
/// token lives. `keys` are in the order of `active_from`.
fn is_published(keys: &[StoredKey], key: &StoredKey, now: Timestamp) -> bool {
    let successor = keys.iter().find(|other| other.algorithm == key.algorithm && other.active_from > key.active_from);
    successor.is_none_or(|successor| now < successor.active_from.plus(KEPT_AFTER_USE))
}

/// The handle to the keys; cheap to clone.
#[derive(Clone, Debug)]
pub struct Keys(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    kek: Kek,
    subjects: Subjects,
    ring: RwLock<(Timestamp, Arc<Ring>)>,
}

impl Keys {
    /// Reads the keys and makes the first ES256 key if there is none at all. Fails if one does not open (CR-03).
    pub async fn open(db: &Db, kek: Kek, ctx: &Ctx) -> Result<Self, KeyError> {
        let empty = Ring { keys: Vec::new(), ids: Vec::new(), jwks: Document::new(Bytes::new()), built_at: ctx.now };
        let subjects = Subjects::open(db, &kek, ctx).await?;
        let keys = Self(Arc::new(Inner { kek, subjects, ring: RwLock::new((ctx.now, Arc::new(empty))) }));
        keys.reload(db, ctx.now).await?;
        keys.ensure(db, Algorithm::Es256, ctx).await?;
        Ok(keys)
    }

    /// The key-encryption key, for other sealed columns.
    pub fn kek(&self) -> &Kek {
        &self.0.kek
    }

    /// By which names clients know people.
    pub fn subjects(&self) -> &Subjects {
        &self.0.subjects
    }

    /// The keys in memory, if they need not be compared with the database yet.
    pub fn fresh_ring(&self, now: Timestamp) -> Option<Arc<Ring>> {
        let held = self.0.ring.read().unwrap_or_else(PoisonError::into_inner);
        (held.0 <= now && now.since(held.0) < CHECK_EVERY).then(|| Arc::clone(&held.1))
    }

    /// The keys at `now`, at most a second behind the database.
    pub async fn ring(&self, db: &Db, now: Timestamp) -> Result<Arc<Ring>, KeyError> {
        if let Some(ring) = self.fresh_ring(now) {
            return Ok(ring);
        }
        let ring = Arc::clone(&self.0.ring.read().unwrap_or_else(PoisonError::into_inner).1);
        let ids = key_store::list_ids(&mut db.reader().await?).await?;
        if ids == ring.ids && now.since(ring.built_at) < BUILD_EVERY {
            self.keep(now, &ring);
            return Ok(ring);
        }
        self.reload(db, now).await
    }

    /// Makes a key of the algorithm if none signs: in the background for RSA, which takes a good part of a second.
    pub async fn ensure(&self, db: &Db, algorithm: Algorithm, ctx: &Ctx) -> Result<(), KeyError> {
        if self.ring(db, ctx.now).await?.signer(algorithm, ctx.now).is_some() {
            return Ok(());
        }
        let key = self.generate(algorithm, ctx.now, ctx).await?;
        let inserted: Result<(), KeyError> = transact!(*db, tx => {
            let present = key_store::list(tx).await?;
            // Another node may have been faster; one first key is enough.
            if !present.iter().any(|other| other.algorithm == algorithm && other.active_from <= ctx.now) {
                key_store::insert(tx, &key).await?;
                created(tx, &key, None, ctx).await?;
            }
            Ok(())
        });
        inserted?;
        self.reload(db, ctx.now).await.map(drop)
    }

    /// Makes the key pair of a rotation, which takes a while and changes nothing yet.
    pub async fn prepare(&self, algorithm: Algorithm, rotation: Rotation, ctx: &Ctx) -> Result<Next, KeyError> {
        let active_from = match rotation {
            Rotation::Staged => ctx.now.plus(PUBLISHED_BEFORE_USE),
            Rotation::Emergency => ctx.now,
        };
        Ok(Next { key: self.generate(algorithm, active_from, ctx).await?, rotation })
    }

    /// Forgets what is in memory: for the node that made a change, at once.
    pub async fn refresh(&self, db: &Db, now: Timestamp) -> Result<(), KeyError> {
        self.reload(db, now).await.map(drop)
    }

    /// The stored keys, for `chamberlain keys list`.
    pub async fn list(&self, db: &Db) -> Result<Vec<StoredKey>, KeyError> {
        Ok(key_store::list(&mut db.reader().await?).await?)
    }

    async fn generate(&self, algorithm: Algorithm, active_from: Timestamp, ctx: &Ctx) -> Result<StoredKey, KeyError> {
        let made = tokio::task::spawn_blocking(move || generate(algorithm)).await.map_err(|_| KeyError::NotReady)??;
        let id = KeyId(ctx.uuid());
        let sealed = self.0.kek.seal(place(&id.to_string()), &made.private, &ctx.entropy)?;
        Ok(StoredKey { id, algorithm, kid: made.kid, sealed, created_at: ctx.now, active_from })
    }

    async fn reload(&self, db: &Db, now: Timestamp) -> Result<Arc<Ring>, KeyError> {
        let stored = key_store::list(&mut db.reader().await?).await?;
        let mut keys = Vec::new();
        for key in stored.iter().filter(|key| is_published(&stored, key, now)) {
            let private = self.0.kek.open(place(&key.id.to_string()), &key.sealed)?;
            keys.push(Arc::new(SigningKey::parse(key.id, key.algorithm, key.active_from, &private)?));
        }
        let jwks = json!({"keys": keys.iter().map(|key| &key.public).collect::<Vec<_>>()}).to_string();
        let ring = Arc::new(Ring {
            keys,
            ids: stored.iter().map(|key| key.id).collect(),
            jwks: Document::new(jwks.into()),
            built_at: now,
        });
        self.keep(now, &ring);
        Ok(ring)
    }

    fn keep(&self, now: Timestamp, ring: &Arc<Ring>) {
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(ring));
    }
}

/// Lets the next key take over and returns its `kid`. [`Keys::refresh`] once that is committed.
pub async fn rotate(tx: &mut Tx, permit: Permit<ManageKeys>, next: &Next, ctx: &Ctx) -> db::Result<String> {
    let (key, via) = (&next.key, permit.via());
    let mut present = key_store::list(tx).await?;
    if next.rotation == Rotation::Emergency {
        key_store::save_dropped(tx, key.algorithm, ctx.now).await?;
        for gone in present.iter().filter(|gone| gone.algorithm == key.algorithm) {
            audit::record(tx, ctx, via, Event::new(Kind::KeyRetired, Subject::Key(gone.id))).await?;
        }
        present.retain(|gone| gone.algorithm != key.algorithm);
    }
    for gone in present.iter().filter(|key| !is_published(&present, key, ctx.now)) {
        key_store::remove(tx, gone.id).await?;
    }
    key_store::insert(tx, key).await?;
    created(tx, key, via, ctx).await?;
    Ok(key.kid.clone())
}

async fn created(tx: &mut Tx, key: &StoredKey, via: Option<RoleAssignmentId>, ctx: &Ctx) -> db::Result<()> {
    let details =
        json!({"kid": key.kid, "algorithm": key.algorithm.as_str(), "active_from": key.active_from.to_rfc3339()});
    audit::record(tx, ctx, via, Event::new(Kind::KeyCreated, Subject::Key(key.id)).with(details)).await
}

fn place(row: &str) -> Place<'_> {
    Place { table: "signing_keys", row, column: "sealed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u128, active_from: Timestamp) -> StoredKey {
        let id = KeyId(uuid::Uuid::from_u128(n));
        StoredKey {
            id,
            algorithm: Algorithm::Es256,
            kid: n.to_string(),
            sealed: Vec::new(),
            created_at: Timestamp(0),
            active_from,
        }
    }

    #[test]
    fn a_key_is_published_until_its_last_token_has_expired() {
        let day = Timestamp(0).plus(PUBLISHED_BEFORE_USE);
        let keys = [key(1, Timestamp(0)), key(2, day)];
        let end = day.plus(KEPT_AFTER_USE);
        assert!(is_published(&keys, &keys[0], Timestamp(0)) && is_published(&keys, &keys[1], Timestamp(0)));
        assert!(is_published(&keys, &keys[0], end.minus(Duration::from_secs(1))));
        assert!(!is_published(&keys, &keys[0], end));
        assert!(is_published(&keys, &keys[1], end));
    }
}
