//! Groups: each belongs to one application and one environment.

pub mod manage;
pub mod model;
pub mod store;
