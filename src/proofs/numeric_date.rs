//! `NumericDate` (RFC 7519 §2): seconds since 1970, a number with or without a fraction, and nothing else.

use serde::{Deserialize, Deserializer};

use crate::kernel::time::Timestamp;

/// An instant in a JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate(pub Timestamp);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        // Beyond these bounds no proof is anyway; within them nothing overflows.
        let seconds = number.as_i64().or_else(|| number.as_f64().and_then(whole));
        let seconds = seconds.filter(|seconds| (0..=253_402_300_799).contains(seconds));
        seconds.map(|seconds| Self(Timestamp::from_seconds(seconds))).ok_or_else(|| serde::de::Error::custom("no date"))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the bounds are checked before")]
fn whole(seconds: f64) -> Option<i64> {
    (0.0..=253_402_300_799.0).contains(&seconds).then_some(seconds as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_number_of_seconds() {
        let read = |text: &str| serde_json::from_str::<NumericDate>(text).ok().map(|date| date.0.as_seconds());
        assert_eq!((read("1764147600"), read("1764147600.9")), (Some(1_764_147_600), Some(1_764_147_600)));
        for bad in ["-1", "1e30", "\"1764147600\"", "null", "true", "9223372036854775807", "-1e300", "[]"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
