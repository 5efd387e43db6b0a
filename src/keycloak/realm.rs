//! The export of a realm (`kc.sh export`), as far as it is read. Keycloak adds members with each version: unknown ones are passed over.

use std::collections::BTreeMap;
use std::io::Read;

use serde::Deserialize;

/// A realm, or a file of its people alone (`--users different_files`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Realm {
    /// Its name.
    pub realm: String,
    /// Its roles.
    pub roles: Roles,
    /// Its groups, as a tree.
    pub groups: Vec<Group>,
    /// Its clients.
    pub clients: Vec<Client>,
    /// Its people.
    pub users: Vec<Person>,
    /// Its organisations.
    pub organizations: Vec<Organization>,
}

/// Roles of the realm and of its clients.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Roles {
    /// Those of the realm.
    pub realm: Vec<Role>,
    /// Those of each client, by its `clientId`.
    pub client: BTreeMap<String, Vec<Role>>,
}

/// A role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub description: Option<String>,
    /// What else its holders have.
    pub composites: Composites,
}

/// Roles that a role brings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Composites {
    /// Of the realm.
    pub realm: Vec<String>,
    /// Of clients.
    pub client: BTreeMap<String, Vec<String>>,
}

/// A group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its name below those above, as `/Supervisors/Seniors`.
    pub path: Option<String>,
    /// Roles of the realm that its members have.
    pub realm_roles: Vec<String>,
    /// Roles of clients that its members have.
    pub client_roles: BTreeMap<String, Vec<String>>,
    /// The groups below it.
    pub sub_groups: Vec<Group>,
}

/// A client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Client {
    /// Its public id.
    pub client_id: String,
    /// Its name; of those that Keycloak brings itself a placeholder.
    pub name: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// `openid-connect`, `saml`.
    pub protocol: Option<String>,
    /// Whether it is on.
    pub enabled: Option<bool>,
    /// Whether it keeps no secret.
    pub public_client: bool,
    /// Whether it only takes tokens.
    pub bearer_only: bool,
    /// Whether people sign in to it.
    pub standard_flow_enabled: bool,
    /// Whether it acts for itself.
    pub service_accounts_enabled: bool,
    /// Whether people are asked before it is told anything.
    pub consent_required: bool,
    /// `client-secret`, `client-jwt` …
    pub client_authenticator_type: Option<String>,
    /// Its secret; asterisks where the export was made by the pages.
    pub secret: Option<String>,
    /// What its addresses stand below.
    pub root_url: Option<String>,
    /// Where it begins.
    pub base_url: Option<String>,
    /// Where people may be sent with an answer; may end with `*`.
    pub redirect_uris: Vec<String>,
    /// Origins of its scripts; `+` is those of its redirect addresses.
    pub web_origins: Vec<String>,
    /// All else.
    pub attributes: BTreeMap<String, serde_json::Value>,
}

/// A person, or the account of a service.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    /// Its id, which is the `sub` of its tokens.
    pub id: Option<String>,
    /// The name to sign in with.
    pub username: String,
    /// The address.
    pub email: Option<String>,
    /// Whether it was proved.
    pub email_verified: bool,
    /// Whether the account is on.
    pub enabled: Option<bool>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// All else; the values are lists.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// Passwords, apps, keys.
    pub credentials: Vec<Credential>,
    /// What is asked for at the next sign-in, as `UPDATE_PASSWORD`.
    pub required_actions: Vec<String>,
    /// Roles of the realm.
    pub realm_roles: Vec<String>,
    /// Roles of clients.
    pub client_roles: BTreeMap<String, Vec<String>>,
    /// Groups, by their paths.
    pub groups: Vec<String>,
    /// Accounts elsewhere by which they sign in.
    pub federated_identities: Vec<serde_json::Value>,
    /// The client whose account this is, if it is of no person.
    pub service_account_client_id: Option<String>,
}

/// A credential. What is secret of it and what is not are JSON documents in texts.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Credential {
    /// `password`, `otp`, `webauthn`, `webauthn-passwordless`, `recovery-authn-codes`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What its owner calls it.
    pub user_label: Option<String>,
    /// Its secret part.
    pub secret_data: Option<String>,
    /// Its other part.
    pub credential_data: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// An organisation (Keycloak 26).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Its short name.
    pub alias: Option<String>,
    /// Whether it is on.
    pub enabled: Option<bool>,
    /// Who is in it.
    pub members: Vec<Member>,
}

/// Who is in an organisation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Their name to sign in with.
    pub username: String,
}

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
#[error("this is no export of a Keycloak realm: {0}")]
pub struct RealmError(#[from] serde_json::Error);

impl Realm {
    /// Reads one file.
    pub fn read(input: impl Read) -> Result<Self, RealmError> {
        Ok(serde_json::from_reader(input)?)
    }

    /// Adds what another file of the same export holds.
    pub fn extend(&mut self, other: Self) {
        if self.realm.is_empty() {
            self.realm = other.realm;
        }
        self.roles.realm.extend(other.roles.realm);
        for (client, roles) in other.roles.client {
            self.roles.client.entry(client).or_default().extend(roles);
        }
        self.groups.extend(other.groups);
        self.clients.extend(other.clients);
        self.users.extend(other.users);
        self.organizations.extend(other.organizations);
    }
}
