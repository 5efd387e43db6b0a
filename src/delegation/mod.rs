//! The use cases on roles: profiles, grants, revocations, confirmations.

pub(crate) mod administrators;
pub mod audit_store;
mod award;
pub mod confirm;
pub mod deputy;
pub mod effect;
mod effect_store;
pub mod ending;
pub mod explain;
pub(crate) mod first_user;
pub mod give;
pub mod grant;
pub mod holders;
pub mod listed_store;
pub mod model;
pub mod nomination;
pub mod place_store;
pub mod profile;
pub mod recertification;
pub mod request;
pub mod revoke;
pub mod rules;
pub(crate) mod separation;
pub mod simulate;
pub mod store;
mod tell;
pub mod told;
