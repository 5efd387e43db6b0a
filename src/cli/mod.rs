//! The command line: one file per command. It acts as the console through the same use cases as every other surface.

mod application;
mod audit;
mod bootstrap;
mod client;
mod client_encryption;
mod client_provisioning;
mod client_push;
mod client_security;
mod client_self_test;
mod client_stream;
mod client_token;
mod config;
mod conformance;
mod console;
pub mod demo;
mod deputy;
mod doctor;
mod explain;
mod export;
mod group;
mod import;
mod import_groups;
mod keycloak;
mod keys;
mod module;
mod names;
mod nominate;
mod organisation;
mod output;
mod password_list;
mod profile;
mod project;
mod recertification;
mod registration_token;
mod role;
mod separated;
mod serve;
mod told;
mod user;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::StartError;
use crate::config::{Layers, Loaded, LogFormat, Mode, Problems, check, load};
use crate::db::Db;
use crate::telemetry::logs;
use output::Output;

/// Chamberlain: an identity provider in which customers administer their own people.
#[derive(Debug, Parser)]
#[command(name = "chamberlain", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
struct Global {
    /// A TOML file laid over the defaults; may be given several times, the last one wins
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// Answer with one JSON document on stdout
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Serve),
    /// Run a seeded world on loopback, to try everything
    Demo(demo::Demo),
    /// Start an installation
    #[command(subcommand)]
    Bootstrap(bootstrap::BootstrapCommand),
    /// Bring the database schema up to date
    Migrate,
    /// Check configuration, database, profile and addresses
    Doctor,
    /// Print or check the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// What test suites need, in conformance mode only
    #[command(subcommand)]
    Conformance(conformance::ConformanceCommand),
    /// OAuth clients: relying applications and services
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Applications and their environments
    #[command(subcommand)]
    Application(application::ApplicationCommand),
    /// Groups of applications
    #[command(subcommand)]
    Group(group::GroupCommand),
    /// Organisations
    #[command(subcommand)]
    Organisation(organisation::OrganisationCommand),
    /// Module access: which organisations may use an application that asks for it
    #[command(subcommand)]
    Module(module::ModuleCommand),
    /// People
    #[command(subcommand)]
    User(user::UserCommand),
    /// Bring in what another provider holds
    #[command(subcommand)]
    Import(keycloak::ImportCommand),
    /// Projects of several organisations
    #[command(subcommand)]
    Project(project::ProjectCommand),
    /// Roles of people and services
    #[command(subcommand)]
    Role(role::RoleCommand),
    /// Deputies: who stands in for the holder of a role
    #[command(subcommand)]
    Deputy(deputy::DeputyCommand),
    /// Recertification: which roles and memberships are still needed
    #[command(subcommand)]
    Recertification(recertification::RecertificationCommand),
    /// Why somebody can do something, who can, and what somebody holds
    #[command(subcommand)]
    Explain(explain::ExplainCommand),
    /// Profiles: roles, who nominates whom, words and figures
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Passwords known from breaches
    #[command(subcommand)]
    PasswordList(password_list::PasswordListCommand),
    /// Signing keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// The audit log
    #[command(subcommand)]
    Audit(audit::AuditCommand),
}

/// Why a command failed; printed as one line (or as `{"error": …}`).
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration is wrong.
    #[error("{0}")]
    Config(#[from] Problems),
    /// The server does not start.
    #[error("{0}")]
    Start(#[from] StartError),
    /// The database failed.
    #[error("{0}")]
    Db(#[from] crate::db::Error),
    /// A file or socket failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A use case refused.
    #[error("{0}")]
    UseCase(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else that the person at the console can put right.
    #[error("{0}")]
    Refused(String),
}

impl CliError {
    /// From the refusal of a use case.
    fn refused(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::UseCase(Box::new(error))
    }

    /// A thing that the arguments name does not exist.
    fn missing(kind: &str, name: &str) -> Self {
        Self::Refused(format!("there is no {kind} `{name}`"))
    }
}

/// Runs one command to its end.
pub async fn run(cli: Cli) -> ExitCode {
    let output = Output::new(cli.global.json);
    match Box::pin(dispatch(cli.global, cli.command, &output)).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output.error(&error);
            ExitCode::from(2)
        }
    }
}

async fn dispatch(global: Global, command: Command, output: &Output) -> Result<bool, CliError> {
    match command {
        Command::Serve(serve) => serve.run(&global).await.map(|()| true),
        Command::Demo(demo) => demo.run(&global, output).await.map(|()| true),
        Command::Bootstrap(command) => {
            command.run(&console::Console::open(&global).await?, output).await.map(|()| true)
        }
        Command::Migrate => migrate(&global, output).await.map(|()| true),
        Command::Doctor => doctor::run(&global, output).await,
        Command::Config(command) => command.run(&global, *output).map(|()| true),
        Command::Conformance(command) => command.run(&global, output).await.map(|()| true),
        Command::Client(command) => {
            command.run(&console::Console::open(&global).await?, &global, output).await.map(|()| true)
        }
        Command::Application(command) => {
            command.run(&console::Console::open(&global).await?, output).await.map(|()| true)
        }
        Command::Group(command) => command.run(&console::Console::open(&global).await?, output).await.map(|()| true),
        Command::Organisation(command) => {
            command.run(&console::Console::open(&global).await?, output).await.map(|()| true)
        }
        Command::Module(command) => command.run(&console::Console::open(&global).await?, output).await.map(|()| true),
        Command::User(command) => command.run(&console::Console::open(&global).await?, output).await,
        Command::Import(command) => command.run(&console::Console::open(&global).await?, &global, output).await,
        Command::Project(command) => command.run(&console::Console::open(&global).await?, output).await.map(|()| true),
        Command::Role(command) => command.run(&console::Console::open(&global).await?, output).await.map(|()| true),
        Command::Deputy(command) => command.run(&console::Console::open(&global).await?, output).await.map(|()| true),
        Command::Recertification(command) => {
            command.run(&console::Console::open(&global).await?, output).await.map(|()| true)
        }
        Command::Explain(command) => command.run(&console::Console::open_present(&global).await?, output).await,
        Command::Profile(command) => command.run(&global, output).await,
        Command::PasswordList(command) => command.run(&global, *output),
        Command::Keys(command) => command.run(&global, output).await.map(|()| true),
        Command::Audit(command) => command.run(&global, output).await,
    }
}

impl Global {
    /// Loads and checks the configuration, with these flags on top, and starts logging.
    fn load(&self, flags: Vec<(String, String)>, mode: Mode) -> Result<Loaded, Problems> {
        let loaded = load(&Layers::from_process(self.config.clone(), flags))?;
        check(&loaded, mode)?;
        log(&loaded);
        Ok(loaded)
    }

    /// Loads without asking for what only a server needs (the encryption key).
    fn load_lightly(&self) -> Result<Loaded, Problems> {
        let loaded = load(&Layers::from_process(self.config.clone(), Vec::new()))?;
        log(&loaded);
        Ok(loaded)
    }

    /// Refuses where there is no file yet: a look at nothing would leave an empty database behind.
    fn check_database(&self) -> Result<(), CliError> {
        let loaded = self.load_lightly()?;
        match loaded.config.database.url.reveal().strip_prefix("sqlite:") {
            Some(file) if !Path::new(file.trim_start_matches("//")).exists() => Err(CliError::Refused(format!(
                "there is no database at {file}: `database.url` says where it is, `chamberlain bootstrap admin` begins one"
            ))),
            _ => Ok(()),
        }
    }

    /// The migrated database of the configuration.
    async fn database(&self) -> Result<(Loaded, Db), CliError> {
        let loaded = self.load_lightly()?;
        let db = crate::app::database(&loaded.config).await?;
        Ok((loaded, db))
    }
}

fn log(loaded: &Loaded) {
    let format = if loaded.config.log.format == LogFormat::Json { logs::Format::Json } else { logs::Format::Text };
    logs::install(&loaded.config.log.filter, format);
}

async fn migrate(global: &Global, output: &Output) -> Result<(), CliError> {
    let (_, db) = global.database().await?;
    db.close().await;
    let schema = crate::db::migrate::latest_version();
    output.print(&serde_json::json!({ "schema": schema }), || format!("the schema is at version {schema}"))?;
    Ok(())
}
