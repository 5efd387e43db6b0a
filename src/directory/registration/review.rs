//! Deciding on a registration: validate, give back, refuse (I35). Never by the applicant, and by two where the profile says so (D11).

use super::error::{RegisterError, ReviewError};
use super::model::{Registration, RegistrationRules, State};
use super::register::{Authority, register};
use super::{store, tell};
use crate::audit::{self, Kind};
use crate::authority::action::{CreateOrganisation, Nominate, ValidateRegistration};
use crate::authority::{Door, Permit, Validity};
use crate::db::Tx;
use crate::delegation::nomination::nominate;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::organisation::model::Organisation;
use crate::directory::user::error::UserError;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::text::{TextError, description};

/// What the profile says.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Decides on what a validation does.
    pub door: &'a Door,
    /// Lifetimes, and how many validate.
    pub rules: RegistrationRules,
    /// In which terms organisations are described.
    pub terms: &'a Terms,
}

/// What came of validating.
#[derive(Debug)]
pub enum Validated {
    /// The organisation exists, with its first user.
    Made(Box<Organisation>),
    /// Somebody else has to validate it as well (D11).
    AwaitsSecond,
}

/// Validates what the reviewer saw (`version`); the last of those who have to creates the organisation and its first user.
pub async fn validate(
    tx: &mut Tx,
    permit: Permit<ValidateRegistration>,
    version: i64,
    by: By<'_>,
    ctx: &Ctx,
) -> Result<Validated, ReviewError> {
    let found = pending(tx, &permit, version).await?;
    let seen = (found.id, version);
    if by.rules.four_eyes && found.state == State::Registered {
        if !store::save_approved(tx, seen, permit.actor()).await? {
            return Err(ReviewError::NotPending);
        }
        audit::record(tx, ctx, permit.via(), found.event(Kind::RegistrationApproved)).await?;
        return Ok(Validated::AwaitsSecond);
    }
    if !store::save_settled(tx, seen, (State::Validated, None), permit.actor(), ctx.now).await? {
        return Err(ReviewError::NotPending);
    }
    let email = found.email.parse().map_err(|error| RegisterError::User(UserError::UserName(error)))?;
    let entered = &found.application;
    let first_user = entered.first_user.at(email, found.language.clone());
    let authority = Authority { details: entered.details(), said: entered.said.clone(), first_user };
    let create = CreateOrganisation { parent: Some(found.parent) };
    let create = by.door.authorise(tx, ctx, create).await.map_err(RegisterError::from)?;
    let (made, first) = register(tx, by.door, create, (authority, by.terms), ctx).await?;
    appoint(tx, by.door, (made.id, first.id), ctx).await?;
    store::save_organisation(tx, found.id, made.id).await?;
    let done = Registration { organisation: Some(made.id), ..found };
    audit::record(tx, ctx, permit.via(), done.event(Kind::RegistrationValidated)).await?;
    Ok(Validated::Made(Box::new(made)))
}

/// P15: the representative is validated with the organisation, by whoever may name one.
async fn appoint(
    tx: &mut Tx,
    door: &Door,
    (organisation, first_user): (OrganisationId, UserId),
    ctx: &Ctx,
) -> Result<(), RegisterError> {
    let Some(role) = door.roles().initial().representative.clone() else { return Ok(()) };
    let (person, validity) = (Some(first_user), Validity::default());
    let action = Nominate { role, organisation, project: None, person, validity };
    let permit = door.authorise(tx, ctx, action).await?;
    nominate::assign(tx, permit, door.roles(), None, ctx).await?;
    Ok(())
}

/// Gives it back with what has to be corrected; whoever had validated it has to look again.
pub async fn send_back(
    tx: &mut Tx,
    permit: Permit<ValidateRegistration>,
    (version, message): (i64, &str),
    rules: RegistrationRules,
    ctx: &Ctx,
) -> Result<(), ReviewError> {
    let found = pending(tx, &permit, version).await?;
    let message = reason(message)?;
    let token = Token::generate(&ctx.entropy);
    let times = (ctx.now, ctx.now.plus(rules.lifetime));
    if !store::save_returned(tx, (found.id, version), (&token.digest(), &message), times).await? {
        return Err(ReviewError::NotPending);
    }
    tell::returned(tx, &found, &token, rules, ctx).await?;
    Ok(audit::record(tx, ctx, permit.via(), found.event(Kind::RegistrationReturned)).await?)
}

/// Refuses it, with a reason that the authority reads.
pub async fn refuse(
    tx: &mut Tx,
    permit: Permit<ValidateRegistration>,
    (version, message): (i64, &str),
    ctx: &Ctx,
) -> Result<(), ReviewError> {
    let found = pending(tx, &permit, version).await?;
    let message = reason(message)?;
    let settled = (State::Refused, Some(message.as_str()));
    if !store::save_settled(tx, (found.id, version), settled, permit.actor(), ctx.now).await? {
        return Err(ReviewError::NotPending);
    }
    tell::refused(tx, &found, ctx).await?;
    Ok(audit::record(tx, ctx, permit.via(), found.event(Kind::RegistrationRefused)).await?)
}

async fn pending(
    tx: &mut Tx,
    permit: &Permit<ValidateRegistration>,
    version: i64,
) -> Result<Registration, ReviewError> {
    let found = store::find(tx, permit.action().registration).await?;
    found.filter(|one| one.state.is_pending() && one.version == version).ok_or(ReviewError::NotPending)
}

fn reason(text: &str) -> Result<String, ReviewError> {
    let reason = description(text).map_err(ReviewError::Reason)?;
    if reason.is_empty() { Err(ReviewError::Reason(TextError::Empty)) } else { Ok(reason) }
}
