//! From e-mail and password to a session. An address nobody has, a wrong password and an account out of use are led
//! through the same steps with the same work; only no code is right (AU-10, AU-23).

use std::fmt;
use std::time::Duration;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Db, Tx, transact};
use crate::directory::organisation;
use crate::directory::user::model::{PasswordStatus, User};
use crate::directory::user::{self, contact, signing_in_store};
use crate::factors::means::Means;
use crate::factors::password::{MAX_BYTES, PasswordError, is_ours};
use crate::factors::phone_code::tried_digest;
use crate::factors::{Factors, known_store, links, password_store, phone_store, remembered, throttle_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SessionId, SignInId, UserId};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::code::{self, Begin};
use super::model::{ACR_TWO_FACTORS, Session, Settings};
use super::sign_in::{Purpose, SignIn};
use super::{browser_store, compare, end, refused, sign_in_store, store};

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
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// E-mail address or user name as typed.
    pub email: &'a str,
    /// Password as typed; every byte counts.
    pub password: &'a str,
    /// The browser.
    pub browser: &'a Digest,
    /// The language of the page, for the message.
    pub locale: &'a str,
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Step one: counts, compares, and begins the sign-in of this browser (E20).
pub async fn start(db: &Db, factors: &Factors, given: Credentials<'_>, ctx: &Ctx) -> Result<(), StartError> {
    let judged = judge(db, factors, given, ctx).await?;
    ask(db, factors, (given, judged), ctx).await
}

/// Begins the sign-in, and asks for a code.
pub(super) async fn ask(
    db: &Db,
    factors: &Factors,
    (given, judged): (Credentials<'_>, Judged),
    ctx: &Ctx,
) -> Result<(), StartError> {
    let key = factors.key(db, ctx).await?;
    // What is shown to a stranger depends on what was typed and not on whose it is: a name and an address of one person look like two.
    let tried = Zeroizing::new(format!("{}\0{}", fold(given.email), given.password));
    let begin = Begin {
        purpose: Purpose::SignIn,
        email: &judged.email,
        user: judged.user.as_deref(),
        right: judged.right,
        tried: &tried,
        number: None,
        browser: given.browser,
        locale: given.locale,
    };
    transact!(db, tx => code::begin(tx, factors, key, begin, ctx).await)?;
    Ok(())
}

/// A password that was compared.
pub(super) struct Judged {
    /// The folded address.
    email: String,
    /// Whose address it is.
    pub(super) user: Option<Box<User>>,
    /// Whether it was the password.
    pub(super) right: bool,
}

/// Counts a password, then compares it: the one way in, whatever it is asked for (AU-22).
pub(super) async fn judge(db: &Db, factors: &Factors, given: Credentials<'_>, ctx: &Ctx) -> Result<Judged, StartError> {
    if given.password.len() > MAX_BYTES {
        return Err(StartError::TooLong);
    }
    let slot = factors.hasher.reserve().await?;
    let stand_in = factors.stand_in(db).await?;
    let email = address(db, given.email, stand_in).await?;
    let account = Digest::of(email.as_bytes());
    let tried = tried_digest(factors.key(db, ctx).await?, given.password);
    let suspected = factors.detector.suspects(ctx.ip, &tried, ctx.now).map(|wait| ctx.now.plus(wait));
    let browser = known_store::digest(&account, given.browser);
    let asked = Asked { email: &email, stand_in, account, browser, suspected };
    let (user, hash) = match transact!(db, tx => admit(tx, asked, factors.cooling_off, ctx).await)? {
        Admitted::Refused(until) => {
            refused::record_waiting(db, factors, (&email, &account), ctx).await?;
            return Err(StartError::Throttled(until));
        }
        Admitted::Compare(user, hash) => (user, hash),
    };
    let decoy = factors.schemes.decoy(db, factors.key(db, ctx).await?, &account, ctx.now).await?;
    if hash.as_deref().is_some_and(|stored| !is_ours(stored)) {
        factors.schemes.note_foreign();
    }
    let compared = hash.as_deref().or(decoy.as_deref());
    let right = factors.hasher.verify(slot, given.password, compared).await? && hash.is_some();
    if let Some(stored) = compared.filter(|stored| !is_ours(stored)) {
        let owner = user.as_ref().filter(|_| right).map(|user| user.id);
        rehash(db, factors, owner, (given.password, stored), ctx).await?;
    }
    if !right {
        factors.detector.failed(ctx.ip, &tried, ctx.now);
    }
    Ok(Judged { email, user, right })
}

/// Replaces a hash that is not of our making, of whoever has just proved the password. The same work if nobody has (AU-10).
async fn rehash(
    db: &Db,
    factors: &Factors,
    owner: Option<UserId>,
    (password, stored): (&str, &str),
    ctx: &Ctx,
) -> Result<(), StartError> {
    // Where too many wait it is done the next time.
    let Ok(slot) = factors.hasher.reserve().await else { return Ok(()) };
    let fresh = factors.hasher.hash(slot, password, ctx.entropy.bytes()).await?;
    let owner = owner.unwrap_or(UserId(Uuid::nil()));
    Ok(transact!(db, tx => password_store::replace(tx, owner, (stored, &fresh)).await)?)
}

/// The address that stands for what was typed, which may be a user name; what is no user name, or that of somebody without an address,
/// stands for itself. All that follows counts and compares by the address, so that a name is no second set of tries.
async fn address(db: &Db, typed: &str, stand_in: UserId) -> db::Result<String> {
    let typed = fold(typed);
    let user = signing_in_store::find_by_user_name(&mut db.reader().await?, &typed, stand_in).await?;
    Ok(user.and_then(|user| user.email).map_or(typed, |email| email.folded()))
}

/// The password of somebody who is signed in, on the same counters as everybody's (AU-22).
pub async fn recheck(
    db: &Db,
    factors: &Factors,
    user: &User,
    (password, browser): (&str, &Digest),
    ctx: &Ctx,
) -> Result<bool, StartError> {
    let Some(email) = &user.email else { return Ok(false) };
    let given = Credentials { email: email.as_str(), password, browser, locale: "" };
    let judged = judge(db, factors, given, ctx).await?;
    let is_right = judged.right && judged.user.is_some_and(|found| found.id == user.id);
    if is_right {
        // A session and the password: as after both factors, wrong ones before are forgotten.
        let account = Digest::of(judged.email.as_bytes());
        let known = known_store::digest(&account, browser);
        transact!(db, tx => {
            let (kind, key) = counter(known_store::is_known(tx, &known).await?, &account, &known);
            throttle_store::remove(tx, kind, &key).await
        })?;
    }
    Ok(is_right)
}

#[derive(Clone, Copy)]
struct Asked<'a> {
    email: &'a str,
    /// Who is read where nobody has it.
    stand_in: UserId,
    account: Digest,
    /// Account and browser as one.
    browser: Digest,
    /// Looks like one of a list, until then (AU-20).
    suspected: Option<Timestamp>,
}

/// Whether a password may be compared, and with what.
enum Admitted {
    Refused(Timestamp),
    Compare(Option<Box<User>>, Option<String>),
}

/// A browser in which the owner has signed in before is neither held up by strangers' tries (AU-19) nor suspected.
async fn admit(tx: &mut Tx, asked: Asked<'_>, cooling_off: Duration, ctx: &Ctx) -> db::Result<Admitted> {
    let known = known_store::is_known(tx, &asked.browser).await?;
    if let Some(until) = asked.suspected.filter(|_| !known) {
        return Ok(Admitted::Refused(until));
    }
    let (kind, key) = counter(known, &asked.account, &asked.browser);
    if let Some(until) = throttle_store::raise(tx, kind, &key, ctx.now).await? {
        return Ok(Admitted::Refused(until));
    }
    // An address whose time has come is in force, whether or not the job has been there (`decisions.md` 5).
    contact::settle_due_of(tx, asked.email, cooling_off, ctx).await?;
    let user = signing_in_store::find_by_email(tx, asked.email, asked.stand_in).await?;
    let hash = password_store::find(tx, user.as_ref().map_or(UserId(Uuid::nil()), |user| user.id)).await?;
    Ok(Admitted::Compare(user.map(Box::new), hash))
}

/// Which counter of wrong passwords is meant.
fn counter(known: bool, account: &Digest, browser: &Digest) -> (&'static str, Digest) {
    if known { (throttle_store::PASSWORD_KNOWN, *browser) } else { (throttle_store::PASSWORD, *account) }
}

/// After both factors: wrong passwords are forgotten, the browser is remembered.
pub(super) async fn remember(tx: &mut Tx, user: &User, browser: &Digest, ctx: &Ctx) -> db::Result<()> {
    let Some(email) = &user.email else { return Ok(()) };
    let account = Digest::of(email.folded().as_bytes());
    let browser = known_store::digest(&account, browser);
    let (kind, key) = counter(known_store::is_known(tx, &browser).await?, &account, &browser);
    throttle_store::remove(tx, kind, &key).await?;
    known_store::save(tx, &browser, user.id, ctx.now).await
}

/// What came of an entered code.
#[derive(Debug)]
pub enum Proved {
    /// Signed in: the cookie of the session, and the secret of the browser if it is remembered from now on.
    SignedIn(Token, Option<Token>),
    /// Both factors were right, and the password has expired: the secret by which its owner chooses another one (I65).
    Expired(Token),
    /// Wrong; the sign-in as it stands now.
    Wrong(Box<SignIn>),
    /// Nothing to try: expired, exhausted, another tab's, somebody else's, or none.
    Over,
}

/// What a browser gave in step two.
#[derive(Clone, Copy)]
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
    /// Whether its owner wishes to be asked for no code here for some days.
    pub remember: bool,
    /// The secret by which the browser was remembered, if it was.
    pub remembered: Option<&'a Digest>,
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
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
    let proved: db::Result<Proved> = transact!(db, tx => {
        let asked = compare::Asked { purpose: Purpose::SignIn, sign_in: answer.sign_in, browser: answer.browser, code: answer.code };
        match compare::compare(tx, (factors, key), asked, ctx).await? {
            compare::Compared::Over => Ok(Proved::Over),
            compare::Compared::Wrong(sign_in) => Ok(Proved::Wrong(sign_in)),
            compare::Compared::Right(found) => {
                let (user, _, means) = *found;
                let expired = factors.passwords.standard.expired_since(ctx.now);
                if user.password_status(expired) == PasswordStatus::Expired {
                    return Ok(Proved::Expired(links::issue_to_browser(tx, user.id, answer.browser, ctx).await?));
                }
                // AU-12, E27: only now does the chosen channel become the default.
                match means {
                    Means::Phone(channel) => phone_store::save_channel(tx, user.id, channel).await?,
                    Means::App => phone_store::save_by_app(tx, user.id, true).await?,
                    Means::RecoveryCode => {}
                }
                let proof = Proof { amr: means.amr(), acr: ACR_TWO_FACTORS, second_factor_at: ctx.now, remembered_since: None };
                let Answer { browser, user_agent, locale, previous, .. } = answer;
                let from = Origin { browser, user_agent, locale, previous };
                let (session, cookie) = open(tx, settings, &user, (proof, from), ctx).await?;
                let Some(browser) = session.browser.as_ref().filter(|_| answer.remember) else {
                    return Ok(Proved::SignedIn(cookie, None));
                };
                let place = remembered::Place { browser, user_agent: &session.user_agent, previous: answer.remembered };
                let secret = remembered::remember(tx, factors, (&user, place), ctx).await?;
                Ok(Proved::SignedIn(cookie, secret))
            }
        }
    });
    let proved = proved?;
    if matches!(proved, Proved::Over) {
        refused::record_over(db, factors, (answer.sign_in, answer.browser), ctx).await?;
    }
    Ok(proved)
}

/// What was proved.
pub(super) struct Proof {
    pub(super) amr: Vec<String>,
    pub(super) acr: &'static str,
    pub(super) second_factor_at: Timestamp,
    /// Where the second factor was proved before, in this browser.
    pub(super) remembered_since: Option<Timestamp>,
}

/// Which browser a session is opened in.
pub(super) struct Origin<'a> {
    pub(super) browser: &'a Digest,
    pub(super) user_agent: &'a str,
    pub(super) locale: &'a str,
    pub(super) previous: Option<&'a Digest>,
}

/// Opens a session with a new id; the one that the browser had ends (SE-01).
pub(super) async fn open(
    tx: &mut Tx,
    settings: &Settings,
    user: &User,
    (proof, answer): (Proof, Origin<'_>),
    ctx: &Ctx,
) -> db::Result<(Session, Token)> {
    remember(tx, user, answer.browser, ctx).await?;
    user::store::save_sign_in(tx, user.id, ctx.now).await?;
    let session = Session {
        id: SessionId(ctx.uuid()),
        user: user.id,
        auth_time: ctx.now,
        second_factor_at: proof.second_factor_at,
        amr: proof.amr,
        acr: proof.acr.to_owned(),
        remembered_since: proof.remembered_since,
        browser: Some(browser_store::digest(user.id, answer.browser)),
        locale: Some(answer.locale.to_owned()),
        user_agent: answer.user_agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        ip: ctx.ip.map(|ip| ip.to_string()),
        created_at: ctx.now,
        last_seen_at: ctx.now,
        expires_at: ctx.now.plus(settings.absolute()),
    };
    let cookie = Token::generate(&ctx.entropy);
    store::insert(tx, &session, &cookie.digest(), user.epoch, settings).await?;
    browser_store::save_used(tx, &browser_store::digest(user.id, answer.browser), ctx.now).await?;
    if let Some(previous) = answer.previous {
        end::replace(tx, previous, &session, ctx).await?;
    }
    let ctx = ctx.clone().acting_as(crate::kernel::ids::PrincipalId::Person(user.id));
    let event = Event::new(Kind::SignedIn, Subject::User(user.id)).within(user.organisation);
    let event = match session.remembered_since {
        Some(since) => event.with(serde_json::json!({ "remembered_since": since })),
        None => event,
    };
    audit::record(tx, &ctx, None, event).await?;
    Ok((session, cookie))
}

/// Whether every organisation above somebody is in use.
pub(super) async fn is_at_work(tx: &mut Tx, user: &User) -> db::Result<bool> {
    let home = organisation::store::find_effective_status(tx, user.organisation).await?;
    Ok(home == Some(organisation::model::Status::Active))
}

/// The sign-in under way in a browser.
pub async fn find(tx: &mut Tx, browser: &Digest) -> db::Result<Option<SignIn>> {
    sign_in_store::find(tx, browser).await
}
