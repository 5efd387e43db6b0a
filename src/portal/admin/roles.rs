//! The section Roles of a user, or of a service: one box per role, or per role and application (E64–E68, E73).

use std::collections::BTreeSet;

use super::reach;
use super::target::Target;
use crate::authority::action::{GrantRole, RevokeRole};
use crate::authority::role::RoleScope;
use crate::authority::{Action, Applications, RoleDefinition, Validity};
use crate::db::Tx;
use crate::delegation::holders::last_holder_of;
use crate::delegation::model::{RoleAssignment, State};
use crate::delegation::revoke::RevokeError;
use crate::delegation::{self, confirm, grant, revoke};
use crate::directory::application::{self, model::Application};
use crate::directory::{names_store, organisation};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};
use crate::portal::error::{ChangeError, Failure};
use crate::portal::form::Errors;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form, Page};

/// One box; the id is also what is sent.
pub(super) struct RoleBox {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) checked: bool,
    /// Whether it is held: what is ticked may be what was sent and refused.
    pub(super) held: bool,
    /// Why it cannot be changed.
    pub(super) reason: Option<String>,
    /// What is to be known about what is held.
    pub(super) hint: Option<String>,
}

/// The field for why the last holder loses a role.
pub(super) const REASON: &str = "role_reason";

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

/// Whose roles they are, and where they are at home.
#[derive(Clone, Copy)]
pub(super) struct Holder {
    pub(super) principal: PrincipalId,
    pub(super) organisation: OrganisationId,
}

impl Target {
    pub(super) fn holder(&self) -> Holder {
        Holder { principal: PrincipalId::Person(self.user.id), organisation: self.user.organisation }
    }
}

/// What an assignment of `role` to the target at their level would be.
fn wanted(target: &Holder, role: &str, include_sub_levels: bool, applications: Applications) -> GrantRole {
    GrantRole {
        to: target.principal,
        role: role.to_owned(),
        organisation: target.organisation,
        include_sub_levels,
        applications,
        validity: Validity::default(),
    }
}

/// The assignments of somebody that are in effect or waiting.
pub(super) async fn held(tx: &mut Tx, person: &SignedIn, of: PrincipalId) -> Result<Vec<RoleAssignment>, Failure> {
    let all = delegation::store::list_of(tx, of).await?;
    Ok(all.into_iter().filter(|held| held.valid_until.is_none_or(|end| person.ctx.now < end)).collect())
}

/// A box before it is drawn: a role, and the application that it is about.
struct Asked<'a> {
    role: &'a RoleDefinition,
    application: Option<&'a Application>,
    present: Option<&'a RoleAssignment>,
}

impl Asked<'_> {
    fn id(&self) -> Option<ApplicationId> {
        self.application.map(|application| application.id)
    }

    /// What ticking or unticking it would do.
    fn action(&self, target: &Holder) -> Action {
        match self.present {
            Some(present) => RevokeRole { assignment: present.id }.into(),
            None => {
                let set = self.id().map_or(Applications::All, |id| Applications::Only(BTreeSet::from([id])));
                wanted(target, &self.role.code, false, set).into()
            }
        }
    }
}

/// The sections that concern the target's level.
pub(super) async fn sections(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    target: &Holder,
) -> Result<Vec<Section>, Failure> {
    let held = held(tx, person, target.principal).await?;
    let mut applications = application::store::list(tx).await?;
    // Applications that others administer there are not named (D8).
    let place = organisation::store::path(tx, target.organisation).await?.ok_or(Failure::NotFound)?;
    let named = reach::named_applications(person).at(&place);
    applications.retain(|application| named.contains(application.id));
    let door = &person.app.door;
    let mut asked = Vec::new();
    for role in door.roles().iter().filter(|role| !role.nominated) {
        let about: Vec<Option<&Application>> = match role.scope {
            RoleScope::System | RoleScope::Project | RoleScope::ProjectAndOrganisation => Vec::new(),
            RoleScope::Organisation => vec![None],
            RoleScope::OrganisationAndApplications => applications.iter().map(Some).collect(),
        };
        asked.extend(about.into_iter().map(|application| {
            let id = application.map(|application| application.id);
            Asked { role, application, present: find(&held, target.organisation, &role.code, id) }
        }));
    }
    let actions: Vec<Action> = asked.iter().map(|asked| asked.action(target)).collect();
    let open = door.judge(tx, &person.ctx, &actions).await?;
    let mut sections = Vec::new();
    for role in door.roles().iter().filter(|role| is_ticked(role)) {
        let mut boxes = Vec::new();
        for (asked, open) in asked.iter().zip(&open).filter(|(asked, _)| asked.role.code == role.code) {
            // What is neither held nor the reader's to give is not listed application by application.
            if *open || asked.present.is_some() || asked.application.is_none() {
                boxes.push(role_box(tx, person, page, target, (asked, *open)).await?);
            }
        }
        if boxes.is_empty() {
            let (id, label) = (id_of(&role.code, None), role.code.clone());
            boxes.push(RoleBox {
                id,
                label,
                checked: false,
                held: false,
                reason: Some(page.t("role-not-yours")),
                hint: None,
            });
        }
        let elsewhere = elsewhere(tx, person, page, (target, role), &held).await?;
        sections.push(Section { code: role.code.clone(), text: describe(page, role), elsewhere, boxes });
    }
    Ok(sections)
}

/// One box; what is held says how far it reaches, and whether its holder is the last one.
async fn role_box(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    target: &Holder,
    (asked, open): (&Asked<'_>, bool),
) -> Result<RoleBox, Failure> {
    let why = if target.principal == PrincipalId::Person(person.user.id) { "role-own" } else { "role-not-yours" };
    let mut hints = Vec::new();
    if let Some(present) = asked.present {
        if present.include_sub_levels {
            hints.push(page.t("role-with-sub-levels"));
        }
        if present.state == State::Pending {
            hints.push(page.t("role-pending"));
        }
        // Of a box about an application it is this one that somebody must hold.
        let of_box = asked.id().map_or_else(
            || present.clone(),
            |id| RoleAssignment { applications: Applications::Only(BTreeSet::from([id])), ..present.clone() },
        );
        if open && last_holder_of(tx, person.app.door.roles(), &of_box, person.ctx.now).await?.is_some() {
            hints.push(page.t("role-last"));
        }
    }
    Ok(RoleBox {
        id: id_of(&asked.role.code, asked.id()),
        label: asked.application.map_or_else(|| asked.role.code.clone(), |application| application.name.clone()),
        checked: asked.present.is_some(),
        held: asked.present.is_some(),
        reason: (!open).then(|| page.t(why)),
        hint: (!hints.is_empty()).then(|| hints.join(" · ")),
    })
}

/// Whether something can be given, and if so whether it was to reach below.
pub(super) fn asks_for_sub_levels(sections: &[Section], form: Option<&Form>) -> Option<bool> {
    let open = sections.iter().flat_map(|section| &section.boxes).any(|shown| shown.reason.is_none() && !shown.held);
    open.then(|| form.is_some_and(|form| form.has("role_sub_levels")))
}

/// Why the last holder loses a role, where that is asked for.
pub(super) fn reason(page: &Page, errors: &Errors, form: Option<&Form>) -> Vec<Field> {
    let asked = errors.of(REASON).is_some() || form.is_some_and(|form| form.has(REASON));
    let mut fields = vec![Field { max: 1_000, ..Field::lines(page, REASON, "revoke-reason") }];
    errors.fill(&mut fields, form);
    if asked { fields } else { Vec::new() }
}

/// The reason as it was typed, if it was.
fn read_reason(form: &Form) -> Result<Option<String>, ChangeError> {
    form.given(REASON).map(confirm::reason).transpose().map_err(ChangeError::Reason)
}

/// Ticks what was sent, where the form comes back.
pub(super) fn refill(sections: &mut [Section], form: &Form) {
    let sent = |name: &str, id: &String| form.list(name).contains(id);
    for shown in sections.iter_mut().flat_map(|section| &mut section.boxes) {
        if shown.reason.is_none() && (sent("shown[]", &shown.id) || sent("held[]", &shown.id)) {
            shown.checked = sent("roles[]", &shown.id);
        }
    }
}

fn describe(page: &Page, role: &RoleDefinition) -> String {
    let text = role.texts.of(page.locale.tag());
    if text.is_empty() { page.t("role-text-other") } else { text.to_owned() }
}

async fn elsewhere(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (target, role): (&Holder, &RoleDefinition),
    held: &[RoleAssignment],
) -> Result<Vec<String>, Failure> {
    let others = held.iter().filter(|held| held.role == role.code && held.organisation != target.organisation);
    let places: Vec<_> = others.map(|held| held.organisation.0).collect();
    let ids = places.iter().copied().collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &ids).await?;
    let name = |id| levels.get(id).cloned().unwrap_or_else(|| page.t("level-outside"));
    Ok(places.iter().map(|id| page.t1("role-elsewhere", "level", name(id))).collect())
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

/// Whether a role is given by a tick: neither one of the whole installation nor one that people are named for.
fn is_ticked(role: &RoleDefinition) -> bool {
    role.scope != RoleScope::System && !role.nominated
}

/// Applies the difference between what the form showed and what was sent. Whether anything changed.
pub(super) async fn apply(tx: &mut Tx, person: &SignedIn, target: &Holder, form: &Form) -> Result<bool, ChangeError> {
    let sent = |name: &str, id: &String| form.list(name).contains(id);
    let held = delegation::store::list_of(tx, target.principal).await?;
    let (below, reason) = (form.has("role_sub_levels"), read_reason(form)?);
    let applications: Vec<ApplicationId> =
        application::store::list(tx).await?.into_iter().map(|application| application.id).collect();
    let mut changed = false;
    for role in person.app.door.roles().iter().filter(|role| is_ticked(role)) {
        let asked: Vec<Option<ApplicationId>> = match role.scope {
            RoleScope::OrganisationAndApplications => applications.iter().copied().map(Some).collect(),
            _ => vec![None],
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
        take_away(tx, person, target, &held, (role, &lost, reason.as_deref())).await?;
        if !won.is_empty() {
            let set: Option<BTreeSet<ApplicationId>> = won.into_iter().collect();
            let set = set.map_or(Applications::All, Applications::Only);
            give(tx, person, wanted(target, &role.code, below, set)).await?;
        }
    }
    Ok(changed)
}

async fn give(tx: &mut Tx, person: &SignedIn, action: GrantRole) -> Result<State, ChangeError> {
    let door = &person.app.door;
    let permit = door.authorise(tx, &person.ctx, action).await?;
    Ok(grant::grant(tx, permit, door.roles(), &person.ctx).await?.state)
}

/// Revokes what covers the lost applications, and gives back what else those assignments covered.
async fn take_away(
    tx: &mut Tx,
    person: &SignedIn,
    target: &Holder,
    held: &[RoleAssignment],
    (role, lost, reason): (&RoleDefinition, &[Option<ApplicationId>], Option<&str>),
) -> Result<(), ChangeError> {
    let mut done = BTreeSet::new();
    for application in lost {
        let Some(present) =
            find(held, target.organisation, &role.code, *application).filter(|present| done.insert(present.id))
        else {
            continue;
        };
        let door = &person.app.door;
        let permit = door.authorise(tx, &person.ctx, RevokeRole { assignment: present.id }).await?;
        let Applications::Only(set) = &present.applications else {
            revoke::revoke(tx, permit, door.roles(), reason, &person.ctx).await?;
            continue;
        };
        let (gone, kept): (BTreeSet<_>, BTreeSet<_>) = set.iter().copied().partition(|id| lost.contains(&Some(*id)));
        let is_operators = permit.is_operators();
        if kept.is_empty() {
            revoke::revoke(tx, permit, door.roles(), reason, &person.ctx).await?;
        } else {
            revoke::revoke_for(tx, permit, door.roles(), (gone, reason), &person.ctx).await?;
            let rest = Applications::Only(kept);
            let given = wanted(target, &role.code, present.include_sub_levels, rest.clone());
            // What is given back ends when it would have ended.
            let validity = Validity { from: Some(present.valid_from), until: present.valid_until };
            let state = give(tx, person, GrantRole { validity, ..given }).await?;
            // What waits to be confirmed is not what it was: of that, too, somebody must remain.
            let kept = RoleAssignment { applications: rest, ..present.clone() };
            if state == State::Pending
                && let Some(last) = last_holder_of(tx, door.roles(), &kept, person.ctx.now).await?
                && (!is_operators || reason.is_none())
            {
                let error = if is_operators { RevokeError::ReasonRequired } else { RevokeError::LastHolder(last) };
                return Err(error.into());
            }
        }
    }
    Ok(())
}
