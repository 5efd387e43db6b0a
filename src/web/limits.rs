//! How much one address, account or client may ask for, and how large a request may be.

use std::convert::Infallible;
use std::fmt;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use quick_cache::sync::Cache;
use schemars::JsonSchema;
use serde::Deserialize;

/// Largest form that a page accepts, in bytes.
pub const FORM_BYTES: usize = 64 * 1024;

/// Largest form with a file, in bytes.
pub const UPLOAD_BYTES: usize = 320 * 1024;

/// Requests per second and the burst above it.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitSettings {
    /// Requests per second of one address.
    pub per_address: NonZeroU32,
    /// Requests per second for one account.
    pub per_account: NonZeroU32,
    /// Requests per second of one client.
    pub per_client: NonZeroU32,
    /// How many seconds' worth may come at once.
    pub burst_seconds: NonZeroU32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let number = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { per_address: number(200), per_account: number(20), per_client: number(2_000), burst_seconds: number(10) }
    }
}

/// Most buckets of one kind that are kept (IN-11). Where there are more, the least used are forgotten; who comes back
/// after that begins with a full one.
const KEPT: usize = 50_000;

/// The least that one customer has: an IPv4 address, or a /64.
pub fn network_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
        IpAddr::V4(ip) => IpAddr::V4(ip),
    }
}

/// One bucket per key.
struct Buckets<K> {
    clock: DefaultClock,
    quota: Quota,
    kept: Cache<K, Arc<DefaultDirectRateLimiter>>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(rate: NonZeroU32, burst_seconds: NonZeroU32) -> Self {
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(burst_seconds));
        Self { clock: DefaultClock::default(), quota, kept: Cache::new(KEPT) }
    }

    fn take(&self, key: &K) -> Result<(), TooMany> {
        let made: Result<_, Infallible> = self
            .kept
            .get_or_insert_with(key, || Ok(Arc::new(RateLimiter::direct_with_clock(self.quota, self.clock.clone()))));
        let Ok(bucket) = made;
        bucket.check().map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            TooMany { retry_after: wait.as_secs().saturating_add(1) }
        })
    }
}

/// The buckets. They are of this process; what guards secrets is counted in the database (`factors`).
pub struct Limits {
    addresses: Buckets<IpAddr>,
    accounts: Buckets<uuid::Uuid>,
    clients: Buckets<uuid::Uuid>,
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limits")
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new(LimitSettings::default())
    }
}

/// Too much was asked for; `retry_after` in whole seconds (RFC 9110 §10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; try again in {retry_after} s")]
pub struct TooMany {
    /// Seconds to wait.
    pub retry_after: u64,
}

impl Limits {
    /// Buckets of these sizes.
    pub fn new(settings: LimitSettings) -> Self {
        let burst = settings.burst_seconds;
        Self {
            addresses: Buckets::new(settings.per_address, burst),
            accounts: Buckets::new(settings.per_account, burst),
            clients: Buckets::new(settings.per_client, burst),
        }
    }

    /// Counts one request of an address. IPv6 is counted per /64, the least that one customer has.
    pub fn address(&self, ip: IpAddr) -> Result<(), TooMany> {
        self.addresses.take(&network_of(ip))
    }

    /// Counts one request for an account.
    pub fn account(&self, user: crate::kernel::ids::UserId) -> Result<(), TooMany> {
        self.accounts.take(&user.0)
    }

    /// Counts one request of a client.
    pub fn client(&self, client: crate::kernel::ids::ClientId) -> Result<(), TooMany> {
        self.clients.take(&client.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_held_back_and_its_neighbour_is_not() {
        let one = NonZeroU32::MIN;
        let limits =
            Limits::new(LimitSettings { per_address: one, per_account: one, per_client: one, burst_seconds: one });
        let ip = |text: &str| text.parse().unwrap();
        assert!(limits.address(ip("2001:db8::1")).is_ok());
        assert_eq!(limits.address(ip("2001:db8::2")), Err(TooMany { retry_after: 1 }));
        assert!(limits.address(ip("2001:db8:0:1::1")).is_ok());
        assert!(limits.address(ip("203.0.113.1")).is_ok());
    }

    #[test]
    fn in_11_a_million_addresses_are_not_all_remembered() {
        let limits = Limits::default();
        for n in 1..=1_000_000_u32 {
            assert!(limits.address(IpAddr::V4(n.into())).is_ok());
        }
        assert!(limits.addresses.kept.len() <= KEPT);
    }
}
