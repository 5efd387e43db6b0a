//! Paths of PATCH operations (RFC 7644 §3.5.2, figure 7): `attr`, `attr.sub`, `attr[filter]`, `attr[filter].sub`, or a schema.

use super::attribute::AttributePath;
use super::filter::Filter;
use super::filter_parser;
use super::tolerated::Tolerated;

/// Where an operation acts.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The attribute; its `name` is empty when an extension as a whole is meant.
    pub attribute: AttributePath,
    /// Which elements of a multi-valued attribute.
    pub filter: Option<Filter>,
}

impl Path {
    /// Reads a path; `None` is answered as `invalidPath`.
    pub fn parse(text: &str, tolerated: &Tolerated) -> Option<Self> {
        let text = text.trim();
        if text.len() > tolerated.limits().filter_bytes {
            return None;
        }
        let Some((name, rest)) = text.split_once('[') else {
            return AttributePath::parse(text).map(|attribute| Self { attribute, filter: None });
        };
        let mut attribute = AttributePath::parse(name).filter(|path| path.sub.is_none() && !path.name.is_empty())?;
        let (inside, behind) = rest.rsplit_once(']')?;
        if !behind.is_empty() {
            let sub = AttributePath::parse(behind.strip_prefix('.')?)?;
            if sub.uri.is_some() || sub.sub.is_some() {
                return None;
            }
            attribute.sub = Some(sub.name);
        }
        let filter = filter_parser::read(inside, tolerated).ok()?;
        Some(Self { attribute, filter: Some(filter) })
    }
}
