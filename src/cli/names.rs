//! Names beside ids: what commands print for people says who and where, and not only which. The console sees everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use serde_json::{Value, json};
use uuid::Uuid;

use super::CliError;
use crate::authority::Scope;
use crate::db::Tx;
use crate::directory::names_store::{self, Named};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};

/// The names that some rows need, read in a fixed number of statements.
#[derive(Debug, Default)]
pub(super) struct Names {
    principals: BTreeMap<Uuid, String>,
    people: BTreeMap<Uuid, String>,
    organisations: BTreeMap<Uuid, String>,
    applications: BTreeMap<Uuid, String>,
}

impl Names {
    /// Also those of principals: the name under which somebody signs in, or the id of a client.
    pub(super) async fn with_principals(
        mut self,
        tx: &mut Tx,
        principals: &BTreeSet<PrincipalId>,
    ) -> Result<Self, CliError> {
        let (mut people, mut services) = (BTreeSet::new(), BTreeSet::new());
        for principal in principals {
            match principal {
                PrincipalId::Person(id) => people.insert(id.0),
                PrincipalId::Service(id) => services.insert(id.0),
                PrincipalId::Console => false,
            };
        }
        self.principals.extend(names_store::list(tx, Named::Login, &people).await?);
        self.principals.extend(names_store::list(tx, Named::Client, &services).await?);
        Ok(self)
    }

    /// Also what people are called: user names may be made up (I17).
    pub(super) async fn with_people(
        mut self,
        tx: &mut Tx,
        principals: &BTreeSet<PrincipalId>,
    ) -> Result<Self, CliError> {
        let ids = principals.iter().filter_map(|principal| Some(principal.person()?.0)).collect();
        self.people = names_store::list_people(tx, (&Scope::Everywhere, &Scope::Everywhere), &ids).await?;
        Ok(self)
    }

    /// Also those of organisations.
    pub(super) async fn with_organisations(
        mut self,
        tx: &mut Tx,
        organisations: &BTreeSet<OrganisationId>,
    ) -> Result<Self, CliError> {
        let ids = organisations.iter().map(|id| id.0).collect();
        self.organisations = names_store::list_organisations(tx, &Scope::Everywhere, &ids).await?;
        Ok(self)
    }

    /// Also those of applications.
    pub(super) async fn with_applications(
        mut self,
        tx: &mut Tx,
        applications: &BTreeSet<ApplicationId>,
    ) -> Result<Self, CliError> {
        let ids = applications.iter().map(|id| id.0).collect();
        self.applications = names_store::list(tx, Named::Application, &ids).await?;
        Ok(self)
    }

    /// Of a person or a service; `None` for whoever is gone.
    pub(super) fn principal(&self, principal: PrincipalId) -> Option<&str> {
        self.principals.get(&principal.uuid()).map(String::as_str)
    }

    /// What a person is called, where that is not the name under which they sign in.
    pub(super) fn person(&self, principal: PrincipalId) -> Option<&str> {
        let called = self.people.get(&principal.uuid())?;
        (Some(called) != self.principals.get(&principal.uuid())).then_some(called)
    }

    /// Of an organisation.
    pub(super) fn organisation(&self, id: OrganisationId) -> Option<&str> {
        self.organisations.get(&id.0).map(String::as_str)
    }

    /// Of an application.
    pub(super) fn application(&self, id: ApplicationId) -> Option<&str> {
        self.applications.get(&id.0).map(String::as_str)
    }
}

/// `Bank A (0199…)`, or the id alone.
pub(super) fn beside(name: Option<&str>, id: impl Display) -> String {
    name.map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
}

/// Writes a text into a row.
pub(super) fn put(row: &mut Value, key: &str, text: String) {
    if let Some(row) = row.as_object_mut() {
        row.insert(key.to_owned(), json!(text));
    }
}
