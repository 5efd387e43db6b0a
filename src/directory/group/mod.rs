//! Groups: each belongs to one application and one environment.

pub mod import;
pub mod listed_store;
pub mod manage;
pub mod model;
pub mod store;
