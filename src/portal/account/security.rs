//! Security: one's own password, how sign-in codes are sent, and a new address that waits for one's word (E28, E29, D15).

use askama::Template;
use axum::extract::State;

use crate::db::transact;
use crate::directory::user::contact;
use crate::directory::user::error::UserError;
use crate::factors::password::PasswordError;
use crate::factors::phone_code::PhoneChannel;
use crate::factors::policy::{self, MIN_CHARACTERS, PolicyError};
use crate::factors::{phone_store, reset};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions::start::{StartError, recheck};
use crate::web::limits::TooMany;
use crate::web::respond::{render, see_other};
use crate::web::{Choice, Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/account/security.html")]
struct SecurityTemplate {
    page: Page,
    fresh: bool,
    pending: Vec<(String, String)>,
    approval: bool,
    summary: Vec<Field>,
    password: Vec<Field>,
    password_text: String,
    email_text: String,
    email: Field,
    phone_text: String,
    phone: Field,
    channel: Field,
}

/// `GET /security`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let page = person.page(Area::Account, "menu-security");
    let expired = page.path.contains("problem=phone-code");
    let errors = if expired { Errors::one("phone", page.t("security-phone-wrong")) } else { Errors::default() };
    show(&person, &errors, None).await
}

/// Credentials are changed only a moment after both factors were proved (AU-14).
pub(super) fn fresh(person: &SignedIn) -> Result<(), Failure> {
    if person.session.is_fresh(person.ctx.now) { Ok(()) } else { Err(Failure::StepUp) }
}

/// The page, with what is wrong in its forms.
pub(super) async fn show(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Account, "menu-security");
    page.has_errors = !errors.is_empty();
    let mut fields = vec![
        Field::password(&page, "current", "security-password-current").autocomplete("current-password"),
        Field::password(&page, "new", "security-password-new").autocomplete("new-password"),
        Field::email(&page, "email", "security-email-new").autocomplete("email").hint(&page, "security-email-hint"),
        Field::phone(&page, "phone", "security-phone-new").autocomplete("tel").hint(&page, "security-phone-hint"),
    ];
    errors.fill(&mut fields, form);
    let summary = fields.clone();
    let phone = fields.pop().unwrap_or_default();
    let email = fields.pop().unwrap_or_default();
    let email_text = match &person.user.email {
        Some(email) => page.t1("security-email-text", "email", email.as_str()),
        None => page.t("security-email-none"),
    };
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
    let pending = crate::portal::sign_in::contact::facts(&page, &person.user);
    let approval = person.user.pending.as_ref().is_some_and(|pending| pending.agreed_at.is_some());
    let fresh = fresh(person).is_ok();
    let password = fields;
    Ok(render(&SecurityTemplate {
        page,
        fresh,
        pending,
        approval,
        summary,
        password,
        password_text,
        email_text,
        email,
        phone_text,
        phone,
        channel,
    }))
}

/// `POST /security/contact`: one agrees to what an administrator asked for, or refuses it (D15).
pub(super) async fn post_contact(person: SignedIn, form: Form) -> PageResult {
    let agrees = match form.text("answer") {
        "agree" => true,
        "refuse" => false,
        _ => return Err(Failure::BadRequest),
    };
    if agrees {
        fresh(&person)?;
    }
    let (id, ctx) = (person.user.id, &person.ctx);
    let answered: Result<_, UserError> = transact!(person.app.db, tx => {
        if agrees { contact::agree(tx, id, ctx).await } else { contact::refuse(tx, id, ctx).await }
    });
    let user = answered?;
    person.app.door.changed();
    Ok(see_other(match (agrees, user.pending.is_some()) {
        (true, false) => "/security?done=contact-agreed",
        (true, true) => "/security?done=contact-approval",
        (false, _) => "/security?done=contact-refused",
    }))
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
    fresh(&person)?;
    let page = person.page(Area::Account, "menu-security");
    let (current, new) = (form.text("current"), form.text("new"));
    let email = person.user.email.as_ref().map_or("", |email| email.as_str());
    let words =
        [person.user.given_name.as_str(), &person.user.family_name, email, email.split('@').next().unwrap_or_default()];
    if let Err(error) = policy::check(new, &words) {
        return show(&person, &Errors::one("new", page.t(problem(error))), None).await;
    }
    let given = (current, &person.info.browser.digest());
    if !recheck(&person.app.db, &portal.factors, &person.user, given, &person.ctx).await.map_err(refused)? {
        return show(&person, &Errors::one("current", page.t("error-password")), None).await;
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
        PasswordError::Overloaded => Failure::Busy,
        PasswordError::Failed => Failure::internal(error),
    }
}

fn refused(error: StartError) -> Failure {
    match error {
        // Nobody is signed in by it, so the way to wait is the same for everybody.
        StartError::Throttled(_) => Failure::TooMany(TooMany { retry_after: 60 }),
        StartError::TooLong => Failure::TooLarge,
        StartError::Password(error) => busy(error),
        StartError::Db(error) => error.into(),
    }
}
