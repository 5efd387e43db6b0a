//! The same decision for lists of what has to be confirmed, its facts read for all of them together: for the boxes of a page, never
//! for a change.

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, KeepMembership, KeepRole};
use super::decide::{Decision, decide};
use super::door::{Door, Refusal};
use super::facts::{AssignmentFacts, Facts};
use super::load_targets;
use super::model::{Applications, Extent};
use super::people_store;
use super::place;
use super::role::RoleScope;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};

/// One role of a person, with where that person is at home.
#[derive(Clone, Debug)]
pub struct KeptRole<'a> {
    /// Which assignment.
    pub id: RoleAssignmentId,
    /// Who holds it, and where they are at home.
    pub holder: (UserId, OrganisationId),
    /// The code of the role.
    pub role: &'a str,
    /// Over which organisation, and whether it reaches below.
    pub over: (OrganisationId, bool),
    /// For which applications.
    pub applications: &'a Applications,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// Who gave it.
    pub granted_by: PrincipalId,
}

/// One membership of a person, with where that person is at home.
#[derive(Clone, Copy, Debug)]
pub struct KeptMembership {
    /// Who, and where they are at home.
    pub member: (UserId, OrganisationId),
    /// In which group.
    pub group: GroupId,
    /// Of which application.
    pub application: ApplicationId,
}

impl Door {
    /// Of which of some roles the actor may say that they are still needed, in their order.
    pub async fn judge_kept_roles(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        listed: &[KeptRole<'_>],
    ) -> Result<Vec<bool>, Refusal> {
        self.judge_held_roles(tx, ctx, (listed, |assignment| KeepRole { assignment }.into())).await
    }

    /// With which of some roles the actor may do something, in their order.
    pub async fn judge_held_roles(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        (listed, action): (&[KeptRole<'_>], fn(RoleAssignmentId) -> Action),
    ) -> Result<Vec<bool>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let people: BTreeMap<UserId, OrganisationId> = listed.iter().map(|one| one.holder).collect();
        let targets = load_targets::targets(tx, self.roles(), &people.into_iter().collect::<Vec<_>>()).await?;
        let over: BTreeSet<OrganisationId> = listed.iter().map(|one| one.over.0).collect();
        let anchors = if over.is_empty() { Vec::new() } else { people_store::list_paths(tx, &over).await? };
        let anchors = place::paths(anchors);
        let judged = listed.iter().map(|one| {
            let Some(role) = self.roles().get(one.role) else { return false };
            let Some(anchor) = anchors.get(&one.over.0) else { return false };
            let extent = match (role.scope, one.over) {
                (RoleScope::System, _) => Extent::Everywhere,
                (_, (node, true)) => Extent::Subtree(node),
                (_, (node, false)) => Extent::Only(node),
            };
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
            let facts = Facts {
                target: targets.get(&one.holder.0).cloned(),
                assignment: Some(assignment),
                role: Some(role.clone()),
                ..Facts::default()
            };
            matches!(decide(&authority, &action(one.id), &facts, ctx.now), Decision::Allow(_))
        });
        Ok(judged.collect())
    }

    /// Of which of some memberships the actor may say that they are still needed, in their order.
    pub async fn judge_kept_memberships(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        listed: &[KeptMembership],
    ) -> Result<Vec<bool>, Refusal> {
        let authority = self.authority(tx, ctx).await?;
        let people: BTreeMap<UserId, OrganisationId> = listed.iter().map(|one| one.member).collect();
        let targets = load_targets::targets(tx, self.roles(), &people.into_iter().collect::<Vec<_>>()).await?;
        let judged = listed.iter().map(|one| {
            let target = targets.get(&one.member.0).cloned();
            let facts = Facts { target, application: Some(one.application), ..Facts::default() };
            let action = Action::from(KeepMembership { user: one.member.0, group: one.group });
            matches!(decide(&authority, &action, &facts, ctx.now), Decision::Allow(_))
        });
        Ok(judged.collect())
    }
}
