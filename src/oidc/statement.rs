//! Software statements (RFC 7591 §2.3, §3.1.1): metadata that somebody signed whom an operator believes. They only say what a client is;
//! whether it is registered is up to the token, and what it may be up to the policy of that.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::error::OAuthError;
use super::registration::PATH;
use super::settings::StatementIssuer;
use super::state::Oidc;
use crate::directory::client::registration::statement::{MEMBER, Told, Vouched};
use crate::directory::client::rules::is_endpoint;
use crate::kernel::file;
use crate::kernel::ids::RegistrationTokenId;
use crate::kernel::time::Timestamp;
use crate::proofs::KeySource;
use crate::proofs::audience::Audience;
use crate::proofs::key_set::{self, KeySet};
use crate::proofs::statement::Statement;

/// Where somebody has the keys of their statements.
#[derive(Debug)]
enum Keys {
    Known(Value),
    At(String),
}

#[derive(Debug)]
struct Issuer {
    name: String,
    keys: Keys,
    registration_token: Option<RegistrationTokenId>,
}

/// Longest file with the keys of an issuer, in octets.
const MAX_KEYS: usize = 64 * 1_024;

/// Whose statements are believed; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct StatementIssuers(Arc<[Issuer]>);

impl StatementIssuers {
    /// Reads the settings, and the files that they name; what is wrong with them.
    pub fn of(settings: &[StatementIssuer]) -> Result<Self, String> {
        let mut issuers: Vec<Issuer> = Vec::new();
        for one in settings {
            let wrong = |text: &str| format!("`{}` {text}", one.iss);
            if one.iss.is_empty() || issuers.iter().any(|other| other.name == one.iss) {
                return Err(wrong("cannot be an `iss`: it is empty, or named twice"));
            }
            let keys = match (&one.jwks, &one.jwks_uri) {
                (Some(path), None) => {
                    let text = file::read(path, MAX_KEYS).map_err(|error| wrong(&format!("`jwks`: {error}")))?;
                    let set = serde_json::from_slice(&text).map_err(|_| wrong("`jwks` is no JSON"))?;
                    let checked = KeySet::check(&set).and_then(|()| key_set::check_signs(&set));
                    checked.map_err(|fault| wrong(&format!("`jwks` {fault}")))?;
                    Keys::Known(set)
                }
                (None, Some(address)) if is_endpoint(address) => Keys::At(address.clone()),
                (None, Some(_)) => return Err(wrong("`jwks_uri` is no https address")),
                _ => return Err(wrong("needs either `jwks` or `jwks_uri`")),
            };
            let token = one.registration_token.as_deref().map(str::parse);
            let registration_token = token.transpose().map_err(|_| wrong("`registration_token` is no id"))?;
            issuers.push(Issuer { name: one.iss.clone(), keys, registration_token });
        }
        Ok(Self(issuers.into()))
    }

    fn find(&self, name: &str) -> Option<&Issuer> {
        self.0.iter().find(|issuer| issuer.name == name)
    }

    /// The token that stands for statements of somebody, where they register clients by themselves.
    pub(super) fn token_of(&self, vouched: Option<&Vouched>) -> Option<RegistrationTokenId> {
        self.find(&vouched?.issuer)?.registration_token
    }

    /// Whether a statement of anybody registers clients by itself.
    pub(super) fn register(&self) -> bool {
        self.0.iter().any(|issuer| issuer.registration_token.is_some())
    }
}

/// What a document says with the statement in it, if there is one. Where nobody's statements are believed they are ignored, as all that is
/// not known (RFC 7591 §2). `before`: the statement that the client was registered with; it stays vouched for, by the same.
pub(super) async fn read(
    oidc: &Oidc,
    document: Map<String, Value>,
    before: Option<&str>,
    now: Timestamp,
) -> Result<Told, OAuthError> {
    let issuers = &oidc.statements;
    let text = match document.get(MEMBER).filter(|value| !value.is_null()) {
        Some(Value::String(text)) if !issuers.0.is_empty() => text.clone(),
        Some(_) if !issuers.0.is_empty() => return Err(UNREADABLE),
        _ if before.is_some() => {
            let text = format!("the client is registered with a `{MEMBER}`: one has to be sent, and believed");
            return Err(OAuthError::InvalidClientMetadata(text));
        }
        _ => return Ok(Told::alone(document)),
    };
    let statement = Statement::read(&text).ok_or(UNREADABLE)?;
    let issuer = issuers.find(statement.issuer()).ok_or(OAuthError::UnapprovedSoftwareStatement)?;
    match before {
        // It was believed then, and nothing that is new is said with it.
        Some(before) if before == text => {}
        Some(before) if Statement::read(before).is_none_or(|before| before.issuer() != issuer.name) => {
            return Err(OAuthError::UnapprovedSoftwareStatement);
        }
        _ => judge(oidc, (issuer, &statement), now).await?,
    }
    let vouched = Vouched { issuer: issuer.name.clone(), text: text.clone() };
    Ok(Told::overlaid(document, statement.claims(), vouched))
}

const UNREADABLE: OAuthError =
    OAuthError::InvalidSoftwareStatement("the software statement is no signed JWT that says who signed it");

/// Whether a statement is its issuer's, for us, and now.
async fn judge(oidc: &Oidc, (issuer, statement): (&Issuer, &Statement<'_>), now: Timestamp) -> Result<(), OAuthError> {
    let ours = [oidc.tokens.issuer().to_owned(), format!("{}{PATH}", oidc.tokens.issuer())];
    let ours = ours.each_ref().map(String::as_str);
    statement.check(Audience::AnyOf(&ours), now).map_err(OAuthError::InvalidSoftwareStatement)?;
    let keys = match &issuer.keys {
        Keys::Known(set) => KeySource::Inline(set),
        Keys::At(address) => KeySource::At(address),
    };
    if oidc.client_keys.signed(keys, &statement.jws, now).await {
        Ok(())
    } else {
        Err(OAuthError::InvalidSoftwareStatement("the software statement is not signed by a key of its issuer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_has_a_name_of_its_own_and_keys_from_one_place() {
        let at = |iss: &str, uri: &str| StatementIssuer {
            iss: iss.to_owned(),
            jwks_uri: Some(uri.to_owned()),
            ..StatementIssuer::default()
        };
        let good = at("https://one.example", "https://one.example/jwks");
        assert!(StatementIssuers::of(&[]).is_ok() && StatementIssuers::of(std::slice::from_ref(&good)).is_ok());
        for bad in [
            vec![good.clone(), good.clone()],
            vec![at("", "https://one.example/jwks")],
            vec![at("x", "http://one.example/jwks")],
            vec![at("x", "https://u:p@one.example/jwks")],
            vec![StatementIssuer { jwks_uri: None, ..good.clone() }],
            vec![StatementIssuer { jwks: Some("/dev/null".into()), ..good.clone() }],
            vec![StatementIssuer { jwks: Some("/dev/null".into()), jwks_uri: None, ..good.clone() }],
            vec![StatementIssuer { registration_token: Some("chr_secret".to_owned()), ..good }],
        ] {
            let problem = StatementIssuers::of(&bad).unwrap_err();
            assert!(problem.contains(&bad[0].iss), "{problem}");
            assert!(!problem.contains("chr_"), "a secret by mistake is not repeated");
        }
    }
}
