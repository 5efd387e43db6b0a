//! A change of e-mail or phone by an administrator: announced, agreed to or refused by its owner, approved by a second
//! administrator where the account opens much, in effect after the cooling-off (D15, DA-17; `decisions.md` 5).
//!
//! Sessions stay, and nothing but the address changes: whoever had access has it, and nobody gets more.

use std::time::Duration;

use serde_json::json;

use super::changes::settle;
use super::error::UserError;
use super::model::{PendingContact, User};
use super::{contact_store, store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{ApproveContact, UpdateUser};
use crate::db::{self, Db, Tx, transact};
use crate::factors::{link_store, links, reset};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// How many changes the job puts into effect at once.
const BATCH: i64 = 100;

/// Tells the old and the new address, and both numbers; the old address gets the link that agrees or refuses.
pub(super) async fn announce(tx: &mut Tx, user: &User, ctx: &Ctx) -> db::Result<()> {
    let Some(pending) = &user.pending else { return Ok(()) };
    let token = links::issue(tx, links::Purpose::Contact, user.id, ctx).await?;
    let given_name = user.given_name.clone();
    if let Some(old) = &user.email {
        let message = Message::ContactPending { given_name: given_name.clone(), token: token.seal() };
        outbox::enqueue(tx, Channel::Email, old.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    let notice = Message::ContactNotice { given_name };
    if let Some(new) = &pending.email {
        outbox::enqueue(tx, Channel::Email, new.as_str(), user.locale.as_deref(), &notice, ctx).await?;
    }
    if let Some(new) = &pending.phone {
        tell(tx, user, (Channel::Sms, [user.phone.as_ref(), Some(new)].map(number)), &notice, ctx).await?;
    }
    Ok(())
}

fn number(number: Option<&PhoneNumber>) -> Option<String> {
    number.map(|number| number.as_str().to_owned())
}

fn address(email: Option<&EmailAddress>) -> Option<String> {
    email.map(|email| email.as_str().to_owned())
}

/// The same message to the old and the new one, as far as there are any.
async fn tell(
    tx: &mut Tx,
    user: &User,
    (channel, both): (Channel, [Option<String>; 2]),
    message: &Message,
    ctx: &Ctx,
) -> db::Result<()> {
    for to in both.into_iter().flatten() {
        outbox::enqueue(tx, channel, &to, user.locale.as_deref(), message, ctx).await?;
    }
    Ok(())
}

/// After an address changed: what went to the old one is worth nothing any more (AU-26), and an account that waits to be
/// activated is invited at the new one.
pub(super) async fn redirect(tx: &mut Tx, before: &User, after: &User, ctx: &Ctx) -> db::Result<()> {
    reset::forget_ways_in(tx, after.id, ctx).await?;
    if after.activated_at.is_none() {
        links::invite(tx, after, ctx).await?;
    }
    let message = Message::ContactChanged { given_name: after.given_name.clone() };
    let old = before.email.as_ref().filter(|_| before.email != after.email);
    tell(tx, after, (Channel::Email, [old, after.email.as_ref()].map(address)), &message, ctx).await?;
    if before.phone != after.phone {
        let both = [before.phone.as_ref(), after.phone.as_ref()].map(number);
        tell(tx, after, (Channel::Sms, both), &message, ctx).await?;
    }
    Ok(())
}

/// Its owner agrees: by the link that went to the old address, or signed in. It waits no longer; where a second
/// administrator is needed, it still needs one.
pub async fn agree(tx: &mut Tx, id: UserId, ctx: &Ctx) -> Result<User, UserError> {
    let (mut user, pending) = waiting(tx, id).await?;
    user.pending = Some(PendingContact { agreed_at: Some(pending.agreed_at.unwrap_or(ctx.now)), ..pending });
    let user = saved(tx, user, ctx).await?;
    link_store::remove_of(tx, links::Purpose::Contact, id).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(id));
    let event = Event::new(Kind::ContactAgreed, Subject::User(id)).within(user.organisation);
    audit::record(tx, &own, None, event).await?;
    settle_if_due(tx, user, None, &own).await
}

/// Its owner refuses.
pub async fn refuse(tx: &mut Tx, id: UserId, ctx: &Ctx) -> Result<User, UserError> {
    let (user, _) = waiting(tx, id).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(id));
    drop_pending(tx, user, (None, "owner"), &own).await
}

/// A second administrator approves (D11); it takes effect once its owner agrees or the cooling-off is over.
pub async fn approve(
    tx: &mut Tx,
    permit: Permit<ApproveContact>,
    cooling_off: Duration,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let id = permit.action().user;
    let (mut user, pending) = waiting(tx, id).await?;
    user.pending = Some(PendingContact { approved: Some((permit.actor(), ctx.now)), ..pending });
    let user = saved(tx, user, ctx).await?;
    let event = Event::new(Kind::ContactApproved, Subject::User(id)).within(user.organisation);
    audit::record(tx, ctx, permit.via(), event).await?;
    settle_if_due(tx, user, Some(cooling_off), ctx).await
}

/// An administrator refuses what another one asked for, or takes back their own.
pub async fn withdraw(tx: &mut Tx, permit: Permit<UpdateUser>, ctx: &Ctx) -> Result<User, UserError> {
    let (user, _) = waiting(tx, permit.action().user).await?;
    drop_pending(tx, user, (permit.via(), "administrator"), ctx).await
}

/// A person gave themself another number, which they have proved (AU-14). A number that waited is void.
pub async fn set_own_phone(tx: &mut Tx, user: &User, number: &PhoneNumber, ctx: &Ctx) -> Result<User, UserError> {
    let mut next = user.clone();
    next.phone = Some(number.clone());
    next.phone_verified = true;
    next.pending = user.pending.clone().and_then(|pending| {
        pending.email.is_some().then_some(PendingContact { phone: None, phone_by: None, ..pending })
    });
    let next = saved(tx, next, ctx).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::PhoneChanged, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, &own, None, event).await?;
    redirect(tx, user, &next, &own).await?;
    Ok(next)
}

/// Whether an address is nobody else's.
pub(crate) async fn may_have(tx: &mut Tx, user: &User, email: &EmailAddress) -> db::Result<bool> {
    let wanted = User { email: Some(email.clone()), pending: None, ..user.clone() };
    match unique::check_free(tx, &wanted).await {
        Ok(()) => Ok(true),
        Err(UserError::Db(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// A person gave themself another address, which they have proved. An address that waited is void.
pub async fn set_own_email(tx: &mut Tx, user: &User, email: &EmailAddress, ctx: &Ctx) -> Result<User, UserError> {
    let mut next = user.clone();
    if user.email.as_ref().is_some_and(|old| old.as_str() == user.user_name) {
        email.as_str().clone_into(&mut next.user_name);
    }
    next.email = Some(email.clone());
    next.email_verified = true;
    next.pending = user.pending.clone().and_then(|pending| {
        pending.phone.is_some().then_some(PendingContact { email: None, email_by: None, ..pending })
    });
    unique::check_free(tx, &next).await?;
    let next = saved(tx, next, ctx).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::EmailChanged, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, &own, None, event).await?;
    redirect(tx, user, &next, &own).await?;
    Ok(next)
}

/// Judged by time where it matters: before an address is looked up for signing in, every change is put into effect that
/// is due and has to do with this address. The job may come later, or never.
pub async fn settle_due_of(tx: &mut Tx, email: &str, cooling_off: Duration, ctx: &Ctx) -> db::Result<()> {
    for user in contact_store::list_due_of(tx, email, ctx.now.minus(cooling_off), ctx.now).await? {
        settled(tx, user, ctx).await?;
    }
    Ok(())
}

/// The job: everything that is due, a batch at a time.
pub async fn settle_all_due(db: &Db, cooling_off: Duration, ctx: &Ctx) -> db::Result<()> {
    let before = ctx.now.minus(cooling_off);
    loop {
        let done: usize = transact!(db, tx => {
            let due = contact_store::list_due(tx, before, ctx.now, BATCH).await?;
            let count = due.len();
            for user in due {
                settled(tx, user, ctx).await?;
            }
            Ok::<_, db::Error>(count)
        })?;
        if done == 0 {
            return Ok(());
        }
    }
}

async fn waiting(tx: &mut Tx, id: UserId) -> Result<(User, PendingContact), UserError> {
    let user = store::find(tx, id).await?.filter(|user| user.deleted_at.is_none()).ok_or(UserError::NotFound)?;
    let pending = user.pending.clone().ok_or(UserError::NotFound)?;
    Ok((user, pending))
}

async fn saved(tx: &mut Tx, mut user: User, ctx: &Ctx) -> Result<User, UserError> {
    user.updated_at = ctx.now;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    store::find(tx, user.id).await?.ok_or(UserError::NotFound)
}

async fn drop_pending(
    tx: &mut Tx,
    mut user: User,
    (via, by): (Option<RoleAssignmentId>, &str),
    ctx: &Ctx,
) -> Result<User, UserError> {
    user.pending = None;
    let user = saved(tx, user, ctx).await?;
    link_store::remove_of(tx, links::Purpose::Contact, user.id).await?;
    let event = Event::new(Kind::ContactRefused, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, ctx, via, event.with(json!({ "by": by }))).await?;
    Ok(user)
}

/// Puts it into effect if nothing is missing any more; `cooling_off` is `None` where its owner agreed just now.
async fn settle_if_due(tx: &mut Tx, user: User, cooling_off: Option<Duration>, ctx: &Ctx) -> Result<User, UserError> {
    let Some(pending) = &user.pending else { return Ok(user) };
    let waited = cooling_off.is_none_or(|cooling_off| pending.is_due(cooling_off, ctx.now));
    let approved = pending.approved.is_some() || !contact_store::is_guarded(tx, user.id, ctx.now).await?;
    if !waited || !approved {
        return Ok(user);
    }
    let id = user.id;
    settled(tx, user, ctx).await?;
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}

/// Puts a change into effect; one whose address somebody else has got in the meantime is void.
async fn settled(tx: &mut Tx, user: User, ctx: &Ctx) -> db::Result<()> {
    let Some(next) = settle(&user, ctx.now) else { return Ok(()) };
    let outcome = match unique::check_free(tx, &next).await {
        Ok(()) => saved(tx, next, ctx).await,
        Err(UserError::EmailTaken | UserError::UserNameTaken) => {
            drop_pending(tx, user, (None, "taken"), ctx).await.map_err(only_db)?;
            return Ok(());
        }
        Err(error) => Err(error),
    };
    let next = outcome.map_err(only_db)?;
    let event = Event::new(Kind::ContactConfirmed, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, ctx, None, event.with(since(&user))).await?;
    redirect(tx, &user, &next, ctx).await
}

fn since(user: &User) -> serde_json::Value {
    let pending = user.pending.as_ref();
    let at: Option<Timestamp> = pending.map(|pending| pending.since);
    let email_by = pending.and_then(|pending| pending.email_by);
    json!({ "asked_at": at, "email_by": email_by, "phone_by": pending.and_then(|pending| pending.phone_by) })
}

/// Read in the same serialisable transaction, nothing else can come in between.
fn only_db(error: UserError) -> db::Error {
    match error {
        UserError::Db(error) => error,
        _ => db::Error::Corrupt("users.version"),
    }
}
