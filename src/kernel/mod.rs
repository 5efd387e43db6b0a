//! Words that every module shares: identifiers, time, randomness, the context of a request, texts with rules.
//!
//! Depends on nothing else in this crate, so that every other module may depend on it.

pub mod cell;
pub mod ctx;
pub mod file;
pub mod hex;
pub mod ids;
pub mod labels;
pub mod limits;
pub mod links;
pub mod network;
pub mod password_rules;
pub mod random;
pub mod seal;
pub mod secret;
pub mod strength;
pub mod text;
pub mod time;
pub mod user_names;
pub mod wording;
