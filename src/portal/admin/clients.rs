//! OIDC clients: register, show, rotate the secret, switch off and on.

use std::time::Duration;

use askama::Template;
use axum::extract::Path;

use super::plain::{Cell, FormPage, TablePage};
use super::tree;
use crate::authority::Permission;
use crate::authority::action::ManageClient;
use crate::db::transact;
use crate::directory::application::environment_store;
use crate::directory::client::manage::{self, ClientDetails, ClientError};
use crate::directory::client::model::{AuthMethod, Client, ClientKind, ClientSettings};
use crate::directory::client::rules::Fault;
use crate::directory::client::store;
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Token;
use crate::kernel::text;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Choice, Field, Form, Page};

/// How long the old secret works beside a new one.
const OVERLAP: Duration = Duration::from_hours(24);

#[derive(Template)]
#[template(path = "pages/admin/client.html")]
struct ClientTemplate {
    page: Page,
    id: ClientId,
    active: bool,
    has_secret: bool,
    secret: Option<String>,
    facts: Vec<(String, String)>,
    snippets: Vec<(String, String)>,
}

async fn authorised(person: &SignedIn) -> Result<(), Failure> {
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, ManageClient { client: None }).await?;
    Ok(())
}

/// `GET /admin/clients`
pub(super) async fn get(person: SignedIn) -> PageResult {
    authorised(&person).await?;
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Clients, "clients-title");
    let row = |client: Client| {
        let status = if client.active { "status-active" } else { "client-inactive" };
        vec![
            Cell::link(client.client_id, format!("/admin/clients/{}", client.id)),
            Cell::text(client.name),
            Cell::text(page.t(&format!("client-kind-{}", client.kind.as_str()))),
            Cell::text(page.t(status)),
        ]
    };
    let rows = store::list(tx).await?.into_iter().map(row).collect();
    let mut table =
        TablePage::new(page.clone(), &["client-id", "application-name", "client-kind", "user-status"], rows);
    table.links.push(("/admin/clients/new".to_owned(), page.t("client-new")));
    Ok(table.show())
}

async fn new_form(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Clients, "client-new");
    page.has_errors = !errors.is_empty();
    let kinds = [ClientKind::Web, ClientKind::Spa, ClientKind::Native, ClientKind::Machine];
    let kinds =
        kinds.map(|kind| Choice::new(kind.as_str(), page.t(&format!("client-kind-{}", kind.as_str())), "web")).to_vec();
    let mut places = vec![Choice::new("", page.t("none"), "-")];
    places.extend(
        environment_store::list(tx)
            .await?
            .into_iter()
            .map(|environment| Choice::new(environment.id.to_string(), environment.title, "-")),
    );
    let mut levels = vec![Choice::new("", page.t("none"), "-")];
    levels.extend(tree::choices(&tree::levels(tx, person, &[Permission::OrganisationRead]).await?, None));
    let methods = ["client_secret_basic", "client_secret_post"]
        .map(|method| Choice::new(method, method, "client_secret_basic"))
        .to_vec();
    let algorithms = ["ES256", "RS256"].map(|algorithm| Choice::new(algorithm, algorithm, "ES256")).to_vec();
    let mut fields = vec![
        Field::text(&page, "name", "application-name"),
        Field { max: 100, ..Field::text(&page, "client_id", "client-id") },
        Field::select(&page, "kind", "client-kind", kinds),
        Field::select(&page, "environment", "client-environment", places).filter(),
        Field::select(&page, "organisation", "client-organisation", levels).filter(),
        Field::lines(&page, "redirects", "client-redirects").hint(&page, "client-redirects-hint").filter(),
        Field::lines(&page, "logout_redirects", "client-logout-redirects").optional(&page),
        Field::select(&page, "method", "client-auth", methods),
        Field::select(&page, "algorithm", "client-alg", algorithms),
        Field::checkbox(&page, "without_pkce", "client-no-pkce", false),
        Field::checkbox(&page, "company_id", "client-company-id", false),
    ];
    errors.fill(&mut fields, form);
    Ok(FormPage::saving(page, "/admin/clients", "/admin/clients/new".to_owned(), fields).show())
}

/// `GET /admin/clients/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    authorised(&person).await?;
    new_form(&person, &Errors::default(), None).await
}

fn settings(form: &Form, kind: ClientKind) -> ClientSettings {
    let lines = |name: &str| {
        form.text(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let method = match (kind.is_public(), form.text("method")) {
        (true, _) => AuthMethod::None,
        (false, "client_secret_post") => AuthMethod::ClientSecretPost,
        (false, _) => AuthMethod::ClientSecretBasic,
    };
    let mut settings = ClientSettings {
        redirect_uris: lines("redirects"),
        post_logout_redirect_uris: lines("logout_redirects"),
        token_endpoint_auth_method: method,
        id_token_signed_response_alg: form.text("algorithm").to_owned(),
        allow_without_pkce_insecure: form.has("without_pkce"),
        release_company_id: form.has("company_id"),
        ..ClientSettings::default()
    };
    if kind == ClientKind::Machine {
        settings.grant_types = vec!["client_credentials".to_owned()];
        settings.scopes = ["users:read", "users:write", "groups:read", "memberships:write"].map(str::to_owned).to_vec();
    }
    settings
}

/// `POST /admin/clients/new`: answers with the secret, which is never shown again.
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    let page = person.page(Area::Clients, "client-new");
    let kind = ClientKind::parse(form.text("kind")).ok_or(Failure::BadRequest)?;
    let name = match text::name(form.text("name")) {
        Ok(name) => name,
        Err(error) => {
            return new_form(&person, &Errors::one("name", describe(&page, "application-name", error)), Some(&form))
                .await;
        }
    };
    let made: Result<(Client, Option<Token>), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: None }).await?;
        let details = ClientDetails {
            client_id: form.text("client_id").trim().to_owned(),
            name: name.clone(),
            kind,
            environment: form.text("environment").parse().ok(),
            organisation: form.text("organisation").parse().ok(),
            settings: settings(&form, kind),
        };
        Ok(manage::create(tx, permit, details, &person.ctx).await?)
    });
    match made {
        Ok((client, secret)) => Ok(show(&person, &client, secret.as_ref())),
        Err(ChangeError::Client(error)) => match explain(&page, &error) {
            Some(errors) => new_form(&person, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// What the form can say about a refused registration.
fn explain(page: &Page, error: &ClientError) -> Option<Errors> {
    let choice = |field: &str, key: &str| Some(Errors::one(field, page.t1("error-choice", "field", page.t(key))));
    match error {
        ClientError::IdTaken => Some(Errors::one("client_id", page.t("code-taken"))),
        ClientError::InvalidId => choice("client_id", "client-id"),
        ClientError::Place => choice("environment", "client-environment"),
        ClientError::Faults(faults) => faults.first().and_then(|fault| match fault {
            Fault::NoRedirectUri | Fault::TooManyUris => {
                Some(Errors::one("redirects", page.t("client-error-redirects")))
            }
            Fault::RedirectUri(uri) => Some(Errors::one("redirects", page.t1("client-error-redirect", "address", uri))),
            Fault::PublicWithSecret | Fault::SecretMissing => choice("method", "client-auth"),
            Fault::PkceRequired => choice("without_pkce", "client-no-pkce"),
            Fault::Algorithm(_) => choice("algorithm", "client-alg"),
            Fault::GrantType(_) | Fault::Lifetime | Fault::Origin(_) => None,
        }),
        ClientError::NoSecret | ClientError::NotFound | ClientError::Stale | ClientError::Db(_) => None,
    }
}

async fn find(person: &SignedIn, id: &str) -> Result<Client, Failure> {
    authorised(person).await?;
    let id: ClientId = id.parse().map_err(|_| Failure::NotFound)?;
    store::find(&mut person.app.db.reader().await?, id).await?.ok_or(Failure::NotFound)
}

/// `GET /admin/clients/{id}`
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let client = find(&person, &id).await?;
    Ok(show(&person, &client, None))
}

fn show(person: &SignedIn, client: &Client, secret: Option<&Token>) -> axum::response::Response {
    let page = person.page(Area::Clients, "clients-title").titled(client.name.clone());
    let settings = &client.settings;
    let yes_no = |yes: bool| page.t(if yes { "yes" } else { "no" });
    let facts = [
        ("client-id", client.client_id.clone()),
        ("client-kind", page.t(&format!("client-kind-{}", client.kind.as_str()))),
        ("client-redirects", settings.redirect_uris.join(" ")),
        ("client-logout-redirects", settings.post_logout_redirect_uris.join(" ")),
        ("client-alg", settings.id_token_signed_response_alg.clone()),
        ("client-no-pkce", yes_no(settings.allow_without_pkce_insecure)),
        ("client-company-id", yes_no(settings.release_company_id)),
        ("user-created", moment(client.created_at)),
    ];
    let facts = facts.into_iter().map(|(key, value)| (page.t(key), value)).collect();
    let has_secret = settings.token_endpoint_auth_method != AuthMethod::None;
    let snippets = if client.kind == ClientKind::Machine { Vec::new() } else { snippets(person, client) };
    let secret = secret.map(|secret| secret.reveal().to_owned());
    render(&ClientTemplate { page, id: client.id, active: client.active, has_secret, secret, facts, snippets })
}

/// Settings to copy, per program.
fn snippets(person: &SignedIn, client: &Client) -> Vec<(String, String)> {
    let issuer = person.app.public_url.as_str().trim_end_matches('/').to_owned();
    let (id, redirect) = (&client.client_id, client.settings.redirect_uris.first().cloned().unwrap_or_default());
    let apache = format!(
        "OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration\nOIDCClientID {id}\nOIDCClientSecret \"…\"\nOIDCRedirectURI {redirect}\n\
         OIDCPKCEMethod S256\nOIDCScope \"openid profile email groups\"\nOIDCCryptoPassphrase \"…\""
    );
    let spring = format!(
        "spring.security.oauth2.client.provider.portal.issuer-uri={issuer}\nspring.security.oauth2.client.registration.portal.client-id={id}\n\
         spring.security.oauth2.client.registration.portal.client-secret=…\nspring.security.oauth2.client.registration.portal.scope=openid,profile,email,groups"
    );
    let node = format!(
        "import * as client from 'openid-client'\nconst config = await client.discovery(new URL('{issuer}'), '{id}', '…')"
    );
    [("mod_auth_openidc", apache), ("Spring", spring), ("Node (openid-client)", node)]
        .map(|(name, text)| (name.to_owned(), text))
        .to_vec()
}

/// `POST /admin/clients/{id}`: a new secret, or the switch.
pub(super) async fn post_one(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let client = find(&person, &id).await?;
    let rotates = form.has("rotate");
    let active = form.has("enable");
    if !rotates && !active && !form.has("disable") {
        return Err(Failure::BadRequest);
    }
    let made: Result<Option<Token>, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: Some(client.id) }).await?;
        if rotates {
            return Ok(Some(manage::rotate_secret(tx, permit, OVERLAP, &person.ctx).await?));
        }
        manage::set_active(tx, permit, active, &person.ctx).await?;
        Ok(None)
    });
    person.app.door.changed();
    match made? {
        Some(secret) => Ok(show(&person, &client, Some(&secret))),
        None => Ok(see_other(&format!("/admin/clients/{}?done=client-saved", client.id))),
    }
}
