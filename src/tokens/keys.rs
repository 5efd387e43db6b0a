//! The keys of the server: made here or brought along, sealed at rest, rotated in stages (CR-04).
//!
//! A key is *next* from its creation (published, not used), *active* from `active_from` (signs), and *retired* from the
//! instant a younger one of its algorithm is active; it stays published until every token it signed has expired.
//! The stage follows from the times alone, so that all nodes agree without being told.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::key_pair::KeyPair;
use super::key_store;
use super::key_use::KeyUse;
use super::ring::Ring;
use super::rotation::{self, Next, Rotation};
use super::signing_key::{Algorithm, CryptoError};
use super::subjects::Subjects;
use crate::db::{self, Db, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::KeyId;
use crate::kernel::seal::{Kek, Place, SealError};
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
    /// What it is for.
    pub key_use: KeyUse,
    /// Its name.
    pub kid: String,
    /// The private JWK, sealed.
    pub sealed: Vec<u8>,
    /// Published from here on.
    pub created_at: Timestamp,
    /// Used from here on.
    pub active_from: Timestamp,
}

impl StoredKey {
    /// Whether it is in use at `now`, or was made to be used at once: by a node whose clock is a little ahead, perhaps.
    fn is_used_at_once_or_by(&self, now: Timestamp) -> bool {
        self.active_from <= now || self.active_from == self.created_at
    }
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
        let subjects = Subjects::open(db, &kek, ctx).await?;
        let keys =
            Self(Arc::new(Inner { kek, subjects, ring: RwLock::new((ctx.now, Arc::new(Ring::empty(ctx.now)))) }));
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

    /// Makes a key for this if there is none in use: in the background for RSA, which takes a good part of a second.
    pub async fn ensure(&self, db: &Db, key_use: impl Into<KeyUse>, ctx: &Ctx) -> Result<(), KeyError> {
        let key_use = key_use.into();
        if self.ring(db, ctx.now).await?.has(key_use, ctx.now) {
            return Ok(());
        }
        let key = self.sealed(key_use, make(key_use).await?, ctx.now, ctx)?;
        let inserted: Result<(), KeyError> = transact!(*db, tx => {
            let present = key_store::list(tx).await?;
            // Another node may have been faster; one first key is enough.
            if !present.iter().any(|other| other.key_use == key_use && other.is_used_at_once_or_by(ctx.now)) {
                key_store::insert(tx, &key).await?;
                rotation::created(tx, &key, None, ctx).await?;
            }
            Ok(())
        });
        inserted?;
        self.reload(db, ctx.now).await.map(drop)
    }

    /// Makes the key pair of a rotation, which takes a while and changes nothing yet.
    pub async fn prepare(&self, key_use: impl Into<KeyUse>, rotation: Rotation, ctx: &Ctx) -> Result<Next, KeyError> {
        let key_use = key_use.into();
        self.prepare_with(key_use, make(key_use).await?, rotation, ctx)
    }

    /// The same with a key pair that was made elsewhere.
    pub fn prepare_with(
        &self,
        key_use: KeyUse,
        pair: KeyPair,
        rotation: Rotation,
        ctx: &Ctx,
    ) -> Result<Next, KeyError> {
        Ok(Next { key: self.sealed(key_use, pair, rotation.active_from(ctx.now), ctx)?, rotation })
    }

    /// Forgets what is in memory: for the node that made a change, at once.
    pub async fn refresh(&self, db: &Db, now: Timestamp) -> Result<(), KeyError> {
        self.reload(db, now).await.map(drop)
    }

    /// The stored keys, for `chamberlain keys list`.
    pub async fn list(&self, db: &Db) -> Result<Vec<StoredKey>, KeyError> {
        Ok(key_store::list(&mut db.reader().await?).await?)
    }

    fn sealed(&self, key_use: KeyUse, pair: KeyPair, active_from: Timestamp, ctx: &Ctx) -> Result<StoredKey, KeyError> {
        let id = KeyId(ctx.uuid());
        let sealed = self.0.kek.seal(place(&id.to_string()), &pair.private, &ctx.entropy)?;
        Ok(StoredKey { id, key_use, kid: pair.kid, sealed, created_at: ctx.now, active_from })
    }

    async fn reload(&self, db: &Db, now: Timestamp) -> Result<Arc<Ring>, KeyError> {
        let stored = key_store::list(&mut db.reader().await?).await?;
        let open = |key: &StoredKey| Ok(self.0.kek.open(place(&key.id.to_string()), &key.sealed)?);
        let ring = Arc::new(Ring::build(&stored, now, open)?);
        self.keep(now, &ring);
        Ok(ring)
    }

    fn keep(&self, now: Timestamp, ring: &Arc<Ring>) {
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = (now, Arc::clone(ring));
    }
}

async fn make(key_use: KeyUse) -> Result<KeyPair, KeyError> {
    let made = tokio::task::spawn_blocking(move || KeyPair::generate(key_use)).await;
    Ok(made.map_err(|_| KeyError::NotReady)??)
}

fn place(row: &str) -> Place<'_> {
    Place { table: "signing_keys", row, column: "sealed" }
}
