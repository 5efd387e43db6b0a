//! `chamberlain user …`

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::CliError;
use super::console::Console;
use super::export::Export;
use super::import::Import;
use super::output::Output;
use crate::authority::action::{AssignMembership, CreateUser, EraseUser, RemoveMembership, UpdateUser};
use crate::db::{Tx, transact};
use crate::directory::membership::assign;
use crate::directory::user::create::create;
use crate::directory::user::described as describing;
use crate::directory::user::erase as erasing;
use crate::directory::user::guard::Guard;
use crate::directory::user::model::{NewUser, User, UserChange};
use crate::directory::user::update::update;
use crate::directory::{group, organisation, user};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::text::{self, EmailAddress, PhoneNumber};

/// Commands on people.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create a person, without access and without a role
    Create(Create),
    /// Create the people of a file, each line for itself
    Import(Import),
    /// Write people to a file, as import reads it
    Export(Export),
    /// Show a person
    Show {
        /// The e-mail address
        email: String,
    },
    /// Say more about a person, as `NAME=TEXT` by the names of the claims (an empty text clears it)
    Describe {
        /// The e-mail address
        email: String,
        /// Like `nickname=Jo`, `website=https://example.org/`, `birthdate=1970-12-31`, `locality=Berlin`
        #[arg(required = true, value_parser = described)]
        claims: Vec<(String, String)>,
    },
    /// Erase for ever what is stored of a person who was deleted, before the time for that has come
    Erase {
        /// The id, which `user.deleted` in the audit log names
        id: UserId,
        /// Why; it is kept in the audit log, so write no name
        #[arg(long, value_parser = reason)]
        reason: String,
    },
    /// Put a person into a group
    Assign {
        /// The e-mail address
        email: String,
        /// The code of the group
        group: String,
    },
    /// Take a person out of a group
    Unassign {
        /// The e-mail address
        email: String,
        /// The code of the group
        group: String,
    },
}

/// What a new person is.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// The e-mail address
    email: EmailAddress,
    /// First name
    #[arg(long, value_parser = text::name)]
    given_name: String,
    /// Last name
    #[arg(long, value_parser = text::name)]
    family_name: String,
    /// Phone number, with + and the country code
    #[arg(long)]
    phone: Option<PhoneNumber>,
    /// The id of the home organisation [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

impl UserCommand {
    /// Whether all of it was done.
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<bool, CliError> {
        match self {
            Self::Import(file) => file.run(console, output).await,
            Self::Export(file) => file.run(console, output).await.map(|()| true),
            other => other.change(console, output).await.map(|()| true),
        }
    }

    async fn change(self, console: &Console, output: &Output) -> Result<(), CliError> {
        match self {
            Self::Import(_) | Self::Export(_) => Ok(()),
            Self::Create(new) => add(new, console, output).await,
            Self::Show { email } => {
                let tx = &mut console.app.db.reader().await?;
                let user = find(tx, &email).await?;
                let shown = json!({
                    "id": user.id, "user_name": user.user_name, "organisation": user.organisation,
                    "status": user.status(console.ctx.now).as_str(), "created_at": user.created_at.to_rfc3339(),
                });
                Ok(output.print(&shown, || format!("{shown:#}"))?)
            }
            Self::Describe { email, claims } => describe(&email, &claims, console, output).await,
            Self::Erase { id, reason } => erase(id, &reason, console, output).await,
            Self::Assign { email, group } => change(&email, &group, true, console, output).await,
            Self::Unassign { email, group } => change(&email, &group, false, console, output).await,
        }
    }
}

async fn find(tx: &mut Tx, email: &str) -> Result<User, CliError> {
    user::store::find_by_email(tx, email).await?.ok_or_else(|| CliError::missing("person", email))
}

/// One `NAME=TEXT`.
fn described(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it like nickname=Jo")?;
    if describing::names().any(|known| known == name) {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err(format!("`{name}` is none of: {}", describing::names().collect::<Vec<_>>().join(", ")))
    }
}

/// A line that says why.
fn reason(value: &str) -> Result<String, String> {
    text::line(value, text::MAX_NAME).map_err(|error| error.to_string())
}

async fn erase(user: UserId, reason: &str, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, EraseUser { user }).await.map_err(CliError::refused)?;
        erasing::erase(tx, permit, (Some(reason), Duration::ZERO), ctx).await.map_err(CliError::refused)
    });
    done?;
    output.print(&json!({ "id": user, "erased": true }), || format!("what was stored of {user} is erased"))?;
    Ok(())
}

async fn describe(
    email: &str,
    claims: &[(String, String)],
    console: &Console,
    output: &Output,
) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let person = find(tx, email).await?;
        let changes: Vec<(&str, &str)> = claims.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let scim = Some(describing::with(&person, &changes));
        let action = UpdateUser { user: person.id };
        let permit = app.door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        let guard = Guard { roles: app.door.roles(), reason: None };
        let change = UserChange { scim, ..UserChange::default() };
        update(tx, permit, change, Some(person.version), guard, ctx).await.map_err(CliError::refused)?;
        Ok(())
    });
    done?;
    output.print(&json!({ "email": email, "changed": claims.len() }), || format!("`{email}` was changed"))?;
    Ok(())
}

async fn add(new: Create, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    console.check_number(new.phone.as_ref())?;
    let person = NewUser {
        user_name: None,
        email: Some(new.email),
        phone: new.phone,
        given_name: new.given_name,
        family_name: new.family_name,
        company_id: None,
        subsidiary: None,
        locale: None,
        account_expires_at: None,
        active: true,
        scim: Map::new(),
    };
    let made: Result<_, CliError> = transact!(app.db, tx => {
        let root = organisation::store::find_root(tx).await?.map(|root| root.id);
        let home = new.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))?;
        let permit = app.door.authorise(tx, ctx, CreateUser { organisation: home }).await.map_err(CliError::refused)?;
        create(tx, permit, person.clone(), ctx).await.map_err(CliError::refused)
    });
    let made = made?;
    output.print(&json!({ "id": made.id, "organisation": made.organisation }), || format!("created {}", made.id))?;
    Ok(())
}

async fn change(email: &str, code: &str, assigned: bool, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<(), CliError> = transact!(app.db, tx => {
        let user = find(tx, email).await?.id;
        let group = group::store::find_by_code(tx, code).await?.ok_or_else(|| CliError::missing("group", code))?.id;
        if assigned {
            let permit = app.door.authorise(tx, ctx, AssignMembership { user, group }).await.map_err(CliError::refused)?;
            assign::assign(tx, permit, None, ctx).await.map_err(CliError::refused)?;
        } else {
            let permit = app.door.authorise(tx, ctx, RemoveMembership { user, group }).await.map_err(CliError::refused)?;
            assign::remove(tx, permit, ctx).await.map_err(CliError::refused)?;
        }
        Ok(())
    });
    done?;
    let answer: Value = json!({ "email": email, "group": code, "member": assigned });
    output.print(&answer, || format!("`{email}` is {} `{code}`", if assigned { "now in" } else { "no longer in" }))?;
    Ok(())
}
