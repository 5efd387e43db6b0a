//! The signature algorithms there are (RFC 7518 §3.1, RFC 8037 §3.1). Nothing symmetric, no `none` (OA-33).

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Ps256, Self::EdDsa, Self::Rs256];

    /// Those of the FAPI 2.0 Security Profile (§5.4.1).
    pub const STRONG: [Self; 3] = [Self::Es256, Self::Ps256, Self::EdDsa];

    /// The registered name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Ps256 => "PS256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    /// Reads a registered name; `Ed25519` is the younger one of the same (RFC 9864 §2.2).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "Ed25519" => Some(Self::EdDsa),
            text => Self::named(text),
        }
    }

    /// Reads the name that is written in settings: one per algorithm.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }
}
