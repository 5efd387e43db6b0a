//! What an organisation is.

use std::collections::BTreeSet;

use crate::kernel::ids::OrganisationId;
use crate::kernel::time::Timestamp;

/// Deepest level that a node may have; the root is at 0.
pub const MAX_DEPTH: usize = 16;

/// Whether people sign in on behalf of an organisation (D9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In use.
    Active,
    /// Nobody signs in on its behalf or below it, no grants (DA-44); deleted after a while (I81).
    Deactivated,
    /// Gone: a stone with an id that is never used again, in no list and in no path (docs/adr/0011).
    Deleted,
}

impl Status {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Deactivated => "deactivated",
            Self::Deleted => "deleted",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "deactivated" => Some(Self::Deactivated),
            "deleted" => Some(Self::Deleted),
            _ => None,
        }
    }
}

/// A node of the organisation tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// The node above; `None` for the root.
    pub parent: Option<OrganisationId>,
    /// Its official name.
    pub name: String,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: Option<String>,
    /// Legal Entity Identifier (ISO 17442).
    pub lei: Option<String>,
    /// The institution's own key for it.
    pub external_id: Option<String>,
    /// Its own status; a node below a deactivated one counts as deactivated, too.
    pub status: Status,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by each change.
    pub version: i64,
}

/// Most Access Managers of one organisation.
pub const MAX_MANAGERS: usize = 50;

/// Where a node stands: the ids from the root down to it, the node last, never empty; which organisations manage it; and
/// whether it manages any itself (I03).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationPath {
    from_root: Vec<OrganisationId>,
    managers: BTreeSet<OrganisationId>,
    manages: bool,
}

impl OrganisationPath {
    /// From the root down; `None` when empty.
    pub fn new(from_root: Vec<OrganisationId>) -> Option<Self> {
        let path = Self { from_root, managers: BTreeSet::new(), manages: false };
        if path.from_root.is_empty() { None } else { Some(path) }
    }

    /// The same place with its Access Managers, and whether it is one of others.
    #[must_use]
    pub fn managed(self, managers: BTreeSet<OrganisationId>, manages: bool) -> Self {
        Self { managers, manages, ..self }
    }

    /// The organisations that manage it.
    pub fn managers(&self) -> &BTreeSet<OrganisationId> {
        &self.managers
    }

    /// Whether it manages any other.
    pub fn manages(&self) -> bool {
        self.manages
    }

    /// The top of the country that it belongs to: the node right below the root, at or above it; none for the root (I01).
    /// Who manages an organisation belongs to the same country.
    pub fn country(&self) -> Option<OrganisationId> {
        self.from_root.get(1).copied()
    }

    /// Whether its whole country is at or below `organisation`.
    pub fn country_is_under(&self, organisation: OrganisationId) -> bool {
        self.from_root.len() > 1 && self.from_root.iter().take(2).any(|id| *id == organisation)
    }

    /// The node itself.
    pub fn node(&self) -> OrganisationId {
        self.from_root.last().copied().unwrap_or(OrganisationId(uuid::Uuid::nil()))
    }

    /// The node above, if there is one.
    pub fn parent(&self) -> Option<OrganisationId> {
        self.from_root.iter().rev().nth(1).copied()
    }

    /// How many nodes stand above.
    pub fn depth(&self) -> usize {
        self.from_root.len().saturating_sub(1)
    }

    /// Whether `organisation` is this node or stands above it.
    pub fn is_under(&self, organisation: OrganisationId) -> bool {
        self.from_root.contains(&organisation)
    }

    /// From the root down.
    pub fn ids(&self) -> &[OrganisationId] {
        &self.from_root
    }
}

/// What a caller gives to create or change an organisation; a change replaces all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationDetails {
    /// Its official name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Legal Entity Identifier (ISO 17442).
    pub lei: Option<String>,
    /// The institution's own key for it.
    pub external_id: Option<String>,
}
