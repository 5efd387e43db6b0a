//! What services that provision are told of (RFC 9967): that a person or a group that they see was made, changed, deleted, or came into
//! their sight or left it. Never what it is now: whoever wants to know asks by SCIM, and gets what they may have.
//!
//! It is read from the audit log, in the order of its chain: each change is there once, whoever made it and by whatever door.

pub mod feed;
pub mod notice;
mod sight;
