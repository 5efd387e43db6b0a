//! Security: one's own password, and how sign-in codes are sent (E28, E29).

use askama::Template;
use axum::extract::State;

use crate::db::transact;
use crate::factors::password::PasswordError;
use crate::factors::phone_code::PhoneChannel;
use crate::factors::policy::{self, MIN_CHARACTERS, PolicyError};
use crate::factors::{password_store, phone_store, reset, throttle_store};
use crate::kernel::secret::Digest;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::limits::TooMany;
use crate::web::respond::{render, see_other};
use crate::web::{Choice, Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/account/security.html")]
struct SecurityTemplate {
    page: Page,
    fields: Vec<Field>,
    password_text: String,
    phone_text: String,
    channel: Field,
}

/// `GET /security`
pub(super) async fn get(person: SignedIn) -> PageResult {
    show(&person, &Errors::default()).await
}

async fn show(person: &SignedIn, errors: &Errors) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Account, "menu-security");
    page.has_errors = !errors.is_empty();
    let mut fields = vec![
        Field::password(&page, "current", "security-password-current").autocomplete("current-password"),
        Field::password(&page, "new", "security-password-new").autocomplete("new-password"),
    ];
    errors.fill(&mut fields, None);
    let present = phone_store::find_channel(tx, person.user.id).await?;
    let channels = [PhoneChannel::Sms, PhoneChannel::Voice].map(|channel| {
        let word = channel.as_str();
        Choice::new(word, page.t(&format!("channel-{word}")), present.as_str())
    });
    let channel = Field::select(&page, "channel", "security-channel-legend", channels.to_vec());
    let password_text = page.t1("security-password-text", "length", MIN_CHARACTERS);
    let phone_text = match &person.user.phone {
        Some(phone) => page.t1("security-phone-text", "ending", phone.ending()),
        None => page.t("security-phone-none"),
    };
    Ok(render(&SecurityTemplate { page, fields, password_text, phone_text, channel }))
}

/// `POST /security/channel`: how codes are sent.
pub(super) async fn post_channel(person: SignedIn, form: Form) -> PageResult {
    let channel = PhoneChannel::parse(form.text("channel")).ok_or(Failure::BadRequest)?;
    let saved: crate::db::Result<()> =
        transact!(person.app.db, tx => phone_store::save_channel(tx, person.user.id, channel).await);
    saved?;
    Ok(see_other("/security?done=channel-saved"))
}

/// `POST /security/password`: the current password proves who asks; the try is counted before anything is compared.
pub(super) async fn post_password(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let page = person.page(Area::Account, "menu-security");
    let (current, new) = (form.text("current"), form.text("new"));
    let email = person.user.email.as_ref().map_or("", |email| email.as_str());
    let words =
        [person.user.given_name.as_str(), &person.user.family_name, email, email.split('@').next().unwrap_or_default()];
    if let Err(error) = policy::check(new, &words) {
        return show(&person, &Errors::one("new", page.t(problem(error)))).await;
    }
    let slot = portal.factors.hasher.reserve().await.map_err(busy)?;
    let key = Digest::of(crate::kernel::text::fold(email).as_bytes());
    let now = person.ctx.now;
    let waits: crate::db::Result<_> =
        transact!(person.app.db, tx => throttle_store::raise(tx, throttle_store::PASSWORD, &key, now).await);
    if let Some(until) = waits? {
        return Err(Failure::TooMany(TooMany { retry_after: until.since(now).as_secs().saturating_add(1) }));
    }
    let stored = password_store::find(&mut person.app.db.reader().await?, person.user.id).await?;
    if !portal.factors.hasher.verify(slot, current, stored.as_deref()).await.map_err(busy)? {
        return show(&person, &Errors::one("current", page.t("error-password"))).await;
    }
    let slot = portal.factors.hasher.reserve().await.map_err(busy)?;
    let hash = portal.factors.hasher.hash(slot, new, person.ctx.entropy.bytes()).await.map_err(busy)?;
    let saved: crate::db::Result<()> =
        transact!(person.app.db, tx => reset::set_password(tx, &person.user, &hash, &person.ctx).await);
    saved?;
    // Every session has ended, this one included: whoever stole it is out.
    Ok(see_other("/login?done=password-set"))
}

fn problem(error: PolicyError) -> &'static str {
    match error {
        PolicyError::TooShort => "password-short",
        PolicyError::TooLong => "password-long",
        PolicyError::Common => "password-common",
        PolicyError::Personal => "password-personal",
    }
}

fn busy(error: PasswordError) -> Failure {
    match error {
        PasswordError::Overloaded => Failure::TooMany(TooMany { retry_after: 5 }),
        PasswordError::Failed => Failure::internal(error),
    }
}
