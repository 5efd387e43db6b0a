//! What module access is.

use super::terms::Terms;
use crate::kernel::ids::{ApplicationId, ModuleAccessId, OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// Most coordinators that one authority names in a module.
pub const MAX_COORDINATORS: usize = 20;

/// What an application says about module access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModuleRules {
    /// Whether an organisation must hold it before its people get groups and may sign in (D2).
    pub required: bool,
    /// Whether an authority names its coordinators (I28, I54).
    pub coordinators: Coordinators,
}

impl ModuleRules {
    /// The word stored for [`Self::required`].
    pub fn word(self) -> &'static str {
        if self.required { "required" } else { "none" }
    }

    /// Reads the two words stored.
    pub fn parse(access: &str, coordinators: &str) -> Option<Self> {
        let required = match access {
            "none" => false,
            "required" => true,
            _ => return None,
        };
        Some(Self { required, coordinators: Coordinators::parse(coordinators)? })
    }
}

/// Whether an authority names coordinators of its module access (I54).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coordinators {
    /// None may be named.
    #[default]
    Forbidden,
    /// As it is wished.
    Optional,
    /// At least one.
    Required,
}

impl Coordinators {
    /// All of them, for choices.
    pub const ALL: [Self; 3] = [Self::Forbidden, Self::Optional, Self::Required];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// What an organisation is in a module (I25).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleKind {
    /// It works in it.
    Authority,
    /// It coordinates others, who may name it.
    Coordinator,
}

impl ModuleKind {
    /// Both of them, for choices.
    pub const ALL: [Self; 2] = [Self::Authority, Self::Coordinator];

    /// The word stored, and the claim.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Coordinator => "coordinator",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whether module access has its full effect (D9, I53).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleStatus {
    /// In use.
    Active,
    /// Complete-only: what is under way may be finished, nothing new begun or received; memberships stay, none are added.
    Suspended,
}

impl ModuleStatus {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "suspended" => Some(Self::Suspended),
            _ => None,
        }
    }

    /// What applications are told: the claim `module_status` (I76).
    pub fn told(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "complete_only",
        }
    }

    /// What it means for memberships.
    pub fn standing(self) -> Standing {
        match self {
            Self::Active => Standing::Active,
            Self::Suspended => Standing::Suspended,
        }
    }
}

/// How an organisation stands to an application (D2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// The application asks for no module access.
    #[default]
    NotAsked,
    /// It asks, and the organisation has none.
    Missing,
    /// It has, suspended.
    Suspended,
    /// It has.
    Active,
}

/// Module access as applications are told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Whether it has its full effect.
    pub status: ModuleStatus,
    /// What is agreed.
    pub terms: Terms,
}

/// What an application is told of an organisation.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Nothing: it asks for no module access.
    NotAsked,
    /// It asks, and the organisation has none.
    Missing,
    /// The organisation holds it.
    Held(Held),
}

/// Module access as provisioning clients are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleOf {
    /// Who holds it.
    pub organisation: OrganisationId,
    /// The module of which application.
    pub application: ApplicationId,
    /// The code of the application.
    pub code: String,
    /// Whether it has its full effect.
    pub status: ModuleStatus,
    /// As what.
    pub kind: ModuleKind,
}

/// The fact that an organisation holds the module of an application.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleAccess {
    /// Its id.
    pub id: ModuleAccessId,
    /// Who holds it.
    pub organisation: OrganisationId,
    /// The module of which application.
    pub application: ApplicationId,
    /// As what, and what is agreed besides.
    pub terms: Terms,
    /// Whether it has its full effect.
    pub status: ModuleStatus,
    /// The coordinators that it names, sorted.
    pub coordinators: Vec<OrganisationId>,
    /// When it was first granted.
    pub granted_at: Timestamp,
    /// By whom.
    pub granted_by: PrincipalId,
    /// When it was last changed: granted, suspended, given back …
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: PrincipalId,
    /// Raised by each change.
    pub version: i64,
}
