//! The page behind the link that went to the old address: an administrator asked for another one, and its owner agrees or
//! refuses (D15). Opening it changes nothing (AU-30, SE-14).

use askama::Template;
use axum::extract::{Path, State};

use super::link::dead;
use super::state::StateTemplate;
use crate::db::transact;
use crate::directory::user::error::UserError;
use crate::directory::user::{contact, model::User, store};
use crate::factors::links::{self, Purpose};
use crate::kernel::ctx::Channel;
use crate::kernel::secret::{Digest, Token};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/contact.html")]
struct ContactTemplate {
    page: Page,
    path: String,
    facts: Vec<(String, String)>,
}

/// Whose link this is, if it still works and something waits.
async fn owner(portal: &Portal, info: &RequestInfo, token: &Digest) -> Result<Option<User>, Failure> {
    let tx = &mut portal.app.db.reader().await?;
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let Some(id) = links::find(tx, Purpose::Contact, token, &ctx).await? else { return Ok(None) };
    Ok(store::find(tx, id).await?.filter(|user| user.pending.is_some()))
}

/// What is to change: the name of the field, and what it will be.
pub(in crate::portal) fn facts(page: &Page, user: &User) -> Vec<(String, String)> {
    let Some(pending) = &user.pending else { return Vec::new() };
    let email = pending.email.as_ref().map(|email| (page.t("contact-email"), email.as_str().to_owned()));
    let phone = pending.phone.as_ref().map(|phone| (page.t("contact-phone"), phone.as_str().to_owned()));
    [email, phone].into_iter().flatten().collect()
}

/// `GET /contact/{token}`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo, Path(token): Path<String>) -> PageResult {
    let mut page = Page::new(&portal.app, &info, "contact-title");
    page.narrow = true;
    let query = Form::parse(page.path.split_once('?').map_or("", |(_, query)| query).as_bytes()).unwrap_or_default();
    if let done @ ("agreed" | "refused" | "approval") = query.text("done") {
        let texts = vec![page.t(&format!("contact-{done}"))];
        let (link, link_text) = ("/login".to_owned(), page.t("login-title"));
        return Ok(render(&StateTemplate { page, texts, link, link_text, client: None, hidden: Vec::new() }));
    }
    let found = owner(&portal, &info, &Token::from_text(token.clone()).digest()).await?;
    let Some(user) = found else { return Ok(dead(&portal, &info)) };
    let facts = facts(&page, &user);
    Ok(render(&ContactTemplate { path: format!("/contact/{token}"), facts, page }))
}

/// `POST /contact/{token}`: the link is used up by either answer.
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
    form: Form,
) -> PageResult {
    let agrees = match form.text("answer") {
        "agree" => true,
        "refuse" => false,
        _ => return Err(Failure::BadRequest),
    };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let digest = Token::from_text(token.clone()).digest();
    let answered: Result<Option<User>, UserError> = transact!(portal.app.db, tx => {
        let Some(id) = links::consume(tx, Purpose::Contact, &digest, &ctx).await? else { return Ok(None) };
        let user = if agrees { contact::agree(tx, id, &ctx).await? } else { contact::refuse(tx, id, &ctx).await? };
        Ok(Some(user))
    });
    let done = match answered {
        Ok(Some(user)) if agrees && user.pending.is_some() => "approval",
        Ok(Some(_)) if agrees => "agreed",
        Ok(Some(_)) => "refused",
        Ok(None) | Err(UserError::NotFound) => return Ok(dead(&portal, &info)),
        Err(error) => return Err(error.into()),
    };
    portal.app.door.changed();
    Ok(see_other(&format!("/contact/{token}?done={done}")))
}
