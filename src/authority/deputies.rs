//! Standing in for somebody: what a deputy holds is what the one they stand in for holds at that very moment, no longer than both the
//! role and the deputyship last, and nothing that this one could not do (D3, D4; `docs/adr/0014-deputies.md`).

use std::collections::{BTreeMap, BTreeSet};

use super::action::{Action, NameDeputy};
use super::agreed;
use super::decide::{Judge, Reason, Verdict};
use super::deputy_store;
use super::facts::{Facts, OrganisationFacts};
use super::load_many;
use super::model::{Assignment, Authority};
use super::permission::Permission;
use super::role::Roles;
use crate::db::{self, Tx};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// What people hold as deputies, each with where they are at home now: one statement, and those of what the ones they stand in for hold.
pub(super) async fn held(
    tx: &mut Tx,
    roles: &Roles,
    people: &BTreeMap<UserId, OrganisationFacts>,
    now: Timestamp,
) -> db::Result<BTreeMap<UserId, Vec<Assignment>>> {
    let named = deputy_store::list(tx, &people.keys().copied().collect::<Vec<_>>(), now).await?;
    let holders: BTreeSet<PrincipalId> = named.iter().map(|stand_in| stand_in.holder).collect();
    let holders: Vec<PrincipalId> = holders.into_iter().collect();
    let own = load_many::own(tx, roles, &holders, now).await?;
    let own: BTreeMap<PrincipalId, Authority> = own.into_iter().map(|(own, _)| (own.principal, own)).collect();
    let mut held: BTreeMap<UserId, Vec<Assignment>> = BTreeMap::new();
    for stand_in in named {
        let parts = own.get(&stand_in.holder).into_iter().flat_map(|own| &own.assignments);
        let parts: Vec<&Assignment> = parts.filter(|part| part.id == stand_in.assignment).collect();
        let lends = |part: &&Assignment| roles.get(&part.role).is_some_and(|role| role.deputies);
        let reaches = |home: &OrganisationFacts| parts.iter().any(|part| part.extent.covers(&home.path));
        // Whoever moved out of the scope stands in for nobody there any more (D13).
        if !parts.iter().all(lends) || !people.get(&stand_in.deputy).is_some_and(reaches) {
            continue;
        }
        held.entry(stand_in.deputy).or_default().extend(parts.into_iter().map(|part| Assignment {
            from: part.from.max(stand_in.from),
            until: Some(part.until.map_or(stand_in.until, |end| end.min(stand_in.until))),
            on_behalf_of: Some(stand_in.holder),
            ..part.clone()
        }));
    }
    // They answer for what they do themselves, so they accept what the holder accepts (E17).
    let mut each: Vec<_> = held.iter_mut().map(|(person, parts)| (PrincipalId::Person(*person), parts)).collect();
    agreed::mark(tx, roles, &mut each, now).await?;
    Ok(held)
}

impl Authority {
    /// What is left of it where the actor could turn the right of somebody against that one, or approve with it what that one
    /// proposed; `None` where they cannot, and then all of it counts. Seeing is not meant.
    pub(super) fn beside(&self, action: &Action, facts: &Facts) -> Option<(Self, Reason)> {
        if action.is_reading() || self.assignments.iter().all(|held| held.on_behalf_of.is_none()) {
            return None;
        }
        let target = facts.target.as_ref().map(|target| target.principal);
        let proposer = match action {
            Action::ConfirmRole(_) => facts.assignment.as_ref().map(|assignment| assignment.granted_by),
            _ => None,
        };
        let proposers: Vec<PrincipalId> = facts.proposed_by.iter().copied().chain(proposer).collect();
        let turned = |held: &Assignment| held.on_behalf_of.is_some() && held.on_behalf_of == target;
        let proposed = |held: &Assignment| held.on_behalf_of.is_some_and(|holder| proposers.contains(&holder));
        let reason = if self.assignments.iter().any(turned) {
            Reason::OwnAccount
        } else if self.assignments.iter().any(proposed) {
            Reason::OwnProposal
        } else {
            return None;
        };
        let left = self.assignments.iter().filter(|held| !turned(held) && !proposed(held));
        Some((Self { assignments: left.cloned().collect(), ..self.clone() }, reason))
    }
}

impl Assignment {
    /// Whether nothing was taken from a part of it.
    fn has_all_of(&self, part: &Self) -> bool {
        let extent = self.extent == part.extent || self.extent.contains(part.extent, part.anchor.as_ref());
        extent && self.applications.includes(&part.applications)
    }
}

impl Judge<'_> {
    /// Only the holder, by the role itself: a deputy names none. For somebody whom the role reaches, and for no longer than it lasts.
    pub(super) fn name_deputy(&self, action: &NameDeputy) -> Verdict {
        let target = self.target()?;
        let own = self.authority.holding(Permission::RoleGrant, self.now);
        let own = own.filter(|a| a.id == action.assignment && a.on_behalf_of.is_none()).collect::<Vec<_>>();
        if own.is_empty() {
            return Err(Reason::NotFound);
        }
        if self.covering(Permission::UserRead, &target.home).is_none() {
            return Err(self.refusal_about(&target.home));
        }
        self.not_own(target)?;
        // What is lent is the whole role: a token that leaves a part of it lends nothing (D3). Parts by which nobody gives roles come with
        // those by which somebody does.
        let covered = |part: &Assignment| {
            !part.permissions.contains(Permission::RoleGrant) || own.iter().any(|mine| mine.has_all_of(part))
        };
        if !self.facts.lent.iter().all(covered) {
            return Err(Reason::NotPermitted);
        }
        let reaches = own.into_iter().find(|a| a.extent.covers(&target.home.path)).ok_or(Reason::NotPermitted)?;
        let role = self.facts.role.as_ref().filter(|role| role.deputies).ok_or(Reason::InvalidGrant)?;
        // A service acts by itself, day and night.
        if self.authority.principal.person().is_none() || target.principal.person().is_none() || role.nominated {
            return Err(Reason::InvalidGrant);
        }
        if !reaches.outlasts(Some(action.until)) {
            return Err(Reason::OutlivesGrantor);
        }
        if target.home.active { Ok(vec![reaches.id]) } else { Err(Reason::OrganisationInactive) }
    }

    /// The holder at any time, by holding the role; and whoever may take the role away.
    pub(super) fn end_deputy(&self) -> Verdict {
        let (holder, assignment) = (self.target()?, self.facts.assignment.as_ref().ok_or(Reason::NotFound)?);
        if holder.principal == self.authority.principal {
            let mut own = self.authority.live(self.now).filter(|a| a.permissions.contains(Permission::RoleGrant));
            let whole = |a: &&Assignment| {
                a.extent.contains(assignment.extent, Some(&assignment.anchor))
                    && a.applications.includes(&assignment.applications)
            };
            let own = own.find(|a| a.id == assignment.id && a.on_behalf_of.is_none() && whole(a));
            return own.map(|a| vec![a.id]).ok_or(Reason::NotPermitted);
        }
        self.revoke()
    }
}
