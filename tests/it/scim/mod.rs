//! SCIM over HTTP, as provisioning clients use it.

mod abuse;
mod groups;
mod hr;
mod lists;
mod service;
mod users;
