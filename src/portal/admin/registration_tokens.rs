//! Tokens by which clients register themselves (RFC 7591 §3): which there are, making one, taking one back.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::clients::authorised;
use super::plain::{Cell, FormPage, Section, Table, TablePage};
use crate::authority::action::ManageClient;
use crate::db::{Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::client::registration::model::{MAX_DAYS, MAX_USES, Policy, RegistrationToken};
use crate::directory::client::registration::store;
use crate::directory::client::registration::token::{self, NewToken, TokenError};
use crate::kernel::ids::RegistrationTokenId;
use crate::kernel::secret::Token;
use crate::kernel::text;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Choice, Field, Form, Page};

const BASE: &str = "/admin/clients/registration";

#[derive(Template)]
#[template(path = "pages/admin/registration_token.html")]
struct MadeTemplate {
    page: Page,
    /// Never shown again (DA-38).
    secret: String,
    lead: String,
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Name(_) | TokenError::Uses | TokenError::Days => Self::BadRequest,
            TokenError::NotFound => Self::NotFound,
            TokenError::Db(error) => error.into(),
        }
    }
}

/// `GET /admin/clients/registration`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    authorised(tx, &person).await?;
    let mut page = person.page(Area::Clients, "registration-tokens-title");
    let environments = environment_store::list(tx).await?;
    let row = |token: RegistrationToken| {
        let environment = environments.iter().find(|environment| environment.id == token.environment);
        vec![
            Cell::text(token.name.clone()),
            Cell::text(environment.map_or_else(|| "–".to_owned(), |environment| environment.title.clone())),
            Cell::text(token.uses_left.to_string()),
            Cell::whole(moment(token.expires_at)),
            Cell::action(page.t("registration-token-end"), format!("{BASE}/{}", token.id), token.name),
        ]
    };
    let rows: Vec<_> = store::list_tokens(tx, person.ctx.now).await?.into_iter().map(row).collect();
    page.results = Some(rows.len() as u64);
    let caption = page.count("registration-tokens-caption", rows.len() as u64);
    let columns = [
        "registration-token-name",
        "client-environment",
        "registration-token-uses",
        "registration-token-until",
        "actions",
    ];
    let table = Table::new(&page, caption, &columns, rows).or_else(&page, "registration-tokens-none");
    let links = vec![(format!("{BASE}/new"), page.t("registration-token-new"))];
    let (lead, back) =
        (Some(page.t("registration-tokens-text")), Some(("/admin/clients".to_owned(), page.t("clients-back"))));
    Ok(TablePage { back, lead, links, ..TablePage::new(page, table) }.show())
}

async fn new_form(tx: &mut Tx, person: &SignedIn, (errors, form): (&Errors, Option<&Form>)) -> PageResult {
    let mut page = person.page(Area::Clients, "registration-token-new");
    page.has_errors = !errors.is_empty();
    let environments = environment_store::list(tx).await?;
    let places = environments.into_iter().map(|found| Choice::new(found.id.to_string(), found.title, "")).collect();
    let number = |name: &str, label: &str, value: &str| Field {
        input_mode: Some("numeric"),
        narrow: true,
        max: 4,
        ..Field::text(&page, name, label).value(value)
    };
    let mut fields = vec![
        Field::text(&page, "name", "registration-token-name"),
        Field::select(&page, "environment", "client-environment", places),
        number("uses", "registration-token-uses", "1"),
        number("days", "registration-token-days", "7"),
        Field::lines(&page, "scopes", "client-scopes")
            .hint(&page, "client-scopes-hint")
            .value("openid\nprofile\nemail"),
        Field::checkbox(&page, "third_party", "client-third-party", true).hint(&page, "client-third-party-hint"),
        Field::checkbox(&page, "without_pkce", "client-no-pkce", false),
        Field::checkbox(&page, "device", "client-device", false).hint(&page, "client-device-hint"),
    ];
    errors.fill(&mut fields, form);
    let shown = FormPage::saving(page, BASE, format!("{BASE}/new"), Vec::new());
    Ok(FormPage { sections: vec![Section { fields, ..Section::default() }], ..shown }.show())
}

/// `GET /admin/clients/registration/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    authorised(tx, &person).await?;
    new_form(tx, &person, (&Errors::default(), None)).await
}

fn read(page: &Page, form: &Form) -> Result<NewToken, Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("name", "registration-token-name", |text| text::line(text, 100));
    let environment = form.text("environment").parse().ok();
    if environment.is_none() {
        reader.fail("environment", page.t1("error-choice", "field", page.t("client-environment")));
    }
    let uses = form.text("uses").trim().parse().ok().filter(|uses| (1..=MAX_USES).contains(uses));
    if uses.is_none() {
        reader.fail("uses", page.t("registration-token-error-uses"));
    }
    let days = form.text("days").trim().parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
    if days.is_none() {
        reader.fail("days", page.t("registration-token-error-days"));
    }
    let scopes: Vec<String> = form.text("scopes").split_whitespace().map(str::to_owned).collect();
    if scopes.is_empty() {
        reader.fail("scopes", page.t("registration-token-error-scopes"));
    }
    match (name, environment, uses, days) {
        (Some(name), Some(environment), Some(uses), Some(days)) if reader.is_clean() => {
            let policy = Policy {
                scopes,
                third_party: form.has("third_party"),
                allow_without_pkce_insecure: form.has("without_pkce"),
                device_grant: form.has("device"),
            };
            Ok(NewToken { name, environment, policy, uses, days })
        }
        _ => Err(reader.into_errors()),
    }
}

/// `POST /admin/clients/registration/new`: answers with the secret, which is never shown again.
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    authorised(tx, &person).await?;
    let page = person.page(Area::Clients, "registration-token-made");
    let new = match read(&page, &form) {
        Ok(new) => new,
        Err(errors) => return new_form(tx, &person, (&errors, Some(&form))).await,
    };
    let made: Result<(RegistrationToken, Token), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: None }).await?;
        Ok(token::issue(tx, permit, &new, &person.ctx).await?)
    });
    let (made, secret) = made?;
    Ok(shown(page, &made, &secret))
}

fn shown(page: Page, made: &RegistrationToken, secret: &Token) -> Response {
    let (uses, until) = (made.uses_left.to_string(), moment(made.expires_at));
    let lead = page.t2("registration-token-made-text", ("uses", &uses), ("until", &until));
    render(&MadeTemplate { secret: secret.reveal().to_owned(), lead, page })
}

/// `GET /admin/clients/registration/{token}`: what taking it back means, before it happens.
pub(super) async fn get_end(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    authorised(tx, &person).await?;
    let id: RegistrationTokenId = id.parse().map_err(|_| Failure::NotFound)?;
    let tokens = store::list_tokens(tx, person.ctx.now).await?;
    let token = tokens.into_iter().find(|token| token.id == id).ok_or(Failure::NotFound)?;
    let page = person.page(Area::Clients, "registration-token-end-title");
    let intro = Some(page.t1("registration-token-end-text", "name", &token.name));
    let form = FormPage::asking(page, BASE, format!("{BASE}/{id}"), "registration-token-end");
    Ok(FormPage { intro, ..form }.show())
}

/// `POST /admin/clients/registration/{token}`
pub(super) async fn post_end(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let id: RegistrationTokenId = id.parse().map_err(|_| Failure::NotFound)?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageClient { client: None }).await?;
        Ok(token::revoke(tx, permit, id, &person.ctx).await?)
    });
    done?;
    Ok(see_other(&format!("{BASE}?done=registration-token-ended")))
}
