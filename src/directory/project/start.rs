//! Starting a project from a proposal: with the contact person whom the coordinating entity named there (P13, P32).

use super::error::ProjectError;
use super::manage;
use super::model::{NewProject, Project};
use crate::authority::action::{ManageProject, Nominate};
use crate::authority::{Door, Permit, Validity};
use crate::db::Tx;
use crate::delegation::nomination::nominate;
use crate::kernel::ctx::Ctx;
use crate::kernel::text::EmailAddress;

/// Creates the project, and names the contact person for the role that the profile has for them, for the coordinating organisation: whole
/// or not at all. Whoever owns the address accepts, as with every nomination.
pub async fn start(
    tx: &mut Tx,
    door: &Door,
    permit: Permit<ManageProject>,
    (phases, new, contact): (&[String], NewProject, Option<&EmailAddress>),
    ctx: &Ctx,
) -> Result<Project, ProjectError> {
    let made = manage::create(tx, permit, phases, new, ctx).await?;
    let Some(contact) = contact else { return Ok(made) };
    let role = door.roles().initial().contact.clone().ok_or(ProjectError::NoContact)?;
    let action = Nominate {
        role,
        organisation: made.coordinator,
        project: Some(made.id),
        person: None,
        validity: Validity::default(),
    };
    let permit = door.authorise(tx, ctx, action).await?;
    nominate::nominate(tx, permit, door.roles(), contact, ctx).await?;
    Ok(made)
}
