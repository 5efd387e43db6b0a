//! Somebody else who signs: keys of their own, assertions, proofs.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::directory::client::model::{AuthMethod, ClientProfile};
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::Timestamp;
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::{ES256, EdDSA, JwsSigner, PS256, RS256};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::relying_party::{Answer, ISSUER, Provider, form};

/// `client_assertion_type` (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A key pair and the algorithm that it signs with.
pub struct Signer {
    pub alg: &'static str,
    pub kid: String,
    pub private: Jwk,
    signer: Box<dyn JwsSigner>,
}

impl Signer {
    pub fn new(alg: &'static str) -> Self {
        let private = match alg {
            "ES256" => EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair(),
            "EdDSA" => EdKeyPair::generate(EdCurve::Ed25519).unwrap().to_jwk_key_pair(),
            _ => RsaKeyPair::generate(2048).unwrap().to_jwk_key_pair(),
        };
        Self::of(alg, private)
    }

    /// The same key with another algorithm.
    pub fn of(alg: &'static str, private: Jwk) -> Self {
        let signer: Box<dyn JwsSigner> = match alg {
            "ES256" => Box::new(ES256.signer_from_jwk(&private).unwrap()),
            "EdDSA" => Box::new(EdDSA.signer_from_jwk(&private).unwrap()),
            "PS256" => Box::new(PS256.signer_from_jwk(&private).unwrap()),
            _ => Box::new(RS256.signer_from_jwk(&private).unwrap()),
        };
        Self {
            alg,
            kid: format!("key-{}", private.parameter("x").or(private.parameter("n")).unwrap().as_str().unwrap()),
            private,
            signer,
        }
    }

    /// The public half, without a name.
    pub fn jwk(&self) -> Value {
        serde_json::to_value(self.private.to_public_key().unwrap()).unwrap()
    }

    /// The public half as registered.
    pub fn registered(&self) -> Value {
        let mut jwk = self.jwk();
        jwk["kid"] = json!(self.kid);
        jwk
    }

    /// A JWT; members of `header` that are null are left out.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let mut all = json!({"alg": self.alg, "kid": self.kid});
        for (name, value) in header.as_object().unwrap() {
            all[name] = value.clone();
        }
        all.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let signed =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(all.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.signer.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// An assertion of a client about itself, with changes; those that are null take a claim out.
    pub fn assertion(&self, client_id: &str, (now, entropy): (Timestamp, &Entropy), changes: &Value) -> String {
        let iat = now.as_seconds();
        let mut claims = json!({
            "iss": client_id, "sub": client_id, "aud": ISSUER, "jti": jti(entropy), "iat": iat, "exp": iat + 60,
        });
        change(&mut claims, changes);
        self.sign(&json!({}), &claims)
    }
}

/// The request that a proof is for.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: Option<&'a str>,
}

impl<'a> At<'a> {
    pub fn post(path: &'a str) -> Self {
        Self { method: "POST", path, token: None }
    }

    pub fn get(path: &'a str, token: &'a str) -> Self {
        Self { method: "GET", path, token: Some(token) }
    }
}

/// A name that was never used.
pub fn jti(entropy: &Entropy) -> String {
    URL_SAFE_NO_PAD.encode(entropy.bytes::<16>())
}

/// Puts members in, or takes out those that are null.
pub fn change(claims: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
}

impl Provider {
    /// From now on IMAS proves itself by this key, signs with it, and may act for itself.
    pub async fn signing(&self, signer: &Signer, profile: ClientProfile) {
        let set = json!({"keys": [signer.registered()]});
        self.set("imas", move |settings| {
            settings.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            settings.profile = profile;
            settings.jwks = Some(set.clone());
            if !settings.grant_types.iter().any(|grant| grant == "client_credentials") {
                settings.grant_types.push("client_credentials".to_owned());
            }
        })
        .await;
    }

    /// A good assertion of a client for this instant, with changes.
    pub fn assertion(&self, signer: &Signer, client_id: &str, changes: &Value) -> String {
        signer.assertion(client_id, (self.world.clock.now(), &self.world.entropy), changes)
    }

    /// A good DPoP proof for a request at this instant, with changes of its claims.
    pub fn proof(&self, signer: &Signer, at: At<'_>, changes: &Value) -> String {
        self.proof_with(signer, at, (&json!({}), changes))
    }

    /// The same with changes of its header, too.
    pub fn proof_with(&self, signer: &Signer, at: At<'_>, (header, changes): (&Value, &Value)) -> String {
        let hashed = at.token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
        let mut claims = json!({
            "jti": jti(&self.world.entropy), "htm": at.method, "htu": format!("{ISSUER}{}", at.path),
            "iat": self.world.clock.now().as_seconds(), "ath": hashed,
        });
        change(&mut claims, changes);
        let mut all = json!({"typ": "dpop+jwt", "jwk": signer.jwk(), "kid": null});
        for (name, value) in header.as_object().unwrap() {
            all[name] = value.clone();
        }
        signer.sign(&all, &claims)
    }

    /// A form with further headers.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], pairs: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form(pairs))).unwrap()).await
    }

    /// `UserInfo` with headers.
    pub async fn userinfo_with(&self, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get("/oauth2/userinfo");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A token request that is proved by an assertion.
    pub async fn post_signed(&self, path: &str, assertion: &str, pairs: &[(&str, &str)]) -> Answer {
        let mut all = vec![("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)];
        all.extend_from_slice(pairs);
        self.post(path, None, &all).await
    }

    /// Asks for a token of the client's own: the least that a proved client gets. It is bound to a key, as some clients have to ask for it.
    pub async fn ask_signed(&self, assertion: &str) -> Answer {
        let proof = self.proof(&Signer::new("ES256"), At::post("/oauth2/token"), &json!({}));
        let pairs = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", assertion),
        ];
        self.post_with("/oauth2/token", &[("dpop", &proof)], &pairs).await
    }
}
