//! `chamberlain application …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::console::{Console, application};
use super::output::{Output, table};
use crate::authority::action::ManageApplication;
use crate::db::transact;
use crate::directory::application::manage::{self, ApplicationDetails, EnvironmentDetails};
use crate::directory::application::{environment_store, store};

/// Commands on applications.
#[derive(Debug, Subcommand)]
pub(super) enum ApplicationCommand {
    /// Create an application
    Create {
        /// Its code, for example CASPER
        code: String,
        /// Its name [default: the code]
        #[arg(long)]
        name: Option<String>,
        /// One or two sentences
        #[arg(long, default_value = "")]
        description: String,
    },
    /// Add an environment to an application
    AddEnvironment {
        /// The code of the application
        application: String,
        /// For example production or pre-production
        code: String,
        /// The title of its tile [default: application and code]
        #[arg(long)]
        title: Option<String>,
        /// What the codes of its groups start with, for example A-
        #[arg(long, default_value = "")]
        group_prefix: String,
        /// Where its tile leads
        #[arg(long)]
        launch_url: Option<String>,
        /// Let people in who have none of its groups
        #[arg(long)]
        open: bool,
    },
    /// List all applications with their environments
    List,
}

impl ApplicationCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create { code, name, description } => {
                let name = name.unwrap_or_else(|| code.clone());
                create(ApplicationDetails { code, name, description, documentation_url: None }, console, output).await
            }
            Self::AddEnvironment { application, code, title, group_prefix, launch_url, open } => {
                let title = title.unwrap_or_else(|| format!("{application} {code}"));
                let details = EnvironmentDetails { code, title, group_prefix, launch_url, requires_group: !open };
                add_environment(&application, details, console, output).await
            }
            Self::List => list(console, output).await,
        }
    }
}

async fn create(details: ApplicationDetails, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, ManageApplication { application: None }).await.map_err(CliError::refused)?;
        manage::create(tx, permit, details.clone(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    output.print(&json!({ "id": made.id, "code": made.code }), || format!("created `{}` {}", made.code, made.id))?;
    Ok(())
}

async fn add_environment(
    code: &str,
    details: EnvironmentDetails,
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let action = ManageApplication { application: Some(application(tx, code).await?.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        manage::create_environment(tx, permit, details.clone(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    let answer = json!({ "id": made.id, "application": code, "code": made.code });
    output.print(&answer, || format!("created `{code}` `{}` {}", made.code, made.id))?;
    Ok(())
}

async fn list(console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let environments = environment_store::list(tx).await?;
    let applications = store::list(tx).await?;
    let rows: Vec<Value> = applications
        .iter()
        .map(|application| {
            let own = environments.iter().filter(|environment| environment.application == application.id);
            let own: Vec<&str> = own.map(|environment| environment.code.as_str()).collect();
            json!({ "id": application.id, "code": application.code, "name": application.name, "environments": own })
        })
        .collect();
    output.print(&json!(rows), || table(&rows, &["code", "name", "environments"]))?;
    Ok(())
}
