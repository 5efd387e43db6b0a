//! How strongly somebody proved who they are: what roles ask for, and what a sign-in has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Weakest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Two factors, one of them whatever is allowed here: a code by phone, a recovery code.
    #[default]
    Any,
    /// At least an authenticator app: nothing that goes through a telephone network.
    App,
    /// A passkey: nobody can be lured into giving it away (phishing-resistant, NIST SP 800-63B-4 §3.2.5).
    Passkey,
}

impl Strength {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Any, Self::App, Self::Passkey];

    /// The word of profiles and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::App => "app",
            Self::Passkey => "passkey",
        }
    }

    /// What the methods of a sign-in come to (RFC 8176).
    pub fn of_amr<'a>(amr: impl IntoIterator<Item = &'a str>) -> Self {
        let of = |method| match method {
            "pop" => Self::Passkey,
            "otp" => Self::App,
            _ => Self::Any,
        };
        amr.into_iter().map(of).max().unwrap_or_default()
    }
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Strength {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|strength| strength.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_as_strong_as_the_best_that_was_proved() {
        for (amr, strength) in [
            ("pwd sms mfa", Strength::Any),
            ("pwd mfa", Strength::Any),
            ("pwd", Strength::Any),
            ("pwd otp mfa", Strength::App),
            ("pop user mfa", Strength::Passkey),
            ("", Strength::Any),
        ] {
            assert_eq!(Strength::of_amr(amr.split(' ')), strength, "{amr}");
        }
        assert!(Strength::ALL.is_sorted() && Strength::ALL.iter().all(|one| one.as_str().parse() == Ok(*one)));
    }
}
