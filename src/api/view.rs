//! What is read and written, as types; the OpenAPI document is made of them. Instants are RFC 3339, ids are UUIDs.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::authority::Applications;
use crate::delegation::model::RoleAssignment;
use crate::delegation::nomination::model::Nomination;
use crate::delegation::request::model::RevocationRequest;
use crate::directory::module::model::ModuleAccess;
use crate::kernel::ids::PrincipalId;
use crate::kernel::time::Timestamp;

/// A person or a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Principal {
    /// `person` or `service`.
    pub kind: String,
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
}

impl From<PrincipalId> for Principal {
    fn from(principal: PrincipalId) -> Self {
        Self { kind: principal.kind().to_owned(), id: principal.uuid() }
    }
}

/// The fact that somebody holds a role, or is proposed for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "RoleAssignment")]
pub struct RoleAssignmentView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Who holds it.
    pub principal: Principal,
    /// The code of the role.
    pub role: String,
    /// The organisation that it is held at.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// And all below.
    pub include_sub_levels: bool,
    /// For which applications, as far as they are in sight; null for all.
    #[schemars(with = "Option<Vec<String>>")]
    pub applications: Option<Vec<Uuid>>,
    /// Within which project.
    #[schemars(with = "Option<String>")]
    pub project: Option<Uuid>,
    /// `pending`, `active` or `revoked`.
    pub state: String,
    /// First instant of effect.
    pub valid_from: String,
    /// From this instant on without effect.
    pub valid_until: Option<String>,
    /// When it was given or proposed.
    pub granted_at: String,
    /// The phase of the project that it waits for.
    pub waits_for_phase: Option<String>,
}

impl RoleAssignmentView {
    /// Of one as it is shown to the reader ([`crate::delegation::listed_store::Sight::show`]).
    pub fn of(one: &RoleAssignment) -> Self {
        Self {
            id: one.id.0,
            principal: one.principal.into(),
            role: one.role.clone(),
            organisation: one.organisation.0,
            include_sub_levels: one.include_sub_levels,
            applications: match &one.applications {
                Applications::All => None,
                Applications::Only(set) => Some(set.iter().map(|id| id.0).collect()),
            },
            project: one.project.map(|id| id.0),
            state: one.state.as_str().to_owned(),
            valid_from: one.valid_from.to_rfc3339(),
            valid_until: one.valid_until.map(Timestamp::to_rfc3339),
            granted_at: one.granted_at.to_rfc3339(),
            waits_for_phase: one.waits_for_phase.clone(),
        }
    }
}

/// One page of a list; the next one begins after `next`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleAssignments {
    /// In the order in which they were given.
    pub items: Vec<RoleAssignmentView>,
    /// Where the next page begins: the parameter `after`; null at the end.
    pub next: Option<String>,
}

/// A role to be given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// To whom.
    pub principal: Principal,
    /// The code of the role.
    pub role: String,
    /// At which organisation.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// In which project, for roles of projects. What people are named for is given at once, to whoever holds what it requires or whom the caller administers (P22).
    #[schemars(with = "Option<String>", extend("format" = "uuid"))]
    pub project: Option<Uuid>,
    /// And all below.
    #[serde(default)]
    pub include_sub_levels: bool,
    /// For which applications; all if left out.
    #[schemars(with = "Option<Vec<String>>")]
    pub applications: Option<BTreeSet<Uuid>>,
    /// First instant of effect; now if left out.
    pub valid_from: Option<String>,
    /// From this instant on without effect; never if left out.
    pub valid_until: Option<String>,
}

/// Why something is done.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// In words; needed where the last holder loses a role, and to reject, ask or decline.
    pub reason: Option<String>,
}

/// A role that is or would be taken away.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Revocation {
    /// The assignment.
    pub role_assignment: RoleAssignmentView,
    /// What ends with it and is in sight.
    pub ends_too: Vec<RoleAssignmentView>,
    /// How many end besides.
    pub others: usize,
    /// How many stand in for the holders of those in sight, now or later.
    pub deputies: usize,
}

/// A wish that a role be taken away.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RevocationRequest")]
pub struct RevocationRequestView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Which assignment it is about.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub role_assignment: Uuid,
    /// Why.
    pub reason: String,
    /// `open`, `granted` or `declined`.
    pub state: String,
    /// When it was asked.
    pub asked_at: String,
    /// Why it was declined.
    pub answer: Option<String>,
}

impl From<&RevocationRequest> for RevocationRequestView {
    fn from(request: &RevocationRequest) -> Self {
        Self {
            id: request.id.0,
            role_assignment: request.assignment.0,
            reason: request.reason.clone(),
            state: request.state.as_str().to_owned(),
            asked_at: request.asked_at.to_rfc3339(),
            answer: request.answer.clone(),
        }
    }
}

/// Requests that the caller can answer, and those that they made.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RevocationRequests {
    /// Open ones about roles that the caller may revoke, oldest first.
    pub to_answer: Vec<RevocationRequestView>,
    /// The caller's own, latest first.
    pub asked: Vec<RevocationRequestView>,
}

/// The fact that somebody was named for a role by e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Nomination")]
pub struct NominationView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// The code of the role.
    pub role: String,
    /// On behalf of which organisation.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// Within which project.
    #[schemars(with = "Option<String>")]
    pub project: Option<Uuid>,
    /// The address.
    pub email: String,
    /// `open`, `accepted`, `declined`, `withdrawn` or `lapsed`.
    pub state: String,
    /// When the role would end.
    pub valid_until: Option<String>,
    /// When somebody was named.
    pub nominated_at: String,
    /// From when on it can no longer be accepted.
    pub expires_at: String,
}

impl From<&Nomination> for NominationView {
    fn from(one: &Nomination) -> Self {
        Self {
            id: one.id.0,
            role: one.role.clone(),
            organisation: one.organisation.0,
            project: one.project.map(|id| id.0),
            email: one.email.clone(),
            state: one.state.as_str().to_owned(),
            valid_until: one.valid_until.map(Timestamp::to_rfc3339),
            nominated_at: one.nominated_at.to_rfc3339(),
            expires_at: one.expires_at.to_rfc3339(),
        }
    }
}

/// Open nominations, by role.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Nominations {
    /// Two hundred at most.
    pub items: Vec<NominationView>,
}

/// Somebody to be named: by address, or one of those who hold what the role requires.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Naming {
    /// The code of the role.
    pub role: String,
    /// On behalf of which organisation.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// Within which project.
    #[schemars(with = "Option<String>")]
    pub project: Option<Uuid>,
    /// The address; mailed a link.
    pub email: String,
    /// When the role would end.
    pub valid_until: Option<String>,
}

/// The module access of an organisation.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Module")]
pub struct ModuleView {
    /// Who holds it.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// The module of which application.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub application: Uuid,
    /// `active` or `suspended`: complete-only.
    pub status: String,
    /// `authority` or `coordinator`.
    pub kind: String,
    /// The coordinators that it names.
    #[schemars(with = "Vec<String>")]
    pub coordinators: Vec<Uuid>,
    /// Codes of the list of the module.
    pub classification: Vec<String>,
    /// As the schema of the module has them.
    pub settings: Map<String, Value>,
    /// When it was first granted.
    pub granted_at: String,
    /// When it was last changed.
    pub changed_at: String,
}

impl ModuleView {
    /// With the coordinators that are in sight.
    pub fn of(access: &ModuleAccess, seen: &BTreeSet<Uuid>) -> Self {
        Self {
            organisation: access.organisation.0,
            application: access.application.0,
            status: access.status.as_str().to_owned(),
            kind: access.terms.kind.as_str().to_owned(),
            coordinators: access.coordinators.iter().map(|id| id.0).filter(|id| seen.contains(id)).collect(),
            classification: access.terms.classification.clone(),
            settings: access.terms.settings.clone(),
            granted_at: access.granted_at.to_rfc3339(),
            changed_at: access.changed_at.to_rfc3339(),
        }
    }
}

/// What an organisation holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Modules {
    /// Those that the caller manages.
    pub items: Vec<ModuleView>,
}

/// What is agreed about a module.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsBody {
    /// `authority` or `coordinator`.
    pub kind: String,
    /// The coordinators that it names.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub coordinators: Vec<Uuid>,
    /// Codes of the list of the module.
    #[serde(default)]
    pub classification: Vec<String>,
    /// As the schema of the module has them.
    #[serde(default)]
    pub settings: Map<String, Value>,
}

/// One side of the effect of a move.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Side {
    /// The role assignments in sight.
    pub role_assignments: Vec<RoleAssignmentView>,
    /// How many there are besides.
    pub others: usize,
    /// How many stand in for the holders of those in sight, now or later.
    pub deputies: usize,
}

impl Side {
    /// What the caller gives themself.
    pub fn given(all: &[RoleAssignment]) -> Self {
        let role_assignments = all.iter().map(RoleAssignmentView::of).collect();
        Self { role_assignments, others: 0, deputies: 0 }
    }
}

/// Who gains and who loses authority by a move.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MoveEffect {
    /// Names this effect; the move is made with it.
    pub effect: String,
    /// Whose authority ends there.
    pub loses: Side,
    /// Whose authority reaches there from then on.
    pub gains: Side,
}

/// Where an organisation goes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The organisation above it from then on.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub to: Uuid,
    /// The effect that was shown.
    pub effect: String,
}

/// An organisation that was moved.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Moved {
    /// Which.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub organisation: Uuid,
    /// The organisation above it now.
    #[schemars(with = "Option<String>")]
    pub parent: Option<Uuid>,
}

/// Why a request has another answer (RFC 9457).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// `urn:chamberlain:problem:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// In words, for whoever reads the log.
    pub detail: String,
}
