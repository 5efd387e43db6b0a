//! Events of the audit log in words: who did what to whom, with names as far as the reader may know them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use crate::audit::store::Row;
use crate::authority::{Permission, Scope};
use crate::db::{self, Tx};
use crate::delegation;
use crate::directory::names_store::{self, Named};
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::portal::account::history::event_key;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// One event in words.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) what: String,
    pub(super) who: String,
    pub(super) whom: String,
    pub(super) level: String,
    pub(super) door: String,
    pub(super) details: String,
}

/// The names that some events need.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: BTreeMap<Uuid, String>,
    organisations: BTreeMap<Uuid, String>,
    applications: BTreeMap<Uuid, String>,
    groups: BTreeMap<Uuid, String>,
    clients: BTreeMap<Uuid, String>,
    /// Whose the roles are by which something was done.
    holders: BTreeMap<RoleAssignmentId, PrincipalId>,
}

impl Names {
    /// Reads the names for events: a fixed number of statements, however many events.
    pub(super) async fn of(tx: &mut Tx, person: &SignedIn, rows: &[Row]) -> db::Result<Self> {
        let mut ids: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        for row in rows {
            ids.entry(kind_of(&row.subject_kind)).or_default().insert(row.subject_id);
            if let (Some(kind), Some(id)) = (&row.actor_kind, row.actor_id) {
                ids.entry(if kind == "service" { "client" } else { "user" }).or_default().insert(id);
            }
            if let Some(id) = row.organisation_id {
                ids.entry("organisation").or_default().insert(id.0);
            }
            let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
            for (kind, id) in
                [("group", details.get("group")), (holder_kind(&details), details.pointer("/principal/id"))]
            {
                ids.entry(kind).or_default().extend(id.and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok()));
            }
        }
        let by: BTreeSet<RoleAssignmentId> = rows.iter().filter_map(|row| row.via).collect();
        let by = delegation::store::list_all(tx, &by.into_iter().collect::<Vec<_>>()).await?;
        let holders: BTreeMap<_, _> = by.into_iter().map(|role| (role.id, role.principal)).collect();
        let people = holders.values().filter_map(|holder| holder.person());
        ids.entry("user").or_default().extend(people.map(|id| id.0));
        let mut take = |kind: &str| ids.remove(kind).unwrap_or_default();
        let scope = Scope::of_people(&person.authority, person.ctx.now);
        let levels = Scope::of(&person.authority, &[Permission::AuditRead], person.ctx.now);
        let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
        let mut people = names_store::list_people(tx, (&scope, &contacts), &take("user")).await?;
        people.insert(person.user.id.0, format!("{} {}", person.user.given_name, person.user.family_name));
        Ok(Self {
            people,
            organisations: names_store::list_organisations(tx, &levels, &take("organisation")).await?,
            applications: names_store::list(tx, Named::Application, &take("application")).await?,
            groups: names_store::list(tx, Named::Group, &take("group")).await?,
            clients: names_store::list(tx, Named::Client, &take("client")).await?,
            holders,
        })
    }

    /// Who did it: people outside the reader's scope are not named (D8).
    pub(super) fn actor(&self, page: &Page, kind: Option<&str>, id: Option<Uuid>) -> String {
        let Some(actor) = kind.zip(id).and_then(|(kind, id)| PrincipalId::from_parts(kind, id)) else {
            return page.t("by-nobody");
        };
        match actor {
            PrincipalId::Person(id) => self.people.get(&id.0).cloned().unwrap_or_else(|| page.t("by-outside")),
            PrincipalId::Service(id) => self.clients.get(&id.0).cloned().unwrap_or_else(|| page.t("by-service")),
            PrincipalId::Console => page.t("by-console"),
        }
    }

    /// Who did it, and in whose place (D10).
    fn actor_of(&self, page: &Page, row: &Row) -> String {
        let who = self.actor(page, row.actor_kind.as_deref(), row.actor_id);
        let holder =
            row.via.and_then(|via| self.holders.get(&via)).filter(|holder| Some(holder.uuid()) != row.actor_id);
        match holder.and_then(|holder| holder.person()) {
            Some(holder) => {
                let whom = self.people.get(&holder.0).cloned().unwrap_or_else(|| page.t("by-outside"));
                page.t2("by-deputy", ("who", &who), ("whom", &whom))
            }
            None => who,
        }
    }

    /// To whom or what: of a role, which and whose.
    fn subject(&self, page: &Page, row: &Row, details: &Value) -> String {
        let (kind, id) = (row.subject_kind.as_str(), row.subject_id);
        if kind == ROLE
            && let Some(role) = details.get("role").and_then(Value::as_str)
        {
            return match self.holder(details) {
                Some(holder) => page.t2("subject-role-of", ("role", role), ("name", &holder)),
                None => role.to_owned(),
            };
        }
        let names = match kind_of(kind) {
            "user" => &self.people,
            "organisation" => &self.organisations,
            "application" => &self.applications,
            "group" => &self.groups,
            "client" => &self.clients,
            _ => return page.t(&format!("subject-{}", kind.replace('_', "-"))),
        };
        names.get(&id).cloned().unwrap_or_else(|| page.t(&format!("subject-{}", kind.replace('_', "-"))))
    }

    /// The name of a person, if the reader may know it.
    pub(super) fn person(&self, id: Uuid) -> Option<String> {
        self.people.get(&id).cloned()
    }

    /// The name of whatever has this id.
    pub(super) fn any(&self, id: Uuid) -> Option<String> {
        let all = [&self.people, &self.organisations, &self.applications, &self.groups, &self.clients];
        all.into_iter().find_map(|names| names.get(&id)).cloned()
    }

    /// Who holds the role that an event is about, if the reader may know the name.
    fn holder(&self, details: &Value) -> Option<String> {
        let id = id_of(details.pointer("/principal/id"))?;
        let names = if holder_kind(details) == "client" { &self.clients } else { &self.people };
        names.get(&id).cloned()
    }

    fn details(&self, page: &Page, row: &Row, details: &Value) -> String {
        let mut parts = Vec::new();
        parts.extend(id_of(details.get("group")).and_then(|id| self.groups.get(&id)).cloned());
        // A role and its holder already stand as what it was done to.
        let is_named = row.subject_kind == ROLE;
        parts.extend(self.holder(details).filter(|_| !is_named));
        for key in ["role", "name", "code", "client_id", "reason", "list"] {
            let text = details.get(key).and_then(Value::as_str).filter(|_| !is_named || key != "role");
            parts.extend(text.map(str::to_owned));
        }
        parts.extend(details.get("because").and_then(Value::as_str).map(|kind| page.t(&event_key(kind))));
        if let Some(Value::Array(fields)) = details.get("fields") {
            let names = fields.iter().filter_map(Value::as_str).collect::<Vec<_>>();
            parts.push(names.join(", "));
        }
        if let Some(rows) = details.get("rows").and_then(Value::as_u64) {
            parts.push(page.count("audit-rows", rows));
        }
        if let Some(times) = details.get("times").and_then(Value::as_u64).filter(|times| *times > 1) {
            parts.push(page.count("audit-times", times));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(" · ")
    }

    /// One event in words.
    pub(super) fn line(&self, page: &Page, row: &Row) -> Line {
        let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
        let level = row.organisation_id.and_then(|id| self.organisations.get(&id.0)).cloned();
        Line {
            what: page.t(&event_key(&row.kind)),
            who: self.actor_of(page, row),
            whom: self.subject(page, row, &details),
            level: level.unwrap_or_default(),
            door: page.t(&format!("door-{}", row.channel)),
            details: self.details(page, row, &details),
        }
    }
}

/// The stored word of a role as a subject ([`crate::audit::Subject::parts`]).
const ROLE: &str = "role_assignment";

fn id_of(value: Option<&Value>) -> Option<Uuid> {
    value.and_then(Value::as_str).and_then(|id| id.parse().ok())
}

/// Where the name of whoever holds the role of an event is looked for.
fn holder_kind(details: &Value) -> &'static str {
    if details.pointer("/principal/kind").and_then(Value::as_str) == Some("service") { "client" } else { "user" }
}

/// Where the name of a subject is looked for.
fn kind_of(subject: &str) -> &str {
    match subject {
        "user" | "organisation" | "application" | "group" | "client" => subject,
        _ => "",
    }
}
