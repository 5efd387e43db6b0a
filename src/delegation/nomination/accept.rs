//! Whoever owns the address answers (P17, P18, D14).

use super::model::{Nomination, State};
use super::nominate::assignment;
use super::store;
use crate::audit::{self, Kind};
use crate::authority::{Door, Reason, Refusal, Roles};
use crate::db::{self, Tx};
use crate::delegation::award::{Award, award};
use crate::delegation::grant::GrantError;
use crate::delegation::model::RoleAssignment;
use crate::delegation::{store as assignments, tell};
use crate::directory::user::{self, model::User};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::text::fold;

/// Why a nomination was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It was answered, withdrawn, or has run out.
    #[error("this nomination is not open any more")]
    NotOpen,
    /// It is for another address, or the address is not proved.
    #[error("this nomination is for another e-mail address")]
    NotYours,
    /// Nobody takes what they named themself for, by whichever address (D5).
    #[error("nobody can accept a nomination of their own")]
    Oneself,
    /// Taking a role asks for a second factor, as giving one does.
    #[error("sign in again with a second factor")]
    StepUp,
    /// The role cannot be given.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What came of accepting.
#[derive(Debug)]
pub enum Accepted {
    /// The role is held, or waits for a confirmation.
    Given(Box<RoleAssignment>),
    /// Whoever made the nomination may no longer give the role (D4); it is settled.
    Lapsed,
}

/// Accepts for the person who owns the address. Judged anew by what whoever made the nomination holds now: nobody gets by a
/// nomination what could not be given today.
pub async fn accept(
    tx: &mut Tx,
    door: &Door,
    nomination: &Nomination,
    person: &User,
    ctx: &Ctx,
) -> Result<Accepted, AcceptError> {
    owned(tx, nomination, person, ctx).await?;
    if !door.is_elevated(ctx) {
        return Err(AcceptError::StepUp);
    }
    take(tx, door, nomination, person.id, ctx).await
}

/// Whether a deputy named them by a right of their own (D5, D11).
async fn is_by_own_right(tx: &mut Tx, nomination: &Nomination, person: UserId) -> db::Result<bool> {
    let Some(via) = nomination.nominated_via else { return Ok(false) };
    let by = assignments::find(tx, via).await?;
    Ok(by.is_some_and(|by| by.principal == PrincipalId::Person(person)))
}

/// Gives the role to somebody of whom it is known that the address is theirs.
pub(crate) async fn take(
    tx: &mut Tx,
    door: &Door,
    nomination: &Nomination,
    person: UserId,
    ctx: &Ctx,
) -> Result<Accepted, AcceptError> {
    if nomination.answering() == PrincipalId::Person(person) || is_by_own_right(tx, nomination, person).await? {
        return Err(AcceptError::Oneself);
    }
    let permit = match door.authorise_nomination(tx, ctx, nomination.nominated_by, nomination.action()).await {
        Ok(permit) => permit,
        Err(Refusal::Denied(Reason::StepUp { .. }) | Refusal::Anonymous) => return Err(AcceptError::NotOpen),
        Err(Refusal::Denied(_)) => return lapse(tx, nomination, ctx).await,
        Err(Refusal::Db(error)) => return Err(error.into()),
    };
    let Some(role) = door.roles().get(&nomination.role) else { return lapse(tx, nomination, ctx).await };
    let wanted = assignment(&permit, person, ctx);
    let accepted = Some(nomination);
    let given =
        award(tx, Award { roles: door.roles(), role, wanted, as_operator: permit.is_operators(), accepted }, ctx)
            .await?;
    if !store::save_answered(tx, nomination.id, State::Accepted, Some(given.id), ctx.now).await? {
        return Err(AcceptError::NotOpen);
    }
    audit::record(tx, ctx, None, nomination.event(Kind::NominationAccepted)).await?;
    tell::who_named(tx, door.roles(), (nomination, true), ctx).await?;
    Ok(Accepted::Given(Box::new(given)))
}

/// How whoever declines shows that the address is theirs.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// They are signed in with it.
    Account(&'a User),
    /// They hold the link that was mailed there, and nobody has an account with it: whoever has one signs in.
    Link(&'a Token),
}

/// Declines.
pub async fn decline(
    tx: &mut Tx,
    roles: &Roles,
    (nomination, owner): (&Nomination, Owner<'_>),
    ctx: &Ctx,
) -> Result<(), AcceptError> {
    match owner {
        Owner::Account(person) => owned(tx, nomination, person, ctx).await?,
        Owner::Link(link) => {
            let found = store::find_by_link(tx, &link.digest()).await?.filter(|one| one.id == nomination.id);
            if !found.is_some_and(|one| one.is_open(ctx.now)) {
                return Err(AcceptError::NotOpen);
            }
            if store::has_account(tx, nomination).await? {
                return Err(AcceptError::NotYours);
            }
        }
    }
    settle(tx, nomination, State::Declined, Kind::NominationDeclined, ctx).await?;
    Ok(tell::who_named(tx, roles, (nomination, false), ctx).await?)
}

/// Whether it is open and theirs, as they are now and not as their session knew them.
async fn owned(tx: &mut Tx, nomination: &Nomination, person: &User, ctx: &Ctx) -> Result<(), AcceptError> {
    if !nomination.is_open(ctx.now) {
        return Err(AcceptError::NotOpen);
    }
    let person = user::store::find(tx, person.id).await?.ok_or(AcceptError::NotYours)?;
    let own = person.email.as_ref().filter(|_| person.email_verified && person.is_usable(ctx.now));
    let same = own.is_some_and(|own| own.folded() == fold(&nomination.email));
    if same { Ok(()) } else { Err(AcceptError::NotYours) }
}

pub(crate) async fn lapse(tx: &mut Tx, nomination: &Nomination, ctx: &Ctx) -> Result<Accepted, AcceptError> {
    settle(tx, nomination, State::Lapsed, Kind::NominationLapsed, ctx).await?;
    Ok(Accepted::Lapsed)
}

async fn settle(tx: &mut Tx, nomination: &Nomination, state: State, kind: Kind, ctx: &Ctx) -> Result<(), AcceptError> {
    if !store::save_answered(tx, nomination.id, state, None, ctx.now).await? {
        return Err(AcceptError::NotOpen);
    }
    Ok(audit::record(tx, ctx, None, nomination.event(kind)).await?)
}
