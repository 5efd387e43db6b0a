//! What is encrypted to a client, and how (OIDC Registration §2, RFC 9701 §6, JARM §3). Pure.

use serde::{Deserialize, Serialize};

use crate::proofs::Encrypted;

/// What can be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryptable {
    /// ID tokens.
    IdToken,
    /// Answers of `UserInfo`.
    UserInfo,
    /// Answers about tokens.
    Introspection,
    /// Authorization answers that are signed.
    Authorization,
}

impl Encryptable {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::IdToken, Self::UserInfo, Self::Introspection, Self::Authorization];

    /// The names of its two client metadata: of the algorithm, and of the encryption of the content.
    pub fn metadata(self) -> (&'static str, &'static str) {
        match self {
            Self::IdToken => ("id_token_encrypted_response_alg", "id_token_encrypted_response_enc"),
            Self::UserInfo => ("userinfo_encrypted_response_alg", "userinfo_encrypted_response_enc"),
            Self::Introspection => ("introspection_encrypted_response_alg", "introspection_encrypted_response_enc"),
            Self::Authorization => ("authorization_encrypted_response_alg", "authorization_encrypted_response_enc"),
        }
    }
}

/// How each of it is encrypted; what is not said is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Encryption {
    /// ID tokens (OIDC Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Encrypted>,
    /// Answers of `UserInfo` (OIDC Core §5.3.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<Encrypted>,
    /// Answers about tokens (RFC 9701 §5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection: Option<Encrypted>,
    /// Authorization answers that are signed (JARM §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Encrypted>,
}

impl Encryption {
    /// How one of it is encrypted.
    pub fn of(&self, what: Encryptable) -> Option<Encrypted> {
        match what {
            Encryptable::IdToken => self.id_token,
            Encryptable::UserInfo => self.userinfo,
            Encryptable::Introspection => self.introspection,
            Encryptable::Authorization => self.authorization,
        }
    }

    /// Has one of it encrypted like that, or no more.
    pub fn set(&mut self, what: Encryptable, how: Option<Encrypted>) {
        let place = match what {
            Encryptable::IdToken => &mut self.id_token,
            Encryptable::UserInfo => &mut self.userinfo,
            Encryptable::Introspection => &mut self.introspection,
            Encryptable::Authorization => &mut self.authorization,
        };
        *place = how;
    }

    /// How everything is encrypted that is.
    pub fn to_client(&self) -> impl Iterator<Item = Encrypted> {
        [self.id_token, self.userinfo, self.introspection, self.authorization].into_iter().flatten()
    }
}
