//! The clock of deactivated organisations (D9, I81, I89): reminders 30, 7 and 1 days before, then the deletion. Reactivation stops
//! it. The job acts through the door as the console does, so that each step is decided, recorded and the same as by hand.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ending_store::Due;
use super::error::OrganisationError;
use super::{deletion, ending_store};
use crate::authority::action::{DeleteUser, ManageClient, ManageProject, RevokeRole, UpdateOrganisation};
use crate::authority::{Door, Permission, Refusal, Roles};
use crate::db::{self, Db, Tx, transact};
use crate::delegation;
use crate::delegation::administrators::administrators;
use crate::delegation::model::{RoleAssignment, State};
use crate::delegation::nomination::store as nominations;
use crate::delegation::place_store;
use crate::delegation::revoke::{self, RevokeError};
use crate::directory::client::{self, manage::ClientError};
use crate::directory::project::{self, error::ProjectError};
use crate::directory::user::{self, delete, error::UserError, guard::Guard};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

const DAY: Duration = Duration::from_hours(24);

/// The reminders by their number, the last one first: after an outage only the latest goes out.
const REMINDERS: [(i64, u32); 3] = [(3, 1), (2, 7), (1, 30)];

/// How many organisations, people or roles one transaction changes.
const BATCH: i64 = 50;

/// What stands in the log with everything that ends.
const REASON: &str = "the organisation is deleted";

/// When, and by whose decision.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<'a> {
    /// Decides.
    pub door: &'a Door,
    /// How long an organisation is deactivated before it is deleted.
    pub after: Duration,
}

/// Why one organisation could not be deleted now.
#[derive(Debug, thiserror::Error)]
enum RetireError {
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("{0}")]
    User(#[from] UserError),
    #[error("{0}")]
    Role(#[from] RevokeError),
    #[error("{0}")]
    Client(#[from] ClientError),
    #[error("{0}")]
    Organisation(#[from] OrganisationError),
    #[error("{0}")]
    Project(#[from] ProjectError),
    #[error("{0}")]
    Db(#[from] db::Error),
}

/// Sends the reminders whose day has come, each once.
pub async fn remind_all_due(db: &Db, clock: Schedule<'_>, ctx: &Ctx) -> db::Result<()> {
    for (number, days) in REMINDERS {
        let before = ctx.now.minus(clock.after.saturating_sub(DAY * days));
        loop {
            let reminded: usize = transact!(db, tx => {
                let due = ending_store::list_to_remind(tx, before, number, BATCH).await?;
                for (id, name) in &due {
                    if ending_store::save_reminded(tx, *id, number, ctx.now).await? {
                        remind(tx, clock.door.roles(), (*id, name, days), ctx).await?;
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

/// Tells those who administer it, from above or at the place, as far as their accounts are in use.
async fn remind(
    tx: &mut Tx,
    roles: &Roles,
    (id, name, days): (OrganisationId, &str, u32),
    ctx: &Ctx,
) -> db::Result<()> {
    // By which it is reactivated, or by which its people are looked after.
    let may = [Permission::OrganisationUpdate, Permission::UserUpdate];
    for person in administrators(tx, roles, id, (&may, ctx.now)).await? {
        let Some(user) = user::store::find(tx, person).await?.filter(|user| user.is_usable(ctx.now)) else { continue };
        let Some(email) = &user.email else { continue };
        let message =
            Message::OrganisationEnding { given_name: user.given_name.clone(), organisation: name.to_owned(), days };
        outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    Ok(())
}

/// Deletes every organisation whose time has come, those below before those above. One that cannot be deleted is logged and
/// tried again in the next round.
pub async fn delete_all_due(db: &Db, clock: Schedule<'_>, ctx: &Ctx) -> db::Result<()> {
    let due = Due { since: ctx.now.minus(clock.after), told: ctx.now.minus(DAY) };
    let mut left = BTreeSet::new();
    loop {
        // Those that could not be deleted stand first and must not hide the others.
        let asked = BATCH + i64::try_from(left.len()).unwrap_or(i64::MAX - BATCH);
        let found = ending_store::list_due(&mut db.reader().await?, due, asked).await?;
        let fresh: Vec<OrganisationId> = found.into_iter().filter(|id| !left.contains(id)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for id in fresh {
            left.insert(id);
            if let Err(error) = delete_one(db, clock, (id, due), ctx).await {
                tracing::error!(organisation = %id, error = %error, "a deactivated organisation could not be deleted");
            }
        }
    }
}

/// People, then roles and services, then the organisation itself, a batch at a time; in each it is looked again whether
/// somebody has reactivated it meanwhile.
async fn delete_one(
    db: &Db,
    clock: Schedule<'_>,
    (id, due): (OrganisationId, Due),
    ctx: &Ctx,
) -> Result<(), RetireError> {
    loop {
        let done: bool = transact!(db, tx => {
            if !ending_store::is_due(tx, id, due).await? {
                return Ok::<_, RetireError>(true);
            }
            end_projects(tx, clock.door, id, ctx).await?;
            let ended = end_people(tx, clock.door, id, ctx).await? || end_roles(tx, clock.door, id, ctx).await?;
            if ended {
                return Ok(false);
            }
            end_services(tx, clock.door, id, ctx).await?;
            let permit = clock.door.authorise(tx, ctx, UpdateOrganisation { organisation: id }).await?;
            deletion::delete(tx, permit, due, ctx).await?;
            Ok(true)
        })?;
        if done {
            return Ok(());
        }
    }
}

/// Whether there was anybody.
async fn end_people(tx: &mut Tx, door: &Door, id: OrganisationId, ctx: &Ctx) -> Result<bool, RetireError> {
    let people = ending_store::list_people(tx, id, BATCH).await?;
    let guard = Guard { roles: door.roles(), reason: Some(REASON) };
    for user in &people {
        let permit = door.authorise(tx, ctx, DeleteUser { user: *user }).await?;
        delete::delete(tx, permit, None, guard, ctx).await?;
    }
    Ok(!people.is_empty())
}

/// It leaves the projects in which it takes part, and nobody is named for it any more. What it coordinates holds it up until that
/// is over: nobody else can say who takes its place.
async fn end_projects(tx: &mut Tx, door: &Door, id: OrganisationId, ctx: &Ctx) -> Result<(), RetireError> {
    for project in project::store::list_open_of(tx, id).await? {
        if project.coordinator == id {
            return Err(OrganisationError::InUse.into());
        }
        let permit = door.authorise(tx, ctx, ManageProject { project: Some(project.id) }).await?;
        project::manage::remove(tx, permit, id, ctx).await?;
    }
    Ok(nominations::save_all_withdrawn_at(tx, id, ctx.now).await?)
}

/// Roles over the organisation, and for it in projects, of people and services elsewhere. Whether there were any.
async fn end_roles(tx: &mut Tx, door: &Door, id: OrganisationId, ctx: &Ctx) -> Result<bool, RetireError> {
    let held = place_store::list_in_organisation(tx, id, (ctx.now, BATCH)).await?;
    end_each(tx, door, &held, ctx).await?;
    Ok(!held.is_empty())
}

async fn end_each(tx: &mut Tx, door: &Door, held: &[RoleAssignment], ctx: &Ctx) -> Result<(), RetireError> {
    for role in held {
        // The one before may have taken it along.
        let state = delegation::store::find(tx, role.id).await?.map(|role| role.state);
        if state != Some(State::Revoked) {
            let permit = door.authorise(tx, ctx, RevokeRole { assignment: role.id }).await?;
            revoke::revoke(tx, permit, door.roles(), Some(REASON), ctx).await?;
        }
    }
    Ok(())
}

/// Services of the organisation are switched off, and hold nothing anywhere.
async fn end_services(tx: &mut Tx, door: &Door, id: OrganisationId, ctx: &Ctx) -> Result<(), RetireError> {
    for service in client::store::list(tx).await? {
        if service.organisation != Some(id) {
            continue;
        }
        if service.active {
            let permit = door.authorise(tx, ctx, ManageClient { client: Some(service.id) }).await?;
            client::manage::set_active(tx, permit, false, ctx).await?;
        }
        let held = delegation::store::list_of(tx, PrincipalId::Service(service.id)).await?;
        end_each(tx, door, &held, ctx).await?;
    }
    Ok(())
}
