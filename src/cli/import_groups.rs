//! `chamberlain import groups FILE` and `chamberlain import memberships FILE`: from CSV (RFC 4180) in UTF-8 with a heading, each row for itself.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use clap::Args;
use csv::StringRecord;
use serde::de::DeserializeOwned;

use super::CliError;
use super::console::Console;
use super::output::Output;
use super::told::Told;
use crate::db::{self, Tx, transact};
use crate::directory::membership::import::BringError;
use crate::directory::user::import::batch::Said;
use crate::directory::{group, membership};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;

/// How many rows share a transaction.
const AT_ONCE: usize = 500;

/// Which file, and what is only said.
#[derive(Debug, Args)]
struct Source {
    /// The file; `-` for standard input
    file: PathBuf,
    /// Only say what would become of each row
    #[arg(long)]
    preview: bool,
    /// Write what became of each row to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Groups.
#[derive(Debug, Args)]
#[command(
    after_help = "Columns: application, code, and if need be environment (production), name, description, sensitive (true or false)"
)]
pub(super) struct Groups {
    #[command(flatten)]
    source: Source,
}

/// Memberships.
#[derive(Debug, Args)]
#[command(
    after_help = "Columns: user (an e-mail address or user name), group (its code), and if need be until (the last day, as 2027-01-31)"
)]
pub(super) struct Memberships {
    #[command(flatten)]
    source: Source,
}

/// Why rows are not kept.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// They were only tried.
    #[error("only tried")]
    Tried(Vec<Said>),
    #[error(transparent)]
    Brought(#[from] BringError),
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Source {
    fn open(&self) -> Result<csv::Reader<Box<dyn Read>>, CliError> {
        let input: Box<dyn Read> = if self.file.as_os_str() == "-" {
            Box::new(std::io::stdin())
        } else {
            Box::new(BufReader::new(File::open(&self.file)?))
        };
        Ok(csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input))
    }

    /// Reads rows part by part and says what became of each; whether none was refused.
    async fn run<R: DeserializeOwned + Default>(
        &self,
        kind: &'static str,
        (name, bring): (impl Fn(&R) -> String, impl AsyncFn(&[R]) -> Result<Vec<Said>, Stop>),
        output: Output,
    ) -> Result<bool, CliError> {
        let mut reader = self.open()?;
        let heading = reader.headers().map_err(CliError::refused)?.clone();
        // A heading that is none is wrong for every row: nothing is begun.
        StringRecord::from(vec![""; heading.len()]).deserialize::<R>(Some(&heading)).map_err(CliError::refused)?;
        let mut told = Told::begin(self.report.as_ref())?;
        let mut records = reader.into_deserialize::<R>();
        loop {
            let (mut rows, mut ended) = (Vec::new(), true);
            for row in records.by_ref() {
                match row {
                    Ok(row) => rows.push(row),
                    Err(error) => {
                        let place = error.position().map_or_else(String::new, |at| format!("line {}", at.line()));
                        told.step((kind, &place), (&Said::Refused(error.to_string()), 1), None)?;
                    }
                }
                if rows.len() == AT_ONCE {
                    ended = false;
                    break;
                }
            }
            let said = match bring(&rows).await {
                Ok(said) | Err(Stop::Tried(said)) => said,
                Err(error) => {
                    told.end(self.preview, output)?;
                    return Err(CliError::refused(error));
                }
            };
            for (row, said) in rows.iter().zip(&said) {
                told.step((kind, &name(row)), (said, 1), None)?;
            }
            if ended {
                return told.end(self.preview, output);
            }
        }
    }

    /// Kept, or only tried.
    fn outcome(&self, said: Vec<Said>) -> Result<Vec<Said>, Stop> {
        if self.preview { Err(Stop::Tried(said)) } else { Ok(said) }
    }
}

/// The context of a transaction that begins now, in one request.
fn context(console: &Console) -> Ctx {
    Ctx {
        request_id: console.ctx.request_id.clone(),
        ..console.app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console)
    }
}

impl Groups {
    /// Whether nothing was refused.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        let (app, source) = (&console.app, &self.source);
        let bring = async |rows: &[group::import::Row]| {
            let ctx = context(console);
            let brought: Result<Vec<Said>, Stop> = transact!(app.db, tx => {
                let mut said = Vec::with_capacity(rows.len());
                for row in rows {
                    said.push(group::import::bring(tx, &app.door, row, &ctx).await?);
                }
                source.outcome(said)
            });
            brought
        };
        source.run("group", (|row: &group::import::Row| row.code.clone(), bring), *output).await
    }
}

impl Memberships {
    /// Whether nothing was refused.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        let (app, source) = (&console.app, &self.source);
        let groups = membership::import::groups(&mut app.db.reader().await?).await?;
        let bring = async |rows: &[membership::import::Row]| {
            let ctx = context(console);
            let brought: Result<Vec<Said>, Stop> = transact!(app.db, tx => {
                let tx: &mut Tx = tx;
                source.outcome(membership::import::bring(tx, &app.door, (rows, &groups), &ctx).await?)
            });
            brought
        };
        let name = |row: &membership::import::Row| format!("{} {}", row.user, row.group);
        source.run("membership", (name, bring), *output).await
    }
}
