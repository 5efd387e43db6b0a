//! Profile: what is stored about oneself; the language may be chosen here.

use askama::Template;
use axum::http::header;

use super::access::{Contact, contacts};
use crate::agreements::store::{self, Acceptance};
use crate::authority::Permission;
use crate::db::transact;
use crate::directory::organisation;
use crate::directory::user::error::UserError;
use crate::directory::user::language;
use crate::locale::Locale;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Choice, Field, Form, Page, cookies};

#[derive(Template)]
#[template(path = "pages/account/profile.html")]
struct ProfileTemplate {
    page: Page,
    facts: Vec<(String, String)>,
    /// What is on its way to become the address or number (D15).
    pending: Option<String>,
    administrators: Vec<Contact>,
    /// Which terms of use were accepted, the latest first (E16).
    accepted: Vec<Accepted>,
    language: Field,
}

struct Accepted {
    title: String,
    /// Where it can be read, while the profile has it.
    link: Option<String>,
    version: i64,
    when: String,
    language: String,
}

/// `GET /profile`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Account, "menu-profile");
    let path = organisation::store::list_path(tx, person.user.organisation).await?;
    let level = path.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(" / ");
    let facts = facts(&page, &person, level);
    let choices = Locale::ALL.into_iter().map(|locale| Choice::new(locale.tag(), locale.name(), page.locale.tag()));
    let language = Field::select(&page, "language", "language", choices.collect()).hint(&page, "profile-language-hint");
    let administrators = contacts(tx, &person, Permission::UserUpdate).await?;
    let pending = person.user.pending.as_ref().map(|pending| {
        let email = pending.email.as_ref().map(|email| email.as_str().to_owned());
        let phone = pending.phone.as_ref().map(|phone| phone.as_str().to_owned());
        let to = [email, phone].into_iter().flatten().collect::<Vec<_>>().join(", ");
        page.t2("profile-pending", ("to", &to), ("since", &super::super::form::moment(pending.since)))
    });
    let accepted = store::list(tx, person.user.id).await?;
    let accepted = accepted.into_iter().map(|one| accepted_line(&person, &page, one)).collect();
    Ok(render(&ProfileTemplate { page, facts, pending, administrators, accepted, language }))
}

fn accepted_line(person: &SignedIn, page: &Page, one: Acceptance) -> Accepted {
    let document = person.app.agreements.get(&one.terms);
    let title = document.map(|document| document.titles.of(page.locale.tag()).1.to_owned());
    let published = document.and_then(|document| {
        let mut published = document.published();
        published.find(|version| i64::from(version.number) == one.version)
    });
    let language = Locale::parse(&one.language).map(|locale| locale.name().to_owned());
    Accepted {
        link: published.map(|_| format!("/terms/{}/{}", one.terms, one.version)),
        title: title.unwrap_or(one.terms),
        version: one.version,
        when: super::super::form::moment(one.accepted_at),
        language: language.unwrap_or(one.language),
    }
}

fn facts(page: &Page, person: &SignedIn, level: String) -> Vec<(String, String)> {
    let user = &person.user;
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    let pairs = [
        ("user-given-name", user.given_name.clone()),
        ("user-family-name", user.family_name.clone()),
        ("user-email", or_dash(user.email.as_ref().map(|email| email.as_str().to_owned()))),
        ("user-phone", or_dash(user.phone.as_ref().map(|phone| phone.as_str().to_owned()))),
        ("user-level", level),
        ("user-company-id", or_dash(user.company_id.clone())),
        ("user-subsidiary", or_dash(user.subsidiary.clone())),
        ("user-expires", user.account_expires_at.map_or_else(|| page.t("never"), super::super::form::last_day)),
        ("user-last-sign-in", or_dash(user.last_sign_in_at.map(super::super::form::moment))),
    ];
    pairs.into_iter().map(|(key, value)| (page.t(key), value)).collect()
}

/// `POST /profile`: the language of the pages, and of mails to oneself.
pub(super) async fn post(person: SignedIn, form: Form) -> PageResult {
    let locale = Locale::parse(form.text("language")).ok_or(Failure::BadRequest)?;
    let done: Result<(), UserError> = transact!(person.app.db, tx => {
        language::set_own(tx, person.user.id, locale.tag(), &person.ctx).await
    });
    done?;
    let mut response = see_other("/profile?done=language-saved");
    if let Some(cookie) = cookies::set_language(&person.app, locale) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
