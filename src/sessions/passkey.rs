//! Signing in, and stepping up, by a passkey alone: with user verification it is both factors, bound to our origin (AU-33, AU-34).

use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Kind};
use crate::db::{self, Db, Tx, transact};
use crate::directory::user::{self, model::User};
use crate::factors::passkey::ceremony::Purpose;
use crate::factors::passkey::prove::{Answer, Judged, Right, judge};
use crate::factors::passkey::{RelyingParty, store as passkey_store};
use crate::factors::{Factors, phone_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::SignInId;
use crate::kernel::secret::{Digest, Token};

use super::model::{ACR_PHISHING_RESISTANT, Session, Settings};
use super::start::{self, Origin, Proof};
use super::step_up;

/// What the browser is, in which a session is opened.
#[derive(Clone, Copy, Debug)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub user_agent: &'a str,
    /// The language of the page.
    pub locale: &'a str,
    /// The session it had; it ends (SE-01).
    pub previous: Option<&'a Digest>,
}

/// What came of an answer.
#[derive(Debug)]
pub enum Proved {
    /// The cookie of the session.
    Done(Token),
    /// No account has this credential.
    Unknown(Vec<u8>),
    /// Not right, or an account that cannot be used: neither is told apart (AU-23).
    Refused,
    /// The page was open for too long, or was answered before.
    Over,
}

/// Opens a session for whoever answers.
pub async fn sign_in(
    db: &Db,
    (factors, party): (&Factors, &RelyingParty),
    settings: &Settings,
    (answer, from): (Answer<'_>, Browser<'_>),
    ctx: &Ctx,
) -> db::Result<Proved> {
    let judged = judge(&mut db.reader().await?, (party, &factors.vault), (Purpose::SignIn, None), answer, ctx).await?;
    let right = match right(db, factors, judged, ctx).await? {
        Ok(right) => right,
        Err(refused) => return Ok(refused),
    };
    transact!(db, tx => {
        let user = match admit(tx, &right, ctx).await? {
            Ok(user) => user,
            Err(refused) => return Ok(refused),
        };
        let proof = Proof { amr: amr(), acr: ACR_PHISHING_RESISTANT, second_factor_at: ctx.now, remembered_since: None };
        let origin = Origin {
            browser: answer.browser,
            user_agent: from.user_agent,
            locale: from.locale,
            previous: from.previous,
        };
        let (_, cookie) = start::open(tx, settings, &user, (proof, origin), ctx).await?;
        Ok(Proved::Done(cookie))
    })
}

/// Both factors again in a session of the same person; it gets a new cookie (SE-01).
pub async fn step_up(
    db: &Db,
    (factors, party): (&Factors, &RelyingParty),
    settings: &Settings,
    (session, cookie, answer): (&Session, &Digest, Answer<'_>),
    ctx: &Ctx,
) -> db::Result<Proved> {
    let whose = (Purpose::StepUp, Some(session.user));
    let judged = judge(&mut db.reader().await?, (party, &factors.vault), whose, answer, ctx).await?;
    let right = match right(db, factors, judged, ctx).await? {
        Ok(right) if right.passkey.user == session.user => right,
        Ok(_) => return Ok(Proved::Refused),
        Err(refused) => return Ok(refused),
    };
    transact!(db, tx => {
        let user = match admit(tx, &right, ctx).await? {
            Ok(user) => user,
            Err(refused) => return Ok(refused),
        };
        let proved = (amr(), ACR_PHISHING_RESISTANT);
        let kept = step_up::keep(tx, settings, (session, cookie), (&user, answer.browser, proved), ctx).await?;
        Ok(kept.map_or(Proved::Over, Proved::Done))
    })
}

/// RFC 8176 §2: possession of a key, a person who was there, and with the verification of that person two factors.
fn amr() -> Vec<String> {
    ["pop", "user", "mfa"].map(str::to_owned).to_vec()
}

/// What is right goes on; what is not is recorded.
async fn right(db: &Db, factors: &Factors, judged: Judged, ctx: &Ctx) -> db::Result<Result<Box<Right>, Proved>> {
    let (kind, passkey, outcome) = match judged {
        Judged::Right(right) => return Ok(Ok(right)),
        Judged::Over => return Ok(Err(Proved::Over)),
        Judged::Unknown(credential) => (Kind::SignInFailed, None, Proved::Unknown(credential)),
        Judged::Wrong(passkey, true) => (Kind::PasskeySuspected, Some(passkey), Proved::Refused),
        Judged::Wrong(passkey, false) => (Kind::SignInFailed, Some(passkey), Proved::Refused),
    };
    let account = passkey.as_ref().map(|passkey| passkey.user.0);
    let Some(times) = factors.refusals.count(account, "passkey", ctx.now) else { return Ok(Err(outcome)) };
    let recorded: db::Result<()> = transact!(db, tx => {
        let owner = match &passkey {
            Some(passkey) => user::store::find(tx, passkey.user).await?,
            None => None,
        };
        let event = super::code::event(kind, SignInId(Uuid::nil()), owner.as_ref());
        let details = json!({ "purpose": "sign_in", "reason": "passkey", "times": times });
        audit::record(tx, ctx, None, event.with(details)).await
    });
    recorded?;
    Ok(Err(outcome))
}

/// Uses the ceremony up, and reads whose passkey it is: in use, at an organisation in use.
async fn admit(tx: &mut Tx, right: &Right, ctx: &Ctx) -> db::Result<Result<User, Proved>> {
    let passkey = &right.passkey;
    if !right.ceremony.use_up(tx).await? {
        return Ok(Err(Proved::Over));
    }
    let found = user::store::find(tx, passkey.user).await?.filter(|user| user.is_usable(ctx.now));
    let Some(user) = found else { return Ok(Err(Proved::Refused)) };
    if !start::is_at_work(tx, &user).await? || !passkey_store::save_used(tx, passkey, right.counter, ctx.now).await? {
        return Ok(Err(Proved::Refused));
    }
    // A success by another factor lets codes be tried again (`decisions.md` 9).
    phone_store::reset(tx, user.id).await?;
    Ok(Ok(user))
}
