//! The same decision for lists of roles that somebody proposed, its facts read for all of them together: for the rows of a page, never
//! for a change.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::action::{Action, ConfirmRole};
use super::decide::{Decision, decide};
use super::door::{Door, Refusal};
use super::facts::{AssignmentFacts, Facts, OrganisationFacts, TargetFacts};
use super::model::{Applications, Extent};
use super::people_store;
use super::place;
use super::role::{RoleDefinition, RoleScope};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};

/// One role that waits until somebody confirms it.
#[derive(Clone, Copy, Debug)]
pub struct Proposed<'a> {
    /// Which assignment.
    pub id: RoleAssignmentId,
    /// Who is to hold it.
    pub principal: PrincipalId,
    /// The code of the role.
    pub role: &'a str,
    /// Over which organisation, and whether it reaches below.
    pub over: (OrganisationId, bool),
    /// For which applications.
    pub applications: &'a Applications,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// Who proposed it.
    pub granted_by: PrincipalId,
}

impl Door {
    /// Which of some proposed roles the actor may confirm or reject, in their order.
    pub async fn judge_proposed(&self, tx: &mut Tx, ctx: &Ctx, listed: &[Proposed<'_>]) -> Result<Vec<bool>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let homes = homes(tx, listed).await?;
        let named = homes.values().copied().chain(listed.iter().map(|one| one.over.0));
        let named: BTreeSet<OrganisationId> = named.collect();
        let rows = if named.is_empty() { Vec::new() } else { people_store::list_paths(tx, &named).await? };
        let places = place::paths(rows);
        let judged = listed.iter().map(|one| {
            let home = homes.get(&one.principal).and_then(|home| places.get(home));
            let (Some(home), Some(anchor)) = (home, places.get(&one.over.0)) else { return false };
            let facts = facts(one, self.roles().get(one.role), home, anchor);
            let action = Action::from(ConfirmRole { assignment: one.id });
            matches!(decide(&authority, &action, &facts, ctx.now), Decision::Allow(_))
        });
        Ok(judged.collect())
    }
}

/// What the decision needs to know of one. What else its holder has does not matter: nothing is taken from them.
fn facts(
    one: &Proposed<'_>,
    role: Option<&RoleDefinition>,
    home: &OrganisationFacts,
    anchor: &OrganisationFacts,
) -> Facts {
    let extent = match (role.map(|role| role.scope), one.over) {
        (Some(RoleScope::System), _) => Extent::Everywhere,
        (_, (node, true)) => Extent::Subtree(node),
        (_, (node, false)) => Extent::Only(node),
    };
    let target = TargetFacts { principal: one.principal, home: home.clone(), deleted: false, assignments: Vec::new() };
    let assignment = AssignmentFacts {
        id: one.id,
        role: one.role.to_owned(),
        extent,
        anchor: anchor.path.clone(),
        active: anchor.active,
        applications: one.applications.clone(),
        project: one.project,
        granted_by: one.granted_by,
    };
    Facts { target: Some(target), assignment: Some(assignment), ..Facts::default() }
}

/// Where those are at home who are to hold them; roles end with the account, so that somebody deleted has none.
async fn homes(tx: &mut Tx, listed: &[Proposed<'_>]) -> db::Result<BTreeMap<PrincipalId, OrganisationId>> {
    let mut homes = BTreeMap::new();
    for kind in ["person", "service"] {
        let of = listed.iter().map(|one| one.principal).filter(|one| one.kind() == kind);
        let ids: BTreeSet<Uuid> = of.map(PrincipalId::uuid).collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            continue;
        }
        let found = people_store::list_principals(tx, (kind, &ids)).await?;
        let kept = found.into_iter().filter(|row| row.deleted_at.is_none());
        homes.extend(kept.filter_map(|row| PrincipalId::from_parts(kind, row.id).zip(row.organisation_id)));
    }
    Ok(homes)
}
