//! `chamberlain role …`

use std::collections::BTreeSet;

use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

use super::CliError;
use super::console::{Console, application};
use super::nominate::{Nomination, assign};
use super::output::{Output, table};
use crate::authority::action::{ConfirmRole, GrantRole, RevokeRole};
use crate::authority::role::SubLevels;
use crate::authority::{Applications, Roles, Validity};
use crate::db::{Tx, transact};
use crate::delegation::confirm;
use crate::delegation::grant::grant;
use crate::delegation::model::RoleAssignment;
use crate::delegation::revoke::revoke;
use crate::delegation::store;
use crate::directory::{client, organisation, user};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Commands on role assignments.
#[derive(Debug, Subcommand)]
pub(super) enum RoleCommand {
    /// Give a role to a person, or to the service that a client is
    Grant(Grant),
    /// Name whoever owns an e-mail address for a role; they get a link by which they accept
    Nominate(Nomination),
    /// Take a role away
    Revoke {
        /// The id of the role assignment
        id: RoleAssignmentId,
        /// Why; asked for where the last holder loses the role
        #[arg(long)]
        reason: Option<String>,
    },
    /// Put a role into effect that somebody proposed
    Confirm {
        /// The id of the role assignment
        id: RoleAssignmentId,
    },
    /// Refuse a role that somebody proposed
    Reject {
        /// The id of the role assignment
        id: RoleAssignmentId,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List what a person or a service holds
    List {
        #[command(flatten)]
        holder: Holder,
    },
}

/// A person or a service.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("holder").required(true).args(["user", "client"])))]
pub(super) struct Holder {
    /// The e-mail address of a person
    #[arg(long)]
    user: Option<String>,
    /// The client id of a service
    #[arg(long)]
    client: Option<String>,
}

/// What is given, to whom, over what.
#[derive(Debug, Args)]
pub(super) struct Grant {
    /// The code of the role, such as `DelegatedUserAdmin`
    pub(super) role: String,
    #[command(flatten)]
    pub(super) holder: Holder,
    /// The id of the organisation [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
    /// Only there, and not below
    #[arg(long)]
    without_sub_levels: bool,
    /// The code of an application that it is for; may be given several times [default: all]
    #[arg(long)]
    application: Vec<String>,
    /// The code of a project, for roles of projects
    #[arg(long)]
    pub(super) project: Option<String>,
    /// The phase of the project from which on it is held [default: at once]
    #[arg(long, requires = "project")]
    pub(super) from_phase: Option<String>,
    /// The last day of the role, for example 2026-12-31 [default: no end]
    #[arg(long, value_parser = last_day)]
    pub(super) until: Option<Timestamp>,
}

pub(super) fn last_day(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::end_of_date(text).ok_or("write a day as 2026-12-31")
}

impl RoleCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Grant(new) => give(new, console, output).await,
            Self::Nominate(new) => new.run(console, output).await,
            Self::Revoke { id, reason } => take(id, reason.as_deref(), console, output).await,
            Self::Confirm { id } => decide(id, None, console, output).await,
            Self::Reject { id, reason } => decide(id, Some(&reason), console, output).await,
            Self::List { holder } => {
                let tx = &mut console.app.db.reader().await?;
                let principal = holder.find(tx).await?;
                let rows: Vec<Value> = store::list_of(tx, principal).await?.iter().map(row).collect();
                Ok(output
                    .print(&json!(rows), || table(&rows, &["id", "role", "organisation", "sub_levels", "state"]))?)
            }
        }
    }
}

impl Holder {
    pub(super) async fn find(&self, tx: &mut Tx) -> Result<PrincipalId, CliError> {
        if let Some(email) = &self.user {
            let found = user::store::find_by_email(tx, email).await?;
            return found.map(|user| PrincipalId::Person(user.id)).ok_or_else(|| CliError::missing("person", email));
        }
        let id = self.client.as_deref().unwrap_or_default();
        let found = client::store::find_by_client_id(tx, id).await?;
        found.map(|client| PrincipalId::Service(client.id)).ok_or_else(|| CliError::missing("client", id))
    }
}

fn row(assignment: &RoleAssignment) -> Value {
    json!({
        "id": assignment.id, "role": assignment.role, "organisation": assignment.organisation,
        "sub_levels": assignment.include_sub_levels, "applications": assignment.explicit_applications(),
        "state": assignment.state.as_str(), "until": assignment.valid_until,
    })
}

pub(super) async fn organisation_or_root(
    tx: &mut Tx,
    given: Option<OrganisationId>,
) -> Result<OrganisationId, CliError> {
    let root = organisation::store::find_root(tx).await?.map(|root| root.id);
    given.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))
}

/// Whether the profile lets a role reach below at all: only there, nobody has to say that it does not.
pub(super) fn may_reach_below(roles: &Roles, code: &str) -> bool {
    roles.get(code).is_none_or(|role| role.sub_levels != SubLevels::Never)
}

async fn give(new: Grant, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<RoleAssignment, CliError> = transact!(app.db, tx => {
        let organisation = organisation_or_root(tx, new.organisation).await?;
        if app.door.roles().get(&new.role).is_some_and(|role| role.nominated) {
            return assign(tx, console, &new, organisation).await;
        }
        let mut only = BTreeSet::new();
        for code in &new.application {
            only.insert(application(tx, code).await?.id);
        }
        let action = GrantRole {
            to: new.holder.find(tx).await?,
            role: new.role.clone(),
            organisation,
            include_sub_levels: !new.without_sub_levels && may_reach_below(app.door.roles(), &new.role),
            applications: if only.is_empty() { Applications::All } else { Applications::Only(only) },
            validity: Validity { from: None, until: new.until },
        };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        grant(tx, permit, app.door.roles(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    output.print(&row(&made), || format!("granted `{}` {}", made.role, made.id))?;
    Ok(())
}

async fn take(id: RoleAssignmentId, reason: Option<&str>, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<RoleAssignment, CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, RevokeRole { assignment: id }).await.map_err(CliError::refused)?;
        revoke(tx, permit, app.door.roles(), reason, ctx).await.map_err(CliError::refused)
    });
    let done = done?;
    output.print(&json!({ "id": done.id, "role": done.role, "state": "revoked" }), || {
        format!("revoked `{}` {}", done.role, done.id)
    })?;
    Ok(())
}

/// Confirms what was proposed, or refuses it where there is a reason to.
async fn decide(
    id: RoleAssignmentId,
    reason: Option<&str>,
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let reason = reason.map(confirm::reason).transpose();
    let reason = reason.map_err(|error| CliError::Refused(format!("the reason {error}")))?;
    let done: Result<RoleAssignment, CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, ConfirmRole { assignment: id }).await.map_err(CliError::refused)?;
        match &reason {
            Some(reason) => confirm::reject(tx, permit, reason, ctx).await.map_err(CliError::refused),
            None => confirm::confirm(tx, permit, ctx).await.map_err(CliError::refused),
        }
    });
    let done = done?;
    output.print(&row(&done), || {
        format!("{} `{}` {}", if reason.is_some() { "refused" } else { "confirmed" }, done.role, done.id)
    })?;
    Ok(())
}
