//! Keys, signed tokens, and the grants they descend from.
//!
//! Issues and checks what other programs hold; knows no endpoint. [`access_token::Tokens`] is the handle: OpenID
//! Connect signs with it, SCIM and `UserInfo` check bearers with it.

pub mod access_token;
pub mod cache;
pub mod consent;
pub mod consent_store;
pub mod delegated;
pub mod delegated_store;
pub mod device_store;
pub mod document;
pub mod exchanged;
pub mod family;
pub mod family_store;
mod kept;
pub mod key_pair;
pub mod key_store;
pub mod key_use;
pub mod keys;
pub mod mint;
pub mod opaque;
pub mod opaque_store;
pub mod opening_key;
pub mod presented;
pub mod provisioning;
pub mod provisioning_store;
pub mod pushed_store;
mod refused;
pub mod revoke;
pub mod revoked_store;
pub mod ring;
pub mod rotation;
pub mod signing_key;
pub mod subjects;

pub use crate::kernel::seal::Kek;
pub use access_token::{Bearer, BearerError, Tokens};
pub use keys::{KeyError, Keys};
pub use rotation::Rotation;
