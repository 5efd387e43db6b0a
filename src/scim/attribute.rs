//! Attribute names as they stand in filters, paths and projections (RFC 7644 §3.10).

use std::fmt;

/// The schemas that names may be prefixed with; the longest first, so that one is not read as the start of another.
pub const SCHEMA_URIS: &[&str] = &[
    super::schema::CHAMBERLAIN_GROUP,
    super::schema::CHAMBERLAIN_USER,
    super::schema::ENTERPRISE_USER,
    super::schema::CORE_GROUP,
    super::schema::CORE_USER,
];

/// `[urn:]name[.sub]`. Names are compared without regard to case (RFC 7643 §2.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// The schema, in the spelling of the schema if it is one of ours.
    pub uri: Option<String>,
    /// The attribute; empty when the path names the schema as a whole.
    pub name: String,
    /// The sub-attribute.
    pub sub: Option<String>,
}

impl AttributePath {
    /// Reads a name; `None` if it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (uri, rest) = split_uri(text)?;
        if rest.is_empty() {
            return uri.map(|uri| Self { uri: Some(uri), name: String::new(), sub: None });
        }
        let (name, sub) = match rest.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (rest, None),
        };
        if !is_name(name) || !sub.is_none_or(is_name) {
            return None;
        }
        Some(Self { uri, name: name.to_owned(), sub: sub.map(str::to_owned) })
    }

    /// Whether this is the attribute `name` of a core schema or of the extension `uri`.
    pub fn is(&self, uri: Option<&str>, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) && self.extension() == uri
    }

    /// The extension that it belongs to; `None` for the core schemas, whose URI may be left out.
    pub fn extension(&self) -> Option<&str> {
        self.uri.as_deref().filter(|uri| !matches!(*uri, super::schema::CORE_USER | super::schema::CORE_GROUP))
    }

    /// The sub-attribute in lower case, empty if there is none.
    pub fn sub_folded(&self) -> String {
        self.sub.as_deref().unwrap_or_default().to_ascii_lowercase()
    }
}

impl fmt::Display for AttributePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(uri) = &self.uri {
            f.write_str(uri)?;
            if !self.name.is_empty() {
                f.write_str(":")?;
            }
        }
        f.write_str(&self.name)?;
        self.sub.as_ref().map_or(Ok(()), |sub| write!(f, ".{sub}"))
    }
}

/// Splits off the URN. Known ones are found whole, because `…:2.0:User` has a dot and its last part looks like a name.
fn split_uri(text: &str) -> Option<(Option<String>, &str)> {
    if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
        return Some((None, text));
    }
    for uri in SCHEMA_URIS {
        if let (Some(start), Some(rest)) = (text.get(..uri.len()), text.get(uri.len()..))
            && start.eq_ignore_ascii_case(uri)
        {
            if rest.is_empty() {
                return Some((Some((*uri).to_owned()), rest));
            }
            if let Some(rest) = rest.strip_prefix(':') {
                return Some((Some((*uri).to_owned()), rest));
            }
        }
    }
    let (uri, rest) = text.rsplit_once(':')?;
    let legal = uri.bytes().all(|b| b.is_ascii_alphanumeric() || b":.-_".contains(&b));
    legal.then(|| (Some(uri.to_owned()), rest))
}

/// `ATTRNAME = ALPHA *(nameChar)` (RFC 7643 §2.1), and `$ref`.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('$').unwrap_or(text);
    text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
