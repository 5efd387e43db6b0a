//! SCIM 2.0 (RFC 7643, RFC 7644): translates the outside world into use cases and back; owns no business rule.

pub mod applications;
pub mod attribute;
pub mod body;
pub mod bulk;
pub mod bulk_plan;
pub mod cursor;
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
pub mod list_request;
pub mod listed;
pub mod me;
pub mod media;
pub mod members;
pub mod nominations;
pub mod operation;
pub mod organizations;
pub mod page;
mod parts;
pub mod patch;
pub mod path;
pub mod pointed;
pub mod projection;
pub mod query;
pub mod request;
pub mod role_assignment_write;
pub mod role_assignments;
pub mod router;
pub mod schema;
pub mod schema_text;
pub mod search;
pub mod sorted;
pub mod specialise;
pub mod suggestions;
pub mod user_resource;
pub mod user_view;
pub mod user_write;
pub mod users;

pub use router::{Scim, Settings, router};

#[cfg(test)]
mod tests;
