//! Who would hold together what a profile separates: for `chamberlain profile diff`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::CliError;
use super::names::Names;
use crate::authority::Roles;
use crate::db::Tx;
use crate::delegation::model::RoleAssignment;
use crate::delegation::{place_store, rules, store};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// One row for each pair of assignments that could not be given any more.
pub(super) async fn held(tx: &mut Tx, roles: &Roles, (now, limit): (Timestamp, i64)) -> Result<Vec<Value>, CliError> {
    let mut by_holder: BTreeMap<PrincipalId, Vec<RoleAssignment>> = BTreeMap::new();
    let separated = roles.iter().filter(|role| !rules::separated_from(roles, role).is_empty());
    for role in separated {
        for one in store::list_of_role(tx, &role.code, now, limit).await? {
            by_holder.entry(one.principal).or_default().push(one);
        }
    }
    by_holder.retain(|_, held| held.len() > 1);
    let (principals, places): (BTreeSet<PrincipalId>, BTreeSet<OrganisationId>) =
        by_holder.values().flatten().map(|one| (one.principal, one.organisation)).unzip();
    let names = Names::default().with_principals(tx, &principals).await?.with_organisations(tx, &places).await?;
    let mut rows = Vec::new();
    for held in by_holder.values() {
        for (number, one) in held.iter().enumerate() {
            let others = held.iter().skip(number + 1);
            let others: Vec<&RoleAssignment> = others
                .filter(|other| rules::are_separated(roles, &one.role, &other.role) && rules::meet(one, other, now))
                .collect();
            let at = others.iter().map(|other| other.organisation).collect();
            let below = place_store::list_below_each_other(tx, &at, one.organisation).await?;
            rows.extend(others.into_iter().filter(|other| rules::overlap(roles, (one, *other), &below)).map(|other| {
                json!({
                    "principal": one.principal, "principal_name": names.principal(one.principal),
                    "role": one.role, "organisation": one.organisation,
                    "organisation_name": names.organisation(one.organisation), "with": other.role,
                })
            }));
        }
    }
    Ok(rows)
}
