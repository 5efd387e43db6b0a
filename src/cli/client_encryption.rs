//! What is encrypted to a client, on the command line.

use clap::Args;

use super::CliError;
use crate::directory::client::encryption::{Encryptable, Encryption};
use crate::proofs::Encrypted;

/// What takes an encryption away again.
const NONE: &str = "none";

/// What may be said about it, as client metadata call it; what is not said stays.
#[derive(Clone, Debug, Args)]
pub(super) struct Encrypting {
    /// How ID tokens are encrypted to it: ECDH-ES, ECDH-ES+A128KW, ECDH-ES+A256KW, RSA-OAEP-256, or `none`
    #[arg(long, value_name = "ALGORITHM")]
    id_token_encrypted_response_alg: Option<String>,
    /// How their content is: A128CBC-HS256, A256CBC-HS512, A128GCM or A256GCM [default: the first]
    #[arg(long, value_name = "ENCRYPTION")]
    id_token_encrypted_response_enc: Option<String>,
    /// How `UserInfo` is encrypted to it
    #[arg(long, value_name = "ALGORITHM")]
    userinfo_encrypted_response_alg: Option<String>,
    /// How its content is
    #[arg(long, value_name = "ENCRYPTION")]
    userinfo_encrypted_response_enc: Option<String>,
    /// How answers about tokens are encrypted to it (RFC 9701)
    #[arg(long, value_name = "ALGORITHM")]
    introspection_encrypted_response_alg: Option<String>,
    /// How their content is
    #[arg(long, value_name = "ENCRYPTION")]
    introspection_encrypted_response_enc: Option<String>,
    /// How signed authorization answers (JARM) are encrypted to it
    #[arg(long, value_name = "ALGORITHM")]
    authorization_encrypted_response_alg: Option<String>,
    /// How their content is
    #[arg(long, value_name = "ENCRYPTION")]
    authorization_encrypted_response_enc: Option<String>,
}

impl Encrypting {
    /// Changes what is said.
    pub(super) fn apply(&self, encryption: &mut Encryption) -> Result<(), CliError> {
        for what in Encryptable::ALL {
            let (alg, enc) = self.said(what);
            let stored = encryption.of(what);
            let how = match (alg, enc) {
                (None, None) => continue,
                (Some(NONE), None) => None,
                (alg, enc) => {
                    let alg = alg.or_else(|| stored.map(|stored| stored.alg.as_str()));
                    let enc = enc.or_else(|| stored.map(|stored| stored.enc.as_str()));
                    Encrypted::read(alg, enc).map_err(CliError::refused)?
                }
            };
            encryption.set(what, how);
        }
        Ok(())
    }

    fn said(&self, what: Encryptable) -> (Option<&str>, Option<&str>) {
        let (alg, enc) = match what {
            Encryptable::IdToken => (&self.id_token_encrypted_response_alg, &self.id_token_encrypted_response_enc),
            Encryptable::UserInfo => (&self.userinfo_encrypted_response_alg, &self.userinfo_encrypted_response_enc),
            Encryptable::Introspection => {
                (&self.introspection_encrypted_response_alg, &self.introspection_encrypted_response_enc)
            }
            Encryptable::Authorization => {
                (&self.authorization_encrypted_response_alg, &self.authorization_encrypted_response_enc)
            }
        };
        (alg.as_deref(), enc.as_deref())
    }
}
