//! Answers that nobody compared, in the audit log: a code for a sign-in that is over, a password while one has to wait. Of a
//! flood only how large it is. The same work whether anybody has this address and whatever the password was (AU-10, AU-23).

use serde_json::{Value, json};
use uuid::Uuid;

use super::code::event;
use super::sign_in_store;
use crate::audit::{self, Kind};
use crate::db::{self, Db, transact};
use crate::directory::user;
use crate::factors::Factors;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SignInId, UserId};
use crate::kernel::secret::Digest;

/// A code that was typed for a sign-in of this browser, or of none, that could no longer be answered.
pub async fn record_over(db: &Db, factors: &Factors, (id, browser): (SignInId, &Digest), ctx: &Ctx) -> db::Result<()> {
    let found = sign_in_store::find_of_browser(&mut db.reader().await?, id, browser).await?;
    let account = found.as_ref().and_then(|sign_in| key(&sign_in.account));
    let Some(times) = factors.refusals.count(account, "over", ctx.now) else { return Ok(()) };
    // Of a sign-in that is not there only that: its id is whatever the sender wrote.
    let id = found.as_ref().map_or(SignInId(Uuid::nil()), |sign_in| sign_in.id);
    let owner = found.as_ref().and_then(|sign_in| sign_in.user).unwrap_or(UserId(Uuid::nil()));
    let purpose = found.as_ref().map(|sign_in| sign_in.purpose.as_str());
    transact!(db, tx => {
        let user = user::store::find(tx, owner).await?;
        let event = event(Kind::SignInFailed, id, user.as_ref());
        audit::record(tx, ctx, None, event.with(details(purpose, "the sign-in was over", times))).await
    })
}

/// A password that was given while wrong ones before it are waited for, by whoever gave it.
pub(super) async fn record_waiting(
    db: &Db,
    factors: &Factors,
    (email, account): (&str, &Digest),
    ctx: &Ctx,
) -> db::Result<()> {
    let Some(times) = factors.refusals.count(key(account), "waiting", ctx.now) else { return Ok(()) };
    transact!(db, tx => {
        let user = user::store::find_by_email(tx, email).await?;
        let event = event(Kind::Throttled, SignInId(Uuid::nil()), user.as_ref());
        audit::record(tx, ctx, None, event.with(details(None, "tried again too soon", times))).await
    })
}

fn key(account: &Digest) -> Option<Uuid> {
    account.as_bytes().get(..16).and_then(|bytes| Uuid::from_slice(bytes).ok())
}

fn details(purpose: Option<&str>, reason: &str, times: u64) -> Value {
    json!({ "purpose": purpose, "reason": reason, "times": times })
}
