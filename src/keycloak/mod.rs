//! Moving in from Keycloak: what its export of a realm holds, as organisations, applications, groups, clients, people and memberships.
//! The same use cases and decisions as from the console; what has no counterpart is said and left.

pub mod apply;
mod apply_people;
pub mod client;
pub mod credentials;
pub mod person;
pub mod plan;
pub mod realm;
pub mod roles;
