//! `chamberlain deputy …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::{Output, table};
use crate::authority::action::EndDeputy;
use crate::db::transact;
use crate::delegation::deputy::{end, store};
use crate::kernel::ids::DeputyId;

/// Most that are listed.
const MOST: i64 = 1_000;

/// Commands on deputies.
#[derive(Debug, Subcommand)]
pub(super) enum DeputyCommand {
    /// List who stands in for whom, now or later
    List,
    /// Take back what was lent, at once
    End {
        /// The id of the deputyship
        deputy: DeputyId,
    },
}

impl DeputyCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let (app, ctx) = (&console.app, &console.ctx);
        match self {
            Self::List => {
                let found = store::list(&mut app.db.reader().await?, (ctx.now, MOST)).await?;
                let row = |one: crate::delegation::deputy::model::Deputy| {
                    json!({
                        "id": one.id, "deputy": one.deputy, "for": one.holder.uuid(), "role": one.role,
                        "organisation": one.organisation, "from": one.valid_from, "until": one.valid_until,
                    })
                };
                let rows: Vec<Value> = found.into_iter().map(row).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["id", "deputy", "for", "role", "from", "until"]))?)
            }
            Self::End { deputy } => {
                let done: Result<_, CliError> = transact!(app.db, tx => {
                    let permit = app.door.authorise(tx, ctx, EndDeputy { deputy }).await.map_err(CliError::refused)?;
                    end::end(tx, permit, ctx).await.map_err(CliError::refused)
                });
                let done = done?;
                output.print(&json!({ "id": done.id, "role": done.role }), || {
                    format!("ended `{}` {}", done.role, done.id)
                })?;
                Ok(())
            }
        }
    }
}
