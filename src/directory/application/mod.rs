//! Applications and their environments (E51, C02).

pub mod environment_store;
pub mod manage;
pub mod model;
pub mod remove;
pub mod store;
