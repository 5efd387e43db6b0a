//! One OIDC client: all its settings on one page, its secrets, what to copy into the application.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::client_copy;
use super::client_form::{self, Read};
use super::client_provisioning;
use super::client_roles;
use super::client_stream;
use super::client_tokens;
use super::clients::{find, kept, manages_all};
use super::plain::{FormPage, Section};
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::client::manage;
use crate::directory::client::model::{Client, ClientKind};
use crate::directory::client::secret_store;
use crate::directory::client::shown::{self, Shown};
use crate::directory::organisation;
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::signals::delivery_store;
use crate::signals::model::Sent;
use crate::tokens::provisioning;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page};

/// How many of the last deliveries are shown.
const TOLD: i64 = 20;

/// How long the old secret works beside a new one.
const OVERLAP: Duration = Duration::from_hours(24);

#[derive(Template)]
#[template(path = "pages/admin/client.html")]
struct ClientTemplate {
    page: Page,
    id: ClientId,
    version: i64,
    active: bool,
    facts: Vec<(String, String)>,
    name: Field,
    /// A file to choose, and the picture there is.
    logo: Field,
    shown: Option<Shown>,
    sections: Vec<Section>,
    /// Where one goes back to.
    back: String,
    /// Whether the reader may change it, or only see it.
    keeps: bool,
    /// Why it cannot be switched on again by them.
    stopped: bool,
    /// What a service may do; `None` for what is none.
    roles: Option<Vec<String>>,
    /// A secret made just now; never shown again (DA-38).
    secret: Option<String>,
    has_secret: bool,
    /// Whether people can be pushed to its application.
    has_people: bool,
    /// Whether it can have tokens for provisioning.
    takes_tokens: bool,
    /// The valid secrets: since when, and until when.
    secrets: Vec<String>,
    replaced: bool,
    snippets: Vec<client_copy::Snippet>,
    /// What it was told lately, line by line; `None` for a service, which is told nothing.
    told: Option<Vec<[String; 5]>>,
    /// What a service did lately.
    provisioning: Option<client_provisioning::Shown>,
    /// The stream that it has set up for itself.
    stream: Option<client_stream::Shown>,
}

impl ClientTemplate {
    fn fields(&self) -> Vec<&Field> {
        [&self.name, &self.logo].into_iter().chain(self.sections.iter().flat_map(|section| &section.fields)).collect()
    }
}

/// `GET /admin/clients/{id}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    show(tx, &person, &client, None, (&Errors::default(), None)).await
}

/// The page of a client, with a secret right after it was made.
pub(super) async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    client: &Client,
    secret: Option<&Token>,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let all = manages_all(tx, person).await?;
    let action = ManageClient { client: Some(client.id) }.into();
    let keeps = person.app.door.judge(tx, &person.ctx, &[action]).await?.contains(&true);
    let mut page = person.page(Area::Clients, "clients-title").titled(client.name.clone());
    page.has_errors = !errors.is_empty();
    let mut name = [Field::text(&page, "name", "client-name").value(client.name.clone())];
    errors.fill(&mut name, form);
    let mut sections = if all {
        client_form::sections(&page, Some(client.kind), &client.settings)
    } else {
        let section = client_provisioning::section(&page, Some(client.kind), &client.settings);
        section.into_iter().map(|section| Section { folded: false, ..section }).collect()
    };
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let mut logo = [Field { kind: "file", max: 0, ..Field::text(&page, "logo", "client-logo") }
        .hint(&page, "client-logo-hint")
        .filter()];
    errors.fill(&mut logo, None);
    let [logo] = logo;
    let shown = shown::find(tx, client.id).await?.filter(|_| client.kind != ClientKind::Machine);
    let dates = secret_store::list_dates(tx, client.id, person.ctx.now).await?;
    let keepers = client_tokens::keepers(tx, person, dates.iter().filter_map(|(_, _, by)| *by)).await?;
    let secrets = dates.iter().map(|(since, until, by)| {
        let line = match until {
            None => page.t1("client-secret-since", "since", moment(*since)),
            Some(until) => page.t2("client-secret-until", ("since", &moment(*since)), ("until", &moment(*until))),
        };
        match by {
            Some(by) => format!("{line} · {}", client_tokens::kept(&page, &keepers, *by)),
            None => line,
        }
    });
    let [name] = name;
    let snippets = match client.kind {
        ClientKind::Machine => Vec::new(),
        ClientKind::Web | ClientKind::Spa | ClientKind::Native => client_copy::snippets(&person.app, client),
    };
    let template = ClientTemplate {
        id: client.id,
        version: client.version,
        active: client.active,
        facts: facts(tx, &page, client, person.ctx.now).await?,
        name,
        logo,
        shown,
        sections,
        back: page.t(if all { "clients-back" } else { "services-back" }),
        keeps,
        stopped: !all && !client.active && client.settings.provisioning.stopped,
        roles: client_roles::lines(tx, person, &page, client).await?,
        secret: secret.map(|secret| secret.reveal().to_owned()),
        has_secret: keeps && client.settings.token_endpoint_auth_method.has_secret(),
        has_people: client.environment.is_some(),
        takes_tokens: keeps && provisioning::suits(client),
        secrets: secrets.collect(),
        replaced: dates.iter().any(|(_, until, _)| until.is_some()),
        snippets,
        told: told(tx, &page, client).await?,
        provisioning: client_provisioning::shown(tx, &page, client, person.ctx.now).await?,
        stream: client_stream::shown(tx, &page, client).await?,
        page,
    };
    Ok(render(&template))
}

/// The last deliveries: when, what, what became of it, how often it was tried, what the application answered.
async fn told(tx: &mut Tx, page: &Page, client: &Client) -> Result<Option<Vec<[String; 5]>>, Failure> {
    if client.kind == ClientKind::Machine {
        return Ok(None);
    }
    let sent = delivery_store::list_of_client(tx, client.id, TOLD).await?;
    let line = |one: Sent| {
        let what = match one.event_name() {
            Some(event) => page.t(&format!("signal-{event}")),
            None => page.t("client-told-logout"),
        };
        let state = page.t(&format!("signal-{}", one.state.as_str()));
        [moment(one.created_at), what, state, one.attempts.to_string(), one.answer.unwrap_or_default()]
    };
    Ok(Some(sent.into_iter().map(line).collect()))
}

async fn facts(tx: &mut Tx, page: &Page, client: &Client, now: Timestamp) -> Result<Vec<(String, String)>, Failure> {
    let mut facts = vec![
        (page.t("client-id"), client.client_id.clone()),
        (page.t("client-kind"), page.t(&format!("client-kind-{}", client.kind.as_str()))),
    ];
    if let Some(id) = client.environment {
        let title = environment_store::find(tx, id).await?.map(|environment| environment.title);
        facts.push((page.t("client-environment"), title.unwrap_or_default()));
    }
    if let Some(id) = client.organisation {
        let name = organisation::store::find(tx, id).await?.map(|level| level.name);
        facts.push((page.t("client-organisation"), name.unwrap_or_default()));
    }
    facts.extend(client_provisioning::facts(tx, page, client, now).await?);
    facts.push((page.t("user-created"), moment(client.created_at)));
    facts.push((page.t("user-last-modified"), moment(client.updated_at)));
    Ok(facts)
}

/// `POST /admin/clients/{id}`: the settings.
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    let version: i64 = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let page = person.page(Area::Clients, "clients-title");
    let (asked, stored) = ((&form, person.ctx.now), client.settings.clone());
    let read = if manages_all(tx, &person).await? {
        client_form::read(&page, asked, client.kind, stored)
    } else {
        client_form::read_kept(&page, asked, stored)
    };
    let Read { name, settings } = match read {
        Ok(read) => read,
        Err(errors) => return show(tx, &person, &client, None, (&errors, Some(&form))).await,
    };
    let saved: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        manage::update(tx, permit, (name.clone(), settings.clone()), Some(version), &person.ctx).await?;
        Ok(())
    });
    match saved {
        Ok(()) => Ok(back(&person, client.id)),
        Err(ChangeError::Client(error)) => match client_form::explain(&page, &error) {
            Some(errors) => show(tx, &person, &client, None, (&errors, Some(&form))).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

pub(super) fn back(person: &SignedIn, id: ClientId) -> Response {
    person.app.door.changed();
    see_other(&format!("/admin/clients/{id}?done=client-saved"))
}

/// `POST /admin/clients/{id}/secrets`: another one, shown in the answer and never again; or the end of those replaced.
pub(super) async fn post_secrets(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    let word = form.text("do");
    let made: Result<Option<Token>, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        match word {
            "rotate" => Ok(Some(manage::rotate_secret(tx, permit, OVERLAP, &person.ctx).await?)),
            "end" => {
                manage::end_former_secrets(tx, permit, &person.ctx).await?;
                Ok(None)
            }
            _ => Err(ChangeError::Unknown),
        }
    });
    match made? {
        // What was read before the change is a snapshot of its own: look again.
        Some(secret) => {
            let tx = &mut person.app.db.reader().await?;
            show(tx, &person, &client, Some(&secret), (&Errors::default(), None)).await
        }
        None => Ok(back(&person, client.id)),
    }
}

/// `GET /admin/clients/{id}/status`: what switching off or on means, before it happens.
pub(super) async fn get_status(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let client = kept(&mut person.app.db.reader().await?, &person, &id).await?;
    let word = if client.active { "disable" } else { "enable" };
    let page = person.page(Area::Clients, &format!("client-{word}-title"));
    let what = if client.kind == ClientKind::Machine { "service" } else { "client" };
    let intro = Some(page.t1(&format!("{what}-{word}-text"), "name", &client.name));
    let base = format!("/admin/clients/{}", client.id);
    let hidden = vec![("to".to_owned(), word.to_owned())];
    let form = FormPage::asking(page, &base, format!("{base}/status"), &format!("client-{word}"));
    Ok(FormPage { intro, hidden, danger: client.active, ..form }.show())
}

/// `POST /admin/clients/{id}/status`
pub(super) async fn post_status(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let client = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let active = match form.text("to") {
        "enable" => true,
        "disable" => false,
        _ => return Err(Failure::BadRequest),
    };
    let switched: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        manage::set_active(tx, permit, active, &person.ctx).await?;
        Ok(())
    });
    switched?;
    Ok(back(&person, client.id))
}
