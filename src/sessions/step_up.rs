//! Proving both factors again in a session: before one's own credentials are changed (AU-14), and where a decision asks
//! for it. The session keeps its id and gets a new cookie (SE-01); the counters are those of signing in (AU-22).

use std::fmt;

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Db, Tx, transact};
use crate::directory::user::model::User;
use crate::factors::Factors;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, SignInId};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::strength::Strength;

use super::code::{self, Begin};
use super::compare::{Asked, Compared, compare};
use super::model::{ACR_TWO_FACTORS, Session, Settings};
use super::sign_in::{Purpose, SignIn};
use super::start::{self, StartError};
use super::{refused, store};

/// The password once more: counted, compared, and if it is right a code is on its way. `false` if it is wrong.
pub async fn begin(
    db: &Db,
    factors: &Factors,
    user: &User,
    (password, browser, locale): (&str, &Digest, &str),
    ctx: &Ctx,
) -> Result<bool, StartError> {
    let Some(email) = &user.email else { return Ok(false) };
    if !start::recheck(db, factors, user, (password, browser), ctx).await? {
        return Ok(false);
    }
    let (key, email) = (factors.key(db, ctx).await?, email.folded());
    let begin = Begin {
        purpose: Purpose::StepUp,
        email: &email,
        user: Some(user),
        right: true,
        tried: "",
        number: None,
        browser,
        locale,
    };
    transact!(db, tx => code::begin(tx, factors, key, begin, ctx).await)?;
    Ok(true)
}

/// What a browser gave.
#[derive(Clone, Copy)]
pub struct Answer<'a> {
    /// The sign-in of the form.
    pub sign_in: SignInId,
    /// The browser.
    pub browser: &'a Digest,
    /// The code as typed.
    pub code: &'a str,
    /// The cookie that stands for the session until now.
    pub cookie: &'a Digest,
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Debug)]
pub enum SteppedUp {
    /// The new cookie of the session; the old one is nothing any more.
    Done(Token),
    /// Wrong, and counted.
    Wrong(Box<SignIn>),
    /// Right, and weaker than how the session was opened: that stays as it is.
    Weaker,
    /// Nothing to try.
    Over,
}

/// The code: if it is right, both factors count as proved now.
pub async fn prove(
    db: &Db,
    factors: &Factors,
    settings: &Settings,
    (session, answer): (&Session, Answer<'_>),
    ctx: &Ctx,
) -> db::Result<SteppedUp> {
    let key = factors.key(db, ctx).await?;
    let proved: db::Result<SteppedUp> = transact!(db, tx => {
        let asked = Asked { purpose: Purpose::StepUp, sign_in: answer.sign_in, browser: answer.browser, code: answer.code };
        let (user, _, means) = match compare(tx, (factors, key), asked, ctx).await? {
            Compared::Right(found) => *found,
            Compared::Wrong(sign_in) => return Ok(SteppedUp::Wrong(sign_in)),
            Compared::Over => return Ok(SteppedUp::Over),
        };
        if user.id != session.user {
            return Ok(SteppedUp::Over);
        }
        // Roles of the session may stand on how it was opened: it does not become weaker.
        if Strength::of_amr(means.amr().iter().map(String::as_str)) < session.strength() {
            return Ok(SteppedUp::Weaker);
        }
        let proved = (means.amr(), ACR_TWO_FACTORS);
        let kept = keep(tx, settings, (session, answer.cookie), (&user, answer.browser, proved), ctx).await?;
        Ok(kept.map_or(SteppedUp::Over, SteppedUp::Done))
    });
    let proved = proved?;
    if matches!(proved, SteppedUp::Over) {
        refused::record_over(db, factors, (answer.sign_in, answer.browser), ctx).await?;
    }
    Ok(proved)
}

/// Both factors were proved like this: the session says so, and gets another cookie (SE-01). `None` if it has ended meanwhile.
pub(super) async fn keep(
    tx: &mut Tx,
    settings: &Settings,
    (session, old): (&Session, &Digest),
    (user, browser, (amr, acr)): (&User, &Digest, (Vec<String>, &str)),
    ctx: &Ctx,
) -> db::Result<Option<Token>> {
    let fresh = Session {
        auth_time: ctx.now,
        second_factor_at: ctx.now,
        amr,
        acr: acr.to_owned(),
        remembered_since: None,
        ..session.clone()
    };
    let cookie = Token::generate(&ctx.entropy);
    if !store::save_stepped_up(tx, &fresh, (old, &cookie.digest()), settings).await? {
        return Ok(None);
    }
    start::remember(tx, user, browser, ctx).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::SteppedUp, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, &own, None, event).await?;
    Ok(Some(cookie))
}
