//! Password hashes that other providers made, so that people who move here keep the password they have. They are compared as they are,
//! and replaced by one of ours when their owner signs in.
//!
//! What is read ([`ForeignHash::parse`]): argon2 in PHC form with any parameters, bcrypt, and PBKDF2 and scrypt as PHC, passlib and
//! Django write them.

mod parse;
pub mod schemes;
#[cfg(test)]
mod tests;

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use openssl::hash::MessageDigest;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::password::SALT_BYTES;

/// Most memory that one comparison may take, in KiB; ours take 19.
const MAX_MEMORY_KIB: u32 = 128 * 1024;

/// Most work of one comparison: no row of a file makes a sign-in last for minutes.
const MAX_ARGON2_KIB: u32 = 1024 * 1024;
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=14;
const MAX_ITERATIONS: u32 = 2_000_000;

/// Longest salt and longest digest that are kept, in bytes.
const MAX_BYTES: usize = 128;

/// The fewest bytes of a digest: less would be guessed.
const SHORTEST_DIGEST: usize = 16;

/// Why a hash is not taken. Nothing of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignHashError {
    /// Not a form that is read.
    #[error("is no argon2, bcrypt, PBKDF2 or scrypt hash in a form that is read")]
    Unknown,
    /// More memory or work than a sign-in may cost.
    #[error("asks for more memory or work than a sign-in may cost")]
    TooExpensive,
}

/// What PBKDF2 is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prf {
    /// HMAC-SHA-1.
    Sha1,
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Prf {
    const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::Sha512];

    /// The word in stored forms.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// How a hash was made.
#[derive(Clone, PartialEq, Eq)]
enum Made {
    Argon2 {
        algorithm: Algorithm,
        version: Version,
        memory_kib: u32,
        passes: u32,
        lanes: u32,
    },
    /// With the text as it came: salt and digest are in it.
    Bcrypt {
        cost: u32,
        text: String,
    },
    Pbkdf2 {
        prf: Prf,
        iterations: u32,
    },
    Scrypt {
        log_n: u8,
        r: u32,
        p: u32,
    },
}

/// A hash of a password that we did not make, or made with parameters that we no longer use.
#[derive(Clone, PartialEq, Eq)]
pub struct ForeignHash {
    made: Made,
    salt: Vec<u8>,
    expected: Vec<u8>,
}

impl fmt::Debug for ForeignHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ForeignHash({})", self.scheme())
    }
}

impl ForeignHash {
    /// PBKDF2, from its parts.
    pub fn pbkdf2(prf: Prf, iterations: u32, salt: Vec<u8>, expected: Vec<u8>) -> Result<Self, ForeignHashError> {
        Self { made: Made::Pbkdf2 { prf, iterations }, salt, expected }.within_limits()
    }

    /// Argon2 of version 1.3, from its parts; `kind` is `id`, `i` or `d`.
    pub fn argon2(
        kind: &str,
        (memory_kib, passes, lanes): (u32, u32, u32),
        salt: Vec<u8>,
        expected: Vec<u8>,
    ) -> Result<Self, ForeignHashError> {
        let algorithm = Algorithm::new(format!("argon2{kind}")).map_err(|_| ForeignHashError::Unknown)?;
        let made = Made::Argon2 { algorithm, version: Version::V0x13, memory_kib, passes, lanes };
        Self { made, salt, expected }.within_limits()
    }

    /// The function and its parameters, without salt and digest: those of equal schemes take equally long.
    pub fn scheme(&self) -> String {
        match &self.made {
            Made::Argon2 { algorithm, version, memory_kib, passes, lanes } => {
                format!("{}$v={}$m={memory_kib},t={passes},p={lanes}", algorithm.as_str(), u32::from(*version))
            }
            Made::Bcrypt { cost, .. } => format!("bcrypt${cost}"),
            Made::Pbkdf2 { prf, iterations } => {
                format!("pbkdf2-{}$i={iterations},l={}", prf.as_str(), self.expected.len())
            }
            Made::Scrypt { log_n, r, p } => format!("scrypt$ln={log_n},r={r},p={p}"),
        }
    }

    /// Whether this is the password. Takes as long as the parameters say: not for a thread that others wait for.
    pub fn matches(&self, password: &str) -> bool {
        let mut computed = Zeroizing::new(vec![0; self.expected.len()]);
        let done = match &self.made {
            Made::Bcrypt { text, .. } => return bcrypt::verify(password, text).unwrap_or(false),
            Made::Argon2 { algorithm, version, memory_kib, passes, lanes } => {
                Params::new(*memory_kib, *passes, *lanes, Some(computed.len())).is_ok_and(|params| {
                    let argon2 = Argon2::new(*algorithm, *version, params);
                    argon2.hash_password_into(password.as_bytes(), &self.salt, &mut computed).is_ok()
                })
            }
            Made::Pbkdf2 { prf, iterations } => {
                let rounds = *iterations as usize;
                let digest = prf.digest();
                openssl::pkcs5::pbkdf2_hmac(password.as_bytes(), &self.salt, rounds, digest, &mut computed).is_ok()
            }
            Made::Scrypt { log_n, r, p } => {
                let (n, r, p) = (1_u64 << log_n, u64::from(*r), u64::from(*p));
                // What the function itself needs is a little more than its table.
                let memory = u64::from(MAX_MEMORY_KIB) * 1024 * 2;
                openssl::pkcs5::scrypt(password.as_bytes(), &self.salt, n, r, p, memory, &mut computed).is_ok()
            }
        };
        done && bool::from(self.expected.as_slice().ct_eq(computed.as_slice()))
    }

    fn within_limits(self) -> Result<Self, ForeignHashError> {
        let fits = match &self.made {
            Made::Argon2 { memory_kib, passes, lanes, .. } => {
                *memory_kib <= MAX_MEMORY_KIB
                    && memory_kib.saturating_mul(*passes) <= MAX_ARGON2_KIB
                    && (1..=16).contains(lanes)
            }
            Made::Bcrypt { cost, .. } => BCRYPT_COSTS.contains(cost),
            // Each block of the digest costs as many rounds.
            Made::Pbkdf2 { prf, iterations } => {
                let blocks = u32::try_from(self.expected.len().div_ceil(prf.digest().size())).unwrap_or(u32::MAX);
                (1..=MAX_ITERATIONS).contains(&iterations.saturating_mul(blocks))
            }
            Made::Scrypt { log_n, r, p } => {
                let table = 1_u64.checked_shl(u32::from(*log_n)).unwrap_or(u64::MAX).saturating_mul(u64::from(*r));
                let (table, times) = (table.saturating_mul(128), u64::from(*p));
                (1..=20).contains(log_n)
                    && (1..=16).contains(p)
                    && *r >= 1
                    && table <= u64::from(MAX_MEMORY_KIB) * 1024
                    && table.saturating_mul(times) <= u64::from(MAX_MEMORY_KIB) * 4 * 1024
            }
        };
        let is_bcrypt = matches!(self.made, Made::Bcrypt { .. });
        // What the function itself refuses would be right for no password.
        let works = match &self.made {
            Made::Argon2 { memory_kib, passes, lanes, .. } => {
                Params::new(*memory_kib, *passes, *lanes, Some(self.expected.len())).is_ok()
                    && self.salt.len() >= SALT_BYTES
            }
            Made::Scrypt { log_n, r, .. } => u32::from(*log_n) < r.saturating_mul(16),
            Made::Bcrypt { .. } | Made::Pbkdf2 { .. } => true,
        };
        let sane = self.salt.len() <= MAX_BYTES
            && self.expected.len() <= MAX_BYTES
            && (is_bcrypt || self.expected.len() >= SHORTEST_DIGEST);
        match (sane, fits) {
            (true, true) if works => Ok(self),
            (false, _) | (true, true) => Err(ForeignHashError::Unknown),
            (true, false) => Err(ForeignHashError::TooExpensive),
        }
    }
}
