//! `aud` of what clients sign (RFC 7519 §4.1.3): whom a proof is for.

use serde_json::Value;

/// Most values that are looked at.
const MOST: usize = 10;

/// Which audience is ours.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// The issuer, as one string and nothing else (FAPI 2.0 Security Profile §5.3.2.1; OA-38).
    Exactly(&'a str),
    /// A string that is one of these, or a list that holds one of them.
    AnyOf(&'a [&'a str]),
}

impl Audience<'_> {
    /// Whether a claim names us.
    pub fn is_named_by(self, claim: &Value) -> bool {
        match (self, claim) {
            (Self::Exactly(one), Value::String(named)) => named == one,
            (Self::Exactly(_), _) => false,
            (Self::AnyOf(some), Value::String(named)) => some.contains(&named.as_str()),
            (Self::AnyOf(some), Value::Array(named)) => {
                named.len() <= MOST
                    && named.iter().all(Value::is_string)
                    && named.iter().filter_map(Value::as_str).any(|named| some.contains(&named))
            }
            (Self::AnyOf(_), _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// OA-38
    #[test]
    fn oa_38_exactly_the_issuer_is_one_string() {
        let exactly = Audience::Exactly("https://id.example");
        assert!(exactly.is_named_by(&json!("https://id.example")));
        for other in [
            json!(["https://id.example"]),
            json!("https://id.example/"),
            json!("https://id.example/oauth2/token"),
            json!(""),
            json!(null),
            json!({"https://id.example": 1}),
        ] {
            assert!(!exactly.is_named_by(&other), "{other}");
        }
    }

    #[test]
    fn one_of_several_may_be_named_alone_or_in_a_list() {
        let some = ["https://id.example", "https://id.example/oauth2/token"];
        let any = Audience::AnyOf(&some);
        assert!(any.is_named_by(&json!("https://id.example/oauth2/token")));
        assert!(any.is_named_by(&json!(["https://other.example", "https://id.example"])));
        for other in [
            json!("https://other.example"),
            json!([]),
            json!([7, "https://id.example"]),
            json!(vec!["https://id.example"; 11]),
        ] {
            assert!(!any.is_named_by(&other), "{other}");
        }
    }
}
