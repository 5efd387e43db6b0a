//! The application's own accounts, opened at the first sign-in. An example keeps them in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{
    common::{organisation::Organisation, relying_party::Identity},
    permissions::Permission,
};

/// Permissions by process type and institution; what is missing is *No access*.
pub(crate) type Grants = BTreeMap<(String, String), Permission>;

/// A person as IMAS knows them.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// `sub` of the ID token: the key, for it never changes.
    pub subject: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// E-mail address as last told.
    pub email: String,
    /// The organisation for which the person acts.
    pub organisation: Organisation,
    /// When the person signed in for the first time.
    pub created: Timestamp,
    /// When name, address, organisation or permissions changed last.
    pub last_modified: Timestamp,
    /// What the person may do.
    pub grants: Grants,
}

impl Account {
    /// Given and family name.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }

    /// First letters of the names (E85).
    pub(crate) fn initials(&self) -> String {
        [&self.given_name, &self.family_name].into_iter().filter_map(|name| name.chars().next()).collect()
    }

    /// The permission for one process type at one institution.
    pub(crate) fn permission(&self, process: &str, institution: &str) -> Permission {
        self.grants.get(&(process.to_owned(), institution.to_owned())).copied().unwrap_or_default()
    }

    /// The process types in which the person may do anything, each once.
    pub(crate) fn process_types(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.grants.keys().map(|(process, _)| process.as_str()).collect();
        names.dedup();
        names
    }

    /// Whether an administrator with the account `admin` manages this one: the same organisation or one below.
    pub(crate) fn is_managed_by(&self, admin: &Self) -> bool {
        let (above, own) = (&admin.organisation, &self.organisation);
        above.id == own.id || (!above.path.is_empty() && own.path.starts_with(&above.path))
    }
}

/// All accounts.
#[derive(Default)]
pub(crate) struct Accounts(Mutex<BTreeMap<String, Account>>);

impl Accounts {
    /// Opens the account at the first sign-in (E76), and follows changed names at later ones.
    pub(crate) fn remember(&self, identity: &Identity) {
        let now = now();
        let mut accounts = self.lock();
        let account = accounts.entry(identity.subject.clone()).or_insert_with(|| Account {
            subject: identity.subject.clone(),
            given_name: String::new(),
            family_name: String::new(),
            email: String::new(),
            organisation: Organisation::default(),
            created: now,
            last_modified: now,
            grants: Grants::new(),
        });
        let told = (&identity.given_name, &identity.family_name, &identity.email, &identity.organisation());
        if told != (&account.given_name, &account.family_name, &account.email, &account.organisation) {
            account.given_name.clone_from(&identity.given_name);
            account.family_name.clone_from(&identity.family_name);
            account.email.clone_from(&identity.email);
            account.organisation = identity.organisation();
            account.last_modified = now;
        }
    }

    /// The account with this subject.
    pub(crate) fn find(&self, subject: &str) -> Option<Account> {
        self.lock().get(subject).cloned()
    }

    /// The accounts that `admin` manages, newest first (E82).
    pub(crate) fn list_managed_by(&self, admin: &Account) -> Vec<Account> {
        let mut managed: Vec<Account> =
            self.lock().values().filter(|account| account.is_managed_by(admin)).cloned().collect();
        managed.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.subject.cmp(&b.subject)));
        managed
    }

    /// Sets permissions of one process type; the institutions not named keep theirs.
    pub(crate) fn save(&self, subject: &str, process: &str, permissions: &[(String, Permission)]) {
        let mut accounts = self.lock();
        let Some(account) = accounts.get_mut(subject) else { return };
        for (institution, permission) in permissions {
            let key = (process.to_owned(), institution.clone());
            match permission {
                Permission::None => account.grants.remove(&key),
                granted => account.grants.insert(key, *granted),
            };
        }
        account.last_modified = now();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "an application of its own, outside the product's injected clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
