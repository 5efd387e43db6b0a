//! Memberships: the only way to access (E50).

pub mod access_store;
pub mod assign;
pub mod model;
pub mod store;
