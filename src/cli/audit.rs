//! `chamberlain audit …`

use clap::Subcommand;
use serde_json::json;

use super::console::Console;
use super::output::Output;
use super::{CliError, Global};
use crate::audit::chain;
use crate::audit::checkpoint::Checkpoint;
use crate::tokens::Kek;

/// What the key of checkpoints is derived for.
const PURPOSE: &str = "audit checkpoint";

/// Commands on the audit log.
#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Recompute the hash chain; fails if a line was changed, removed or put in (CR-09)
    Verify {
        /// A checkpoint that was kept elsewhere: finds a chain that was recomputed or cut since then
        #[arg(long)]
        checkpoint: Option<String>,
    },
    /// Print where the chain stands, signed with the encryption key: keep it where no administrator of the database writes
    Checkpoint,
}

impl AuditCommand {
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<bool, CliError> {
        let console = Console::open_present(global).await?;
        match self {
            Self::Verify { checkpoint: None } => verify(&console, None, output).await,
            Self::Verify { checkpoint: Some(text) } => {
                let kek = kek(global)?;
                let kept = Checkpoint::parse(&text, |bytes| kek.derive(PURPOSE, bytes));
                let kept = kept.ok_or_else(|| {
                    CliError::Refused("the checkpoint was not signed with this encryption key".to_owned())
                })?;
                verify(&console, Some(&kept), output).await
            }
            Self::Checkpoint => {
                let kek = kek(global)?;
                // Any node may seal; so the checkpoint covers everything that has been recorded.
                while chain::seal(&console.app.db).await? > 0 {}
                let taken = Checkpoint::take(&mut console.app.db.reader().await?, console.ctx.now).await?;
                let taken = taken.ok_or_else(|| CliError::Refused("nothing has been recorded yet".to_owned()))?;
                let text = taken.to_text(|bytes| kek.derive(PURPOSE, bytes));
                let answer = json!({ "checkpoint": text, "sealed": taken.sequence, "head": taken.head });
                output.print(&answer, || text.clone())?;
                Ok(true)
            }
        }
    }
}

fn kek(global: &Global) -> Result<Kek, CliError> {
    crate::app::kek(&global.load_lightly()?.config).map_err(CliError::refused)
}

async fn verify(console: &Console, kept: Option<&Checkpoint>, output: &Output) -> Result<bool, CliError> {
    let tx = &mut console.app.db.reader().await?;
    let found = chain::verify(tx).await?;
    let agrees = match kept {
        Some(kept) => Some(kept.agrees(tx).await?),
        None => None,
    };
    let intact = found.broken_at.is_none() && agrees != Some(false);
    let answer = json!({
        "intact": intact, "sealed": found.sealed, "head": found.head, "tail": found.tail, "broken_at": found.broken_at,
        "agrees_with_checkpoint": agrees,
    });
    output.print(&answer, || match (found.broken_at, agrees) {
        (Some(at), _) => format!("BROKEN at {at}: a line was changed, removed or put in"),
        (None, Some(false)) => "BROKEN: the chain was recomputed or cut since the checkpoint was taken".to_owned(),
        (None, _) => format!("intact: {} sealed, {} waiting, head {}", found.sealed, found.tail, found.head),
    })?;
    Ok(intact)
}
