//! The fields of a person's details: drawn, read, checked. Shared by Create and Edit (E41–E44, E69).

use crate::directory::user::model::User;
use crate::kernel::text::{self, EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;
use crate::notify::numbers::NumberSettings;
use crate::portal::form::{Errors, Reader, last_day};
use crate::web::{Field, Form, Page};

/// Longest company ID and subsidiary, in characters.
const SHORT: usize = 100;

/// What a form of details came to.
#[derive(Debug)]
pub(super) struct Details {
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) email: EmailAddress,
    pub(super) phone: PhoneNumber,
    pub(super) company_id: Option<String>,
    pub(super) subsidiary: Option<String>,
    pub(super) expires: Option<Timestamp>,
}

/// The fields, empty or with what is stored.
pub(super) fn fields(page: &Page, user: Option<&User>) -> Vec<Field> {
    // Who changes details sees them: the profile gives both or neither (decision 13).
    let (email, phone) = user.map(|user| super::users::contact(page, user.contacts(), true)).unwrap_or_default();
    let text = |part: Option<&String>| part.cloned().unwrap_or_default();
    let expires = user.and_then(|user| user.account_expires_at).map(last_day).unwrap_or_default();
    // Nothing is sent to who has an account.
    let email_field = Field::email(page, "email", "user-email");
    let email_field = if user.is_none() { email_field.hint(page, "user-email-hint") } else { email_field };
    let fields = vec![
        Field::text(page, "given_name", "user-given-name").value(text(user.map(|user| &user.given_name))),
        Field::text(page, "family_name", "user-family-name").value(text(user.map(|user| &user.family_name))),
        email_field.value(email),
        Field::phone(page, "phone", "user-phone").hint(page, "user-phone-hint").value(phone),
        Field::text(page, "company_id", "user-company-id")
            .hint(page, "user-company-id-hint")
            .optional(page)
            .value(text(user.and_then(|user| user.company_id.as_ref()))),
        Field::text(page, "subsidiary", "user-subsidiary")
            .optional(page)
            .value(text(user.and_then(|user| user.subsidiary.as_ref()))),
        Field::date(page, "expires", "user-expires").hint(page, "user-expires-hint").optional(page).value(expires),
    ];
    // Another person's details are not one's own: browsers must not fill those in.
    fields.into_iter().map(|field| field.autocomplete("off")).collect()
}

/// Reads the fields; all that is wrong at once. A number to which no code would ever be sent is refused here already, where
/// it can be put right (AU-09); the one that `user` has may stay.
pub(super) fn read(
    page: &Page,
    form: &Form,
    (numbers, user): (&NumberSettings, Option<&User>),
    now: Timestamp,
) -> Result<Details, Errors> {
    let mut reader = Reader::new(page, form);
    let given_name = reader.required("given_name", "user-given-name", text::name);
    let family_name = reader.required("family_name", "user-family-name", text::name);
    let email = reader.required("email", "user-email", str::parse);
    let phone: Option<PhoneNumber> = reader.required("phone", "user-phone", str::parse);
    let present = user.and_then(|user| user.phone.as_ref());
    if phone.as_ref().is_some_and(|phone| Some(phone) != present && !numbers.accepts(phone)) {
        reader.fail("phone", page.t("security-phone-refused"));
    }
    let company_id = reader.optional("company_id", "user-company-id", |value| text::line(value, SHORT));
    let subsidiary = reader.optional("subsidiary", "user-subsidiary", |value| text::line(value, SHORT));
    let expires = reader.day("expires", now);
    match (given_name, family_name, email, phone) {
        (Some(given_name), Some(family_name), Some(email), Some(phone)) if reader.is_clean() => {
            Ok(Details { given_name, family_name, email, phone, company_id, subsidiary, expires })
        }
        _ => Err(reader.into_errors()),
    }
}
