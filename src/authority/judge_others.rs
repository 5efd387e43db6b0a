//! The same decision about somebody else for many things at once, their facts read together: for explanations, never for a change.

use std::collections::BTreeSet;

use super::action::Action;
use super::decide::{Decision, decide};
use super::door::Door;
use super::facts::Facts;
use super::load::{self, Memo};
use super::load_targets;
use super::model::Authority;
use super::role::Roles;
use super::{load_many, people_store, place};
use crate::db::{self, Tx};
use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// What the decision says about some actions of each of several people or services, in the order of the actions: for explanations, and to
/// find whom to tell; never for a change.
pub(crate) async fn decisions(
    tx: &mut Tx,
    roles: &Roles,
    (principals, actions): (&[PrincipalId], &[Action]),
    now: Timestamp,
) -> db::Result<Vec<(PrincipalId, Vec<Decision>)>> {
    let held = load_many::authorities(tx, roles, principals, now).await?;
    judged(tx, roles, (&held, actions), now).await
}

async fn judged(
    tx: &mut Tx,
    roles: &Roles,
    (held, actions): (&[Authority], &[Action]),
    now: Timestamp,
) -> db::Result<Vec<(PrincipalId, Vec<Decision>)>> {
    let (mut memo, mut asked) = (Memo::default(), Vec::with_capacity(actions.len()));
    for action in actions {
        asked.push((action, load::facts(tx, roles, action, &mut memo).await?));
    }
    let judged = held.iter().map(|authority| {
        let decisions = asked.iter().map(|(action, facts)| decide(authority, action, facts, now));
        (authority.principal, decisions.collect())
    });
    Ok(judged.collect())
}

impl Door {
    /// What some others may do, in their order: for explanations, never for a change. A fixed number of statements.
    pub async fn held_by(&self, tx: &mut Tx, principals: &[PrincipalId], now: Timestamp) -> db::Result<Vec<Authority>> {
        load_many::authorities(tx, self.roles(), principals, now).await
    }

    /// What the decision says about some actions of whoever holds each of these authorities, in the order of the actions; what the actions
    /// are about is read once.
    pub async fn explain_held(
        &self,
        tx: &mut Tx,
        (held, actions): (&[Authority], &[Action]),
        now: Timestamp,
    ) -> db::Result<Vec<(PrincipalId, Vec<Decision>)>> {
        judged(tx, self.roles(), (held, actions), now).await
    }

    /// What the decision says about some actions of each of several others, in the order of the actions: what the actions are about and
    /// what the others hold is read once, by a fixed number of statements.
    pub async fn explain_each(
        &self,
        tx: &mut Tx,
        principals: &[PrincipalId],
        actions: &[Action],
        now: Timestamp,
    ) -> db::Result<Vec<(PrincipalId, Vec<Decision>)>> {
        decisions(tx, self.roles(), (principals, actions), now).await
    }

    /// For each of some actions that were denied to somebody, the terms that they would have to accept for it to be allowed (E17); for
    /// explanations, never for a change.
    pub async fn awaited(
        &self,
        tx: &mut Tx,
        (authority, actions): (&Authority, &[&Action]),
        now: Timestamp,
    ) -> db::Result<Vec<Option<String>>> {
        let mut awaited = vec![None; actions.len()];
        if authority.lacking(now).next().is_none() {
            return Ok(awaited);
        }
        let (freed, mut memo) = (authority.as_if_accepted(), Memo::default());
        for (terms, action) in awaited.iter_mut().zip(actions) {
            let facts = load::facts(tx, self.roles(), action, &mut memo).await?;
            if let Decision::Allow(by) = decide(&freed, action, &facts, now) {
                let mut waiting = authority.lacking(now);
                *terms = waiting.find(|(held, _)| by.contains(&held.id)).map(|(_, terms)| terms.to_owned());
            }
        }
        Ok(awaited)
    }

    /// Of some people with their homes, those to whom whoever holds this authority may do the action named beside each.
    pub async fn explain_people(
        &self,
        tx: &mut Tx,
        (authority, asked): (&Authority, &[(UserId, OrganisationId, Action)]),
        now: Timestamp,
    ) -> db::Result<Vec<UserId>> {
        let homes: Vec<(UserId, OrganisationId)> = asked.iter().map(|(user, home, _)| (*user, *home)).collect();
        let mut targets = load_targets::targets(tx, self.roles(), &homes).await?;
        let able = asked.iter().filter(|(user, _, action)| {
            let facts = Facts { target: targets.remove(user), ..Facts::default() };
            matches!(decide(authority, action, &facts, now), Decision::Allow(_))
        });
        Ok(able.map(|(user, _, _)| *user).collect())
    }

    /// Of some organisations, those to which whoever holds this authority may do the action named beside each.
    pub async fn explain_places(
        &self,
        tx: &mut Tx,
        (authority, asked): (&Authority, &[(OrganisationId, Action)]),
        now: Timestamp,
    ) -> db::Result<Vec<OrganisationId>> {
        let named: BTreeSet<OrganisationId> = asked.iter().map(|(id, _)| *id).collect();
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let mut places = place::paths(people_store::list_paths(tx, &named).await?);
        let able = asked.iter().filter(|(id, action)| {
            let facts = Facts { organisation: places.remove(id), ..Facts::default() };
            matches!(decide(authority, action, &facts, now), Decision::Allow(_))
        });
        Ok(able.map(|(id, _)| *id).collect())
    }
}
