//! How much one request may ask for (SC-16 to SC-20). An operator may set each; what RFC 7643 §5 has a place for is announced there, and
//! an error names the limit that it stands for.

use schemars::JsonSchema;
use serde::Deserialize;

/// The limits of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest filter, path and `sortBy`, in octets: 256 to 65,536.
    pub filter_bytes: usize,
    /// Deepest nesting of brackets in a filter: 1 to 64.
    pub filter_depth: usize,
    /// Most comparisons in a filter: 1 to 512.
    pub filter_terms: usize,
    /// Most operations of one Bulk or PATCH: 1 to 10,000.
    pub operations: usize,
    /// Longest body, in octets: 16 KiB to 16 MiB.
    pub body_bytes: usize,
    /// Most resources on one page: 10 to 1,000.
    pub page: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            filter_bytes: 8 * 1024,
            filter_depth: 32,
            filter_terms: 64,
            operations: 1_000,
            body_bytes: 1024 * 1024,
            page: 200,
        }
    }
}

impl Limits {
    /// What is out of range, by key: parsers recurse as deep as they are told to, and a page is one answer in memory.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let each = [
            ("scim.limits.filter_bytes", self.filter_bytes, 256..=65_536),
            ("scim.limits.filter_depth", self.filter_depth, 1..=64),
            ("scim.limits.filter_terms", self.filter_terms, 1..=512),
            ("scim.limits.operations", self.operations, 1..=10_000),
            ("scim.limits.body_bytes", self.body_bytes, 16_384..=16_777_216),
            ("scim.limits.page", usize::from(self.page), 10..=1_000),
        ];
        let wrong = each.into_iter().filter(|(_, value, range)| !range.contains(value));
        wrong.map(|(key, _, range)| (key, format!("must be {} to {}", range.start(), range.end()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_out_of_range_are_named_and_the_usual_ones_are_not() {
        assert_eq!(Limits::default().problems(), []);
        let none = Limits { filter_bytes: 0, filter_depth: 0, filter_terms: 0, operations: 0, body_bytes: 0, page: 0 };
        assert_eq!(none.problems().len(), 6);
        let deep = Limits { filter_depth: 65, ..Limits::default() };
        assert_eq!(deep.problems(), [("scim.limits.filter_depth", "must be 1 to 64".to_owned())]);
    }
}
