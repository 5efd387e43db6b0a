//! What a service that provisions is held to: until when and from where its tokens are taken, and how literally its requests. Pure.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::kernel::network::Network;
use crate::kernel::time::Timestamp;

/// Most networks in its list.
pub const MAX_ADDRESSES: usize = 50;

/// How requests are taken that the letter of RFC 7644 would refuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tolerance {
    /// As they are meant; it is counted.
    #[default]
    Tolerant,
    /// They are refused.
    Strict,
}

impl Tolerance {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Tolerant, Self::Strict];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tolerant => "tolerant",
            Self::Strict => "strict",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What a service is held to, beside its roles and scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provisioning {
    /// From this instant on neither its secret nor its tokens are good for anything (D12).
    pub valid_until: Option<Timestamp>,
    /// The only networks from which they are taken; empty: from anywhere.
    pub addresses: Vec<Network>,
    /// How literally its SCIM requests are taken.
    pub scim_tolerance: Tolerance,
    /// Switched off by an operator: a delegate does not switch it on again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
}

impl Provisioning {
    /// Whether it is held to nothing.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether its time is over.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.valid_until.is_some_and(|end| end <= now)
    }

    /// Whether a request from this address is its own. An address that is not known is in no list.
    pub fn admits(&self, ip: Option<IpAddr>) -> bool {
        self.addresses.is_empty() || ip.is_some_and(|ip| self.addresses.iter().any(|network| network.contains(ip)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D12; a list is a list of what is admitted, and what is not known is not in it.
    #[test]
    fn a_service_ends_and_comes_from_where_it_is_said_to() {
        let mut held = Provisioning::default();
        let ip = |text: &str| Some(text.parse().unwrap());
        assert!(held.is_open() && held.admits(None) && !held.has_ended(Timestamp(i64::MAX)));
        held.valid_until = Some(Timestamp(7));
        held.addresses = vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::1".parse().unwrap()];
        assert!(!held.is_open() && !held.has_ended(Timestamp(6)) && held.has_ended(Timestamp(7)));
        assert!(held.admits(ip("10.9.9.9")) && held.admits(ip("::ffff:10.9.9.9")) && held.admits(ip("2001:db8::1")));
        assert!(!held.admits(ip("11.0.0.1")) && !held.admits(ip("2001:db8::2")) && !held.admits(None));
        let stored = serde_json::to_string(&held).unwrap();
        assert_eq!(serde_json::from_str::<Provisioning>(&stored).unwrap(), held);
    }
}
