//! Memberships: the only way to access (E50).

pub mod model;
pub mod store;
