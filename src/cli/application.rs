//! `chamberlain application …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::CliError;
use super::console::{Console, application};
use super::output::{Output, table};
use crate::authority::action::ManageApplication;
use crate::db::transact;
use crate::directory::application::manage::{self, ApplicationDetails, EnvironmentDetails};
use crate::directory::application::{environment_store, store};
use crate::directory::module::model::{Coordinators, ModuleRules};
use crate::directory::module::settings::SettingsSchema;
use crate::directory::module::terms::Catalogue;
use crate::directory::module::{catalogue, classes};
use crate::kernel::strength::Strength;

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
        #[command(flatten)]
        modules: ModuleAnswer,
    },
    /// Say whether organisations need module access to an application
    Modules {
        /// The code of the application
        application: String,
        #[command(flatten)]
        modules: ModuleAnswer,
    },
    /// Say what the module of an application asks for: its classification and its settings; what is not given is asked no longer
    DescribeModule {
        /// The code of the application
        application: String,
        /// A file with one class per line: `CODE = label`, and `CODE.de = label` for other languages
        #[arg(long)]
        classification: Option<PathBuf>,
        /// A file with a JSON Schema of the settings
        #[arg(long)]
        settings_schema: Option<PathBuf>,
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
        /// How strongly whoever enters has to sign in: any, app or passkey
        #[arg(long, default_value_t, value_parser = super::organisation::strength)]
        second_factor: Strength,
    },
    /// List all applications with their environments
    List,
}

/// What an application says about module access.
#[derive(Debug, Args)]
pub(super) struct ModuleAnswer {
    /// Organisations need module access before their people get groups and sign in
    #[arg(long)]
    module_access: bool,
    /// Whether an authority names coordinators: forbidden, optional or required
    #[arg(long, default_value = "forbidden", value_parser = coordinators)]
    linked_coordinators: Coordinators,
}

fn coordinators(text: &str) -> Result<Coordinators, &'static str> {
    Coordinators::parse(text).ok_or("use forbidden, optional or required")
}

impl ModuleAnswer {
    fn rules(&self) -> ModuleRules {
        ModuleRules { required: self.module_access, coordinators: self.linked_coordinators }
    }
}

impl ApplicationCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create { code, name, description, modules } => {
                let name = name.unwrap_or_else(|| code.clone());
                let modules = modules.rules();
                let details = ApplicationDetails { code, name, description, documentation_url: None, modules };
                create(details, console, output).await
            }
            Self::Modules { application, modules } => change(&application, modules.rules(), console, output).await,
            Self::DescribeModule { application, classification, settings_schema } => {
                let catalogue = catalogue(classification, settings_schema)?;
                describe(&application, &catalogue, console, output).await
            }
            Self::AddEnvironment { application, code, title, group_prefix, launch_url, open, second_factor } => {
                let title = title.unwrap_or_else(|| format!("{application} {code}"));
                let details =
                    EnvironmentDetails { code, title, group_prefix, launch_url, requires_group: !open, second_factor };
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

async fn change(code: &str, modules: ModuleRules, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let found = application(tx, code).await?;
        let action = ManageApplication { application: Some(found.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        let details = ApplicationDetails {
            code: found.code,
            name: found.name,
            description: found.description,
            documentation_url: found.documentation_url,
            modules,
        };
        manage::update(tx, permit, details, ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    let (access, coordinators) = (made.modules.word(), made.modules.coordinators.as_str());
    let answer = json!({
        "id": made.id, "code": made.code, "module_access": access, "linked_coordinators": coordinators,
    });
    output.print(&answer, || format!("`{}`: module access {access}, coordinators {coordinators}", made.code))?;
    Ok(())
}

fn catalogue(classification: Option<PathBuf>, settings_schema: Option<PathBuf>) -> Result<Catalogue, CliError> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| CliError::Refused(format!("{}: {error}", path.display())))
    };
    let classes = match &classification {
        Some(path) => classes::parse(&read(path)?).map_err(CliError::refused)?,
        None => Vec::new(),
    };
    let settings = match &settings_schema {
        Some(path) => Some(SettingsSchema::parse(&read(path)?).map_err(CliError::refused)?),
        None => None,
    };
    Ok(Catalogue { classes, settings })
}

async fn describe(code: &str, catalogue: &Catalogue, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let action = ManageApplication { application: Some(application(tx, code).await?.id) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        catalogue::describe(tx, permit, catalogue, ctx).await.map_err(CliError::refused)
    });
    done?;
    let settings: Vec<&str> =
        catalogue.settings.iter().flat_map(SettingsSchema::settings).map(|one| one.name.as_str()).collect();
    let classes: Vec<&str> = catalogue.classes.iter().map(|class| class.code.as_str()).collect();
    let answer = json!({ "code": code, "classes": classes, "settings": settings });
    output.print(&answer, || format!("`{code}` asks for {} classes and {} settings", classes.len(), settings.len()))?;
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
            json!({ "id": application.id, "code": application.code, "name": application.name, "environments": own,
                "module_access": application.modules.word() })
        })
        .collect();
    output.print(&json!(rows), || table(&rows, &["code", "name", "environments"]))?;
    Ok(())
}
