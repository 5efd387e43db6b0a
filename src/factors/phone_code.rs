//! Codes by phone: six digits, three minutes, a few tries (E21–E25; `decisions.md` 9). Pure.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::kernel::ids::SignInId;
use crate::kernel::random::Entropy;
use crate::kernel::secret::Digest;

/// How long a code works (E23).
pub const LIFETIME: Duration = Duration::from_mins(3);
/// Wrong tries after which a code is dead.
pub const TRIES_PER_CODE: i64 = 3;
/// Wrong tries after which a sign-in is dead, however many codes it had.
pub const TRIES_PER_SIGN_IN: i64 = 10;
/// Wrong tries in a row, over all sign-ins, after which the phone of an account stops being a factor.
pub const TRIES_PER_ACCOUNT: i64 = 20;
/// Codes asked for again in one sign-in (AU-08).
pub const RESENDS_PER_SIGN_IN: i64 = 3;
/// Least time between two codes (AU-08).
pub const RESEND_AFTER: Duration = Duration::from_secs(30);

/// How a code reaches its person (E22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneChannel {
    /// As a text.
    Sms,
    /// Spoken.
    Voice,
}

impl PhoneChannel {
    /// The word stored and sent in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sms, Self::Voice].into_iter().find(|channel| channel.as_str() == text)
    }

    /// The authentication method reference (RFC 8176 §2).
    pub fn amr(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "tel",
        }
    }
}

/// A fresh code; all million values are equally likely.
pub fn generate(entropy: &Entropy) -> String {
    format!("{:06}", entropy.below(1_000_000))
}

/// A code as typed, in the one form that is compared: spaces and hyphens dropped, full-width digits read as digits
/// (AU-04). `None` if it is not six digits: a missing leading zero is not guessed.
pub fn canonical(typed: &str) -> Option<String> {
    digits(typed).filter(|digits| digits.len() == 6)
}

/// The digits of what was typed, of any number; `None` where anything else stands between them but spaces and hyphens.
pub fn digits(typed: &str) -> Option<String> {
    let kept = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{a0}'));
    kept.map(|c| match c {
        '0'..='9' => Some(c),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(u32::from(c) - 0xff10, 10),
        _ => None,
    })
    .collect()
}

/// What is stored of a code: bound to its sign-in (AU-05), under the installation's key so that a stolen database
/// does not give the code away.
pub fn digest(key: &[u8], sign_in: SignInId, code: &str) -> Option<Digest> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"code\0");
    mac.update(sign_in.0.as_bytes());
    mac.update(code.as_bytes());
    Digest::from_slice(&mac.finalize().into_bytes())
}

/// The last two digits shown after a first step that was not right: the same for the same address and password, others
/// for another password. Neither a stable ending nor a changing one tells which password is right (AU-10, AU-23).
pub fn look_alike_ending(key: &[u8], email_folded: &str, password: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return "00".to_owned() };
    mac.update(b"ending\0");
    mac.update(email_folded.as_bytes());
    mac.update(b"\0");
    mac.update(password.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let number = bytes.iter().take(4).fold(0_u32, |sum, byte| sum.wrapping_mul(256).wrapping_add(u32::from(*byte)));
    format!("{:02}", number % 100)
}

/// By which the same password is known again wherever it is tried (AU-20); worth nothing without the key.
pub fn tried_digest(key: &[u8], password: &str) -> Digest {
    let mac = Hmac::<Sha256>::new_from_slice(key).ok().map(|mut mac| {
        mac.update(b"tried\0");
        mac.update(password.as_bytes());
        mac.finalize().into_bytes()
    });
    mac.as_ref().and_then(|bytes| Digest::from_slice(bytes)).unwrap_or_else(|| Digest::of(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_04_one_canonical_form_is_compared() {
        assert_eq!(canonical(" 012-345 ").as_deref(), Some("012345"));
        assert_eq!(canonical("012 345").as_deref(), Some("012345"));
        assert_eq!(canonical("012345").as_deref(), Some("012345"));
        assert_eq!(canonical("12345"), None);
        assert_eq!(canonical("01234x"), None);
        assert_eq!(canonical("٠١٢٣٤٥"), None);
    }

    #[test]
    fn an_ending_is_two_digits_and_depends_on_address_password_and_key() {
        let ending = |key: &[u8], email: &str, password: &str| look_alike_ending(key, email, password);
        assert_eq!(ending(b"k", "a@b.example", "p"), ending(b"k", "a@b.example", "p"));
        let differ = |other: &dyn Fn(u32) -> String| (0..50).any(|n| other(n) != ending(b"k", "a@b.example", "p"));
        assert!(differ(&|n| ending(b"k", "a@b.example", &n.to_string())));
        assert!(differ(&|n| ending(b"k", &format!("{n}@b.example"), "p")));
        assert!(differ(&|n| ending(&n.to_be_bytes(), "a@b.example", "p")));
        assert!((0..50).all(|n| ending(b"k", "x", &n.to_string()).len() == 2));
    }
}
