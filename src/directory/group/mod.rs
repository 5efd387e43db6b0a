//! Groups: each belongs to one application and one environment.

pub mod closure;
pub mod import;
pub mod listed_store;
pub mod manage;
pub mod model;
pub mod nesting;
pub mod nesting_store;
pub mod store;
