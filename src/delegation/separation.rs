//! Separation of duties: what one person may not hold together where the two reach the same (D6, D13). Named by either role, proposed and
//! future ones included, and what is held as a deputy as well.

use std::collections::{BTreeMap, BTreeSet};

use super::deputy::store as deputies;
use super::model::RoleAssignment;
use super::{place_store, rules, store};
use crate::authority::Roles;
use crate::db::{self, Tx};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Most deputyships of one person that are looked at.
const MOST: i64 = 1_000;

/// One of what its holder has, or is to have, that may not be held together with `wanted`.
pub(crate) async fn conflict(
    tx: &mut Tx,
    roles: &Roles,
    wanted: &RoleAssignment,
    now: Timestamp,
) -> db::Result<Option<RoleAssignment>> {
    // Few roles are separated from any.
    if !roles.iter().any(|role| rules::are_separated(roles, &role.code, &wanted.role)) {
        return Ok(None);
    }
    let mut held = store::list_of(tx, wanted.principal).await?;
    if let PrincipalId::Person(person) = wanted.principal {
        held.extend(lent(tx, person, now).await?);
    }
    held.retain(|have| have.id != wanted.id && rules::are_separated(roles, &have.role, &wanted.role));
    held.retain(|have| rules::meet(have, wanted, now));
    let places: BTreeSet<OrganisationId> = held.iter().map(|have| have.organisation).collect();
    let below = place_store::list_below_each_other(tx, &places, wanted.organisation).await?;
    Ok(held.into_iter().find(|have| rules::overlap(roles, (have, wanted), &below)))
}

/// What somebody holds or will hold in the place of others.
async fn lent(tx: &mut Tx, person: crate::kernel::ids::UserId, now: Timestamp) -> db::Result<Vec<RoleAssignment>> {
    let named = deputies::list_for(tx, person, (now, MOST)).await?;
    let until: BTreeMap<RoleAssignmentId, Timestamp> =
        named.iter().map(|deputy| (deputy.assignment, deputy.valid_until)).collect();
    let held = store::list_all(tx, &until.keys().copied().collect::<Vec<_>>()).await?;
    let ending = |role: RoleAssignment| {
        let lent = until.get(&role.id).copied();
        let valid_until = [role.valid_until, lent].into_iter().flatten().min();
        RoleAssignment { valid_until, ..role }
    };
    Ok(held.into_iter().map(ending).collect())
}

/// Whether somebody would come to hold together what they may not, if `moved` came to stand below `to`: a role inside of what is moved, and
/// another one that reaches there from above.
pub(crate) async fn met_by_move(
    tx: &mut Tx,
    roles: &Roles,
    (moved, to): (OrganisationId, OrganisationId),
    now: Timestamp,
) -> db::Result<bool> {
    let separated: BTreeSet<(String, String)> =
        roles.iter().flat_map(|role| rules::separated_from(roles, role)).collect();
    if separated.is_empty() {
        return Ok(false);
    }
    let pairs = place_store::list_meeting(tx, (moved, to), &separated, now).await?;
    let ids: BTreeSet<RoleAssignmentId> = pairs.iter().flat_map(|(inside, above)| [*inside, *above]).collect();
    let held = store::list_all(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let held: BTreeMap<RoleAssignmentId, RoleAssignment> = held.into_iter().map(|role| (role.id, role)).collect();
    let together = |(inside, above): &(RoleAssignmentId, RoleAssignmentId)| {
        let (Some(inside), Some(above)) = (held.get(inside), held.get(above)) else { return false };
        rules::meet(inside, above, now)
    };
    Ok(pairs.iter().any(together))
}
