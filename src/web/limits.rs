//! How much one address, account or client may ask for, and how large a request may be.

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use schemars::JsonSchema;
use serde::Deserialize;

/// Largest form that a page accepts, in bytes.
pub const FORM_BYTES: usize = 64 * 1024;

/// Largest body of any other request, in bytes.
pub const BODY_BYTES: usize = 1024 * 1024;

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

/// The buckets. They are of this process; what guards secrets is counted in the database (`factors`).
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<uuid::Uuid>,
    clients: DefaultKeyedRateLimiter<uuid::Uuid>,
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
        let quota = |rate: NonZeroU32| Quota::per_second(rate).allow_burst(rate.saturating_mul(settings.burst_seconds));
        Self {
            addresses: RateLimiter::keyed(quota(settings.per_address)),
            accounts: RateLimiter::keyed(quota(settings.per_account)),
            clients: RateLimiter::keyed(quota(settings.per_client)),
        }
    }

    /// Counts one request of an address. IPv6 is counted per /64, the least that one customer has.
    pub fn address(&self, ip: IpAddr) -> Result<(), TooMany> {
        let key = match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
            IpAddr::V4(ip) => IpAddr::V4(ip),
        };
        check(&self.addresses, &key)
    }

    /// Counts one request for an account.
    pub fn account(&self, user: crate::kernel::ids::UserId) -> Result<(), TooMany> {
        check(&self.accounts, &user.0)
    }

    /// Counts one request of a client.
    pub fn client(&self, client: crate::kernel::ids::ClientId) -> Result<(), TooMany> {
        check(&self.clients, &client.0)
    }

    /// Forgets those that have not been heard of for a while; called by a job.
    pub fn forget_idle(&self) {
        self.addresses.retain_recent();
        self.accounts.retain_recent();
        self.clients.retain_recent();
    }
}

fn check<K: Clone + std::hash::Hash + Eq>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), TooMany> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(governor::clock::DefaultClock::default().now());
        TooMany { retry_after: wait.as_secs().saturating_add(1) }
    })
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
}
