//! The last line of defence against personal data and secrets in logs: whatever slips into a message is cut out here.

use std::borrow::Cow;

/// The words that our own secrets begin with, so that scanners know what they are.
const PREFIXES: [&str; 5] = ["cha_", "chd_", "chr_", "chm_", "chp_"];

/// Replaces e-mail addresses, phone numbers, signed tokens and long opaque secrets in a line.
pub fn redact(line: &str) -> Cow<'_, str> {
    if !line.split(is_border).any(|word| mark(word).is_some()) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    for piece in line.split_inclusive(is_border) {
        let word = piece.trim_end_matches(is_border);
        out.push_str(mark(word).unwrap_or(word));
        out.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    Cow::Owned(out)
}

fn is_border(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | '=' | '&' | '?' | '\\'
        )
}

fn mark(word: &str) -> Option<&'static str> {
    if word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
        return Some("[e-mail]");
    }
    if word
        .strip_prefix('+')
        .is_some_and(|digits| (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
    {
        return Some("[phone]");
    }
    if word.starts_with("eyJ") && word.len() > 20 {
        return Some("[token]");
    }
    // Our own secrets are 43 characters of base64url (`kernel::secret::Token`).
    let opaque =
        |part: &str| part.len() == 43 && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    // Some begin with a word that tells scanners what they are; inside of a query slashes and colons are escaped: `%2F`, `%3A`.
    let bare = |part: &str| opaque(part) || PREFIXES.iter().any(|word| part.strip_prefix(word).is_some_and(opaque));
    let escaped = |part: &str| {
        part.split_at_checked(2)
            .filter(|(code, _)| code.bytes().all(|b| b.is_ascii_hexdigit()))
            .is_some_and(|(_, rest)| bare(rest))
    };
    let hidden = |part: &str| bare(part) || escaped(part);
    word.split(['/', '.', ':', '#', '%']).any(hidden).then_some("[secret]")
}

#[cfg(test)]
mod tests {
    use super::{PREFIXES, redact};

    #[test]
    fn personal_data_and_secrets_are_cut_out() {
        let line = r#"{"to":"anna@bank-a.example","phone":"+4969123456","jwt":"eyJhbGciOiJFUzI1NiJ9.e30.abc","n":12}"#;
        assert_eq!(redact(line), r#"{"to":"[e-mail]","phone":"[phone]","jwt":"[token]","n":12}"#);
        let secret = "A".repeat(43);
        assert_eq!(redact(&format!("link https://x.example/activate/{secret} sent")), "link [secret] sent");
        assert_eq!(redact(&format!("uri=/activate/{secret}/code")), "uri=[secret]");
        let escaped = format!("uri=/login?return=%2Fsecurity%2Femail%2F{secret}&lang=de");
        assert_eq!(redact(&escaped), "uri=/login?return=[secret]&lang=de");
        for word in PREFIXES {
            assert_eq!(redact(&format!("Bearer {word}{secret}")), "Bearer [secret]");
        }
        let pushed =
            format!("uri=/oauth2/authorize?request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A{secret}&a=b");
        assert_eq!(redact(&pushed), "uri=/oauth2/authorize?request_uri=[secret]&a=b");
    }

    #[test]
    fn identifiers_stay() {
        let line = r#"{"request_id":"0199c0a4b7c97d0e8c5d1f2a3b4c5d6e","user":"0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e","status":200}"#;
        assert_eq!(redact(line), line);
    }
}
