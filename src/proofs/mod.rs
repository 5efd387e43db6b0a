//! What others sign to prove who they are or what they hold: their keys, their signatures, and that each proof works once. And what is
//! encrypted to their keys.
//!
//! Knows no endpoint and no client: whoever asks says which keys count and what has to be in a proof.

pub mod algorithm;
pub mod assertion;
pub mod audience;
pub mod certificate;
pub mod client_keys;
pub mod dpop;
pub mod encryption;
pub mod jwe;
#[cfg(test)]
mod jwe_tests;
pub mod jws;
pub mod key;
pub mod key_set;
pub mod nonce;
pub mod numeric_date;
pub mod once;
pub mod once_store;
pub mod private_key;
pub mod recipient;
pub mod request_object;
pub mod statement;

pub use algorithm::Algorithm;
pub use certificate::{CertificateName, ClientCertificate};
pub use client_keys::{ClientKeys, KeySource};
pub use dpop::{Dpop, DpopFault};
pub use encryption::{ContentEncryption, Encrypted, KeyManagement};
pub use key::PublicKey;
pub use key_set::KeySet;
