//! Nonces for DPoP proofs (RFC 9449 §8, §9): an instant, and a MAC over it under a key that all nodes have. Nothing is kept.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// How long one is taken.
const LIFE: Duration = Duration::from_mins(5);

/// How far the clock of another node may be ahead.
const SKEW: Duration = Duration::from_secs(15);

/// What the MAC is cut to, in octets.
const MAC: usize = 16;

/// Makes nonces and knows them again.
#[derive(Clone)]
pub struct Nonces([u8; 32]);

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonces(…)")
    }
}

impl Nonces {
    /// Under a key for this purpose alone.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The nonce of this second.
    pub fn issue(&self, now: Timestamp) -> String {
        self.of(now.as_seconds())
    }

    /// Whether a nonce is ours and young.
    pub fn takes(&self, nonce: &str, now: Timestamp) -> bool {
        let octets = URL_SAFE_NO_PAD.decode(nonce).ok().filter(|octets| octets.len() == 8 + MAC);
        let Some(seconds) = octets.as_deref().and_then(|octets| octets.first_chunk::<8>().copied()) else {
            return false;
        };
        let seconds = i64::from_be_bytes(seconds);
        let at = Timestamp::from_seconds(seconds);
        let young = at <= now.plus(SKEW) && now.since(at) < LIFE;
        // Digests are compared in constant time (CR-07).
        young && Digest::of(nonce.as_bytes()) == Digest::of(self.of(seconds).as_bytes())
    }

    fn of(&self, seconds: i64) -> String {
        let mut octets = seconds.to_be_bytes().to_vec();
        // HMAC takes a key of any length; without a MAC the nonce is too short to be taken.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(&octets);
            octets.extend(mac.finalize().into_bytes().iter().take(MAC));
        }
        URL_SAFE_NO_PAD.encode(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OA-40: made up, of another key, old, or from the future.
    #[test]
    fn oa_40_a_nonce_is_ours_and_young() {
        let (ours, now) = (Nonces::new([1; 32]), Timestamp::from_seconds(1_764_147_600));
        let nonce = ours.issue(now);
        assert!(ours.takes(&nonce, now) && ours.takes(&nonce, now.plus(Duration::from_secs(299))));
        assert!(!ours.takes(&nonce, now.plus(LIFE)) && !ours.takes(&nonce, now.minus(Duration::from_secs(16))));
        assert!(!Nonces::new([2; 32]).takes(&nonce, now));
        for at in 0..nonce.len() {
            let mut changed = nonce.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(!ours.takes(std::str::from_utf8(&changed).unwrap(), now), "{at}");
            assert!(!ours.takes(&nonce[..at], now));
        }
        for odd in ["", "x", &"A".repeat(10_000), &format!("{nonce}A"), "é"] {
            assert!(!ours.takes(odd, now));
        }
    }
}
