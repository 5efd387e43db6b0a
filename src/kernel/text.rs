//! Texts with rules: e-mail addresses, phone numbers, names; and the folding by which they are compared.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::links::names_a_host;

/// Longest name, title or code that is stored, in characters.
pub const MAX_NAME: usize = 200;

/// Longest description that is stored, in characters.
pub const MAX_DESCRIPTION: usize = 1_000;

/// Longest text of a mail that somebody writes, in characters.
pub const MAX_LETTER: usize = 4_000;

/// Longest address of a page that is stored, in bytes.
const MAX_LINK: usize = 2_000;

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
    no_web_address(line(text, MAX_NAME)?)
}

fn no_web_address(text: String) -> Result<String, TextError> {
    let folded = fold(&text);
    if folded.contains("://") || folded.contains("www.") { Err(TextError::WebAddress) } else { Ok(text) }
}

/// A description: the rules of a name, but it may be empty, longer, and of several lines.
pub fn description(text: &str) -> Result<String, TextError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(TextError::TooLong);
    }
    if text.chars().any(|c| c != '\n' && is_forbidden(c)) {
        return Err(TextError::Character);
    }
    no_web_address(text)
}

/// What a mail to many people is about: the rules of a name, and nothing of which mail programs make links (IN-03).
pub fn letter_subject(text: &str) -> Result<String, TextError> {
    no_link(name(text)?)
}

fn no_link(text: String) -> Result<String, TextError> {
    if names_a_host(&text) { Err(TextError::WebAddress) } else { Ok(text) }
}

/// A text to many people: the rules of a description, but it may not be empty, may be longer, and holds nothing of which mail
/// programs make links.
pub fn letter(text: &str) -> Result<String, TextError> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > MAX_LETTER {
        return Err(TextError::TooLong);
    }
    if text.chars().any(|c| c != '\n' && is_forbidden(c)) {
        return Err(TextError::Character);
    }
    no_link(no_web_address(text)?)
}

/// Whether a link may be followed from our pages (OA-03): https, or http on loopback; without a user in front of the host, by
/// which `https://bank.example@evil.example` would pass for the bank's.
pub fn is_safe_url(text: &str) -> bool {
    if text.len() > MAX_LINK || text.contains('\\') || text.chars().any(|c| c.is_whitespace() || is_forbidden(c)) {
        return false;
    }
    let Ok(url) = url::Url::parse(text) else { return false };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
        _ => false,
    }
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

/// A name that is one person's among all (SCIM `userName`): one line of ASCII without spaces, or of letters that look like
/// no other (AU-24). Full-width, Cyrillic or composed twins of somebody's name are no names; upper and lower case are one.
pub fn user_name(text: &str) -> Result<String, TextError> {
    let text = line(text, 254)?;
    let plain = |c: char| c.is_ascii_graphic() || is_latin(c);
    if text.chars().all(plain) { Ok(text) } else { Err(TextError::Character) }
}

/// Latin letters with marks, each one character, but those that fold or look like another one.
fn is_latin(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}')
        && c.is_alphabetic()
        && !matches!(c, '\u{130}' | '\u{131}' | '\u{132}' | '\u{133}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}')
        && !matches!(c, '\u{180}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}' | '\u{1dd}' | '\u{21c}'..='\u{225}' | '\u{234}'..='\u{24f}')
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

#[cfg(test)]
mod tests {
    use super::{TextError, description, is_safe_url, line, name, user_name};

    /// DA-45, IN-02, IN-05: line breaks, terminal sequences and direction marks neither reach mail headers and logs nor
    /// deceive whoever reads a name.
    #[test]
    fn a_name_holds_no_control_or_direction_characters() {
        assert_eq!(name("  Bank B – Zürich & Cie. (São Paulo) ").unwrap(), "Bank B – Zürich & Cie. (São Paulo)");
        for c in [
            '\n', '\r', '\t', '\0', '\u{1b}', '\u{7f}', '\u{85}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}',
            '\u{feff}',
        ] {
            let text = format!("Bank{c}B");
            assert_eq!(name(&text), Err(TextError::Character), "{text:?}");
            assert_eq!(line(&text, 10), Err(TextError::Character), "{text:?}");
        }
        assert_eq!(description("Bank\u{202e}B"), Err(TextError::Character));
        assert_eq!(name(" "), Err(TextError::Empty));
        assert_eq!(name(&"é".repeat(201)), Err(TextError::TooLong));
    }

    #[test]
    fn au_24_a_user_name_has_no_twin_that_looks_the_same() {
        for name in ["anna.berg@bank-a.example", "jörg.müller", "O'Neil", "a_b+c"] {
            assert_eq!(user_name(name), Ok(name.to_owned()));
        }
        let twins = [
            "\u{430}nna.berg@bank-a.example",
            "\u{ff41}nna",
            "anna\u{301}",
            "\u{fb01}ona",
            "anna berg",
            "anna\u{200b}",
            "\u{131}da",
            "pa\u{17f}s",
            "\u{3b1}nna",
            "anna\u{ad}",
            "\u{1d41a}nna",
        ];
        for twin in twins {
            assert_eq!(user_name(twin), Err(TextError::Character), "{twin}");
        }
    }

    /// IN-03: a name in our mail is no advertisement.
    #[test]
    fn a_name_holds_no_web_address() {
        for text in ["Visit https://evil.example", "WWW.evil.example", "hTTp://x"] {
            assert_eq!(name(text), Err(TextError::WebAddress));
            assert_eq!(description(text), Err(TextError::WebAddress));
        }
    }

    #[test]
    fn a_description_has_lines_and_may_be_empty() {
        assert_eq!(description(" one\r\ntwo ").unwrap(), "one\ntwo");
        assert_eq!(description("").unwrap(), "");
        assert_eq!(description(&"x".repeat(1_001)), Err(TextError::TooLong));
    }

    /// OA-03, OA-01: a link that we show leads where it seems to lead.
    #[test]
    fn a_link_is_https_or_loopback_and_names_nobody_before_the_host() {
        for good in [
            "https://bank.example/manual",
            "https://bank.example/@team?q=a@b",
            "http://localhost:8082/",
            "http://[::1]/",
        ] {
            assert!(is_safe_url(good), "{good}");
        }
        for bad in [
            "https://bank.example@evil.example/",
            "https://bank.example:secret@evil.example/",
            "https://:secret@evil.example/",
            "http://bank.example/",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//evil.example/",
            "https:\\\\evil.example",
            "https://evil.example/\u{202e}gnp.elif",
            " https://bank.example/",
            "",
        ] {
            assert!(!is_safe_url(bad), "{bad}");
        }
    }
}
