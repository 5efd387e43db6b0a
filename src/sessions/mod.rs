//! Signing in and being signed in: the state machine of a sign-in, sessions, and requests that wait for one.

pub mod browser_store;
pub mod code;
pub mod compare;
pub mod end;
pub mod model;
pub mod naming;
pub mod one_factor;
pub mod parked;
pub mod parked_store;
pub mod passkey;
pub mod refused;
pub mod remembered;
pub mod sign_in;
pub mod sign_in_store;
pub mod start;
pub mod step_up;
pub mod store;
pub mod told_store;

pub use model::{Session, Settings};
