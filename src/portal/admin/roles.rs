//! The section Roles of a user: one box per role, or per role and application (E64–E68, E73).

use std::collections::BTreeSet;

use super::reach;
use super::rows::allowed;
use super::target::Target;
use crate::authority::action::{GrantRole, RevokeRole};
use crate::authority::role::RoleScope;
use crate::authority::{Applications, RoleDefinition, Validity};
use crate::db::Tx;
use crate::delegation::model::RoleAssignment;
use crate::delegation::{self, grant, revoke};
use crate::directory::{application, names_store};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, UserId};
use crate::portal::error::{ChangeError, Failure};
use crate::portal::signed_in::SignedIn;
use crate::web::{Form, Page};

/// One box; the id is also what is sent.
pub(super) struct RoleBox {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) checked: bool,
    /// Why it cannot be changed.
    pub(super) reason: Option<String>,
}

/// The boxes of one role.
pub(super) struct Section {
    pub(super) code: String,
    pub(super) text: String,
    /// Where else it is held.
    pub(super) elsewhere: Vec<String>,
    pub(super) boxes: Vec<RoleBox>,
}

fn id_of(role: &str, application: Option<ApplicationId>) -> String {
    application.map_or_else(|| format!("role-{role}"), |application| format!("role-{role}-{application}"))
}

/// What an assignment of `role` to the target at their level would be.
fn wanted(target: &Target, role: &str, include_sub_levels: bool, applications: Applications) -> GrantRole {
    GrantRole {
        to: PrincipalId::Person(target.user.id),
        role: role.to_owned(),
        organisation: target.user.organisation,
        include_sub_levels,
        applications,
        validity: Validity::default(),
    }
}

/// The assignments of a person that are in effect or waiting.
async fn held(tx: &mut Tx, person: &SignedIn, user: UserId) -> Result<Vec<RoleAssignment>, Failure> {
    let all = delegation::store::list_of(tx, PrincipalId::Person(user)).await?;
    Ok(all.into_iter().filter(|held| held.valid_until.is_none_or(|end| person.ctx.now < end)).collect())
}

/// The sections that concern the target's level.
pub(super) async fn sections(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    target: &Target,
) -> Result<Vec<Section>, Failure> {
    let held = held(tx, person, target.user.id).await?;
    let mut applications = application::store::list(tx).await?;
    // Applications that others administer are not named (D8).
    applications.retain(|application| reach::names_application(person, application.id));
    let mut sections = Vec::new();
    for role in person.app.door.roles().iter().filter(|role| role.scope != RoleScope::System) {
        let mut boxes = Vec::new();
        if role.scope == RoleScope::Organisation {
            boxes.extend(role_box(tx, person, page, target, (role, None, &held)).await?.1);
        } else {
            for application in &applications {
                let (open, drawn) = role_box(tx, person, page, target, (role, Some(application.id), &held)).await?;
                boxes.extend(
                    drawn
                        .filter(|drawn| open || drawn.checked)
                        .map(|drawn| RoleBox { label: application.name.clone(), ..drawn }),
                );
            }
            if boxes.is_empty() {
                let reason = Some(page.t("role-not-yours"));
                boxes.push(RoleBox { id: id_of(&role.code, None), label: role.code.clone(), checked: false, reason });
            }
        }
        let elsewhere = elsewhere(tx, person, page, (target, role), &held).await?;
        sections.push(Section { code: role.code.clone(), text: describe(page, &role.code), elsewhere, boxes });
    }
    Ok(sections)
}

fn describe(page: &Page, role: &str) -> String {
    let text = page.t(&format!("role-text-{}", role.to_lowercase()));
    if text.contains('⟦') { page.t("role-text-other") } else { text }
}

async fn elsewhere(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (target, role): (&Target, &RoleDefinition),
    held: &[RoleAssignment],
) -> Result<Vec<String>, Failure> {
    let others = held.iter().filter(|held| held.role == role.code && held.organisation != target.user.organisation);
    let places: Vec<_> = others.map(|held| held.organisation.0).collect();
    let ids = places.iter().copied().collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &ids).await?;
    let name = |id| levels.get(id).cloned().unwrap_or_else(|| page.t("level-outside"));
    Ok(places.iter().map(|id| page.t1("role-elsewhere", "level", name(id))).collect())
}

type Asked<'a> = (&'a RoleDefinition, Option<ApplicationId>, &'a [RoleAssignment]);

/// One box, and whether the person may change it.
async fn role_box(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    target: &Target,
    asked: Asked<'_>,
) -> Result<(bool, Option<RoleBox>), Failure> {
    let (role, application, held) = asked;
    let present = find(held, target.user.organisation, &role.code, application);
    let open = match present {
        Some(present) => allowed(tx, person, RevokeRole { assignment: present.id }).await?,
        None => {
            let set =
                application.map_or(Applications::All, |application| Applications::Only(BTreeSet::from([application])));
            allowed(tx, person, wanted(target, &role.code, false, set)).await?
        }
    };
    let why = if target.user.id == person.user.id { "role-own" } else { "role-not-yours" };
    let drawn = RoleBox {
        id: id_of(&role.code, application),
        label: role.code.clone(),
        checked: present.is_some(),
        reason: (!open).then(|| page.t(why)),
    };
    Ok((open, Some(drawn)))
}

/// The assignment of a role at a level that covers an application.
fn find<'a>(
    held: &'a [RoleAssignment],
    level: OrganisationId,
    role: &str,
    application: Option<ApplicationId>,
) -> Option<&'a RoleAssignment> {
    let covers = |held: &RoleAssignment| application.is_none_or(|application| held.applications.contains(application));
    held.iter().find(|held| held.organisation == level && held.role == role && covers(held))
}

/// Applies the difference between what the form showed and what was sent. Whether anything changed.
pub(super) async fn apply(tx: &mut Tx, person: &SignedIn, target: &Target, form: &Form) -> Result<bool, ChangeError> {
    let sent = |name: &str, id: &String| form.list(name).contains(id);
    let held = delegation::store::list_of(tx, PrincipalId::Person(target.user.id)).await?;
    let below = form.has("role_sub_levels");
    let applications: Vec<ApplicationId> =
        application::store::list(tx).await?.into_iter().map(|application| application.id).collect();
    let mut changed = false;
    for role in person.app.door.roles().iter().filter(|role| role.scope != RoleScope::System) {
        let asked: Vec<Option<ApplicationId>> = match role.scope {
            RoleScope::OrganisationAndApplications => applications.iter().copied().map(Some).collect(),
            RoleScope::Organisation | RoleScope::System => vec![None],
        };
        let is = |application: &Option<ApplicationId>| id_of(&role.code, *application);
        let lost: Vec<_> =
            asked.iter().filter(|a| sent("held[]", &is(a)) && !sent("roles[]", &is(a))).copied().collect();
        let won: Vec<_> = asked
            .iter()
            .filter(|a| sent("shown[]", &is(a)) && sent("roles[]", &is(a)) && !sent("held[]", &is(a)))
            .copied()
            .collect();
        changed |= !lost.is_empty() || !won.is_empty();
        take_away(tx, person, target, &held, (role, &lost)).await?;
        if !won.is_empty() {
            let set: Option<BTreeSet<ApplicationId>> = won.into_iter().collect();
            let set = set.map_or(Applications::All, Applications::Only);
            give(tx, person, wanted(target, &role.code, below, set)).await?;
        }
    }
    Ok(changed)
}

async fn give(tx: &mut Tx, person: &SignedIn, action: GrantRole) -> Result<(), ChangeError> {
    let door = &person.app.door;
    let permit = door.authorise(tx, &person.ctx, action).await?;
    grant::grant(tx, permit, door.roles(), &person.ctx).await?;
    Ok(())
}

/// Revokes what covers the lost applications, and gives back what else those assignments covered.
async fn take_away(
    tx: &mut Tx,
    person: &SignedIn,
    target: &Target,
    held: &[RoleAssignment],
    (role, lost): (&RoleDefinition, &[Option<ApplicationId>]),
) -> Result<(), ChangeError> {
    let mut done = BTreeSet::new();
    for application in lost {
        let Some(present) =
            find(held, target.user.organisation, &role.code, *application).filter(|present| done.insert(present.id))
        else {
            continue;
        };
        let door = &person.app.door;
        let permit = door.authorise(tx, &person.ctx, RevokeRole { assignment: present.id }).await?;
        revoke::revoke(tx, permit, door.roles(), None, &person.ctx).await?;
        let Applications::Only(set) = &present.applications else { continue };
        let kept: BTreeSet<_> = set.iter().copied().filter(|id| !lost.contains(&Some(*id))).collect();
        if !kept.is_empty() {
            let rest = wanted(target, &role.code, present.include_sub_levels, Applications::Only(kept));
            // What is given back ends when it would have ended.
            let validity = Validity { from: Some(present.valid_from), until: present.valid_until };
            give(tx, person, GrantRole { validity, ..rest }).await?;
        }
    }
    Ok(())
}
