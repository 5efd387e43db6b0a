//! The flags that the example applications share.

use std::net::SocketAddr;

use clap::Args;
use url::Url;

/// Where the provider is and who this application is to it.
#[derive(Args, Clone, Debug)]
pub(crate) struct Registration {
    /// Issuer of the provider, for example `http://127.0.0.1:8080`.
    #[arg(long)]
    pub issuer: String,
    /// Client id that the provider gave to this application.
    #[arg(long)]
    pub client_id: String,
    /// Client secret that the provider gave to this application.
    #[arg(long)]
    pub client_secret: String,
    /// Address and port to listen on.
    #[arg(long)]
    pub listen: SocketAddr,
    /// Address under which browsers reach this application; `http://{listen}` when left out.
    #[arg(long)]
    pub public_url: Option<Url>,
}

impl Registration {
    /// The absolute URL of `path` (which starts with `/`) in this application.
    pub(crate) fn own_url(&self, path: &str) -> String {
        match &self.public_url {
            Some(url) => format!("{}{path}", url.as_str().trim_end_matches('/')),
            None => format!("http://{}{path}", self.listen),
        }
    }
}
