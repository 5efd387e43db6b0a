//! Security: one's own password, how sign-in codes are sent, and a new address that waits for one's word (E28, E29, D15).

use askama::Template;
use axum::extract::State;

use super::factor;
use super::factor::listed::Listed;
use crate::db::transact;
use crate::directory::user::contact;
use crate::directory::user::error::UserError;
use crate::factors::means::Ways;
use crate::factors::phone_code::PhoneChannel;
use crate::factors::{new_password, phone_store, policy, reset};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::password;
use crate::portal::signed_in::SignedIn;
use crate::sessions::start::{StartError, recheck};
use crate::web::limits::TooMany;
use crate::web::page::Notice;
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
    email_text: String,
    email: Field,
    phone_text: String,
    phone: Field,
    channel: Field,
    ways: Listed,
}

/// The word of a form for codes of an app.
const APP: &str = "app";

/// `GET /security`
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    let page = person.page(Area::Account, "menu-security");
    let expired = page.path.contains("problem=phone-code");
    let errors = if expired { Errors::one("phone", page.t("security-phone-wrong")) } else { Errors::default() };
    show(&portal, &person, &errors, None).await
}

/// Credentials are changed only a moment after both factors were proved (AU-14).
pub(super) fn fresh(person: &SignedIn) -> Result<(), Failure> {
    if person.session.is_fresh(person.ctx.now) { Ok(()) } else { Err(Failure::StepUp) }
}

/// The page, with what is wrong in its forms.
pub(super) async fn show(portal: &Portal, person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Account, "menu-security");
    page.has_errors = !errors.is_empty();
    let rules = portal.factors.password_rules(&person.app.db, &person.user).await?;
    let mut fields = vec![
        Field::password(&page, "current", "security-password-current").autocomplete("current-password"),
        password::field(&page, "new", "security-password-new", &rules),
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
    let ways = factor::listed::read(tx, portal, person, &page).await?;
    let channel = channel(&page, phone_store::find_ways(tx, person.user.id).await?, !ways.apps.is_empty());
    page.notice = page.notice.take().or_else(|| problem(&page));
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
        email_text,
        email,
        phone_text,
        phone,
        channel,
        ways,
    }))
}

/// How codes come: by phone, or from an app where there is one.
fn channel(page: &Page, present: Ways, has_app: bool) -> Field {
    let present = if present.by_app { APP } else { present.channel.as_str() };
    let words = [PhoneChannel::Sms.as_str(), PhoneChannel::Voice.as_str()].into_iter();
    let words = words.chain(has_app.then_some(APP));
    let choices = words.map(|word| Choice::new(word, page.t(&format!("channel-{word}")), present)).collect();
    Field::select(page, "channel", "security-channel-legend", choices)
}

/// What could not be begun, as a key in the address.
fn problem(page: &Page) -> Option<Notice> {
    let query = page.path.split_once('?')?.1;
    let key = match Form::parse(query.as_bytes()).ok()?.text("problem") {
        "factors-many" => "factors-many",
        "app-over" => "app-over",
        _ => return None,
    };
    Some(Notice { kind: "info", text: page.t(key), id: None })
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
    let (user, word) = (person.user.id, form.text("channel"));
    let channel = PhoneChannel::parse(word);
    if channel.is_none() && word != APP {
        return Err(Failure::BadRequest);
    }
    let saved: crate::db::Result<()> = transact!(person.app.db, tx => match channel {
        Some(channel) => phone_store::save_channel(tx, user, channel).await,
        None => phone_store::save_by_app(tx, user, true).await,
    });
    saved?;
    Ok(see_other("/security?done=channel-saved"))
}

/// `POST /security/password`: the current password proves who asks; the try is counted before anything is compared.
pub(super) async fn post_password(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    fresh(&person)?;
    let page = person.page(Area::Account, "menu-security");
    let (current, new) = (form.text("current"), form.text("new"));
    let rules = portal.factors.password_rules(&person.app.db, &person.user).await?;
    let given = (current, &person.info.browser.digest());
    let judged = policy::check(new, &policy::words(&person.user), &rules);
    if let Err(error) = judged {
        let errors = Errors::one("new", password::problem(&page, error, &rules));
        return show(&portal, &person, &errors, None).await;
    }
    if !recheck(&person.app.db, &portal.factors, &person.user, given, &person.ctx).await.map_err(refused)? {
        return show(&portal, &person, &Errors::one("current", page.t("error-password")), None).await;
    }
    let hash = match new_password::hash(&person.app.db, &portal.factors, &person.user, new, &person.ctx).await {
        Ok(hash) => hash,
        Err(error) => {
            let errors = Errors::one("new", password::problem(&page, password::refused(error)?, &rules));
            return show(&portal, &person, &errors, None).await;
        }
    };
    let given = (hash.as_str(), rules.remembered());
    let saved: crate::db::Result<()> =
        transact!(person.app.db, tx => reset::set_password(tx, &person.user, given, &person.ctx).await);
    saved?;
    // Every session has ended, this one included: whoever stole it is out.
    Ok(see_other("/login?done=password-set"))
}

fn refused(error: StartError) -> Failure {
    match error {
        // Nobody is signed in by it, so the way to wait is the same for everybody.
        StartError::Throttled(_) => Failure::TooMany(TooMany { retry_after: 60 }),
        StartError::TooLong => Failure::TooLarge,
        StartError::Password(error) => password::busy(error),
        StartError::Db(error) => error.into(),
    }
}
