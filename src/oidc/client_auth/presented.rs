//! What a client brings as its proof: exactly one, or none (RFC 6749 §2.3: "MUST NOT use more than one"; OA-39).

use axum::http::{HeaderMap, header};

use super::secret;
use crate::oidc::params::Parameters;
use crate::proofs::assertion::{Assertion, TYPE};

/// The proof.
#[derive(Debug)]
pub(super) enum Proof<'a> {
    /// A public client has none.
    None,
    /// In the header.
    Basic(String),
    /// In the form.
    Post(&'a str),
    /// Signed.
    Signed(Box<Assertion<'a>>),
}

/// Who it says that it is, and by what.
#[derive(Debug)]
pub(super) struct Presented<'a> {
    pub(super) client_id: String,
    pub(super) proof: Proof<'a>,
}

/// Reads exactly one way of proof; two at once are refused.
pub(super) fn presented<'a>(headers: &HeaderMap, parameters: &'a Parameters) -> Result<Presented<'a>, &'static str> {
    let (named, of_form) = (parameters.get("client_id"), parameters.get("client_secret"));
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let of_header = values.next();
    let of_type = parameters.get("client_assertion_type");
    let signed = parameters.get("client_assertion").filter(|_| of_type == Some(TYPE));
    let has_assertion = of_type.is_some() || parameters.get("client_assertion").is_some();
    let ways = [of_form.is_some(), of_header.is_some(), has_assertion];
    if ways.into_iter().filter(|given| *given).count() > 1 || values.next().is_some() {
        return Err("two proofs at once");
    }
    let (client_id, proof) = match (of_header, of_form, signed) {
        (Some(header), ..) => {
            let (client_id, secret) = secret::basic(header).ok_or("a malformed header")?;
            (client_id, Proof::Basic(secret))
        }
        (_, _, Some(text)) => {
            let assertion = Assertion::read(text).ok_or("a malformed assertion")?;
            (assertion.client_id().to_owned(), Proof::Signed(Box::new(assertion)))
        }
        _ if has_assertion => return Err("an assertion of another type"),
        (_, Some(secret), _) => (named.ok_or("no client named")?.to_owned(), Proof::Post(secret)),
        (None, None, None) => (named.ok_or("no client named")?.to_owned(), Proof::None),
    };
    // RFC 7521 §4.2: a `client_id` beside the proof names the same client.
    if named.is_some_and(|named| named != client_id) {
        Err("another client named")
    } else {
        Ok(Presented { client_id, proof })
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn header(text: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(text)).parse().unwrap());
        headers
    }

    fn form(text: &str) -> Parameters {
        Parameters::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn rfc_6749_section_2_3_1_both_halves_are_form_encoded() {
        let none = Parameters::default();
        let read = presented(&header("my%3Aid:se%2Bcret+1"), &none).unwrap();
        assert_eq!(read.client_id, "my:id");
        assert!(matches!(read.proof, Proof::Basic(secret) if secret == "se+cret 1"));
    }

    #[test]
    fn oa_39_two_proofs_at_once_are_refused() {
        assert!(presented(&header("a:b"), &form("client_id=a&client_secret=b")).is_err());
        assert!(presented(&header("a:b"), &form("client_id=c")).is_err());
        for odd in [
            "client_id=a&client_secret=b&client_assertion=x",
            "client_id=a&client_secret=b&client_assertion_type=x",
            "client_id=a&client_assertion=x",
            "client_id=a&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_id=a&client_assertion=x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
            "client_id=a&client_assertion=x&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "",
        ] {
            assert!(presented(&HeaderMap::new(), &form(odd)).is_err(), "{odd}");
        }
        let type_alone = form("client_assertion_type=x");
        assert!(presented(&header("a:b"), &type_alone).is_err());
        assert!(matches!(presented(&HeaderMap::new(), &form("client_id=a")).unwrap().proof, Proof::None));
    }
}
