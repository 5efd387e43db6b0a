//! What has to be done so that the provider is as the list says.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::person::{self, Difference, Person};

/// What becomes of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// Joined.
    Created,
    /// Moved, or is called or reached otherwise.
    Changed,
    /// Had left, and is back.
    Rehired,
    /// Has left.
    Deactivated,
    /// Is as the list says.
    Unchanged,
    /// The provider refused it.
    Refused,
}

/// Something to be done for one person.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Create a user.
    Create(Person),
    /// Change the user as it was read.
    Change {
        /// Who it is in the list; nobody if they are missing from it.
        person: Option<Person>,
        /// The user at the provider.
        known: Value,
        /// What is sent.
        operations: Value,
        /// What becomes of them.
        outcome: Outcome,
    },
}

/// All that has to be done, and who is in no list.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// One for each person who differs.
    pub steps: Vec<Step>,
    /// Active users with a number of ours that is not in the list: whether they left or the list is not whole, nobody can
    /// tell from here.
    pub missing: Vec<Value>,
}

impl Step {
    /// Whom it is about.
    pub(crate) fn number(&self) -> &str {
        match self {
            Self::Create(person) => &person.personnel_number,
            Self::Change { known, person, .. } => {
                person.as_ref().map_or_else(|| number_of(known).unwrap_or("?"), |person| &person.personnel_number)
            }
        }
    }

    /// Whether it is about somebody in the list.
    pub(crate) fn is_listed(&self) -> bool {
        !matches!(self, Self::Change { person: None, .. })
    }

    /// What becomes of them.
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Create(_) => Outcome::Created,
            Self::Change { outcome, .. } => *outcome,
        }
    }

    /// What has to be done for somebody who is in the list and at the provider.
    pub(crate) fn between(person: &Person, known: &Value) -> Option<Self> {
        let (operations, outcome) = match person.difference(known) {
            Difference::Nothing => return None,
            Difference::Left(operations) => (operations, Outcome::Deactivated),
            Difference::Back(operations) => (operations, Outcome::Rehired),
            Difference::Changed(operations) => (operations, Outcome::Changed),
        };
        Some(Self::Change { person: Some(person.clone()), known: known.clone(), operations, outcome })
    }

    /// What deactivates somebody who is missing from the list.
    pub(crate) fn end(known: Value) -> Self {
        Self::Change { person: None, known, operations: person::leave(), outcome: Outcome::Deactivated }
    }
}

impl Plan {
    /// Compares the list with the provider. People are known by their number; one whom somebody else had created is
    /// known by the address, and gets the number.
    pub(crate) fn new(people: &[Person], users: Vec<Value>) -> Self {
        let name = |user: &Value| user.get("userName").and_then(Value::as_str).map(str::to_lowercase);
        let by_number: HashMap<&str, &Value> = users.iter().filter_map(|user| Some((number_of(user)?, user))).collect();
        let by_name: HashMap<String, &Value> = users
            .iter()
            .filter(|user| number_of(user).is_none())
            .filter_map(|user| Some((name(user)?, user)))
            .collect();
        let mut steps = Vec::new();
        for person in people {
            let known = by_number.get(person.personnel_number.as_str());
            match known.or_else(|| by_name.get(&person.email.to_lowercase())) {
                Some(known) => steps.extend(Step::between(person, known)),
                None if person.is_employed() => steps.push(Step::Create(person.clone())),
                None => {}
            }
        }
        let listed: HashSet<&str> = people.iter().map(|person| person.personnel_number.as_str()).collect();
        let gone = |user: &Value| number_of(user).is_some_and(|number| !listed.contains(number));
        let missing = users.iter().filter(|user| person::is_active(user) && gone(user)).cloned().collect();
        Self { steps, missing }
    }
}

/// The number that this client gave to a user.
pub(crate) fn number_of(user: &Value) -> Option<&str> {
    user.get("externalId").and_then(Value::as_str)
}
