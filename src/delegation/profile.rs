//! Profiles: the role definitions and figures of one kind of institution, from TOML, checked as a whole.

mod check;
pub mod diff;
mod file;
mod managing;
pub mod matrix;
mod nominations;
mod organisations;
mod passwords;
mod places;
mod read;
mod recertification;
mod role;
pub mod terms;

use std::time::Duration;

use crate::agreements::Documents;
use crate::authority::Roles;
use crate::delegation::recertification::model::Rules;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::registration::model::RegistrationRules;
use crate::kernel::password_rules::PasswordSets;
use crate::kernel::time::Timestamp;
use crate::kernel::user_names::UserNames;
use crate::kernel::wording::Wording;

pub use check::{Beside, Problem, load, load_beside};

/// The profiles that come with the program, by name.
pub const SHIPPED: &[(&str, &str)] = &[
    ("ecb-identity-portal", include_str!("../../config/profiles/ecb-identity-portal.toml")),
    ("imi", include_str!("../../config/profiles/imi.toml")),
    ("participant-portal", include_str!("../../config/profiles/participant-portal.toml")),
];

/// A profile that has been checked.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Counted up with every change.
    pub version: u32,
    /// From when on it holds (P10).
    pub effective: Timestamp,
    /// Its role definitions.
    pub roles: Roles,
    /// What the pages call an organisation.
    pub wording: Wording,
    /// How long a change of address by an administrator stays pending (`decisions.md` 5).
    pub cooling_off: Duration,
    /// How long an activation link works.
    pub activation: Duration,
    /// How long a recovery link works.
    pub recovery: Duration,
    /// How new people get their user names (I59).
    pub user_names: UserNames,
    /// What is asked of passwords (I65, I84–I86).
    pub passwords: PasswordSets,
    /// How long a token that a delegate makes for scripts lasts at most.
    pub delegated_token: Duration,
    /// How long after a second factor a person may make changes; then they prove both anew.
    pub elevation: Duration,
    /// For how long a browser may be asked for no code, if its owner wishes so; zero where that is not offered (ADR 0019).
    pub remember_for: Duration,
    /// How long a deleted person can be restored.
    pub deleted_user: Duration,
    /// The phases that a project goes through, in order; in the last one it is over. Empty where there are no projects.
    pub phases: Vec<String>,
    /// In which terms organisations are described (I16).
    pub terms: Terms,
    /// How authorities are invited to register themselves (I30, D11).
    pub registrations: RegistrationRules,
    /// How long a deactivated organisation can be reactivated before it is deleted (I81).
    pub deactivated_organisation: Duration,
    /// How often administrators are asked which roles and memberships are still needed; never where it is not said.
    pub recertification: Option<Rules>,
    /// What people are asked to accept (E16, E17).
    pub agreements: Documents,
}

impl Profile {
    /// A shipped profile by name; `None` if there is none of that name.
    pub fn shipped(name: &str) -> Option<Result<Self, Vec<Problem>>> {
        SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| load(text))
    }
}

#[cfg(test)]
mod edges;
