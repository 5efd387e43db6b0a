//! Naming somebody who stands in.

use std::time::Duration;

use super::model::Deputy;
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::NameDeputy;
use crate::db::{self, Tx};
use crate::delegation::model::RoleAssignment;
use crate::delegation::{separation, store as roles};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{DeputyId, PrincipalId, RoleAssignmentId};

/// How far ahead a deputyship ends at most: what is needed for longer is a role of its own.
pub const LONGEST: Duration = Duration::from_hours(90 * 24);

/// How many stand in for one assignment, now or later.
const MOST: i64 = 5;

/// Why nobody was named.
#[derive(Debug, thiserror::Error)]
pub enum DeputyError {
    /// It would end before it begins, has ended already, or lasts too long.
    #[error("a deputy is named for 90 days at most, from now on or later")]
    InvalidDates,
    /// They stand in already.
    #[error("this person stands in for you already")]
    AlreadyNamed,
    /// There are enough.
    #[error("nobody has more than 5 deputies at once")]
    TooMany,
    /// One person may not hold both.
    #[error("this person may not hold this role together with another one")]
    SeparationOfDuties,
    /// It was ended, or the role was.
    #[error("there is nothing to end any more")]
    NotOpen,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Lends a role that the actor holds to somebody for a while. Nothing is copied: what the deputy may do follows from the role each time.
pub async fn name(tx: &mut Tx, permit: Permit<NameDeputy>, ctx: &Ctx) -> Result<Deputy, DeputyError> {
    let action = permit.action();
    let (from, until) = (action.from.map_or(ctx.now, |from| from.max(ctx.now)), action.until);
    if until <= from || until > ctx.now.plus(LONGEST) {
        return Err(DeputyError::InvalidDates);
    }
    let held = roles::find(tx, action.assignment).await?.ok_or(DeputyError::NotOpen)?;
    if store::is_named(tx, held.id, action.deputy, ctx.now).await? {
        return Err(DeputyError::AlreadyNamed);
    }
    if store::count_of(tx, held.id, ctx.now).await? >= MOST {
        return Err(DeputyError::TooMany);
    }
    let as_held = RoleAssignment {
        id: RoleAssignmentId(ctx.uuid()),
        principal: PrincipalId::Person(action.deputy),
        valid_from: from,
        valid_until: Some(until),
        ..held.clone()
    };
    if separation::conflict(tx, permit.roles(), &as_held, ctx.now).await?.is_some() {
        return Err(DeputyError::SeparationOfDuties);
    }
    let deputy = Deputy {
        id: DeputyId(ctx.uuid()),
        assignment: held.id,
        holder: permit.actor(),
        role: held.role,
        organisation: held.organisation,
        deputy: action.deputy,
        valid_from: from,
        valid_until: until,
    };
    store::insert(tx, &deputy, ctx.now).await?;
    audit::record(tx, ctx, permit.via(), deputy.event(Kind::DeputyNamed)).await?;
    Ok(deputy)
}
