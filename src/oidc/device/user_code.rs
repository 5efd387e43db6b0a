//! The code that a person types (RFC 8628 §6.1): eight letters without vowels, so that it is no word and is not misread. 20⁸ are 34 bits:
//! enough where tries are counted (§5.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kernel::random::Entropy;
use crate::kernel::seal::{Place, SealError};
use crate::kernel::secret::Digest;
use crate::tokens::Kek;

/// The letters, as RFC 8628 §6.1 has them.
const LETTERS: [char; 20] =
    ['B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z'];

/// How many of them.
const LENGTH: usize = 8;

/// Longest text that is read as a code, in octets.
const MAX_TYPED: usize = 64;

/// Such a code, without what is typed between its letters.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct UserCode(String);

impl UserCode {
    pub(super) fn generate(entropy: &Entropy) -> Self {
        let letter = |_| LETTERS.get(entropy.below(20) as usize).copied().unwrap_or('B');
        Self((0..LENGTH).map(letter).collect())
    }

    /// What somebody typed: however large, with whatever spaces and dashes.
    pub(super) fn read(typed: &str) -> Option<Self> {
        if typed.len() > MAX_TYPED {
            return None;
        }
        let between =
            |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        let code: String = typed.chars().filter(between).map(|c| c.to_ascii_uppercase()).collect();
        (code.len() == LENGTH && code.chars().all(|c| LETTERS.contains(&c))).then_some(Self(code))
    }

    /// As it is shown: in two halves.
    pub(super) fn shown(&self) -> String {
        let (left, right) = self.0.split_at(LENGTH / 2);
        format!("{left}-{right}")
    }

    /// What it is found by: under a key of the installation, for it is short.
    pub(super) fn digest(&self, kek: &Kek) -> Digest {
        let mac = kek.derive("device user code", self.0.as_bytes());
        Digest::from_slice(&mac).unwrap_or_else(|| Digest::of(&mac))
    }

    /// To be kept until its person has signed in.
    pub(super) fn seal(&self, kek: &Kek, grant: &str, entropy: &Entropy) -> Result<String, SealError> {
        Ok(URL_SAFE_NO_PAD.encode(kek.seal(place(grant), self.0.as_bytes(), entropy)?))
    }

    pub(super) fn open(sealed: &str, kek: &Kek, grant: &str) -> Result<Self, SealError> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealError::DoesNotOpen)?;
        let plain = kek.open(place(grant), &sealed)?;
        std::str::from_utf8(&plain).ok().and_then(Self::read).ok_or(SealError::DoesNotOpen)
    }
}

fn place(grant: &str) -> Place<'_> {
    Place { table: "authorization_requests", row: grant, column: "user_code" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8628 §6.1: case and what stands between the letters do not matter; anything else is no code.
    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in [
            "WDJB-MJHT",
            "wdjbmjht",
            " WdJb mJhT ",
            "w d j b - m j h t",
            "WDJB\u{2013}MJHT",
            "WDJB_MJHT",
            "\tWDJB.MJHT\n",
        ] {
            assert_eq!(UserCode::read(typed).map(|code| code.shown()).as_deref(), Some("WDJB-MJHT"), "{typed}");
        }
        for odd in [
            "",
            "WDJB-MJH",
            "WDJB-MJHTT",
            "WDJA-MJHT",
            "WDJ0-MJHT",
            "WDJB/MJHT",
            "ＷDJBMJHT",
            "wdjbmjhſ",
            &"W".repeat(9),
            &" ".repeat(1_000),
        ] {
            assert!(UserCode::read(odd).is_none(), "{odd}");
        }
    }

    /// RFC 8628 §5.1: no two of many are the same, and each letter comes up.
    #[test]
    fn codes_are_drawn_from_all_letters() {
        let entropy = Entropy::seeded(7);
        let codes: std::collections::BTreeSet<String> = (0..1_000).map(|_| UserCode::generate(&entropy).0).collect();
        assert_eq!(codes.len(), 1_000);
        assert!(LETTERS.iter().all(|letter| codes.iter().any(|code| code.contains(*letter))));
        assert!(codes.iter().all(|code| UserCode::read(code).is_some()));
    }

    #[test]
    fn what_waits_for_a_sign_in_opens_for_its_own_grant_only() {
        let entropy = Entropy::seeded(8);
        let (kek, code) = (Kek::generate(&entropy), UserCode::generate(&entropy));
        let sealed = code.seal(&kek, "one", &entropy).unwrap();
        assert!(UserCode::open(&sealed, &kek, "one").unwrap() == code);
        assert!(UserCode::open(&sealed, &kek, "other").is_err() && UserCode::open("x", &kek, "one").is_err());
        assert!(code.digest(&kek) != code.digest(&Kek::generate(&entropy)));
    }
}
