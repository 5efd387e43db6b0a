//! The same decision for lists of roles that people are named for, its facts read for all of them together: for the buttons of a
//! page, never for a change.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, Nominate, RequestRevocation, RevokeRole};
use super::decide::{Decision, decide};
use super::door::{Door, Refusal};
use super::facts::{AssignmentFacts, Facts, OrganisationFacts, TargetFacts};
use super::load;
use super::model::{Applications, Extent};
use super::people_store;
use super::place;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};

/// One role assignment of a list.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// Which.
    pub id: RoleAssignmentId,
    /// Who holds it.
    pub principal: PrincipalId,
    /// The code of the role.
    pub role: &'a str,
    /// On behalf of which organisation.
    pub organisation: OrganisationId,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// Who gave it.
    pub granted_by: PrincipalId,
}

/// What may be done with one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleRights {
    /// Take it away.
    pub revoke: bool,
    /// Ask whoever may to take it away.
    pub request: bool,
}

impl Door {
    /// What may be done with each of some roles, in their order. Only for roles that people are named for; others are decided
    /// with the account of whoever holds them, one by one.
    pub async fn judge_roles(&self, tx: &mut Tx, ctx: &Ctx, listed: &[Listed<'_>]) -> Result<Vec<RoleRights>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let places = places(tx, listed.iter().map(|one| one.organisation)).await?;
        let judged = listed.iter().map(|one| {
            let role = self.roles().get(one.role).filter(|role| role.nominated);
            let (Some(role), Some(place)) = (role, places.get(&one.organisation)) else { return RoleRights::default() };
            let target =
                TargetFacts { principal: one.principal, home: place.clone(), deleted: false, assignments: Vec::new() };
            let assignment = AssignmentFacts {
                id: one.id,
                role: one.role.to_owned(),
                extent: Extent::Only(one.organisation),
                anchor: place.path.clone(),
                active: place.active,
                applications: Applications::All,
                project: one.project,
                granted_by: one.granted_by,
            };
            let facts = Facts {
                target: Some(target),
                assignment: Some(assignment),
                role: Some(role.clone()),
                ..Facts::default()
            };
            let allows = |action: Action| matches!(decide(&authority, &action, &facts, ctx.now), Decision::Allow(_));
            RoleRights {
                revoke: allows(RevokeRole { assignment: one.id }.into()),
                request: allows(RequestRevocation { assignment: one.id }.into()),
            }
        });
        Ok(judged.collect())
    }

    /// For which roles of which of some organisations somebody can be named, in a project or outside of any: by the order of the
    /// roles, then of the organisations.
    pub async fn judge_nominations(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        project: Option<ProjectId>,
        organisations: &[OrganisationId],
    ) -> Result<Vec<(String, OrganisationId)>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let places = places(tx, organisations.iter().copied()).await?;
        let facts = match project {
            Some(id) => Facts { project: load::project(tx, id).await?, ..Facts::default() },
            None => Facts::default(),
        };
        let mut open = Vec::new();
        let mut facts = facts;
        for role in self.roles().iter().filter(|role| role.nominated) {
            facts.role = Some(role.clone());
            for organisation in organisations {
                facts.organisation = places.get(organisation).cloned();
                let action = Nominate::for_a_moment(&role.code, *organisation, project, ctx.now);
                if matches!(decide(&authority, &action.into(), &facts, ctx.now), Decision::Allow(_)) {
                    open.push((role.code.clone(), *organisation));
                }
            }
        }
        Ok(open)
    }
}

async fn places(
    tx: &mut Tx,
    of: impl Iterator<Item = OrganisationId>,
) -> db::Result<BTreeMap<OrganisationId, OrganisationFacts>> {
    let of: BTreeSet<OrganisationId> = of.collect();
    if of.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(place::paths(people_store::list_paths(tx, &of).await?))
}
