//! Groups: each belongs to one application and one environment.

pub mod model;
pub mod store;
