//! What a stored role assignment is.

use std::collections::BTreeSet;

use serde_json::json;

use crate::audit::{Event, Kind, Subject};
use crate::authority::role::RoleScope;
use crate::authority::{Applications, Listed, Proposed, Roles};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Where an assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Proposed; carries nothing until somebody else confirms it (D11, E07).
    Pending,
    /// In effect between its dates.
    Active,
    /// Taken away or rejected; kept for the record.
    Revoked,
}

impl State {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Active, Self::Revoked].into_iter().find(|state| state.as_str() == text)
    }
}

/// Where holders of a role are counted (D6): by the scope of the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At one organisation.
    Organisation(OrganisationId),
    /// In a project: as a whole, or for one organisation in it.
    Project(ProjectId, Option<OrganisationId>),
}

impl Place {
    /// Where the holders of a role are counted.
    pub fn of(scope: RoleScope, organisation: OrganisationId, project: Option<ProjectId>) -> Self {
        match (scope, project) {
            (RoleScope::Project, Some(project)) => Self::Project(project, None),
            (_, Some(project)) => Self::Project(project, Some(organisation)),
            (_, None) => Self::Organisation(organisation),
        }
    }
}

/// The fact that a principal holds a role over a scope: by whom, by which right, since when, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Its id.
    pub id: RoleAssignmentId,
    /// Who holds it.
    pub principal: PrincipalId,
    /// The code of the role.
    pub role: String,
    /// The organisation that it is anchored at.
    pub organisation: OrganisationId,
    /// Whether it reaches below.
    pub include_sub_levels: bool,
    /// For which applications.
    pub applications: Applications,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// The phase of the project at which it takes effect, while it has not come (P14).
    pub waits_for_phase: Option<String>,
    /// Where it stands.
    pub state: State,
    /// First instant of effect.
    pub valid_from: Timestamp,
    /// From this instant on without effect.
    pub valid_until: Option<Timestamp>,
    /// Who gave or proposed it.
    pub granted_by: PrincipalId,
    /// By which of the giver's own assignments.
    pub granted_via: Option<RoleAssignmentId>,
    /// When it was given or proposed.
    pub granted_at: Timestamp,
}

impl RoleAssignment {
    /// The explicit applications; empty for all.
    pub fn explicit_applications(&self) -> BTreeSet<ApplicationId> {
        match &self.applications {
            Applications::All => BTreeSet::new(),
            Applications::Only(set) => set.clone(),
        }
    }

    /// As one of a list that is judged.
    pub fn listed(&self) -> Listed<'_> {
        Listed {
            id: self.id,
            principal: self.principal,
            role: &self.role,
            organisation: self.organisation,
            project: self.project,
            granted_by: self.granted_by,
        }
    }

    /// The audit event of something that happened to it.
    pub(crate) fn event(&self, kind: Kind) -> Event {
        let applications: Vec<String> = self.explicit_applications().iter().map(ToString::to_string).collect();
        let mut details = json!({
            "principal": self.principal,
            "role": self.role,
            "include_sub_levels": self.include_sub_levels,
            "applications": if self.applications == Applications::All { json!("all") } else { json!(applications) },
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        });
        if let (Some(project), Some(details)) = (self.project, details.as_object_mut()) {
            details.insert("project".to_owned(), json!(project));
        }
        Event::new(kind, Subject::RoleAssignment(self.id)).within(self.organisation).with(details)
    }

    /// Whether it ends with the role by which it was given (I02).
    pub(super) fn role_is_handed_on(&self, roles: &Roles) -> bool {
        self.granted_via.is_some() && roles.get(&self.role).is_some_and(|role| role.ends_with_grantor)
    }

    /// Whether it waits for somebody to confirm it: what waits for a phase of its project is nobody's to confirm, and what has run out
    /// waits for nothing any more (DA-27).
    pub fn is_proposed(&self, now: Timestamp) -> bool {
        let waits = self.state == State::Pending && self.waits_for_phase.is_none();
        waits && self.valid_until.is_none_or(|end| now < end)
    }

    /// What a decision about confirming it has to know.
    pub fn proposal(&self) -> Proposed<'_> {
        Proposed {
            id: self.id,
            principal: self.principal,
            role: &self.role,
            over: (self.organisation, self.include_sub_levels),
            applications: &self.applications,
            project: self.project,
            granted_by: self.granted_by,
        }
    }

    /// Whether it has effect at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == State::Active && self.valid_from <= now && self.valid_until.is_none_or(|end| now < end)
    }
}
