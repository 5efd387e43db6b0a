//! Taking back what a client holds (RFC 7009): a refresh token with all of its grant, an access token by itself.

use serde_json::json;

use super::access_token::AccessClaims;
use super::family::RevokedFor;
use super::family_store::Granted;
use super::{family_store, revoked_store};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{EnvironmentId, PrincipalId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// What came of it. To whoever asked it is all the same (RFC 7009 §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It works no more.
    Done,
    /// There is no such token, or it did not work before.
    Nothing,
    /// It is another client's, and works on (OA-32).
    Foreign,
}

/// The grant that a refresh token stands for, if the token would work: not used up, not expired, not revoked. With its person as they are
/// for the application of an environment.
pub async fn grant_of_refresh(
    tx: &mut Tx,
    digest: &Digest,
    environment: Option<EnvironmentId>,
    now: Timestamp,
) -> db::Result<Option<Granted>> {
    let found = family_store::find_refresh(tx, digest, environment, now).await?;
    let found = found.filter(|found| found.used_at.is_none());
    Ok(found.map(|found| found.granted).filter(|granted| granted.family.is_live(now)))
}

/// Ends the grant of a refresh token and with it every token of the grant (RFC 7009 §2.1). One that was rotated away ends it, too: its
/// client wants nothing more of it, whichever it has at hand.
pub async fn refresh_token(tx: &mut Tx, digest: &Digest, by: &Client, ctx: &Ctx) -> db::Result<Revoked> {
    let found = family_store::find_refresh(tx, digest, by.environment, ctx.now).await?;
    let Some(Granted { family, .. }) = found.map(|found| found.granted) else { return Ok(Revoked::Nothing) };
    if family.client != by.id {
        return Ok(Revoked::Foreign);
    }
    if !family.is_live(ctx.now) || !family_store::save_revoked(tx, family.id, RevokedFor::Client, ctx.now).await? {
        return Ok(Revoked::Nothing);
    }
    record(tx, Subject::User(family.user), "refresh_token", by, ctx).await
}

/// Takes back one access token; the grant that it came from goes on.
pub async fn access_token(tx: &mut Tx, claims: &AccessClaims, by: &Client, ctx: &Ctx) -> db::Result<Revoked> {
    if claims.client_id != by.client_id {
        return Ok(Revoked::Foreign);
    }
    if !revoked_store::insert(tx, &claims.jti, Timestamp::from_seconds(claims.exp)).await? {
        return Ok(Revoked::Nothing);
    }
    let person = match claims.family {
        Some(family) => family_store::find(tx, family).await?.map(|family| family.user),
        None => None,
    };
    record(tx, person.map_or(Subject::Client(by.id), Subject::User), "access_token", by, ctx).await
}

async fn record(tx: &mut Tx, of: Subject, what: &str, by: &Client, ctx: &Ctx) -> db::Result<Revoked> {
    let ctx = ctx.clone().acting_as(PrincipalId::Service(by.id));
    let event = Event::new(Kind::TokenRevoked, of).with(json!({ "client": by.id, "token": what }));
    audit::record(tx, &ctx, None, event).await?;
    Ok(Revoked::Done)
}
