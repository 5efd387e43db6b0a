//! `chamberlain recertification …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::{Output, table};
use crate::delegation::recertification::{clock, store};
use crate::kernel::ids::OrganisationId;

/// Most rounds that are listed.
const MOST: i64 = 1_000;

/// Commands on recertification.
#[derive(Debug, Subcommand)]
pub(super) enum RecertificationCommand {
    /// Ask now which roles and memberships of an organisation are still needed; what is not confirmed in time lapses
    Open {
        /// The id of the organisation
        organisation: OrganisationId,
        /// Of all organisations below it, too
        #[arg(long)]
        below: bool,
    },
    /// List the organisations that are being asked, and until when
    List,
}

impl RecertificationCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Open { organisation, below } => {
                let (app, ctx) = (&console.app, &console.ctx);
                let rules = app
                    .recertification
                    .ok_or_else(|| CliError::Refused("the profile has no section `[recertification]`".to_owned()))?;
                let opened = clock::open_under(&app.db, &app.door, rules, (organisation, below), ctx).await;
                let opened = opened.map_err(CliError::refused)?;
                output.print(&json!({ "opened": opened }), || match opened {
                    0 => "nothing was opened: they are being asked already".to_owned(),
                    1 => "opened for 1 organisation".to_owned(),
                    many => format!("opened for {many} organisations"),
                })?;
                Ok(())
            }
            Self::List => {
                let rounds = store::list_open(&mut console.app.db.reader().await?, MOST).await?;
                let row = |round: crate::delegation::recertification::model::Round| json!({ "organisation": round.organisation, "since": round.opened_at, "until": round.due_at });
                let rows: Vec<Value> = rounds.into_iter().map(row).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["organisation", "since", "until"]))?)
            }
        }
    }
}
