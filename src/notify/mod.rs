//! Messages to people: typed, queued in the transaction of their cause, sent by the worker.

pub mod conversion;
mod deliver;
pub mod dev;
pub mod email;
pub mod gateway;
pub mod message;
pub mod number_store;
pub mod numbers;
pub mod outbox;
pub mod outbox_store;
pub mod render;
mod transports;

pub use deliver::{deliver_channel, deliver_due, drop_dead};
pub use dev::DevOutbox;
pub use message::Message;
pub use numbers::NumberSettings;
pub use transports::{Driver, Settings, Transports};
