//! Permissions: what one lets applications know and do, and taking it back as easily as it was given (OA-27, GDPR Art. 7).

use askama::Template;

use crate::db::{self, transact};
use crate::kernel::ids::ClientId;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::tokens::{consent, consent_store};
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

struct Line {
    id: ClientId,
    name: String,
    scopes: Vec<String>,
    given: String,
}

#[derive(Template)]
#[template(path = "pages/account/permissions.html")]
struct PermissionsTemplate {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /permissions`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let page = person.page(Area::Account, "menu-permissions");
    let given = consent_store::list(&mut person.app.db.reader().await?, person.user.id).await?;
    let line = |consent: consent::Consent| Line {
        id: consent.client_id,
        name: consent.name,
        scopes: consent.scope.split(' ').map(|scope| page.scope(scope)).collect(),
        given: moment(consent.given_at),
    };
    let lines = given.into_iter().map(line).collect();
    Ok(render(&PermissionsTemplate { page, lines }))
}

/// `POST /permissions`: takes back what one application was allowed.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    let client: ClientId = form.text("client").parse().map_err(|_| Failure::BadRequest)?;
    let withdrawn: db::Result<bool> =
        transact!(person.app.db, tx => consent::withdraw(tx, person.user.id, client, &person.ctx).await);
    if withdrawn? { Ok(see_other("/permissions?done=permission-withdrawn")) } else { Err(Failure::NotFound) }
}
