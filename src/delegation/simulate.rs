//! What would change if a role were given or taken, or an organisation moved: it is done, looked at, and undone. So the answer is that of
//! the use case itself, with all its guards, and not of a second opinion about it.

use std::collections::BTreeSet;

use super::effect::{self, Concerned, Effect};
use super::ending::dependent_on;
use super::explain::Eyes;
use super::give::{Gift, GiveError};
use super::model::RoleAssignment;
use super::revoke::{RevokeError, revoke};
use super::store;
use crate::authority::action::{Action, MoveOrganisation, RevokeRole};
use crate::authority::{Authority, Decision, Door, Refusal};
use crate::db::{self, Db, Tx, transact};
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::{store as organisations, transfer};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;

/// What might be done.
#[derive(Clone, Debug)]
pub enum Change {
    /// A role is given.
    Give(Gift),
    /// A role is taken away, with the reason that the last holder takes.
    Revoke(RevokeRole, Option<String>),
    /// An organisation moves with everything below it.
    Move(MoveOrganisation),
}

/// What it would come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The role assignments that end, or that reach what is moved no more; and those that begin, or reach it from then on.
    pub effect: Effect,
    /// For each question the decision before and the decision after.
    pub answers: Vec<(Decision, Decision)>,
}

/// Why there is no outcome: what would refuse the change itself.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// Nothing refuses it; how the outcome leaves the transaction, so that it cannot be kept.
    #[error("only looked at")]
    Done(Box<Outcome>),
    /// The decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The rules on giving roles.
    #[error(transparent)]
    Give(#[from] GiveError),
    /// The rules on revoking roles.
    #[error(transparent)]
    Revoke(#[from] RevokeError),
    /// The rules on organisations.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Does it as the actor would, answers the questions before and after by the roles that these eyes see, and undoes it.
///
/// # Errors
///
/// Whatever the change itself would be refused for.
pub async fn simulate(
    db: &Db,
    door: &Door,
    (change, questions, eyes): (&Change, &[(PrincipalId, Action)], Eyes<'_>),
    ctx: &Ctx,
) -> Result<Outcome, SimulateError> {
    let looked: Result<(), SimulateError> = transact!(*db, tx => {
        let before = answers(tx, door, (eyes, questions), ctx).await?;
        let effect = apply(tx, door, change, ctx).await?;
        let after = answers(tx, door, (eyes, questions), ctx).await?;
        let answers = before.into_iter().zip(after).collect();
        Err(SimulateError::Done(Box::new(Outcome { effect, answers })))
    });
    match looked {
        Err(SimulateError::Done(outcome)) => Ok(*outcome),
        Err(refused) => Err(refused),
        Ok(()) => Ok(Outcome::default()),
    }
}

async fn answers(
    tx: &mut Tx,
    door: &Door,
    (eyes, questions): (Eyes<'_>, &[(PrincipalId, Action)]),
    ctx: &Ctx,
) -> db::Result<Vec<Decision>> {
    let asked: BTreeSet<PrincipalId> = questions.iter().map(|(principal, _)| *principal).collect();
    let held = eyes.held_by_each(tx, door, &asked.into_iter().collect::<Vec<_>>(), ctx.now).await?;
    let mut decisions = Vec::with_capacity(questions.len());
    for (principal, action) in questions {
        let of: Vec<Authority> = held.iter().filter(|one| one.principal == *principal).cloned().collect();
        let judged = door.explain_held(tx, (&of, std::slice::from_ref(action)), ctx.now).await?;
        decisions.extend(judged.into_iter().flat_map(|(_, decisions)| decisions));
    }
    Ok(decisions)
}

async fn apply(tx: &mut Tx, door: &Door, change: &Change, ctx: &Ctx) -> Result<Effect, SimulateError> {
    match change {
        Change::Give(gift) => {
            let gains = Concerned { holders: vec![gift.give(tx, door, ctx).await?], ..Concerned::default() };
            Ok(Effect { gains, ..Effect::default() })
        }
        Change::Revoke(action, reason) => {
            let permit = door.authorise(tx, ctx, action.clone()).await?;
            let mut loses: Vec<RoleAssignment> = store::find(tx, action.assignment).await?.into_iter().collect();
            if let Some(ends) = loses.first() {
                let along = dependent_on(tx, door.roles(), ends).await?;
                loses.extend(along);
            }
            let effect = effect::of_end(tx, loses, ctx.now).await?;
            revoke(tx, permit, door.roles(), reason.as_deref(), ctx).await?;
            Ok(effect)
        }
        Change::Move(action) => {
            let permit = door.authorise(tx, ctx, action.clone()).await?;
            let from = organisations::find(tx, action.organisation).await?.and_then(|found| found.parent);
            let effect = match from {
                Some(from) => {
                    effect::of_transfer(tx, door.roles(), (action.organisation, from, action.to), ctx.now).await?
                }
                None => Effect::default(),
            };
            transfer::transfer(tx, permit, ctx).await?;
            Ok(effect)
        }
    }
}
