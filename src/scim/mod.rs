//! SCIM 2.0 (RFC 7643, RFC 7644): translates the outside world into use cases and back; owns no business rule.

pub mod attribute;
pub mod body;
pub mod error;
pub mod etag;
pub mod filter;
pub mod filter_parser;
pub mod patch;
pub mod path;
pub mod projection;
pub mod query;
pub mod schema;
pub mod store;

#[cfg(test)]
mod tests;
