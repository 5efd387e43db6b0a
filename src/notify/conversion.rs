//! How many of the codes by phone are entered. If few are, somebody may be paid for every message (AU-09): it is said once an hour, whichever node
//! notices, from what all nodes have counted in the database.

use std::time::Duration;

use super::number_store as store;
use super::numbers::NumberSettings;
use crate::db::{self, Db, Tx, transact};
use crate::kernel::time::Timestamp;

/// Over how long codes are counted, and how long nothing more is said.
const WINDOW: Duration = Duration::from_hours(1);

/// Younger ones may still be entered: how long a code works (E24), and a while for the gateway.
const YOUNG: Duration = Duration::from_mins(5);

/// Codes of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// How many were sent.
    pub sent: i64,
    /// How many of them were entered.
    pub answered: i64,
}

impl Conversion {
    /// Of a hundred how many were entered, rounded down; all of none.
    pub fn percent(self) -> i64 {
        if self.sent == 0 { 100 } else { self.answered.saturating_mul(100) / self.sent }
    }

    /// Whether enough were sent, and too few of them entered.
    pub fn is_low(self, settings: &NumberSettings) -> bool {
        let is_judged = settings.alarm_codes > 0 && self.sent >= settings.alarm_codes;
        is_judged && self.answered.saturating_mul(100) < self.sent.saturating_mul(i64::from(settings.alarm_percent))
    }
}

/// An alarm that was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// About which codes.
    pub of: Conversion,
}

/// The codes of the hour that is old enough to be judged.
pub async fn measure(tx: &mut Tx, now: Timestamp) -> db::Result<Conversion> {
    let until = now.minus(YOUNG);
    let (sent, answered) = store::count_codes(tx, (until.minus(WINDOW), until)).await?;
    Ok(Conversion { sent, answered })
}

/// The last alarm, for a day.
pub async fn last_alarm(tx: &mut Tx) -> db::Result<Option<Alarm>> {
    let found = store::find_alarm(tx).await?;
    Ok(found.map(|(at, sent, answered)| Alarm { at, of: Conversion { sent, answered } }))
}

/// Measures, and raises the alarm if it is due: at most once an hour on all nodes together. Whether this node did.
pub async fn watch(db: &Db, settings: &NumberSettings, now: Timestamp) -> db::Result<bool> {
    let conversion = measure(&mut db.reader().await?, now).await?;
    let Conversion { sent, answered } = conversion;
    tell(conversion);
    if !conversion.is_low(settings) {
        return Ok(false);
    }
    let raised: db::Result<bool> =
        transact!(db, tx => store::insert_alarm(tx, (sent, answered), (now, now.minus(WINDOW))).await);
    let raised = raised?;
    if raised {
        let percent = conversion.percent();
        tracing::error!(
            sent,
            answered,
            percent,
            "few of the codes sent to phones within an hour were entered: somebody may be paid for the messages; look where they go, and narrow `[numbers]`"
        );
        metrics::counter!("chamberlain_code_alarms_total").increment(1);
    }
    Ok(raised)
}

/// The same figures on every node: take one of them, not their sum.
#[expect(clippy::cast_precision_loss, reason = "no figure of an hour comes near 2^52")]
fn tell(Conversion { sent, answered }: Conversion) {
    metrics::gauge!("chamberlain_codes_hour", "outcome" => "sent").set(sent as f64);
    metrics::gauge!("chamberlain_codes_hour", "outcome" => "answered").set(answered as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_09_few_of_many_is_low_and_nothing_else_is() {
        let settings = NumberSettings::default();
        let is_low = |sent, answered| Conversion { sent, answered }.is_low(&settings);
        assert!(is_low(50, 9) && is_low(1_000, 199) && is_low(50, 0));
        assert!(!is_low(50, 10) && !is_low(49, 0) && !is_low(1_000, 200) && !is_low(0, 0));
        let never = NumberSettings { alarm_codes: 0, ..NumberSettings::default() };
        assert!(!Conversion { sent: 1_000, answered: 0 }.is_low(&never));
        assert_eq!(Conversion { sent: 60, answered: 11 }.percent(), 18);
    }
}
