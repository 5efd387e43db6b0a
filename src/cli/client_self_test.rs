//! `chamberlain client self-test`.

use serde_json::{Value, json};

use super::client::find;
use super::console::Console;
use super::output::{Output, table};
use super::{CliError, Global};
use crate::authority::action::ManageClient;
use crate::directory::client::model::ClientKind;
use crate::scim::Scim;
use crate::tokens::Tokens;
use crate::web::self_test::{Outcome, Step};

/// Tries out a service; not everything as it should be is a failure of the command.
pub(super) async fn run(
    client_id: &str,
    (console, global): (&Console, &Global),
    output: &Output,
) -> Result<(), CliError> {
    let config = global.load_lightly()?.config;
    let app = &console.app;
    let client = {
        let tx = &mut app.db.reader().await?;
        let client = find(tx, client_id).await?;
        let action = ManageClient { client: Some(client.id) };
        app.door.authorise_read(tx, &console.ctx, action).await.map_err(CliError::refused)?;
        client
    };
    if client.kind != ClientKind::Machine {
        return Err(CliError::Refused(format!("`{client_id}` is no service")));
    }
    let tokens = Tokens::new(crate::app::keys(app, &config).await?, app.public_url.as_str());
    let scim = Scim { app: app.clone(), tokens, settings: config.scim };
    let steps = crate::app::self_test(scim).run(client, console.ctx.clone()).await.map_err(CliError::refused)?;
    let rows: Vec<Value> = steps.iter().map(row).collect();
    output.print(&json!(rows), || table(&rows, &["step", "outcome", "status", "request", "said"]))?;
    match steps.iter().filter(|step| step.outcome == Outcome::Failed).count() {
        0 => Ok(()),
        failed => Err(CliError::Refused(format!("{failed} of {} steps failed", steps.len()))),
    }
}

fn row(step: &Step) -> Value {
    json!({
        "step": step.name,
        "outcome": step.outcome.as_str(),
        "status": step.status,
        "request": step.request,
        "said": step.said,
    })
}
