//! The authority enters its data, by the link that was mailed to the invited address and by nothing else (I30, I33).

use std::time::Duration;

use super::error::ApplicantError;
use super::model::{Application, Registration, State, Step};
use super::{rules, store, tell};
use crate::audit::{self, Kind};
use crate::db::Tx;
use crate::directory::organisation::describe::terms::Terms;
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::Token;

/// How often one registration is changed at most.
pub const MAX_CHANGES: i64 = 500;

/// Keeps one part of what was entered.
pub async fn save(
    tx: &mut Tx,
    invitation: &Registration,
    (given, step): (Application, Step),
    terms: &Terms,
    ctx: &Ctx,
) -> Result<(), ApplicantError> {
    if !invitation.is_open(ctx.now) {
        return Err(ApplicantError::NotOpen);
    }
    if invitation.version >= MAX_CHANGES {
        return Err(ApplicantError::TooMany);
    }
    let application = rules::checked(given, step, terms)?;
    let changed = Registration { application, ..invitation.clone() };
    if store::save_application(tx, &changed, ctx.now).await? { Ok(()) } else { Err(ApplicantError::NotOpen) }
}

/// Submits all of it: the link is used up, whoever invited is told, and the authority gets another link by which it sees what
/// becomes of it.
pub async fn submit(tx: &mut Tx, invitation: &Registration, terms: &Terms, ctx: &Ctx) -> Result<Token, ApplicantError> {
    if !invitation.is_open(ctx.now) {
        return Err(ApplicantError::NotOpen);
    }
    if !invitation.application.is_complete() {
        return Err(ApplicantError::Incomplete);
    }
    // What was right when it was entered may be wrong by another version of the profile.
    for step in Step::ALL {
        rules::checked(invitation.application.clone(), step, terms)?;
    }
    let track = Token::generate(&ctx.entropy);
    if !store::save_submitted(tx, (invitation.id, invitation.version), &track.digest(), ctx.now).await? {
        return Err(ApplicantError::NotOpen);
    }
    let submitted = Registration { state: State::Registered, ..invitation.clone() };
    audit::record(tx, ctx, None, submitted.event(Kind::RegistrationSubmitted)).await?;
    tell::received(tx, &submitted, &track, ctx).await?;
    tell::registered(tx, &submitted, ctx).await?;
    Ok(track)
}

/// Asks whoever invited for another link, once a day; the answer is the same every time.
pub async fn ask_again(tx: &mut Tx, invitation: &Registration, ctx: &Ctx) -> Result<(), ApplicantError> {
    let a_day_ago = ctx.now.minus(Duration::from_hours(24));
    if store::save_asked(tx, invitation.id, ctx.now, a_day_ago).await? {
        tell::asked(tx, invitation, ctx).await?;
    }
    Ok(())
}
