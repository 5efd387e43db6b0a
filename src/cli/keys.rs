//! `chamberlain keys …`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::{Value, json};

use super::console::Console;
use super::output::{Output, table};
use super::{CliError, Global};
use crate::authority::action::ManageKeys;
use crate::db::transact;
use crate::kernel::file;
use crate::kernel::time::Timestamp;
use crate::tokens::key_pair::{KeyPair, LONGEST};
use crate::tokens::key_use::KeyUse;
use crate::tokens::keys::StoredKey;
use crate::tokens::ring::is_succeeded;
use crate::tokens::rotation::{Next, RotateError, Rotation, rotate};

/// Longest passphrase that is read, in octets: OpenSSL takes no longer ones.
const MAX_PASSPHRASE: usize = 1_023;

/// Commands on keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys with their stages
    List,
    /// Make the next key: published now, in use a day later
    Rotate {
        #[command(flatten)]
        taking_over: TakingOver,
    },
    /// Bring along the next key, made elsewhere
    Import {
        /// The private key: PKCS#8 in PEM, encrypted or not
        file: PathBuf,
        /// A file with the passphrase that opens it
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
        #[command(flatten)]
        taking_over: TakingOver,
    },
}

/// Which key takes over, and how.
#[derive(Debug, clap::Args)]
pub(super) struct TakingOver {
    /// To sign: ES256, RS256, PS256 or EdDSA; for what is encrypted to us: ECDH-ES or RSA-OAEP-256
    #[arg(long, default_value = "ES256")]
    algorithm: String,
    /// The present keys are compromised: use the new one now and drop them, with every token they signed
    #[arg(long)]
    emergency: bool,
}

impl TakingOver {
    fn key_use(&self) -> Result<KeyUse, CliError> {
        KeyUse::parse(&self.algorithm).ok_or_else(|| CliError::missing("algorithm", &self.algorithm))
    }

    fn rotation(&self) -> Rotation {
        if self.emergency { Rotation::Emergency } else { Rotation::Staged }
    }
}

/// What the command brings along, read before anything else is done.
fn imported(key_use: KeyUse, path: &PathBuf, passphrase_file: Option<&PathBuf>) -> Result<KeyPair, CliError> {
    let read = |path: &PathBuf, longest: usize| {
        file::read(path, longest).map_err(|error| CliError::Refused(format!("{}: {error}", path.display())))
    };
    let pem = read(path, LONGEST)?;
    let passphrase = passphrase_file.map(|path| read(path, MAX_PASSPHRASE)).transpose()?;
    // Editors end a file with a line end that is not part of what was typed.
    let passphrase = passphrase.as_ref().map(|text| {
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        text.strip_suffix(b"\r").unwrap_or(text)
    });
    KeyPair::import(key_use, &pem, passphrase).map_err(CliError::refused)
}

impl KeysCommand {
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<(), CliError> {
        let config = global.load_lightly()?.config;
        let console = Console::open(global).await?;
        let (app, ctx) = (&console.app, &console.ctx);
        app.door.authorise_read(&mut app.db.reader().await?, ctx, ManageKeys {}).await.map_err(CliError::refused)?;
        // Before the keys are opened: an installation without any gets its first one then.
        let wanted = match &self {
            Self::List => None,
            Self::Rotate { taking_over } => Some((taking_over, taking_over.key_use()?, None)),
            Self::Import { file, passphrase_file, taking_over } => {
                let key_use = taking_over.key_use()?;
                Some((taking_over, key_use, Some(imported(key_use, file, passphrase_file.as_ref())?)))
            }
        };
        let keys = crate::app::keys(app, &config).await?;
        let Some((taking_over, key_use, pair)) = wanted else {
            let stored = keys.list(&app.db).await.map_err(CliError::refused)?;
            let rows: Vec<Value> = stored.iter().map(|key| row(&stored, key, app.clock.now())).collect();
            return Ok(output.print(&json!(rows), || table(&rows, &["kid", "algorithm", "stage", "active_from"]))?);
        };
        let rotation = taking_over.rotation();
        let next = match pair {
            None => keys.prepare(key_use, rotation, ctx).await,
            Some(pair) => keys.prepare_with(key_use, pair, rotation, ctx),
        };
        let kid = take_over(&console, &next.map_err(CliError::refused)?).await?;
        let stage = if taking_over.emergency { "active" } else { "next" };
        let answer = json!({ "kid": kid, "algorithm": key_use.as_str(), "stage": stage });
        Ok(output.print(&answer, || format!("{kid} is the {stage} key for {}", key_use.as_str()))?)
    }
}

async fn take_over(console: &Console, next: &Next) -> Result<String, CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let kid: Result<String, RotateError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, ManageKeys {}).await?;
        rotate(tx, permit, next, ctx).await
    });
    kid.map_err(CliError::refused)
}

fn row(stored: &[StoredKey], key: &StoredKey, now: Timestamp) -> Value {
    let stage = match (key.active_from > now, is_succeeded(stored, key, now)) {
        (true, _) => "next",
        (false, false) => "active",
        (false, true) => "retired",
    };
    let (from, made) = (key.active_from.to_rfc3339(), key.created_at.to_rfc3339());
    json!({ "kid": key.kid, "algorithm": key.key_use.as_str(), "stage": stage, "active_from": from, "created_at": made })
}
