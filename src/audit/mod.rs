//! What was done, by whom, by which right: written in the transaction of the change (D10), then linked into a chain.

pub mod chain;
pub mod checkpoint;
mod event;
mod record;
pub mod store;
mod tally;

pub use event::{Event, Kind, Subject};
pub use record::{record, record_all};
pub use tally::Tally;
