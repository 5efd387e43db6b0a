//! Authenticator apps: the page with the secret, and what becomes of an app afterwards.

use askama::Template;
use axum::extract::{Path, State};
use qrcode::QrCode;
use qrcode::render::svg;

use super::{begun, failure, name_field, one, problem};
use crate::db::transact;
use crate::factors::authenticator::enrol::{self, Confirmed};
use crate::factors::authenticator::{Shown, change, store};
use crate::factors::own::FactorError;
use crate::kernel::ids::AuthenticatorId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/account/factor/app.html")]
struct AppTemplate {
    page: Page,
    path: String,
    picture: String,
    shown: Shown,
    fields: Vec<Field>,
}

/// `POST /security/apps`: a secret is made.
pub(in crate::portal::account) async fn post(State(portal): State<Portal>, person: SignedIn, _: Form) -> PageResult {
    let who = (&person.user, &person.session);
    let made: Result<AuthenticatorId, FactorError> =
        transact!(person.app.db, tx => enrol::begin(tx, &portal.factors, who, &person.ctx).await);
    match made {
        Ok(id) => Ok(see_other(&format!("/security/apps/{id}"))),
        Err(error) => begun(error),
    }
}

fn id(text: &str) -> Result<AuthenticatorId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// `GET /security/apps/{id}`
pub(in crate::portal::account) async fn get(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(app): Path<String>,
) -> PageResult {
    show(&portal, &person, (id(&app)?, &Errors::default()), None).await
}

async fn show(
    portal: &Portal,
    person: &SignedIn,
    (id, errors): (AuthenticatorId, &Errors),
    form: Option<&Form>,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = store::find(tx, id, person.user.id).await?.ok_or(Failure::NotFound)?;
    let path = format!("/security/apps/{id}");
    if found.confirmed_at.is_some() {
        let facts = vec![
            ("factor-added", moment(found.created_at)),
            ("factor-used", found.last_used_at.map_or_else(|| "–".to_owned(), moment)),
        ];
        return Ok(one(person, (path, &found.name), facts, errors));
    }
    super::super::security::fresh(person)?;
    let mut page = person.page(Area::Account, "app-title");
    page.has_errors = !errors.is_empty();
    let service = page.t("brand");
    let shown = enrol::look(tx, &portal.factors, (&person.user, id), &service, &person.ctx).await.map_err(failure)?;
    let Some(shown) = shown else { return Ok(see_other("/security?problem=app-over#ways")) };
    let code = Field { input_mode: Some("numeric"), max: 11, narrow: true, ..Field::text(&page, "code", "app-code") };
    let mut fields = vec![
        name_field(&page).value(page.t("app-name-first")),
        code.autocomplete("one-time-code").hint(&page, "app-code-hint"),
    ];
    errors.fill(&mut fields, form);
    let picture = picture(&shown.address)?;
    Ok(render(&AppTemplate { page, path, picture, shown, fields }))
}

/// The address as a picture for cameras, drawn into the page: nothing is fetched, and nothing is kept by a cache.
fn picture(address: &str) -> Result<String, Failure> {
    let code = QrCode::new(address).map_err(Failure::internal)?;
    let drawn = code
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .dark_color(svg::Color("#000"))
        .light_color(svg::Color("#fff"))
        .build();
    // Without the head of a document of its own.
    Ok(drawn.find("<svg").and_then(|at| drawn.get(at..)).unwrap_or_default().to_owned())
}

/// `POST /security/apps/{id}`: the first code of an app, or another name of it.
pub(in crate::portal::account) async fn post_one(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(app): Path<String>,
    form: Form,
) -> PageResult {
    let id = id(&app)?;
    let page = person.page(Area::Account, "app-title");
    let found = store::find(&mut person.app.db.reader().await?, id, person.user.id).await?;
    let (who, name) = ((&person.user, &person.session), form.text("name"));
    if found.ok_or(Failure::NotFound)?.confirmed_at.is_some() {
        let named: Result<(), FactorError> =
            transact!(person.app.db, tx => change::rename(tx, &person.user, (id, name), &person.ctx).await);
        return match named {
            Ok(()) => Ok(see_other("/security?done=factor-renamed#ways")),
            Err(error) => show(&portal, &person, (id, &problem(&page, error)?), Some(&form)).await,
        };
    }
    let given = (id, name, form.text("code"));
    let confirmed: Result<Confirmed, FactorError> =
        transact!(person.app.db, tx => enrol::confirm(tx, &portal.factors, who, given, &person.ctx).await);
    match confirmed {
        Ok(Confirmed::Done) => Ok(see_other("/security?done=app-added#ways")),
        Ok(Confirmed::Wrong) => {
            let errors = Errors::one("code", page.t("app-wrong"));
            show(&portal, &person, (id, &errors), Some(&form)).await
        }
        Ok(Confirmed::Over) => Ok(see_other("/security?problem=app-over#ways")),
        Err(error) => show(&portal, &person, (id, &problem(&page, error)?), Some(&form)).await,
    }
}

/// `POST /security/apps/{id}/remove`
pub(in crate::portal::account) async fn remove(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(app): Path<String>,
    _: Form,
) -> PageResult {
    let (id, who) = (id(&app)?, (&person.user, &person.session));
    let removed: Result<(), FactorError> =
        transact!(person.app.db, tx => change::remove(tx, who, id, &person.ctx).await);
    match removed {
        Ok(()) => Ok(see_other("/security?done=factor-removed#ways")),
        Err(error) => {
            let page = person.page(Area::Account, "app-title");
            show(&portal, &person, (id, &problem(&page, error)?), None).await
        }
    }
}
