//! What applications are told without asking (`delegation.md` §5): who is not signed in any more, and what has changed about those
//! who are.
//!
//! Whatever may concern an application is written down by the database itself, in the transaction of the change
//! (`migrations/…/0012_signals.sql`). [`fan_out`] works out whom it concerns and queues a delivery for each; [`deliver`] signs and
//! sends them; [`lapse`] notices what only time has ended.

mod assurance;
pub mod claims;
mod credentials;
pub mod deliver;
pub mod delivery_store;
pub mod fan_out;
pub mod lapse;
pub mod model;
pub mod provisioning;
pub mod store;
pub mod stream;
mod told;
