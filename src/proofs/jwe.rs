//! An encrypted JWT in compact form (RFC 7516 §3.1, §5.2), read and opened as its recipient does.
//!
//! The content is decrypted here and not by the library: that one decrypts CBC before it looks at the tag, takes short tags of GCM, panics at
//! short keys, and decompresses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use josekit::jwe::enc::aescbc_hmac::AescbcHmacJweEncryption;
use josekit::jwe::enc::aesgcm::AesgcmJweEncryption;
use josekit::jwe::{JweContentEncryption, JweHeader};
use openssl::symm::{Cipher, decrypt, decrypt_aead};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::encryption::{ContentEncryption, KeyManagement};
use super::private_key::PrivateKey;

/// The members of a header that mean something here. What belongs to algorithms that are not offered is not looked at, nor where else a key
/// could be.
#[derive(Debug, Deserialize)]
struct Header {
    alg: String,
    enc: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    cty: Option<String>,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    zip: Option<Value>,
    #[serde(default)]
    crit: Option<Value>,
}

/// An encrypted JWT in its five parts.
#[derive(Debug)]
pub struct Jwe<'a> {
    /// How its key comes to us.
    pub alg: KeyManagement,
    /// What it says it is.
    pub typ: Option<String>,
    /// What it says is in it.
    pub cty: Option<String>,
    /// To which key it is encrypted.
    pub kid: Option<String>,
    enc: ContentEncryption,
    protected: &'a str,
    members: Map<String, Value>,
    encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
}

/// Whether a text is in five parts, as nothing that is only signed is.
pub fn is_encrypted(text: &str) -> bool {
    text.bytes().filter(|octet| *octet == b'.').take(5).count() == 4
}

impl<'a> Jwe<'a> {
    /// Reads a compact JWE of at most `longest` octets by algorithms that are offered. Nothing compressed (RFC 8725 §3.6), and nothing critical:
    /// there is no such member that we know (RFC 7516 §4.1.13).
    pub fn read(text: &'a str, longest: usize) -> Option<Self> {
        if text.len() > longest || !is_encrypted(text) {
            return None;
        }
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let mut parts = text.split('.');
        let protected = parts.next()?;
        let decoded = decode(protected)?;
        // As a struct, too: of members that come twice the map would keep one.
        let header: Header = serde_json::from_slice(&decoded).ok()?;
        let members = serde_json::from_slice(&decoded).ok()?;
        if header.zip.is_some() || header.crit.is_some() {
            return None;
        }
        let (alg, enc) = (KeyManagement::named(&header.alg)?, ContentEncryption::named(&header.enc)?);
        let (encrypted_key, iv) = (decode(parts.next()?)?, decode(parts.next()?)?);
        let (ciphertext, tag) = (decode(parts.next()?)?, decode(parts.next()?)?);
        let Header { typ, cty, kid, .. } = header;
        let read = Self { alg, typ, cty, kid, enc, protected, members, encrypted_key, iv, ciphertext, tag };
        read.has_right_lengths().then_some(read)
    }

    /// RFC 7518 §4.6.2, §5.2.3, §5.2.5, §5.3: each part has one length, but for the content.
    fn has_right_lengths(&self) -> bool {
        let of_key = match self.alg {
            KeyManagement::EcdhEs => self.encrypted_key.is_empty(),
            KeyManagement::EcdhEsA128Kw | KeyManagement::EcdhEsA256Kw => {
                self.encrypted_key.len() == self.enc.key_length() + 8
            }
            KeyManagement::RsaOaep256 => (256..=1024).contains(&self.encrypted_key.len()),
        };
        let (iv, tag) = match self.enc {
            ContentEncryption::A128CbcHs256 => (16, 16),
            ContentEncryption::A256CbcHs512 => (16, 32),
            ContentEncryption::A128Gcm | ContentEncryption::A256Gcm => (12, 16),
        };
        of_key && self.iv.len() == iv && self.tag.len() == tag
    }

    /// What is in it, if it is encrypted to this key and was not changed. Whatever is wrong, there is one answer (RFC 7516 §11.5).
    pub fn open(&self, key: &PrivateKey) -> Option<String> {
        let decrypter = key.decrypter(self.alg)?;
        let header = JweHeader::from_map(self.members.clone()).ok()?;
        let wrapped = Some(self.encrypted_key.as_slice()).filter(|wrapped| !wrapped.is_empty());
        let content_key = decrypter.decrypt(wrapped, self.enc.jose(), &header).ok()?;
        let content_key = Zeroizing::new(content_key.into_owned());
        if content_key.len() != self.enc.key_length() {
            return None;
        }
        String::from_utf8(self.content(&content_key)?).ok()
    }

    fn content(&self, key: &[u8]) -> Option<Vec<u8>> {
        let (aad, iv) = (self.protected.as_bytes(), Some(self.iv.as_slice()));
        let gcm = |cipher| decrypt_aead(cipher, key, iv, aad, &self.ciphertext, &self.tag).ok();
        let (of_tag, of_content) = key.split_at(key.len() / 2);
        match self.enc {
            ContentEncryption::A128Gcm => gcm(Cipher::aes_128_gcm()),
            ContentEncryption::A256Gcm => gcm(Cipher::aes_256_gcm()),
            ContentEncryption::A128CbcHs256 => {
                self.is_authentic(&self.mac::<Hmac<Sha256>>(of_tag)?)?;
                decrypt(Cipher::aes_128_cbc(), of_content, iv, &self.ciphertext).ok()
            }
            ContentEncryption::A256CbcHs512 => {
                self.is_authentic(&self.mac::<Hmac<Sha512>>(of_tag)?)?;
                decrypt(Cipher::aes_256_cbc(), of_content, iv, &self.ciphertext).ok()
            }
        }
    }

    /// RFC 7518 §5.2.2.1: over the header, the initialization vector, the content, and the length of the header in bits.
    fn mac<M: Mac + KeyInit>(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
        let bits = u64::try_from(self.protected.len()).ok()?.checked_mul(8)?;
        for part in [self.protected.as_bytes(), &self.iv, &self.ciphertext, &bits.to_be_bytes()] {
            mac.update(part);
        }
        Some(mac.finalize().into_bytes().to_vec())
    }

    /// The first half is the tag (RFC 7518 §5.2.2.2): looked at before anything is decrypted.
    fn is_authentic(&self, mac: &[u8]) -> Option<()> {
        bool::from(mac.get(..self.tag.len())?.ct_eq(&self.tag)).then_some(())
    }
}

impl ContentEncryption {
    /// Octets of its key.
    fn key_length(self) -> usize {
        self.jose().key_len()
    }

    fn jose(self) -> &'static dyn JweContentEncryption {
        match self {
            Self::A128CbcHs256 => &AescbcHmacJweEncryption::A128cbcHs256,
            Self::A256CbcHs512 => &AescbcHmacJweEncryption::A256cbcHs512,
            Self::A128Gcm => &AesgcmJweEncryption::A128gcm,
            Self::A256Gcm => &AesgcmJweEncryption::A256gcm,
        }
    }
}
