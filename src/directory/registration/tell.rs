//! The mails about a registration: to the authority, and to whoever invited it (I34).

use super::model::{Registration, RegistrationRules};
use crate::db::{self, Tx};
use crate::directory::{organisation, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::secret::Token;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

fn days(rules: RegistrationRules) -> u32 {
    u32::try_from(rules.lifetime.as_secs() / 86_400).unwrap_or(u32::MAX).max(1)
}

async fn to_applicant(tx: &mut Tx, about: &Registration, message: &Message, ctx: &Ctx) -> db::Result<()> {
    outbox::enqueue(tx, Channel::Email, &about.email, about.language.as_deref(), message, ctx).await
}

/// The link by which the authority enters its data.
pub(super) async fn invited(
    tx: &mut Tx,
    about: &Registration,
    token: &Token,
    rules: RegistrationRules,
    ctx: &Ctx,
) -> db::Result<()> {
    let inviting = inviting(tx, about).await?;
    let place = organisation::store::find(tx, inviting).await?.map(|found| found.name).unwrap_or_default();
    let message = Message::AuthorityInvited { organisation: place, days: days(rules), token: token.seal() };
    to_applicant(tx, about, &message, ctx).await
}

/// In whose name it is written: the organisation of the person who invites, and not that below which the authority will stand, which may
/// know nothing of it.
async fn inviting(tx: &mut Tx, about: &Registration) -> db::Result<OrganisationId> {
    let PrincipalId::Person(id) = about.invited_by else { return Ok(about.parent) };
    Ok(user::store::find(tx, id).await?.map_or(about.parent, |person| person.organisation))
}

/// The link by which the authority sees where its registration stands.
pub(super) async fn received(tx: &mut Tx, about: &Registration, track: &Token, ctx: &Ctx) -> db::Result<()> {
    to_applicant(tx, about, &Message::RegistrationReceived { token: track.seal() }, ctx).await
}

/// Something has to be corrected, by another link.
pub(super) async fn returned(
    tx: &mut Tx,
    about: &Registration,
    token: &Token,
    rules: RegistrationRules,
    ctx: &Ctx,
) -> db::Result<()> {
    to_applicant(tx, about, &Message::RegistrationReturned { days: days(rules), token: token.seal() }, ctx).await
}

/// It was refused; the reason stands behind the link that the authority has.
pub(super) async fn refused(tx: &mut Tx, about: &Registration, ctx: &Ctx) -> db::Result<()> {
    to_applicant(tx, about, &Message::RegistrationRefused {}, ctx).await
}

/// Whoever invited has something to validate.
pub(super) async fn registered(tx: &mut Tx, about: &Registration, ctx: &Ctx) -> db::Result<()> {
    to_inviter(tx, about, |given_name| Message::RegistrationWaits { given_name }, ctx).await
}

/// The authority asks whoever invited it for another link.
pub(super) async fn asked(tx: &mut Tx, about: &Registration, ctx: &Ctx) -> db::Result<()> {
    to_inviter(tx, about, |given_name| Message::InvitationAsked { given_name }, ctx).await
}

async fn to_inviter(
    tx: &mut Tx,
    about: &Registration,
    message: impl FnOnce(String) -> Message,
    ctx: &Ctx,
) -> db::Result<()> {
    let PrincipalId::Person(id) = about.invited_by else { return Ok(()) };
    let Some(user) = user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)) else { return Ok(()) };
    let Some(email) = &user.email else { return Ok(()) };
    let message = message(user.given_name.clone());
    outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}
