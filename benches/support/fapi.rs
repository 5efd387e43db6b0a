//! A client of the profile FAPI 2.0 as it is seen from the server: what it signs and what it asks for.

use std::cell::Cell;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::kernel::time::Clock;
use josekit::jwk::Jwk;
use josekit::jws::{ES256, JwsSigner};
use serde_json::{Value, json};

use super::load::{Connection, request};
use super::provider::{CHALLENGE, FORM, OURS, Provider, VERIFIER, code_in, cookie, encoded};
use super::signed_in::SignedIn;

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client of the profile FAPI 2.0, with its key.
pub struct Fapi {
    signer: Box<dyn JwsSigner>,
    public: Value,
    issuer: String,
    made: Cell<u64>,
}

impl fmt::Debug for Fapi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fapi").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Fapi {
    /// At an issuer, with a private key.
    pub fn new(issuer: String, key: &Jwk) -> Self {
        let public = serde_json::to_value(key.to_public_key().unwrap()).unwrap();
        Self { signer: Box::new(ES256.signer_from_jwk(key).unwrap()), public, issuer, made: Cell::new(0) }
    }

    fn jti(&self) -> String {
        self.made.set(self.made.get() + 1);
        format!("bench-{}-{}", std::process::id(), self.made.get())
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = self.signer.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn assertion(&self) -> String {
        let now = Clock::system().now().as_seconds();
        let claims =
            json!({"iss": "imas", "sub": "imas", "aud": self.issuer, "jti": self.jti(), "iat": now, "exp": now + 60});
        let assertion = self.sign(&json!({"alg": "ES256"}), &claims);
        format!("client_id=imas&client_assertion_type={ASSERTION}&client_assertion={assertion}")
    }

    /// A proof of the key for a request (RFC 9449).
    pub fn proof(&self, path: &str) -> String {
        let claims = json!({
            "jti": self.jti(), "htm": "POST", "htu": format!("{}{path}", self.issuer), "iat": Clock::system().now().as_seconds(),
        });
        self.sign(&json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": self.public}), &claims)
    }

    /// Pushed request, authorization by somebody who is signed in, and tokens bound to a key.
    pub async fn flow(&self, ours: &Provider, connection: &mut Connection, person: &SignedIn) {
        let host = ours.server.host();
        let asked = format!(
            "{}&response_type=code&redirect_uri={}&scope=openid&code_challenge={CHALLENGE}&code_challenge_method=S256",
            self.assertion(),
            encoded(&ours.redirect_uri)
        );
        let pushed = connection.send(&request("POST", "/oauth2/par", &host, &[FORM], &asked)).await;
        assert_eq!(pushed.status, 201, "{}", String::from_utf8_lossy(&pushed.body));
        let pushed: Value = serde_json::from_slice(&pushed.body).unwrap();
        let path = format!("/oauth2/authorize?client_id=imas&request_uri={}", pushed["request_uri"].as_str().unwrap());
        let back = connection.send(&request("GET", &path, &host, &[("Cookie", &cookie(person))], "")).await;
        let body = format!(
            "{}&grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={VERIFIER}",
            self.assertion(),
            code_in(&back),
            encoded(&ours.redirect_uri)
        );
        let proof = self.proof(OURS.token);
        let answer = connection.send(&request("POST", OURS.token, &host, &[FORM, ("DPoP", &proof)], &body)).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
}
