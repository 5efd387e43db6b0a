//! Clients that register themselves (RFC 7591, RFC 7592, OIDC Registration 1.0), by a token that an operator made and by that operator's
//! right: the same rules and use cases as on the operator's page, after a policy that only narrows.

pub mod metadata;
pub mod metadata_said;
pub mod model;
pub mod register;
pub mod statement;
pub mod store;
pub mod token;
