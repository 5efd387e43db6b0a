//! Where people of an application are pushed to: its own page, with what is set, how far it is, what was refused, and what would be sent.

use axum::extract::{Path, State};
use axum::response::Response;

use super::clients::find;
use super::plain::{Cell, FormPage, Section, Table, TablePage};
use crate::authority::Scope;
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::client::model::Client;
use crate::directory::names_store::{self, Named};
use crate::kernel::secret::Token;
use crate::portal::Portal;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::push::manage::{self, MAX_TEXT, PushError, Wanted};
use crate::push::model::{Ending, Findings, Kind, Progress, Refused, Rules, Status, Target, Update, UserNameFrom};
use crate::push::{preview, progress_store, resource_store, target_store, work_store};
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// How many refusals are shown.
const REFUSED: i64 = 50;

impl From<PushError> for Failure {
    fn from(error: PushError) -> Self {
        match error {
            PushError::NotFound | PushError::Service => Self::NotFound,
            PushError::ThirdParty => Self::Conflict,
            PushError::Address(_) | PushError::Base | PushError::Token | PushError::Scope(_) => Self::BadRequest,
            PushError::Seal(error) => Self::Internal(std::sync::Arc::new(error)),
            PushError::Db(error) => error.into(),
        }
    }
}

fn base(client: &Client) -> String {
    format!("/admin/clients/{}/push", client.id)
}

/// The client of an address, if it has people.
async fn application(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Client, Failure> {
    let client = find(tx, person, id).await?;
    if client.environment.is_some() { Ok(client) } else { Err(Failure::NotFound) }
}

/// `GET /admin/clients/{id}/push`: how far it is.
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = application(tx, &person, &id).await?;
    let Some(target) = target_store::find(tx, client.id).await? else {
        return Ok(see_other(&format!("{}/settings", base(&client))));
    };
    let progress = progress_store::find(tx, client.id).await?.ok_or(Failure::NotFound)?;
    let counts = [
        ("push-waiting", work_store::count(tx, client.id).await?),
        ("push-people", resource_store::count(tx, client.id, Kind::User).await?),
        ("push-groups", resource_store::count(tx, client.id, Kind::Group).await?),
    ];
    let refused = work_store::list_refused(tx, client.id, REFUSED).await?;
    let names = names(tx, &person, &refused).await?;
    let page = person.page(Area::Clients, "push-title");
    let row = |one: Refused| {
        let name = names.get(&one.local).cloned().unwrap_or_else(|| one.local.to_string());
        vec![
            Cell::text(name),
            Cell::text(page.t(&format!("push-kind-{}", one.kind.as_str()))),
            Cell::text(one.answer),
            Cell::text(one.attempts.to_string()),
            Cell::whole(moment(one.due_at)),
        ]
    };
    let caption = page.count("push-refused-caption", refused.len() as u64);
    let columns =
        ["push-refused-what", "push-refused-kind", "push-refused-answer", "client-told-attempts", "push-refused-again"];
    let rows = refused.into_iter().map(row).collect();
    let table = Table::new(&page, caption, &columns, rows).or_else(&page, "push-refused-none");
    let points = points(&page, &target, &progress, &counts);
    let (word, submit) = match target.status {
        Status::Active => ("pause", "push-pause"),
        Status::Paused => ("resume", "push-resume"),
    };
    let base = base(&client);
    let links = [("settings", "push-settings"), ("preview", "push-preview"), ("retry", "push-retry")];
    let links = links.map(|(to, text)| (format!("{base}/{to}"), page.t(text))).to_vec();
    let end = Some((format!("{base}/remove"), page.t("push-remove")));
    let submit = page.t(submit);
    let hidden = vec![("do".to_owned(), word.to_owned())];
    let intro = Some(page.t1("push-intro", "client", &client.name));
    let back = format!("/admin/clients/{}", client.id);
    let form = FormPage::saving(page, &back, base, Vec::new());
    Ok(FormPage {
        submit,
        hidden,
        intro,
        points,
        links,
        end,
        found: Some(table),
        sections: Vec::new(),
        reads: true,
        ..form
    }
    .show())
}

/// Whom the reader sees, and of whom how they are reached.
fn scopes(person: &SignedIn) -> (Scope, Scope) {
    let (authority, now) = (&person.authority, person.ctx.now);
    (Scope::of_people(authority, now), Scope::of_contacts(authority, now))
}

/// Whoever is out of the reader's sight has no name here.
async fn names(
    tx: &mut Tx,
    person: &SignedIn,
    refused: &[Refused],
) -> Result<std::collections::BTreeMap<uuid::Uuid, String>, Failure> {
    let of = |kind: Kind| refused.iter().filter(|one| one.kind == kind).map(|one| one.local).collect();
    let (people, contacts) = scopes(person);
    let mut names = names_store::list_people(tx, (&people, &contacts), &of(Kind::User)).await?;
    names.extend(names_store::list(tx, Named::Group, &of(Kind::Group)).await?);
    Ok(names)
}

fn points(page: &Page, target: &Target, progress: &Progress, counts: &[(&str, i64)]) -> Vec<String> {
    let mut points =
        vec![page.t1("push-to", "address", &target.base_url), page.t(&format!("push-is-{}", target.status.as_str()))];
    points.extend(counts.iter().map(|(key, count)| page.count(key, u64::try_from(*count).unwrap_or(0))));
    points.extend(progress.pushed_at.map(|at| page.t1("push-last", "at", moment(at))));
    if let Some(answer) = &progress.answer {
        points.push(page.t2("push-failing", ("answer", answer), ("at", &moment(progress.due_at))));
    }
    if let Some((at, findings)) = &progress.reconciled {
        points.push(page.t2("push-compared", ("at", &moment(*at)), ("found", &found(page, findings))));
    }
    points
}

/// What a comparison found, in one line.
fn found(page: &Page, findings: &Findings) -> String {
    let counts = findings.counts().into_iter().filter(|(_, count)| *count > 0);
    let said: Vec<_> = counts.map(|(name, count)| page.count(&format!("push-found-{name}"), count)).collect();
    if said.is_empty() { page.t("push-found-nothing") } else { said.join(", ") }
}

/// `POST /admin/clients/{id}/push`: on or off.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let client = application(&mut person.app.db.reader().await?, &person, &id).await?;
    let status = match form.text("do") {
        "resume" => Status::Active,
        "pause" => Status::Paused,
        _ => return Err(Failure::BadRequest),
    };
    let done: Result<Target, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        Ok(manage::set_status(tx, permit, status, &person.ctx).await?)
    });
    done?;
    Ok(see_other(&format!("{}?done=push-saved", base(&client))))
}

/// `GET /admin/clients/{id}/push/settings`
pub(super) async fn get_settings(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = application(tx, &person, &id).await?;
    let target = target_store::find(tx, client.id).await?;
    Ok(settings(&person, &client, target.as_ref(), (&Errors::default(), None)))
}

fn settings(
    person: &SignedIn,
    client: &Client,
    target: Option<&Target>,
    (errors, form): (&Errors, Option<&Form>),
) -> Response {
    let mut page = person.page(Area::Clients, "push-settings-title");
    page.has_errors = !errors.is_empty();
    let mut fields = fields(&page, target);
    errors.fill(&mut fields, form);
    let back = if target.is_some() { base(client) } else { format!("/admin/clients/{}", client.id) };
    let intro = Some(page.t1("push-intro", "client", &client.name));
    let shown = FormPage::saving(page, &back, format!("{}/settings", base(client)), Vec::new());
    FormPage { intro, sections: vec![Section { fields, ..Section::default() }], ..shown }.show()
}

fn fields(page: &Page, target: Option<&Target>) -> Vec<Field> {
    let rules = target.map_or_else(Rules::default, |target| target.rules);
    let choices = |key: &str, words: &[&'static str], present: &str| -> Vec<Choice> {
        words
            .iter()
            .map(|word| Choice::new(*word, page.t(&format!("{key}-{}", word.replace('_', "-"))), present))
            .collect()
    };
    let endings = Ending::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    let ending = |name: &str, label: &str, present: Ending| {
        Field::select(page, name, label, choices("push-ending", &endings, present.as_str()))
    };
    let names = UserNameFrom::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    let updates = Update::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>();
    let url = Field { kind: "url", max: MAX_TEXT, ..Field::text(page, "url", "push-url") };
    let token = Field { max: MAX_TEXT, ..Field::password(page, "token", "push-token") };
    let token = token.hint(page, if target.is_some() { "push-token-kept" } else { "push-token-hint" });
    vec![
        url.hint(page, "push-url-hint").value(target.map(|target| target.base_url.clone()).unwrap_or_default()),
        if target.is_some() { token.optional(page) } else { token },
        Field::select(page, "user_name", "push-user-name", choices("push-user-name", &names, rules.user_name.as_str())),
        Field::select(page, "update", "push-update", choices("push-update", &updates, rules.update.as_str())),
        ending("leavers", "push-leavers", rules.leavers),
        ending("deleted", "push-deleted", rules.deleted),
        Field::checkbox(page, "groups", "push-with-groups", rules.groups),
        Field::checkbox(page, "organisation", "push-with-organisation", rules.organisation),
        Field::checkbox(page, "adopt", "push-adopt", rules.adopt).hint(page, "push-adopt-hint"),
    ]
}

fn read(page: &Page, form: &Form) -> Result<Wanted, Errors> {
    let mut reader = Reader::new(page, form);
    let url = reader.required("url", "push-url", |value| crate::kernel::text::line(value, MAX_TEXT));
    let word = |name: &str| form.text(name);
    let rules = (|| {
        Some(Rules {
            user_name: UserNameFrom::parse(word("user_name"))?,
            update: Update::parse(word("update"))?,
            leavers: Ending::parse(word("leavers"))?,
            deleted: Ending::parse(word("deleted"))?,
            groups: form.given("groups").is_some(),
            organisation: form.given("organisation").is_some(),
            adopt: form.given("adopt").is_some(),
        })
    })();
    if rules.is_none() {
        reader.fail("user_name", page.t1("error-choice", "field", page.t("push-user-name")));
    }
    match (url, rules) {
        (Some(base_url), Some(rules)) if reader.is_clean() => {
            Ok(Wanted { base_url, token: form.given("token").map(Token::from_text), rules })
        }
        _ => Err(reader.into_errors()),
    }
}

/// `POST /admin/clients/{id}/push/settings`
pub(super) async fn post_settings(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> PageResult {
    let pusher = portal.pusher.ok_or(Failure::NotFound)?;
    let (client, target) = {
        let tx = &mut person.app.db.reader().await?;
        let client = application(tx, &person, &id).await?;
        let target = target_store::find(tx, client.id).await?;
        (client, target)
    };
    let page = person.page(Area::Clients, "push-settings-title");
    let wanted = match read(&page, &form) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(settings(&person, &client, target.as_ref(), (&errors, Some(&form)))),
    };
    let done: Result<Result<Target, PushError>, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        match manage::set(tx, permit, &wanted, (&pusher.outbound, &pusher.kek), &person.ctx).await {
            Err(PushError::Db(error)) => Err(error.into()),
            other => Ok(other),
        }
    });
    let Err(error) = done? else { return Ok(see_other(&format!("{}?done=push-saved", base(&client)))) };
    let mut reader = Reader::new(&page, &form);
    match error {
        PushError::Address(refused) => reader.fail("url", page.t1("push-error-address", "why", refused.to_string())),
        PushError::Base => reader.fail("url", page.t("push-error-base")),
        PushError::Token => reader.fail("token", page.t("push-error-token")),
        PushError::Scope(scope) => reader.fail("user_name", page.t1("push-error-scope", "scope", scope)),
        PushError::ThirdParty => reader.fail("url", page.t("push-error-third-party")),
        other => return Err(other.into()),
    }
    Ok(settings(&person, &client, target.as_ref(), (&reader.into_errors(), Some(&form))))
}

/// `GET /admin/clients/{id}/push/preview`: what would be sent, and what a comparison finds.
pub(super) async fn get_preview(State(portal): State<Portal>, person: SignedIn, Path(id): Path<String>) -> PageResult {
    let pusher = portal.pusher.ok_or(Failure::NotFound)?;
    let client = {
        let tx = &mut person.app.db.reader().await?;
        let client = application(tx, &person, &id).await?;
        person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        client
    };
    let (people, contacts) = scopes(&person);
    let seen = preview::look(&person.app.db, &pusher, client.id, (&people, &contacts)).await?;
    let page = person.page(Area::Clients, "push-preview-title");
    let mut said = vec![page.count("push-preview-people", u64::try_from(seen.people).unwrap_or(0))];
    if !seen.groups.is_empty() {
        said.push(page.t1("push-preview-groups", "groups", seen.groups.join(", ")));
    }
    said.push(match &seen.findings {
        Ok(findings) => page.t1("push-preview-found", "found", found(&page, findings)),
        Err(answer) => page.t1("push-preview-failed", "answer", answer),
    });
    let nobody = if seen.people == 0 { "push-preview-nobody" } else { "push-preview-unseen" };
    let rows = seen.samples.iter().map(|sample| vec![Cell::code(format!("{sample:#}"))]).collect();
    let caption = page.t("push-preview-samples");
    let table = Table::new(&page, caption, &["push-preview-resource"], rows).or_else(&page, nobody);
    let back = Some((base(&client), client.name));
    Ok(TablePage { back, lead: Some(said.join(" ")), ..TablePage::new(page, table) }.show())
}

/// `GET /admin/clients/{id}/push/retry` and `…/remove`: what it means, before it happens.
pub(super) async fn get_asking(person: SignedIn, Path((id, what)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = application(tx, &person, &id).await?;
    target_store::find(tx, client.id).await?.ok_or(Failure::NotFound)?;
    if !matches!(what.as_str(), "retry" | "remove") {
        return Err(Failure::NotFound);
    }
    let page = person.page(Area::Clients, &format!("push-{what}-title"));
    let intro = Some(page.t1(&format!("push-{what}-text"), "client", &client.name));
    let base = base(&client);
    let form = FormPage::asking(page, &base, format!("{base}/{what}"), &format!("push-{what}"));
    Ok(FormPage { intro, danger: what == "remove", ..form }.show())
}

/// `POST /admin/clients/{id}/push/retry` and `…/remove`
pub(super) async fn post_asked(person: SignedIn, Path((id, what)): Path<(String, String)>, _form: Form) -> PageResult {
    let client = application(&mut person.app.db.reader().await?, &person, &id).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        match what.as_str() {
            "retry" => drop(manage::hurry(tx, permit, true, &person.ctx).await?),
            "remove" => manage::remove(tx, permit, &person.ctx).await?,
            _ => return Err(ChangeError::Unknown),
        }
        Ok(())
    });
    done?;
    Ok(match what.as_str() {
        "retry" => see_other(&format!("{}?done=push-hurried", base(&client))),
        _ => see_other(&format!("/admin/clients/{}?done=push-removed", client.id)),
    })
}
