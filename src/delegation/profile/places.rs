//! Every value of a profile with the place where it stands in the file: what a difference is told in.
//!
//! All that a profile is made of is taken apart here by the names of its fields, without a rest: a field that is added does not compile
//! until it is decided how a change of it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Profile;
use super::matrix::{Edge, Line, matrix};
use crate::agreements::{Document, Documents, Version};
use crate::authority::{DirectoryRules, InitialRoles, Permission, Roles};
use crate::delegation::recertification::model::Rules;
use crate::directory::organisation::describe::terms::{Entry, Scheme, Terms, Vocabulary};
use crate::directory::registration::model::RegistrationRules;
use crate::kernel::hex::hex;
use crate::kernel::labels::Labels;
use crate::kernel::password_rules::{PasswordRules, PasswordSets};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::kernel::user_names::UserNames;

/// Digits of a digest by which another text shows.
const DIGITS: usize = 16;

impl Profile {
    /// Every value with the place where it stands.
    pub(super) fn places(&self) -> BTreeMap<String, String> {
        let Self {
            name,
            version,
            effective,
            roles,
            wording,
            cooling_off,
            activation,
            recovery,
            user_names,
            passwords,
            delegated_token,
            elevation,
            remember_for,
            deleted_user,
            phases,
            terms,
            registrations,
            deactivated_organisation,
            recertification,
            agreements,
        } = self;
        let RegistrationRules { lifetime, four_eyes, max_open } = registrations;
        let names = match user_names {
            UserNames::Assigned => "assigned",
            UserNames::Email => "email",
        };
        let mut places: BTreeMap<String, String> = [
            ("name", name.clone()),
            ("version", version.to_string()),
            ("effective", effective.to_date()),
            ("words.organisation", wording.as_str().to_owned()),
            ("credentials.cooling_off_seconds", cooling_off.as_secs().to_string()),
            ("credentials.activation_seconds", activation.as_secs().to_string()),
            ("credentials.recovery_seconds", recovery.as_secs().to_string()),
            ("credentials.delegated_token_seconds", delegated_token.as_secs().to_string()),
            ("credentials.elevation_seconds", elevation.as_secs().to_string()),
            ("credentials.remember_days", days(*remember_for)),
            ("credentials.user_names", names.to_owned()),
            ("projects.phases", phases.join(", ")),
            ("registrations.invitation_days", days(*lifetime)),
            ("registrations.four_eyes", four_eyes.to_string()),
            ("registrations.max_open", max_open.to_string()),
            ("retention.deleted_user_days", days(*deleted_user)),
            ("retention.deactivated_organisation_days", days(*deactivated_organisation)),
        ]
        .map(|(place, value)| (place.to_owned(), value))
        .into();
        let PasswordSets { standard, named } = passwords;
        places.extend(of_passwords("credentials.password", standard));
        for (code, rules) in named.iter() {
            places.extend(of_passwords(&format!("credentials.password_sets.{code}"), rules));
        }
        if let Some(Rules { every, lasts, memberships }) = recertification {
            places.insert("recertification.every_days".to_owned(), days(*every));
            places.insert("recertification.days".to_owned(), days(*lasts));
            places.insert("recertification.memberships".to_owned(), memberships.to_string());
        }
        places.extend(of_terms(terms));
        places.extend(of_agreements(agreements));
        places.extend(of_roles(roles));
        places
    }
}

fn days(span: Duration) -> String {
    (span.as_secs() / 86_400).to_string()
}

fn codes<'a>(codes: impl Iterator<Item = &'a String>) -> String {
    codes.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// In the order of the words: that of the file says nothing.
fn sorted(words: &[String]) -> String {
    codes(words.iter().collect::<BTreeSet<_>>().into_iter())
}

/// What something is called in each language, as one value.
fn called(labels: &Labels) -> String {
    labels.iter().map(|(tag, text)| format!("{tag}: {text}")).collect::<Vec<_>>().join(", ")
}

fn of_passwords(place: &str, rules: &PasswordRules) -> Vec<(String, String)> {
    let PasswordRules { min_characters, strength, kinds, history, max_age } = rules;
    let mut places = vec![
        ("min_characters", min_characters.to_string()),
        ("strength", strength.to_string()),
        ("kinds", kinds.to_string()),
        ("history", history.to_string()),
    ];
    places.extend(max_age.map(|age| ("max_age_days", days(age))));
    places.into_iter().map(|(name, value)| (format!("{place}.{name}"), value)).collect()
}

fn of_terms(terms: &Terms) -> Vec<(String, String)> {
    let Terms { schemes, vocabularies } = terms;
    let mut places = vec![
        ("organisations.identifiers".to_owned(), codes(schemes.iter().map(|scheme| &scheme.code))),
        ("organisations.vocabularies".to_owned(), codes(vocabularies.iter().map(|vocabulary| &vocabulary.code))),
    ];
    for Scheme { code, labels, digits } in schemes {
        let place = format!("organisations.identifiers.{code}");
        places.extend(digits.map(|digits| (format!("{place}.digits"), digits.to_string())));
        places.push((format!("{place}.labels"), called(labels)));
    }
    for Vocabulary { code, labels, entries } in vocabularies {
        let place = format!("organisations.vocabularies.{code}");
        places.push((place.clone(), codes(entries.iter().map(|entry| &entry.code))));
        places.push((format!("{place}.labels"), called(labels)));
        for Entry { code, labels } in entries {
            places.push((format!("{place}.entries.{code}"), called(labels)));
        }
    }
    places
}

fn of_agreements(agreements: &Documents) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for Document { code, titles, versions } in agreements.iter() {
        let called = titles.languages().map(|tag| format!("{tag}: {}", titles.of(tag).1)).collect::<Vec<_>>();
        places.push((format!("terms.{code}.titles"), called.join(", ")));
        for Version { number, effective, texts } in versions {
            let place = format!("terms.{code}.{number}");
            let from = effective.map_or_else(|| "draft".to_owned(), Timestamp::to_date);
            let languages = texts.languages().collect::<Vec<_>>().join(", ");
            for tag in texts.languages() {
                places.push((format!("{place}.texts.{tag}"), digest(texts.of(tag).1)));
            }
            places.push((place, format!("{from} ({languages})")));
        }
    }
    places
}

/// A text of many pages as one value: how long it is, and by what another one of the same length shows.
fn digest(text: &str) -> String {
    let digest: String = hex(Digest::of(text.as_bytes()).as_bytes()).chars().take(DIGITS).collect();
    format!("{} characters, {digest}", text.chars().count())
}

fn of_roles(roles: &Roles) -> Vec<(String, String)> {
    let mut places = Vec::new();
    if let Some(DirectoryRules { contact, applications }) = roles.directory() {
        places.push(("organisations.directory.contact".to_owned(), contact.to_string()));
        places.push(("organisations.directory.applications".to_owned(), applications.to_string()));
    }
    let InitialRoles { representative, contact } = roles.initial();
    let begins = [("registrations.representative", representative), ("projects.contact", contact)];
    places.extend(begins.into_iter().filter_map(|(place, role)| Some((place.to_owned(), role.clone()?))));
    for line in matrix(roles) {
        places.extend(of_role(&line).into_iter().map(|(key, value)| (format!("roles.{}.{key}", line.role), value)));
    }
    places
}

fn of_role(line: &Line) -> Vec<(String, String)> {
    let Line {
        // It is a part of the place.
        role: _,
        scope,
        sub_levels,
        holders: (min, max),
        confirmation,
        granted_by,
        revoked_by,
        // Told at the role that is given.
        grants: _,
        revocation_requests_by,
        permissions,
        managed_permissions,
        country_permissions,
        nominated,
        requires,
        dormant,
        first_user,
        auto_groups,
        deputies,
        ends_with_grantor,
        recertified,
        second_factor,
        separation_of_duties,
        // Their versions are told with the terms.
        terms,
        entitlements,
        texts,
    } = line;
    let always = [
        ("scope", (*scope).to_owned()),
        ("sub_levels", (*sub_levels).to_owned()),
        ("min", min.to_string()),
        ("confirmation", (*confirmation).to_owned()),
        ("granted_by", edges(granted_by)),
        ("revoked_by", edges(revoked_by)),
        ("revocation_requests_by", edges(revocation_requests_by)),
        ("permissions", words(permissions)),
        ("managed_permissions", words(managed_permissions)),
        ("country_permissions", words(country_permissions)),
        ("nominated", nominated.to_string()),
        ("requires", sorted(requires)),
        ("dormant", dormant.to_string()),
        ("first_user", first_user.to_string()),
        ("auto_groups", auto_groups.to_string()),
        ("deputies", deputies.to_string()),
        ("ends_with_grantor", ends_with_grantor.to_string()),
        ("recertified", recertified.to_string()),
        ("second_factor", second_factor.to_string()),
        ("separation_of_duties", sorted(separation_of_duties)),
        ("entitlements", sorted(entitlements)),
    ];
    let mut places: Vec<(String, String)> = always.map(|(key, value)| (key.to_owned(), value)).into();
    places.extend(max.map(|max| ("max".to_owned(), max.to_string())));
    places.extend(terms.clone().map(|terms| ("terms".to_owned(), terms)));
    places.extend(texts.iter().map(|(tag, text)| (format!("texts.{tag}"), text.to_owned())));
    places
}

fn words(list: &[Permission]) -> String {
    list.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(", ")
}

fn edges(edges: &[Edge]) -> String {
    let texts: BTreeSet<String> = edges.iter().map(|edge| format!("{} ({})", edge.role, edge.relation)).collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{SHIPPED, load};

    /// Where the first shipped profile differs from itself with one edit.
    fn places(from: &str, to: &str) -> BTreeSet<String> {
        let text = SHIPPED[0].1;
        assert!(text.contains(from), "{from}");
        let (old, new) = (load(text).unwrap(), load(&text.replacen(from, to, 1)).unwrap());
        old.diff(&new).changes.into_iter().map(|change| change.place).collect()
    }

    /// P10: what is not of a role is told as well, words of pages and terms included; each at its own place alone.
    #[test]
    fn words_and_texts_of_a_profile_are_told() {
        for (from, to, place) in [
            ("organisation = \"level\"", "organisation = \"authority\"", "words.organisation"),
            ("max_open = 100", "max_open = 99", "registrations.max_open"),
            ("four_eyes = false", "four_eyes = true", "registrations.four_eyes"),
            ("memberships = true", "memberships = false", "recertification.memberships"),
            ("en = \"MFI code\"", "en = \"Code\"", "organisations.identifiers.MFI.labels"),
            ("code = \"MFI\"", "code = \"MFI\"\ndigits = 5", "organisations.identifiers.MFI.digits"),
            ("en = \"Kind of institution\"", "en = \"Kind\"", "organisations.vocabularies.institution-type.labels"),
            (
                "en = \"Central bank\"",
                "en = \"Bank of banks\"",
                "organisations.vocabularies.institution-type.entries.central-bank",
            ),
            ("en = \"Terms of use\"", "en = \"Terms\"", "terms.general.titles"),
            ("Your account is personal.", "Your account is yours.", "terms.general.1.texts.en"),
        ] {
            assert_eq!(places(from, to), BTreeSet::from([place.to_owned()]), "{from}");
        }
    }

    /// A text of terms is told by its length and a digest: as long a text in its place is another one.
    #[test]
    fn another_text_of_the_same_length_is_told() {
        assert_ne!(super::digest("Nobody else may use it."), super::digest("Nobody else may use me."));
        assert!(super::digest("é").starts_with("1 characters, "));
    }

    /// In which order a role names others, or what it stands for, says nothing.
    #[test]
    fn the_order_of_words_is_no_change() {
        let with = |words: &str| {
            let text = SHIPPED[0].1.replacen("requires = [\"DelegatedUserAdmin\"]", words, 1);
            assert_ne!(text, SHIPPED[0].1);
            load(&text).unwrap()
        };
        let old = with("entitlements = [\"read\", \"write\"]");
        assert!(old.diff(&with("entitlements = [\"write\", \"read\"]")).changes.is_empty());
    }
}
