//! The clock of recertification: rounds begin, whoever may confirm is reminded, rounds end. The job acts through the door as the
//! console does, and each step looks again whether it is still due.

use std::collections::BTreeSet;
use std::time::Duration;

use super::model::{Over, Round, Rules};
use super::{lapse, open, store};
use crate::authority::action::Recertify;
use crate::authority::{Door, Permission, Refusal};
use crate::db::{self, Db, Tx, transact};
use crate::delegation::administrators::administrators;
use crate::directory::user::{self, due_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::OrganisationId;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

const DAY: Duration = Duration::from_hours(24);

/// The reminders by their number, the last one first, and how many days before the end: after an outage only the latest goes out. The
/// first one goes out when a round begins.
const REMINDERS: [(i64, Option<u32>); 3] = [(3, Some(1)), (2, Some(7)), (1, None)];

/// How many organisations one transaction is about.
const BATCH: i64 = 50;

/// Why a step could not be made now.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The door.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The database.
    #[error("{0}")]
    Db(#[from] db::Error),
}

/// Begins the rounds whose time has come.
pub async fn open_all_due(db: &Db, door: &Door, rules: Rules, ctx: &Ctx) -> Result<(), ClockError> {
    loop {
        let opened: usize = transact!(db, tx => {
            store::save_stopped(tx, ctx.now).await?;
            let due = store::list_to_open(tx, ctx.now.minus(rules.every), BATCH).await?;
            open_each(tx, door, rules, &due, ctx).await
        })?;
        if opened == 0 {
            return Ok(());
        }
    }
}

/// Ends the rounds that are open where the profile asks for none any more: they would lapse at once, without another reminder, if it asked
/// for them again.
pub async fn close_all(db: &Db, ctx: &Ctx) -> db::Result<()> {
    transact!(db, tx => store::save_all_closed(tx, ctx.now).await)
}

/// Begins rounds of an organisation and of all below it that are in none: what an operator asks for. Says how many there were.
pub async fn open_under(
    db: &Db,
    door: &Door,
    rules: Rules,
    (top, below): (OrganisationId, bool),
    ctx: &Ctx,
) -> Result<usize, ClockError> {
    if !below {
        return transact!(db, tx => open_each(tx, door, rules, &[top], ctx).await);
    }
    let (mut after, mut all) = (OrganisationId(uuid::Uuid::nil()), 0);
    loop {
        let next: Option<(OrganisationId, usize)> = transact!(db, tx => {
            let some = store::list_to_open_under(tx, top, after, BATCH).await?;
            let opened = open_each(tx, door, rules, &some, ctx).await?;
            Ok::<_, ClockError>(some.last().map(|last| (*last, opened)))
        })?;
        let Some((last, opened)) = next else { return Ok(all) };
        (after, all) = (last, all + opened);
    }
}

async fn open_each(
    tx: &mut Tx,
    door: &Door,
    rules: Rules,
    some: &[OrganisationId],
    ctx: &Ctx,
) -> Result<usize, ClockError> {
    let mut opened = 0;
    let actions = some.iter().map(|organisation| Recertify { organisation: *organisation }).collect();
    for permit in door.authorise_all(tx, ctx, actions).await? {
        opened += usize::from(open::open(tx, permit, rules, ctx).await?.is_some());
    }
    Ok(opened)
}

/// Sends the reminders whose day has come, each once.
pub async fn remind_all_due(db: &Db, door: &Door, rules: Rules, ctx: &Ctx) -> db::Result<()> {
    for (number, days) in REMINDERS {
        let until = ctx.now.plus(days.map_or(rules.lasts, |days| DAY * days));
        loop {
            let reminded: usize = transact!(db, tx => {
                let due = store::list_to_remind(tx, until, number, BATCH).await?;
                for round in &due {
                    if store::save_reminded(tx, round.organisation, number, ctx.now).await? {
                        remind(tx, door, (*round, number), ctx).await?;
                    }
                }
                Ok::<_, db::Error>(due.len())
            })?;
            if reminded == 0 {
                break;
            }
        }
    }
    Ok(())
}

/// Tells those who may give roles or memberships there, if anything is left to confirm; each of them once a day, however much they
/// administer.
async fn remind(tx: &mut Tx, door: &Door, (round, number): (Round, i64), ctx: &Ctx) -> db::Result<()> {
    let at = round.organisation;
    let roles = due_store::list_roles_at(tx, at, door.roles(), (ctx.now, 1)).await?;
    if roles.is_empty() && due_store::list_memberships_at(tx, at, (ctx.now, 1)).await?.is_empty() {
        return Ok(());
    }
    let ends = round.due_at.max(ctx.now.plus(DAY)).to_date();
    let may = [Permission::RoleGrant, Permission::MembershipAssign];
    for person in administrators(tx, door.roles(), at, (&may, ctx.now)).await? {
        let Some(user) = user::store::find(tx, person).await?.filter(|user| user.is_usable(ctx.now)) else { continue };
        let Some(email) = &user.email else { continue };
        if !store::insert_reminder(tx, person, number, ctx.now).await? {
            continue;
        }
        let message = Message::RecertificationDue { given_name: user.given_name.clone(), ends: ends.clone() };
        outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    Ok(())
}

/// Ends the rounds that are over. One that cannot be ended is logged and tried again in the next round of the job.
pub async fn lapse_all_due(db: &Db, door: &Door, ctx: &Ctx) -> db::Result<()> {
    let over = Over { until: ctx.now, told: ctx.now.minus(DAY) };
    let mut left = BTreeSet::new();
    loop {
        // Those that could not be ended stand first and must not hide the others.
        let asked = BATCH + i64::try_from(left.len()).unwrap_or(i64::MAX - BATCH);
        let found = store::list_over(&mut db.reader().await?, over, asked).await?;
        let fresh: Vec<OrganisationId> = found.into_iter().filter(|id| !left.contains(id)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for id in fresh {
            left.insert(id);
            if let Err(error) = lapse_one(db, door, (id, over), ctx).await {
                tracing::error!(organisation = %id, error = %error, "a round of recertification could not be ended");
            }
        }
    }
}

async fn lapse_one(db: &Db, door: &Door, (id, over): (OrganisationId, Over), ctx: &Ctx) -> Result<(), ClockError> {
    loop {
        let more: bool = transact!(db, tx => {
            let permit = door.authorise(tx, ctx, Recertify { organisation: id }).await?;
            Ok::<_, ClockError>(lapse::lapse(tx, permit, door.roles(), over, ctx).await?)
        })?;
        if !more {
            return Ok(());
        }
    }
}
