//! Projects: what several organisations do together, and the phases they go through (P14, P16).

pub mod error;
pub mod manage;
pub mod model;
pub mod start;
pub mod store;
