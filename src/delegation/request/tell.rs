//! The mails about a request: to those who can answer, and back to who asked (P60, P68).

use std::collections::BTreeSet;

use super::model::RevocationRequest;
use crate::authority::action::RevokeRole;
use crate::authority::role::{Relation, RoleDefinition};
use crate::authority::{Decision, Door};
use crate::db::{self, Tx};
use crate::delegation::model::RoleAssignment;
use crate::delegation::{place_store, store};
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;
use crate::notify::{Message, outbox};

/// Most people who are told.
const MOST: usize = 20;

/// Most roles of a place that are looked at.
const NEAR: i64 = 500;

/// Tells whoever may revoke the role: those of the same place first, operators if there is nobody else.
pub(super) async fn those_who_may(
    tx: &mut Tx,
    door: &Door,
    about: &RoleAssignment,
    asked_by: PrincipalId,
    ctx: &Ctx,
) -> db::Result<()> {
    let Some(role) = door.roles().get(&about.role) else { return Ok(()) };
    let of_the_place = near(tx, role, about, ctx).await?;
    let mut told = able(tx, door, of_the_place, about, ctx).await?;
    if told.is_empty() {
        let operators = operators(tx, door, role, ctx).await?;
        told = able(tx, door, operators, about, ctx).await?;
    }
    told.retain(|principal| *principal != asked_by && *principal != about.principal);
    for principal in told.into_iter().take(MOST) {
        tell(tx, principal, |given_name| Message::RevocationAsked { given_name }, ctx).await?;
    }
    Ok(())
}

/// Who holds, at the place of the assignment, a role that may take it away.
async fn near(
    tx: &mut Tx,
    role: &RoleDefinition,
    about: &RoleAssignment,
    ctx: &Ctx,
) -> db::Result<BTreeSet<PrincipalId>> {
    let mut held = place_store::list_in_organisation(tx, about.organisation, (ctx.now, NEAR)).await?;
    if let Some(project) = about.project {
        held.extend(place_store::list_in_project(tx, project, None, (ctx.now, NEAR)).await?);
    }
    let stands = |one: &RoleAssignment, relation: Relation| match relation {
        Relation::SameProject => one.project == about.project,
        Relation::SameProjectAndOrganisation => one.project == about.project && one.organisation == about.organisation,
        Relation::SameOrganisation => one.project.is_none() && one.organisation == about.organisation,
        Relation::Covering | Relation::Any => true,
    };
    let may =
        |one: &&RoleAssignment| role.revoked_by.iter().any(|rule| rule.role == one.role && stands(one, rule.relation));
    Ok(held.iter().filter(may).map(|one| one.principal).take(2 * MOST).collect())
}

async fn operators(tx: &mut Tx, door: &Door, role: &RoleDefinition, ctx: &Ctx) -> db::Result<BTreeSet<PrincipalId>> {
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    let mut found = BTreeSet::new();
    for rule in &role.revoked_by {
        let system = door.roles().get(&rule.role).is_some_and(|role| !role.nominated);
        if system {
            let held = store::list_of_role(tx, &rule.role, ctx.now, most).await?;
            found.extend(held.into_iter().map(|one| one.principal));
        }
    }
    Ok(found)
}

/// Those of them who may indeed.
async fn able(
    tx: &mut Tx,
    door: &Door,
    some: BTreeSet<PrincipalId>,
    about: &RoleAssignment,
    ctx: &Ctx,
) -> db::Result<Vec<PrincipalId>> {
    let some: Vec<PrincipalId> = some.into_iter().collect();
    let judged = door.explain_each(tx, &some, &[RevokeRole { assignment: about.id }.into()], ctx.now).await?;
    let may = |decisions: &[Decision]| matches!(decisions, [Decision::Allow(_)]);
    Ok(judged.into_iter().filter(|(_, decisions)| may(decisions)).map(|(id, _)| id).collect())
}

/// Tells who asked that there is an answer.
pub(crate) async fn who_asked(tx: &mut Tx, request: &RevocationRequest, ctx: &Ctx) -> db::Result<()> {
    tell(tx, request.asked_by, |given_name| Message::RevocationAnswered { given_name }, ctx).await
}

async fn tell(
    tx: &mut Tx,
    principal: PrincipalId,
    message: impl FnOnce(String) -> Message,
    ctx: &Ctx,
) -> db::Result<()> {
    let PrincipalId::Person(id) = principal else { return Ok(()) };
    let Some(user) = user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)) else { return Ok(()) };
    let Some(email) = &user.email else { return Ok(()) };
    let message = message(user.given_name.clone());
    outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}
