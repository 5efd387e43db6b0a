//! A forgotten password: an address goes in, the same page comes out, and a link is mailed to whoever has it (AU-23).

use askama::Template;
use axum::extract::State;

use crate::db::{self, Tx, transact};
use crate::directory::organisation;
use crate::directory::user;
use crate::factors::links::{Purpose, issue};
use crate::factors::{password_store, throttle_store};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::text::fold;
use crate::notify::{Message, outbox};
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/recover.html")]
struct RecoverTemplate {
    page: Page,
    sent: bool,
    fields: Vec<Field>,
}

/// `GET /recover`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let mut page = Page::new(&portal.app, &info, "recover-title");
    page.narrow = true;
    let sent = info.path.contains("?sent");
    let fields = vec![Field::email(&page, "email", "login-email").id("recover-email").autocomplete("username")];
    Ok(render(&RecoverTemplate { page, sent, fields }))
}

/// `POST /recover`
pub(super) async fn post(State(portal): State<Portal>, info: RequestInfo, form: Form) -> PageResult {
    let email = fold(form.text("email"));
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let done: db::Result<()> = transact!(portal.app.db, tx => mail(tx, &email, info.locale.tag(), &ctx).await);
    done?;
    Ok(see_other("/recover?sent=yes"))
}

/// Mails a link to an account in use that has a password (AU-29); otherwise does the same work for nobody.
async fn mail(tx: &mut Tx, email: &str, locale: &str, ctx: &Ctx) -> db::Result<()> {
    let held = throttle_store::raise(tx, "recovery", &Digest::of(email.as_bytes()), ctx.now).await?.is_some();
    let mut found = user::store::find_by_email(tx, email).await?;
    if let Some(user) = &found {
        let home = organisation::store::find_effective_status(tx, user.organisation).await?;
        let usable = user.is_usable(ctx.now) && home == Some(organisation::model::Status::Active);
        if held || !usable || password_store::find(tx, user.id).await?.is_none() {
            found = None;
        }
    }
    let (channel, to, token, given_name) = match &found {
        Some(user) => {
            let to = user.email.as_ref().map_or("", |email| email.as_str());
            (outbox::Channel::Email, to, issue(tx, Purpose::Recovery, user.id, ctx).await?, user.given_name.clone())
        }
        None => (outbox::Channel::Nothing, "", Token::generate(&ctx.entropy), String::new()),
    };
    let locale = found.as_ref().and_then(|user| user.locale.as_deref()).unwrap_or(locale);
    let message = Message::Recovery { given_name, token: token.reveal().to_owned() };
    outbox::enqueue(tx, channel, to, Some(locale), &message, ctx).await
}
