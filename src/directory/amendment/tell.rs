//! The mails about a request: to those who can answer, and back to who asked.

use super::model::Amendment;
use crate::authority::{Permission, Roles};
use crate::db::{self, Tx};
use crate::delegation::administrators::administrators;
use crate::directory::{organisation, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// Most people who are told.
const MOST: usize = 20;

/// Tells whoever may change the organisation.
pub(super) async fn those_who_may(tx: &mut Tx, roles: &Roles, about: &Amendment, ctx: &Ctx) -> db::Result<()> {
    let permissions = (&[Permission::OrganisationUpdate][..], ctx.now);
    let people = administrators(tx, roles, about.organisation, permissions).await?;
    let name = organisation::store::find(tx, about.organisation).await?.map(|found| found.name).unwrap_or_default();
    for person in people.into_iter().filter(|person| *person != about.asked_by).take(MOST) {
        let organisation = name.clone();
        tell(tx, person, |given_name| Message::AmendmentAsked { given_name, organisation }, ctx).await?;
    }
    Ok(())
}

/// Tells who asked that there is an answer.
pub(super) async fn who_asked(tx: &mut Tx, about: &Amendment, ctx: &Ctx) -> db::Result<()> {
    tell(tx, about.asked_by, |given_name| Message::AmendmentAnswered { given_name }, ctx).await
}

async fn tell(tx: &mut Tx, id: UserId, message: impl FnOnce(String) -> Message, ctx: &Ctx) -> db::Result<()> {
    let Some(user) = user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)) else { return Ok(()) };
    let Some(email) = &user.email else { return Ok(()) };
    let message = message(user.given_name.clone());
    outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}
