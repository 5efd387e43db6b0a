//! What a request brings with it: the instant, the randomness, who asks, from where.

use std::net::IpAddr;
use std::time::Duration;

use super::ids::{PrincipalId, UserId};
use super::limits::Limits;
use super::random::Entropy;
use super::strength::Strength;
use super::time::Timestamp;
use super::user_names::UserNames;

/// Through which door a request came; kept in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The web pages.
    Portal,
    /// SCIM 2.0.
    Scim,
    /// The JSON API and the questions about authority (AuthZEN).
    Api,
    /// OAuth and OpenID Connect endpoints.
    Oidc,
    /// The command line.
    Cli,
    /// A background job.
    Job,
}

impl Channel {
    /// All of them, for filters.
    pub const ALL: [Self; 6] = [Self::Portal, Self::Scim, Self::Api, Self::Oidc, Self::Cli, Self::Job];

    /// The word stored in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Scim => "scim",
            Self::Api => "api",
            Self::Oidc => "oidc",
            Self::Cli => "cli",
            Self::Job => "job",
        }
    }
}

/// How long links work that are mailed because of a request: figures of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkLives {
    /// Of a link by which an account is taken over, or a change of address agreed to.
    pub activation: Duration,
    /// Of a link by which a forgotten password is replaced.
    pub recovery: Duration,
}

impl Default for LinkLives {
    /// As in the shipped profiles.
    fn default() -> Self {
        Self { activation: Duration::from_hours(14 * 24), recovery: Duration::from_mins(30) }
    }
}

/// The context of one request. Made once at the surface; `now` does not move while it is served.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The one instant of this request.
    pub now: Timestamp,
    /// The randomness of this request.
    pub entropy: Entropy,
    /// Who asks; `None` before anybody has signed in.
    pub actor: Option<PrincipalId>,
    /// When the actor last proved a second factor; `None` for services and for nobody.
    pub second_factor_at: Option<Timestamp>,
    /// How strongly the actor proved who they are; of no meaning for services.
    pub strength: Strength,
    /// What the token of the request is limited to, which narrows what the actor may do; `None` without a token.
    pub token: Option<Limits>,
    /// The delegate with whose secret a service asks: their right is none over themselves (D5).
    pub kept_by: Option<UserId>,
    /// Through which door.
    pub channel: Channel,
    /// The request id, as shown on error pages and in logs.
    pub request_id: String,
    /// The peer's address, from the socket or a trusted proxy.
    pub ip: Option<IpAddr>,
    /// How long links work that are mailed because of it.
    pub links: LinkLives,
    /// How new people get their user names.
    pub user_names: UserNames,
}

impl Ctx {
    /// A context for work that no request asked for (jobs, command line, seeds).
    pub fn internal(now: Timestamp, entropy: Entropy, channel: Channel) -> Self {
        let request_id = format!("{}-{}", channel.as_str(), entropy.uuid(now));
        let (links, user_names) = (LinkLives::default(), UserNames::default());
        let (actor, second_factor_at, token, kept_by, ip) = (None, None, None, None, None);
        let strength = Strength::default();
        Self {
            now,
            entropy,
            actor,
            second_factor_at,
            strength,
            token,
            kept_by,
            channel,
            request_id,
            ip,
            links,
            user_names,
        }
    }

    /// The same context, with the figures of a profile.
    #[must_use]
    pub fn with_links(mut self, links: LinkLives) -> Self {
        self.links = links;
        self
    }

    /// The same context, with the user names of a profile.
    #[must_use]
    pub fn with_user_names(mut self, user_names: UserNames) -> Self {
        self.user_names = user_names;
        self
    }

    /// The same context, acting for `actor`.
    #[must_use]
    pub fn acting_as(mut self, actor: PrincipalId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Who answers for what `actor` proposes, and so does not decide on it: of a service, the delegate by whose secret it asks (D11).
    pub fn answering(&self, actor: PrincipalId) -> PrincipalId {
        match (actor, self.kept_by) {
            (PrincipalId::Service(_), Some(keeper)) => PrincipalId::Person(keeper),
            _ => actor,
        }
    }

    /// A new `UUIDv7` of this instant.
    pub fn uuid(&self) -> uuid::Uuid {
        self.entropy.uuid(self.now)
    }
}
