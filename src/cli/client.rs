//! `chamberlain client …`

use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::client_push::PushCommand;
use super::client_security::Security;
use super::client_stream::StreamCommand;
use super::client_token::TokenCommand;
use super::console::{Console, environment};
use super::output::{Output, table};
use super::registration_token::RegistrationTokenCommand;
use super::{CliError, Global, client_provisioning, client_self_test};
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::client::manage::{self, ClientDetails, ClientError};
use crate::directory::client::model::{AuthMethod, Client, ClientKind, ClientSettings};
use crate::directory::client::store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::time::Timestamp;
use crate::signals::delivery_store;

/// Commands on OAuth clients.
#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Register a client; its secret is printed once
    Create(Box<Create>),
    /// Change how a client proves itself and by which rules
    Change {
        /// The public client id
        client_id: String,
        #[command(flatten)]
        security: Box<Security>,
    },
    /// List all clients
    List,
    /// Show one client with its settings
    Show {
        /// The public client id
        client_id: String,
    },
    /// Give a client a new secret, printed once
    RotateSecret {
        /// The public client id
        client_id: String,
        /// For how many seconds the present secret still works
        #[arg(long, default_value_t = 86_400)]
        overlap: u64,
    },
    /// Show what a client was told lately: who has signed out, what has changed
    Deliveries {
        /// The public client id
        client_id: String,
        /// How many lines
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
        limit: u16,
    },
    /// Show what a service asked lately by SCIM: never what was in its requests
    Requests {
        /// The public client id
        client_id: String,
        /// Only what was refused or went wrong
        #[arg(long)]
        failed: bool,
        /// How many lines
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=500))]
        limit: u16,
    },
    /// Try out a service: joiner, mover and leaver with somebody who is nobody, by its own right
    SelfTest {
        /// The public client id
        client_id: String,
    },
    /// The stream of security events that a client has set up for itself
    #[command(subcommand)]
    Stream(StreamCommand),
    /// The SCIM server of an application, to which its people and groups are pushed
    #[command(subcommand)]
    Push(Box<PushCommand>),
    /// Tokens of a service that cannot fetch any, good until a day
    #[command(subcommand)]
    Token(TokenCommand),
    /// Tokens by which clients register themselves
    #[command(subcommand)]
    RegistrationToken(RegistrationTokenCommand),
    /// Switch a client off; its tokens stop at once
    Disable {
        /// The public client id
        client_id: String,
    },
}

/// The kinds of programs (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Web,
    Spa,
    Native,
    Machine,
}

/// What a new client is.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The public client id
    client_id: String,
    /// Its name on the sign-in page [default: the client id]
    #[arg(long)]
    name: Option<String>,
    /// What kind of program it is
    #[arg(long, value_enum, default_value = "web")]
    kind: Kind,
    /// The code of its application
    #[arg(long, required_unless_present = "organisation")]
    application: Option<String>,
    /// The code of the only application whose groups a service (`machine`) creates by SCIM, in the environment
    #[arg(long, requires = "organisation")]
    groups_of: Option<String>,
    /// The environment of the application
    #[arg(long, default_value = "production")]
    environment: String,
    /// The id of the organisation that a service (`machine`) belongs to
    #[arg(long, conflicts_with = "application")]
    organisation: Option<OrganisationId>,
    /// A redirect URI, compared as exact text; may be given several times
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// Where it may be sent after logout; may be given several times
    #[arg(long)]
    post_logout_redirect_uri: Vec<String>,
    /// It is run by somebody else: people are asked before anything is told to it
    #[arg(long)]
    third_party: bool,
    /// Where its privacy policy is (https), shown where people sign in or agree
    #[arg(long)]
    policy_uri: Option<String>,
    /// Where its terms of use are (https), shown likewise
    #[arg(long)]
    tos_uri: Option<String>,
    /// Where a sign-in that begins at its tile is sent (https)
    #[arg(long)]
    initiate_login_uri: Option<String>,
    /// Where it is told that somebody has signed out (OIDC Back-Channel Logout)
    #[arg(long)]
    backchannel_logout_uri: Option<String>,
    /// Where it is told the same by a frame in the page of whoever signs out (OIDC Front-Channel Logout)
    #[arg(long)]
    frontchannel_logout_uri: Option<String>,
    /// Where it takes signed security events
    #[arg(long)]
    security_events_uri: Option<String>,
    /// Sign `UserInfo` for it: `ES256` or `RS256`
    #[arg(long)]
    userinfo_signed_response_alg: Option<String>,
    /// It may ask about tokens of its application (RFC 7662), as an API that takes them does
    #[arg(long)]
    introspection: bool,
    /// A scope it may ask for; may be given several times [default: those of its kind]
    #[arg(long)]
    scope: Vec<String>,
    #[command(flatten)]
    security: Security,
}

impl Create {
    fn details(&self) -> Result<ClientDetails, CliError> {
        let kind = match self.kind {
            Kind::Web => ClientKind::Web,
            Kind::Spa => ClientKind::Spa,
            Kind::Native => ClientKind::Native,
            Kind::Machine => ClientKind::Machine,
        };
        let mut settings = ClientSettings {
            redirect_uris: self.redirect_uri.clone(),
            post_logout_redirect_uris: self.post_logout_redirect_uri.clone(),
            third_party: self.third_party,
            policy_uri: self.policy_uri.clone(),
            tos_uri: self.tos_uri.clone(),
            initiate_login_uri: self.initiate_login_uri.clone(),
            backchannel_logout_uri: self.backchannel_logout_uri.clone(),
            frontchannel_logout_uri: self.frontchannel_logout_uri.clone(),
            security_events_uri: self.security_events_uri.clone(),
            introspection: self.introspection,
            userinfo_signed_response_alg: self.userinfo_signed_response_alg.clone(),
            ..ClientSettings::default()
        };
        if kind.is_public() {
            settings.token_endpoint_auth_method = AuthMethod::None;
        }
        if kind == ClientKind::Machine {
            settings.grant_types = vec!["client_credentials".to_owned()];
            settings.scopes = vec!["scim".to_owned()];
        }
        if !self.scope.is_empty() {
            settings.scopes.clone_from(&self.scope);
        }
        self.security.apply(&mut settings)?;
        let name = self.name.clone().unwrap_or_else(|| self.client_id.clone());
        Ok(ClientDetails {
            client_id: self.client_id.clone(),
            name,
            kind,
            environment: None,
            organisation: self.organisation,
            settings,
        })
    }
}

impl ClientCommand {
    pub(super) async fn run(self, console: &Console, global: &Global, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create(new) => create(&new, console, output).await,
            Self::Change { client_id, security } => change(&client_id, &security, console, output).await,
            Self::List => {
                let clients = store::list(&mut console.app.db.reader().await?).await?;
                let rows: Vec<Value> = clients.iter().map(brief).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["client_id", "kind", "active", "name"]))?)
            }
            Self::Show { client_id } => {
                let tx = &mut console.app.db.reader().await?;
                let client = find(tx, &client_id).await?;
                let mut shown = brief(&client);
                if let Some(object) = shown.as_object_mut() {
                    if client.kind == ClientKind::Machine {
                        object.insert("lately".to_owned(), client_provisioning::lately(tx, &client).await?);
                    }
                    object.insert("settings".to_owned(), json!(client.settings));
                }
                Ok(output.print(&shown, || format!("{shown:#}"))?)
            }
            Self::RotateSecret { client_id, overlap } => {
                rotate(&client_id, Duration::from_secs(overlap), console, output).await
            }
            Self::Deliveries { client_id, limit } => deliveries(&client_id, limit, console, output).await,
            Self::Requests { client_id, failed, limit } => {
                client_provisioning::requests(&client_id, (failed, limit), console, output).await
            }
            Self::SelfTest { client_id } => client_self_test::run(&client_id, (console, global), output).await,
            Self::Stream(command) => command.run(console, output).await,
            Self::Push(command) => command.run((console, global), output).await,
            Self::Token(command) => command.run(console, output).await,
            Self::RegistrationToken(command) => command.run(console, output).await,
            Self::Disable { client_id } => disable(&client_id, console, output).await,
        }
    }
}

fn brief(client: &Client) -> Value {
    json!({
        "client_id": client.client_id,
        "name": client.name,
        "kind": client.kind.as_str(),
        "active": client.active,
        "environment": client.environment,
        "organisation": client.organisation,
        "created_at": client.created_at.to_rfc3339(),
    })
}

pub(super) async fn find(tx: &mut Tx, client_id: &str) -> Result<Client, CliError> {
    store::find_by_client_id(tx, client_id).await?.ok_or_else(|| CliError::missing("client", client_id))
}

async fn deliveries(client_id: &str, limit: u16, console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let client = find(tx, client_id).await?;
    let sent = delivery_store::list_of_client(tx, client.id, limit.into()).await?;
    let rows: Vec<Value> = sent
        .iter()
        .map(|one| {
            json!({
                "queued_at": one.created_at.to_rfc3339(),
                "kind": one.kind.as_str(),
                "event": one.event_name(),
                "state": one.state.as_str(),
                "attempts": one.attempts,
                "answer": one.answer.as_deref().filter(|answer| !answer.is_empty()),
                "finished_at": one.finished_at.map(Timestamp::to_rfc3339),
            })
        })
        .collect();
    let columns = ["queued_at", "kind", "event", "state", "attempts", "answer"];
    Ok(output.print(&json!(rows), || table(&rows, &columns))?)
}

async fn create(new: &Create, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let created: Result<_, CliError> = transact!(app.db, tx => {
        let mut details = new.details()?;
        if let Some(application) = &new.application {
            details.environment = Some(environment(tx, application, &new.environment).await?.id);
        }
        if let Some(application) = &new.groups_of {
            details.settings.scim_environment = Some(environment(tx, application, &new.environment).await?.id);
        }
        let permit = app.door.authorise(tx, ctx, ManageClient { client: None }).await.map_err(CliError::refused)?;
        manage::create(tx, permit, details, ctx).await.map_err(told)
    });
    let (client, secret) = created?;
    let secret = secret.as_ref().map(super::super::kernel::secret::Token::reveal);
    let answer = json!({ "client_id": client.client_id, "client_secret": secret, "kind": client.kind.as_str() });
    output.print(&answer, || {
        format!("client_id      {}\nclient_secret  {}", client.client_id, secret.unwrap_or("(none)"))
    })?;
    Ok(())
}

async fn change(client_id: &str, security: &Security, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let client: Result<_, CliError> = transact!(app.db, tx => {
        let client = find(tx, client_id).await?;
        let (name, mut settings, version) = (client.name, client.settings, client.version);
        security.apply(&mut settings)?;
        let action = ManageClient { client: Some(client.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        manage::update(tx, permit, (name, settings), Some(version), ctx).await.map_err(told)
    });
    let client = client?;
    output.print(&json!({ "client_id": client.client_id, "settings": client.settings }), || {
        format!("`{client_id}` is changed")
    })?;
    Ok(())
}

/// A refused registration with everything that is wrong with it.
fn told(error: ClientError) -> CliError {
    match error {
        ClientError::Faults(faults) => {
            CliError::Refused(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
        error => CliError::refused(error),
    }
}

async fn rotate(client_id: &str, overlap: Duration, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let secret: Result<_, CliError> = transact!(app.db, tx => {
        let id = find(tx, client_id).await?.id;
        let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
        manage::rotate_secret(tx, permit, overlap, ctx).await.map_err(CliError::refused)
    });
    let secret = secret?;
    let answer = json!({ "client_id": client_id, "client_secret": secret.reveal(), "overlap": overlap.as_secs() });
    output.print(&answer, || format!("client_id      {client_id}\nclient_secret  {}", secret.reveal()))?;
    Ok(())
}

async fn disable(client_id: &str, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let client: Result<_, CliError> = transact!(app.db, tx => {
        let id = find(tx, client_id).await?.id;
        let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
        manage::set_active(tx, permit, false, ctx).await.map_err(CliError::refused)
    });
    let client = client?;
    output.print(&brief(&client), || format!("`{client_id}` is switched off"))?;
    Ok(())
}
