//! `chamberlain role nominate`, and `role grant` for roles that people are named for.

use clap::Args;
use serde_json::json;

use super::CliError;
use super::console::Console;
use super::output::Output;
use super::project::find;
use super::role::{Grant, last_day, organisation_or_root};
use crate::authority::Validity;
use crate::authority::action::Nominate;
use crate::db::{Tx, transact};
use crate::delegation::model::RoleAssignment;
use crate::delegation::nomination::model;
use crate::delegation::nomination::nominate;
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::text::EmailAddress;
use crate::kernel::time::Timestamp;

/// For which role, and whom.
#[derive(Debug, Args)]
pub(super) struct Nomination {
    /// The code of the role, such as `ParticipantContact`
    role: String,
    /// The e-mail address of the person
    #[arg(long)]
    email: EmailAddress,
    /// The id of the organisation [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
    /// The code of a project, for roles of projects
    #[arg(long)]
    project: Option<String>,
    /// The last day of the role, for example 2026-12-31 [default: no end]
    #[arg(long, value_parser = last_day)]
    until: Option<Timestamp>,
}

impl Nomination {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let (app, ctx) = (&console.app, &console.ctx);
        let made: Result<model::Nomination, CliError> = transact!(app.db, tx => {
            let action = Nominate {
                role: self.role.clone(),
                organisation: organisation_or_root(tx, self.organisation).await?,
                project: project(tx, self.project.as_deref()).await?,
                person: None,
                validity: Validity { from: None, until: self.until },
            };
            let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
            nominate::nominate(tx, permit, app.door.roles(), &self.email, ctx).await.map_err(CliError::refused)
        });
        let made = made?;
        let shown = json!({
            "id": made.id, "role": made.role, "organisation": made.organisation, "project": made.project,
            "email": made.email, "expires": made.expires_at,
        });
        output.print(&shown, || format!("nominated {} for `{}`; the link is in the mail", made.email, made.role))?;
        Ok(())
    }
}

async fn project(tx: &mut Tx, code: Option<&str>) -> Result<Option<ProjectId>, CliError> {
    match code {
        Some(code) => Ok(Some(find(tx, code).await?.id)),
        None => Ok(None),
    }
}

/// Gives such a role to a person at once.
pub(super) async fn assign(
    tx: &mut Tx,
    console: &Console,
    new: &Grant,
    organisation: OrganisationId,
) -> Result<RoleAssignment, CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let holder = new.holder.find(tx).await?;
    let person = holder.person().ok_or_else(|| CliError::Refused(format!("`{}` is for people", new.role)))?;
    if let (Some(phase), Some(code)) = (&new.from_phase, &new.project) {
        let at = |phase: &str| app.phases.iter().position(|known| known == phase);
        let project = find(tx, code).await?;
        if at(phase).is_none_or(|later| Some(later) <= at(&project.phase)) {
            let text = format!("`{phase}` is no later phase than `{}`, in which the project is", project.phase);
            return Err(CliError::Refused(text));
        }
    }
    let action = Nominate {
        role: new.role.clone(),
        organisation,
        project: project(tx, new.project.as_deref()).await?,
        person: Some(person),
        validity: Validity { from: None, until: new.until },
    };
    let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
    nominate::assign(tx, permit, app.door.roles(), new.from_phase.clone(), ctx).await.map_err(CliError::refused)
}
