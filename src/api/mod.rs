//! The JSON API (`/api/v1`): the verbs that SCIM lacks, one more surface over the same use cases. It owns no rule.
//!
//! Bearer tokens only, so that no browser can be made to send a request in somebody's name. Errors are problem documents (RFC 9457).
//! What it offers stands in an OpenAPI document, made of the types that the handlers read and write.

pub mod access;
pub mod assignments;
pub mod deputies;
pub mod directory;
pub mod error;
pub mod modules;
pub mod nominations;
pub mod openapi;
pub mod organisations;
pub mod recertification;
pub mod request;
pub mod requests;
pub mod router;
pub mod simulation_view;
pub mod simulations;
pub mod view;

pub use router::{Api, router};
