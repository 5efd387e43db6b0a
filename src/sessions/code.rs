//! Codes by phone within a sign-in: the first, and a further one. Shared by signing in, stepping up, recovery, activation and new numbers,
//! so that no door is counted apart from the others (AU-22). The comparison is in `compare.rs`.

use std::fmt;
use std::time::Duration;

use uuid::Uuid;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::organisation;
use crate::directory::user::{self, model::Status, model::User};
use crate::factors::phone_code::{self, LIFETIME, PhoneChannel};
use crate::factors::{Factors, phone_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, SignInId, UserId};
use crate::kernel::secret::{Digest, Sealed};
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;
use crate::notify::{Message, outbox, outbox_store};

use super::sign_in::{NoResend, Purpose, SignIn, Stage};
use super::sign_in_store;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// What begins with a first code.
#[derive(Clone, Copy)]
pub struct Begin<'a> {
    /// What the code is asked for.
    pub purpose: Purpose,
    /// The folded address.
    pub email: &'a str,
    /// Whose address it is, if anybody's.
    pub user: Option<&'a User>,
    /// Whether what came before (password, link) was right.
    pub right: bool,
    /// The password that was tried; empty where none was asked for.
    pub tried: &'a str,
    /// The number to be proved, where it is not the account's own yet.
    pub number: Option<&'a PhoneNumber>,
    /// The browser.
    pub browser: &'a Digest,
    /// The language of the page.
    pub locale: &'a str,
}

impl fmt::Debug for Begin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// Begins the sign-in of a browser and sends the first code: to the stored number (AU-13), or to the new one that is to
/// be proved. Whether there is anybody, and whether they were right, changes neither the work nor what is shown (AU-23).
pub async fn begin(tx: &mut Tx, factors: &Factors, key: &[u8], begin: Begin<'_>, ctx: &Ctx) -> db::Result<SignIn> {
    let number = begin.number.or_else(|| begin.user.and_then(|user| user.phone.as_ref()));
    let (id, home) =
        begin.user.map_or((UserId(Uuid::nil()), OrganisationId(Uuid::nil())), |user| (user.id, user.organisation));
    let home = organisation::store::find_effective_status(tx, home).await?;
    let ways = phone_store::find_ways(tx, id).await?;
    let at_work = home == Some(organisation::model::Status::Active);
    let may = |user: &&User| may_prove(begin.purpose, user, at_work, ctx.now);
    let suffices = number.is_some() || (begin.purpose.takes_any_code() && ways.without_phone);
    let user = begin.user.filter(may).filter(|_| begin.right && suffices);
    // Whoever uses an app finds the code there; a text is sent when they ask for one.
    let number_asked = number.filter(|_| !(begin.purpose.takes_any_code() && ways.by_app));
    let ending = match (user, begin.purpose, number) {
        (None, Purpose::SignIn, _) | (_, _, None) => phone_code::look_alike_ending(key, begin.email, begin.tried),
        (_, _, Some(number)) => number.ending().to_owned(),
    };
    let mut sign_in = SignIn {
        id: SignInId(ctx.uuid()),
        browser: *begin.browser,
        purpose: begin.purpose,
        user: user.map(|user| user.id),
        user_epoch: user.map_or(0, |user| user.epoch),
        account: Digest::of(begin.email.as_bytes()),
        ending,
        number: begin.number.cloned(),
        channel: if user.is_some() { ways.channel } else { PhoneChannel::Sms },
        code: None,
        code_sent_at: ctx.now,
        code_expires_at: ctx.now.plus(LIFETIME),
        code_tries: 0,
        tries: 0,
        resends: 0,
        started_at: ctx.now,
    };
    let replaced = sign_in_store::find(tx, begin.browser).await?.map_or(sign_in.id, |old| old.id);
    outbox_store::save_cancelled(tx, replaced, ctx.now).await?;
    let sending = Sending { user, number: user.and(number_asked), locale: begin.locale, resend: false };
    sign_in.code = send(tx, factors, key, &sign_in, sending, ctx).await?;
    sign_in_store::save(tx, &sign_in).await?;
    record_begun(tx, &sign_in, begin, ctx).await?;
    Ok(sign_in)
}

/// One event either way: that a first step was wrong is for the log, and not for whoever measures time.
async fn record_begun(tx: &mut Tx, sign_in: &SignIn, begin: Begin<'_>, ctx: &Ctx) -> db::Result<()> {
    let kind = if sign_in.user.is_some() { Kind::CodeSent } else { Kind::SignInFailed };
    let details = serde_json::json!({ "purpose": begin.purpose.as_str() });
    audit::record(tx, ctx, None, event(kind, sign_in.id, begin.user).with(details)).await
}

pub(super) fn event(kind: Kind, sign_in: SignInId, user: Option<&User>) -> Event {
    match user {
        Some(user) => Event::new(kind, Subject::User(user.id)).within(user.organisation),
        None => Event::new(kind, Subject::SignIn(sign_in)),
    }
}

pub(super) fn may_prove(purpose: Purpose, user: &User, at_work: bool, now: Timestamp) -> bool {
    match purpose {
        Purpose::SignIn | Purpose::Recovery | Purpose::StepUp | Purpose::NewPhone => user.is_usable(now) && at_work,
        Purpose::Activation => user.status(now) == Status::New,
    }
}

struct Sending<'a> {
    user: Option<&'a User>,
    number: Option<&'a PhoneNumber>,
    locale: &'a str,
    resend: bool,
}

/// Makes a code and queues it; the same work without a person, to nowhere. `None` where no code can be right.
async fn send(
    tx: &mut Tx,
    factors: &Factors,
    key: &[u8],
    of: &SignIn,
    sending: Sending<'_>,
    ctx: &Ctx,
) -> db::Result<Option<Digest>> {
    let code = phone_code::generate(&ctx.entropy);
    let digest = phone_code::digest(key, of.id, &code);
    let number_key = Digest::of(sending.number.map_or(of.account.as_bytes(), |number| number.as_str().as_bytes()));
    let stopped = phone_store::is_stopped(tx, sending.user.map_or(UserId(Uuid::nil()), |user| user.id)).await?;
    let budget = !is_spent(tx, factors, &[of.account, number_key], sending.resend, ctx.now).await?;
    for key in [of.account, number_key] {
        phone_store::insert_send(tx, ctx.uuid(), &key, sending.resend, ctx.now).await?;
    }
    let channel = match of.channel {
        PhoneChannel::Sms => outbox::Channel::Sms,
        PhoneChannel::Voice => outbox::Channel::Voice,
    };
    let (channel, to, digest) = match sending.number {
        Some(number) if budget && !stopped => (channel, number.as_str(), digest),
        _ => (outbox::Channel::Nothing, "", None),
    };
    let message = Message::SecurityCode { code: Sealed::from(code), sign_in: of.id };
    outbox::enqueue(tx, channel, to, Some(sending.locale), &message, ctx).await?;
    Ok(digest)
}

/// Whether an account or a number had its codes for now (AU-08).
async fn is_spent(tx: &mut Tx, factors: &Factors, keys: &[Digest], resend: bool, now: Timestamp) -> db::Result<bool> {
    let settings = &factors.settings;
    for key in keys {
        if phone_store::count_sends(tx, key, now.minus(HOUR), false).await? >= settings.codes_per_hour {
            return Ok(true);
        }
        if resend
            && (phone_store::count_sends(tx, key, now.minus(HOUR), true).await? >= settings.resends_per_hour
                || phone_store::count_sends(tx, key, now.minus(DAY), true).await? >= settings.resends_per_day)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A further code by this channel; the one before is void at once (E25, E26), and no longer sent (invariant 11).
pub async fn resend(
    tx: &mut Tx,
    factors: &Factors,
    key: &[u8],
    mut sign_in: SignIn,
    (channel, locale): (PhoneChannel, &str),
    ctx: &Ctx,
) -> db::Result<Result<SignIn, NoResend>> {
    if let Err(reason) = sign_in.may_resend(ctx.now) {
        return Ok(Err(reason));
    }
    let user = user::store::find(tx, sign_in.user.unwrap_or(UserId(Uuid::nil()))).await?;
    let keys = [sign_in.account];
    if is_spent(tx, factors, &keys, true, ctx.now).await? {
        return Ok(Err(NoResend::TooMany));
    }
    outbox_store::save_cancelled(tx, sign_in.id, ctx.now).await?;
    sign_in.channel = channel;
    let number = user.as_ref().and_then(|user| sign_in.number.as_ref().or(user.phone.as_ref()));
    let sending = Sending { user: user.as_ref(), number, locale, resend: true };
    let code = send(tx, factors, key, &sign_in, sending, ctx).await?;
    sign_in.resend(channel, code, ctx.now);
    sign_in_store::save(tx, &sign_in).await?;
    Ok(Ok(sign_in))
}

/// Whether a sign-in may still be answered.
pub fn is_open(sign_in: &SignIn, now: Timestamp) -> bool {
    matches!(sign_in.stage(now), Stage::AwaitingCode | Stage::CodeSpent)
}
