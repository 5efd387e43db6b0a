//! Why somebody can or cannot do something, and who can: the decision itself, with the role assignments behind it and whoever
//! gave them, up to the operator.

use std::collections::{BTreeMap, BTreeSet};

use super::listed_store::{self, Sight, Wanted};
use super::model::RoleAssignment;
use super::store;
use crate::authority::action::Action;
use crate::authority::{Applications, Assignment, Authority, Decision, Door, Reason};
use crate::db::{self, Tx};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Longest chain that is followed; a chain is as long as roles were handed on.
const LONGEST: usize = 50;

/// Most holders of roles that are asked about.
pub const MOST: usize = 1_000;

/// The answer to "why can A do X to B".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What the decision says.
    pub decision: Decision,
    /// For each role assignment that allowed it: itself, the one by which it was given, and so on.
    pub chains: Vec<Vec<RoleAssignment>>,
    /// The terms that would have to be accepted for it to be allowed (E17).
    pub awaits: Option<String>,
}

/// Through whose eyes something is explained: by roles of others that are out of their sight nobody can do anything, neither in what
/// is told nor in the answer itself (D8).
#[derive(Clone, Copy, Debug)]
pub enum Eyes<'a> {
    /// The operator's on the console: all roles are seen.
    All,
    /// Somebody's: their own roles, and those of others that they see.
    Of(Option<PrincipalId>, &'a Sight),
}

impl Eyes<'_> {
    /// What somebody may do by the roles that are seen, as far as they are.
    pub async fn held_by(
        self,
        tx: &mut Tx,
        door: &Door,
        principal: PrincipalId,
        now: Timestamp,
    ) -> db::Result<Authority> {
        let seen = self.held_by_each(tx, door, &[principal], now).await?.pop();
        Ok(seen.unwrap_or_else(|| Authority::none(principal)))
    }

    /// The same of several: what is seen of what they hold, for the applications for which it is; a fixed number of statements.
    pub async fn held_by_each(
        self,
        tx: &mut Tx,
        door: &Door,
        principals: &[PrincipalId],
        now: Timestamp,
    ) -> db::Result<Vec<Authority>> {
        let mut held = door.held_by(tx, principals, now).await?;
        let Self::Of(reader, sight) = self else { return Ok(held) };
        let others = |one: &&Authority| reader != Some(one.principal);
        let ids: BTreeSet<RoleAssignmentId> =
            held.iter().filter(others).flat_map(|one| one.assignments.iter().map(|held| held.id)).collect();
        let seen = seen(tx, sight, ids).await?;
        for authority in held.iter_mut().filter(|one| reader != Some(one.principal)) {
            // What somebody lent, they know.
            let own = |one: &Assignment| reader.is_some() && one.on_behalf_of == reader;
            let left = |mut one: Assignment| {
                if !own(&one) {
                    one.applications = one.applications.common(seen.get(&one.id)?)?;
                }
                Some(one)
            };
            authority.assignments = std::mem::take(&mut authority.assignments).into_iter().filter_map(left).collect();
        }
        Ok(held)
    }
}

/// Those of some role assignments that are in sight, and for which applications.
async fn seen(
    tx: &mut Tx,
    sight: &Sight,
    ids: BTreeSet<RoleAssignmentId>,
) -> db::Result<BTreeMap<RoleAssignmentId, Applications>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let most = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let wanted = Wanted { ids: Some(ids.into_iter().collect()), ..Wanted::default() };
    let shown = listed_store::list(tx, sight, &wanted, most).await?;
    Ok(shown.into_iter().map(|one| (one.id, one.applications)).collect())
}

/// Why `principal` can or cannot do `action` now.
pub async fn explain(
    tx: &mut Tx,
    door: &Door,
    (eyes, principal, action): (Eyes<'_>, PrincipalId, &Action),
    now: Timestamp,
) -> db::Result<Explanation> {
    let mut explained = explain_all(tx, door, (eyes, principal, std::slice::from_ref(action)), now).await?;
    Ok(explained.pop().unwrap_or(Explanation {
        decision: Decision::Deny(Reason::NotFound),
        chains: Vec::new(),
        awaits: None,
    }))
}

/// All assignments behind some decisions, read link by link of all chains together.
async fn behind(tx: &mut Tx, decisions: &[&Decision]) -> db::Result<BTreeMap<RoleAssignmentId, RoleAssignment>> {
    let mut known: BTreeMap<RoleAssignmentId, RoleAssignment> = BTreeMap::new();
    let mut next: Vec<RoleAssignmentId> = decisions.iter().flat_map(|decision| allowed_by(decision)).copied().collect();
    for _ in 0..LONGEST {
        next.sort_unstable();
        next.dedup();
        next.retain(|id| !known.contains_key(id));
        if next.is_empty() {
            break;
        }
        let found = store::list_all(tx, &next).await?;
        next = found.iter().filter_map(|link| link.granted_via).collect();
        known.extend(found.into_iter().map(|link| (link.id, link)));
    }
    Ok(known)
}

fn allowed_by(decision: &Decision) -> &[RoleAssignmentId] {
    match decision {
        Decision::Allow(by) => by,
        Decision::Deny(_) => &[],
    }
}

/// For each assignment that allowed it: itself, the one by which it was given, and so on; ends with what the console or the start gave.
fn chains(known: &BTreeMap<RoleAssignmentId, RoleAssignment>, decision: &Decision) -> Vec<Vec<RoleAssignment>> {
    let chain = |first: &RoleAssignmentId| {
        let links = std::iter::successors(known.get(first), |link| known.get(&link.granted_via?));
        links.take(LONGEST).cloned().collect()
    };
    allowed_by(decision).iter().map(chain).collect()
}

/// Who can do `action` now, of the people and services that hold a role reaching `organisation`, the place of its target;
/// `whole` is false if there were more than [`MOST`].
pub async fn who_can(
    tx: &mut Tx,
    door: &Door,
    (action, organisation): (&Action, OrganisationId),
    now: Timestamp,
) -> db::Result<(Vec<(PrincipalId, Explanation)>, bool)> {
    let asked = (Eyes::All, std::slice::from_ref(action));
    let (mut able, whole) = who_can_each(tx, door, asked, (organisation, 0), now).await?;
    let able = able.pop().unwrap_or_default();
    let known = behind(tx, &able.iter().map(|(_, decision)| decision).collect::<Vec<_>>()).await?;
    let explained = able.into_iter().map(|(principal, decision)| {
        let chains = chains(&known, &decision);
        (principal, Explanation { decision, chains, awaits: None })
    });
    Ok((explained.collect(), whole))
}

/// Of one action, those who can do it.
pub type Able = Vec<(PrincipalId, Decision)>;

/// The same for several actions on things of one place, without the chains, of the holders after the first `from`; a fixed number of
/// statements.
pub async fn who_can_each(
    tx: &mut Tx,
    door: &Door,
    (eyes, actions): (Eyes<'_>, &[Action]),
    (organisation, from): (OrganisationId, i64),
    now: Timestamp,
) -> db::Result<(Vec<Able>, bool)> {
    let mut candidates = store::list_principals_reaching(tx, organisation, now, (MOST + 1, from)).await?;
    let whole = candidates.len() <= MOST;
    candidates.truncate(MOST);
    let held = eyes.held_by_each(tx, door, &candidates, now).await?;
    let mut able: Vec<Able> = actions.iter().map(|_| Vec::new()).collect();
    for (principal, decisions) in door.explain_held(tx, (&held, actions), now).await? {
        for (list, decision) in able.iter_mut().zip(decisions) {
            if matches!(decision, Decision::Allow(_)) {
                list.push((principal, decision));
            }
        }
    }
    Ok((able, whole))
}

/// Why somebody can or cannot do some actions now, in their order.
pub async fn explain_all(
    tx: &mut Tx,
    door: &Door,
    (eyes, principal, actions): (Eyes<'_>, PrincipalId, &[Action]),
    now: Timestamp,
) -> db::Result<Vec<Explanation>> {
    let held = eyes.held_by(tx, door, principal, now).await?;
    let judged = door.explain_held(tx, (std::slice::from_ref(&held), actions), now).await?;
    let decisions: Vec<Decision> = judged.into_iter().flat_map(|(_, decisions)| decisions).collect();
    let known = behind(tx, &decisions.iter().collect::<Vec<_>>()).await?;
    let awaits = awaited(tx, door, (&held, actions), &decisions, now).await?;
    let explained = decisions.into_iter().zip(awaits).map(|(decision, awaits)| {
        let chains = chains(&known, &decision);
        Explanation { decision, chains, awaits }
    });
    Ok(explained.collect())
}

/// Of what was denied, what would be allowed once terms are accepted.
async fn awaited(
    tx: &mut Tx,
    door: &Door,
    (held, actions): (&Authority, &[Action]),
    decisions: &[Decision],
    now: Timestamp,
) -> db::Result<Vec<Option<String>>> {
    let denied: Vec<bool> = decisions.iter().map(|decision| matches!(decision, Decision::Deny(_))).collect();
    let asked: Vec<&Action> = actions.iter().zip(&denied).filter(|(_, denied)| **denied).map(|(one, _)| one).collect();
    if asked.is_empty() || door.roles().iter().all(|role| role.terms.as_ref().is_none_or(|t| t.at(now).is_none())) {
        return Ok(vec![None; actions.len()]);
    }
    let mut found = door.awaited(tx, (held, &asked), now).await?.into_iter();
    Ok(denied.into_iter().map(|denied| if denied { found.next().flatten() } else { None }).collect())
}
