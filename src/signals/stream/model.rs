//! Words about streams.

use std::time::Duration;

use crate::directory::client::model::ClientKind;
use crate::kernel::ids::{ClientId, StreamId};
use crate::kernel::time::Timestamp;
use crate::signals::model::{EventType, State};

/// How soon a client may ask for a verification again (SSF 1.0 §8.1.1, `min_verification_interval`).
pub const VERIFICATION_INTERVAL: Duration = Duration::from_secs(5);

/// How long an event waits to be fetched, or for its stream to go on.
pub const HELD: Duration = Duration::from_hours(7 * 24);

/// How many events wait in one stream; the oldest are dropped for newer ones.
pub const MAX_HELD: i64 = 10_000;

/// Of how many people a stream may be asked to say nothing.
pub const MAX_SILENCES: i64 = 10_000;

/// How a stream reaches its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// RFC 8935.
    Push,
    /// RFC 8936.
    Poll,
}

impl Method {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Push, Self::Poll];

    /// The registered name (SSF 1.0 §10.3.1.1).
    pub fn uri(self) -> &'static str {
        match self {
            Self::Push => "urn:ietf:rfc:8935",
            Self::Poll => "urn:ietf:rfc:8936",
        }
    }

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Poll => "poll",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Whether events are delivered (SSF 1.0 §8.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As they happen.
    Enabled,
    /// They wait.
    Paused,
    /// They are lost.
    Disabled,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::Paused, Self::Disabled];

    /// The registered word, which is stored, too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }

    /// Reads it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// One stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its id.
    pub id: StreamId,
    /// Whose it is.
    pub client: ClientId,
    /// How it is delivered.
    pub method: Method,
    /// Where to, by push; a stream that is fetched is fetched from us.
    pub endpoint: Option<String>,
    /// The `Authorization` header of each push, sealed.
    pub sealed_header: Option<Vec<u8>>,
    /// The events asked for, as they were written; `None`: all.
    pub requested: Option<Vec<String>>,
    /// What the client calls it.
    pub description: Option<String>,
    /// Whether events are delivered.
    pub status: Status,
    /// Why it has this status, if somebody said.
    pub reason: Option<String>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl Stream {
    /// The events that it is for: those asked for that there are (SSF 1.0 §8.1.1, `events_delivered`).
    pub fn delivered(&self, to: ClientKind) -> Vec<&'static str> {
        EventType::of(to).iter().map(|of| of.uri()).filter(|uri| self.wants(uri)).collect()
    }

    fn wants(&self, uri: &str) -> bool {
        self.requested.as_ref().is_none_or(|list| list.iter().any(|one| one == uri))
    }

    /// What becomes of an event of this kind; `None` if it is not for this stream.
    pub fn admits(&self, uri: &str) -> Option<State> {
        (self.status != Status::Disabled && self.wants(uri)).then(|| self.begins())
    }

    /// In which state a delivery begins.
    pub fn begins(&self) -> State {
        match (self.method, self.status) {
            (Method::Push, Status::Enabled) => State::Queued,
            _ => State::Held,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn stream(requested: Option<&[&str]>) -> Stream {
        Stream {
            id: StreamId(Uuid::from_u128(1)),
            client: ClientId(Uuid::from_u128(2)),
            method: Method::Push,
            endpoint: None,
            sealed_header: None,
            requested: requested.map(|list| list.iter().map(|one| (*one).to_owned()).collect()),
            description: None,
            status: Status::Enabled,
            reason: None,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    /// SSF 1.0 §8.1.1: "the intersection of the sets of event types" supported and requested.
    #[test]
    fn only_what_was_asked_for_and_is_there_is_delivered() {
        let session = EventType::SessionRevoked.uri();
        assert_eq!(stream(Some(&[session, "https://example.eu/unheard-of"])).delivered(ClientKind::Web), [session]);
        assert_eq!(stream(Some(&[])).delivered(ClientKind::Web), [""; 0]);
        assert_eq!(stream(None).delivered(ClientKind::Web).len(), EventType::OF_APPLICATIONS.len());
        assert_eq!(stream(Some(&[])).admits(session), None);
    }

    /// SSF 1.0 §8.1.2: paused holds, disabled loses; what is fetched waits.
    #[test]
    fn a_status_says_what_becomes_of_an_event() {
        let session = EventType::SessionRevoked.uri();
        let with = |method, status| Stream { method, status, ..stream(None) };
        assert_eq!(with(Method::Push, Status::Enabled).admits(session), Some(State::Queued));
        assert_eq!(with(Method::Push, Status::Paused).admits(session), Some(State::Held));
        assert_eq!(with(Method::Poll, Status::Enabled).admits(session), Some(State::Held));
        assert_eq!(with(Method::Poll, Status::Disabled).admits(session), None);
    }
}
