//! The keys of clients: registered with them, or fetched from where they keep them, guarded as every call to an address that somebody
//! named (OA-21). What was fetched is kept for a while; a name that is not in it is looked for anew, once a minute at most.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use serde_json::Value;
use tokio::sync::Mutex;

use super::certificate::ClientCertificate;
use super::encryption::{Encrypted, KeyManagement};
use super::jws::Jws;
use super::key::{Members, ParsedKeys};
use super::key_set::{KeySet, all_of, candidates, keys_of};
use super::recipient::{EncryptError, Recipients};
use crate::kernel::time::Timestamp;
use crate::outbound::Outbound;

/// How long a fetched set is believed without being asked for again: a key that a client has taken out works no longer than this.
const FRESH: Duration = Duration::from_mins(5);

/// How long it is still used where the address does not answer.
const USABLE: Duration = Duration::from_hours(1);

/// How often one address is called at most.
const AT_MOST_EVERY: Duration = Duration::from_mins(1);

/// Longest set that is read, in octets.
const LONGEST: usize = 64 * 1024;

/// Addresses that are remembered.
const REMEMBERED: usize = 2_000;

/// Where a client has its keys.
#[derive(Clone, Copy, Debug)]
pub enum KeySource<'a> {
    /// Registered with it.
    Inline(&'a Value),
    /// At an address of its own.
    At(&'a str),
}

/// What a set is asked for.
#[derive(Clone, Copy, Debug)]
enum Sought<'a> {
    /// A key for a signature that names none.
    Any,
    /// A key of this name.
    Named(&'a str),
    /// The key of this certificate.
    Own(&'a ClientCertificate),
    /// A key that something can be encrypted to.
    Recipient(KeyManagement),
}

impl Sought<'_> {
    /// Whether it is in a set, where that can be said.
    fn is_in(self, set: &KeySet) -> Option<bool> {
        match self {
            Self::Any => None,
            Self::Named(name) => Some(set.has(name)),
            Self::Own(certificate) => Some(certificate.is_one_of(set.iter())),
            Self::Recipient(alg) => Some(set.can_receive(alg)),
        }
    }
}

/// A set that was fetched, and when.
#[derive(Debug, Default)]
struct Held {
    set: Arc<KeySet>,
    fetched_at: Option<Timestamp>,
    called_at: Option<Timestamp>,
}

impl Held {
    fn is_younger(since: Option<Timestamp>, than: Duration, now: Timestamp) -> bool {
        since.is_some_and(|since| since <= now && now.since(since) < than)
    }

    /// Whether what is sought is at hand, and nobody has to wait for what the address answers.
    fn is_at_hand(&self, sought: Sought<'_>, now: Timestamp) -> bool {
        let known = sought.is_in(&self.set) == Some(true) && Self::is_younger(self.fetched_at, USABLE, now);
        known && !self.is_to_be_fetched(sought, now)
    }

    /// Whether the address has to be called before what is sought is judged.
    fn is_to_be_fetched(&self, sought: Sought<'_>, now: Timestamp) -> bool {
        let missing = sought.is_in(&self.set) == Some(false);
        (missing || !Self::is_younger(self.fetched_at, FRESH, now))
            && !Self::is_younger(self.called_at, AT_MOST_EVERY, now)
    }
}

/// Where a client keeps its keys.
#[derive(Debug, Default)]
struct Address {
    held: std::sync::Mutex<Held>,
    /// Held by the one request that calls.
    calling: Mutex<()>,
}

impl Address {
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why something could not be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum NotEncrypted {
    /// The client has no key for it, or none can be had.
    #[error("there is no key that `{}` can encrypt to", .0.as_str())]
    NoKey(KeyManagement),
    /// OpenSSL would not.
    #[error(transparent)]
    Failed(#[from] EncryptError),
}

/// Finds keys, checks signatures, and encrypts; cheap to clone.
#[derive(Clone, Debug)]
pub struct ClientKeys {
    outbound: Option<Outbound>,
    fetched: Arc<Cache<String, Arc<Address>>>,
    parsed: ParsedKeys,
    recipients: Recipients,
}

impl Default for ClientKeys {
    /// Calls nobody: only registered keys are found.
    fn default() -> Self {
        Self {
            outbound: None,
            fetched: Arc::new(Cache::new(REMEMBERED)),
            parsed: ParsedKeys::default(),
            recipients: Recipients::default(),
        }
    }
}

impl ClientKeys {
    /// Calls addresses by this way out.
    pub fn fetching(outbound: Outbound) -> Self {
        Self { outbound: Some(outbound), ..Self::default() }
    }

    /// The guarded way out to addresses that clients name, if they are called at all.
    pub fn outbound(&self) -> Option<&Outbound> {
        self.outbound.as_ref()
    }

    /// Whether a JWT is signed by a key of this source.
    pub async fn signed(&self, source: KeySource<'_>, jws: &Jws<'_>, now: Timestamp) -> bool {
        match source {
            KeySource::Inline(set) => self.is_signed_by_one(keys_of(set), jws),
            KeySource::At(address) => {
                let sought = jws.header.kid.as_deref().map_or(Sought::Any, Sought::Named);
                let set = self.set_at(address, sought, now).await;
                self.is_signed_by_one(set.iter(), jws)
            }
        }
    }

    /// Whether the key of a certificate is one of this source (RFC 8705 §2.2).
    pub async fn hold(&self, source: KeySource<'_>, certificate: &ClientCertificate, now: Timestamp) -> bool {
        match source {
            KeySource::Inline(set) => certificate.is_one_of(keys_of(set)),
            KeySource::At(address) => {
                certificate.is_one_of(self.set_at(address, Sought::Own(certificate), now).await.iter())
            }
        }
    }

    /// Encrypts a signed JWT to a key of this source (RFC 7519 §5.2); the header repeats the issuer where one is given (§5.3).
    pub async fn encrypt(
        &self,
        source: KeySource<'_>,
        (jwt, issuer): (&str, Option<&str>),
        Encrypted { alg, enc }: Encrypted,
        now: Timestamp,
    ) -> Result<String, NotEncrypted> {
        let fetched = match source {
            KeySource::Inline(_) => Arc::default(),
            KeySource::At(address) => self.set_at(address, Sought::Recipient(alg), now).await,
        };
        let found = match source {
            KeySource::Inline(set) => self.recipients.first(all_of(set), alg),
            KeySource::At(_) => self.recipients.first(fetched.all(), alg),
        };
        let (recipient, kid) = found.ok_or(NotEncrypted::NoKey(alg))?;
        Ok(recipient.encrypt(jwt, enc, (kid, issuer))?)
    }

    /// Whether that would find a key: asked before something is used up for it.
    pub async fn can_encrypt(&self, source: KeySource<'_>, alg: KeyManagement, now: Timestamp) -> bool {
        match source {
            KeySource::Inline(set) => self.recipients.first(all_of(set), alg).is_some(),
            KeySource::At(address) => {
                let set = self.set_at(address, Sought::Recipient(alg), now).await;
                self.recipients.first(set.all(), alg).is_some()
            }
        }
    }

    fn is_signed_by_one<'k>(&self, keys: impl Iterator<Item = &'k Members>, jws: &Jws<'_>) -> bool {
        let mut fitting = candidates(keys, jws.header.kid.as_deref(), jws.algorithm);
        fitting.any(|members| self.parsed.get(members).is_ok_and(|key| jws.is_signed_by(&key)))
    }

    /// The set at an address. While one request calls, others that need what it brings wait for it; those whose key is known do not.
    async fn set_at(&self, address: &str, sought: Sought<'_>, now: Timestamp) -> Arc<KeySet> {
        let Some(outbound) = &self.outbound else { return Arc::default() };
        let Ok(place) = self.fetched.get_or_insert_with(address, || Ok::<_, std::convert::Infallible>(Arc::default()));
        if !place.held().is_at_hand(sought, now) {
            let _calling = place.calling.lock().await;
            let is_due = place.held().is_to_be_fetched(sought, now);
            if is_due {
                place.held().called_at = Some(now);
                match fetch(outbound, address).await {
                    Ok(set) => {
                        let mut held = place.held();
                        (held.set, held.fetched_at) = (Arc::new(set), Some(now));
                    }
                    Err(reason) => tracing::warn!(address, reason, "the keys of a client could not be fetched"),
                }
            }
        }
        let held = place.held();
        if Held::is_younger(held.fetched_at, USABLE, now) { Arc::clone(&held.set) } else { Arc::default() }
    }
}

async fn fetch(outbound: &Outbound, address: &str) -> Result<KeySet, String> {
    let answer = outbound.get(address, LONGEST).await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("the answer was {}", answer.status));
    }
    let set: Value = serde_json::from_str(&answer.body).map_err(|_| "the answer is no JSON".to_owned())?;
    if set.get("keys").is_some_and(Value::is_array) { Ok(KeySet::read(&set)) } else { Err("no list `keys`".to_owned()) }
}
