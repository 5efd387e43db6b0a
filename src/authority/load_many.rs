//! What many hold at once: for explanations that ask about everybody who could. A fixed number of statements, however many they are.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::agreed;
use super::console::console;
use super::deputies;
use super::facts::OrganisationFacts;
use super::load::compile;
use super::load_targets::explicit_applications;
use super::model::{Assignment, Authority};
use super::people_store::{self, HeldRow, PrincipalRow};
use super::place;
use super::requires;
use super::role::Roles;
use crate::db::{self, Error, Tx};
use crate::directory::organisation::sign_in_rules_store::strongest;
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// Most principals of one round of statements.
const ROUND: usize = 500;

/// What each of them may do, in their order: the same as [`super::load::authority`] says of each.
pub(super) async fn authorities(
    tx: &mut Tx,
    roles: &Roles,
    principals: &[PrincipalId],
    now: Timestamp,
) -> db::Result<Vec<Authority>> {
    let mut all = Vec::with_capacity(principals.len());
    for round in principals.chunks(ROUND) {
        let own = own(tx, roles, round, now).await?;
        let people = own.iter().filter_map(|(authority, home)| Some((authority.principal.person()?, home.clone()?)));
        let mut lent = deputies::held(tx, roles, &people.collect(), now).await?;
        all.extend(own.into_iter().map(|(mut authority, _)| {
            let lent = authority.principal.person().and_then(|person| lent.remove(&person));
            authority.assignments.extend(lent.unwrap_or_default());
            authority
        }));
    }
    Ok(all)
}

/// What each may do by roles of their own, and where they are at home if they can act at all.
pub(super) async fn own(
    tx: &mut Tx,
    roles: &Roles,
    principals: &[PrincipalId],
    now: Timestamp,
) -> db::Result<Vec<(Authority, Option<OrganisationFacts>)>> {
    let mut all = Vec::with_capacity(principals.len());
    for round in principals.chunks(ROUND) {
        let (mut usable, mut rows, mut asked) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
        for kind in ["person", "service"] {
            let ids: Vec<Uuid> = round.iter().filter(|one| one.kind() == kind).map(|one| one.uuid()).collect();
            if !ids.is_empty() {
                let found = people_store::list_principals(tx, (kind, &ids)).await?;
                for row in &found {
                    asked.insert(row.id, strongest(row.second_factors.as_deref())?);
                }
                usable.extend(found.into_iter().filter_map(|row| Some((row.id, home(&row, now)?))));
                rows.extend(people_store::list_assignments(tx, (kind, &ids)).await?);
            }
        }
        rows.retain(|row| row.assignment.state == "active");
        let (homes, mut held) = held(tx, roles, (usable, rows), now).await?;
        all.extend(round.iter().map(|principal| match (principal, homes.get(&principal.uuid())) {
            (PrincipalId::Console, _) => (console(roles), None),
            (_, None) => (Authority::none(*principal), None),
            (_, Some(home)) => {
                let mut assignments = held.remove(principal).unwrap_or_default();
                let asked = asked.get(&principal.uuid()).copied().unwrap_or_default();
                for one in &mut assignments {
                    one.second_factor = one.second_factor.max(asked);
                }
                let looks_up = roles.directory().is_some();
                (Authority { principal: *principal, assignments, looks_up }, Some(home.clone()))
            }
        }));
    }
    Ok(all)
}

/// Where those who count are at home; what each holds.
type Held = (BTreeMap<Uuid, OrganisationFacts>, BTreeMap<PrincipalId, Vec<Assignment>>);

/// Where whoever counts is at home.
fn home(row: &PrincipalRow, now: Timestamp) -> Option<OrganisationId> {
    let expired = row.account_expires_at.is_some_and(|end| end <= now);
    row.organisation_id.filter(|_| row.active && !row.blocked && !expired && row.deleted_at.is_none())
}

/// What the rows come to for each holder; whoever is at home below a deactivated organisation does not count.
async fn held(
    tx: &mut Tx,
    roles: &Roles,
    (usable, rows): (BTreeMap<Uuid, OrganisationId>, Vec<HeldRow>),
    now: Timestamp,
) -> db::Result<Held> {
    let places: BTreeSet<OrganisationId> =
        usable.values().copied().chain(rows.iter().map(|row| row.assignment.organisation_id)).collect();
    if places.is_empty() {
        return Ok(Held::default());
    }
    let paths = place::paths(people_store::list_paths(tx, &places).await?);
    let homes = usable.into_iter().filter_map(|(id, home)| Some((id, paths.get(&home)?.clone())));
    let homes = homes.filter(|(_, home)| home.active).collect();
    let mut only = explicit_applications(tx, &rows).await?;
    let mut held: BTreeMap<PrincipalId, Vec<Assignment>> = BTreeMap::new();
    for row in rows {
        let holder = PrincipalId::from_parts(&row.principal_kind, row.principal_id);
        let holder = holder.ok_or(Error::Corrupt("role_assignments.principal_kind"))?;
        if let Some(anchor) = paths.get(&row.assignment.organisation_id).filter(|anchor| anchor.active) {
            let set = only.remove(&row.assignment.id).unwrap_or_default();
            held.entry(holder).or_default().extend(compile(roles, row.assignment, anchor, set));
        }
    }
    let mut each: Vec<_> = held.iter_mut().map(|(holder, assignments)| (*holder, assignments)).collect();
    agreed::mark(tx, roles, &mut each, now).await?;
    Ok((homes, held.into_iter().map(|(holder, compiled)| (holder, requires::bound(roles, compiled))).collect()))
}
