//! Why somebody can or cannot do something, and who can: the decision itself, with the role assignments behind it and whoever
//! gave them, up to the operator.

use super::model::RoleAssignment;
use super::store;
use crate::authority::action::Action;
use crate::authority::{Decision, Door};
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
}

/// Why `principal` can or cannot do `action` now.
pub async fn explain(
    tx: &mut Tx,
    door: &Door,
    principal: PrincipalId,
    action: &Action,
    now: Timestamp,
) -> db::Result<Explanation> {
    let decision = door.explain(tx, principal, action, now).await?;
    explanation(tx, decision).await
}

/// A decision with the chains behind it.
async fn explanation(tx: &mut Tx, decision: Decision) -> db::Result<Explanation> {
    let mut chains = Vec::new();
    if let Decision::Allow(by) = &decision {
        for id in by {
            chains.push(chain(tx, *id).await?);
        }
    }
    Ok(Explanation { decision, chains })
}

/// An assignment, the one by which it was given, and so on; ends with what the console or the start gave.
async fn chain(tx: &mut Tx, id: RoleAssignmentId) -> db::Result<Vec<RoleAssignment>> {
    let (mut links, mut next) = (Vec::new(), Some(id));
    while let Some(id) = next.filter(|_| links.len() < LONGEST) {
        let Some(assignment) = store::find(tx, id).await? else { break };
        next = assignment.granted_via;
        links.push(assignment);
    }
    Ok(links)
}

/// Who can do `action` now, of the people and services that hold a role reaching `organisation`, the place of its target;
/// `whole` is false if there were more than [`MOST`].
pub async fn who_can(
    tx: &mut Tx,
    door: &Door,
    (action, organisation): (&Action, OrganisationId),
    now: Timestamp,
) -> db::Result<(Vec<(PrincipalId, Explanation)>, bool)> {
    let mut candidates = store::list_principals_reaching(tx, organisation, now, MOST + 1).await?;
    let whole = candidates.len() <= MOST;
    candidates.truncate(MOST);
    let mut able = Vec::new();
    for (principal, decision) in door.explain_each(tx, &candidates, action, now).await? {
        if matches!(decision, Decision::Allow(_)) {
            able.push((principal, explanation(tx, decision).await?));
        }
    }
    Ok((able, whole))
}
