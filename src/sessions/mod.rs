//! Signing in and being signed in: the state machine of a sign-in, sessions, and requests that wait for one.

pub mod end;
pub mod model;
pub mod parked;
pub mod parked_store;
pub mod store;

pub use model::{Session, Settings};
