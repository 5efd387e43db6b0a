//! Passkeys and security keys: the page that adds one, which needs a script, and what becomes of it afterwards, which needs none.

use askama::Template;
use axum::extract::{Path, State};

use super::{begun, failure, name_field, one, problem};
use crate::db::transact;
use crate::factors::own::FactorError;
use crate::factors::passkey::register::{self, Answer, Asked};
use crate::factors::passkey::{RelyingParty, change, store};
use crate::kernel::ids::PasskeyId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/account/factor/passkey.html")]
struct PasskeyTemplate {
    page: Page,
    asked: Asked,
    fields: Vec<Field>,
}

fn party(portal: &Portal) -> Result<&RelyingParty, Failure> {
    portal.factors.passkeys.as_ref().ok_or(Failure::NotFound)
}

/// `POST /security/passkeys`: to the page that adds one.
pub(in crate::portal::account) async fn post(State(portal): State<Portal>, person: SignedIn, _: Form) -> PageResult {
    party(&portal)?;
    let who = (&person.user, &person.session);
    let prepared: Result<(), FactorError> =
        transact!(person.app.db, tx => register::prepare(tx, who, &person.ctx).await);
    match prepared {
        Ok(()) => Ok(see_other("/security/passkeys/new")),
        Err(error) => begun(error),
    }
}

/// `GET /security/passkeys/new`
pub(in crate::portal::account) async fn get_new(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    add(&portal, &person, &Errors::default(), None).await
}

async fn add(portal: &Portal, person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    super::super::security::fresh(person)?;
    let party = party(portal)?;
    let mut page = person.page(Area::Account, "passkey-title");
    page.has_errors = !errors.is_empty();
    let browser = person.info.browser.digest();
    let tx = &mut person.app.db.reader().await?;
    let asked = register::begin(tx, (party, &portal.factors.vault), (&person.user, &browser), &person.ctx).await;
    let Some(asked) = asked.map_err(failure)? else { return Ok(see_other("/security#ways")) };
    let mut fields = vec![name_field(&page).value(page.t("passkey-name-first"))];
    errors.fill(&mut fields, form);
    Ok(render(&PasskeyTemplate { page, asked, fields }))
}

/// `POST /security/passkeys/new`: what the authenticator answered.
pub(in crate::portal::account) async fn post_new(
    State(portal): State<Portal>,
    person: SignedIn,
    form: Form,
) -> PageResult {
    let browser = person.info.browser.digest();
    let answer = Answer {
        ceremony: form.text("ceremony"),
        credential: form.text("credential"),
        name: form.text("name"),
        browser: &browser,
    };
    let (keys, who) = ((party(&portal)?, &portal.factors.vault), (&person.user, &person.session));
    match register::finish(&person.app.db, keys, who, answer, &person.ctx).await {
        Ok(()) => Ok(see_other("/security?done=passkey-added#ways")),
        Err(FactorError::TooMany) => begun(FactorError::TooMany),
        Err(error) => {
            let page = person.page(Area::Account, "passkey-title");
            add(&portal, &person, &problem(&page, error)?, Some(&form)).await
        }
    }
}

fn id(text: &str) -> Result<PasskeyId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

async fn show(person: &SignedIn, id: PasskeyId, errors: &Errors) -> PageResult {
    let all = store::list(&mut person.app.db.reader().await?, person.user.id).await?;
    let found = all.into_iter().find(|passkey| passkey.id == id).ok_or(Failure::NotFound)?;
    let page = person.page(Area::Account, "passkey-title");
    let facts = vec![
        ("factor-added", moment(found.created_at)),
        ("factor-used", found.last_used_at.map_or_else(|| "–".to_owned(), moment)),
        ("passkey-copies", page.t(if found.synced { "passkey-synced" } else { "passkey-bound" })),
    ];
    Ok(one(person, (format!("/security/passkeys/{id}"), &found.name), facts, errors))
}

/// `GET /security/passkeys/{id}`
pub(in crate::portal::account) async fn get(person: SignedIn, Path(passkey): Path<String>) -> PageResult {
    show(&person, id(&passkey)?, &Errors::default()).await
}

/// `POST /security/passkeys/{id}`: another name.
pub(in crate::portal::account) async fn post_one(
    person: SignedIn,
    Path(passkey): Path<String>,
    form: Form,
) -> PageResult {
    let (id, name) = (id(&passkey)?, form.text("name"));
    let named: Result<(), FactorError> =
        transact!(person.app.db, tx => change::rename(tx, &person.user, (id, name), &person.ctx).await);
    match named {
        Ok(()) => Ok(see_other("/security?done=factor-renamed#ways")),
        Err(error) => {
            let page = person.page(Area::Account, "passkey-title");
            show(&person, id, &problem(&page, error)?).await
        }
    }
}

/// `POST /security/passkeys/{id}/remove`
pub(in crate::portal::account) async fn remove(person: SignedIn, Path(passkey): Path<String>, _: Form) -> PageResult {
    let (id, who) = (id(&passkey)?, (&person.user, &person.session));
    let removed: Result<(), FactorError> =
        transact!(person.app.db, tx => change::remove(tx, who, id, &person.ctx).await);
    match removed {
        Ok(()) => Ok(see_other("/security?done=factor-removed#ways")),
        Err(error) => {
            let page = person.page(Area::Account, "passkey-title");
            show(&person, id, &problem(&page, error)?).await
        }
    }
}
