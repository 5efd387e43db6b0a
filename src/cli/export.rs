//! `chamberlain user export [FILE]`: people to a file, as `chamberlain user import` reads it.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::CliError;
use super::console::Console;
use super::import::{Written, create, format, is_standard};
use super::output::Output;
use crate::directory::user::export::{ExportError, export};
use crate::kernel::ids::OrganisationId;

/// Whom, and where to.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file; one that is there is overwritten. `-` for standard output
    #[arg(default_value = "-")]
    file: PathBuf,
    /// How it is written [default: by the ending of its name]
    #[arg(long)]
    format: Option<Written>,
    /// Only the people of this organisation and of all below it
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

impl Export {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let format = format(self.format, &self.file)?;
        let standard = is_standard(&self.file);
        let out: Box<dyn Write> =
            if standard { Box::new(io::BufWriter::new(io::stdout())) } else { Box::new(create(&self.file)?) };
        let (app, ctx) = (&console.app, &console.ctx);
        let done = export((&app.db, &app.door), self.organisation, (out, format), ctx).await;
        let people = match done {
            Ok(people) => people,
            // Whoever closed the pipe has read enough.
            Err(ExportError::Io(error)) if standard && error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            Err(ExportError::Io(error)) => return Err(error.into()),
            Err(ExportError::Db(error)) => return Err(error.into()),
            Err(ExportError::NotFound) => {
                let id = self.organisation.map(|id| id.to_string()).unwrap_or_default();
                return Err(CliError::missing("organisation", &id));
            }
            Err(error @ ExportError::Refused(_)) => return Err(CliError::refused(error)),
        };
        if !standard {
            output.print(&json!({ "people": people }), || format!("{people} people"))?;
        }
        Ok(())
    }
}
