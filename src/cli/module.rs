//! `chamberlain module …`

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::CliError;
use super::console::{Console, application};
use super::output::{Output, table};
use crate::authority::action::{GrantModule, SuspendModule};
use crate::db::{Tx, transact};
use crate::directory::module::model::{ModuleAccess, ModuleKind};
use crate::directory::module::terms::Terms;
use crate::directory::module::{grant, store, suspend};
use crate::kernel::ids::OrganisationId;

/// Commands on module access.
#[derive(Debug, Subcommand)]
pub(super) enum ModuleCommand {
    /// Give an organisation access to the module of an application
    Grant {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        what: What,
    },
    /// Change kind (while suspended), coordinators, classification and settings of a module access
    Change {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        what: What,
    },
    /// Suspend module access: what is under way may be finished, nothing new begun
    Suspend {
        #[command(flatten)]
        place: Place,
    },
    /// Give suspended module access back, as it was
    Regrant {
        #[command(flatten)]
        place: Place,
    },
    /// List the module access of an organisation, or to an application
    List {
        /// The id of the organisation
        #[arg(long, required_unless_present = "application", conflicts_with = "application")]
        organisation: Option<OrganisationId>,
        /// The code of the application
        #[arg(long)]
        application: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        limit: i64,
    },
}

/// Which organisation and which application.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// The code of the application
    application: String,
    /// The id of the organisation
    organisation: OrganisationId,
}

/// As what, and whom it names.
#[derive(Debug, Args)]
pub(super) struct What {
    /// authority or coordinator
    #[arg(long, default_value = "authority", value_parser = kind)]
    kind: ModuleKind,
    /// The id of a coordinator that it names; may be given several times
    #[arg(long)]
    coordinator: Vec<OrganisationId>,
    /// A code of the classification of the module; may be given several times
    #[arg(long)]
    class: Vec<String>,
    /// The settings of the module, as a JSON object
    #[arg(long, default_value = "{}", value_parser = settings)]
    settings: Map<String, Value>,
}

impl What {
    fn terms(&self) -> Terms {
        Terms { kind: self.kind, classification: self.class.clone(), settings: self.settings.clone() }
    }
}

fn settings(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text).map_err(|error| format!("this is no JSON object: {error}"))
}

fn kind(text: &str) -> Result<ModuleKind, &'static str> {
    ModuleKind::parse(text).ok_or("use authority or coordinator")
}

/// What is done with one module access.
enum Verb<'a> {
    Grant(&'a What),
    Change(&'a What),
    Suspend,
    Regrant,
}

impl ModuleCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let (place, verb) = match &self {
            Self::Grant { place, what } => (place, Verb::Grant(what)),
            Self::Change { place, what } => (place, Verb::Change(what)),
            Self::Suspend { place } => (place, Verb::Suspend),
            Self::Regrant { place } => (place, Verb::Regrant),
            Self::List { organisation, application, limit } => {
                return list(*organisation, application.as_deref(), *limit, console, output).await;
            }
        };
        let made: Result<ModuleAccess, CliError> =
            transact!(console.app.db, tx => perform(tx, place, &verb, console).await);
        let made = made?;
        let (kind, status) = (made.terms.kind.as_str(), made.status.as_str());
        output.print(&row(&made), || format!("`{}` of {}: {kind}, {status}", place.application, place.organisation))?;
        Ok(())
    }
}

async fn perform(tx: &mut Tx, place: &Place, verb: &Verb<'_>, console: &Console) -> Result<ModuleAccess, CliError> {
    let (door, ctx) = (&console.app.door, &console.ctx);
    let (organisation, application) = (place.organisation, application(tx, &place.application).await?.id);
    let coordinators = match verb {
        Verb::Grant(what) | Verb::Change(what) => what.coordinator.clone(),
        Verb::Suspend | Verb::Regrant => Vec::new(),
    };
    let granting = GrantModule { organisation, application, coordinators };
    match verb {
        Verb::Grant(what) => {
            let permit = door.authorise(tx, ctx, granting).await.map_err(CliError::refused)?;
            grant::grant(tx, permit, what.terms(), ctx).await
        }
        Verb::Change(what) => {
            let permit = door.authorise(tx, ctx, granting).await.map_err(CliError::refused)?;
            grant::change(tx, permit, what.terms(), None, ctx).await
        }
        Verb::Regrant => {
            let permit = door.authorise(tx, ctx, granting).await.map_err(CliError::refused)?;
            grant::regrant(tx, permit, ctx).await
        }
        Verb::Suspend => {
            let action = SuspendModule { organisation, application };
            let permit = door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
            suspend::suspend(tx, permit, ctx).await
        }
    }
    .map_err(CliError::refused)
}

async fn list(
    organisation: Option<OrganisationId>,
    code: Option<&str>,
    limit: i64,
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let found = match (organisation, code) {
        (Some(organisation), _) => store::list_of_organisation(tx, organisation).await?,
        (None, Some(code)) => {
            let id = application(tx, code).await?.id;
            store::list_of_application(tx, id, limit).await?
        }
        (None, None) => Vec::new(),
    };
    let rows: Vec<Value> = found.iter().map(row).collect();
    output.print(&json!(rows), || table(&rows, &["application", "organisation", "kind", "status", "coordinators"]))?;
    Ok(())
}

fn row(access: &ModuleAccess) -> Value {
    json!({
        "organisation": access.organisation, "application": access.application, "kind": access.terms.kind.as_str(),
        "status": access.status.as_str(), "coordinators": access.coordinators,
        "classification": access.terms.classification, "settings": access.terms.settings, "granted_at": access.granted_at,
        "changed_at": access.changed_at,
    })
}
