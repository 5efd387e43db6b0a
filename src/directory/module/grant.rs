//! Granting module access, giving it back, changing what goes with it (I24, I25, I45, I53, I77).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::auto_groups;
use super::error::ModuleError;
use super::model::{ModuleAccess, ModuleRules, ModuleStatus};
use super::rules::{check_count, check_kind};
use super::terms::Terms;
use super::{catalogue_store, proposal_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::GrantModule;
use crate::db::Tx;
use crate::directory::application;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, ModuleAccessId, OrganisationId, RoleAssignmentId};

/// Gives an organisation the module, active at once. Those whom the profile says get all groups of the application by it (I29, I55);
/// nobody else gets any (I56).
pub async fn grant(
    tx: &mut Tx,
    permit: Permit<GrantModule>,
    terms: Terms,
    ctx: &Ctx,
) -> Result<ModuleAccess, ModuleError> {
    let (organisation, application) = (permit.action().organisation, permit.action().application);
    let rules = rules(tx, application).await?;
    let terms = catalogue_store::find(tx, application).await?.checked(terms)?;
    let access = ModuleAccess {
        id: ModuleAccessId(ctx.uuid()),
        organisation,
        application,
        terms,
        status: ModuleStatus::Active,
        coordinators: distinct(&permit.action().coordinators),
        granted_at: ctx.now,
        granted_by: permit.actor(),
        changed_at: ctx.now,
        changed_by: permit.actor(),
        version: 1,
    };
    check(tx, rules, &access).await?;
    if store::find(tx, organisation, application).await?.is_some() {
        return Err(ModuleError::AlreadyGranted);
    }
    store::insert(tx, &access).await?;
    proposal_store::remove(tx, organisation, application).await?;
    audit::record(tx, ctx, permit.via(), event(Kind::ModuleGranted, &access, described(&access))).await?;
    auto_groups::give(tx, &permit, ctx).await?;
    Ok(access)
}

/// Gives suspended access back, as it was (I77, I83).
pub async fn regrant(tx: &mut Tx, permit: Permit<GrantModule>, ctx: &Ctx) -> Result<ModuleAccess, ModuleError> {
    let before = held(tx, &permit).await?;
    if before.status == ModuleStatus::Active {
        return Err(ModuleError::AlreadyActive);
    }
    let rules = rules(tx, before.application).await?;
    // What it names may have ended meanwhile.
    check(tx, rules, &before).await?;
    let after =
        ModuleAccess { status: ModuleStatus::Active, changed_at: ctx.now, changed_by: permit.actor(), ..before };
    let event = event(Kind::ModuleRegranted, &after, described(&after));
    save(tx, after, (event, permit.via()), ctx).await
}

/// Changes what is agreed, and the coordinators; those are in the permit. `version` is the one the caller saw.
pub async fn change(
    tx: &mut Tx,
    permit: Permit<GrantModule>,
    terms: Terms,
    version: Option<i64>,
    ctx: &Ctx,
) -> Result<ModuleAccess, ModuleError> {
    let before = held(tx, &permit).await?;
    if version.is_some_and(|seen| seen != before.version) {
        return Err(ModuleError::Stale);
    }
    let named_by = store::count_naming(tx, before.organisation, before.application).await?;
    check_kind(&before, terms.kind, named_by)?;
    let terms = catalogue_store::find(tx, before.application).await?.checked(terms)?;
    let after = ModuleAccess {
        terms,
        coordinators: distinct(&permit.action().coordinators),
        changed_at: ctx.now,
        changed_by: permit.actor(),
        ..before.clone()
    };
    let rules = rules(tx, before.application).await?;
    check(tx, rules, &after).await?;
    store::replace_coordinators(tx, after.id, &after.coordinators).await?;
    let details = json!({ "before": described(&before), "after": described(&after) });
    let event = event(Kind::ModuleChanged, &after, details);
    save(tx, after, (event, permit.via()), ctx).await
}

async fn save(
    tx: &mut Tx,
    access: ModuleAccess,
    (event, via): (Event, Option<RoleAssignmentId>),
    ctx: &Ctx,
) -> Result<ModuleAccess, ModuleError> {
    if !store::save(tx, &access).await? {
        return Err(ModuleError::Stale);
    }
    audit::record(tx, ctx, via, event).await?;
    Ok(ModuleAccess { version: access.version + 1, ..access })
}

async fn held(tx: &mut Tx, permit: &Permit<GrantModule>) -> Result<ModuleAccess, ModuleError> {
    let action = permit.action();
    store::find(tx, action.organisation, action.application).await?.ok_or(ModuleError::NotFound)
}

async fn rules(tx: &mut Tx, application: ApplicationId) -> Result<ModuleRules, ModuleError> {
    let found = application::store::find(tx, application).await?.ok_or(ModuleError::NotFound)?;
    if found.modules.required { Ok(found.modules) } else { Err(ModuleError::NotAsked) }
}

/// As many coordinators as the application wants, each of them one.
async fn check(tx: &mut Tx, rules: ModuleRules, access: &ModuleAccess) -> Result<(), ModuleError> {
    check_count(rules, access.terms.kind, access.coordinators.len())?;
    let wanted = i64::try_from(access.coordinators.len()).unwrap_or(i64::MAX);
    let own = access.coordinators.contains(&access.organisation);
    if own || store::count_coordinators(tx, access.application, &access.coordinators).await? != wanted {
        return Err(ModuleError::NotCoordinator);
    }
    Ok(())
}

fn distinct(named: &[OrganisationId]) -> Vec<OrganisationId> {
    named.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

fn described(access: &ModuleAccess) -> Value {
    let terms = &access.terms;
    json!({
        "kind": terms.kind.as_str(), "coordinators": access.coordinators, "classification": terms.classification,
        "settings": terms.settings,
    })
}

/// An event on the organisation, about the application.
pub(super) fn event(kind: Kind, access: &ModuleAccess, details: Value) -> Event {
    let subject = Subject::Organisation(access.organisation);
    Event::new(kind, subject).within(access.organisation).about(access.application).with(details)
}
