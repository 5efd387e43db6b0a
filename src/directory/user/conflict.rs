//! Names and addresses that are taken (E20, `decisions.md` 2, SC-08). That something is taken by somebody out of the
//! asker's sight is the one thing that a service is told of hidden people: each time is audited, and few are told in an hour.

use std::time::Duration;

use serde_json::json;

use super::condition::{Column, Condition};
use super::condition_store::{Prepared, UserList};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::{ApplicationScope, Scope};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ClientId, PrincipalId, UserId};

/// How often in an hour one client is told of somebody out of its sight.
pub const MAX_IN_AN_HOUR: i64 = 30;

/// How long a client that has been told so often waits at most.
pub const WINDOW: Duration = Duration::from_hours(1);

/// Who asks for names.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Through which client; it is the client that is counted.
    pub client: ClientId,
    /// The people whose addresses are in its sight.
    pub scope: &'a Scope,
}

/// Whether names can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody else has one of them.
    Free,
    /// Somebody else has. The event, if there was one to write, is in the transaction, which is therefore to be committed.
    Taken,
    /// The client was told too often; it is not told whether these are free.
    TooMany,
}

/// Looks for another holder of the names than `holder`, and counts if that is somebody out of sight.
pub async fn check(
    tx: &mut Tx,
    names: &[String],
    holder: Option<UserId>,
    asker: Asker<'_>,
    ctx: &Ctx,
) -> db::Result<Verdict> {
    if names.is_empty() {
        return Ok(Verdict::Free);
    }
    let told = audit::store::count_of_kind(tx, asker.client.0, Kind::NameConflict, ctx.now.minus(WINDOW)).await?;
    if told >= MAX_IN_AN_HOUR {
        return Ok(Verdict::TooMany);
    }
    let mut verdict = Verdict::Free;
    for name in names {
        let found = [store::find_by_email(tx, name).await?, store::find_by_user_name(tx, name).await?];
        for other in found.into_iter().flatten().filter(|found| Some(found.id) != holder) {
            verdict = Verdict::Taken;
            if !is_in_sight(tx, other.id, asker, ctx).await? {
                let event = Event::new(Kind::NameConflict, Subject::Client(asker.client));
                audit::record(tx, ctx, None, event.with(json!({ "user": other.id }))).await?;
                return Ok(verdict);
            }
        }
    }
    Ok(verdict)
}

/// The same for a person who asks by a file, line by line: told of `other`, who is out of sight, or told too often already. Counted
/// before anything is compared; asking is serialised by the permit that was given for it.
pub(super) async fn tell(tx: &mut Tx, asker: PrincipalId, other: Option<UserId>, ctx: &Ctx) -> db::Result<Verdict> {
    let Some(asker) = Subject::of(asker) else { return Ok(Verdict::Free) };
    let told = audit::store::count_of_kind(tx, asker.parts().1, Kind::NameConflict, ctx.now.minus(WINDOW)).await?;
    if told >= MAX_IN_AN_HOUR {
        return Ok(Verdict::TooMany);
    }
    let Some(other) = other else { return Ok(Verdict::Free) };
    let event = Event::new(Kind::NameConflict, asker).with(json!({ "user": other }));
    audit::record(tx, ctx, None, event).await?;
    Ok(Verdict::Taken)
}

async fn is_in_sight(tx: &mut Tx, user: UserId, asker: Asker<'_>, ctx: &Ctx) -> db::Result<bool> {
    let list = UserList {
        scope: asker.scope,
        contacts: asker.scope,
        groups: &ApplicationScope::nothing(),
        client: asker.client,
        condition: &Condition::Id(user),
        sort: Column("u.id"),
        descending: false,
        after: None,
        now: ctx.now,
        expired_since: None,
    };
    Ok(Prepared::new(tx, &list, 1).await?.count(tx).await? > 0)
}
