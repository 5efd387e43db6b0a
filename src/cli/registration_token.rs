//! `chamberlain client registration-token …`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::CliError;
use super::console::{Console, environment};
use super::output::{Output, table};
use crate::authority::action::ManageClient;
use crate::db::transact;
use crate::directory::application::environment_store;
use crate::directory::client::registration::model::Policy;
use crate::directory::client::registration::{store, token};
use crate::kernel::ids::RegistrationTokenId;

/// Commands on tokens by which clients register themselves (RFC 7591)
#[derive(Debug, Subcommand)]
pub(super) enum RegistrationTokenCommand {
    /// Make a token; its secret is printed once
    Create(Create),
    /// List the tokens that still register somebody
    List,
    /// Take a token back; clients that it registered stay
    Revoke {
        /// Its id
        id: RegistrationTokenId,
    },
}

/// What a new token lets be registered.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// What it is for
    name: String,
    /// The code of the application to which the clients belong
    #[arg(long)]
    application: String,
    /// Its environment
    #[arg(long, default_value = "production")]
    environment: String,
    /// For how many clients
    #[arg(long, default_value_t = 1)]
    uses: i64,
    /// For how many days
    #[arg(long, default_value_t = 7)]
    days: u32,
    /// A scope that they may ask for; may be given several times
    #[arg(long, default_values = ["openid", "profile", "email"])]
    scope: Vec<String>,
    /// They are the institution's own: nobody is asked before they are told something
    #[arg(long)]
    first_party: bool,
    /// Confidential ones may go without PKCE (insecure)
    #[arg(long)]
    allow_without_pkce_insecure: bool,
    /// They may be used on devices without a browser (RFC 8628)
    #[arg(long)]
    device_grant: bool,
}

impl RegistrationTokenCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create(new) => create(&new, console, output).await,
            Self::List => list(console, output).await,
            Self::Revoke { id } => revoke(id, console, output).await,
        }
    }
}

async fn create(new: &Create, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let policy = Policy {
            scopes: new.scope.clone(),
            third_party: !new.first_party,
            allow_without_pkce_insecure: new.allow_without_pkce_insecure,
            device_grant: new.device_grant,
        };
        let environment = environment(tx, &new.application, &new.environment).await?.id;
        let wanted = token::NewToken { name: new.name.clone(), environment, policy, uses: new.uses, days: new.days };
        let permit = app.door.authorise(tx, ctx, ManageClient { client: None }).await.map_err(CliError::refused)?;
        token::issue(tx, permit, &wanted, ctx).await.map_err(CliError::refused)
    });
    let (made, secret) = made?;
    let until = made.expires_at.to_rfc3339();
    let answer =
        json!({ "id": made.id, "registration_token": secret.reveal(), "uses": made.uses_left, "expires_at": until });
    output.print(&answer, || format!("id                  {}\nregistration_token  {}", made.id, secret.reveal()))?;
    Ok(())
}

async fn list(console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let environments = environment_store::list(tx).await?;
    let tokens = store::list_tokens(tx, console.ctx.now).await?;
    let rows: Vec<Value> = tokens
        .iter()
        .map(|token| {
            let environment = environments.iter().find(|environment| environment.id == token.environment);
            json!({
                "id": token.id,
                "name": token.name,
                "environment": environment.map(|environment| environment.title.clone()),
                "uses_left": token.uses_left,
                "expires_at": token.expires_at.to_rfc3339(),
            })
        })
        .collect();
    let columns = ["id", "name", "environment", "uses_left", "expires_at"];
    Ok(output.print(&json!(rows), || table(&rows, &columns))?)
}

async fn revoke(id: RegistrationTokenId, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, ManageClient { client: None }).await.map_err(CliError::refused)?;
        token::revoke(tx, permit, id, ctx).await.map_err(CliError::refused)
    });
    done?;
    output.print(&json!({ "id": id, "revoked": true }), || format!("{id} registers nobody any more"))?;
    Ok(())
}
