//! How an access token comes to a protected resource: as it is (RFC 6750 §2.1), or with a proof of the key that it is bound to
//! (RFC 9449 §7), or over a connection with the certificate that it is bound to (RFC 8705 §3). A bound token is never taken without (OA-41).

use axum::http::{HeaderMap, HeaderValue, Method};

use super::access_token::{Bearer, BearerError, Tokens};
use crate::db::Db;
use crate::kernel::time::Timestamp;
use crate::proofs::dpop::{self, DpopFault, Shown};
use crate::proofs::{Algorithm, ClientCertificate, once};

/// The scheme of the `Authorization` header; case does not matter (RFC 9110 §11.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 9449.
    Dpop,
}

impl Scheme {
    /// Reads a scheme.
    pub fn parse(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("bearer") {
            Some(Self::Bearer)
        } else {
            text.eq_ignore_ascii_case("dpop").then_some(Self::Dpop)
        }
    }
}

/// A token and the request that it came with.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// How it was sent.
    pub scheme: Scheme,
    /// The token.
    pub token: &'a str,
    /// The headers of the request.
    pub headers: &'a HeaderMap,
    /// Its verb.
    pub method: &'a Method,
    /// Its path, with or without a query.
    pub path: &'a str,
    /// The certificate of its connection.
    pub certificate: Option<&'a ClientCertificate>,
}

/// What a client is told to do, in headers (RFC 9110 §11.6.1, RFC 9449 §7.1, §8).
#[derive(Clone, Debug)]
pub struct Challenge {
    /// `WWW-Authenticate`.
    pub scheme: HeaderValue,
    /// `DPoP-Nonce`.
    pub nonce: Option<HeaderValue>,
}

impl Tokens {
    /// Checks a token, its holder, the certificate that it is bound to, and the proof of its key, which is used up.
    pub async fn admit(&self, db: &Db, presented: Presented<'_>, now: Timestamp) -> Result<Bearer, BearerError> {
        let bearer = match self.verify(db, presented.token, now).await {
            Err(BearerError::Invalid) if presented.scheme == Scheme::Dpop => return Err(BearerError::Bound),
            verified => verified?,
        };
        let of_connection = presented.certificate.map(ClientCertificate::thumbprint);
        if bearer.bound.x5t.is_some() && bearer.bound.x5t.as_deref() != of_connection {
            // RFC 8705 §3: `invalid_token`, by whichever scheme.
            return Err(if presented.scheme == Scheme::Dpop { BearerError::Bound } else { BearerError::Invalid });
        }
        let jkt = match (presented.scheme, &bearer.bound.jkt) {
            (Scheme::Bearer, None) => return Ok(bearer),
            (Scheme::Bearer, Some(_)) | (Scheme::Dpop, None) => return Err(BearerError::Bound),
            (Scheme::Dpop, Some(jkt)) => jkt,
        };
        let proof = dpop::read(presented.headers)?.ok_or(DpopFault::Invalid("a DPoP proof is needed"))?;
        let path = presented.path.split('?').next().unwrap_or_default();
        let (urls, method) = (self.urls_of(path), presented.method.as_str());
        let shown = Shown { method, urls: &urls, token: Some(presented.token), nonce: bearer.bound.nonce };
        let held = self.dpop.check(proof, shown, now)?;
        if held.jkt != *jkt {
            return Err(DpopFault::Invalid("the DPoP proof is by another key than the token").into());
        }
        match once::use_up(db, &[held.once]).await? {
            None => Ok(bearer),
            Some(_) => Err(DpopFault::Invalid("the DPoP proof was used before").into()),
        }
    }

    /// What whoever presented a token with or without a proof is told; `None` for what is wrong with the token itself.
    pub fn challenge(&self, fault: Option<DpopFault>, now: Timestamp) -> Challenge {
        let code = fault.map_or("invalid_token", DpopFault::code);
        let algorithms = Algorithm::STRONG.map(Algorithm::as_str).join(" ");
        // Registered words and names of algorithms are always a header value.
        let text = format!(r#"DPoP error="{code}", algs="{algorithms}""#);
        let scheme = HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("DPoP"));
        Challenge { scheme, nonce: (fault == Some(DpopFault::Nonce)).then(|| self.dpop.nonce(now)) }
    }
}
