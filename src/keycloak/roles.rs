//! Which roles of clients somebody has in effect: their own, those of their groups and of the groups above, and what composite roles
//! bring. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::realm::{Composites, Group, Person, Realm};

/// A role of a client: its `clientId`, and the name of the role.
pub type ClientRole = (String, String);

/// Roles held directly, of the realm and of clients.
#[derive(Clone, Debug, Default)]
struct Held {
    realm: BTreeSet<String>,
    client: BTreeSet<ClientRole>,
}

impl Held {
    fn add(&mut self, realm: &[String], client: &BTreeMap<String, Vec<String>>) {
        self.realm.extend(realm.iter().cloned());
        let pairs = client.iter().flat_map(|(client, roles)| roles.iter().map(|role| (client.clone(), role.clone())));
        self.client.extend(pairs);
    }
}

/// The roles of a realm.
#[derive(Debug)]
pub struct RoleBook {
    realm: BTreeMap<String, Composites>,
    client: BTreeMap<ClientRole, Composites>,
    /// What the members of each group have, by its path; those above are in it.
    groups: BTreeMap<String, Held>,
}

impl RoleBook {
    /// Of a realm.
    pub fn new(realm: &Realm) -> Self {
        let mut groups = BTreeMap::new();
        for group in &realm.groups {
            put(&mut groups, "", &Held::default(), group);
        }
        let of_client = |(client, roles): (&String, &Vec<super::realm::Role>)| {
            let client = client.clone();
            let role = move |role: &super::realm::Role| ((client.clone(), role.name.clone()), role.composites.clone());
            roles.iter().map(role).collect::<Vec<_>>()
        };
        Self {
            realm: realm.roles.realm.iter().map(|role| (role.name.clone(), role.composites.clone())).collect(),
            client: realm.roles.client.iter().flat_map(of_client).collect(),
            groups,
        }
    }

    /// The roles of clients that somebody has, and those of the realm.
    pub fn effective(&self, person: &Person) -> (BTreeSet<ClientRole>, BTreeSet<String>) {
        let mut held = Held::default();
        held.add(&person.realm_roles, &person.client_roles);
        for group in person.groups.iter().filter_map(|path| self.groups.get(path)) {
            held.realm.extend(group.realm.iter().cloned());
            held.client.extend(group.client.iter().cloned());
        }
        self.expand(held)
    }

    /// With all that they bring. Roles may bring one another: each is looked at once.
    fn expand(&self, held: Held) -> (BTreeSet<ClientRole>, BTreeSet<String>) {
        let (mut realm, mut client) = (BTreeSet::new(), BTreeSet::new());
        let mut next = held;
        while !next.realm.is_empty() || !next.client.is_empty() {
            let now = std::mem::take(&mut next);
            for role in now.realm {
                if let Some(brought) = self.realm.get(&role).filter(|_| !realm.contains(&role)) {
                    next.add(&brought.realm, &brought.client);
                }
                realm.insert(role);
            }
            for role in now.client {
                if let Some(brought) = self.client.get(&role).filter(|_| !client.contains(&role)) {
                    next.add(&brought.realm, &brought.client);
                }
                client.insert(role);
            }
        }
        (client, realm)
    }
}

/// Notes what the members of a group have, and of those below it.
fn put(groups: &mut BTreeMap<String, Held>, above: &str, inherited: &Held, group: &Group) {
    let path = group.path.clone().unwrap_or_else(|| format!("{above}/{}", group.name));
    let mut held = inherited.clone();
    held.add(&group.realm_roles, &group.client_roles);
    for below in &group.sub_groups {
        put(groups, &path, &held, below);
    }
    groups.insert(path, held);
}
