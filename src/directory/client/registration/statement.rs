//! What somebody who is believed says about a client (RFC 7591 §2.3), laid over what the client says about itself. Pure.

use serde_json::{Map, Value};

/// The member that holds it, in requests and answers.
pub const MEMBER: &str = "software_statement";

/// What is said about the statement itself (RFC 7519 §4.1), and what nobody but us says about a client. Never metadata.
const NO_METADATA: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    MEMBER,
    "client_id",
    "client_secret",
    "client_id_issued_at",
    "client_secret_expires_at",
    "registration_access_token",
    "registration_client_uri",
];

/// Of two ways to say the same, only one is ever said (RFC 7591 §2): the client does not add its own to that of a statement.
const EITHER: [[&str; 2]; 2] = [["jwks", "jwks_uri"], ["jwks_uri", "jwks"]];

/// A statement that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// By whom.
    pub issuer: String,
    /// As it came: it is repeated unmodified (§3.2.1).
    pub text: String,
}

/// What a client wants to be: its own words, or what stands for them where somebody vouches for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The metadata.
    pub document: Map<String, Value>,
    /// Who vouches for what of it.
    pub vouched: Option<Vouched>,
}

impl Told {
    /// The words of a client alone.
    pub fn alone(document: Map<String, Value>) -> Self {
        Self { document, vouched: None }
    }

    /// §3.1.1: what the statement says takes precedence.
    pub fn overlaid(mut document: Map<String, Value>, claims: &Map<String, Value>, vouched: Vouched) -> Self {
        let said = |(name, value): &(&String, &Value)| !NO_METADATA.contains(&name.as_str()) && !value.is_null();
        let theirs: Map<String, Value> =
            claims.iter().filter(said).map(|(name, value)| (name.clone(), value.clone())).collect();
        for [one, other] in EITHER {
            if theirs.contains_key(one) {
                document.remove(other);
            }
        }
        document.extend(theirs);
        Self { document, vouched: Some(vouched) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// RFC 7591 §3.1.1
    #[test]
    fn what_a_statement_says_takes_precedence_and_is_metadata_only() {
        let map = |value: Value| value.as_object().unwrap().clone();
        let document = map(json!({"client_name": "Mine", "scope": "openid", "jwks": {"keys": []}, "client_id": "me"}));
        let claims = map(
            json!({"iss": "them", "sub": "x", "exp": 1, "client_name": "Theirs", "jwks_uri": "https://them.example/jwks",
            "scope": null, "client_id": "admin", "client_secret": "known", "software_statement": "another", "software_id": "4711"}),
        );
        let vouched = Vouched { issuer: "them".to_owned(), text: "a.b.c".to_owned() };
        let told = Told::overlaid(document, &claims, vouched);
        let expected = json!({"client_name": "Theirs", "scope": "openid", "jwks_uri": "https://them.example/jwks", "client_id": "me", "software_id": "4711"});
        assert_eq!(Value::Object(told.document), expected);
    }
}
