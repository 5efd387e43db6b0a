//! SCIM over HTTP, as provisioning clients use it.

mod abuse;
mod bulk;
mod clients;
mod conflicts;
mod contacts;
mod cursors;
mod delegates;
mod dialects;
mod discovery;
mod groups;
mod hidden;
mod hr;
mod laws;
mod limits;
mod lists;
mod modules;
mod nested;
mod pending;
mod provisioning;
mod provisioning_tokens;
mod resources;
mod rights;
mod service;
mod users;
mod versions;
mod written;
