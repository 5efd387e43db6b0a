//! SCIM over HTTP, as provisioning clients use it.

mod abuse;
mod clients;
mod conflicts;
mod contacts;
mod discovery;
mod groups;
mod hidden;
mod hr;
mod limits;
mod lists;
mod modules;
mod nested;
mod pending;
mod provisioning;
mod resources;
mod rights;
mod service;
mod users;
mod versions;
mod written;
