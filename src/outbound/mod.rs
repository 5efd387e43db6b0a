//! Calls to addresses that others named: guarded, so that no such address reaches into our own network (IN-07, OA-21).

mod client;
pub mod guard;

pub use client::{Answer, Call, Outbound, OutboundError, Reply, Settings};
