//! Step one in a browser that may be remembered: there the password is all that is asked for, unless something asks for both factors (ADR
//! 0019). Whoever does not hold the secret of the account meets the same steps as everywhere, whatever they hold (AU-10, AU-23).

use crate::db::{self, Db, transact};
use crate::directory::organisation::sign_in_rules_store;
use crate::directory::user::{self, model::PasswordStatus};
use crate::factors::{Factors, remembered};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

use super::model::{ACR_ONE_FACTOR, Settings};
use super::start::{self, Credentials, Origin, Proof, StartError};

/// The browser in which somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub user_agent: &'a str,
    /// The session it had.
    pub previous: Option<&'a Digest>,
    /// The secret by which it is remembered, if it holds one and no more than the password is needed.
    pub secret: Option<&'a Digest>,
}

/// The cookie of a session, if the browser is remembered; `None` where a code is asked for, as in [`start::start`].
pub async fn start(
    db: &Db,
    factors: &Factors,
    settings: &Settings,
    (given, from): (Credentials<'_>, Browser<'_>),
    ctx: &Ctx,
) -> Result<Option<Token>, StartError> {
    // Looked for before anything is known about the password, so that a secret of one's own tells nothing about others.
    let device = match from.secret.filter(|_| !factors.remember_for.is_zero()) {
        Some(secret) => remembered::store::find(&mut db.reader().await?, secret).await?.map(|device| (device, secret)),
        None => None,
    };
    let judged = start::judge(db, factors, given, ctx).await?;
    let user = judged.user.as_ref().filter(|_| judged.right).map(|user| user.id);
    if let (Some((device, secret)), Some(user)) = (device, user)
        && device.user == user
        && let Some(cookie) = open(db, factors, settings, (user, secret, given, from), ctx).await?
    {
        return Ok(Some(cookie));
    }
    start::ask(db, factors, (given, judged), ctx).await?;
    Ok(None)
}

/// Opens the session, if the secret still counts and nothing about the account asks for more. Codes that are stopped stay so.
async fn open(
    db: &Db,
    factors: &Factors,
    settings: &Settings,
    (user, secret, given, from): (UserId, &Digest, Credentials<'_>, Browser<'_>),
    ctx: &Ctx,
) -> db::Result<Option<Token>> {
    transact!(db, tx => {
        let found = user::store::find(tx, user).await?.filter(|user| user.is_usable(ctx.now));
        let Some(user) = found else { return Ok(None) };
        let expired = user.password_status(factors.passwords.standard.expired_since(ctx.now)) == PasswordStatus::Expired;
        if expired || !start::is_at_work(tx, &user).await? {
            return Ok(None);
        }
        // A level that asks its people for more than any two factors asks for them each time (ADR 0020).
        if sign_in_rules_store::asked_of(tx, user.organisation).await? > Strength::Any {
            return Ok(None);
        }
        let Some(since) = remembered::judge(tx, factors, (&user, secret), ctx).await? else { return Ok(None) };
        let proof = Proof {
            amr: vec!["pwd".to_owned()],
            acr: ACR_ONE_FACTOR,
            second_factor_at: Timestamp(0),
            remembered_since: Some(since),
        };
        let origin = Origin {
            browser: given.browser,
            user_agent: from.user_agent,
            locale: given.locale,
            previous: from.previous,
        };
        let (_, cookie) = start::open(tx, settings, &user, (proof, origin), ctx).await?;
        Ok(Some(cookie))
    })
}
