//! Authenticator apps: codes by time (TOTP, RFC 6238), as every app speaks them: SHA-1, six digits, thirty seconds. Pure.

pub mod bring;
pub mod change;
pub mod enrol;
pub mod store;
pub mod verify;

use totp_rs::{Builder, Totp, TotpError};
use zeroize::Zeroizing;

use crate::kernel::ids::{AuthenticatorId, UserId};
use crate::kernel::random::Entropy;
use crate::kernel::seal::Place;
use crate::kernel::time::Timestamp;

/// Bytes of a secret: as long as the hash (RFC 4226 §4, R6).
const SECRET: usize = 20;
/// Steps before and after the present one whose codes are taken, for clocks that are off (RFC 6238 §5.2; AU-35).
const SKEW: u16 = 1;
/// Longest account name in the address of an app: what does not fit is of no help on a phone.
const MAX_ACCOUNT: usize = 100;

/// An app of somebody; one that is not confirmed yet waits for its first code.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// Its id.
    pub id: AuthenticatorId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The secret, sealed.
    pub secret: Vec<u8>,
    /// How often the first code was tried.
    pub tries: i64,
    /// When its secret was made.
    pub created_at: Timestamp,
    /// When its first code was right.
    pub confirmed_at: Option<Timestamp>,
    /// The last step whose code was used: no older and no equal one is taken again (RFC 6238 §5.2).
    pub last_step: Option<i64>,
    /// When a code of it was used last.
    pub last_used_at: Option<Timestamp>,
}

/// Where the secret of an app is sealed.
pub(super) fn place(row: &str) -> Place<'_> {
    Place { table: "authenticators", row, column: "secret" }
}

/// A fresh secret.
pub(super) fn generate(entropy: &Entropy) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(entropy.bytes::<SECRET>().to_vec())
}

/// What an app is told: the secret in base32, and the address that holds it with who and where it is for.
#[derive(Clone)]
pub struct Shown {
    /// The secret in groups of four, to be typed.
    pub groups: Zeroizing<String>,
    /// The `otpauth:` address, as a link and as a picture.
    pub address: Zeroizing<String>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown(…)")
    }
}

/// What is shown of a secret, once.
pub(super) fn shown(secret: &[u8], service: &str, account: &str) -> Result<Shown, TotpError> {
    // A colon parts both in the address, and is refused in either.
    let plain = |text: &str| text.replace(':', " ").chars().take(MAX_ACCOUNT).collect::<String>();
    let totp = builder(secret).with_issuer(Some(plain(service))).with_account_name(plain(account)).build()?;
    let base32 = Zeroizing::new(totp_rs::Secret::from(secret.to_vec()).to_base32());
    let groups: Vec<&str> = base32.as_bytes().chunks(4).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    Ok(Shown { groups: Zeroizing::new(groups.join(" ")), address: Zeroizing::new(totp.to_url()?) })
}

fn builder(secret: &[u8]) -> Builder {
    Builder::new().with_secret(secret.to_vec()).with_skew(SKEW)
}

/// The step whose code this is: the present one, the one before or the one after (AU-35).
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let totp: Totp = builder(secret).with_issuer(None::<String>).with_account_name("-").build().ok()?;
    let seconds = u64::try_from(now.as_seconds()).ok()?;
    i64::try_from(totp.check(code, seconds)?).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// RFC 6238 appendix B, SHA-1, the last six of eight digits.
    #[test]
    fn the_vectors_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(secret, code, Timestamp::from_seconds(seconds)), Some(seconds / 30), "{seconds}");
            assert_eq!(step_of(secret, "000000", Timestamp::from_seconds(seconds)), None);
        }
    }

    #[test]
    fn au_35_a_clock_may_be_off_by_one_step_and_no_more() {
        let (secret, at) = (b"12345678901234567890", Timestamp::from_seconds(1_111_111_111));
        let step = Duration::from_secs(30);
        for near in [at.minus(step), at, at.plus(step)] {
            assert_eq!(step_of(secret, "050471", near), Some(37_037_037));
        }
        assert_eq!(step_of(secret, "050471", at.minus(step * 2)), None);
        assert_eq!(step_of(secret, "050471", at.plus(step * 2)), None);
    }

    #[test]
    fn what_an_app_is_told_names_service_and_account_and_can_be_typed() {
        let secret = generate(&Entropy::seeded(7));
        let shown = shown(&secret, "Identity: Portal", "fred@bank.example").unwrap();
        assert!(
            shown.address.starts_with("otpauth://totp/Identity%20%20Portal:fred%40bank.example?secret="),
            "{}",
            *shown.address
        );
        assert!(shown.groups.split(' ').all(|group| group.len() == 4));
        assert!(shown.address.contains(&shown.groups.replace(' ', "")));
    }
}
