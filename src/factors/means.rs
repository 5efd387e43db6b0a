//! By what a second factor was proved, and what a person could prove it by.

use super::phone_code::PhoneChannel;

/// By what a code came to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// By phone (E22).
    Phone(PhoneChannel),
    /// From an authenticator app (RFC 6238).
    App,
    /// From a list of recovery codes.
    RecoveryCode,
}

impl Means {
    /// The authentication method references of a sign-in by password and this (RFC 8176 §2). There is none for recovery codes; `mfa` stands alone
    /// for them.
    pub fn amr(self) -> Vec<String> {
        let method = match self {
            Self::Phone(channel) => Some(channel.amr()),
            Self::App => Some("otp"),
            Self::RecoveryCode => None,
        };
        ["pwd"].into_iter().chain(method).chain(["mfa"]).map(str::to_owned).collect()
    }
}

/// How somebody's codes come to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// How codes are sent where they are.
    pub channel: PhoneChannel,
    /// Their authenticator app is the default: nothing is sent until they ask for it (E27).
    pub by_app: bool,
    /// They have an app or recovery codes left, and so need no phone.
    pub without_phone: bool,
}
