//! What reads octets that anybody may send. Each function takes any octets, must neither panic nor take long, and says whether they got
//! through: a run in which nothing does has tried nothing.

mod scim;

use std::io::BufReader;
use std::sync::LazyLock;

use chamberlain::directory::client::registration::metadata;
use chamberlain::directory::client::registration::model::Policy;
use chamberlain::directory::user::import::rows::{Format, Rows};
use chamberlain::kernel::time::Timestamp;
use chamberlain::oidc::details;
use chamberlain::oidc::params::Parameters;
use chamberlain::proofs::assertion::Assertion;
use chamberlain::proofs::audience::Audience;
use chamberlain::proofs::dpop::{Dpop, Shown};
use chamberlain::proofs::jwe::Jwe;
use chamberlain::proofs::jws::Jws;
use chamberlain::proofs::key_set::candidates;
use chamberlain::proofs::private_key::PrivateKey;
use chamberlain::proofs::request_object::{LONGEST, RequestObject, Rules};
use chamberlain::proofs::{Algorithm, KeySet, PublicKey};
use josekit::jwk::Jwk;
use serde_json::{Value, json};

pub use scim::{scim_bulk, scim_cursor, scim_filter, scim_patch, scim_user};

/// When everything here happens.
pub const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

/// To whom everything is addressed.
pub const ISSUER: &str = "https://id.example";

/// The key of Bob of RFC 7518 appendix C: everybody knows it.
pub const BOB: &str = r#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
    "y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#;

static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::parse(&Jwk::from_bytes(BOB).expect("a JWK")).expect("a key"));

/// The query or form of any endpoint, and the JSON in it. What is read is written and read again as the same (OA-05).
pub fn parameters(octets: &[u8]) -> bool {
    let Ok(read) = Parameters::parse(octets) else { return false };
    assert_eq!(Parameters::parse(read.to_query().as_bytes()).ok(), Some(read.clone()));
    details::parse(read.get("authorization_details")).is_ok_and(|details| !details.is_empty())
}

/// A signed JWT as each of the things that it could be: a request object, an assertion.
pub fn jwt(octets: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    let object = RequestObject::read(text, &Algorithm::ALL);
    let is_good = object.is_some_and(|object| {
        let good = [true, false].map(|strict| object.check("imas", Rules { issuer: ISSUER, strict }, NOW).is_ok());
        let count = object.parameters().count();
        good[1] && count > 0
    });
    if let Some(assertion) = Assertion::read(text) {
        let _judged = assertion.check(&Algorithm::ALL, Audience::Exactly(ISSUER), NOW);
        let _once = assertion.once();
    }
    is_good
}

/// An encrypted JWT, and what is in it.
pub fn jwe(octets: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    let opened = Jwe::read(text, LONGEST).and_then(|encrypted| encrypted.open(&KEY));
    opened.is_some_and(|inner| Jws::read(&inner, LONGEST, &Algorithm::ALL).is_some())
}

/// A proof of possession (RFC 9449), for a request at the token endpoint.
pub fn dpop_proof(octets: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    let urls = [format!("{ISSUER}/oauth2/token")];
    let shown = Shown { method: "POST", urls: &urls, token: None, nonce: false };
    Dpop::new([7; 32]).check(text, shown, NOW).is_ok()
}

/// Client metadata (RFC 7591): read, and judged as an operator's settings are.
pub fn registration(octets: &[u8]) -> bool {
    let Ok(Value::Object(document)) = serde_json::from_slice(octets) else { return false };
    let scopes = vec!["openid".to_owned()];
    let policy = Policy { scopes, third_party: true, allow_without_pkce_insecure: false, device_grant: true };
    metadata::read(&document, &policy, None).is_ok()
}

/// A key set of a client (RFC 7517): as registered, and as fetched, where a bad key is passed over.
pub fn key_set(octets: &[u8]) -> bool {
    let Ok(set) = serde_json::from_slice::<Value>(octets) else { return false };
    let _judged = KeySet::check(&set);
    let read = KeySet::read(&json!({ "keys": set.get("keys").cloned().unwrap_or_default() }));
    let mut good = false;
    for algorithm in Algorithm::ALL {
        for members in candidates(read.iter(), None, algorithm) {
            good |= PublicKey::parse(members).is_ok_and(|key| !key.thumbprint().is_empty());
        }
    }
    good
}

/// A file of people, as CSV and as JSON lines: the same rows however it is cut into pieces, and no more of them than lines.
pub fn people(octets: &[u8]) -> bool {
    let read = |format: Format, piece: usize| {
        let mut rows = Rows::open(BufReader::with_capacity(piece, octets), format, NOW).ok()?;
        let mut people = Vec::new();
        while let Ok(Some(line)) = rows.read() {
            people.push((line.number, line.who, line.person));
        }
        Some(people)
    };
    let mut good = false;
    for format in [Format::Csv, Format::Jsonl] {
        let whole = read(format, octets.len().max(1));
        assert_eq!(whole, read(format, 3));
        let lines = octets.iter().filter(|octet| matches!(octet, b'\n' | b'\r')).count() + 1;
        for (number, who, person) in whole.into_iter().flatten() {
            assert!(number <= lines as u64 && who.chars().count() <= 254 && !who.contains('\n'));
            good |= person.is_ok();
        }
    }
    good
}
