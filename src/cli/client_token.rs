//! `chamberlain client token …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::client::find;
use super::console::Console;
use super::output::{Output, table};
use crate::authority::action::ManageClient;
use crate::db::transact;
use crate::kernel::ids::ProvisioningTokenId;
use crate::tokens::{provisioning, provisioning_store as store};

/// Tokens of a service that cannot fetch any: for identity providers that take one fixed bearer token
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token; its secret is printed once
    Create {
        /// The public client id of the service
        client_id: String,
        /// Where it is entered, as "Okta, bank B"
        #[arg(long)]
        name: String,
        /// For how many days it is good (366 at most)
        #[arg(long, default_value_t = 180)]
        days: u32,
    },
    /// List the tokens of a service that still work
    List {
        /// The public client id
        client_id: String,
    },
    /// Take a token back; it stops at once
    Revoke {
        /// The public client id
        client_id: String,
        /// The id of the token
        id: ProvisioningTokenId,
    },
}

impl TokenCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create { client_id, name, days } => create(&client_id, (&name, days), console, output).await,
            Self::List { client_id } => list(&client_id, console, output).await,
            Self::Revoke { client_id, id } => revoke(&client_id, id, console, output).await,
        }
    }
}

async fn create(client_id: &str, new: (&str, u32), console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let client = find(tx, client_id).await?;
        let action = ManageClient { client: Some(client.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        provisioning::issue(tx, permit, &client, new, ctx).await.map_err(CliError::refused)
    });
    let (made, secret) = made?;
    let answer = json!({ "id": made.id, "token": secret.reveal(), "expires_at": made.expires_at.to_rfc3339() });
    output.print(&answer, || {
        format!(
            "id          {}\ntoken       {}\nexpires_at  {}",
            made.id,
            secret.reveal(),
            made.expires_at.to_rfc3339()
        )
    })?;
    Ok(())
}

async fn list(client_id: &str, console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let client = find(tx, client_id).await?;
    let tokens = store::list(tx, client.id, console.ctx.now).await?;
    let row = |token: &provisioning::ProvisioningToken| json!({ "id": token.id, "name": token.name, "created_at": token.created_at.to_rfc3339(), "expires_at": token.expires_at.to_rfc3339() });
    let rows: Vec<Value> = tokens.iter().map(row).collect();
    Ok(output.print(&json!(rows), || table(&rows, &["id", "name", "created_at", "expires_at"]))?)
}

async fn revoke(client_id: &str, id: ProvisioningTokenId, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let client = find(tx, client_id).await?;
        let action = ManageClient { client: Some(client.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        provisioning::revoke(tx, permit, &client, id, ctx).await.map_err(CliError::refused)
    });
    done?;
    output.print(&json!({ "id": id, "revoked": true }), || format!("{id} is good for nothing any more"))?;
    Ok(())
}
