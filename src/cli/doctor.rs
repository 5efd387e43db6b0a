//! `chamberlain doctor`: looks at everything that keeps a server from working, and says what to do.

use std::net::TcpListener;

use serde_json::json;

use super::output::{Output, table};
use super::{CliError, Global};
use crate::config::{Config, Layers, Mode, check, load};

/// Runs all checks; false if any failed.
pub(super) async fn run(global: &Global, output: &Output) -> Result<bool, CliError> {
    let loaded = load(&Layers::from_process(global.config.clone(), Vec::new()))?;
    let mut checks = Vec::new();
    match check(&loaded, Mode::Production) {
        Ok(()) => checks.push(("configuration", Ok("in order".to_owned()))),
        Err(problems) => checks.extend(problems.0.iter().map(|problem| ("configuration", Err(problem.to_string())))),
    }
    checks.extend(look(&loaded.config).await);
    let rows: Vec<_> = checks
        .iter()
        .map(|(name, outcome)| {
            let (status, detail) = outcome.as_ref().map_or_else(|problem| ("problem", problem), |fine| ("ok", fine));
            json!({ "check": name, "status": status, "detail": detail })
        })
        .collect();
    let healthy = checks.iter().all(|(_, outcome)| outcome.is_ok());
    output.print(&json!({ "healthy": healthy, "checks": rows }), || table(&rows, &["status", "check", "detail"]))?;
    Ok(healthy)
}

type Check = (&'static str, Result<String, String>);

async fn look(config: &Config) -> Vec<Check> {
    let profile = crate::app::profile(&config.profile)
        .map(|profile| format!("`{}`", profile.name))
        .map_err(|error| error.to_string());
    let database = match crate::app::database(config).await {
        Ok(db) => {
            let engine = format!("{:?}", db.engine()).to_lowercase();
            db.close().await;
            Ok(format!("{engine}, schema {}", crate::db::migrate::latest_version()))
        }
        Err(error) => Err(error.to_string()),
    };
    let bind = |address| {
        TcpListener::bind(address).map(|_| format!("{address} is free")).map_err(|error| format!("{address}: {error}"))
    };
    vec![
        ("profile", profile),
        ("database", database),
        ("http.listen", bind(config.http.listen)),
        ("http.management_listen", bind(config.http.management_listen)),
    ]
}
