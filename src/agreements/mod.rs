//! Terms of use: what people agree to before they go on, and which version of it they agreed to (E16, E17).
//!
//! The texts are data of the profile. Nothing is asked where there are none.

pub mod accept;
pub mod model;
pub mod store;

pub use model::{Document, Documents, GENERAL, InForce, Version};
