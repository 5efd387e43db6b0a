//! A sign-in by password alone, for the applications of test suites in conformance mode (`decisions.md` 26). It opens a session that enters
//! nothing else ([`Session::has_two_factors`]).

use crate::db::{self, Db, transact};
use crate::factors::Factors;
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;

use super::model::{ACR_ONE_FACTOR, Session, Settings};
use super::start::{self, Credentials, Origin, Proof, StartError};

/// The browser in which somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub user_agent: &'a str,
    /// The session it had.
    pub previous: Option<&'a Digest>,
}

/// The session and its cookie; `None` if the password was wrong or the account cannot be used. Passwords are counted as anywhere else
/// (AU-22).
pub async fn sign_in(
    db: &Db,
    factors: &Factors,
    settings: &Settings,
    (given, from): (Credentials<'_>, Browser<'_>),
    ctx: &Ctx,
) -> Result<Option<(Session, Token)>, StartError> {
    let judged = start::judge(db, factors, given, ctx).await?;
    let Some(user) = judged.user.filter(|user| judged.right && user.is_usable(ctx.now)) else { return Ok(None) };
    let opened: db::Result<Option<(Session, Token)>> = transact!(db, tx => {
        if !start::is_at_work(tx, &user).await? {
            return Ok(None);
        }
        let proof = Proof { amr: vec!["pwd".to_owned()], acr: ACR_ONE_FACTOR, second_factor_at: Timestamp(0), remembered_since: None };
        let (browser, locale) = (given.browser, given.locale);
        let origin = Origin { browser, user_agent: from.user_agent, locale, previous: from.previous };
        Ok(Some(start::open(tx, settings, &user, (proof, origin), ctx).await?))
    });
    Ok(opened?)
}
