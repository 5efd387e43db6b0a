//! Outbound provisioning: people and groups of an application are pushed to the SCIM server that it has itself (RFC 7644, as a client).
//!
//! Who is there is who could sign in: whoever is in a group of the environment of a client, by the name (`sub`) and with the attributes
//! that its tokens have. Whatever may change that is written down by the database itself, in the transaction of the change
//! (`migrations/…/0035_push.sql`); [`run`] looks at each, works out what the target should hold ([`desired`]) and makes it so
//! ([`remote`]). It compares states and does not replay events: what was missed, done twice or undone by somebody else comes right the
//! next time, at the latest when everything is compared ([`reconcile`]).

mod batch;
pub mod desired;
pub mod desired_store;
pub mod document;
mod lease;
pub mod manage;
pub mod model;
pub mod outcome;
pub mod preview;
pub mod progress_store;
pub mod reconcile;
mod remote;
pub mod resource_store;
pub mod run;
mod sync_groups;
mod sync_users;
pub mod target_store;
pub mod work_store;
