//! Passwords and apps as Keycloak keeps them (`CredentialRepresentation`). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::realm::Credential;
use crate::factors::authenticator::bring::SHORTEST;
use crate::factors::foreign_hash::{ForeignHash, ForeignHashError, Prf};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordData {
    hash_iterations: u32,
    algorithm: String,
    #[serde(default)]
    additional_parameters: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct PasswordSecret {
    value: String,
    #[serde(default)]
    salt: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OtpData {
    sub_type: String,
    digits: u32,
    #[serde(default)]
    period: u32,
    algorithm: String,
    secret_encoding: Option<String>,
}

#[derive(Deserialize)]
struct OtpSecret {
    value: Zeroizing<String>,
}

/// Reads a password.
pub fn password(credential: &Credential) -> Result<ForeignHash, ForeignHashError> {
    let unknown = ForeignHashError::Unknown;
    let data: PasswordData = parse(credential.credential_data.as_deref()).ok_or(unknown)?;
    let secret: PasswordSecret = parse(credential.secret_data.as_deref()).ok_or(unknown)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_| unknown);
    let (salt, expected) = (decode(&secret.salt)?, decode(&secret.value)?);
    if data.algorithm == "argon2" {
        let one = |name: &str| data.additional_parameters.get(name)?.first().map(String::as_str);
        let number = |name: &str| one(name).and_then(|text| text.parse::<u32>().ok()).ok_or(unknown);
        if one("version").is_some_and(|version| version != "1.3") {
            return Err(unknown);
        }
        let figures = (number("memory")?, data.hash_iterations, number("parallelism")?);
        return ForeignHash::argon2(one("type").unwrap_or("id"), figures, salt, expected);
    }
    let prf = match data.algorithm.as_str() {
        "pbkdf2" => Prf::Sha1,
        "pbkdf2-sha256" => Prf::Sha256,
        "pbkdf2-sha512" => Prf::Sha512,
        _ => return Err(unknown),
    };
    ForeignHash::pbkdf2(prf, data.hash_iterations, salt, expected)
}

/// The secret of an app whose codes are read here: by time, SHA-1, six digits, thirty seconds.
pub fn app(credential: &Credential) -> Option<Zeroizing<Vec<u8>>> {
    let data: OtpData = parse(credential.credential_data.as_deref())?;
    let secret: OtpSecret = parse(credential.secret_data.as_deref())?;
    let speaks = data.sub_type == "totp" && data.digits == 6 && data.period == 30 && data.algorithm == "HmacSHA1";
    if !speaks {
        return None;
    }
    let bytes = match data.secret_encoding.as_deref() {
        // As it made them itself: the letters are the secret.
        None => secret.value.as_bytes().to_vec(),
        Some("BASE32") => totp_rs::Secret::try_from_base32(secret.value.as_str()).ok()?.as_ref().to_vec(),
        Some(_) => return None,
    };
    (bytes.len() >= SHORTEST).then(|| Zeroizing::new(bytes))
}

fn parse<'a, T: Deserialize<'a>>(text: Option<&'a str>) -> Option<T> {
    serde_json::from_str(text?).ok()
}
