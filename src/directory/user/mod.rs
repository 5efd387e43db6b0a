//! People: one natural person with one home organisation (E09).

pub mod model;
pub(crate) mod row_store;
pub mod search_store;
pub mod store;
