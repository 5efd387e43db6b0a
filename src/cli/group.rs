//! `chamberlain group …`

use std::collections::BTreeSet;

use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::CliError;
use super::console::{Console, environment};
use super::output::{Output, table};
use crate::authority::action::{ManageGroup, NestGroup};
use crate::db::{Tx, transact};
use crate::directory::group::manage::{self, GroupDetails};
use crate::directory::group::model::Group;
use crate::directory::group::{nesting, store};

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
    /// Put a group into another one: whoever is in it comes into the other one
    Nest {
        /// The code of the group that others come into
        outer: String,
        /// The code of the group whose members come
        inner: String,
    },
    /// Take a group out of another one again
    Unnest {
        /// The code of the group that it is in
        outer: String,
        /// Its code
        inner: String,
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
            Self::Nest { outer, inner } => nest((&outer, &inner), true, console, output).await,
            Self::Unnest { outer, inner } => nest((&outer, &inner), false, console, output).await,
            Self::List => {
                let groups = store::list(&mut console.app.db.reader().await?).await?;
                let row = |group: &Group| json!({ "id": group.id, "code": group.code, "name": group.display_name, "sensitive": group.sensitive });
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

async fn find(tx: &mut Tx, code: &str) -> Result<Group, CliError> {
    store::find_by_code(tx, code).await?.ok_or_else(|| CliError::missing("group", code))
}

/// Puts the second group into the first, or takes it out.
async fn nest((outer, inner): (&str, &str), into: bool, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let changed: Result<bool, CliError> = transact!(app.db, tx => {
        let outer = find(tx, outer).await?;
        let inner = find(tx, inner).await?.id;
        let action = ManageGroup { application: outer.application, environment: outer.environment };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        let (mut added, mut removed) = (Vec::new(), BTreeSet::new());
        if into {
            let action = NestGroup { outer: outer.id, inner };
            added.push(app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?);
        } else {
            removed.insert(inner);
        }
        nesting::change(tx, permit, outer.id, (added, &removed), ctx).await.map_err(CliError::refused)
    });
    let changed = changed?;
    let said = match (changed, into) {
        (true, true) => format!("whoever is in `{inner}` is in `{outer}` as well"),
        (true, false) => format!("`{inner}` is not in `{outer}` any more"),
        (false, _) => "that is so already".to_owned(),
    };
    output.print(&json!({ "outer": outer, "inner": inner, "changed": changed }), || said)?;
    Ok(())
}
