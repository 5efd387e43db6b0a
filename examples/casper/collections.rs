//! What CASPER knows: its people, and who may do what with which data collection.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::common::{organisation::Organisation, relying_party::Identity};

/// The data collections of the example.
pub(crate) const COLLECTIONS: [&str; 3] = ["AnaCredit", "Balance sheet items", "Securities holdings"];

/// Someone who has signed in at least once.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Name to show.
    pub name: String,
    /// The organisation for which the person acts; the bound of every administration (C12).
    pub organisation: Organisation,
    /// Collections that somebody assigned to the person (C13, C14).
    pub assigned: BTreeSet<String>,
    /// Number of reports that the person has submitted.
    pub submitted: u32,
}

/// The application's store. An example keeps it in memory.
#[derive(Default)]
pub(crate) struct Collections(Mutex<BTreeMap<String, Person>>);

impl Collections {
    /// Opens the account at the first sign-in and takes over name and organisation at each.
    pub(crate) fn remember(&self, identity: &Identity) {
        let mut people = self.lock();
        let person = people.entry(identity.subject.clone()).or_insert_with(|| Person {
            name: String::new(),
            organisation: Organisation::default(),
            assigned: BTreeSet::new(),
            submitted: 0,
        });
        person.name = identity.name();
        person.organisation = identity.organisation();
    }

    /// The person with this subject.
    pub(crate) fn find(&self, subject: &str) -> Option<Person> {
        self.lock().get(subject).cloned()
    }

    /// Everybody of the organisation, with their subjects.
    pub(crate) fn list_of(&self, organisation: &Organisation) -> Vec<(String, Person)> {
        let people = self.lock();
        let same = people.iter().filter(|(_, person)| person.organisation.id == organisation.id);
        same.map(|(subject, person)| (subject.clone(), person.clone())).collect()
    }

    /// Everybody who has signed in, with their subjects.
    pub(crate) fn list(&self) -> Vec<(String, Person)> {
        self.lock().iter().map(|(subject, person)| (subject.clone(), person.clone())).collect()
    }

    /// Assigns exactly `collections` to the person; unknown names are left out.
    pub(crate) fn assign(&self, subject: &str, collections: &[String]) {
        if let Some(person) = self.lock().get_mut(subject) {
            let known = collections.iter().filter(|name| COLLECTIONS.contains(&name.as_str()));
            person.assigned = known.cloned().collect();
        }
    }

    /// Counts a submission when the collection is assigned to the person; tells whether it was.
    pub(crate) fn submit(&self, subject: &str, collection: &str) -> bool {
        let mut people = self.lock();
        let Some(person) = people.get_mut(subject).filter(|person| person.assigned.contains(collection)) else {
            return false;
        };
        person.submitted += 1;
        true
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Person>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
