//! Notices lists of stolen passwords being tried (AU-20): many wrong ones from one address, from one network, or one
//! password at many accounts. Kept in memory, bounded; what guards a single account is counted in the database.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// Over how long wrong passwords are counted.
const WINDOW: Duration = Duration::from_mins(10);
/// Most addresses, networks and passwords that are remembered at once (IN-11).
const MOST: usize = 100_000;

/// Section `[factors.stuffing]`: wrong passwords within ten minutes.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// From one address.
    pub per_address: u32,
    /// From one network: /24 of IPv4, /56 of IPv6.
    pub per_network: u32,
    /// Of one and the same password, at whatever account.
    pub per_password: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { per_address: 50, per_network: 200, per_password: 20 }
    }
}

/// What is counted.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    Network(IpAddr),
    /// Under the installation's key, so that memory tells nothing.
    Password([u8; 32]),
}

impl Key {
    fn name(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::Network(_) => "network",
            Self::Password(_) => "password",
        }
    }
}

type Window = Arc<Mutex<(Timestamp, u32)>>;

/// Counts wrong passwords; cheap to clone.
#[derive(Clone)]
pub struct Detector {
    settings: Settings,
    counts: Arc<Cache<Key, Window>>,
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detector")
    }
}

impl Detector {
    /// With these limits.
    pub fn new(settings: Settings) -> Self {
        Self { settings, counts: Arc::new(Cache::new(MOST)) }
    }

    /// Whether a try looks like one of a list; how long to wait then. `password` is a keyed digest of it.
    pub fn suspects(&self, ip: Option<IpAddr>, password: &Digest, now: Timestamp) -> Option<Duration> {
        keys(ip, password).filter_map(|key| self.wait(&key, now)).max()
    }

    /// A password was wrong.
    pub fn failed(&self, ip: Option<IpAddr>, password: &Digest, now: Timestamp) {
        for key in keys(ip, password) {
            let Ok(window) = self
                .counts
                .get_or_insert_with(&key, || Ok::<_, std::convert::Infallible>(Window::new(Mutex::new((now, 0)))));
            let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
            if now.since(window.0) >= WINDOW {
                *window = (now, 0);
            }
            window.1 = window.1.saturating_add(1);
            if window.1 == self.most(&key) {
                metrics::counter!("chamberlain_stuffing_total", "by" => key.name()).increment(1);
                tracing::warn!(by = key.name(), "lists of passwords are being tried");
            }
        }
    }

    fn wait(&self, key: &Key, now: Timestamp) -> Option<Duration> {
        let window = self.counts.get(key)?;
        let (since, count) = *window.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = now.since(since);
        (count >= self.most(key) && passed < WINDOW).then(|| WINDOW.saturating_sub(passed))
    }

    fn most(&self, key: &Key) -> u32 {
        match key {
            Key::Address(_) => self.settings.per_address,
            Key::Network(_) => self.settings.per_network,
            Key::Password(_) => self.settings.per_password,
        }
    }
}

fn keys(ip: Option<IpAddr>, password: &Digest) -> impl Iterator<Item = Key> {
    let ip = ip.map(|ip| ip.to_canonical());
    let places = ip.into_iter().flat_map(|ip| [Key::Address(host(ip)), Key::Network(network(ip))]);
    let password: Option<[u8; 32]> = password.as_bytes().try_into().ok();
    places.chain(password.map(Key::Password))
}

/// The least that one customer has: an IPv4 address, or a /64.
fn host(ip: IpAddr) -> IpAddr {
    masked(ip, 32, 64)
}

fn network(ip: IpAddr) -> IpAddr {
    masked(ip, 24, 56)
}

fn masked(ip: IpAddr, v4: u32, v6: u32) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => IpAddr::V4((ip.to_bits() & u32::MAX.checked_shl(32 - v4).unwrap_or(0)).into()),
        IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & u128::MAX.checked_shl(128 - v6).unwrap_or(0)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    fn detector() -> Detector {
        Detector::new(Settings { per_address: 3, per_network: 5, per_password: 4 })
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn au_20_an_address_that_tries_many_passwords_waits_and_its_neighbour_does_not() {
        let detector = detector();
        for n in 0..3_u8 {
            assert_eq!(detector.suspects(Some(ip("203.0.113.7")), &Digest::of(&[n]), NOW), None);
            detector.failed(Some(ip("203.0.113.7")), &Digest::of(&[n]), NOW);
        }
        let fresh = Digest::of(b"fresh");
        assert_eq!(detector.suspects(Some(ip("203.0.113.7")), &fresh, NOW), Some(WINDOW));
        assert_eq!(detector.suspects(Some(ip("203.0.113.8")), &fresh, NOW), None);
        assert_eq!(detector.suspects(Some(ip("203.0.113.7")), &fresh, NOW.plus(WINDOW)), None);
    }

    #[test]
    fn au_20_a_network_and_a_password_are_noticed_too() {
        let detector = detector();
        for n in 0..5_u8 {
            detector.failed(Some(ip(&format!("2001:db8:0:{n}::1"))), &Digest::of(&[n]), NOW);
        }
        assert!(detector.suspects(Some(ip("2001:db8:0:99::1")), &Digest::of(b"x"), NOW).is_some());
        assert!(detector.suspects(Some(ip("2001:db8:0:199::1")), &Digest::of(b"x"), NOW).is_none());
        let same = Digest::of(b"the same at every account");
        for n in 0..4_u8 {
            detector.failed(Some(ip(&format!("198.51.{n}.1"))), &same, NOW);
        }
        assert!(detector.suspects(Some(ip("192.0.2.1")), &same, NOW).is_some());
        assert!(detector.suspects(Some(ip("192.0.2.1")), &Digest::of(b"another"), NOW).is_none());
    }

    /// IN-11: a million addresses do not make it grow past its bound.
    #[test]
    fn in_11_the_memory_of_the_detector_is_bounded() {
        let detector = detector();
        for n in 0..400_000_u32 {
            detector.failed(Some(IpAddr::V4(n.wrapping_mul(2_654_435_761).into())), &Digest::of(b"one"), NOW);
        }
        assert!(detector.counts.len() <= MOST, "{}", detector.counts.len());
    }
}
