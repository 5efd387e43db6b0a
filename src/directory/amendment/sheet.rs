//! What is stored of an organisation as one flat sheet of values, so that it can be compared and changed value by value. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Change, Changes};
use crate::directory::organisation::describe::model::{Description, Titles};
use crate::directory::organisation::model::OrganisationDetails;

/// The values by key: `name`, `country`, `lei`, `phone`, `address`, `website`, `legal_name.de`, `informal_title.de`, `identifier.PIC`,
/// `class.kind` (codes, one a line). Nothing stands for no value. What the institution calls it by itself is not on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet(BTreeMap<String, String>);

impl Sheet {
    /// Of what is stored.
    pub fn of(details: &OrganisationDetails, said: &Description) -> Self {
        let mut sheet = BTreeMap::new();
        let mut put = |key: String, value: Option<String>| drop(value.map(|value| sheet.insert(key, value)));
        put("name".to_owned(), Some(details.name.clone()));
        put("country".to_owned(), details.country.clone());
        put("lei".to_owned(), details.lei.clone());
        put("phone".to_owned(), said.phone.as_ref().map(|phone| phone.as_str().to_owned()));
        put("address".to_owned(), said.address.clone());
        put("website".to_owned(), said.website.clone());
        for (language, titles) in &said.titles {
            put(format!("legal_name.{language}"), titles.legal_name.clone());
            put(format!("informal_title.{language}"), titles.informal_title.clone());
        }
        for (scheme, value) in &said.identifiers {
            put(format!("identifier.{scheme}"), Some(value.clone()));
        }
        for (vocabulary, codes) in &said.classification {
            put(format!("class.{vocabulary}"), Some(codes.iter().cloned().collect::<Vec<_>>().join("\n")));
        }
        sheet.retain(|_, value| !value.is_empty());
        Self(sheet)
    }

    /// A value; empty for none.
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// What has to change so that it becomes another one.
    pub fn changes_to(&self, wanted: &Self) -> Changes {
        let keys: BTreeSet<&String> = self.0.keys().chain(wanted.0.keys()).collect();
        let differs = keys.into_iter().filter(|key| self.get(key) != wanted.get(key));
        differs
            .map(|key| (key.clone(), Change { old: self.get(key).to_owned(), new: wanted.get(key).to_owned() }))
            .collect()
    }

    /// The keys whose value is not any more what it was when the change was asked for.
    pub fn moved_on<'a>(&self, changes: &'a Changes) -> Vec<&'a str> {
        let moved = changes.iter().filter(|(key, change)| self.get(key) != change.old && self.get(key) != change.new);
        moved.map(|(key, _)| key.as_str()).collect()
    }

    /// With the changes, everything else as it is now.
    #[must_use]
    pub fn changed(mut self, changes: &Changes) -> Self {
        for (key, change) in changes {
            if change.new.is_empty() {
                self.0.remove(key);
            } else {
                self.0.insert(key.clone(), change.new.clone());
            }
        }
        self
    }

    /// Back to what is stored; `external_id` is not on the sheet and stays. `None` for a number that is none: it was checked before.
    pub fn into_parts(self, external_id: Option<String>) -> Option<(OrganisationDetails, Description)> {
        let (mut details, mut said) =
            (OrganisationDetails { external_id, ..OrganisationDetails::default() }, Description::default());
        for (key, value) in self.0 {
            match key.split_once('.') {
                None => match key.as_str() {
                    "name" => details.name = value,
                    "country" => details.country = Some(value),
                    "lei" => details.lei = Some(value),
                    "phone" => said.phone = Some(value.parse().ok()?),
                    "address" => said.address = Some(value),
                    "website" => said.website = Some(value),
                    _ => {}
                },
                Some(("legal_name", language)) => title(&mut said, language).legal_name = Some(value),
                Some(("informal_title", language)) => title(&mut said, language).informal_title = Some(value),
                Some(("identifier", scheme)) => drop(said.identifiers.insert(scheme.to_owned(), value)),
                Some(("class", vocabulary)) => {
                    let codes = value.split('\n').map(str::to_owned).collect();
                    said.classification.insert(vocabulary.to_owned(), codes);
                }
                Some(_) => {}
            }
        }
        Some((details, said))
    }
}

fn title<'a>(said: &'a mut Description, language: &str) -> &'a mut Titles {
    said.titles.entry(language.to_owned()).or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> (OrganisationDetails, Description) {
        let details = OrganisationDetails {
            name: "University".to_owned(),
            country: Some("DE".to_owned()),
            lei: None,
            external_id: Some("U1".to_owned()),
        };
        let titles = Titles { legal_name: Some("Universität".to_owned()), informal_title: None };
        let said = Description {
            titles: BTreeMap::from([("de".to_owned(), titles)]),
            phone: Some("+4930123456".parse().unwrap()),
            address: Some("Street 1\n10115 Berlin".to_owned()),
            website: None,
            identifiers: BTreeMap::from([("PIC".to_owned(), "999888777".to_owned())]),
            classification: BTreeMap::from([("kind".to_owned(), ["a".to_owned(), "b".to_owned()].into())]),
        };
        (details, said)
    }

    /// P61: a sheet loses nothing of what may be changed.
    #[test]
    fn a_sheet_goes_there_and_back() {
        let (details, said) = parts();
        let sheet = Sheet::of(&details, &said);
        assert_eq!(sheet.into_parts(Some("U1".to_owned())), Some((details, said)));
    }

    /// P61: what was asked for is changed, what somebody else changed meanwhile stays; the same value changed twice is told.
    #[test]
    fn changes_meet_what_has_changed_meanwhile() {
        let (details, said) = parts();
        let before = Sheet::of(&details, &said);
        let wanted = Sheet::of(
            &OrganisationDetails { name: "New University".to_owned(), ..details.clone() },
            &Description { phone: None, ..said.clone() },
        );
        let changes = before.changes_to(&wanted);
        assert_eq!(changes.keys().collect::<Vec<_>>(), ["name", "phone"]);
        let moved = Sheet::of(&OrganisationDetails { country: Some("FR".to_owned()), ..details.clone() }, &said);
        assert!(moved.moved_on(&changes).is_empty());
        let (after, said_after) = moved.changed(&changes).into_parts(None).unwrap();
        assert_eq!(
            (after.name.as_str(), after.country.as_deref(), said_after.phone),
            ("New University", Some("FR"), None)
        );
        let renamed = Sheet::of(&OrganisationDetails { name: "Academy".to_owned(), ..details }, &said);
        assert_eq!(renamed.moved_on(&changes), ["name"]);
        assert!(wanted.moved_on(&changes).is_empty(), "what is there already is no conflict");
    }
}
