//! The fields of a level: drawn, read, and what can be wrong with them.

use std::collections::{BTreeMap, BTreeSet};

use super::plain::Section;
use crate::directory::organisation::describe::model::{Description, Titles};
use crate::directory::organisation::describe::rules::{MAX_ADDRESS, MAX_IDENTIFIER};
use crate::directory::organisation::describe::terms::{Terms, Vocabulary};
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::{Organisation, OrganisationDetails};
use crate::kernel::text::{self, PhoneNumber};
use crate::locale::Locale;
use crate::portal::form::{Errors, Reader, describe};
use crate::web::{Field, Form, Page};

/// All fields under their headings, empty or with what is stored.
pub(in crate::portal) fn sections(
    page: &Page,
    terms: &Terms,
    stored: Option<(&Organisation, &Description)>,
) -> Vec<Section> {
    let nothing = Description::default();
    let said = stored.map_or(&nothing, |(_, said)| said);
    let mut basic = fields(page, stored.map(|(level, _)| level));
    basic.extend(identifiers(page, terms, said));
    let section = |title: &str, fields| Section { title: Some(page.t(title)), fields, ..Section::default() };
    let mut sections =
        vec![Section { fields: basic, ..Section::default() }, section("level-contact", contact(page, said))];
    sections.push(Section { folded: true, ..section("level-names", titles(page, said)) });
    sections.extend(classification(page, terms, said));
    sections
}

/// The fields of the level itself.
fn fields(page: &Page, stored: Option<&Organisation>) -> Vec<Field> {
    let name = stored.map_or("", |level| level.name.as_str());
    let country = stored.and_then(|level| level.country.as_deref());
    let mut fields = basic(page, name, country, stored.and_then(|level| level.lei.as_deref()));
    let external_id = stored.and_then(|level| level.external_id.clone()).unwrap_or_default();
    let field = Field::text(page, "external_id", "level-external-id").hint(page, "level-external-id-hint");
    fields.push(field.optional(page).value(external_id));
    fields
}

/// Those of them that whoever represents it knows.
pub(in crate::portal) fn basic(page: &Page, name: &str, country: Option<&str>, lei: Option<&str>) -> Vec<Field> {
    vec![
        Field::text(page, "name", "level-name").value(name),
        Field { max: 2, narrow: true, ..Field::text(page, "country", "level-country") }
            .hint(page, "level-country-hint")
            .optional(page)
            .value(country.unwrap_or_default()),
        Field { max: 20, ..Field::text(page, "lei", "level-lei") }
            .hint(page, "level-lei-hint")
            .optional(page)
            .value(lei.unwrap_or_default()),
    ]
}

/// One field per scheme of the profile (I09).
pub(in crate::portal) fn identifiers(page: &Page, terms: &Terms, said: &Description) -> Vec<Field> {
    let field = |scheme: &crate::directory::organisation::describe::terms::Scheme| {
        let label = scheme.labels.of(page.locale.tag()).to_owned();
        let value = said.identifiers.get(&scheme.code).cloned().unwrap_or_default();
        let max = scheme.digits.map_or(MAX_IDENTIFIER, |digits| digits * 2);
        Field { label, max, ..Field::text(page, &format!("id-{}", scheme.code), "level-name") }
            .optional(page)
            .value(value)
    };
    terms.schemes.iter().map(field).collect()
}

/// How the level is reached (I14).
pub(in crate::portal) fn contact(page: &Page, said: &Description) -> Vec<Field> {
    let phone = said.phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
    let fields = vec![
        Field::phone(page, "phone", "level-phone").hint(page, "level-phone-hint").value(phone),
        Field { max: MAX_ADDRESS, ..Field::lines(page, "address", "level-address") }
            .value(said.address.clone().unwrap_or_default()),
        Field { kind: "url", ..Field::text(page, "website", "level-website") }
            .hint(page, "level-website-hint")
            .value(said.website.clone().unwrap_or_default()),
    ];
    fields.into_iter().map(|field| field.optional(page).autocomplete("off")).collect()
}

/// Official name and informal title in each language (I13).
pub(in crate::portal) fn titles(page: &Page, said: &Description) -> Vec<Field> {
    let mut fields = Vec::new();
    for language in Locale::ALL {
        let (tag, titles) = (language.tag(), said.titles.get(language.tag()).cloned().unwrap_or_default());
        for (name, label, value) in [
            ("legal_name", "level-legal-name-in", titles.legal_name),
            ("informal_title", "level-informal-title-in", titles.informal_title),
        ] {
            let label = page.t1(label, "language", language.name());
            let field = Field { label, ..Field::text(page, &format!("{name}-{tag}"), "level-name") };
            fields.push(field.optional(page).value(value.unwrap_or_default()));
        }
    }
    fields
}

/// One section of boxes per vocabulary (I16).
pub(in crate::portal) fn classification(page: &Page, terms: &Terms, said: &Description) -> Vec<Section> {
    let section = |vocabulary: &Vocabulary| {
        let chosen = said.classification.get(&vocabulary.code);
        let fields = vocabulary.entries.iter().map(|entry| {
            let name = format!("class-{}-{}", vocabulary.code, entry.code);
            let checked = chosen.is_some_and(|chosen| chosen.contains(&entry.code));
            let label = entry.labels.of(page.locale.tag()).to_owned();
            Field { label, ..Field::checkbox(page, &name, "level-name", checked) }
        });
        let title = Some(vocabulary.labels.of(page.locale.tag()).to_owned());
        Section { title, folded: false, fields: fields.collect() }
    };
    terms.vocabularies.iter().map(section).collect()
}

/// What was sent of the level itself; the use case checks it.
pub(in crate::portal) fn details(form: &Form) -> OrganisationDetails {
    let optional = |name: &str| form.given(name).map(str::to_owned);
    OrganisationDetails {
        name: form.text("name").to_owned(),
        country: optional("country"),
        lei: optional("lei"),
        external_id: optional("external_id"),
    }
}

/// What was sent of everything else, on top of what is `stored` and has no field here; with the fields that are wrong.
pub(in crate::portal) fn description(
    page: &Page,
    form: &Form,
    terms: &Terms,
    stored: &Description,
) -> Result<Description, Errors> {
    let mut reader = Reader::new(page, form);
    let mut said = Description {
        phone: reader.optional("phone", "level-phone", str::parse::<PhoneNumber>),
        address: reader.optional("address", "level-address", text::description),
        website: form.given("website").map(str::to_owned),
        ..stored.clone()
    };
    for language in Locale::ALL.map(Locale::tag) {
        let legal_name = reader.optional(&format!("legal_name-{language}"), "level-legal-name", text::name);
        let informal_title = reader.optional(&format!("informal_title-{language}"), "level-informal-title", text::name);
        said.titles.insert(language.to_owned(), Titles { legal_name, informal_title });
    }
    for scheme in &terms.schemes {
        let given = form.given(&format!("id-{}", scheme.code)).unwrap_or_default();
        said.identifiers.insert(scheme.code.clone(), given.to_owned());
    }
    said.classification.extend(classes(form, terms));
    if reader.is_clean() { Ok(said) } else { Err(reader.into_errors()) }
}

/// The boxes that were ticked.
pub(in crate::portal) fn classes(form: &Form, terms: &Terms) -> BTreeMap<String, BTreeSet<String>> {
    let ticked = |vocabulary: &Vocabulary| {
        let entries = vocabulary.entries.iter().map(|entry| &entry.code);
        let ticked = entries.filter(|code| form.has(&format!("class-{}-{code}", vocabulary.code)));
        (vocabulary.code.clone(), ticked.cloned().collect())
    };
    terms.vocabularies.iter().map(ticked).collect()
}

/// What the form can say about a refused change.
pub(in crate::portal) fn explain(page: &Page, error: &OrganisationError) -> Option<Errors> {
    match error {
        OrganisationError::NameTaken => Some(Errors::one("name", page.t("level-taken"))),
        OrganisationError::IdentifierTaken => Some(Errors::one("lei", page.t("level-identifier-taken"))),
        OrganisationError::Text { field, error } => {
            let (field, label) = match *field {
                "legal_name" => ("name", "level-legal-name"),
                "informal_title" => ("name", "level-informal-title"),
                "address" => ("address", "level-address"),
                "external_id" => ("external_id", "level-external-id"),
                _ => ("name", "level-name"),
            };
            Some(Errors::one(field, describe(page, label, *error)))
        }
        OrganisationError::Country => Some(Errors::one("country", page.t("level-country-wrong"))),
        OrganisationError::Lei => Some(Errors::one("lei", page.t("level-lei-wrong"))),
        OrganisationError::Website => Some(Errors::one("website", page.t("level-website-wrong"))),
        OrganisationError::Identifier(scheme) => {
            Some(Errors::one(&format!("id-{scheme}"), page.t("level-identifier-wrong")))
        }
        OrganisationError::SeparationOfDuties => Some(Errors::one("to", page.t("level-move-duties"))),
        OrganisationError::Cycle | OrganisationError::TooDeep | OrganisationError::Root => {
            Some(Errors::one("to", page.t("level-cannot-move")))
        }
        OrganisationError::WeakSignIn(needed) => {
            Some(Errors::one("second_factor", page.t(&format!("second-factor-own-{needed}"))))
        }
        OrganisationError::PasswordSet => Some(Errors::one("passwords", page.t("password-set-wrong"))),
        OrganisationError::RootExists
        | OrganisationError::OperatorsOnly
        | OrganisationError::ModulesActive(_)
        | OrganisationError::NotDue
        | OrganisationError::InUse
        | OrganisationError::ManagesAlready
        | OrganisationError::TooManyManagers
        | OrganisationError::NotManaging
        | OrganisationError::LastManager
        | OrganisationError::NotFound
        | OrganisationError::Stale
        | OrganisationError::Language
        | OrganisationError::Classification
        | OrganisationError::Db(_) => None,
    }
}
