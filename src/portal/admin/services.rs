//! Services of the levels in which somebody manages them: the list, and making one. Their pages are those of clients.

use super::clients::created;
use super::plain::{Cell, FormPage, Table, TablePage};
use super::{client_form, client_provisioning, reach, tree};
use crate::authority::Permission;
use crate::authority::action::CreateService;
use crate::db::{Tx, transact};
use crate::directory::client::activity::store as activity;
use crate::directory::client::keep;
use crate::directory::client::model::{Client, ClientKind};
use crate::directory::client::service;
use crate::directory::client::store;
use crate::directory::names_store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::secret::Token;
use crate::portal::error::{ChangeError, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form};

const COLUMNS: [&str; 5] = ["client-name", "service-level", "client-id", "client-last-use", "user-status"];

/// Most services of one list.
const MOST: i64 = 500;

/// `GET /admin/clients` of a delegate.
pub(super) async fn list(tx: &mut Tx, person: &SignedIn) -> PageResult {
    let scope = tree::scope(person, &[Permission::ServiceManage]);
    let services = store::list_services(tx, &scope, MOST).await?;
    let ids: Vec<_> = services.iter().map(|service| service.id).collect();
    let uses = activity::list_uses(tx, &ids).await?;
    let places = services.iter().filter_map(|service| Some(service.organisation?.0)).collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &places).await?;
    let mut page = person.page(Area::Clients, "services-title");
    let mut rows = Vec::with_capacity(services.len());
    for service in services {
        let used = uses.get(&service.id).copied();
        let status = if service.active { ("active", "status-active") } else { ("blocked", "client-inactive") };
        let level = service.organisation.and_then(|id| levels.get(&id.0).cloned());
        rows.push(vec![
            Cell::link(service.name, format!("/admin/clients/{}", service.id)),
            Cell::text(level.unwrap_or_else(|| page.t("level-outside"))),
            Cell::code(service.client_id),
            Cell::whole(used.map_or_else(|| page.t("client-never-used"), moment)),
            Cell::badge(page.t(status.1), status.0),
        ]);
    }
    page.results = Some(rows.len() as u64);
    let caption = page.count("services-caption", rows.len() as u64);
    let table = Table::new(&page, caption, &COLUMNS, rows).or_else(&page, "services-none");
    let links = vec![("/admin/clients/new".to_owned(), page.t("service-new"))];
    let lead = Some(page.t("services-text"));
    Ok(TablePage { lead, links, ..TablePage::new(page, table) }.show())
}

/// `GET /admin/clients/new` of a delegate: a name, a level, and what the service is held to.
pub(super) async fn new_form(tx: &mut Tx, person: &SignedIn, (errors, form): (&Errors, Option<&Form>)) -> PageResult {
    let mut page = person.page(Area::Clients, "service-new");
    page.has_errors = !errors.is_empty();
    let chosen: Option<OrganisationId> = form.and_then(|form| form.text("organisation").parse().ok());
    let near = tree::near(tx, person, &[Permission::ServiceManage], chosen).await?;
    let chosen = chosen.or_else(|| near.levels.first().map(|level| level.organisation.id));
    let levels = tree::choices(&near.levels, chosen);
    let mut fields = vec![
        Field::text(&page, "name", "client-name").hint(&page, "service-name-hint"),
        Field::select(&page, "organisation", "service-level", levels).hint(&page, "service-level-hint"),
    ];
    let held_to = client_provisioning::section(&page, Some(ClientKind::Machine), &service::settings());
    fields.extend(held_to.into_iter().flat_map(|section| section.fields));
    errors.fill(&mut fields, form);
    let intro = Some(page.t("service-new-text"));
    let shown = FormPage::saving(page, "/admin/clients", "/admin/clients/new".to_owned(), fields);
    Ok(FormPage { intro, ..shown }.show())
}

/// `POST /admin/clients/new` of a delegate: answers with the secret, which is never shown again. Whatever else is sent is not looked at.
pub(super) async fn make(person: &SignedIn, form: &Form) -> PageResult {
    let page = person.page(Area::Clients, "service-new");
    let again = async |errors: &Errors| {
        let tx = &mut person.app.db.reader().await?;
        new_form(tx, person, (errors, Some(form))).await
    };
    let client_form::Read { name, settings } =
        match client_form::read_kept(&page, (form, person.ctx.now), service::settings()) {
            Ok(read) => read,
            Err(errors) => return again(&errors).await,
        };
    let Some(organisation) = form.text("organisation").parse::<OrganisationId>().ok() else {
        return again(&Errors::one("organisation", page.t1("error-choice", "field", page.t("service-level")))).await;
    };
    let made: Result<(Client, Token), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, CreateService { organisation }).await?;
        let wanted = (name.clone(), settings.provisioning.clone());
        Ok(keep::create(tx, permit, wanted, &person.ctx).await?)
    });
    match made {
        Ok((client, secret)) => created(person, &client, Some(&secret)).await,
        Err(ChangeError::Client(error)) => match client_form::explain(&page, &error) {
            Some(errors) => again(&errors).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}
