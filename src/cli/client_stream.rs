//! `chamberlain client stream …`: the streams that applications have set up for themselves (SSF 1.0).

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::client::find;
use super::console::Console;
use super::output::Output;
use crate::authority::action::ManageClient;
use crate::db::transact;
use crate::directory::client::model::Client;
use crate::signals::stream::manage;
use crate::signals::stream::model::{Status, Stream};
use crate::signals::stream::store;

/// Commands on the stream of a client.
#[derive(Debug, Subcommand)]
pub(super) enum StreamCommand {
    /// Show the stream of a client: how it is delivered, and whether it is
    Show {
        /// The public client id
        client_id: String,
    },
    /// Let events wait; the client is told, and may go on
    Pause {
        /// The public client id
        client_id: String,
        /// Why; the client is told
        #[arg(long)]
        reason: Option<String>,
    },
    /// Deliver events, again
    Enable {
        /// The public client id
        client_id: String,
    },
    /// Lose events; the client is told, and may go on
    Disable {
        /// The public client id
        client_id: String,
        /// Why; the client is told
        #[arg(long)]
        reason: Option<String>,
    },
    /// Delete the stream; what waits in it is lost
    Delete {
        /// The public client id
        client_id: String,
    },
}

impl StreamCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Show { client_id } => {
                let tx = &mut console.app.db.reader().await?;
                let client = find(tx, &client_id).await?;
                let stream = store::find(tx, client.id).await?;
                let stream = stream.ok_or_else(|| CliError::missing("stream of client", &client_id))?;
                let shown = shown(&client, &stream);
                Ok(output.print(&shown, || format!("{shown:#}"))?)
            }
            Self::Pause { client_id, reason } => set(&client_id, (Status::Paused, reason), console, output).await,
            Self::Enable { client_id } => set(&client_id, (Status::Enabled, None), console, output).await,
            Self::Disable { client_id, reason } => set(&client_id, (Status::Disabled, reason), console, output).await,
            Self::Delete { client_id } => delete(&client_id, console, output).await,
        }
    }
}

/// Never with the header that its client gave.
fn shown(client: &Client, stream: &Stream) -> Value {
    json!({
        "stream_id": stream.id,
        "status": stream.status.as_str(),
        "reason": stream.reason,
        "delivery": stream.method.as_str(),
        "endpoint_url": stream.endpoint,
        "authorization_header": stream.sealed_header.as_ref().map(|_| "(set)"),
        "events_delivered": stream.delivered(client.kind),
        "description": stream.description,
        "created_at": stream.created_at.to_rfc3339(),
        "updated_at": stream.updated_at.to_rfc3339(),
    })
}

async fn set(
    client_id: &str,
    (status, reason): (Status, Option<String>),
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let set: Result<(Client, Stream), CliError> = transact!(app.db, tx => {
        let client = find(tx, client_id).await?;
        let action = ManageClient { client: Some(client.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        let wanted = (status, reason.clone());
        let stream = manage::set_status_by_operator(tx, permit, wanted, ctx).await.map_err(CliError::refused)?;
        Ok((client, stream))
    });
    let (client, stream) = set?;
    output.print(&shown(&client, &stream), || format!("the stream of `{client_id}` is {}", stream.status.as_str()))?;
    Ok(())
}

async fn delete(client_id: &str, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let gone: Result<(), CliError> = transact!(app.db, tx => {
        let id = find(tx, client_id).await?.id;
        let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
        manage::delete_by_operator(tx, permit, ctx).await.map_err(CliError::refused)
    });
    gone?;
    output.print(&json!({ "client_id": client_id }), || format!("the stream of `{client_id}` is deleted"))?;
    Ok(())
}
