//! Organisations: the nodes of one tree (level, third party, authority).

pub mod model;
pub mod store;
