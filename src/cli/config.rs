//! `chamberlain config …`

use clap::Subcommand;
use serde_json::json;

use super::output::Output;
use super::{CliError, Global};
use crate::config::{DEFAULTS, Layers, Mode, check, load, schema};

/// Commands on the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print every key with its default and its explanation
    PrintDefault,
    /// Report every problem with its key and its source
    Check,
    /// Print the JSON schema of the configuration file
    Schema,
}

impl ConfigCommand {
    pub(super) fn run(self, global: &Global, output: Output) -> Result<(), CliError> {
        match self {
            Self::PrintDefault => output.print(&json!({ "toml": DEFAULTS }), || DEFAULTS.to_owned())?,
            Self::Check => {
                let loaded = load(&Layers::from_process(global.config.clone(), Vec::new()))?;
                check(&loaded, Mode::Production)?;
                output.print(&json!({ "problems": [], "sources": loaded.sources }), || {
                    "the configuration is in order".to_owned()
                })?;
            }
            Self::Schema => {
                let schema = schema();
                output.print(&schema, || serde_json::to_string_pretty(&schema).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}
