//! The page behind the link of a nomination: whoever reads the mail of the address answers, with the account they have or with one
//! that they make here (P17, P18, D14). Opening it changes nothing (AU-30).

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::answer::{self, is_to, named_by, sentences};
use super::nominate::explain_grant;
use crate::db::{Tx, transact};
use crate::delegation::nomination::accept::{self, AcceptError, Owner};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::nomination::store;
use crate::directory::user::error::UserError;
use crate::directory::user::model::NewUser;
use crate::directory::user::register::{RegisterError, Registered, register};
use crate::kernel::ctx::Channel;
use crate::kernel::secret::Token;
use crate::kernel::text::{PhoneNumber, name};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/nomination.html")]
struct LinkTemplate {
    page: Page,
    texts: Vec<String>,
    /// Where somebody who has an account goes on.
    sign_in: Option<String>,
    /// What somebody new fills in.
    fields: Vec<Field>,
    path: String,
}

/// The open nomination of a link.
async fn find(tx: &mut Tx, info: &RequestInfo, token: &str) -> Result<Option<Nomination>, Failure> {
    if token.len() > 100 {
        return Ok(None);
    }
    let found = store::find_by_link(tx, &Token::from_text(token).digest()).await?;
    Ok(found.filter(|one| one.is_open(info.now)))
}

/// `GET /nomination/{token}`
pub(super) async fn get(
    State(portal): State<Portal>,
    person: Result<SignedIn, Failure>,
    info: RequestInfo,
    Path(token): Path<String>,
) -> PageResult {
    let tx = &mut portal.app.db.reader().await?;
    let Some(nomination) = find(tx, &info, &token).await? else { return Ok(told(&portal, &info, "nomination-over")) };
    if let Ok(person) = person {
        if is_to(&person, &nomination) {
            return answer::show(tx, &person, &nomination, None).await;
        }
        let page = person.page(crate::portal::page::Area::Tasks, "nomination-title");
        let mut texts = sentences(tx, (&page, person.app.door.roles()), &nomination).await?;
        texts.push(page.t("nomination-other"));
        let (sign_in, path) = (None, String::new());
        return Ok(render(&LinkTemplate { page, texts, sign_in, fields: Vec::new(), path }));
    }
    show(tx, &portal, &info, (&nomination, &token), (&Errors::default(), None)).await
}

async fn show(
    tx: &mut Tx,
    portal: &Portal,
    info: &RequestInfo,
    (nomination, token): (&Nomination, &str),
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = Page::new(&portal.app, info, "nomination-title");
    page.narrow = true;
    page.has_errors = !errors.is_empty();
    let mut texts = sentences(tx, (&page, portal.app.door.roles()), nomination).await?;
    texts.extend(named_by(tx, &page, nomination).await?);
    let path = format!("/nomination/{token}");
    if store::has_account(tx, nomination).await? {
        texts.push(page.t("nomination-sign-in-text"));
        let sign_in = Some(format!("/login?return=/nominations/{}/answer", nomination.id));
        return Ok(render(&LinkTemplate { page, texts, sign_in, fields: Vec::new(), path }));
    }
    texts.push(page.t("nomination-register-text"));
    let mut fields = vec![
        Field::text(&page, "given_name", "user-given-name").autocomplete("given-name"),
        Field::text(&page, "family_name", "user-family-name").autocomplete("family-name"),
        Field::phone(&page, "phone", "user-phone").hint(&page, "user-phone-hint").autocomplete("tel"),
    ];
    errors.fill(&mut fields, form);
    Ok(render(&LinkTemplate { page, texts, sign_in: None, fields, path }))
}

/// What there is to read where nothing is left to answer.
fn told(portal: &Portal, info: &RequestInfo, key: &str) -> Response {
    let mut page = Page::new(&portal.app, info, &format!("{key}-title"));
    page.narrow = true;
    let (texts, sign_in, path) = (vec![page.t(&format!("{key}-text"))], None, String::new());
    render(&LinkTemplate { page, texts, sign_in, fields: Vec::new(), path })
}

/// Declined by somebody who has no account, and need not make one for it.
async fn decline(portal: &Portal, info: &RequestInfo, (nomination, token): (&Nomination, &str)) -> PageResult {
    let (ctx, link) = (info.ctx(&portal.app, Channel::Portal), Token::from_text(token));
    let done: Result<(), AcceptError> = transact!(portal.app.db, tx => accept::decline(tx, portal.app.door.roles(), (nomination, Owner::Link(&link)), &ctx).await);
    match done {
        Ok(()) => Ok(told(portal, info, "nomination-refused")),
        Err(AcceptError::NotOpen) => Ok(told(portal, info, "nomination-over")),
        // Somebody has made an account of this address meanwhile: the page leads to it.
        Err(AcceptError::NotYours) => {
            let reader = &mut portal.app.db.reader().await?;
            show(reader, portal, info, (nomination, token), (&Errors::default(), None)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /nomination/{token}`: an account for somebody new, or with `answer=decline` their no.
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path(token): Path<String>,
    form: Form,
) -> PageResult {
    let reader = &mut portal.app.db.reader().await?;
    let Some(nomination) = find(reader, &info, &token).await? else {
        return Ok(told(&portal, &info, "nomination-over"));
    };
    if form.text("answer") == "decline" {
        return decline(&portal, &info, (&nomination, &token)).await;
    }
    let page = Page::new(&portal.app, &info, "nomination-title");
    let mut fields = Reader::new(&page, &form);
    let given_name = fields.required("given_name", "user-given-name", name);
    let family_name = fields.required("family_name", "user-family-name", name);
    let phone: Option<PhoneNumber> = fields.required("phone", "user-phone", str::parse);
    // No code would ever come there.
    if phone.as_ref().is_some_and(|phone| !portal.factors.numbers.accepts(phone)) {
        fields.fail("phone", page.t("security-phone-refused"));
    }
    let clean = fields.is_clean();
    let errors = fields.into_errors();
    let (Some(given_name), Some(family_name), Some(phone), true) = (given_name, family_name, phone, clean) else {
        return show(reader, &portal, &info, (&nomination, &token), (&errors, Some(&form))).await;
    };
    let new = NewUser {
        user_name: None,
        email: None,
        phone: Some(phone),
        given_name,
        family_name,
        company_id: None,
        subsidiary: None,
        locale: Some(page.locale.tag().to_owned()),
        account_expires_at: None,
        active: true,
        scim: serde_json::Map::new(),
    };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let made: Result<Registered, RegisterError> =
        transact!(portal.app.db, tx => register(tx, &portal.app.door, &nomination, new.clone(), &ctx).await);
    match made {
        Ok(Registered::Made(_, link)) => {
            portal.app.door.changed();
            Ok(see_other(&format!("/activate/{}", link.reveal())))
        }
        Ok(Registered::Lapsed) | Err(RegisterError::Accept(AcceptError::NotOpen)) => {
            Ok(told(&portal, &info, "nomination-over"))
        }
        Err(RegisterError::Accept(AcceptError::Grant(error))) => {
            let text = explain_grant(&page, &error).ok_or(error)?;
            let errors = Errors::one("given_name", text);
            show(reader, &portal, &info, (&nomination, &token), (&errors, Some(&form))).await
        }
        // Somebody has made an account of this address meanwhile: the page says so.
        Err(RegisterError::User(UserError::EmailTaken | UserError::UserNameTaken)) => {
            let reader = &mut portal.app.db.reader().await?;
            show(reader, &portal, &info, (&nomination, &token), (&Errors::default(), None)).await
        }
        Err(RegisterError::Accept(error)) => Err(error.into()),
        Err(RegisterError::User(error)) => Err(error.into()),
        Err(RegisterError::Db(error)) => Err(error.into()),
    }
}
