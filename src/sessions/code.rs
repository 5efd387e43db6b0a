//! Codes by phone within a sign-in: the first, a further one, and the comparison. Shared by signing in, recovery and
//! activation, so that no door is counted apart from the others (AU-22).

use std::time::Duration;

use crate::db::{self, Tx};
use crate::directory::user::{self, model::Status, model::User};
use crate::factors::phone_code::{self, LIFETIME, PhoneChannel};
use crate::factors::{Factors, phone_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::SignInId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::notify::{Message, outbox};

use super::sign_in::{NoResend, Purpose, SignIn, Stage};
use super::{sign_in_store, start};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// What begins with a first code.
#[derive(Clone, Copy, Debug)]
pub struct Begin<'a> {
    /// What the code is asked for.
    pub purpose: Purpose,
    /// The folded address.
    pub email: &'a str,
    /// Whose address it is, if anybody's.
    pub user: Option<&'a User>,
    /// Whether what came before (password, link) was right.
    pub right: bool,
    /// The browser.
    pub browser: &'a Digest,
    /// The language of the page.
    pub locale: &'a str,
}

/// Begins the sign-in of a browser and sends the first code, to the stored number and to no other (AU-13).
pub async fn begin(tx: &mut Tx, factors: &Factors, key: &[u8], begin: Begin<'_>, ctx: &Ctx) -> db::Result<SignIn> {
    let phone = begin.user.and_then(|user| user.phone.as_ref());
    let ending =
        phone.map_or_else(|| phone_code::look_alike_ending(key, begin.email), |phone| phone.ending().to_owned());
    let allowed = match begin.user {
        Some(user) if begin.right && phone.is_some() => may_prove(tx, begin.purpose, user, ctx.now).await?,
        _ => false,
    };
    let user = begin.user.filter(|_| allowed);
    let channel = match user {
        Some(user) => phone_store::find_channel(tx, user.id).await?,
        None => PhoneChannel::Sms,
    };
    let mut sign_in = SignIn {
        id: SignInId(ctx.uuid()),
        browser: *begin.browser,
        purpose: begin.purpose,
        user: user.map(|user| user.id),
        user_epoch: user.map_or(0, |user| user.epoch),
        account: Digest::of(begin.email.as_bytes()),
        ending,
        channel,
        code: None,
        code_sent_at: ctx.now,
        code_expires_at: ctx.now.plus(LIFETIME),
        code_tries: 0,
        tries: 0,
        resends: 0,
        started_at: ctx.now,
    };
    sign_in.code = send(tx, factors, key, &sign_in, Sending { user, locale: begin.locale, resend: false }, ctx).await?;
    sign_in_store::save(tx, &sign_in).await?;
    Ok(sign_in)
}

async fn may_prove(tx: &mut Tx, purpose: Purpose, user: &User, now: Timestamp) -> db::Result<bool> {
    match purpose {
        Purpose::SignIn | Purpose::Recovery => start::is_usable(tx, user, now).await,
        Purpose::Activation => Ok(user.status(now) == Status::New),
    }
}

struct Sending<'a> {
    user: Option<&'a User>,
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
    let number = sending.user.and_then(|user| user.phone.as_ref());
    let number_key = Digest::of(number.map_or(of.account.as_bytes(), |number| number.as_str().as_bytes()));
    let stopped = match sending.user {
        Some(user) => phone_store::is_stopped(tx, user.id).await?,
        None => false,
    };
    let budget = !is_spent(tx, factors, &[of.account, number_key], sending.resend, ctx.now).await?;
    for key in [of.account, number_key] {
        phone_store::insert_send(tx, ctx.uuid(), &key, sending.resend, ctx.now).await?;
    }
    let channel = match of.channel {
        PhoneChannel::Sms => outbox::Channel::Sms,
        PhoneChannel::Voice => outbox::Channel::Voice,
    };
    let (channel, to, digest) = match number {
        Some(number) if budget && !stopped => (channel, number.as_str(), digest),
        _ => (outbox::Channel::Nothing, "", None),
    };
    outbox::enqueue(tx, channel, to, Some(sending.locale), &Message::SecurityCode { code }, ctx).await?;
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

/// A further code by this channel; the one before is void at once (E25, E26).
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
    let user = match sign_in.user {
        Some(id) => user::store::find(tx, id).await?,
        None => None,
    };
    let keys = [sign_in.account];
    if is_spent(tx, factors, &keys, true, ctx.now).await? {
        return Ok(Err(NoResend::TooMany));
    }
    sign_in.channel = channel;
    let code = send(tx, factors, key, &sign_in, Sending { user: user.as_ref(), locale, resend: true }, ctx).await?;
    sign_in.resend(channel, code, ctx.now);
    sign_in_store::save(tx, &sign_in).await?;
    Ok(Ok(sign_in))
}

/// A code to be compared.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The sign-in of the form.
    pub sign_in: SignInId,
    /// The browser.
    pub browser: &'a Digest,
    /// As typed.
    pub code: &'a str,
}

/// What came of the comparison.
#[derive(Debug)]
pub enum Compared {
    /// Right: the person, and the channel by which the code went. The sign-in is over.
    Right(Box<User>, PhoneChannel),
    /// Wrong, and counted.
    Wrong(Box<SignIn>),
    /// Nothing was compared.
    Over,
}

/// Counts first, then compares (AU-03). A right code works once (AU-04), for its own purpose, sign-in and browser (AU-05).
pub async fn compare(tx: &mut Tx, key: &[u8], asked: Asked<'_>, ctx: &Ctx) -> db::Result<Compared> {
    let Some(sign_in) = sign_in_store::raise(tx, asked.sign_in, asked.browser, ctx.now).await? else {
        return Ok(Compared::Over);
    };
    let Some(id) = sign_in.user.filter(|_| sign_in.purpose == asked.purpose) else {
        return Ok(Compared::Wrong(Box::new(sign_in)));
    };
    if !phone_store::raise(tx, id).await? {
        return Ok(Compared::Wrong(Box::new(sign_in)));
    }
    let entered = phone_code::canonical(asked.code).and_then(|code| phone_code::digest(key, sign_in.id, &code));
    let right = matches!((entered, sign_in.code), (Some(entered), Some(code)) if entered == code);
    if !right {
        return Ok(Compared::Wrong(Box::new(sign_in)));
    }
    // A change of credentials, a block or an expiry since the password was checked ends it here (AU-28, AU-40).
    let user = user::store::find(tx, id).await?.filter(|user| user.epoch == sign_in.user_epoch);
    let Some(user) = user else { return Ok(Compared::Over) };
    if !may_prove(tx, asked.purpose, &user, ctx.now).await? || !sign_in_store::end(tx, sign_in.id, ctx.now).await? {
        return Ok(Compared::Over);
    }
    phone_store::reset(tx, id).await?;
    Ok(Compared::Right(Box::new(user), sign_in.channel))
}

/// Whether a sign-in may still be answered.
pub fn is_open(sign_in: &SignIn, now: Timestamp) -> bool {
    matches!(sign_in.stage(now), Stage::AwaitingCode | Stage::CodeSpent)
}
