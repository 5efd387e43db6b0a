//! Another e-mail address of one's own: a link to the new address proves it, the old one is told (AU-14).

use askama::Template;
use axum::extract::Path;
use axum::extract::State;

use super::security::{fresh, show};
use crate::db::{self, transact};
use crate::factors::change_email::{self, AskError};
use crate::kernel::secret::Token;
use crate::kernel::text::EmailAddress;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::sign_in::link::dead;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

/// `POST /security/email`: a link is sent to the new address.
pub(super) async fn post(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    fresh(&person)?;
    let page = person.page(Area::Account, "menu-security");
    let email: EmailAddress = match form.text("email").parse() {
        Ok(email) => email,
        Err(error) => {
            let errors = Errors::one("email", describe(&page, "security-email-new", error));
            return show(&portal, &person, &errors, Some(&form)).await;
        }
    };
    let (who, ctx) = ((&person.user, &person.session), &person.ctx);
    let asked: Result<(), AskError> = transact!(person.app.db, tx => change_email::ask(tx, who, &email, ctx).await);
    let text = match asked {
        Ok(()) => return Ok(see_other("/security?done=email-asked")),
        Err(AskError::Stale) => return Err(Failure::StepUp),
        Err(AskError::Db(error)) => return Err(error.into()),
        Err(AskError::Same) => page.t("security-email-same"),
        Err(AskError::TooMany) => page.t("security-email-often"),
    };
    show(&portal, &person, &Errors::one("email", text), Some(&form)).await
}

#[derive(Template)]
#[template(path = "pages/account/email.html")]
struct EmailTemplate {
    page: Page,
    path: String,
    text: String,
}

/// `GET /security/email/{token}`: opening it changes nothing (AU-30).
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn, Path(token): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let digest = Token::from_text(token.clone()).digest();
    let found = change_email::find(tx, &person.user, &digest, &person.ctx).await?;
    let Some(email) = found else { return Ok(dead(&portal, &person.info)) };
    let page = person.page(Area::Account, "email-confirm-title");
    let text = page.t1("email-confirm-text", "email", email);
    Ok(render(&EmailTemplate { path: format!("/security/email/{token}"), text, page }))
}

/// `POST /security/email/{token}`
pub(super) async fn post_confirm(
    State(portal): State<Portal>,
    person: SignedIn,
    Path(token): Path<String>,
    _form: Form,
) -> PageResult {
    let digest = Token::from_text(token).digest();
    let done: db::Result<bool> =
        transact!(person.app.db, tx => change_email::confirm(tx, person.user.id, &digest, &person.ctx).await);
    Ok(if done? { see_other("/security?done=email-changed") } else { dead(&portal, &person.info) })
}
