//! The use cases on roles: profiles, grants, revocations, confirmations.

pub mod profile;
