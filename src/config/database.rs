//! `[database]`: where data is kept.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Sealed;

/// The database.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` (one node) or `postgres://user:password@host/name` (several nodes).
    pub url: Sealed,
    /// How many connections may be open at once.
    pub max_connections: u32,
    /// How long one statement may take on PostgreSQL, in seconds; what takes longer is broken off there. Migrations, commands and
    /// cleaning up take as long as they need. SQLite has no such limit.
    pub statement_seconds: u32,
}
