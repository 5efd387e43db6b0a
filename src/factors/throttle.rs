//! How long one has to wait after failures in a row (AU-19, NIST SP 800-63B-4 §3.2.2). Pure.

use std::time::Duration;

/// Failures without any wait.
pub(super) const FREE: i64 = 5;
/// Failures in a row after which only a new password helps.
pub const MAX_FAILURES: i64 = 100;
/// The longest wait.
const LONGEST: Duration = Duration::from_mins(15);

/// The wait after this many failures in a row: none, then one second, doubling up to a quarter of an hour.
pub fn wait(failures: i64) -> Duration {
    let over = u32::try_from(failures.saturating_sub(FREE)).unwrap_or(0);
    if over == 0 { Duration::ZERO } else { Duration::from_secs(1_u64 << over.min(11).saturating_sub(1)).min(LONGEST) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_19_waits_grow_and_stay_bounded() {
        assert_eq!(wait(5), Duration::ZERO);
        assert_eq!(wait(6), Duration::from_secs(1));
        assert_eq!(wait(9), Duration::from_secs(8));
        assert_eq!(wait(99), LONGEST);
        assert!((0..100).all(|n| wait(n) <= wait(n + 1)));
    }
}
