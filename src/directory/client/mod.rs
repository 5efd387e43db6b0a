//! OAuth clients: relying applications of one environment, and services of one organisation.

pub mod model;
pub mod store;
