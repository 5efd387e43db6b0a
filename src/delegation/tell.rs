//! The mails about a role: to those who may confirm it, back to who proposed it or named somebody for it (D11, P17), and to who holds it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::administrators::administrators;
use super::model::{RoleAssignment, State};
use super::nomination::model::Nomination;
use super::store;
use crate::authority::action::{ConfirmRole, ReadProject, ReadRoles};
use crate::authority::{Action, Decision, Permission, Roles, Scope, decisions};
use crate::db::{self, Tx};
use crate::directory::names_store::{self, Named};
use crate::directory::user::model::User;
use crate::directory::{organisation, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, ProjectId, UserId};
use crate::notify::outbox::{Channel, Letter};
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
/// an hour of one role at one place: what is given anew for other applications, or again and again, is no news. A fixed number of
/// statements, however many.
pub(super) async fn holders(tx: &mut Tx, roles: &Roles, about: &[RoleAssignment], ctx: &Ctx) -> db::Result<()> {
    let theirs = |role: &RoleAssignment| role.principal.person().filter(|_| ctx.actor != Some(role.principal));
    let people: BTreeSet<UserId> = about.iter().filter_map(theirs).collect();
    if people.is_empty() {
        return Ok(());
    }
    let people = usable(tx, people.into_iter().collect(), ctx).await?;
    let people: BTreeMap<UserId, User> =
        people.into_iter().filter(|user| user.email_verified).map(|user| (user.id, user)).collect();
    if people.is_empty() {
        return Ok(());
    }
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    let ids = about.iter().map(|role| role.id).collect();
    let no_news = store::list_no_news(tx, &ids, (an_hour_ago, ctx.now)).await?;
    let names = places(tx, about).await?;
    let (mut letters, mut said) = (Vec::new(), BTreeSet::new());
    for role in about.iter().filter(|role| !no_news.contains(&role.id)) {
        let Some(user) = theirs(role).and_then(|id| people.get(&id)) else { continue };
        let Some(email) = &user.email else { continue };
        let place = (role.organisation, role.project);
        if said.insert((user.id, &role.role, place)) {
            let message =
                changed(roles, role, (user.given_name.clone(), names.get(&place).cloned().unwrap_or_default()));
            letters.push(Letter { recipient: email.as_str().to_owned(), locale: user.locale.clone(), message });
        }
    }
    outbox::enqueue_all(tx, letters, ctx).await
}

/// What the places of roles are called: the organisation, and in which project.
async fn places(
    tx: &mut Tx,
    about: &[RoleAssignment],
) -> db::Result<BTreeMap<(OrganisationId, Option<ProjectId>), String>> {
    let organisations = about.iter().map(|role| role.organisation.0).collect();
    let organisations = names_store::list_organisations(tx, &Scope::Everywhere, &organisations).await?;
    let projects = about.iter().filter_map(|role| role.project).map(|project| project.0).collect();
    let projects = names_store::list(tx, Named::Project, &projects).await?;
    let name = |role: &RoleAssignment| {
        let organisation = organisations.get(&role.organisation.0).cloned().unwrap_or_default();
        match role.project.and_then(|project| projects.get(&project.0)) {
            Some(project) => format!("{organisation} ({project})"),
            None => organisation,
        }
    };
    Ok(about.iter().map(|role| ((role.organisation, role.project), name(role))).collect())
}

/// Tells whoever lost a role, given as they were: who had only been proposed lost nothing.
pub(super) async fn losers(tx: &mut Tx, roles: &Roles, ended: &[RoleAssignment], ctx: &Ctx) -> db::Result<()> {
    let lost =
        ended.iter().filter(|role| role.state == State::Active && role.valid_until.is_none_or(|end| ctx.now < end));
    let lost: Vec<_> = lost.map(|role| RoleAssignment { state: State::Revoked, ..role.clone() }).collect();
    holders(tx, roles, &lost, ctx).await
}

fn changed(roles: &Roles, role: &RoleAssignment, (given_name, organisation): (String, String)) -> Message {
    let held = role.state == State::Active;
    let named = roles.get(&role.role).is_some_and(|role| role.nominated);
    let page = match (held, named) {
        (true, true) => page(roles, role),
        (true, false) => "admin/scope".to_owned(),
        (false, _) => "access".to_owned(),
    };
    Message::RoleChanged { given_name, role: role.role.clone(), organisation, held, page }
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
