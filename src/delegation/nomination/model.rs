//! What a stored nomination is.

use serde_json::json;

use crate::audit::{Event, Kind, Subject};
use crate::authority::Validity;
use crate::authority::action::Nominate;
use crate::delegation::model::Place;
use crate::kernel::ids::{NominationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// Where a nomination stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not answered yet; keeps a place until it expires (D14).
    Open,
    /// Whoever owns the address accepted.
    Accepted,
    /// Whoever owns the address declined.
    Declined,
    /// Taken back by whoever may nominate there.
    Withdrawn,
    /// Accepted when nobody could give the role any more: whoever named them may no longer, or the place is gone.
    Lapsed,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Accepted, Self::Declined, Self::Withdrawn, Self::Lapsed];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Lapsed => "lapsed",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Somebody was named for a role by e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nomination {
    /// Its id.
    pub id: NominationId,
    /// For which role.
    pub role: String,
    /// On behalf of which organisation.
    pub organisation: OrganisationId,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// The address as written.
    pub email: String,
    /// When the role would end.
    pub valid_until: Option<Timestamp>,
    /// Where it stands.
    pub state: State,
    /// Who named them.
    pub nominated_by: PrincipalId,
    /// If a service did: the delegate by whose secret it asked.
    pub kept_by: Option<UserId>,
    /// By which of their assignments.
    pub nominated_via: Option<RoleAssignmentId>,
    /// When.
    pub nominated_at: Timestamp,
    /// From when on it can no longer be accepted.
    pub expires_at: Timestamp,
}

impl Nomination {
    /// Whether it can still be answered.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == State::Open && now < self.expires_at
    }

    /// Who answers for it, and so neither takes anything by it nor decides on it (D5, D11): of a service, the delegate by whose secret it
    /// asked.
    pub fn answering(&self) -> PrincipalId {
        self.kept_by.map_or(self.nominated_by, PrincipalId::Person)
    }

    /// Where it keeps a place, for a role counted there.
    pub fn place(&self, scope: crate::authority::role::RoleScope) -> Place {
        Place::of(scope, self.organisation, self.project)
    }

    /// What whoever named them must still be allowed to do when it is accepted.
    pub fn action(&self) -> Nominate {
        Nominate {
            role: self.role.clone(),
            organisation: self.organisation,
            project: self.project,
            person: None,
            validity: Validity { from: None, until: self.valid_until },
        }
    }

    /// What whoever takes it back must be allowed to do: name somebody there at all.
    pub fn withdrawal(&self, now: Timestamp) -> Nominate {
        Nominate::for_a_moment(&self.role, self.organisation, self.project, now)
    }

    /// The audit event of something that happened to it; the address is in no log.
    pub(super) fn event(&self, kind: Kind) -> Event {
        let details = json!({ "role": self.role, "project": self.project, "until": self.valid_until });
        Event::new(kind, Subject::Nomination(self.id)).within(self.organisation).with(details)
    }
}
