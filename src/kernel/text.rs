//! Texts with rules: e-mail addresses, phone numbers, names; and the folding by which they are compared.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest name, title or code that is stored, in characters.
pub const MAX_NAME: usize = 200;

/// Lower case for case-insensitive comparison and search (`*_folded` columns).
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Why a text was refused. The variant is a key of the locale files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was given where something is needed.
    #[error("must not be empty")]
    Empty,
    /// Longer than [`MAX_NAME`] or the limit of the field.
    #[error("is too long")]
    TooLong,
    /// Control characters, line breaks or direction marks (IN-02, IN-05, DA-45).
    #[error("holds a character that is not allowed")]
    Character,
    /// A name that would turn our mail into somebody's advertisement (IN-03).
    #[error("must not hold a web address")]
    WebAddress,
    /// Not an e-mail address (RFC 5321 §4.1.2).
    #[error("is not an e-mail address; write it like name@example.org")]
    Email,
    /// Not an international number (E.164).
    #[error("is not an international phone number; write it with + and the country code, for example +4969123456")]
    Phone,
}

/// A human-readable name of a person, organisation or group: trimmed, 1 to [`MAX_NAME`] characters,
/// no control or direction characters, no web address.
pub fn name(text: &str) -> Result<String, TextError> {
    let text = line(text, MAX_NAME)?;
    let folded = fold(&text);
    if folded.contains("://") || folded.contains("www.") {
        return Err(TextError::WebAddress);
    }
    Ok(text)
}

/// One line of text: trimmed, 1 to `max` characters, no control or direction characters.
pub fn line(text: &str, max: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong);
    }
    if text.chars().any(is_forbidden) {
        return Err(TextError::Character);
    }
    Ok(text.to_owned())
}

fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// An e-mail address, as written by its owner; compared by [`EmailAddress::folded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As compared: two addresses that fold alike belong to one person (E20).
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl FromStr for EmailAddress {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        let text = line(text, 254)?;
        let plain = text.is_ascii() && !text.contains([' ', '"', '<', '>', '(', ')', ',', ';', ':', '\\']);
        if plain && email_address::EmailAddress::is_valid(&text) { Ok(Self(text)) } else { Err(TextError::Email) }
    }
}

/// A phone number in E.164: `+`, then 8 to 15 digits (E42).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last two digits, as shown on the sign-in page ("the number ending in 89").
    pub fn ending(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(2)..).unwrap_or_default()
    }
}

impl FromStr for PhoneNumber {
    type Err = TextError;

    /// Spaces, hyphens, dots, slashes and brackets are dropped; a leading `00` is read as `+`.
    fn from_str(text: &str) -> Result<Self, TextError> {
        let kept: String = text
            .trim()
            .trim_start_matches("tel:")
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}'))
            .collect();
        let digits = kept.strip_prefix('+').or_else(|| kept.strip_prefix("00")).ok_or(TextError::Phone)?;
        let right_length = (8..=15).contains(&digits.len());
        if right_length && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0') {
            Ok(Self(format!("+{digits}")))
        } else {
            Err(TextError::Phone)
        }
    }
}
