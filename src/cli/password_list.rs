//! `chamberlain password-list …`: the list of passwords that are known from breaches, and that nobody may choose.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::output::Output;
use super::{CliError, Global, import};
use crate::factors::breached::{Breached, Written, build};

/// How much of a file is read at a time.
const BUFFER: usize = 1 << 20;

/// Commands on the list.
#[derive(Debug, Subcommand)]
pub(super) enum PasswordListCommand {
    /// Make the file for `breached_passwords` in `[factors]` out of lists that you have
    Build {
        /// Lists, `-` for standard input: on each line a SHA-1 in hexadecimal, and behind a colon how often it was met
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Where to
        #[arg(long, short)]
        output: PathBuf,
        /// The lines are the passwords themselves
        #[arg(long)]
        plain: bool,
        /// Leave out what was met less often
        #[arg(long, default_value_t = 1, conflicts_with = "plain")]
        min_count: u64,
    },
    /// Say whether the password on standard input is on the list that is configured
    Check,
}

impl PasswordListCommand {
    /// Of `check`, whether the password is not on the list.
    pub(super) fn run(self, global: &Global, output: Output) -> Result<bool, CliError> {
        match self {
            Self::Build { files, output: path, plain, min_count } => {
                let open = |file: &PathBuf| -> io::Result<Box<dyn BufRead>> {
                    if import::is_standard(file) {
                        return Ok(Box::new(BufReader::with_capacity(BUFFER, io::stdin())));
                    }
                    Ok(Box::new(BufReader::with_capacity(BUFFER, File::open(file)?)))
                };
                let inputs = files.iter().map(open).collect::<io::Result<_>>()?;
                let written = if plain { Written::Plain } else { Written::Digests { least: min_count } };
                let count = build(inputs, written, &path)?;
                output
                    .print(&json!({ "passwords": count }), || format!("{count} passwords are in {}", path.display()))?;
                Ok(true)
            }
            Self::Check => {
                let config = global.load_lightly()?.config;
                let path = config.factors.breached_passwords.ok_or_else(|| {
                    CliError::Refused("no list is configured: `breached_passwords` in `[factors]`".to_owned())
                })?;
                let mut line = String::new();
                io::stdin().read_line(&mut line)?;
                let known = Breached::open(&path)?.contains(line.trim_end_matches(['\r', '\n']))?;
                let word = if known { "on the list" } else { "not on the list" };
                output.print(&json!({ "breached": known }), || word.to_owned())?;
                Ok(!known)
            }
        }
    }
}
