//! What a target says when it does not do as it is asked, and how long that waits.

use std::time::Duration;

use serde_json::Value;

use crate::db;
use crate::kernel::time::Timestamp;
use crate::outbound::{OutboundError, Reply};

/// Longest that an application's own word is kept.
const MAX_WORD: usize = 60;

/// Longest that a whole target waits after failures, and a single thing.
const LONGEST: (Duration, Duration) = (Duration::from_hours(1), Duration::from_hours(24));

/// Why something was not done.
#[derive(Debug)]
pub enum Trouble {
    /// It is not there (404).
    Missing,
    /// This one thing is refused.
    Refused(String),
    /// The target as a whole cannot be used now: nobody there, too busy, broken, or it does not know us. Not before so many seconds.
    Later(String, Option<u64>),
    /// Ours: somebody else is at it, or the database failed.
    Lost(Option<db::Error>),
}

impl From<db::Error> for Trouble {
    fn from(error: db::Error) -> Self {
        Self::Lost(Some(error))
    }
}

impl From<OutboundError> for Trouble {
    fn from(error: OutboundError) -> Self {
        Self::Later(error.to_string(), None)
    }
}

impl Trouble {
    /// What an answer means that is no success.
    pub(super) fn of(reply: &Reply) -> Self {
        let said = said(reply.status, &reply.body);
        match reply.status {
            404 => Self::Missing,
            401 | 403 | 408 | 425 | 429 | 500.. => Self::Later(said, reply.retry_after),
            _ => Self::Refused(said),
        }
    }
}

/// The status, and the `scimType` (RFC 7644 §3.12) if it reads as one: it is shown to operators (IN-05). What else the application says may
/// speak of people.
fn said(status: u16, body: &str) -> String {
    let word = serde_json::from_str::<Value>(body).ok().and_then(|body| {
        let word = body.get("scimType")?.as_str()?.to_owned();
        (word.len() <= MAX_WORD && word.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(word)
    });
    word.map_or_else(|| format!("HTTP {status}"), |word| format!("HTTP {status} {word}"))
}

/// When a target is tried again after so many failures in a row; what it asks for itself counts up to the longest.
pub(super) fn again(now: Timestamp, attempts: i64, asked: Option<u64>) -> Timestamp {
    let asked = asked.map_or(Duration::ZERO, Duration::from_secs);
    now.plus(doubled(attempts).max(asked).min(LONGEST.0))
}

/// When a single thing is tried again.
pub(super) fn again_alone(now: Timestamp, attempts: i64) -> Timestamp {
    now.plus((doubled(attempts) * 30).min(LONGEST.1))
}

fn doubled(attempts: i64) -> Duration {
    Duration::from_secs(1 << u32::try_from(attempts).unwrap_or(0).min(16))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, retry_after: Some(7), body: body.to_owned() }
    }

    /// RFC 7644 §3.12, IN-05: one thing that is refused does not stop the others; a target that does not know us or is broken does. Of
    /// what it says only the error code is kept.
    #[test]
    fn what_an_answer_means_is_told_by_its_status() {
        let word = |reply: &Reply| match Trouble::of(reply) {
            Trouble::Refused(said) => format!("refused {said}"),
            Trouble::Later(said, after) => format!("later {said} {after:?}"),
            Trouble::Missing => "missing".to_owned(),
            Trouble::Lost(_) => unreachable!(),
        };
        assert_eq!(
            word(&reply(409, r#"{"scimType":"uniqueness","detail":"fred is there"}"#)),
            "refused HTTP 409 uniqueness"
        );
        assert_eq!(word(&reply(400, r#"{"scimType":"<b>fred</b>"}"#)), "refused HTTP 400");
        assert_eq!(word(&reply(302, "")), "refused HTTP 302");
        assert_eq!(word(&reply(404, "")), "missing");
        assert_eq!(word(&reply(401, "<html>")), "later HTTP 401 Some(7)");
        assert_eq!(word(&reply(503, "")), "later HTTP 503 Some(7)");
    }

    /// RFC 9110 §10.2.3: as long as is asked for, and not for ever.
    #[test]
    fn waiting_doubles_and_has_an_end() {
        let now = Timestamp(0);
        assert_eq!(again(now, 3, None).since(now), Duration::from_secs(8));
        assert_eq!(again(now, 0, Some(120)).since(now), Duration::from_mins(2));
        assert_eq!(again(now, 60, Some(u64::MAX)).since(now), Duration::from_hours(1));
        assert_eq!(again_alone(now, 1).since(now), Duration::from_mins(1));
        assert_eq!(again_alone(now, 60).since(now), Duration::from_hours(24));
    }
}
