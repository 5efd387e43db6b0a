//! Another phone number of one's own: both factors proved a moment ago, the new number proved by a code to it, notice to
//! the old and the new one (AU-14, NIST SP 800-63B-4: binding a new authenticator).

use std::fmt;

use crate::db::{self, Tx};
use crate::directory::user::contact;
use crate::directory::user::error::UserError;
use crate::directory::user::model::User;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::SignInId;
use crate::kernel::secret::Digest;
use crate::kernel::text::PhoneNumber;
use crate::sessions::Session;
use crate::sessions::code::{self, Begin};
use crate::sessions::compare::{Asked, Compared, compare};
use crate::sessions::sign_in::{Purpose, SignIn};

use super::Factors;

/// Why no code is sent to a new number.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Both factors were not proved a moment ago: step up first.
    #[error("prove both factors again")]
    Stale,
    /// This installation does not write to such numbers (AU-09).
    #[error("this number cannot be used here")]
    NotAccepted,
    /// It is the number already.
    #[error("this is the number already")]
    Same,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Who asks, from where.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The person.
    pub user: &'a User,
    /// Their session.
    pub session: &'a Session,
    /// The browser.
    pub browser: &'a Digest,
    /// The language of the page.
    pub locale: &'a str,
}

/// Sends a code to the new number; nothing has changed yet.
pub async fn ask(
    tx: &mut Tx,
    (factors, key): (&Factors, &[u8]),
    asking: Asking<'_>,
    number: &PhoneNumber,
    ctx: &Ctx,
) -> Result<SignIn, AskError> {
    if !asking.session.is_fresh(ctx.now) {
        return Err(AskError::Stale);
    }
    if !factors.numbers.accepts(number) {
        return Err(AskError::NotAccepted);
    }
    if asking.user.phone.as_ref() == Some(number) {
        return Err(AskError::Same);
    }
    let email = asking.user.email.as_ref().map(crate::kernel::text::EmailAddress::folded).unwrap_or_default();
    let begin = Begin {
        purpose: Purpose::NewPhone,
        email: &email,
        user: Some(asking.user),
        right: true,
        tried: "",
        number: Some(number),
        browser: asking.browser,
        locale: asking.locale,
    };
    Ok(code::begin(tx, factors, key, begin, ctx).await?)
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
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The new number is the number.
    Done,
    /// The code was wrong, and counted.
    Wrong,
    /// The code can no longer be used.
    Over,
}

/// The code that went to the new number: if it is right, the number changes.
pub async fn confirm(
    tx: &mut Tx,
    codes: (&Factors, &[u8]),
    user: &User,
    answer: Answer<'_>,
    ctx: &Ctx,
) -> db::Result<Changed> {
    let asked =
        Asked { purpose: Purpose::NewPhone, sign_in: answer.sign_in, browser: answer.browser, code: answer.code };
    let (owner, sign_in, _) = match compare(tx, codes, asked, ctx).await? {
        Compared::Right(found) => *found,
        Compared::Wrong(_) => return Ok(Changed::Wrong),
        Compared::Over => return Ok(Changed::Over),
    };
    let (Some(number), true) = (&sign_in.number, owner.id == user.id) else { return Ok(Changed::Over) };
    match contact::set_own_phone(tx, &owner, number, ctx).await {
        Ok(_) => Ok(Changed::Done),
        Err(UserError::Db(error)) => Err(error),
        Err(_) => Ok(Changed::Over),
    }
}
