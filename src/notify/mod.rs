//! Messages to people: typed, queued in the transaction of their cause, sent by the worker.

mod deliver;
pub mod dev;
pub mod email;
pub mod gateway;
pub mod message;
pub mod outbox;
pub mod outbox_store;
pub mod render;
mod transports;

pub use deliver::deliver_due;
pub use dev::DevOutbox;
pub use message::Message;
pub use transports::{Driver, Settings, Transports};
