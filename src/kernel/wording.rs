//! What organisations are called: banks have levels, administrations are authorities, others are organisations.

use serde::Deserialize;

/// The word for an organisation on every page, in every language; a profile chooses it (`delegation.md` §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// "Level", as the ECB Identity Portal says.
    #[default]
    Level,
    /// "Authority", as IMI says.
    Authority,
    /// "Organisation", as the Participant Portal says.
    Organisation,
}

impl Wording {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Level, Self::Authority, Self::Organisation];

    /// The word in a profile.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Authority => "authority",
            Self::Organisation => "organisation",
        }
    }
}
