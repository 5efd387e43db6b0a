//! The proof by a secret: HTTP Basic or form parameters (RFC 6749 §2.3.1).

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::directory::client::secret_store::LiveSecret;
use crate::kernel::secret::Digest;

/// Secrets have 256 bits of entropy: their SHA-256 is compared, in constant time and with every live one (CR-07).
pub(super) fn proving<'a>(live: &'a [LiveSecret], secret: &str) -> Option<&'a LiveSecret> {
    let digest = Digest::of(secret.as_bytes());
    live.iter().fold(None, |found, other| if other.digest == digest { Some(other) } else { found })
}

/// HTTP Basic whose two halves are form-encoded.
pub(super) fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
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

    #[test]
    fn cr_07_any_live_secret_proves_and_no_other() {
        let live = ["old", "new"].map(|text| LiveSecret { digest: Digest::of(text.as_bytes()), kept_by: None });
        let proves = |live: &[LiveSecret], secret: &str| proving(live, secret).is_some();
        assert!(proves(&live, "old") && proves(&live, "new") && !proves(&live, "other") && !proves(&[], "old"));
    }
}
