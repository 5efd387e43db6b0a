//! Identifiers: one newtype over a UUID per kind of thing, so that one cannot be passed for another.
//!
//! New ids are `UUIDv7` (RFC 9562 §5.7): time-ordered, so that indexes grow at their end. They are never re-used.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            /// Accepts only the hyphenated form, so that one thing has one address.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let id = Uuid::try_parse(text)?;
                if id.hyphenated().to_string() == text { Ok(Self(id)) } else { Uuid::try_parse("").map(Self) }
            }
        }
    )*};
}

id! {
    /// A node of the organisation tree (level, third party, authority).
    OrganisationId;
    /// A natural person.
    UserId;
    /// An application that people sign in to; it has one or more environments.
    ApplicationId;
    /// One environment of an application (production, pre-production).
    EnvironmentId;
    /// What lets clients register themselves.
    RegistrationTokenId;
    /// A group of one application and environment.
    GroupId;
    /// The fact that a user is in a group.
    MembershipId;
    /// The fact that a principal holds a role over a scope.
    RoleAssignmentId;
    /// The fact that somebody stands in for the holder of a role.
    DeputyId;
    /// Something that several organisations do together.
    ProjectId;
    /// A role that somebody was named for by e-mail address and has not answered yet.
    NominationId;
    /// An authority that was invited to register itself, and what has come of it.
    RegistrationId;
    /// The wish of somebody who may not revoke a role that somebody who may does.
    RevocationRequestId;
    /// The fact that an organisation holds the module of an application.
    ModuleAccessId;
    /// An OAuth client (relying application or service).
    ClientId;
    /// A signed-in browser.
    SessionId;
    /// A sign-in under way.
    SignInId;
    /// An authenticator app of somebody.
    AuthenticatorId;
    /// A passkey or security key of somebody.
    PasskeyId;
    /// A browser that is asked for no code until a day.
    RememberedDeviceId;
    /// All tokens that descend from one authorization code.
    FamilyId;
    /// A token that a delegate made for scripts.
    DelegatedTokenId;
    /// A token that a service uses until a day.
    ProvisioningTokenId;
    /// A signing key.
    KeyId;
    /// The wish of somebody who represents an organisation that what is stored of it be changed.
    AmendmentId;
    /// A file that belongs to such a wish.
    DocumentId;
    /// What somebody wrote to many people at once.
    MailingId;
    /// A queued message.
    MessageId;
    /// A token on its way to an application.
    DeliveryId;
    /// A stream of events that an application has set up for itself.
    StreamId;
    /// One line of the audit log.
    AuditId;
}

/// Who acts: a person, a service (an OAuth client acting for itself), or the operator at the console.
///
/// A service holds roles exactly as a person does, so there is one rule book for both (`delegation.md` §1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum PrincipalId {
    /// A natural person.
    Person(UserId),
    /// An OAuth client that acts for itself.
    Service(ClientId),
    /// The command line on the server itself: whoever can start it owns the database anyway.
    Console,
}

impl PrincipalId {
    /// The word stored beside the id (`person`, `service`, `console`).
    pub fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Service(_) => "service",
            Self::Console => "console",
        }
    }

    /// The id as stored; nil for the console.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Person(id) => id.0,
            Self::Service(id) => id.0,
            Self::Console => Uuid::nil(),
        }
    }

    /// The person, if it is one.
    pub fn person(self) -> Option<UserId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Service(_) | Self::Console => None,
        }
    }

    /// The reverse of [`PrincipalId::kind`] and [`PrincipalId::uuid`].
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "person" => Some(Self::Person(UserId(id))),
            "service" => Some(Self::Service(ClientId(id))),
            "console" => Some(Self::Console),
            _ => None,
        }
    }
}

impl fmt::Display for PrincipalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.uuid())
    }
}
