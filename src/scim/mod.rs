//! SCIM 2.0 (RFC 7643, RFC 7644): translates the outside world into use cases and back; owns no business rule.

pub mod attribute;
pub mod body;
mod discovery;
pub mod error;
pub mod etag;
pub mod filter;
pub mod filter_parser;
mod group_resource;
mod group_view;
mod groups;
mod members;
pub mod patch;
pub mod path;
pub mod projection;
pub mod query;
mod request;
mod router;
pub mod schema;
pub mod store;
mod user_resource;
mod user_view;
mod users;

pub use router::{Scim, Settings, router};

#[cfg(test)]
mod tests;
