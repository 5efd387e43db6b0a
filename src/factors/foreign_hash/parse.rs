//! The texts that hashes come as, and the one that each is kept as.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use argon2::{Algorithm, Version};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{ForeignHash, ForeignHashError, Made, Prf};

/// Longest text that is looked at, in bytes.
const LONGEST: usize = 512;

/// With or without `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_encode_padding(false).with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl ForeignHash {
    /// Reads a hash.
    ///
    /// - `$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH`, and `argon2i`, `argon2d` (PHC)
    /// - `$2b$12$…`, and `2a`, `2x`, `2y` (bcrypt)
    /// - `$pbkdf2-sha256$i=600000,l=32$SALT$HASH` (PHC), `$pbkdf2-sha256$29000$SALT$HASH` (passlib; also `sha512`, and `$pbkdf2$`),
    ///   `pbkdf2_sha256$600000$SALT$HASH` (Django)
    /// - `$scrypt$ln=17,r=8,p=1$SALT$HASH` (PHC), `scrypt$SALT$16384$8$1$HASH` (Django)
    ///
    /// What Django writes in front of others (`argon2$argon2id$…`, `bcrypt$$2b$…`) is left away.
    pub fn parse(text: &str) -> Result<Self, ForeignHashError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(ForeignHashError::Unknown);
        }
        let text = text.strip_prefix("bcrypt$").or(text.strip_prefix("argon2$")).unwrap_or(text);
        let parts: Vec<&str> = text.trim_start_matches('$').split('$').collect();
        let read = match parts.as_slice() {
            [kind, version, parameters, salt, hash] if kind.starts_with("argon2") => {
                argon2(kind, version, parameters, (salt, hash))
            }
            ["2a" | "2b" | "2x" | "2y", cost, _] => bcrypt(cost, text),
            ["scrypt", salt, n, r, p, hash] => django_scrypt((n, r, p), salt, hash),
            ["scrypt", parameters, salt, hash] => scrypt(parameters, salt, hash),
            [kind, iterations, salt, hash] => pbkdf2(kind, iterations, salt, hash),
            _ => None,
        };
        read.ok_or(ForeignHashError::Unknown)?.within_limits()
    }
}

fn argon2(kind: &str, version: &str, parameters: &str, (salt, hash): (&str, &str)) -> Option<ForeignHash> {
    let version: u32 = version.strip_prefix("v=")?.parse().ok()?;
    let parameters = Parameters::read(parameters, &["m", "t", "p"])?;
    let made = Made::Argon2 {
        algorithm: Algorithm::new(kind).ok()?,
        version: Version::try_from(version).ok()?,
        memory_kib: parameters.get("m")?,
        passes: parameters.get("t")?,
        lanes: parameters.get("p")?,
    };
    Some(ForeignHash { made, salt: decode(salt)?, expected: decode(hash)? })
}

fn bcrypt(cost: &str, text: &str) -> Option<ForeignHash> {
    text.parse::<::bcrypt::HashParts>().ok()?;
    let made = Made::Bcrypt { cost: cost.parse().ok()?, text: text.to_owned() };
    Some(ForeignHash { made, salt: Vec::new(), expected: Vec::new() })
}

fn pbkdf2(kind: &str, iterations: &str, salt: &str, hash: &str) -> Option<ForeignHash> {
    let prf = |word: &str| Prf::ALL.into_iter().find(|prf| prf.as_str() == word);
    let of =
        |prf, iterations, salt, expected| Some(ForeignHash { made: Made::Pbkdf2 { prf, iterations }, salt, expected });
    if let Some(word) = kind.strip_prefix("pbkdf2_") {
        // The salt is the text itself.
        return of(prf(word)?, iterations.parse().ok()?, salt.as_bytes().to_vec(), decode(hash)?);
    }
    let prf = if kind == "pbkdf2" { Prf::Sha1 } else { prf(kind.strip_prefix("pbkdf2-")?)? };
    if let Ok(iterations) = iterations.parse() {
        return of(prf, iterations, decode(&salt.replace('.', "+"))?, decode(&hash.replace('.', "+"))?);
    }
    let parameters = Parameters::read(iterations, &["i", "l"])?;
    let expected = decode(hash)?;
    let is_whole = parameters.get::<usize>("l").is_none_or(|length| length == expected.len());
    is_whole.then_some(())?;
    of(prf, parameters.get("i")?, decode(salt)?, expected)
}

fn scrypt(parameters: &str, salt: &str, hash: &str) -> Option<ForeignHash> {
    let parameters = Parameters::read(parameters, &["ln", "r", "p"])?;
    let made = Made::Scrypt { log_n: parameters.get("ln")?, r: parameters.get("r")?, p: parameters.get("p")? };
    Some(ForeignHash { made, salt: decode(salt)?, expected: decode(hash)? })
}

fn django_scrypt((n, r, p): (&str, &str, &str), salt: &str, hash: &str) -> Option<ForeignHash> {
    let n: u64 = n.parse().ok().filter(|n: &u64| n.is_power_of_two())?;
    let made = Made::Scrypt { log_n: u8::try_from(n.trailing_zeros()).ok()?, r: r.parse().ok()?, p: p.parse().ok()? };
    Some(ForeignHash { made, salt: salt.as_bytes().to_vec(), expected: decode(hash)? })
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// `m=65536,t=3,p=4`
struct Parameters<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Parameters<'a> {
    /// One that is not known would change the hash.
    fn read(text: &'a str, known: &[&str]) -> Option<Self> {
        let named = |one: &'a str| one.split_once('=').filter(|(name, _)| known.contains(name));
        text.split(',').map(named).collect::<Option<_>>().map(Self)
    }

    fn get<T: FromStr>(&self, name: &str) -> Option<T> {
        self.0.get(name)?.parse().ok()
    }
}

/// As it is kept: PHC form, of bcrypt its own. [`ForeignHash::parse`] reads it back.
impl fmt::Display for ForeignHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.made {
            Made::Bcrypt { text, .. } => f.write_str(text),
            Made::Argon2 { .. } | Made::Pbkdf2 { .. } | Made::Scrypt { .. } => {
                let (salt, hash) = (BASE64.encode(&self.salt), BASE64.encode(&self.expected));
                write!(f, "${}${salt}${hash}", self.scheme())
            }
        }
    }
}
