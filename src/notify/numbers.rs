//! Which phone numbers are written to, and how often: the guard against paid-for traffic (AU-09).
//!
//! Judged where messages leave, so that no way of asking for one goes past it, and nothing is said to whoever asked.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use super::number_store as store;
use crate::db::{self, Tx};
use crate::kernel::ids::{MessageId, SignInId};
use crate::kernel::secret::Digest;
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;

/// Over how long unanswered codes of one prefix are counted.
const WINDOW: Duration = Duration::from_mins(10);
/// How long answered codes speak for their prefix.
const TRUST: Duration = Duration::from_hours(24);
/// How many of them count.
const MOST_TRUST: i64 = 1_000;
/// `+` and seven digits: a country and an operator, or a town.
const PREFIX: usize = 8;

/// Section `[numbers]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NumberSettings {
    /// Numbers must start with one of these. Default: the European Economic Area, Switzerland, the United Kingdom.
    pub allowed: Vec<String>,
    /// Numbers must start with none of these: premium and shared-cost services, satellites.
    pub refused: Vec<String>,
    /// Messages to numbers with the same first seven digits that may stay unanswered for ten minutes; as many more as codes
    /// of that prefix were entered within a day.
    pub per_prefix: i64,
    /// Messages to phones of all kinds within an hour.
    pub per_hour: i64,
    /// Codes within an hour from which on it is looked at how many of them were entered; 0 for never.
    pub alarm_codes: i64,
    /// If fewer of them than so many in a hundred were, it is an error in the log, once an hour. Usual are 60 to 80.
    pub alarm_percent: u8,
}

const ALLOWED: &[&str] = &[
    "+30", "+31", "+32", "+33", "+34", "+350", "+351", "+352", "+353", "+354", "+356", "+357", "+358", "+359", "+36",
    "+370", "+371", "+372", "+376", "+377", "+378", "+385", "+386", "+39", "+40", "+41", "+420", "+421", "+423", "+43",
    "+44", "+45", "+46", "+47", "+48", "+49",
];

const REFUSED: &[&str] = &[
    "+49900", "+49180", "+49137", "+49118", "+33899", "+33897", "+33118", "+32900", "+32902", "+32903", "+32904",
    "+32905", "+32906", "+32907", "+32908", "+32909", "+43900", "+43901", "+43930", "+43931", "+43939", "+39899",
    "+39892", "+34803", "+34806", "+34807", "+34905", "+41900", "+41901", "+41906", "+4487", "+449", "+31900",
    "+31906", "+31909", "+870", "+881", "+882", "+883", "+979", "+808", "+878", "+888",
];

impl Default for NumberSettings {
    fn default() -> Self {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        Self {
            allowed: texts(ALLOWED),
            refused: texts(REFUSED),
            per_prefix: 10,
            per_hour: 20_000,
            alarm_codes: 50,
            alarm_percent: 20,
        }
    }
}

impl NumberSettings {
    /// Whether this installation writes to such numbers at all.
    pub fn accepts(&self, number: &PhoneNumber) -> bool {
        let starts = |list: &[String]| list.iter().any(|prefix| number.as_str().starts_with(prefix.as_str()));
        starts(&self.allowed) && !starts(&self.refused)
    }

    /// Whether an entry of a list can be one.
    pub fn is_prefix(text: &str) -> bool {
        text.strip_prefix('+')
            .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

/// What is to be sent to a number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'a> {
    pub(super) message: MessageId,
    pub(super) number: &'a str,
    pub(super) about: Option<SignInId>,
}

/// Counts a message before it is sent; `Err` names the limit that it meets. One that was counted before passes.
pub(super) async fn admit(
    tx: &mut Tx,
    of: Use<'_>,
    settings: &NumberSettings,
    now: Timestamp,
) -> db::Result<Result<(), &'static str>> {
    if !of.number.parse::<PhoneNumber>().is_ok_and(|number| settings.accepts(&number)) {
        return Ok(Err("country"));
    }
    if store::is_counted(tx, of.message).await? {
        return Ok(Ok(()));
    }
    if store::count_all(tx, now.minus(Duration::from_hours(1)), settings.per_hour).await? >= settings.per_hour {
        return Ok(Err("budget"));
    }
    let prefix = Digest::of(of.number.get(..PREFIX).unwrap_or(of.number).as_bytes());
    let trust = store::count_answered(tx, &prefix, now.minus(TRUST), MOST_TRUST).await?;
    if store::count_unanswered(tx, &prefix, now.minus(WINDOW)).await? >= settings.per_prefix.saturating_add(trust) {
        return Ok(Err("prefix"));
    }
    store::insert(tx, of.message, &prefix, of.about, now).await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_09_the_defaults_reach_europe_and_neither_premium_numbers_nor_satellites() {
        let settings = NumberSettings::default();
        let accepts = |text: &str| settings.accepts(&text.parse().unwrap());
        assert!(accepts("+4969123456") && accepts("+33123456789") && accepts("+353861234567"));
        for other in ["+4990012345678", "+88161234567", "+12025550123", "+8821612345", "+97912345678"] {
            assert!(!accepts(other), "{other}");
        }
        assert!(settings.allowed.iter().chain(&settings.refused).all(|prefix| NumberSettings::is_prefix(prefix)));
        assert!(!NumberSettings::is_prefix("49") && !NumberSettings::is_prefix("+"));
    }
}
