//! `chamberlain keys …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::console::Console;
use super::output::{Output, table};
use super::{CliError, Global};
use crate::authority::Refusal;
use crate::authority::action::ManageKeys;
use crate::db::transact;
use crate::tokens::Rotation;
use crate::tokens::keys::rotate;
use crate::tokens::signing_key::Algorithm;

/// Commands on signing keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys with their stages
    List,
    /// Make the next key: published now, in use a day later
    Rotate {
        /// ES256, RS256, PS256 or EdDSA
        #[arg(long, default_value = "ES256")]
        algorithm: String,
        /// The present keys are compromised: use the new one now and drop them, with every token they signed
        #[arg(long)]
        emergency: bool,
    },
}

impl KeysCommand {
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<(), CliError> {
        let config = global.load_lightly()?.config;
        let console = Console::open(global).await?;
        let (app, ctx) = (&console.app, &console.ctx);
        app.door.authorise_read(&mut app.db.reader().await?, ctx, ManageKeys {}).await.map_err(CliError::refused)?;
        // Before the keys are opened: an installation without any gets its first one then.
        if let Self::Rotate { algorithm, .. } = &self
            && Algorithm::parse(algorithm).is_none()
        {
            return Err(CliError::missing("algorithm", algorithm));
        }
        let keys = crate::app::keys(app, &config).await?;
        match self {
            Self::List => {
                let stored = keys.list(&app.db).await.map_err(CliError::refused)?;
                let rows: Vec<Value> = stored
                    .iter()
                    .map(|key| {
                        let younger = |other: &&crate::tokens::keys::StoredKey| {
                            other.algorithm == key.algorithm && other.active_from > key.active_from && other.active_from <= ctx.now
                        };
                        let stage = match (key.active_from > ctx.now, stored.iter().find(younger)) {
                            (true, _) => "next",
                            (false, None) => "active",
                            (false, Some(_)) => "retired",
                        };
                        let (from, made) = (key.active_from.to_rfc3339(), key.created_at.to_rfc3339());
                        json!({ "kid": key.kid, "algorithm": key.algorithm.as_str(), "stage": stage, "active_from": from, "created_at": made })
                    })
                    .collect();
                Ok(output.print(&json!(rows), || table(&rows, &["kid", "algorithm", "stage", "active_from"]))?)
            }
            Self::Rotate { algorithm, emergency } => {
                let known = Algorithm::parse(&algorithm).ok_or_else(|| CliError::missing("algorithm", &algorithm))?;
                let rotation = if emergency { Rotation::Emergency } else { Rotation::Staged };
                let next = keys.prepare(known, rotation, ctx).await.map_err(CliError::refused)?;
                let kid = transact!(app.db, tx => {
                    let permit = app.door.authorise(tx, ctx, ManageKeys {}).await?;
                    Ok::<_, Refusal>(rotate(tx, permit, &next, ctx).await?)
                })
                .map_err(CliError::refused)?;
                let answer =
                    json!({ "kid": kid, "algorithm": algorithm, "stage": if emergency { "active" } else { "next" } });
                Ok(output.print(&answer, || format!("made {kid}"))?)
            }
        }
    }
}
