//! What a realm comes to here. Pure but for the seal of secrets.

use std::collections::{BTreeMap, BTreeSet};

use super::client::{self, Planned, PlannedClient};
use super::person::{Read, Reader};
use super::realm::{self, Realm};
use super::roles::{ClientRole, RoleBook};
use crate::directory::user::import::Line;
use crate::kernel::seal::SealError;
use crate::kernel::text::fold;

/// Roles that everybody has, and that allow nothing of an application.
const OF_EVERYBODY: [&str; 2] = ["offline_access", "uma_authorization"];

/// What is said of something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Of which kind: `client`, `person`, `role` …
    pub kind: &'static str,
    /// Which.
    pub name: String,
    /// What.
    pub text: String,
}

/// A group for a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedGroup {
    /// The role.
    pub role: ClientRole,
    /// Its code, behind the prefix of its application.
    pub code: String,
    /// What its members may do.
    pub description: String,
}

/// An application with one environment, for a client.
#[derive(Clone, Debug)]
pub struct PlannedApplication {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Where its tile leads.
    pub launch_url: Option<String>,
    /// The client.
    pub client: PlannedClient,
    /// The groups; without any, everybody may sign in.
    pub groups: Vec<PlannedGroup>,
}

/// An organisation, with the external id by which it is found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOrganisation {
    /// The external id.
    pub alias: String,
    /// Its name.
    pub name: String,
}

/// Somebody with what they may do.
#[derive(Clone, Debug)]
pub struct PlannedPerson {
    /// As a row of a file.
    pub line: Line,
    /// Their organisation; `None`: the home of all others.
    pub organisation: Option<String>,
    /// Their groups.
    pub roles: BTreeSet<ClientRole>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Organisations.
    pub organisations: Vec<PlannedOrganisation>,
    /// Applications.
    pub applications: Vec<PlannedApplication>,
    /// People.
    pub people: Vec<PlannedPerson>,
    /// What is left, and what changes.
    pub notes: Vec<Note>,
}

impl Plan {
    /// Of a realm.
    pub fn of(realm: &Realm, reader: Reader<'_>) -> Result<Self, SealError> {
        let mut plan = Self::default();
        for organisation in realm.organizations.iter().filter(|one| one.enabled != Some(false)) {
            let alias = organisation.alias.clone().unwrap_or_else(|| organisation.name.clone());
            plan.organisations.push(PlannedOrganisation { alias, name: organisation.name.clone() });
        }
        for organisation in realm.organizations.iter().filter(|one| one.enabled == Some(false)) {
            plan.note("organisation", &organisation.name, "it is switched off: it is left, and its people are refused");
        }
        for one in &realm.clients {
            plan.client(realm, one);
        }
        plan.people(realm, reader)?;
        Ok(plan)
    }

    fn note(&mut self, kind: &'static str, name: &str, text: impl Into<String>) {
        self.notes.push(Note { kind, name: name.to_owned(), text: text.into() });
    }

    fn client(&mut self, realm: &Realm, one: &realm::Client) {
        let client = match client::planned(one, &realm.realm) {
            Planned::ItsOwn => return,
            Planned::LeftOut(why) => return self.note("client", &one.client_id, why),
            Planned::Client(client) => *client,
        };
        if client.settings.redirect_uris.is_empty() {
            return self.note("client", &one.client_id, "no whole redirect address is left; register it by hand");
        }
        for text in client.notes.clone() {
            self.note("client", &one.client_id, text);
        }
        let code = code(&one.client_id);
        if self.applications.iter().any(|other| fold(&other.code) == fold(&code)) {
            return self.note("client", &one.client_id, "another client has the same code; register it by hand");
        }
        let roles = realm.roles.client.get(&one.client_id).map(Vec::as_slice).unwrap_or_default();
        let mut codes = BTreeSet::new();
        let groups = roles.iter().filter_map(|role| self.group(&one.client_id, role, &mut codes)).collect::<Vec<_>>();
        if groups.is_empty() {
            self.note("client", &one.client_id, "it has no roles: everybody may sign in to it, as before");
        } else {
            self.note("client", &one.client_id, "only who is in one of its groups may sign in to it from now on");
        }
        let launch_url = one.base_url.as_deref().filter(|url| !url.is_empty()).map(|url| {
            let root = one.root_url.as_deref().unwrap_or_default().trim_end_matches('/');
            if url.starts_with('/') { format!("{root}{url}") } else { url.to_owned() }
        });
        self.applications.push(PlannedApplication {
            code,
            name: client::name(one),
            description: one.description.clone().unwrap_or_default(),
            launch_url: launch_url.filter(|url| url.starts_with("https://")),
            client,
            groups,
        });
    }

    fn group(&mut self, client_id: &str, role: &realm::Role, codes: &mut BTreeSet<String>) -> Option<PlannedGroup> {
        let code = code(&role.name);
        if code.is_empty() {
            self.note("role", &format!("{client_id}: {}", role.name), "no code can be made of its name");
            return None;
        }
        // Nobody gets what another role allows because their names look alike.
        if !codes.insert(fold(&code)) {
            self.note("role", &format!("{client_id}: {}", role.name), "another role has the same code; it is left");
            return None;
        }
        let description = role.description.clone().unwrap_or_default();
        Some(PlannedGroup { role: (client_id.to_owned(), role.name.clone()), code, description })
    }

    fn people(&mut self, realm: &Realm, reader: Reader<'_>) -> Result<(), SealError> {
        let book = RoleBook::new(realm);
        let known: BTreeSet<ClientRole> =
            self.applications.iter().flat_map(|one| one.groups.iter().map(|group| group.role.clone())).collect();
        let homes = self.homes(realm);
        let mut of_realm: BTreeMap<String, u64> = BTreeMap::new();
        let everybody = format!("default-roles-{}", realm.realm.to_lowercase());
        for (number, person) in (1..).zip(realm.users.iter()) {
            if person.service_account_client_id.is_some() {
                continue;
            }
            let Read { line, notes } = reader.read(person, number)?;
            for text in notes {
                self.note("person", &line.who, text);
            }
            let (roles, others) = book.effective(person);
            for role in others.into_iter().filter(|role| *role != everybody && !OF_EVERYBODY.contains(&role.as_str())) {
                *of_realm.entry(role).or_default() += 1;
            }
            let roles = roles.into_iter().filter(|role| known.contains(role)).collect();
            let organisation = homes.get(&person.username).cloned();
            self.people.push(PlannedPerson { line, organisation, roles });
        }
        for (role, count) in of_realm {
            let text = format!(
                "a role of the realm is of no application: {count} people have it; what it brings of clients they keep"
            );
            self.note("role", &role, text);
        }
        Ok(())
    }

    /// Whose home is which organisation: the first that somebody is a member of.
    fn homes(&mut self, realm: &Realm) -> BTreeMap<String, String> {
        let mut homes: BTreeMap<String, String> = BTreeMap::new();
        let mut several = Vec::new();
        for organisation in &realm.organizations {
            let alias = organisation.alias.as_ref().unwrap_or(&organisation.name);
            for member in &organisation.members {
                if homes.contains_key(&member.username) {
                    several.push((member.username.clone(), organisation.name.clone()));
                } else {
                    homes.insert(member.username.clone(), alias.clone());
                }
            }
        }
        for (person, organisation) in several {
            self.note("person", &person, format!("is at home at one organisation, and no member of `{organisation}`"));
        }
        homes
    }
}

/// A code: letters, digits, `_` and `-`.
fn code(text: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '-' };
    let code: String = text.chars().map(allowed).take(48).collect();
    code.trim_matches('-').to_owned()
}
