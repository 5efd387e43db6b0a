//! JWEs: the examples of the RFCs, each algorithm there and back, and what is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwe::{self, JweContext, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ecx::{EcxCurve, EcxKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use openssl::symm::{Cipher, encrypt_aead};
use serde_json::{Value, json};

use super::encryption::{ContentEncryption, Encrypted, KeyManagement};
use super::jwe::{Jwe, is_encrypted};
use super::key::Members;
use super::key_set::{KeySet, SetFault, check_receives};
use super::private_key::PrivateKey;
use super::recipient::{self, Recipient};
use super::{ClientKeys, KeySource};
use crate::kernel::time::Timestamp;

const VECTORS: &str = include_str!("../../conformance/vectors/jwe.json");

const LONGEST: usize = 4_096;

fn key(value: &Value) -> PrivateKey {
    PrivateKey::parse(&Jwk::from_bytes(value.to_string()).unwrap()).unwrap()
}

fn open(text: &str, key: &PrivateKey) -> Option<String> {
    Jwe::read(text, LONGEST)?.open(key)
}

fn ec() -> Jwk {
    EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair()
}

fn public(private: &Jwk, more: &Value) -> Members {
    let mut members = serde_json::to_value(private.to_public_key().unwrap()).unwrap();
    for (name, value) in more.as_object().unwrap() {
        members[name] = value.clone();
    }
    members.as_object().unwrap().clone()
}

#[test]
fn the_examples_of_the_rfcs_open() {
    let all: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    for one in &all {
        let private = key(&one["key"]);
        if let Some(compact) = one["compact"].as_str() {
            assert_eq!(open(compact, &private).as_deref(), one["content"].as_str(), "{}", one["source"]);
            continue;
        }
        // The example has a key and no message: one that is encrypted by it opens.
        let (content_key, iv, mut tag) =
            (URL_SAFE_NO_PAD.decode(one["agreed"].as_str().unwrap()).unwrap(), [7; 12], [0; 16]);
        let protected = URL_SAFE_NO_PAD.encode(one["header"].to_string());
        let aad = protected.as_bytes();
        let sealed = encrypt_aead(Cipher::aes_128_gcm(), &content_key, Some(&iv), aad, b"a.b.c", &mut tag).unwrap();
        let [iv, sealed, tag] = [&iv[..], &sealed, &tag].map(|part| URL_SAFE_NO_PAD.encode(part));
        let opened = open(&format!("{protected}..{iv}.{sealed}.{tag}"), &private);
        assert_eq!(opened.as_deref(), Some("a.b.c"), "{}", one["source"]);
    }
}

#[test]
fn each_algorithm_there_and_back() {
    let (ec, rsa) = (ec(), RsaKeyPair::generate(2048).unwrap().to_jwk_key_pair());
    for alg in KeyManagement::ALL {
        let private = if alg == KeyManagement::RsaOaep256 { &rsa } else { &ec };
        let (recipient, own) =
            (Recipient::parse(&public(private, &json!({})), alg).unwrap(), PrivateKey::parse(private).unwrap());
        for enc in ContentEncryption::ALL {
            let sealed = recipient.encrypt("a.b.c", enc, (Some("k"), None)).unwrap();
            let read = Jwe::read(&sealed, LONGEST).unwrap();
            assert_eq!((read.alg, read.kid.as_deref(), read.cty.as_deref()), (alg, Some("k"), Some("JWT")));
            assert_eq!(read.open(&own).as_deref(), Some("a.b.c"), "{alg:?} {enc:?}");
            // RFC 7516 §5.2: a changed octet of any part is noticed.
            let parts: Vec<&str> = sealed.split('.').collect();
            for number in 0..parts.len() {
                let mut octets = URL_SAFE_NO_PAD.decode(parts[number]).unwrap();
                let Some(octet) = octets.get_mut(3) else { continue };
                *octet ^= 1;
                let (mut changed, part) = (parts.clone(), URL_SAFE_NO_PAD.encode(octets));
                changed[number] = &part;
                assert_eq!(open(&changed.join("."), &own), None, "{alg:?} {enc:?} part {number}");
            }
        }
    }
    assert!(Recipient::parse(&public(&rsa, &json!({})), KeyManagement::EcdhEs).is_err());
    assert!(Recipient::parse(&public(&ec, &json!({})), KeyManagement::RsaOaep256).is_err());
}

/// RFC 8037 §3.2: clients may have a key of X25519.
#[test]
fn something_can_be_encrypted_to_x25519() {
    let pair = EcxKeyPair::generate(EcxCurve::X25519).unwrap();
    let members = serde_json::to_value(pair.to_jwk_public_key()).unwrap().as_object().unwrap().clone();
    let sealed = Recipient::parse(&members, KeyManagement::EcdhEs).unwrap();
    let sealed = sealed.encrypt("a.b.c", ContentEncryption::A256Gcm, (None, None)).unwrap();
    let decrypter = jwe::ECDH_ES.decrypter_from_jwk(&pair.to_jwk_key_pair()).unwrap();
    assert_eq!(jwe::deserialize_compact(&sealed, &decrypter).unwrap().0, b"a.b.c");
}

/// RFC 7516 §4, §5.2, RFC 8725 §3.2, §3.6: nothing but what is offered is looked at; no part is shorter or longer than it has to be.
#[test]
fn what_is_not_offered_or_not_whole_is_not_read() {
    let private = ec();
    let own = PrivateKey::parse(&private).unwrap();
    let recipient = Recipient::parse(&public(&private, &json!({})), KeyManagement::EcdhEsA128Kw).unwrap();
    let good = recipient.encrypt("a.b.c", ContentEncryption::A128Gcm, (None, None)).unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    for changes in [
        json!({"zip": "DEF"}),
        json!({"zip": "none"}),
        json!({"crit": ["exp"]}),
        json!({"crit": []}),
        json!({"alg": "RSA1_5"}),
        json!({"alg": "RSA-OAEP"}),
        json!({"alg": "dir"}),
        json!({"alg": "A128KW"}),
        json!({"alg": "PBES2-HS256+A128KW", "p2s": "AAAAAAAAAAA", "p2c": 100_000_000}),
        json!({"alg": "none"}),
        json!({"alg": 7}),
        json!({"enc": "A192GCM"}),
        json!({"enc": null}),
        json!({"kid": 7}),
    ] {
        let mut bad = header.clone();
        for (name, value) in changes.as_object().unwrap() {
            bad[name] = value.clone();
        }
        let protected = URL_SAFE_NO_PAD.encode(bad.to_string());
        assert!(Jwe::read(&format!("{protected}.{}", parts[1..].join(".")), LONGEST).is_none(), "{changes}");
    }
    let twice = URL_SAFE_NO_PAD.encode(header.to_string().replacen('{', r#"{"alg":"RSA-OAEP-256","#, 1));
    assert!(Jwe::read(&format!("{twice}.{}", parts[1..].join(".")), LONGEST).is_none());
    for number in 0..parts.len() {
        for octets in [0, 1, 7, 15, 64] {
            let (mut cut, part) = (parts.clone(), URL_SAFE_NO_PAD.encode(vec![1; octets]));
            cut[number] = &part;
            assert_eq!(open(&cut.join("."), &own), None, "part {number} of {octets}");
        }
    }
    for odd in [good.replacen('.', "", 1), format!("{good}.AA"), format!("{good}="), "....".to_owned(), String::new()] {
        assert!(Jwe::read(&odd, LONGEST).is_none(), "{odd}");
    }
    assert!(Jwe::read(&good, good.len()).is_some() && Jwe::read(&good, good.len() - 1).is_none());
    assert!(is_encrypted(&good) && !is_encrypted("a.b.c") && !is_encrypted("a.b.c.d.e.f"));
    assert_eq!(open(&good, &PrivateKey::parse(&ec()).unwrap()), None, "the key of somebody else");
}

/// RFC 7518 §4.6.1: an ephemeral key that is on no curve, or on another one, opens nothing and breaks nothing.
#[test]
fn an_odd_ephemeral_key_is_refused() {
    let (private, iv, tag) = (ec(), "A".repeat(16), "A".repeat(22));
    let own = PrivateKey::parse(&private).unwrap();
    let x = |octets: usize| URL_SAFE_NO_PAD.encode(vec![9; octets]);
    for epk in [
        json!(null),
        json!("x"),
        json!({}),
        json!({"kty": "EC", "crv": "P-256"}),
        json!({"kty": "EC", "crv": "P-256", "x": x(32), "y": x(32)}),
        json!({"kty": "EC", "crv": "P-256", "x": x(1), "y": x(300)}),
        json!({"kty": "EC", "crv": "P-256", "x": "", "y": ""}),
        json!({"kty": "EC", "crv": "P-384", "x": x(48), "y": x(48)}),
        json!({"kty": "OKP", "crv": "X25519", "x": x(32)}),
    ] {
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk, "apu": "A", "apv": "?"});
        let text = format!("{}..{iv}.AAAA.{tag}", URL_SAFE_NO_PAD.encode(header.to_string()));
        assert_eq!(open(&text, &own), None, "{epk}");
        let mut header = header;
        header.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "apu" | "apv"));
        let text = format!("{}..{iv}.AAAA.{tag}", URL_SAFE_NO_PAD.encode(header.to_string()));
        assert_eq!(open(&text, &own), None, "{epk}");
    }
}

/// RFC 8725 §3.6: a few octets that would become many are not looked at.
#[test]
fn what_the_library_compresses_is_not_opened() {
    let private = ec();
    let mut header = JweHeader::new();
    header.set_content_encryption("A128CBC-HS256");
    header.set_compression("DEF");
    let encrypter = jwe::ECDH_ES.encrypter_from_jwk(&private.to_public_key().unwrap()).unwrap();
    let zipped =
        JweContext::new().serialize_compact(&vec![b'x'; 60_000], &header, &encrypter as &dyn JweEncrypter).unwrap();
    assert!(zipped.len() < LONGEST && Jwe::read(&zipped, LONGEST).is_none());
}

/// RFC 7517 §4.2 to §4.4: by type, use, operations and algorithm; one that says that it is for encryption before one that says nothing.
#[test]
fn the_key_of_a_client_is_chosen_by_what_it_is_for() {
    let (one, other, rsa) = (ec(), ec(), RsaKeyPair::generate(2048).unwrap().to_jwk_key_pair());
    let found = |keys: &[Members], alg| {
        let set = json!({ "keys": keys });
        let set = KeySet::read(&set);
        let mut names =
            recipient::candidates(set.all(), alg).map(|members| members["kid"].as_str().unwrap().to_owned());
        (names.next(), names.count())
    };
    let keys = [
        public(&one, &json!({"kid": "signs", "use": "sig"})),
        public(&one, &json!({"kid": "says-nothing"})),
        public(&one, &json!({"kid": "only-signs", "key_ops": ["verify"]})),
        public(&other, &json!({"kid": "wraps", "use": "enc", "alg": "ECDH-ES+A128KW"})),
        public(&other, &json!({"kid": "receives", "use": "enc", "key_ops": ["deriveBits"]})),
        public(&rsa, &json!({"kid": "rsa", "alg": "RSA-OAEP-256"})),
        public(&rsa, &json!({"kid": "old", "alg": "RSA-OAEP", "use": "enc"})),
    ];
    assert_eq!(found(&keys, KeyManagement::EcdhEs), (Some("receives".to_owned()), 1));
    assert_eq!(found(&keys, KeyManagement::EcdhEsA128Kw), (Some("wraps".to_owned()), 2));
    assert_eq!(found(&keys, KeyManagement::RsaOaep256), (Some("rsa".to_owned()), 0));
    assert_eq!(found(&keys[..1], KeyManagement::EcdhEs), (None, 0));
    let set = json!({ "keys": keys });
    assert_eq!(KeySet::check(&set), Ok(()));
    assert_eq!(
        check_receives(&json!({"keys": [keys[0]]}), KeyManagement::EcdhEs),
        Err(SetFault::NoRecipient(KeyManagement::EcdhEs))
    );
    let private = json!({"keys": [{"kty": "OKP", "crv": "X25519", "use": "enc", "d": "AA", "x": "AA"}]});
    assert!(KeySet::check(&private).is_err());
}

#[tokio::test]
async fn a_client_without_a_key_gets_nothing_and_one_with_an_odd_key_the_next_one() {
    let (private, keys) = (ec(), ClientKeys::default());
    let mut odd = public(&private, &json!({"kid": "odd"}));
    odd.insert("y".to_owned(), json!("AA"));
    let wanted = Encrypted { alg: KeyManagement::EcdhEs, enc: ContentEncryption::A128Gcm };
    let set = json!({"keys": [odd, 7, public(&private, &json!({"kid": "good"}))]});
    let sealed = keys.encrypt(KeySource::Inline(&set), ("a.b.c", None), wanted, Timestamp(0)).await.unwrap();
    let read = Jwe::read(&sealed, LONGEST).unwrap();
    assert_eq!(
        (read.kid.as_deref(), read.open(&PrivateKey::parse(&private).unwrap()).as_deref()),
        (Some("good"), Some("a.b.c"))
    );
    for none in [json!({"keys": [odd]}), json!({"keys": []}), json!({}), json!(7)] {
        assert!(keys.encrypt(KeySource::Inline(&none), ("a.b.c", None), wanted, Timestamp(0)).await.is_err(), "{none}");
        assert!(!keys.can_encrypt(KeySource::Inline(&none), KeyManagement::EcdhEs, Timestamp(0)).await);
    }
}
