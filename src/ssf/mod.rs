//! The transmitter of the OpenID Shared Signals Framework 1.0: where applications set up a stream of events for themselves, ask for a
//! verification, and fetch what waits. Off for each client unless an operator lets it.

mod document;
mod error;
mod metadata;
mod poll;
mod receiver;
mod router;
mod status;
mod streams;
mod subjects;
mod verification;

pub use router::{Ssf, router};
