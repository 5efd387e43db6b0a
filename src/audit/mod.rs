//! What was done, by whom, by which right: written in the transaction of the change (D10), then linked into a chain.

pub mod chain;
pub mod checkpoint;
mod event;
mod kind;
mod record;
pub mod store;
mod tally;

pub use event::{Event, Subject};
pub use kind::Kind;
pub use record::{record, record_all};
pub use tally::Tally;
