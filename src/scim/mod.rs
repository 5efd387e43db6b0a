//! SCIM 2.0 (RFC 7643, RFC 7644): translates the outside world into use cases and back; owns no business rule.

pub mod applications;
pub mod attribute;
pub mod body;
pub mod discovery;
pub mod document;
pub mod error;
pub mod etag;
pub mod external_id;
pub mod filter;
pub mod filter_parser;
pub mod group_answer;
pub mod group_place;
pub mod group_resource;
pub mod group_view;
pub mod group_write;
pub mod groups;
pub mod home;
pub mod invitations;
pub mod listed;
pub mod members;
pub mod nominations;
mod noted;
pub mod operation;
pub mod organizations;
pub mod patch;
pub mod path;
pub mod projection;
pub mod query;
pub mod request;
pub mod role_assignment_write;
pub mod role_assignments;
pub mod router;
pub mod schema;
pub mod schema_text;
pub mod self_test;
pub mod suggestions;
pub mod tolerated;
pub mod user_resource;
pub mod user_view;
pub mod user_write;
pub mod users;

pub use router::{Scim, Settings, router};

#[cfg(test)]
mod tests;
