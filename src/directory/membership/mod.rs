//! Memberships: the only way to access (E50).

pub mod access_store;
pub mod assign;
mod batch;
pub mod change_store;
pub(in crate::directory) mod come_along;
pub(crate) mod ending;
pub(in crate::directory) mod group_condition;
pub mod import;
pub mod keep;
pub mod listed_store;
pub mod model;
pub mod page_store;
pub mod sight;
pub mod store;
