//! What clients did lately: when they were here last, their requests without what was in them, and what was tolerated. Noted in memory
//! while a request is answered, written in the background.

pub mod flush;
pub mod model;
pub mod note;
pub mod store;

pub use note::Activity;
