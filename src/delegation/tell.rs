//! The mails about a role: to those who may confirm it, back to who proposed it or named somebody for it (D11, P17), and to who holds it.

use std::time::Duration;

use super::administrators::administrators;
use super::model::{RoleAssignment, State};
use super::nomination::model::Nomination;
use super::store;
use crate::authority::action::{ConfirmRole, ReadProject, ReadRoles};
use crate::authority::{Action, Decision, Permission, Roles, decisions};
use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::directory::{organisation, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, ProjectId, UserId};
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// Most people who are told.
const MOST: usize = 20;

/// Tells whoever may confirm it; once an hour of what one proposes at one place, however often: the mail only says where to look.
pub(super) async fn those_who_confirm(tx: &mut Tx, roles: &Roles, about: &RoleAssignment, ctx: &Ctx) -> db::Result<()> {
    let place = (about.organisation, about.role.as_str());
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    if store::count_given(tx, place, about.granted_by, an_hour_ago).await? > 1 {
        return Ok(());
    }
    let near = administrators(tx, roles, about.organisation, (&[Permission::RoleConfirm], ctx.now)).await?;
    if near.is_empty() {
        return Ok(());
    }
    let near: Vec<PrincipalId> = near.into_iter().map(PrincipalId::Person).collect();
    // Nobody is told of what they could not confirm: what they proposed themselves, or what reaches further than their own role.
    let able = able(tx, roles, (&near, ConfirmRole { assignment: about.id }.into()), ctx).await?;
    for user in usable(tx, able.into_iter().take(MOST).collect(), ctx).await? {
        tell(tx, &user, Message::RoleProposed { given_name: user.given_name.clone() }, ctx).await?;
    }
    Ok(())
}

/// Tells whoever proposed it what somebody else decided, if they still see who holds roles there (D8): which role, and where. Why it was
/// refused stands in no mail, as nothing does that people typed.
pub(super) async fn who_proposed(tx: &mut Tx, roles: &Roles, about: &RoleAssignment, ctx: &Ctx) -> db::Result<()> {
    let place = (about.organisation, about.project);
    let Some(user) = still_seeing(tx, roles, (about.granted_by, place), ctx).await? else { return Ok(()) };
    let message = Message::RoleDecided {
        given_name: user.given_name.clone(),
        role: about.role.clone(),
        organisation: name_of(tx, about.organisation).await?,
        confirmed: about.state == State::Active,
        page: page(roles, about),
    };
    tell(tx, &user, message, ctx).await
}

/// Tells whoever was given a role, or lost it, what somebody else did: a role that nobody asked for is noticed by whom it is given to. Once
/// an hour of one role at one place: what is given anew for other applications, or again and again, is no news.
pub(super) async fn holder(tx: &mut Tx, roles: &Roles, about: &RoleAssignment, ctx: &Ctx) -> db::Result<()> {
    let Some(person) = about.principal.person() else { return Ok(()) };
    let Some(user) = usable(tx, vec![person], ctx).await?.into_iter().find(|user| user.email_verified) else {
        return Ok(());
    };
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    if store::has_changed_lately(tx, about, an_hour_ago).await? {
        return Ok(());
    }
    let held = about.state == State::Active;
    let named = roles.get(&about.role).is_some_and(|role| role.nominated);
    let message = Message::RoleChanged {
        given_name: user.given_name.clone(),
        role: about.role.clone(),
        organisation: name_of(tx, about.organisation).await?,
        held,
        page: match (held, named) {
            (true, true) => page(roles, about),
            (true, false) => "admin/scope".to_owned(),
            (false, _) => "access".to_owned(),
        },
    };
    tell(tx, &user, message, ctx).await
}

/// Tells whoever named somebody that they answered, if they still see who holds roles there (D8).
pub(super) async fn who_named(
    tx: &mut Tx,
    roles: &Roles,
    (nomination, accepted): (&Nomination, bool),
    ctx: &Ctx,
) -> db::Result<()> {
    let (place, by) = ((nomination.organisation, nomination.project), nomination.nominated_by);
    let Some(user) = still_seeing(tx, roles, (by, place), ctx).await? else { return Ok(()) };
    let message = Message::NominationAnswered {
        given_name: user.given_name.clone(),
        role: nomination.role.clone(),
        organisation: name_of(tx, nomination.organisation).await?,
        accepted,
        page: nomination
            .project
            .map_or_else(|| format!("organisations/{}", nomination.organisation), |id| format!("projects/{id}")),
    };
    tell(tx, &user, message, ctx).await
}

/// Somebody, if they can sign in and see who holds roles there.
async fn still_seeing(
    tx: &mut Tx,
    roles: &Roles,
    (who, (organisation, project)): (PrincipalId, (OrganisationId, Option<ProjectId>)),
    ctx: &Ctx,
) -> db::Result<Option<User>> {
    if who.person().is_none() {
        return Ok(None);
    }
    let seeing: Action = match project {
        Some(project) => ReadProject { project }.into(),
        None => ReadRoles { organisation }.into(),
    };
    let able = able(tx, roles, (&[who], seeing), ctx).await?;
    Ok(usable(tx, able, ctx).await?.into_iter().find(|user| user.email_verified))
}

async fn name_of(tx: &mut Tx, organisation: OrganisationId) -> db::Result<String> {
    Ok(organisation::store::find(tx, organisation).await?.map(|found| found.name).unwrap_or_default())
}

/// Where whoever gives such roles sees who holds them.
fn page(roles: &Roles, about: &RoleAssignment) -> String {
    let named = roles.get(&about.role).is_some_and(|role| role.nominated);
    match (about.project, about.principal) {
        (Some(project), _) => format!("projects/{project}"),
        (None, PrincipalId::Person(id)) if !named => format!("admin/users/{id}"),
        (None, PrincipalId::Service(id)) if !named => format!("admin/clients/{id}"),
        (None, _) => format!("organisations/{}", about.organisation),
    }
}

/// Those of some people who may do something, in their order.
async fn able(
    tx: &mut Tx,
    roles: &Roles,
    (some, action): (&[PrincipalId], Action),
    ctx: &Ctx,
) -> db::Result<Vec<UserId>> {
    let judged = decisions(tx, roles, (some, std::slice::from_ref(&action)), ctx.now).await?;
    let able = judged.into_iter().filter(|(_, decided)| matches!(decided.as_slice(), [Decision::Allow(_)]));
    Ok(able.filter_map(|(principal, _)| principal.person()).collect())
}

/// Those of them who can sign in, all read at once.
async fn usable(tx: &mut Tx, some: Vec<UserId>, ctx: &Ctx) -> db::Result<Vec<User>> {
    let mut people = user::store::list(tx, &some).await?;
    people.retain(|user| user.is_usable(ctx.now));
    Ok(people)
}

async fn tell(tx: &mut Tx, user: &User, message: Message, ctx: &Ctx) -> db::Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}
