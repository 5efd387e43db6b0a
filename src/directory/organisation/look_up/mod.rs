//! The general directory of organisations (I43, I88): those in use, for whoever the profile lets look them up.

pub mod hits;
pub mod model;
pub mod store;
pub mod word_store;
pub mod words;
