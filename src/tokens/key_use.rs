//! What a key of ours is for (RFC 7517 §4.2): to sign, or to open what others encrypt to us.

use crate::proofs::Algorithm;

/// Of which kind a key is that opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// P-256, for every algorithm by which a key is agreed on (RFC 7518 §4.6).
    Ec,
    /// RSA, for RSA-OAEP-256 (RFC 7518 §4.3).
    Rsa,
}

/// What a key is for: one thing only (OA-33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// It signs by this algorithm: `sig`.
    Signing(Algorithm),
    /// It opens: `enc`.
    Opening(KeyType),
}

impl KeyUse {
    /// Both kinds of keys that open.
    pub const OPENING: [Self; 2] = [Self::Opening(KeyType::Ec), Self::Opening(KeyType::Rsa)];

    /// The registered name of what is done with it; for agreement the plainest one stands for all.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Signing(algorithm) => algorithm.as_str(),
            Self::Opening(KeyType::Ec) => "ECDH-ES",
            Self::Opening(KeyType::Rsa) => "RSA-OAEP-256",
        }
    }

    /// Reads such a name.
    pub fn parse(text: &str) -> Option<Self> {
        let opening = Self::OPENING.into_iter().find(|one| one.as_str() == text);
        opening.or_else(|| Algorithm::parse(text).map(Self::Signing))
    }
}

impl From<Algorithm> for KeyUse {
    fn from(algorithm: Algorithm) -> Self {
        Self::Signing(algorithm)
    }
}
