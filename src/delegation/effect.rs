//! What a move comes to: who gains and who loses authority by it (D13, DA-08).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::deputy::model::Deputy;
use super::deputy::store as deputies;
use super::model::RoleAssignment;
use super::{effect_store, store};
use crate::authority::Roles;
use crate::db::{self, Tx};
use crate::directory::organisation::managing_links::{self, Links};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// Whose authority ends, or begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    /// The role assignments whose holders are meant.
    pub holders: Vec<RoleAssignment>,
    /// Those who stand in for a holder, whether that holder is meant or not.
    pub deputies: Vec<Deputy>,
}

/// Who gains and who loses what is moved, or a role. Those who are anchored inside of what is moved keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// They reach the old place and not the new one.
    pub loses: Concerned,
    /// They reach the new place and not the old one.
    pub gains: Concerned,
    /// Which organisations manage which no longer, or from then on: what their holders lose and gain by it is among the above.
    pub links: Links,
}

impl Effect {
    /// One text for one effect: what was shown can be compared with what would happen now (DA-26).
    pub fn digest(&self) -> String {
        let mut text = String::new();
        for (mark, side) in [('-', &self.loses), ('+', &self.gains)] {
            for id in &side.ids() {
                text.push(mark);
                text.push_str(id);
            }
        }
        for (mark, pairs) in [("<", &self.links.ended), (">", &self.links.begun)] {
            for (managed, manager) in pairs {
                text.push_str(mark);
                text.push_str(&managed.to_string());
                text.push_str(&manager.to_string());
            }
        }
        URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes())
    }
}

impl Concerned {
    /// The ids of the assignments, then those of the deputies.
    pub fn ids(&self) -> Vec<String> {
        let holders = self.holders.iter().map(|one| one.id.to_string());
        holders.chain(self.deputies.iter().map(|one| one.id.to_string())).collect()
    }
}

/// What it means to whoever holds roles, or stands in for a holder, if something below `from` comes to stand below `to`.
pub async fn of_move(tx: &mut Tx, from: OrganisationId, to: OrganisationId, now: Timestamp) -> db::Result<Effect> {
    let before = store::list_reaching(tx, from, now).await?;
    let after = store::list_reaching(tx, to, now).await?;
    let ids: Vec<RoleAssignmentId> = before.iter().chain(&after).map(|one| one.id).collect();
    let lent = deputies::list_of_assignments(tx, &ids, now).await?;
    let (before, after) = (rights(&before, &lent), rights(&after, &lent));
    Ok(Effect { loses: missing(&before, &after), gains: missing(&after, &before), links: Links::default() })
}

/// The same, and what it means to whoever has something over it, or over others, as an Access Manager: who manages what changes with
/// the place (D4).
pub async fn of_transfer(
    tx: &mut Tx,
    roles: &Roles,
    (moved, from, to): (OrganisationId, OrganisationId, OrganisationId),
    now: Timestamp,
) -> db::Result<Effect> {
    let mut effect = of_move(tx, from, to, now).await?;
    let links = managing_links::of_move(tx, (moved, to)).await?;
    let managing: BTreeSet<&str> =
        roles.iter().filter(|role| !role.managed_permissions.is_empty()).map(|role| role.code.as_str()).collect();
    for (pairs, side) in [(&links.ended, &mut effect.loses), (&links.begun, &mut effect.gains)] {
        let managers = pairs.iter().map(|pair| pair.1).collect();
        let held = effect_store::list_managing(tx, &managers, &managing, now).await?;
        let ids: Vec<RoleAssignmentId> = held.iter().map(|one| one.id).collect();
        let lent = deputies::list_of_assignments(tx, &ids, now).await?;
        side.holders.extend(
            held.into_iter().filter(|one| !side.holders.iter().any(|had| had.id == one.id)).collect::<Vec<_>>(),
        );
        side.deputies.extend(
            lent.into_iter().filter(|one| !side.deputies.iter().any(|had| had.id == one.id)).collect::<Vec<_>>(),
        );
    }
    effect.links = links;
    Ok(effect)
}

/// What it means to their holders, and to whoever stands in for them, if some assignments end.
pub async fn of_end(tx: &mut Tx, ends: Vec<RoleAssignment>, now: Timestamp) -> db::Result<Effect> {
    let ids: Vec<RoleAssignmentId> = ends.iter().map(|one| one.id).collect();
    let deputies = deputies::list_of_assignments(tx, &ids, now).await?;
    Ok(Effect { loses: Concerned { holders: ends, deputies }, ..Effect::default() })
}

/// What somebody may by a role, their own or one that they stand in for.
struct Right<'a> {
    who: PrincipalId,
    by: &'a RoleAssignment,
    lent: Option<&'a Deputy>,
    until: Option<Timestamp>,
}

fn rights<'a>(held: &'a [RoleAssignment], lent: &'a [Deputy]) -> Vec<Right<'a>> {
    let mut rights = Vec::new();
    for by in held {
        rights.push(Right { who: by.principal, by, lent: None, until: by.valid_until });
        for deputy in lent.iter().filter(|deputy| deputy.assignment == by.id) {
            let until = by.valid_until.map_or(deputy.valid_until, |end| end.min(deputy.valid_until));
            rights.push(Right { who: PrincipalId::Person(deputy.deputy), by, lent: Some(deputy), until: Some(until) });
        }
    }
    rights
}

/// Those of `some` whose owner has not the same by one of `others`.
fn missing(some: &[Right<'_>], others: &[Right<'_>]) -> Concerned {
    let same = |one: &Right<'_>, other: &Right<'_>| {
        one.who == other.who
            && one.by.role == other.by.role
            && other.by.applications.includes(&one.by.applications)
            && other.until.is_none_or(|end| one.until.is_some_and(|ends| ends <= end))
    };
    let mut concerned = Concerned::default();
    for one in some.iter().filter(|one| !others.iter().any(|other| same(one, other))) {
        match one.lent {
            None => concerned.holders.push(one.by.clone()),
            Some(deputy) => concerned.deputies.push(deputy.clone()),
        }
    }
    concerned
}
