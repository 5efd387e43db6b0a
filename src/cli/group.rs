//! `chamberlain group …`

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::CliError;
use super::console::{Console, environment};
use super::output::{Output, table};
use crate::authority::action::ManageGroup;
use crate::db::transact;
use crate::directory::group::manage::{self, GroupDetails};
use crate::directory::group::store;

/// Commands on groups.
#[derive(Debug, Subcommand)]
pub(super) enum GroupCommand {
    /// Create a group of an application's environment
    Create {
        /// The code of the application
        #[arg(long)]
        application: String,
        /// Its environment
        #[arg(long, default_value = "production")]
        environment: String,
        /// The code of the group, with the prefix of the environment
        code: String,
        /// Its name [default: the code]
        #[arg(long)]
        name: Option<String>,
        /// What its members may do
        #[arg(long, default_value = "")]
        description: String,
        /// A second person is needed where its members' addresses change
        #[arg(long)]
        sensitive: bool,
    },
    /// List all groups
    List,
}

impl GroupCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create { application, environment, code, name, description, sensitive } => {
                let display_name = name.unwrap_or_else(|| code.clone());
                let details = GroupDetails {
                    code,
                    display_name,
                    description,
                    documentation_url: None,
                    sensitive,
                    scim: Map::new(),
                };
                create((&application, &environment), details, console, output).await
            }
            Self::List => {
                let groups = store::list(&mut console.app.db.reader().await?).await?;
                let row = |group: &crate::directory::group::model::Group| json!({ "id": group.id, "code": group.code, "name": group.display_name, "sensitive": group.sensitive });
                let rows: Vec<Value> = groups.iter().map(row).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["code", "name", "sensitive"]))?)
            }
        }
    }
}

async fn create(
    place: (&str, &str),
    details: GroupDetails,
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let place = environment(tx, place.0, place.1).await?;
        let action = ManageGroup { application: place.application, environment: place.id };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        manage::create(tx, permit, details.clone(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    output.print(&json!({ "id": made.id, "code": made.code }), || format!("created `{}` {}", made.code, made.id))?;
    Ok(())
}
