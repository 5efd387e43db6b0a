//! Tokens of a service that cannot fetch any: which there are, making one, taking one back.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use super::clients;
use super::plain::{Cell, FormPage, Section, Table, TablePage};
use crate::authority::Scope;
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::client::model::Client;
use crate::directory::names_store;
use crate::kernel::ids::{ProvisioningTokenId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::text;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::tokens::provisioning::{self, MAX_DAYS, MAX_NAME, ProvisioningToken, ProvisioningTokenError};
use crate::tokens::provisioning_store as store;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/client_token.html")]
struct MadeTemplate {
    page: Page,
    back: String,
    /// Never shown again (DA-38).
    secret: String,
    lead: String,
}

impl From<ProvisioningTokenError> for Failure {
    fn from(error: ProvisioningTokenError) -> Self {
        match error {
            ProvisioningTokenError::Name(_) | ProvisioningTokenError::Days => Self::BadRequest,
            ProvisioningTokenError::TooMany => Self::Conflict,
            ProvisioningTokenError::Kind | ProvisioningTokenError::NotFound => Self::NotFound,
            ProvisioningTokenError::Db(error) => error.into(),
        }
    }
}

fn base(client: &Client) -> String {
    format!("/admin/clients/{}/tokens", client.id)
}

/// The client of an address, if it can have such tokens.
async fn service(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Client, Failure> {
    let client = clients::kept(tx, person, id).await?;
    if provisioning::suits(&client) { Ok(client) } else { Err(Failure::NotFound) }
}

/// The names of delegates with whose right secrets and tokens end, as far as the reader may see them.
pub(super) async fn keepers(
    tx: &mut Tx,
    person: &SignedIn,
    ids: impl Iterator<Item = UserId>,
) -> Result<BTreeMap<Uuid, String>, Failure> {
    let (authority, now) = (&person.authority, person.ctx.now);
    let seen = (&Scope::of_people(authority, now), &Scope::of_contacts(authority, now));
    Ok(names_store::list_people(tx, seen, &ids.map(|id| id.0).collect()).await?)
}

/// With whose right it ends.
pub(super) fn kept(page: &Page, keepers: &BTreeMap<Uuid, String>, by: UserId) -> String {
    page.t1("service-kept-by", "name", keepers.get(&by.0).cloned().unwrap_or_else(|| page.t("service-keeper-unseen")))
}

/// `GET /admin/clients/{id}/tokens`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = service(tx, &person, &id).await?;
    let mut page = person.page(Area::Clients, "client-tokens-title");
    let base = base(&client);
    let tokens = store::list(tx, client.id, person.ctx.now).await?;
    let keepers = keepers(tx, &person, tokens.iter().filter_map(|token| token.kept_by)).await?;
    let row = |token: ProvisioningToken| {
        let name = Cell::text(token.name.clone());
        vec![
            match token.kept_by {
                Some(by) => name.noted(kept(&page, &keepers, by)),
                None => name,
            },
            Cell::whole(moment(token.created_at)),
            Cell::whole(moment(token.expires_at)),
            Cell::action(page.t("client-token-end"), format!("{base}/{}", token.id), token.name),
        ]
    };
    let rows: Vec<_> = tokens.into_iter().map(row).collect();
    let is_full = rows.len() >= provisioning::MAX_TOKENS;
    page.results = Some(rows.len() as u64);
    let caption = page.count("client-tokens-caption", rows.len() as u64);
    let columns = ["client-token-name", "client-token-since", "client-token-until", "actions"];
    let table = Table::new(&page, caption, &columns, rows).or_else(&page, "client-tokens-none");
    let links = if is_full { Vec::new() } else { vec![(format!("{base}/new"), page.t("client-token-new"))] };
    let back = Some((format!("/admin/clients/{}", client.id), client.name));
    let lead = Some(page.t(if is_full { "client-tokens-full" } else { "client-tokens-text" }));
    Ok(TablePage { back, lead, links, ..TablePage::new(page, table) }.show())
}

fn new_form(person: &SignedIn, client: &Client, (errors, form): (&Errors, Option<&Form>)) -> Response {
    let mut page = person.page(Area::Clients, "client-token-new");
    page.has_errors = !errors.is_empty();
    let days = Field {
        input_mode: Some("numeric"),
        narrow: true,
        max: 3,
        ..Field::text(&page, "days", "client-token-days").value("180")
    };
    let name = Field::text(&page, "name", "client-token-name").hint(&page, "client-token-name-hint");
    let mut fields = vec![name, days];
    errors.fill(&mut fields, form);
    let base = base(client);
    let shown = FormPage::saving(page, &base, format!("{base}/new"), Vec::new());
    FormPage { sections: vec![Section { fields, ..Section::default() }], ..shown }.show()
}

/// `GET /admin/clients/{id}/tokens/new`
pub(super) async fn get_new(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = service(tx, &person, &id).await?;
    Ok(new_form(&person, &client, (&Errors::default(), None)))
}

fn read(page: &Page, form: &Form) -> Result<(String, u32), Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("name", "client-token-name", |value| text::line(value, MAX_NAME));
    let days = form.text("days").trim().parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    if days.is_none() {
        reader.fail("days", page.t("client-token-error-days"));
    }
    match (name, days) {
        (Some(name), Some(days)) if reader.is_clean() => Ok((name, days)),
        _ => Err(reader.into_errors()),
    }
}

/// `POST /admin/clients/{id}/tokens/new`: answers with the secret, which is never shown again.
pub(super) async fn post_new(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let client = service(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Clients, "client-token-made");
    let (name, days) = match read(&page, &form) {
        Ok(new) => new,
        Err(errors) => return Ok(new_form(&person, &client, (&errors, Some(&form)))),
    };
    let made: Result<(ProvisioningToken, Token), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageClient { client: Some(client.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(provisioning::issue(tx, permit, &client, (&name, days), &person.ctx).await?)
    });
    let (made, secret) = made?;
    let lead = page.t1("client-token-made-text", "until", moment(made.expires_at));
    Ok(render(&MadeTemplate { back: base(&client), secret: secret.reveal().to_owned(), lead, page }))
}

/// `GET /admin/clients/{id}/tokens/{token}`: what taking it back means, before it happens.
pub(super) async fn get_end(person: SignedIn, Path((id, token)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = service(tx, &person, &id).await?;
    let token: ProvisioningTokenId = token.parse().map_err(|_| Failure::NotFound)?;
    let tokens = store::list(tx, client.id, person.ctx.now).await?;
    let token = tokens.into_iter().find(|one| one.id == token).ok_or(Failure::NotFound)?;
    let page = person.page(Area::Clients, "client-token-end-title");
    let intro = Some(page.t1("client-token-end-text", "name", &token.name));
    let base = base(&client);
    let form = FormPage::asking(page, &base, format!("{base}/{}", token.id), "client-token-end");
    Ok(FormPage { intro, ..form }.show())
}

/// `POST /admin/clients/{id}/tokens/{token}`
pub(super) async fn post_end(person: SignedIn, Path((id, token)): Path<(String, String)>, _form: Form) -> PageResult {
    let client = service(&mut person.app.db.reader().await?, &person, &id).await?;
    let token: ProvisioningTokenId = token.parse().map_err(|_| Failure::NotFound)?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageClient { client: Some(client.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(provisioning::revoke(tx, permit, &client, token, &person.ctx).await?)
    });
    done?;
    Ok(see_other(&format!("{}?done=client-token-ended", base(&client))))
}
