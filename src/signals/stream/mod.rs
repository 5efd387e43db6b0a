//! Streams of events that applications set up for themselves (OpenID Shared Signals Framework 1.0): one of a client, by push (RFC 8935) or
//! to be fetched (RFC 8936). What it says, and of whom, is what [`super::fan_out`] works out for everybody; nothing here widens that.

pub mod manage;
pub mod model;
pub mod poll;
pub mod store;
pub mod verify;
