//! From e-mail and password to a session. An address nobody has, a wrong password and an account out of use are led
//! through the same steps with the same work; only no code is right (AU-10, AU-23).

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Db, Tx, transact};
use crate::directory::organisation;
use crate::directory::user::{self, model::User};
use crate::factors::password::{MAX_BYTES, PasswordError};
use crate::factors::phone_code::PhoneChannel;
use crate::factors::{Factors, password_store, phone_store, throttle_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SessionId, SignInId};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::code::{self, Begin};
use super::model::{ACR_TWO_FACTORS, Session, Settings};
use super::sign_in::{Purpose, SignIn};
use super::{sign_in_store, store};

/// Why a sign-in did not begin. None of these tells whether the account exists.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Too many failures; nothing was compared. When to try again.
    #[error("too many failures")]
    Throttled(Timestamp),
    /// A password longer than any can be (AU-25).
    #[error("the password is too long")]
    TooLong,
    /// The server is busy; nothing was counted.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What a browser gave in step one.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// E-mail as typed.
    pub email: &'a str,
    /// Password as typed; every byte counts.
    pub password: &'a str,
    /// The browser.
    pub browser: &'a Digest,
    /// The language of the page, for the message.
    pub locale: &'a str,
}

/// Step one: counts, compares, and begins the sign-in of this browser (E20).
pub async fn start(db: &Db, factors: &Factors, given: Credentials<'_>, ctx: &Ctx) -> Result<(), StartError> {
    if given.password.len() > MAX_BYTES {
        return Err(StartError::TooLong);
    }
    let slot = factors.hasher.reserve().await?;
    let email = fold(given.email);
    let account = Digest::of(email.as_bytes());
    let known = transact!(db, tx => admit(tx, &email, &account, ctx).await)?;
    let (user, hash) = match known {
        Admitted::Refused(until) => return Err(StartError::Throttled(until)),
        Admitted::Compare(user, hash) => (user, hash),
    };
    let right = factors.hasher.verify(slot, given.password, hash.as_deref()).await?;
    let key = factors.key(db, ctx).await?;
    let begin = Begin {
        purpose: Purpose::SignIn,
        email: &email,
        user: user.as_deref(),
        right,
        browser: given.browser,
        locale: given.locale,
    };
    transact!(db, tx => code::begin(tx, factors, key, begin, ctx).await)?;
    Ok(())
}

/// Whether a password may be compared, and with what.
enum Admitted {
    Refused(Timestamp),
    Compare(Option<Box<User>>, Option<String>),
}

async fn admit(tx: &mut Tx, email: &str, account: &Digest, ctx: &Ctx) -> db::Result<Admitted> {
    if let Some(until) = throttle_store::raise(tx, throttle_store::PASSWORD, account, ctx.now).await? {
        return Ok(Admitted::Refused(until));
    }
    let Some(user) = user::store::find_by_email(tx, email).await? else { return Ok(Admitted::Compare(None, None)) };
    let hash = password_store::find(tx, user.id).await?;
    Ok(Admitted::Compare(Some(Box::new(user)), hash))
}

/// What came of an entered code.
#[derive(Debug)]
pub enum Proved {
    /// Signed in: the session and its cookie.
    SignedIn(Box<Session>, Token),
    /// Wrong; the sign-in as it stands now.
    Wrong(SignIn),
    /// Nothing to try: expired, exhausted, another tab's, somebody else's, or none.
    Over,
}

/// What a browser gave in step two.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The sign-in of the form.
    pub sign_in: SignInId,
    /// The browser.
    pub browser: &'a Digest,
    /// The code as typed.
    pub code: &'a str,
    /// What the browser calls itself.
    pub user_agent: &'a str,
    /// The language of the sign-in.
    pub locale: &'a str,
    /// The session this browser had; it ends (SE-01).
    pub previous: Option<&'a Digest>,
}

/// Step two: the code. A right one ends the sign-in and opens a session with a new id (SE-01).
pub async fn prove(
    db: &Db,
    factors: &Factors,
    settings: &Settings,
    answer: Answer<'_>,
    ctx: &Ctx,
) -> db::Result<Proved> {
    let key = factors.key(db, ctx).await?;
    transact!(db, tx => {
        let asked = code::Asked { purpose: Purpose::SignIn, sign_in: answer.sign_in, browser: answer.browser, code: answer.code };
        match code::compare(tx, key, asked, ctx).await? {
            code::Compared::Over => Ok(Proved::Over),
            code::Compared::Wrong(sign_in) => Ok(Proved::Wrong(*sign_in)),
            code::Compared::Right(user, channel) => {
                let (session, cookie) = open(tx, settings, &user, channel, answer, ctx).await?;
                Ok(Proved::SignedIn(Box::new(session), cookie))
            }
        }
    })
}

async fn open(
    tx: &mut Tx,
    settings: &Settings,
    user: &User,
    channel: PhoneChannel,
    answer: Answer<'_>,
    ctx: &Ctx,
) -> db::Result<(Session, Token)> {
    // AU-12, E27: only now does the chosen channel become the default.
    phone_store::save_channel(tx, user.id, channel).await?;
    if let Some(email) = &user.email {
        throttle_store::remove(tx, throttle_store::PASSWORD, &Digest::of(email.folded().as_bytes())).await?;
    }
    user::store::save_sign_in(tx, user.id, ctx.now).await?;
    let session = Session {
        id: SessionId(ctx.uuid()),
        user: user.id,
        auth_time: ctx.now,
        second_factor_at: ctx.now,
        amr: vec!["pwd".to_owned(), channel.amr().to_owned(), "mfa".to_owned()],
        acr: ACR_TWO_FACTORS.to_owned(),
        locale: Some(answer.locale.to_owned()),
        user_agent: answer.user_agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        ip: ctx.ip.map(|ip| ip.to_string()),
        created_at: ctx.now,
        last_seen_at: ctx.now,
        expires_at: ctx.now.plus(settings.absolute()),
    };
    if let Some(previous) = answer.previous {
        store::end_cookie(tx, previous, ctx.now).await?;
    }
    let cookie = Token::generate(&ctx.entropy);
    store::insert(tx, &session, &cookie.digest(), user.epoch, settings).await?;
    let ctx = ctx.clone().acting_as(crate::kernel::ids::PrincipalId::Person(user.id));
    audit::record(tx, &ctx, None, Event::new(Kind::SignedIn, Subject::User(user.id)).within(user.organisation)).await?;
    Ok((session, cookie))
}

/// Whether somebody may sign in: the account is in use and so is every organisation above it.
pub(super) async fn is_usable(tx: &mut Tx, user: &User, now: Timestamp) -> db::Result<bool> {
    let home = organisation::store::find_effective_status(tx, user.organisation).await?;
    Ok(user.is_usable(now) && home == Some(organisation::model::Status::Active))
}

/// The sign-in under way in a browser.
pub async fn find(tx: &mut Tx, browser: &Digest) -> db::Result<Option<SignIn>> {
    sign_in_store::find(tx, browser).await
}
