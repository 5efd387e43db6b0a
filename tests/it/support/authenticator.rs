//! An authenticator of our own (WebAuthn §6), which can also be made to lie.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// One key on one device.
#[derive(Clone)]
pub struct Authenticator {
    key: EcKey<Private>,
    id: Vec<u8>,
    /// The `user.id` that it was made for.
    pub handle: Vec<u8>,
    /// How often it has signed.
    pub counter: u32,
    /// The origin that the browser says it is at.
    pub origin: String,
    /// The domain that it signs for.
    pub domain: String,
    /// Whether it has verified its owner.
    pub verifies: bool,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// A new key at this origin.
    pub fn new(origin: &str, id: u8) -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self {
            key: EcKey::generate(&group).unwrap(),
            id: vec![id; 16],
            handle: Vec::new(),
            counter: 0,
            origin: origin.to_owned(),
            domain: url::Url::parse(origin).unwrap().domain().unwrap().to_owned(),
            verifies: true,
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let flags = flags | PRESENT | if self.verifies { VERIFIED } else { 0 };
        [Sha256::digest(self.domain.as_bytes()).as_slice(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// The public key as COSE writes it (RFC 9053 §7.1.1).
    fn cose(&self) -> Vec<u8> {
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let context = &mut BigNumContext::new().unwrap();
        self.key.public_key().affine_coordinates(self.key.group(), &mut x, &mut y, context).unwrap();
        let (x, y) = (x.to_vec_padded(32).unwrap(), y.to_vec_padded(32).unwrap());
        let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        [head.as_slice(), &x, &[0x22, 0x58, 0x20], &y].concat()
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&mut self, options: &Value) -> String {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required", "{options}");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required", "{options}");
        self.handle = URL_SAFE_NO_PAD.decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let data = [self.data(ATTESTED), vec![0; 16], length.to_vec(), self.id.clone(), self.cose()].concat();
        let size = u8::try_from(data.len()).unwrap();
        let attestation = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".as_slice(), &[0x58, size], &data].concat();
        let response = json!({
            "attestationObject": text(&attestation),
            "clientDataJSON": text(&self.client_data("webauthn.create", options)),
        });
        self.written(&response)
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&mut self, options: &Value) -> String {
        self.counter += 1;
        let (data, said) = (self.data(0), self.client_data("webauthn.get", options));
        let key = PKey::from_ec_key(self.key.clone()).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        signer.update(&[data.as_slice(), &Sha256::digest(&said)].concat()).unwrap();
        let response = json!({
            "authenticatorData": text(&data),
            "clientDataJSON": text(&said),
            "signature": text(&signer.sign_to_vec().unwrap()),
            "userHandle": text(&self.handle),
        });
        self.written(&response)
    }

    fn written(&self, response: &Value) -> String {
        let id = text(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} }).to_string()
    }
}
