//! Writing and reading signed JWTs (RFC 7515 §3.1, RFC 7519). Pure: keys and times are arguments.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::signing_key::{CryptoError, SigningKey};

/// What a JWT is for: the `typ` header, by which one kind is never taken for another (OA-35; RFC 8725 §3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RFC 9068 §2.1.
    AccessToken,
    /// OIDC Core §2.
    IdToken,
    /// OIDC Back-Channel Logout 1.0 §2.4.
    LogoutToken,
    /// RFC 8417 §2.3.
    SecurityEvent,
    /// JARM §2.1.
    AuthorizationResponse,
    /// RFC 9701 §5.
    Introspection,
    /// OIDC Core §5.3.2. A `typ` of its own: with `iss`, `aud` and `sub` it would look like an ID token (RFC 8725 §3.11).
    UserInfo,
}

impl Kind {
    /// The value of `typ`.
    pub fn typ(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::IdToken => "JWT",
            Self::LogoutToken => "logout+jwt",
            Self::SecurityEvent => "secevent+jwt",
            Self::AuthorizationResponse => "oauth-authz-resp+jwt",
            Self::Introspection => "token-introspection+jwt",
            Self::UserInfo => "userinfo+jwt",
        }
    }

    /// Longest token of this kind that is looked at. An ID token may carry 200 groups and comes back as a hint.
    pub fn longest(self) -> usize {
        match self {
            Self::AccessToken | Self::LogoutToken | Self::AuthorizationResponse => 8 * 1024,
            Self::IdToken | Self::SecurityEvent | Self::Introspection | Self::UserInfo => 32 * 1024,
        }
    }
}

/// The only header that is read: anything further (`jwk`, `jku`, `x5u`, `crit`, …) is refused (OA-34).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// Signs claims.
pub fn sign(key: &SigningKey, kind: Kind, claims: &impl Serialize) -> Result<String, CryptoError> {
    let header = format!(r#"{{"alg":"{}","typ":"{}","kid":"{}"}}"#, key.algorithm.as_str(), kind.typ(), key.kid);
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

/// The claims of a token that we signed as this kind; `None` for anything else. Says nothing about time.
pub fn read<'k, T: DeserializeOwned>(
    token: &str,
    kind: Kind,
    find: impl FnOnce(&str) -> Option<&'k SigningKey>,
) -> Option<(T, &'k SigningKey)> {
    if token.len() > kind.longest() {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Header = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    let key = find(&header.kid)?;
    // The algorithm is the key's, whatever the token says (OA-33).
    if header.alg != key.algorithm.as_str() || header.typ != kind.typ() {
        return None;
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !key.verifies(signed.as_bytes(), &signature) {
        return None;
    }
    Some((serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?, key))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::kernel::ids::KeyId;
    use crate::kernel::time::Timestamp;
    use crate::tokens::key_pair::KeyPair;
    use crate::tokens::signing_key::Algorithm;

    fn key() -> SigningKey {
        let made = KeyPair::generate(Algorithm::Es256.into()).unwrap();
        SigningKey::parse(KeyId(uuid::Uuid::nil()), Algorithm::Es256, Timestamp(0), &made.private).unwrap()
    }

    fn forged(key: &SigningKey, header: &Value) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode("{}"));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).unwrap()))
    }

    fn reads(key: &SigningKey, token: &str, kind: Kind) -> bool {
        read::<Value>(token, kind, |kid| (kid == key.kid).then_some(key)).is_some()
    }

    #[test]
    fn oa_35_a_token_is_read_as_its_own_kind_only() {
        let key = key();
        let token = sign(&key, Kind::IdToken, &json!({"sub": "a"})).unwrap();
        assert!(reads(&key, &token, Kind::IdToken) && !reads(&key, &token, Kind::AccessToken));
    }

    /// OA-33, OA-34: signed by our own key each, so that nothing but the header is wrong.
    #[test]
    fn oa_33_and_34_other_algorithms_and_headers_are_refused() {
        let key = key();
        let good = json!({"alg": "ES256", "typ": "JWT", "kid": key.kid});
        assert!(reads(&key, &forged(&key, &good), Kind::IdToken));
        for (name, value) in [
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("RS256")),
            ("kid", json!("../../etc/passwd")),
            ("jwk", key.public.clone()),
            ("jku", json!("https://evil.example")),
            ("x5u", json!("https://evil.example")),
            ("crit", json!([])),
            ("crit", json!(["b64"])),
            ("b64", json!(false)),
            ("typ", json!("at+jwt")),
        ] {
            let mut header = good.clone();
            header[name] = value;
            assert!(!reads(&key, &forged(&key, &header), Kind::IdToken), "{header}");
        }
    }

    #[test]
    fn a_cut_or_changed_token_is_refused() {
        let key = key();
        let token = sign(&key, Kind::IdToken, &json!({"sub": "a"})).unwrap();
        for end in 0..token.len() {
            assert!(!reads(&key, &token[..end], Kind::IdToken));
        }
        assert!(!reads(&key, &format!("{token}."), Kind::IdToken));
        assert!(!reads(&key, &format!("{token}="), Kind::IdToken));
    }
}
