//! A forgotten password: an address goes in, the same page comes out, and a link is mailed to whoever has it (AU-23).

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use uuid::Uuid;

use crate::db::{self, Tx, transact};
use crate::directory::organisation;
use crate::directory::user::{self, contact, model::User};
use crate::factors::links::{self, Purpose};
use crate::factors::{password_store, throttle_store};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::secret::Digest;
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
    lasts: String,
    fields: Vec<Field>,
}

/// `GET /recover`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let mut page = Page::new(&portal.app, &info, "recover-title");
    page.narrow = true;
    let sent = info.path.contains("?sent");
    let fields = vec![Field::email(&page, "email", "login-email").id("recover-email").autocomplete("username")];
    let lasts = page.lasting(portal.app.links.recovery);
    Ok(render(&RecoverTemplate { page, sent, lasts, fields }))
}

/// `POST /recover`
pub(super) async fn post(State(portal): State<Portal>, info: RequestInfo, form: Form) -> PageResult {
    let email = fold(form.text("email"));
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let (locale, cooling_off) = (info.locale.tag(), portal.factors.cooling_off);
    let done: db::Result<()> = transact!(portal.app.db, tx => mail(tx, &email, locale, cooling_off, &ctx).await);
    done?;
    Ok(see_other("/recover?sent=yes"))
}

/// Mails a link to an account in use that has a password (AU-29); otherwise does the same work for nobody.
async fn mail(tx: &mut Tx, email: &str, locale: &str, cooling_off: Duration, ctx: &Ctx) -> db::Result<()> {
    let held = throttle_store::raise(tx, "recovery", &Digest::of(email.as_bytes()), ctx.now).await?.is_some();
    contact::settle_due_of(tx, email, cooling_off, ctx).await?;
    let found = user::store::find_by_email(tx, email).await?;
    let (id, home) =
        found.as_ref().map_or((UserId(Uuid::nil()), OrganisationId(Uuid::nil())), |user| (user.id, user.organisation));
    let home = organisation::store::find_effective_status(tx, home).await?;
    let has_password = password_store::find(tx, id).await?.is_some();
    let usable = |user: &User| user.is_usable(ctx.now) && home == Some(organisation::model::Status::Active);
    let found = found.filter(|user| !held && has_password && usable(user));
    let token = links::issue_to(tx, Purpose::Recovery, found.as_ref().map(|user| user.id), ctx).await?;
    let to = found.as_ref().and_then(|user| user.email.as_ref()).map_or("", |email| email.as_str());
    let channel = if to.is_empty() { outbox::Channel::Nothing } else { outbox::Channel::Email };
    let given_name = found.as_ref().map(|user| user.given_name.clone()).unwrap_or_default();
    let locale = found.as_ref().and_then(|user| user.locale.as_deref()).unwrap_or(locale);
    let message = Message::Recovery { given_name, token: token.seal() };
    outbox::enqueue(tx, channel, to, Some(locale), &message, ctx).await
}
