//! `chamberlain user import FILE`: people from a CSV file, each line for itself.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::CliError;
use super::console::Console;
use super::output::Output;
use crate::authority::action::CreateUser;
use crate::db::transact;
use crate::directory::organisation;
use crate::directory::user::error::UserError;
use crate::directory::user::import::{self, Holder, Line, Outcome};
use crate::directory::user::store;
use crate::kernel::ids::OrganisationId;

/// Which file, and where the people are at home.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file: CSV in UTF-8 with the columns email, `given_name`, `family_name`, and phone, organisation, `company_id`, subsidiary, expires
    file: PathBuf,
    /// The id of the home organisation of those whose line names none [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
    /// Only say what would become of each line
    #[arg(long)]
    preview: bool,
}

impl Import {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let bytes = std::fs::read(&self.file)?;
        let lines = import::read(&bytes, console.ctx.now).map_err(CliError::refused)?;
        let root = organisation::store::find_root(&mut console.app.db.reader().await?).await?.map(|root| root.id);
        let home = self.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))?;
        let mut results = Vec::new();
        for line in &lines {
            let (word, why) = match take(console, line, home, self.preview).await {
                Ok(Outcome::Created) => (if self.preview { "would be created" } else { "created" }, None),
                Ok(Outcome::Unchanged) => ("there already", None),
                Ok(Outcome::Taken | Outcome::TooMany) => ("refused", Some(UserError::EmailTaken.to_string())),
                Err(CliError::Db(error)) => return Err(error.into()),
                Err(error) => ("refused", Some(error.to_string())),
            };
            results.push(json!({ "line": line.number, "email": line.who, "result": word, "reason": why }));
        }
        let refused = results.iter().filter(|one| one.get("reason").is_some_and(|why| !why.is_null())).count();
        output.print(&json!({ "lines": results, "refused": refused }), || {
            let text = |one: &Value, key: &str| one.get(key).map(ToString::to_string).unwrap_or_default();
            let line = |one: &Value| {
                let why = one.get("reason").and_then(Value::as_str).map(|why| format!(": {why}")).unwrap_or_default();
                format!("{} {} {}{why}\n", text(one, "line"), text(one, "email"), text(one, "result").trim_matches('"'))
            };
            results.iter().map(line).collect::<String>()
        })?;
        Ok(())
    }
}

async fn take(console: &Console, line: &Line, home: OrganisationId, preview: bool) -> Result<Outcome, CliError> {
    let new = line.person.clone().map_err(CliError::refused)?;
    console.check_number(new.phone.as_ref())?;
    let (app, ctx) = (&console.app, &console.ctx);
    let organisation = line.organisation.unwrap_or(home);
    let mut would = None;
    let done: Result<Outcome, CliError> = transact!(app.db, tx => {
        let permit = app.door.authorise(tx, ctx, CreateUser { organisation }).await.map_err(CliError::refused)?;
        let known = match &new.email {
            Some(email) => store::find_by_email(tx, email.as_str()).await?,
            None => None,
        };
        let holder = known.map_or(Holder::Nobody, |user| Holder::Seen(Box::new(user)));
        let outcome = import::import(tx, permit, new.clone(), holder, ctx).await.map_err(CliError::refused)?;
        if preview {
            would = Some(outcome);
            // Nothing of a preview is kept.
            Err(CliError::Refused(String::new()))
        } else {
            Ok(outcome)
        }
    });
    match would {
        Some(outcome) => Ok(outcome),
        None => done,
    }
}
