//! Request objects (RFC 9101): what a client has signed is what counts. By value or pushed; one that is somewhere else is never fetched
//! (OA-19).

use super::error::OAuthError;
use super::params::Parameters;
use super::state::Oidc;
use crate::directory::client::keys_rules;
use crate::directory::client::model::{Client, ClientProfile};
use crate::kernel::time::Timestamp;
use crate::proofs::Algorithm;
use crate::proofs::jwe::{Jwe, is_encrypted};
use crate::proofs::request_object::{LONGEST, RequestObject, Rules, is_unsigned};

const NOT_SIGNED: &str = "the request object is not signed by a key of the client";

/// The parameters of a request: those of its object, where it has one, and whether it had. A client of the profile fapi2, or one that has to
/// sign, is not asked for by anything beside the object (RFC 9101 §5); for others the query says what the object does not (OIDC Core §6.1).
pub(super) async fn open(
    oidc: &Oidc,
    client: &Client,
    parameters: Parameters,
    now: Timestamp,
) -> Result<(Parameters, bool), OAuthError> {
    let Some(text) = parameters.get("request") else { return Ok((parameters, false)) };
    let opened = if is_encrypted(text) { Some(decrypted(oidc, client, text, now).await?) } else { None };
    let text = opened.as_deref().unwrap_or(text);
    let strict = client.settings.profile == ClientProfile::Fapi2;
    if is_unsigned(text) && !strict {
        return Err(OAuthError::RequestNotSupported);
    }
    let algorithms = if strict { &Algorithm::STRONG[..] } else { &Algorithm::ALL[..] };
    let unreadable = OAuthError::InvalidRequestObject("the request object is no JWT that is signed as it has to be");
    let object = RequestObject::read(text, algorithms).ok_or(unreadable)?;
    let only = client.settings.request_object_signing_alg.as_deref();
    if only.is_some_and(|name| name != object.jws.algorithm.as_str()) {
        return Err(OAuthError::InvalidRequestObject("the request object is not signed with the registered algorithm"));
    }
    // Whoever has to sign is not served by an object that works for ever, or that was meant for somebody else (OA-20).
    let rules = Rules { issuer: oidc.tokens.issuer(), strict: strict || client.settings.require_signed_request_object };
    object.check(&client.client_id, rules, now).map_err(OAuthError::InvalidRequestObject)?;
    let signed = match keys_rules::source(&client.settings) {
        Some(keys) => oidc.client_keys.signed(keys, &object.jws, now).await,
        None => false,
    };
    if !signed {
        return Err(OAuthError::InvalidRequestObject(NOT_SIGNED));
    }
    let inner = Parameters::of(object.parameters())?;
    let alone = strict || client.settings.require_signed_request_object;
    let outer = if alone { Parameters::default() } else { parameters.clone().without(&["request"]) };
    Ok((outer.overlaid(inner).with("client_id", &client.client_id), true))
}

/// What a client has encrypted to us after it signed it (RFC 9101 §6.1). Whatever is wrong with it, one thing is said (RFC 7516 §11.5).
async fn decrypted(oidc: &Oidc, client: &Client, text: &str, now: Timestamp) -> Result<String, OAuthError> {
    if !oidc.settings.request_object_encryption {
        return Err(OAuthError::InvalidRequestObject("encrypted request objects are not taken here"));
    }
    // Who has no key cannot have signed what is in it: no private key of ours is used for that.
    if keys_rules::source(&client.settings).is_none() {
        return Err(OAuthError::InvalidRequestObject(NOT_SIGNED));
    }
    let ring = oidc.tokens.keys.ring(&oidc.app.db, now).await?;
    let opened = Jwe::read(text, LONGEST).and_then(|encrypted| ring.open(&encrypted));
    opened.ok_or(OAuthError::InvalidRequestObject("the request object is not encrypted to a key of this server"))
}
