//! `chamberlain audit …`

use clap::Subcommand;
use serde_json::json;

use super::CliError;
use super::console::Console;
use super::output::Output;
use crate::audit::chain;

/// Commands on the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Recompute the hash chain; fails if a line was changed, removed or put in (CR-09)
    Verify,
}

impl AuditCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        let Self::Verify = self;
        let found = chain::verify(&mut console.app.db.reader().await?).await?;
        let answer = json!({
            "intact": found.broken_at.is_none(), "sealed": found.sealed, "head": found.head, "tail": found.tail, "broken_at": found.broken_at,
        });
        output.print(&answer, || match found.broken_at {
            None => format!("intact: {} sealed, {} waiting, head {}", found.sealed, found.tail, found.head),
            Some(at) => format!("BROKEN at {at}: a line was changed, removed or put in"),
        })?;
        Ok(found.broken_at.is_none())
    }
}
