//! What many hold at once: for explanations that ask about everybody who could. A fixed number of statements, however many they are.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::load::{compile, console, explicit_applications};
use super::model::{Assignment, Authority};
use super::people_store::{self, HeldRow, PrincipalRow};
use super::place;
use super::requires;
use super::role::Roles;
use crate::db::{self, Error, Tx};
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
        let (mut usable, mut rows) = (BTreeMap::new(), Vec::new());
        for kind in ["person", "service"] {
            let ids: Vec<Uuid> = round.iter().filter(|one| one.kind() == kind).map(|one| one.uuid()).collect();
            if !ids.is_empty() {
                let found = people_store::list_principals(tx, (kind, &ids)).await?;
                usable.extend(found.into_iter().filter_map(|row| Some((row.id, home(&row, now)?))));
                rows.extend(people_store::list_assignments(tx, (kind, &ids)).await?);
            }
        }
        rows.retain(|row| row.assignment.state == "active");
        let mut held = held(tx, roles, (&mut usable, rows)).await?;
        all.extend(round.iter().map(|principal| match principal {
            PrincipalId::Console => console(),
            _ if !usable.contains_key(&principal.uuid()) => Authority::none(*principal),
            _ => Authority { principal: *principal, assignments: held.remove(principal).unwrap_or_default() },
        }));
    }
    Ok(all)
}

/// Where whoever counts is at home.
fn home(row: &PrincipalRow, now: Timestamp) -> Option<OrganisationId> {
    let expired = row.account_expires_at.is_some_and(|end| end <= now);
    row.organisation_id.filter(|_| row.active && !row.blocked && !expired && row.deleted_at.is_none())
}

/// What the rows come to for each holder; whoever is at home below a deactivated organisation does not count.
async fn held(
    tx: &mut Tx,
    roles: &Roles,
    (usable, rows): (&mut BTreeMap<Uuid, OrganisationId>, Vec<HeldRow>),
) -> db::Result<BTreeMap<PrincipalId, Vec<Assignment>>> {
    let places: BTreeSet<OrganisationId> =
        usable.values().copied().chain(rows.iter().map(|row| row.assignment.organisation_id)).collect();
    if places.is_empty() {
        return Ok(BTreeMap::new());
    }
    let paths = place::paths(people_store::list_paths(tx, &places).await?);
    usable.retain(|_, home| paths.get(home).is_some_and(|home| home.active));
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
    Ok(held.into_iter().map(|(holder, compiled)| (holder, requires::bound(roles, compiled))).collect())
}
