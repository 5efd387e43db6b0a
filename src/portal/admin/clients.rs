//! OIDC clients: the list, and registering one.

use axum::response::Response;

use super::client::show;
use super::client_form::{self, Read};
use super::plain::{Cell, FormPage, Table, TablePage};
use super::{services, tree};
use crate::authority::Permission;
use crate::authority::action::{ManageClient, ReadClient};
use crate::db::{Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::client::manage::{self, ClientDetails, ClientError};
use crate::directory::client::model::{Client, ClientKind, ClientSettings};
use crate::directory::client::{service, store};
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Token;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form};

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::IdTaken | ClientError::Stale | ClientError::TooMany => Self::Conflict,
            ClientError::Reserved => Self::Forbidden,
            ClientError::InvalidId | ClientError::Faults(_) | ClientError::Place | ClientError::NoSecret => {
                Self::BadRequest
            }
            ClientError::NotFound => Self::NotFound,
            ClientError::Db(error) => error.into(),
        }
    }
}

/// Whether the person manages all clients.
pub(super) async fn authorised(tx: &mut Tx, person: &SignedIn) -> Result<(), Failure> {
    person.app.door.authorise_read(tx, &person.ctx, ManageClient { client: None }).await?;
    Ok(())
}

/// The same as an answer; whoever neither does nor manages services anywhere gets no further.
pub(super) async fn manages_all(tx: &mut Tx, person: &SignedIn) -> Result<bool, Failure> {
    match authorised(tx, person).await {
        Ok(()) => Ok(true),
        Err(Failure::Forbidden) if person.may(Permission::ServiceManage) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// The client of an address, for whoever may see it.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Client, Failure> {
    manages_all(tx, person).await?;
    let client: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadClient { client }).await?;
    store::find(tx, client).await?.ok_or(Failure::NotFound)
}

/// The same for whoever may change it as well.
pub(super) async fn kept(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Client, Failure> {
    let client = find(tx, person, id).await?;
    person.app.door.authorise_read(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
    Ok(client)
}

/// `GET /admin/clients`: all of them, or the services that one manages.
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    if !manages_all(tx, &person).await? {
        return services::list(tx, &person).await;
    }
    let mut page = person.page(Area::Clients, "clients-title");
    let environments = environment_store::list(tx).await?;
    let row = |client: Client| {
        let status = if client.active { ("active", "status-active") } else { ("blocked", "client-inactive") };
        let environment = environments.iter().find(|environment| Some(environment.id) == client.environment);
        vec![
            Cell::link(client.client_id, format!("/admin/clients/{}", client.id)),
            Cell::text(client.name),
            Cell::text(page.t(&format!("client-kind-{}", client.kind.as_str()))),
            Cell::text(environment.map_or_else(|| "–".to_owned(), |environment| environment.title.clone())),
            Cell::badge(page.t(status.1), status.0),
        ]
    };
    let rows: Vec<_> = store::list(tx).await?.into_iter().map(row).collect();
    page.results = Some(rows.len() as u64);
    let caption = page.count("clients-caption", rows.len() as u64);
    let columns = ["client-id", "client-name", "client-kind", "client-environment", "user-status"];
    let table = Table::new(&page, caption, &columns, rows).or_else(&page, "clients-none");
    let links = vec![
        ("/admin/clients/new".to_owned(), page.t("client-new")),
        ("/admin/clients/registration".to_owned(), page.t("registration-tokens-title")),
    ];
    Ok(TablePage { links, ..TablePage::new(page, table) }.show())
}

async fn new_form(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Clients, "client-new");
    page.has_errors = !errors.is_empty();
    let kinds = [ClientKind::Web, ClientKind::Spa, ClientKind::Native, ClientKind::Machine];
    let kinds =
        kinds.map(|kind| Choice::new(kind.as_str(), page.t(&format!("client-kind-{}", kind.as_str())), "web")).to_vec();
    let none = || vec![Choice::new("", page.t("none"), "-")];
    let (mut places, mut levels) = (none(), none());
    let environments = environment_store::list(tx).await?;
    places.extend(environments.into_iter().map(|found| Choice::new(found.id.to_string(), found.title, "-")));
    let chosen = form.and_then(|form| form.text("organisation").parse().ok());
    let near = tree::near(tx, person, &[Permission::OrganisationRead], chosen).await?;
    levels.extend(tree::choices(&near.levels, None));
    let first = vec![
        Field::text(&page, "name", "client-name").hint(&page, "client-name-hint"),
        Field { max: 100, ..Field::text(&page, "client_id", "client-id") }.hint(&page, "client-id-hint"),
        Field::select(&page, "kind", "client-kind", kinds),
        Field::select(&page, "environment", "client-environment", places)
            .hint(&page, "client-environment-hint")
            .filter(),
        Field::select(&page, "organisation", "client-organisation", levels)
            .hint(&page, "client-organisation-hint")
            .filter(),
    ];
    let mut sections = client_form::sections(&page, None, &ClientSettings::default());
    if let Some(section) = sections.first_mut() {
        section.fields.splice(0..0, first);
    }
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let shown = FormPage::saving(page, "/admin/clients", "/admin/clients/new".to_owned(), Vec::new());
    Ok(FormPage { sections, ..shown }.show())
}

/// `GET /admin/clients/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    if !manages_all(tx, &person).await? {
        return services::new_form(tx, &person, (&Errors::default(), None)).await;
    }
    new_form(&person, &Errors::default(), None).await
}

/// `POST /admin/clients/new`: answers with the secret, which is never shown again.
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    if !manages_all(&mut person.app.db.reader().await?, &person).await? {
        return services::make(&person, &form).await;
    }
    let page = person.page(Area::Clients, "client-new");
    let kind = ClientKind::parse(form.text("kind")).ok_or(Failure::BadRequest)?;
    let Read { name, settings } = match client_form::read(&page, (&form, person.ctx.now), kind, first_settings(kind)) {
        Ok(read) => read,
        Err(errors) => return new_form(&person, &errors, Some(&form)).await,
    };
    let made: Result<(Client, Option<Token>), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: None }).await?;
        let details = ClientDetails {
            client_id: form.text("client_id").trim().to_owned(),
            name: name.clone(),
            kind,
            environment: form.text("environment").parse().ok(),
            organisation: form.text("organisation").parse().ok(),
            settings: settings.clone(),
        };
        Ok(manage::create(tx, permit, details, &person.ctx).await?)
    });
    match made {
        Ok((client, secret)) => created(&person, &client, secret.as_ref()).await,
        Err(ChangeError::Client(error)) => match client_form::explain(&page, &error) {
            Some(errors) => new_form(&person, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn created(person: &SignedIn, client: &Client, secret: Option<&Token>) -> Result<Response, Failure> {
    show(&mut person.app.db.reader().await?, person, client, secret, (&Errors::default(), None)).await
}

/// What a new client of a kind starts with, before the form is read.
fn first_settings(kind: ClientKind) -> ClientSettings {
    match kind {
        ClientKind::Machine => service::settings(),
        ClientKind::Web | ClientKind::Spa | ClientKind::Native => ClientSettings::default(),
    }
}
