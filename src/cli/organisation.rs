//! `chamberlain organisation …`

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::{Output, table};
use crate::authority::action::{AddManager, CreateOrganisation, RemoveManager, UpdateOrganisation};
use crate::db::transact;
use crate::directory::organisation::create::create;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::organisation::sign_in_rules as rules;
use crate::directory::organisation::{managing, managing_store, sign_in_rules_store, store, update};
use crate::kernel::ids::OrganisationId;
use crate::kernel::strength::Strength;

/// Commands on organisations.
#[derive(Debug, Subcommand)]
pub(super) enum OrganisationCommand {
    /// Create an organisation; the first one is the root
    Create {
        /// Its name
        name: String,
        /// The id of the organisation above [default: the root]
        #[arg(long)]
        parent: Option<OrganisationId>,
        /// Two letters (ISO 3166-1)
        #[arg(long)]
        country: Option<String>,
        /// Legal entity identifier (ISO 17442)
        #[arg(long)]
        lei: Option<String>,
    },
    /// Switch an organisation off, once all module access there and below is suspended
    Deactivate {
        /// The id of the organisation
        organisation: OrganisationId,
    },
    /// Switch an organisation on again, which stops its deletion
    Reactivate {
        /// The id of the organisation
        organisation: OrganisationId,
    },
    /// Say how strongly the people of an organisation and of all below it have to sign in; without an answer, tell what is asked of them
    SignIn {
        /// The id of the organisation
        organisation: OrganisationId,
        /// any, app or passkey
        #[arg(long, value_parser = strength)]
        second_factor: Option<Strength>,
        /// The code of rules for passwords of the profile; empty for those of the organisation above
        #[arg(long)]
        passwords: Option<String>,
    },
    /// List the organisations that manage one (its Access Managers)
    Managers {
        /// The id of the organisation that is managed
        organisation: OrganisationId,
    },
    /// Let an organisation manage another one of its country
    AddManager {
        /// The id of the organisation that is managed
        organisation: OrganisationId,
        /// The id of the one that comes to manage it
        manager: OrganisationId,
    },
    /// An organisation manages another one no more; never the last one that does
    RemoveManager {
        /// The id of the organisation that is managed
        organisation: OrganisationId,
        /// The id of the one that managed it
        manager: OrganisationId,
    },
    /// List an organisation and all below it
    List {
        /// Where to start [default: the root]
        #[arg(long)]
        under: Option<OrganisationId>,
        /// At most so many
        #[arg(long, default_value_t = 1_000)]
        limit: i64,
    },
}

impl OrganisationCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Create { name, parent, country, lei } => {
                let details = OrganisationDetails { name, country, lei, external_id: None };
                add(parent, details, console, output).await
            }
            Self::Deactivate { organisation } => switch(organisation, false, console, output).await,
            Self::Reactivate { organisation } => switch(organisation, true, console, output).await,
            Self::SignIn { organisation, second_factor, passwords } => {
                sign_in(organisation, (second_factor, passwords), console, output).await
            }
            Self::Managers { organisation } => managers(organisation, console, output).await,
            Self::AddManager { organisation, manager } => {
                let action = AddManager { organisation, manager };
                let made: Result<(), CliError> = transact!(console.app.db, tx => {
                    let permit =
                        console.app.door.authorise(tx, &console.ctx, action.clone()).await.map_err(CliError::refused)?;
                    managing::add(tx, permit, &console.ctx).await.map_err(CliError::refused)
                });
                made?;
                managers(organisation, console, output).await
            }
            Self::RemoveManager { organisation, manager } => {
                let action = RemoveManager { organisation, manager };
                let made: Result<(), CliError> = transact!(console.app.db, tx => {
                    let permit =
                        console.app.door.authorise(tx, &console.ctx, action.clone()).await.map_err(CliError::refused)?;
                    managing::remove(tx, permit, &console.ctx).await.map_err(CliError::refused)
                });
                made?;
                managers(organisation, console, output).await
            }
            Self::List { under, limit } => {
                let tx = &mut console.app.db.reader().await?;
                let root = store::find_root(tx).await?.map(|root| root.id);
                let found = match under.or(root) {
                    Some(start) => store::list_subtree(tx, start, limit).await?,
                    None => Vec::new(),
                };
                let row = |it: &crate::directory::organisation::model::Organisation| json!({ "id": it.id, "name": it.name, "parent": it.parent, "status": it.status.as_str() });
                let rows: Vec<Value> = found.iter().map(row).collect();
                Ok(output.print(&json!(rows), || table(&rows, &["id", "name", "status", "parent"]))?)
            }
        }
    }
}

/// The word for how strongly.
pub(super) fn strength(text: &str) -> Result<Strength, &'static str> {
    text.parse().map_err(|()| "use any, app or passkey")
}

async fn sign_in(
    organisation: OrganisationId,
    (asked, passwords): (Option<Strength>, Option<String>),
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    if let Some(asked) = asked {
        let made: Result<(), CliError> = transact!(app.db, tx => {
            let permit = app.door.authorise(tx, ctx, UpdateOrganisation { organisation }).await.map_err(CliError::refused)?;
            rules::ask(tx, permit, asked, ctx).await.map_err(CliError::refused)
        });
        made?;
    }
    if let Some(set) = &passwords {
        let set = Some(set.as_str()).filter(|set| !set.is_empty());
        let made: Result<(), CliError> = transact!(app.db, tx => {
            let permit = app.door.authorise(tx, ctx, UpdateOrganisation { organisation }).await.map_err(CliError::refused)?;
            rules::choose_passwords(tx, permit, (set, &app.passwords), ctx).await.map_err(CliError::refused)
        });
        made?;
    }
    let tx = &mut app.db.reader().await?;
    store::find(tx, organisation).await?.ok_or_else(|| CliError::refused(OrganisationError::NotFound))?;
    let all = sign_in_rules_store::list_path(tx, organisation).await?;
    let holds = all.iter().map(|asked| asked.second_factor).max().unwrap_or_default();
    let own = all.iter().find(|asked| asked.organisation == organisation);
    let own = own.map(|asked| asked.second_factor).unwrap_or_default();
    let known = |set: &String| app.passwords.named.contains_key(set);
    let passwords = all.iter().find_map(|asked| asked.password_set.clone().filter(known));
    let told = json!({ "id": organisation, "second_factor": own, "holds": holds, "passwords": passwords });
    let set = passwords.as_deref().unwrap_or("the profile");
    let text = || format!("its people sign in with: {holds} (asked for here: {own}); rules for passwords: {set}");
    Ok(output.print(&told, text)?)
}

async fn managers(organisation: OrganisationId, console: &Console, output: &Output) -> Result<(), CliError> {
    let found = managing_store::list_managers(&mut console.app.db.reader().await?, organisation).await?;
    let rows: Vec<Value> =
        found.iter().map(|it| json!({ "id": it.id, "name": it.name, "since": it.added_at.to_rfc3339() })).collect();
    Ok(output.print(&json!(rows), || table(&rows, &["id", "name", "since"]))?)
}

async fn switch(organisation: OrganisationId, on: bool, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let action = UpdateOrganisation { organisation };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        let done = if on {
            update::reactivate(tx, permit, ctx).await
        } else {
            update::deactivate(tx, permit, ctx).await
        };
        done.map_err(CliError::refused)
    });
    let made = made?;
    let status = made.status.as_str();
    output.print(&json!({ "id": made.id, "status": status }), || format!("`{}` is {status}", made.name))?;
    Ok(())
}

async fn add(
    parent: Option<OrganisationId>,
    details: OrganisationDetails,
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let root = store::find_root(tx).await?.map(|root| root.id);
        let action = CreateOrganisation { parent: parent.or(root) };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        create(tx, permit, details.clone(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    let answer = json!({ "id": made.id, "name": made.name, "parent": made.parent });
    output.print(&answer, || format!("created `{}` {}", made.name, made.id))?;
    Ok(())
}
