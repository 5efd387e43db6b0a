//! SCIM over HTTP, as provisioning clients use it.

mod abuse;
mod conflicts;
mod groups;
mod hidden;
mod hr;
mod lists;
mod pending;
mod service;
mod users;
