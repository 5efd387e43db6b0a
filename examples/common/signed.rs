//! Tokens that the provider sends without being asked: believed only after everything about them was checked.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::{
    JsonWebKey as _, JsonWebKeySetUrl,
    core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
};
use serde_json::Value;

use super::{
    Failure,
    http::HttpClient,
    relying_party::{LEEWAY, now},
};

/// A token that we do not know the key of makes us look for new keys, and not more often than this: anybody may send one.
const BETWEEN_LOOKS: Duration = Duration::from_secs(10);

/// How many tokens are remembered, so that none counts twice.
const REMEMBERED: usize = 1_000;

/// Reads tokens of one provider for one application.
pub(crate) struct Reader {
    http: HttpClient,
    keys_at: JsonWebKeySetUrl,
    issuer: String,
    client_id: String,
    keys: tokio::sync::Mutex<(CoreJsonWebKeySet, Option<Instant>)>,
    seen: Mutex<VecDeque<String>>,
}

impl Reader {
    pub(crate) fn new(
        http: HttpClient,
        (keys_at, keys): (JsonWebKeySetUrl, CoreJsonWebKeySet),
        issuer: &str,
        client_id: &str,
    ) -> Self {
        let (issuer, client_id) = (issuer.to_owned(), client_id.to_owned());
        let keys = tokio::sync::Mutex::new((keys, None));
        Self { http, keys_at, issuer, client_id, keys, seen: Mutex::default() }
    }

    /// The claims of a token of this type (`typ`), signed by the provider for us, of now; `None` for one that came before.
    ///
    /// # Errors
    /// When it is anything else.
    pub(crate) async fn read(&self, token: &str, typ: &str) -> Result<Option<Value>, Failure> {
        let mut parts = token.split('.');
        let (Some(head), Some(body), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("not a signed token".into());
        };
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head)?)?;
        // The type keeps a token that was made for one purpose from being used for another (RFC 8725 §3.11).
        if header.get("typ").and_then(Value::as_str) != Some(typ) {
            return Err("another kind of token".into());
        }
        let algorithm = match header.get("alg").and_then(Value::as_str) {
            Some("ES256") => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            Some("RS256") => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            _ => return Err("another algorithm than ours".into()),
        };
        let kid = header.get("kid").and_then(Value::as_str).ok_or("no key is named")?;
        let key = self.key(kid).await?;
        key.verify_signature(&algorithm, format!("{head}.{body}").as_bytes(), &URL_SAFE_NO_PAD.decode(signature)?)?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body)?)?;
        self.check(&claims)?;
        let jti = claims.get("jti").and_then(Value::as_str).ok_or("a token without a name of its own")?;
        Ok(self.is_new(jti).then_some(claims))
    }

    fn check(&self, claims: &Value) -> Result<(), Failure> {
        let now = now();
        let for_us = match claims.get("aud") {
            Some(Value::String(one)) => *one == self.client_id,
            Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(&self.client_id)),
            _ => false,
        };
        let ours = for_us && claims.get("iss").and_then(Value::as_str) == Some(&self.issuer);
        let begun = claims.get("iat").and_then(Value::as_i64).is_some_and(|iat| iat <= now + LEEWAY);
        let over = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp.saturating_add(LEEWAY) <= now);
        if ours && begun && !over { Ok(()) } else { Err("not for us, or not of now".into()) }
    }

    async fn key(&self, kid: &str) -> Result<CoreJsonWebKey, Failure> {
        let named = |set: &CoreJsonWebKeySet| {
            set.keys().iter().find(|key| key.key_id().is_some_and(|id| id.as_str() == kid)).cloned()
        };
        let mut keys = self.keys.lock().await;
        if let Some(key) = named(&keys.0) {
            return Ok(key);
        }
        if keys.1.is_none_or(|looked| looked.elapsed() >= BETWEEN_LOOKS) {
            *keys = (CoreJsonWebKeySet::fetch_async(&self.keys_at, &self.http).await?, Some(Instant::now()));
        }
        Ok(named(&keys.0).ok_or("signed by nobody we know")?)
    }

    fn is_new(&self, jti: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.iter().any(|known| known == jti) {
            return false;
        }
        if seen.len() >= REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(jti.to_owned());
        true
    }
}
