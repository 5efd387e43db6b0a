//! How long a password takes that nobody has. While some are compared by other functions than ours, an address that nobody has is
//! compared by one of them as often as one that somebody has, and always by the same: how long it takes tells neither whether there
//! is an account nor which (AU-23).

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::db::{self, Db};
use crate::factors::password_store;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// How long the shares hold before they are counted again.
const FRESH: Duration = Duration::from_mins(10);

/// One scheme among those in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::factors) struct Share {
    /// How many passwords are hashed so.
    pub(in crate::factors) count: u64,
    /// One of them; nothing is ever found equal to it.
    pub(in crate::factors) sample: String,
}

/// What was counted last.
#[derive(Clone, Default)]
struct Counted {
    at: Option<Timestamp>,
    all: u64,
    foreign: Arc<[Share]>,
}

/// The schemes in use and their shares; cheap to clone.
#[derive(Clone, Default)]
pub struct Schemes(Arc<RwLock<Counted>>);

impl fmt::Debug for Schemes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Schemes")
    }
}

impl Schemes {
    /// The hash that stands in for that of an account that there is not; `None`: one of ours. `key`: the installation's.
    pub async fn decoy(&self, db: &Db, key: &[u8], account: &Digest, now: Timestamp) -> db::Result<Option<String>> {
        let mut counted = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if counted.at.is_none_or(|at| at.plus(FRESH) <= now) {
            let (all, foreign) = password_store::list_schemes(&mut db.reader().await?).await?;
            counted = Counted { at: Some(now), all, foreign: foreign.into() };
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = counted.clone();
        }
        Ok(pick(&counted.foreign, counted.all, place(key, account)))
    }
}

impl Schemes {
    /// Somebody has a hash that is not ours: if none were counted, they are counted again with the next try.
    pub fn note_foreign(&self) {
        let mut counted = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if counted.foreign.is_empty() {
            counted.at = None;
        }
    }
}

/// Where an account stands among all, from 0 up to 2⁶⁴: by chance, and always there.
fn place(key: &[u8], account: &Digest) -> u64 {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return 0 };
    mac.update(b"scheme\0");
    mac.update(account.as_bytes());
    mac.finalize().into_bytes().iter().take(8).fold(0, |place, byte| (place << 8) | u64::from(*byte))
}

fn pick(foreign: &[Share], all: u64, place: u64) -> Option<String> {
    let at = (u128::from(place) * u128::from(all)) >> 64;
    let mut before = 0;
    foreign.iter().find_map(|share| {
        before += u128::from(share.count);
        (at < before).then(|| share.sample.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_23_an_account_that_there_is_not_is_compared_as_the_others_are() {
        let share = |count, sample: &str| Share { count, sample: sample.to_owned() };
        let foreign = [share(20, "bcrypt"), share(30, "pbkdf2")];
        let mut met = std::collections::BTreeMap::new();
        for number in 0..2_000_u32 {
            let account = Digest::of(&number.to_be_bytes());
            let picked = pick(&foreign, 100, place(b"key", &account));
            assert_eq!(picked, pick(&foreign, 100, place(b"key", &account)), "always by the same");
            *met.entry(picked).or_insert(0) += 1;
        }
        for (scheme, percent) in [(Some("bcrypt"), 20), (Some("pbkdf2"), 30), (None, 50)] {
            let times = met[&scheme.map(str::to_owned)];
            assert!((percent * 17..percent * 23).contains(&times), "{scheme:?}: {times}");
        }
        assert_eq!(pick(&[], 100, place(b"key", &Digest::of(b"x"))), None);
        assert_eq!(pick(&foreign[..1], 20, u64::MAX), Some("bcrypt".to_owned()), "all are of one scheme");
    }
}
