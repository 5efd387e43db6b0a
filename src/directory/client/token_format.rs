//! What the access tokens of a client look like.

use serde::{Deserialize, Serialize};

/// A form of access tokens (`decisions.md` 3). What they are good for is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessTokenFormat {
    /// A signed JWT (RFC 9068), which whoever sees it can read.
    #[default]
    Jwt,
    /// A random text, which says nothing to anybody but us.
    Opaque,
}

impl AccessTokenFormat {
    /// All.
    pub const ALL: [Self; 2] = [Self::Jwt, Self::Opaque];

    /// The word stored, and said in registrations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::Opaque => "opaque",
        }
    }

    /// Reads that word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
