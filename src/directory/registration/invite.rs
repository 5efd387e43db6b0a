//! Inviting an authority by e-mail, sending again, taking back: for whoever may create organisations there (I30–I32).

use std::time::Duration;

use super::error::InviteError;
use super::model::{Application, Registration, RegistrationRules, State};
use super::{store, tell};
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::CreateOrganisation;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, RegistrationId};
use crate::kernel::secret::Token;
use crate::kernel::text::{EmailAddress, TextError, description, name};

/// How many somebody writes in an hour at most: each is a mail to an address of their choice.
pub const MAX_IN_AN_HOUR: i64 = 60;

/// How many mails somebody lets one address have in a day at most.
pub const MAX_TO_ONE_IN_A_DAY: i64 = 5;

/// An invitation to be written.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// To which address.
    pub email: EmailAddress,
    /// What the authority may be called.
    pub proposed_name: String,
    /// The language of the mail.
    pub language: Option<String>,
    /// What the authority reads on its page.
    pub message: String,
    /// Mailed at once, or kept as a draft.
    pub send: bool,
}

/// Writes an invitation below the organisation that was permitted. The answer is the same whether anybody has an account with that
/// address or not (D14).
pub async fn invite(
    tx: &mut Tx,
    permit: Permit<CreateOrganisation>,
    new: NewInvitation,
    rules: RegistrationRules,
    ctx: &Ctx,
) -> Result<Registration, InviteError> {
    let parent = permit.action().parent.ok_or(InviteError::NotOpen)?;
    let text = |field| move |error: TextError| InviteError::Text { field, error };
    let wanted = Registration {
        id: RegistrationId(ctx.uuid()),
        parent,
        email: new.email.as_str().to_owned(),
        proposed_name: name(&new.proposed_name).map_err(text("proposed_name"))?,
        language: new.language,
        message: description(&new.message).map_err(text("message"))?,
        state: if new.send { State::Sent } else { State::Draft },
        application: Application::default(),
        invited_by: permit.actor(),
        invited_via: permit.via(),
        invited_at: ctx.now,
        sent_at: new.send.then_some(ctx.now),
        expires_at: ctx.now.plus(rules.lifetime),
        registered_at: None,
        approved_by: None,
        settled_by: None,
        settled_at: None,
        answer: None,
        organisation: None,
        version: 1,
    };
    check_limits(tx, &wanted, rules, ctx).await?;
    let token = Token::generate(&ctx.entropy);
    store::insert(tx, &wanted, &token.digest()).await?;
    audit::record(tx, ctx, permit.via(), wanted.event(Kind::RegistrationInvited)).await?;
    if new.send {
        tell::invited(tx, &wanted, &token, rules, ctx).await?;
    }
    Ok(wanted)
}

async fn check_limits(
    tx: &mut Tx,
    wanted: &Registration,
    rules: RegistrationRules,
    ctx: &Ctx,
) -> Result<(), InviteError> {
    let by = wanted.invited_by;
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    let open = store::count_open_by(tx, by, ctx.now).await?;
    let many = store::count_by(tx, by, an_hour_ago).await? >= MAX_IN_AN_HOUR || open >= i64::from(rules.max_open);
    if by != PrincipalId::Console && many {
        return Err(InviteError::TooMany);
    }
    if many_to_one(tx, wanted, ctx).await? {
        return Err(InviteError::TooMany);
    }
    if store::is_invited(tx, &wanted.email, wanted.parent, ctx.now).await? {
        return Err(InviteError::AlreadyInvited);
    }
    Ok(())
}

/// Whether whoever invites has written to this address often enough today, by whichever invitation.
async fn many_to_one(tx: &mut Tx, wanted: &Registration, ctx: &Ctx) -> db::Result<bool> {
    let (by, email, a_day_ago) = (wanted.invited_by, wanted.email.as_str(), ctx.now.minus(Duration::from_hours(24)));
    let first = store::count_to(tx, by, email, a_day_ago).await?;
    let again = store::count_sent_again(tx, by, email, a_day_ago).await?;
    Ok(first + again >= MAX_TO_ONE_IN_A_DAY)
}

/// Mails another link, for as long again; the one before leads nowhere. What was entered stays.
pub async fn send(
    tx: &mut Tx,
    permit: Permit<CreateOrganisation>,
    invitation: &Registration,
    rules: RegistrationRules,
    ctx: &Ctx,
) -> Result<(), InviteError> {
    is_for(&permit, invitation.parent)?;
    if invitation.sent_at.is_some_and(|sent| ctx.now.since(sent) < Duration::from_mins(1)) {
        return Err(InviteError::JustSent);
    }
    if many_to_one(tx, invitation, ctx).await? {
        return Err(InviteError::TooMany);
    }
    let token = Token::generate(&ctx.entropy);
    let times = (ctx.now, ctx.now.plus(rules.lifetime));
    if !store::save_sent(tx, (invitation.id, invitation.version), &token.digest(), times).await? {
        return Err(InviteError::NotOpen);
    }
    tell::invited(tx, invitation, &token, rules, ctx).await?;
    Ok(audit::record(tx, ctx, permit.via(), invitation.event(Kind::RegistrationSent)).await?)
}

/// Takes it back; the mailed link leads nowhere.
pub async fn withdraw(
    tx: &mut Tx,
    permit: Permit<CreateOrganisation>,
    invitation: &Registration,
    ctx: &Ctx,
) -> Result<(), InviteError> {
    is_for(&permit, invitation.parent)?;
    if !store::save_withdrawn(tx, invitation.id, permit.actor(), ctx.now).await? {
        return Err(InviteError::NotOpen);
    }
    Ok(audit::record(tx, ctx, permit.via(), invitation.event(Kind::RegistrationWithdrawn)).await?)
}

/// The permit is for the same place, or it is for something else.
fn is_for(permit: &Permit<CreateOrganisation>, parent: OrganisationId) -> Result<(), InviteError> {
    if permit.action().parent == Some(parent) { Ok(()) } else { Err(InviteError::NotOpen) }
}
