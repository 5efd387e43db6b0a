//! Applications and their environments (E51, C02).

pub mod model;
pub mod store;
