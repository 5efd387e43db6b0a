//! Who may do what to whom: one pure decision, one scope for lists, one proof for writes.
//!
//! `decide` answers; [`Door`] loads what it needs in the caller's transaction and hands out [`Permit`]s, without which no
//! use case changes anything; [`Scope`] is the same rule as a condition for lists.

pub mod action;
mod agreed;
pub(crate) mod amendment_store;
mod application_scope;
mod console;
pub mod decide;
mod decide_amendments;
mod decide_groups;
mod decide_managers;
mod decide_modules;
mod decide_roles;
mod decide_services;
mod decide_writing;
mod deputies;
pub mod deputy_store;
mod door;
pub mod facts;
pub mod hold_store;
mod judge_kept;
mod judge_others;
mod judge_proposed;
mod judge_roles;
mod load;
mod load_asked;
mod load_many;
mod load_targets;
pub mod model;
mod naming;
pub mod narrow;
mod people_store;
pub mod permission;
mod permit;
mod place;
pub mod project_store;
mod reach;
pub(crate) mod registration_store;
mod requires;
pub mod role;
pub mod scope;
pub mod scopes;
pub mod store;

pub use action::Action;
pub use application_scope::ApplicationScope;
pub use decide::{Decision, Reason, decide};
pub use door::{Door, Judged, Refusal, SECOND_FACTOR_LASTS, granted_within};
pub use facts::{Facts, Managing, ServiceFacts};
pub use judge_kept::{KeptMembership, KeptRole};
pub(crate) use judge_others::decisions;
pub use judge_proposed::Proposed;
pub use judge_roles::{Listed, RoleRights};
pub use model::{Applications, Assignment, Authority, Extent, Validity};
pub use naming::Naming;
pub use permission::{Permission, PermissionSet};
pub use permit::Permit;
pub use reach::Reach;
pub use role::{DirectoryRules, InitialRoles, RoleDefinition, Roles};
pub use scope::Scope;

#[cfg(test)]
mod tests;
