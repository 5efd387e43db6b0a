//! How a client proves itself (RFC 6749 §2.3): by the one method it is registered with (OA-39). The same at every endpoint that
//! asks a client who it is.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::directory::client::model::AuthMethod;
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::Digest;
use crate::oidc::params::Parameters;
use crate::oidc::refusals::Refusal;
use crate::oidc::state::Oidc;
use crate::tokens::cache::KnownClient;

/// What was presented.
#[derive(Debug, PartialEq, Eq)]
struct Presented {
    client_id: String,
    secret: Option<String>,
    method: AuthMethod,
}

/// The request in which a client says who it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) parameters: &'a Parameters,
}

/// The client of a request. Whatever is wrong, the answer is the same `invalid_client`.
pub(super) async fn authenticate(oidc: &Oidc, asked: Asked<'_>, ctx: &Ctx) -> Result<Arc<KnownClient>, Refusal> {
    let presented = presented(asked.headers, asked.parameters).map_err(|reason| Refusal::unproved(None, reason))?;
    let found = oidc.tokens.clients.find(&oidc.app.db, &presented.client_id, ctx.now).await?;
    let known = found.ok_or_else(|| Refusal::unproved(None, "no such client"))?;
    let client = &known.client;
    let refused = |reason| Err(Refusal::unproved(Some(client.id), reason));
    if !known.usable {
        return refused("switched off");
    }
    if client.settings.token_endpoint_auth_method != presented.method {
        return refused("another method than the registered one");
    }
    let proved = match &presented.secret {
        None => client.kind.is_public(),
        Some(secret) => proves(&known.secrets, secret),
    };
    if proved { Ok(known) } else { refused("wrong secret") }
}

/// Secrets have 256 bits of entropy: their SHA-256 is compared, in constant time and with every live one (CR-07).
fn proves(live: &[Digest], secret: &str) -> bool {
    let digest = Digest::of(secret.as_bytes());
    live.iter().filter(|other| **other == digest).count() > 0
}

/// Reads exactly one way of proof; two at once are refused.
fn presented(headers: &HeaderMap, parameters: &Parameters) -> Result<Presented, &'static str> {
    if parameters.get("client_assertion").is_some() || parameters.get("client_assertion_type").is_some() {
        return Err("an assertion");
    }
    let secret = parameters.get("client_secret").map(str::to_owned);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        let client_id = parameters.get("client_id").ok_or("no client named")?.to_owned();
        let method = if secret.is_some() { AuthMethod::ClientSecretPost } else { AuthMethod::None };
        return Ok(Presented { client_id, secret, method });
    };
    let (client_id, of_header) = value.to_str().ok().and_then(basic).ok_or("a malformed header")?;
    let same_client = parameters.get("client_id").is_none_or(|id| id == client_id);
    if values.next().is_some() || secret.is_some() || !same_client {
        return Err("two proofs at once");
    }
    Ok(Presented { client_id, secret: Some(of_header), method: AuthMethod::ClientSecretBasic })
}

/// HTTP Basic whose two halves are form-encoded (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

/// One form-encoded value. `&` and `=` may come unencoded from clients that skip the encoding: then it is taken as it is.
fn form_decoded(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return Some(text.to_owned());
    }
    url::form_urlencoded::parse(text.as_bytes()).next().map_or(Some(String::new()), |(name, _)| Some(name.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(text)).parse().unwrap());
        headers
    }

    #[test]
    fn rfc_6749_section_2_3_1_both_halves_are_form_encoded() {
        let read = presented(&header("my%3Aid:se%2Bcret+1"), &Parameters::default()).unwrap();
        assert_eq!((read.client_id.as_str(), read.secret.as_deref()), ("my:id", Some("se+cret 1")));
    }

    #[test]
    fn oa_39_two_proofs_at_once_are_refused() {
        let both = Parameters::parse(b"client_id=a&client_secret=b").unwrap();
        assert!(presented(&header("a:b"), &both).is_err());
        let other = Parameters::parse(b"client_id=c").unwrap();
        assert!(presented(&header("a:b"), &other).is_err());
        let assertion = Parameters::parse(b"client_id=a&client_secret=b&client_assertion=x").unwrap();
        assert!(presented(&HeaderMap::new(), &assertion).is_err());
    }

    #[test]
    fn cr_07_any_live_secret_proves_and_no_other() {
        let live = [Digest::of(b"old"), Digest::of(b"new")];
        assert!(proves(&live, "old") && proves(&live, "new") && !proves(&live, "other") && !proves(&[], "old"));
    }
}
