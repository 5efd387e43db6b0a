//! `[keys]`: the key that seals all other keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::Sealed;

/// The key-encryption key.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct KeysSettings {
    /// 32 random bytes in base64 (`openssl rand -base64 32`). Seals signing keys at rest. Without it the server does not
    /// start, and it never makes one itself (CR-03); lose it and the signing keys are lost.
    pub encryption_key: Option<Sealed>,
}

impl KeysSettings {
    /// The 32 bytes; the error says what is wrong with the text, never what it is.
    pub fn bytes(&self) -> Result<Zeroizing<[u8; 32]>, &'static str> {
        let text =
            self.encryption_key.as_ref().ok_or("is needed: 32 random bytes in base64 (`openssl rand -base64 32`)")?;
        let bytes = Zeroizing::new(STANDARD.decode(text.reveal().trim()).map_err(|_| "is not base64")?);
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| "is not 32 bytes long")?;
        if is_well_known(&bytes) {
            return Err("is a default or demonstration key; make your own with `openssl rand -base64 32`");
        }
        Ok(Zeroizing::new(bytes))
    }
}

/// IN-16: a key that anybody would try first (one byte repeated, counting up, or words).
fn is_well_known(bytes: &[u8; 32]) -> bool {
    let steps: std::collections::HashSet<u8> =
        bytes.iter().zip(bytes.iter().skip(1)).map(|(a, b)| b.wrapping_sub(*a)).collect();
    steps.len() <= 2 || bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
}
