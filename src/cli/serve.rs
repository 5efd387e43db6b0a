//! `chamberlain serve`

use clap::Args;

use super::{CliError, Global};
use crate::app::{Listeners, start};
use crate::config::Mode;

/// Run the server.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Development mode: loopback only, sent messages can be read at /dev/outbox, banner on every page
    #[arg(long)]
    dev: bool,
    /// Address and port to listen on, instead of `http.listen`
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The public address, instead of `public_url`
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl Serve {
    pub(super) async fn run(self, global: &Global) -> Result<(), CliError> {
        let mode = if self.dev { Mode::Development } else { Mode::Production };
        let flags = [("http.listen", self.listen), ("public_url", self.public_url)];
        let flags = flags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
        let config = global.load(flags, mode)?.config;
        let listeners = Listeners::bind(&config).await?;
        Ok(start(&config, mode, listeners).await?.until_told().await?)
    }
}
