//! `[documents]`: files that people attach to requests.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;

/// Files that people attach to requests.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentsSettings {
    /// The address of a malware scanner that speaks the protocol of clamd. Nobody gets a document before it was found to be
    /// clean; without a scanner whoever answers a request is told that nobody looked.
    #[schemars(with = "Option<String>")]
    pub scanner: Option<SocketAddr>,
}
