//! What would change if something were done: as its use case would do it, and undone.

use std::collections::BTreeSet;

use clap::Subcommand;
use serde_json::{Value, json};

use super::question::Role;
use crate::authority::Roles;
use crate::authority::action::{MoveOrganisation, RevokeRole};
use crate::cli::CliError;
use crate::cli::console::Console;
use crate::cli::names::Names;
use crate::cli::output::{Output, table};
use crate::db::Tx;
use crate::delegation::deputy::model::Deputy;
use crate::delegation::effect::Concerned;
use crate::delegation::explain::Eyes;
use crate::delegation::model::RoleAssignment;
use crate::delegation::simulate::{self as simulating, simulate};
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};

/// What might be done.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Change {
    /// Give a role
    Grant(Role),
    /// Take a role away
    Revoke {
        /// The id of the role assignment
        id: RoleAssignmentId,
        /// Why; asked for where the last holder loses the role
        #[arg(long)]
        reason: Option<String>,
    },
    /// Move an organisation with everything below it
    Move {
        /// The id of the organisation
        organisation: OrganisationId,
        /// The id of the organisation above it from then on
        #[arg(long)]
        to: OrganisationId,
    },
}

impl Change {
    async fn read(self, tx: &mut Tx, roles: &Roles) -> Result<simulating::Change, CliError> {
        Ok(match self {
            Self::Grant(role) => simulating::Change::Give(role.read(tx, roles).await?),
            Self::Revoke { id, reason } => simulating::Change::Revoke(RevokeRole { assignment: id }, reason),
            Self::Move { organisation, to } => simulating::Change::Move(MoveOrganisation { organisation, to }),
        })
    }

    /// Prints the roles whose holders would lose or gain by it.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let tx = &mut console.app.db.reader().await?;
        let change = self.read(tx, console.app.door.roles()).await?;
        let outcome = simulate(&console.app.db, &console.app.door, (&change, &[], Eyes::All), &console.ctx).await;
        let effect = outcome.map_err(CliError::refused)?.effect;
        let (loses, gains) = (rows(tx, &effect.loses).await?, rows(tx, &effect.gains).await?);
        output.print(&json!({ "loses": loses, "gains": gains }), || {
            let mut text = String::new();
            for (title, rows) in [("loses", &loses), ("gains", &gains)] {
                text.push_str(title);
                text.push_str(if rows.is_empty() { ": nobody\n" } else { ":\n" });
                if !rows.is_empty() {
                    text.push_str(&table(rows, &["holder", "role", "organisation", "sub_levels", "state"]));
                }
            }
            text
        })?;
        Ok(())
    }
}

/// The roles, and then those who stand in for a holder: `stands in`.
async fn rows(tx: &mut Tx, concerned: &Concerned) -> Result<Vec<Value>, CliError> {
    let (holders, deputies) = (&concerned.holders, &concerned.deputies);
    let lent = deputies.iter().map(|one| PrincipalId::Person(one.deputy));
    let principals: BTreeSet<_> = holders.iter().map(|one| one.principal).chain(lent).collect();
    let places = holders.iter().map(|one| one.organisation).chain(deputies.iter().map(|one| one.organisation));
    let places: BTreeSet<_> = places.collect();
    let names = Names::default().with_principals(tx, &principals).await?.with_organisations(tx, &places).await?;
    let row = |one: &RoleAssignment| {
        json!({
            "assignment": one.id, "holder": names.principal(one.principal), "role": one.role,
            "organisation": names.organisation(one.organisation), "organisation_id": one.organisation,
            "sub_levels": one.include_sub_levels, "state": one.state.as_str(),
        })
    };
    let lent = |one: &Deputy| {
        json!({
            "assignment": one.assignment, "holder": names.principal(PrincipalId::Person(one.deputy)), "role": one.role,
            "organisation": names.organisation(one.organisation), "organisation_id": one.organisation,
            "state": "stands in",
        })
    };
    Ok(holders.iter().map(row).chain(deputies.iter().map(lent)).collect())
}
