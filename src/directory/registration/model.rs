//! What an invitation is, and what an authority enters.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::{Event, Kind, Subject};
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::user::model::NewUser;
use crate::kernel::ids::{OrganisationId, PrincipalId, RegistrationId, RoleAssignmentId};
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;

/// What the profile says about invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistrationRules {
    /// How long an invitation can be answered.
    pub lifetime: Duration,
    /// Two people validate a registration (D11).
    pub four_eyes: bool,
    /// Most invitations of one person that are open at once.
    pub max_open: u32,
}

impl Default for RegistrationRules {
    fn default() -> Self {
        Self { lifetime: Duration::from_hours(14 * 24), four_eyes: false, max_open: 100 }
    }
}

/// Where an invitation stands (I32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Written, not yet sent.
    Draft,
    /// Mailed.
    Sent,
    /// The authority has begun to enter its data.
    Opened,
    /// The authority has submitted its data; they wait for a decision.
    Registered,
    /// One of two has validated them (D11).
    Approved,
    /// Given back to be corrected (I35).
    Returned,
    /// Validated: the organisation exists.
    Validated,
    /// Refused.
    Refused,
    /// Taken back by whoever may invite there.
    Withdrawn,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Sent,
        Self::Opened,
        Self::Registered,
        Self::Approved,
        Self::Returned,
        Self::Validated,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Opened => "opened",
            Self::Registered => "registered",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Validated => "validated",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the authority may enter something.
    pub fn is_with_applicant(self) -> bool {
        matches!(self, Self::Sent | Self::Opened | Self::Returned)
    }

    /// Whether it waits for a decision.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Registered | Self::Approved)
    }
}

/// The parts of what is entered, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// What the authority is and how it is reached.
    Authority,
    /// What it does.
    Classification,
    /// Who is its first user.
    FirstUser,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Authority, Self::Classification, Self::FirstUser];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Classification => "classification",
            Self::FirstUser => "first-user",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// Who will be the first user (I15); the address is that of the invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstUser {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Number for sign-in codes.
    pub phone: Option<PhoneNumber>,
}

impl FirstUser {
    /// The account to be made, at an address.
    pub fn at(&self, email: EmailAddress, locale: Option<String>) -> NewUser {
        NewUser {
            user_name: None,
            email: Some(email),
            phone: self.phone.clone(),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            company_id: None,
            subsidiary: None,
            locale,
            account_expires_at: None,
            active: true,
            scim: serde_json::Map::new(),
        }
    }
}

/// What an authority enters, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Application {
    /// Official name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Legal Entity Identifier.
    pub lei: Option<String>,
    /// Everything else about it.
    pub said: Description,
    /// Its first user.
    pub first_user: FirstUser,
    /// The parts that were entered rightly.
    pub done: BTreeSet<Step>,
}

impl Application {
    /// The particulars of the organisation to be.
    pub fn details(&self) -> OrganisationDetails {
        OrganisationDetails {
            name: self.name.clone(),
            country: self.country.clone(),
            lei: self.lei.clone(),
            external_id: None,
        }
    }

    /// Whether every part was entered.
    pub fn is_complete(&self) -> bool {
        Step::ALL.iter().all(|step| self.done.contains(step))
    }
}

/// An invitation, with what has come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// Below which organisation the authority would stand.
    pub parent: OrganisationId,
    /// The invited address as written.
    pub email: String,
    /// What the inviter thinks the authority is called.
    pub proposed_name: String,
    /// The language of mails to it.
    pub language: Option<String>,
    /// What the inviter tells it, on its page.
    pub message: String,
    /// Where it stands.
    pub state: State,
    /// What was entered.
    pub application: Application,
    /// Who invited; they stay the owner of the case (I31).
    pub invited_by: PrincipalId,
    /// By which of their assignments.
    pub invited_via: Option<RoleAssignmentId>,
    /// When.
    pub invited_at: Timestamp,
    /// When the last mail with a link went out.
    pub sent_at: Option<Timestamp>,
    /// From when on the link does not work any more.
    pub expires_at: Timestamp,
    /// When the data were submitted.
    pub registered_at: Option<Timestamp>,
    /// The first of two who validated it (D11).
    pub approved_by: Option<PrincipalId>,
    /// Who decided.
    pub settled_by: Option<PrincipalId>,
    /// When.
    pub settled_at: Option<Timestamp>,
    /// Why it was refused or given back.
    pub answer: Option<String>,
    /// What became of it.
    pub organisation: Option<OrganisationId>,
    /// Raised by each change.
    pub version: i64,
}

impl Registration {
    /// Whether the authority can enter its data now.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state.is_with_applicant() && now < self.expires_at
    }

    /// Whether its time is over before it was answered.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.state.is_with_applicant() && self.expires_at <= now
    }

    /// What the authority is called, as far as it is known.
    pub fn name(&self) -> &str {
        if self.application.name.is_empty() { &self.proposed_name } else { &self.application.name }
    }

    /// The audit event of something that happened to it; the address is in no log.
    pub(super) fn event(&self, kind: Kind) -> Event {
        let details = json!({ "name": self.name(), "organisation": self.organisation });
        Event::new(kind, Subject::Registration(self.id)).within(self.parent).with(details)
    }
}
