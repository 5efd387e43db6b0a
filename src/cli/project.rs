//! `chamberlain project …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::{Output, table};
use crate::authority::Scope;
use crate::authority::action::ManageProject;
use crate::db::{Tx, transact};
use crate::directory::project::model::{NewProject, Project};
use crate::directory::project::{manage, start, store};
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::EmailAddress;

/// Most projects of a list.
const MOST: i64 = 10_000;

/// Commands on projects.
#[derive(Debug, Subcommand)]
pub(super) enum ProjectCommand {
    /// Create a project in the first phase of the profile
    Create {
        /// The acronym or number, without blanks
        code: String,
        /// What it is about
        title: String,
        /// The id of the organisation that coordinates it
        #[arg(long)]
        coordinator: OrganisationId,
        /// The id of another one that takes part; may be given several times
        #[arg(long)]
        participant: Vec<OrganisationId>,
        /// The e-mail address of the contact person whom the coordinating entity named in its proposal
        #[arg(long)]
        contact: Option<EmailAddress>,
    },
    /// List the projects
    List,
    /// Show a project with who takes part
    Show {
        /// Its code
        code: String,
    },
    /// Let an organisation take part
    Add {
        /// The code of the project
        code: String,
        /// The id of the organisation
        organisation: OrganisationId,
    },
    /// Let an organisation leave; what is held for it in the project ends
    Remove {
        /// The code of the project
        code: String,
        /// The id of the organisation
        organisation: OrganisationId,
    },
    /// Carry a project on to a later phase
    Phase {
        /// The code of the project
        code: String,
        /// One of the phases of the profile
        phase: String,
    },
}

impl ProjectCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::List => {
                let tx = &mut console.app.db.reader().await?;
                let found = store::list_seen(tx, (&Scope::Everywhere, &[]), (MOST, 0)).await?;
                let rows: Vec<Value> = found.iter().map(row).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["code", "title", "phase", "coordinator"]))?)
            }
            Self::Show { code } => {
                let tx = &mut console.app.db.reader().await?;
                show(tx, &code, output).await
            }
            change => change.change(console, output).await,
        }
    }

    async fn change(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let (app, ctx) = (&console.app, &console.ctx);
        let done: Result<Project, CliError> = transact!(app.db, tx => {
            let known = match &self {
                Self::Create { .. } | Self::List => None,
                Self::Show { code } | Self::Add { code, .. } | Self::Remove { code, .. } | Self::Phase { code, .. } => {
                    Some(find(tx, code).await?.id)
                }
            };
            let permit = app.door.authorise(tx, ctx, ManageProject { project: known }).await.map_err(CliError::refused)?;
            let made = match &self {
                Self::Create { code, title, coordinator, participant, contact } => {
                    let (code, title, participants) = (code.clone(), title.clone(), participant.clone());
                    let new = NewProject { code, title, coordinator: *coordinator, participants };
                    start::start(tx, &app.door, permit, (&app.phases, new, contact.as_ref()), ctx).await
                }
                Self::Add { organisation, .. } => manage::add(tx, permit, *organisation, ctx).await,
                Self::Remove { organisation, .. } => manage::remove(tx, permit, *organisation, ctx).await,
                Self::Phase { phase, .. } => manage::advance(tx, permit, (&app.phases, phase), ctx).await,
                Self::List | Self::Show { .. } => return Err(CliError::Refused("nothing to change".to_owned())),
            };
            made.map_err(CliError::refused)
        });
        let done = done?;
        output.print(&row(&done), || format!("project `{}` is in the phase `{}`", done.code, done.phase))?;
        Ok(())
    }
}

async fn show(tx: &mut Tx, code: &str, output: &Output) -> Result<(), CliError> {
    let project = find(tx, code).await?;
    let participants = store::list_participants(tx, project.id).await?;
    let mut shown = row(&project);
    if let Some(fields) = shown.as_object_mut() {
        fields.insert("participants".to_owned(), json!(participants));
    }
    let rows = [shown.clone()];
    output.print(&shown, || table(&rows, &["code", "title", "phase", "coordinator", "participants"]))?;
    Ok(())
}

/// A project by its code.
pub(super) async fn find(tx: &mut Tx, code: &str) -> Result<Project, CliError> {
    store::find_by_code(tx, code).await?.ok_or_else(|| CliError::missing("project", code))
}

fn row(project: &Project) -> Value {
    json!({
        "id": project.id, "code": project.code, "title": project.title, "phase": project.phase,
        "coordinator": project.coordinator, "closed": project.closed_at,
    })
}
