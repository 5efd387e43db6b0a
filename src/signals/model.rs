//! Words about what applications are told.

use super::assurance::Level;
use crate::directory::client::model::{ClientKind, ClientSettings};
use crate::kernel::ids::{ApplicationId, ClientId, EnvironmentId, GroupId, OrganisationId, SessionId, UserId};
use crate::kernel::time::Timestamp;

/// The two kinds of tokens that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryKind {
    /// A logout token (OIDC Back-Channel Logout 1.0 §2.4).
    Logout,
    /// A security event token (RFC 8417), pushed (RFC 8935) to where an operator said.
    Event,
    /// The same in a stream that the client has set up for itself (SSF 1.0).
    Stream,
}

impl DeliveryKind {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::Event => "event",
            Self::Stream => "stream",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Logout, Self::Event, Self::Stream].into_iter().find(|kind| kind.as_str() == text)
    }

    /// Where a client is registered to take tokens of this kind.
    pub fn endpoint(self, settings: &ClientSettings) -> Option<&str> {
        match self {
            Self::Logout => settings.backchannel_logout_uri.as_deref(),
            Self::Event => settings.security_events_uri.as_deref(),
            Self::Stream => None,
        }
    }
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// To be sent, or tried again.
    Queued,
    /// To be fetched, or sent once the stream goes on.
    Held,
    /// Taken by the application.
    Sent,
    /// Refused by the application for good, or tried too often.
    Failed,
    /// Not taken within a day.
    Expired,
    /// The client was switched off or takes no such tokens any more.
    Dropped,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Held, Self::Sent, Self::Failed, Self::Expired, Self::Dropped];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Dropped => "dropped",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A security event that a client can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    /// A session is over (CAEP 1.0 §3.1).
    SessionRevoked,
    /// Claims that were told have changed (CAEP 1.0 §3.2).
    TokenClaimsChange,
    /// An account was switched off, blocked, deleted or has expired (RISC 1.0 §2.3).
    AccountDisabled,
    /// It can be used again (RISC 1.0 §2.4).
    AccountEnabled,
    /// A deleted account cannot be restored any more (RISC 1.0 §2.2).
    AccountPurged,
    /// A password or a phone was replaced (CAEP 1.0 §3.3).
    CredentialChange,
    /// More was proved of who somebody is in a session, or less (CAEP 1.0 §3.4).
    AssuranceLevelChange,
    /// An e-mail address was replaced (RISC 1.0 §2.5).
    IdentifierChanged,
    /// A resource came into the sight of a service (RFC 9967 §2.3.1).
    FeedAdd,
    /// A resource left it (RFC 9967 §2.3.2).
    FeedRemove,
    /// A resource was made (RFC 9967 §2.4.1).
    Created,
    /// A resource was changed (RFC 9967 §2.4.2).
    Patched,
    /// A resource was deleted (RFC 9967 §2.4.4).
    Deleted,
    /// Somebody became active (RFC 9967 §2.4.5).
    Activated,
    /// Somebody became inactive (RFC 9967 §2.4.6).
    Deactivated,
}

impl EventType {
    /// What applications are told that people sign in to.
    pub const OF_APPLICATIONS: &[Self] = &[
        Self::SessionRevoked,
        Self::TokenClaimsChange,
        Self::CredentialChange,
        Self::AssuranceLevelChange,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountPurged,
        Self::IdentifierChanged,
    ];

    /// What services are told that provision (RFC 9967): that something changed, never what it is now.
    pub const OF_SERVICES: &[Self] = &[
        Self::FeedAdd,
        Self::FeedRemove,
        Self::Created,
        Self::Patched,
        Self::Deleted,
        Self::Activated,
        Self::Deactivated,
    ];

    /// What a client of this kind can be told.
    pub fn of(kind: ClientKind) -> &'static [Self] {
        if kind == ClientKind::Machine { Self::OF_SERVICES } else { Self::OF_APPLICATIONS }
    }

    /// Its address, as registered.
    pub fn uri(self) -> &'static str {
        match self {
            Self::SessionRevoked => "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
            Self::TokenClaimsChange => "https://schemas.openid.net/secevent/caep/event-type/token-claims-change",
            Self::AccountDisabled => "https://schemas.openid.net/secevent/risc/event-type/account-disabled",
            Self::AccountEnabled => "https://schemas.openid.net/secevent/risc/event-type/account-enabled",
            Self::AccountPurged => "https://schemas.openid.net/secevent/risc/event-type/account-purged",
            Self::CredentialChange => "https://schemas.openid.net/secevent/caep/event-type/credential-change",
            Self::AssuranceLevelChange => "https://schemas.openid.net/secevent/caep/event-type/assurance-level-change",
            Self::IdentifierChanged => "https://schemas.openid.net/secevent/risc/event-type/identifier-changed",
            Self::FeedAdd => "urn:ietf:params:scim:event:feed:add",
            Self::FeedRemove => "urn:ietf:params:scim:event:feed:remove",
            Self::Created => "urn:ietf:params:scim:event:prov:create:notice",
            Self::Patched => "urn:ietf:params:scim:event:prov:patch:notice",
            Self::Deleted => "urn:ietf:params:scim:event:prov:delete",
            Self::Activated => "urn:ietf:params:scim:event:prov:activate",
            Self::Deactivated => "urn:ietf:params:scim:event:prov:deactivate",
        }
    }
}

/// The part of the address of an event that says it all, as one word.
pub fn event_word(uri: &str) -> String {
    match uri.strip_prefix("urn:ietf:params:scim:event:") {
        Some(scim) => scim.replace(':', "-"),
        None => uri.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

/// What happened, as the database has written it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A session has ended.
    Session(SessionId),
    /// An account can be used no more, from now on.
    Disabled(UserId),
    /// An account can be used again.
    Enabled(UserId),
    /// A deleted account cannot be restored any more.
    Purged(UserId),
    /// Something else about a person that may end sessions: the home, the end of the account.
    Person(UserId),
    /// An organisation changed its state or its place; done up to this session.
    Organisation(OrganisationId, Option<SessionId>),
    /// A membership in a group of an environment came, went or got another end.
    Membership(UserId, EnvironmentId),
    /// A group of an environment went into other ones or out of them, with all its members; done up to this session.
    Group(GroupId, EnvironmentId, Option<SessionId>),
    /// The access of an organisation to a module; done up to this session.
    Module(OrganisationId, ApplicationId, Option<SessionId>),
    /// The roles of a person.
    Role(UserId),
    /// A password was replaced.
    Password(UserId),
    /// A phone was replaced.
    Phone(UserId),
    /// What was proved in a session: until now.
    Assurance(SessionId, Level),
    /// An e-mail address was replaced: the one before.
    Email(UserId, String),
}

/// A session that was used for a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The session.
    pub session: SessionId,
    /// Its person.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// The environment of the client.
    pub environment: Option<EnvironmentId>,
    /// The application of that.
    pub application: Option<ApplicationId>,
    /// What the client is registered with.
    pub settings: ClientSettings,
}

impl Sent {
    /// The part of the address of the event that says it all.
    pub fn event_name(&self) -> Option<String> {
        self.event.as_deref().map(event_word)
    }
}

/// One line of what was sent to a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Logout token or event.
    pub kind: DeliveryKind,
    /// The address of the event; `None` for logout tokens.
    pub event: Option<String>,
    /// What became of it.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// What the application said last.
    pub answer: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
}
