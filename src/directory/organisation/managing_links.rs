//! What becomes of Access Managers when an organisation goes elsewhere with all below it: known before it does, and done as it was known (D4,
//! D13).

use std::collections::BTreeSet;

use super::managing_store::{self, Pair};
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ids::OrganisationId;

/// Who manages what no longer, and who from then on: each a managed organisation and one that manages it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// They end.
    pub ended: Vec<Pair>,
    /// They begin: what nobody manages any more comes to the top of its country.
    pub begun: Vec<Pair>,
}

/// Nobody manages what stands above them, nor across countries.
pub async fn of_move(tx: &mut Tx, (moved, to): (OrganisationId, OrganisationId)) -> db::Result<Links> {
    let (Some(here), Some(there)) = (store::path(tx, moved).await?, store::path(tx, to).await?) else {
        return Ok(Links::default());
    };
    // Right below the root it is a country by itself.
    let (left, country) = (here.country(), there.country().unwrap_or(moved));
    let mut ended: BTreeSet<Pair> = managing_store::list_from_below(tx, moved, to).await?.into_iter().collect();
    if left != Some(country) {
        ended.extend(managing_store::list_crossing(tx, moved).await?);
    }
    let all: BTreeSet<OrganisationId> = ended.iter().map(|pair| pair.0).collect();
    let pairs = managing_store::list_pairs(tx, &all).await?;
    let managed: BTreeSet<OrganisationId> =
        pairs.into_iter().filter(|pair| !ended.contains(pair)).map(|pair| pair.0).collect();
    let inside = managing_store::list_under(tx, moved, &all).await?;
    let orphans = all.difference(&managed).copied();
    let top = |orphan: OrganisationId| if inside.contains(&orphan) { Some(country) } else { left };
    let begun = orphans.filter_map(|orphan| Some((orphan, top(orphan).filter(|top| *top != orphan)?))).collect();
    Ok(Links { ended: ended.into_iter().collect(), begun })
}
