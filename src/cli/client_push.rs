//! `chamberlain client push …`: the SCIM server of an application, to which its people and groups are pushed.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::client::find;
use super::console::Console;
use super::output::{Output, table};
use super::{CliError, Global};
use crate::authority::Scope;
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::client::model::Client;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::push::manage::{self, MAX_TEXT, PushError, Wanted};
use crate::push::model::{Ending, Kind, Rules, Status, Target, Update, UserNameFrom};
use crate::push::run::Pusher;
use crate::push::{preview, progress_store, resource_store, target_store, work_store};
use crate::tokens::Tokens;

/// Commands on where people of a client are pushed to.
#[derive(Debug, Subcommand)]
pub(super) enum PushCommand {
    /// Say where people are pushed to, and how; a new target is paused until it is resumed
    Set(Set),
    /// Show the target, how far it is, and what it holds
    Show(Of),
    /// Show what would be pushed and what a comparison finds; nothing is written, here or there
    Preview(Of),
    /// Begin to push, or go on: everything is compared first
    Resume(Of),
    /// Push nothing until it is resumed; what changes is noted
    Pause(Of),
    /// Have everything compared now; the server does it
    Reconcile(Of),
    /// Try at once what failed
    Retry(Of),
    /// List what the application refuses
    Refused(Of),
    /// Forget the target; whoever was brought stays there
    Remove(Of),
}

/// Which client.
#[derive(Debug, Args)]
pub(super) struct Of {
    /// The public client id
    client_id: String,
}

/// Where and how; what is not said stays as it is.
#[derive(Debug, Args)]
pub(super) struct Set {
    /// The public client id
    client_id: String,
    /// The base of the SCIM server, like `https://app.example/scim/v2`
    #[arg(long)]
    url: Option<String>,
    /// A file with the bearer token by which it knows us; `-` for standard input
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// What `userName` is there: `user_name`, `email` or `subject`
    #[arg(long, value_parser = of_words(UserNameFrom::parse))]
    user_name: Option<UserNameFrom>,
    /// How changes are sent: `patch` or `put`
    #[arg(long, value_parser = of_words(Update::parse))]
    update: Option<Update>,
    /// What becomes of whoever may not enter any more: `deactivate` or `delete`
    #[arg(long, value_parser = of_words(Ending::parse))]
    leavers: Option<Ending>,
    /// What becomes of whoever was deleted here: `deactivate` or `delete`
    #[arg(long, value_parser = of_words(Ending::parse))]
    deleted: Option<Ending>,
    /// Whether groups and their members are pushed
    #[arg(long)]
    groups: Option<bool>,
    /// Whether the home organisation is told
    #[arg(long)]
    organisation: Option<bool>,
    /// Whether accounts and groups that are there under the same name are taken for ours
    #[arg(long)]
    adopt: Option<bool>,
}

fn of_words<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Option<T>,
) -> impl Fn(&str) -> Result<T, &'static str> + Clone + Send + Sync + 'static {
    move |text| parse(text).ok_or("no such word; see `--help`")
}

impl PushCommand {
    pub(super) async fn run(self, (console, global): (&Console, &Global), output: &Output) -> Result<(), CliError> {
        match self {
            Self::Set(set) => set.run((console, global), output).await,
            Self::Show(of) => show(&of, console, output).await,
            Self::Preview(of) => look(&of, (console, global), output).await,
            Self::Resume(of) => change(&of, Change::Status(Status::Active), console, output).await,
            Self::Pause(of) => change(&of, Change::Status(Status::Paused), console, output).await,
            Self::Reconcile(of) => change(&of, Change::Hurry(true), console, output).await,
            Self::Retry(of) => change(&of, Change::Hurry(false), console, output).await,
            Self::Refused(of) => refused(&of, console, output).await,
            Self::Remove(of) => remove(&of, console, output).await,
        }
    }
}

/// What pushes, as the server has it.
async fn pusher(console: &Console, global: &Global) -> Result<Pusher, CliError> {
    let config = global.load_lightly()?.config;
    let tokens = Tokens::new(crate::app::keys(&console.app, &config).await?, console.app.public_url.as_str());
    let sender = crate::app::sender(&console.app, &config, &tokens)?;
    Ok(crate::app::pusher(&sender))
}

impl Set {
    async fn run(self, (console, global): (&Console, &Global), output: &Output) -> Result<(), CliError> {
        let token = self.token_file.as_deref().map(read_token).transpose()?;
        let pusher = pusher(console, global).await?;
        let (app, ctx) = (&console.app, &console.ctx);
        let made: Result<Target, CliError> = transact!(app.db, tx => {
            let id = find(tx, &self.client_id).await?.id;
            let found = target_store::find(tx, id).await?;
            let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
            let wanted = self.wanted(found.as_ref(), token.clone())?;
            manage::set(tx, permit, &wanted, (&pusher.outbound, &pusher.kek), ctx).await.map_err(told)
        });
        let target = shown(&made?);
        Ok(output.print(&target, || format!("{target:#}"))?)
    }

    fn wanted(&self, found: Option<&Target>, token: Option<Token>) -> Result<Wanted, CliError> {
        let base_url = self.url.clone().or_else(|| Some(found?.base_url.clone()));
        let base_url = base_url.ok_or_else(|| CliError::Refused("a new target needs `--url`".to_owned()))?;
        let mut rules = found.map_or_else(Rules::default, |found| found.rules);
        rules.user_name = self.user_name.unwrap_or(rules.user_name);
        rules.update = self.update.unwrap_or(rules.update);
        rules.leavers = self.leavers.unwrap_or(rules.leavers);
        rules.deleted = self.deleted.unwrap_or(rules.deleted);
        rules.groups = self.groups.unwrap_or(rules.groups);
        rules.organisation = self.organisation.unwrap_or(rules.organisation);
        rules.adopt = self.adopt.unwrap_or(rules.adopt);
        Ok(Wanted { base_url, token, rules })
    }
}

/// A token is not given on the command line, where every process of the machine can read it.
fn read_token(file: &Path) -> Result<Token, CliError> {
    let mut text = String::new();
    let longest = u64::try_from(MAX_TEXT + 2).unwrap_or(u64::MAX);
    if file == Path::new("-") {
        std::io::stdin().take(longest).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(longest).read_to_string(&mut text)?;
    }
    Ok(Token::from_text(text.trim()))
}

fn told(error: PushError) -> CliError {
    match error {
        PushError::Db(error) => error.into(),
        other => CliError::refused(other),
    }
}

/// Never with the token.
fn shown(target: &Target) -> Value {
    json!({
        "url": target.base_url,
        "token": "(set)",
        "status": target.status.as_str(),
        "rules": target.rules,
        "created_at": target.created_at.to_rfc3339(),
        "updated_at": target.updated_at.to_rfc3339(),
    })
}

async fn target(tx: &mut Tx, of: &Of) -> Result<(Client, Target), CliError> {
    let client = find(tx, &of.client_id).await?;
    let target = target_store::find(tx, client.id).await?;
    let target = target.ok_or_else(|| CliError::missing("push target of client", &of.client_id))?;
    Ok((client, target))
}

async fn show(of: &Of, console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let (client, target) = target(tx, of).await?;
    let mut all = shown(&target);
    if let (Some(progress), Some(all)) = (progress_store::find(tx, client.id).await?, all.as_object_mut()) {
        let reconciled =
            progress.reconciled.map(|(at, findings)| json!({ "at": at.to_rfc3339(), "findings": findings }));
        for (name, value) in [
            ("waiting", json!(work_store::count(tx, client.id).await?)),
            ("people", json!(resource_store::count(tx, client.id, Kind::User).await?)),
            ("groups", json!(resource_store::count(tx, client.id, Kind::Group).await?)),
            ("pushed_at", json!(progress.pushed_at.map(Timestamp::to_rfc3339))),
            ("failed", json!({ "attempts": progress.attempts, "answer": progress.answer })),
            ("reconciled", json!(reconciled)),
        ] {
            all.insert(name.to_owned(), value);
        }
    }
    Ok(output.print(&all, || format!("{all:#}"))?)
}

async fn look(of: &Of, (console, global): (&Console, &Global), output: &Output) -> Result<(), CliError> {
    let pusher = pusher(console, global).await?;
    let client = {
        let tx = &mut console.app.db.reader().await?;
        let client = target(tx, of).await?.0.id;
        let action = ManageClient { client: Some(client) };
        console.app.door.authorise_read(tx, &console.ctx, action).await.map_err(CliError::refused)?;
        client
    };
    let found = preview::look(&console.app.db, &pusher, client, (&Scope::Everywhere, &Scope::Everywhere))
        .await
        .map_err(told)?;
    let (findings, said) = match found.findings {
        Ok(findings) => (json!(findings), None),
        Err(answer) => (Value::Null, Some(answer)),
    };
    let all = json!({
        "people": found.people,
        "groups": found.groups,
        "samples": found.samples,
        "findings": findings,
        "answer": said,
    });
    Ok(output.print(&all, || format!("{all:#}"))?)
}

#[derive(Clone, Copy)]
enum Change {
    Status(Status),
    /// Whether everything is compared.
    Hurry(bool),
}

async fn change(of: &Of, wanted: Change, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let done: Result<Target, CliError> = transact!(app.db, tx => {
        let id = find(tx, &of.client_id).await?.id;
        let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
        match wanted {
            Change::Status(status) => manage::set_status(tx, permit, status, ctx).await.map_err(told),
            Change::Hurry(reconcile) => manage::hurry(tx, permit, reconcile, ctx).await.map_err(told),
        }
    });
    let target = shown(&done?);
    Ok(output.print(&target, || match wanted {
        Change::Status(Status::Active) => format!("people are pushed to `{}`", of.client_id),
        Change::Status(Status::Paused) => format!("nothing is pushed to `{}` until it is resumed", of.client_id),
        Change::Hurry(true) => "everything is compared as soon as the server gets to it".to_owned(),
        Change::Hurry(false) => "what failed is tried as soon as the server gets to it".to_owned(),
    })?)
}

async fn refused(of: &Of, console: &Console, output: &Output) -> Result<(), CliError> {
    let tx = &mut console.app.db.reader().await?;
    let (client, _) = target(tx, of).await?;
    let refused = work_store::list_refused(tx, client.id, 500).await?;
    let row = |one: &crate::push::model::Refused| json!({ "kind": one.kind.as_str(), "id": one.local, "attempts": one.attempts, "again_at": one.due_at.to_rfc3339(), "answer": one.answer });
    let rows: Vec<Value> = refused.iter().map(row).collect();
    Ok(output.print(&json!(rows), || table(&rows, &["kind", "id", "attempts", "again_at", "answer"]))?)
}

async fn remove(of: &Of, console: &Console, output: &Output) -> Result<(), CliError> {
    let (app, ctx) = (&console.app, &console.ctx);
    let gone: Result<(), CliError> = transact!(app.db, tx => {
        let id = find(tx, &of.client_id).await?.id;
        let permit = app.door.authorise(tx, ctx, ManageClient { client: Some(id) }).await.map_err(CliError::refused)?;
        manage::remove(tx, permit, ctx).await.map_err(told)
    });
    gone?;
    let answer = json!({ "client_id": of.client_id });
    Ok(output.print(&answer, || format!("nothing is pushed to `{}` any more", of.client_id))?)
}
