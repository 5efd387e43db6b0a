//! My access: every membership and role, from whom, since when, until when; and whom to ask for more.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use uuid::Uuid;

use crate::authority::role::RoleScope;
use crate::authority::{Applications, Assignment, Extent, Permission, Scope};
use crate::db::{self, Tx};
use crate::delegation;
use crate::directory::names_store::{self, Named};
use crate::directory::{membership, organisation, project};
use crate::kernel::ids::{PrincipalId, ProjectId};
use crate::portal::error::PageResult;
use crate::portal::form::{last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

/// How many administrators of a role are named.
const CONTACTS: i64 = 10;
/// Of how many roles of those who manage an organisation they are chosen.
const LOOKED_AT: i64 = 500;

/// An administrator whom one may ask.
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) email: Option<String>,
}

struct Line {
    code: String,
    title: String,
    description: String,
    /// The group in it that they were put into.
    by_way_of: Option<String>,
    by: String,
    since: String,
    until: String,
    ended: bool,
}

struct RoleLine {
    role: String,
    level: String,
    sub_levels: bool,
    applications: Option<String>,
    until: Option<String>,
    /// Where the terms are accepted that it waits for (E17).
    accept: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/account/access.html")]
struct AccessTemplate {
    page: Page,
    lines: Vec<Line>,
    roles: Vec<RoleLine>,
    contacts: Vec<Contact>,
}

/// `GET /access`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Account, "menu-access");
    let held = membership::access_store::list_given(tx, person.user.id).await?;
    let names = names(tx, held.iter().map(|group| group.granted_by)).await?;
    let line = |group: membership::model::HeldGroup| Line {
        by: name_of(&names, &page, group.granted_by),
        ended: group.until.is_some_and(|end| end <= person.ctx.now),
        code: group.code,
        title: group.display_name,
        description: group.description,
        by_way_of: group.by_way_of,
        since: moment(group.granted_at),
        until: group.until.map_or_else(|| "–".to_owned(), last_day),
    };
    let lines = held.into_iter().map(line).collect();
    let roles = roles(tx, &page, &person).await?;
    let contacts = contacts(tx, &person, Permission::MembershipAssign).await?;
    Ok(render(&AccessTemplate { page, lines, roles, contacts }))
}

async fn roles(tx: &mut Tx, page: &Page, person: &SignedIn) -> db::Result<Vec<RoleLine>> {
    // What a role carries beyond its place is shown under "My scope".
    let own = |role: &&Assignment| !matches!(role.extent, Extent::ManagedBy(_) | Extent::Country(_));
    let now = person.ctx.now;
    let live: Vec<&Assignment> =
        person.authority.assignments.iter().filter(|a| a.is_current(now)).filter(own).collect();
    let root = organisation::store::find_root(tx).await?;
    let anchors: BTreeSet<Uuid> =
        live.iter().filter_map(|role| role.anchor.as_ref()).map(|path| path.node().0).collect();
    let levels = names_store::list_organisations(tx, &Scope::Everywhere, &anchors).await?;
    let names = application_names(tx, live.iter().map(|role| &role.applications)).await?;
    let projects = project_codes(tx, live.iter().copied()).await?;
    let line = |role: &&Assignment| {
        let level = match &role.anchor {
            Some(path) => levels.get(&path.node().0).cloned(),
            None => root.as_ref().map(|root| root.name.clone()),
        };
        RoleLine {
            role: role.role.clone(),
            level: in_project(level.unwrap_or_default(), role, &projects),
            sub_levels: !matches!(role.extent, Extent::Only(_)),
            applications: applications(person, page, role, &names),
            until: role.until.map(last_day),
            accept: role.lacks.as_deref().map(|terms| format!("/terms/accept?terms={terms}&return=/access")),
        }
    };
    Ok(live.iter().map(line).collect())
}

/// The codes of the projects that some roles are held in.
pub(crate) async fn project_codes<'a>(
    tx: &mut Tx,
    held: impl Iterator<Item = &'a Assignment>,
) -> db::Result<BTreeMap<ProjectId, String>> {
    let ids = held.filter_map(|role| role.project).collect();
    Ok(project::store::list(tx, &ids).await?.into_iter().map(|project| (project.id, project.code)).collect())
}

/// A place, with the project that a role is held in there.
pub(crate) fn in_project(place: String, role: &Assignment, codes: &BTreeMap<ProjectId, String>) -> String {
    match role.project.and_then(|project| codes.get(&project)) {
        Some(code) => format!("{place} · {code}"),
        None => place,
    }
}

/// The names of all applications that some sets name.
pub(crate) async fn application_names<'a>(
    tx: &mut Tx,
    sets: impl Iterator<Item = &'a Applications>,
) -> db::Result<BTreeMap<Uuid, String>> {
    let ids = sets.filter_map(|set| match set {
        Applications::All => None,
        Applications::Only(ids) => Some(ids.iter().map(|id| id.0)),
    });
    names_store::list(tx, Named::Application, &ids.flatten().collect()).await
}

/// The applications of one's own role; nothing where the role is not about applications.
pub(crate) fn applications(
    person: &SignedIn,
    page: &Page,
    role: &Assignment,
    names: &BTreeMap<Uuid, String>,
) -> Option<String> {
    let scope = person.app.door.roles().get(&role.role).map(|role| role.scope);
    match &role.applications {
        Applications::All if scope == Some(RoleScope::OrganisationAndApplications) => Some(page.t("all-applications")),
        Applications::All => None,
        Applications::Only(ids) => {
            let names: Vec<_> = ids.iter().filter_map(|id| names.get(&id.0)).cloned().collect();
            Some(names.join(", "))
        }
    }
}

/// The names of whoever did something to oneself: of one's own data one may know who changed it (GDPR Art. 15).
pub(crate) async fn names(
    tx: &mut Tx,
    principals: impl Iterator<Item = PrincipalId>,
) -> db::Result<BTreeMap<Uuid, String>> {
    let people = principals.filter_map(PrincipalId::person).map(|id| id.0).collect();
    names_store::list_people(tx, (&Scope::Everywhere, &Scope::nowhere()), &people).await
}

/// The name of whoever did something: people by name, services and the console by kind.
pub(crate) fn name_of(names: &BTreeMap<Uuid, String>, page: &Page, principal: PrincipalId) -> String {
    match principal {
        PrincipalId::Person(id) => names.get(&id.0).cloned().unwrap_or_else(|| page.t("somebody")),
        PrincipalId::Service(_) => page.t("by-service"),
        PrincipalId::Console => page.t("by-console"),
    }
}

/// Whom the person may ask: the nearest holders of a permission over their organisation, other than themself (E49), then
/// those of whoever manages it.
pub(super) async fn contacts(tx: &mut Tx, person: &SignedIn, permission: Permission) -> db::Result<Vec<Contact>> {
    let mut ids = Vec::new();
    let (home, now, defined) = (person.user.organisation, person.ctx.now, person.app.door.roles());
    let roles = defined.iter().filter(|role| role.permissions.contains(permission));
    for role in roles.filter(|role| role.scope != RoleScope::System) {
        for assignment in delegation::store::list_covering(tx, home, &role.code, now, CONTACTS).await? {
            ids.extend(assignment.principal.person().filter(|id| *id != person.user.id && !ids.contains(id)));
        }
    }
    let over = |role: &str| defined.get(role).is_some_and(|role| role.managed_permissions.contains(permission));
    let managing = delegation::store::list_managing(tx, home, (now, LOOKED_AT)).await?.into_iter();
    let managing = managing.filter(|held| held.is_live(now) && over(&held.role));
    for held in managing.take(usize::try_from(CONTACTS).unwrap_or(0)) {
        ids.extend(held.principal.person().filter(|id| *id != person.user.id && !ids.contains(id)));
    }
    let mut found = names_store::list_contacts(tx, &ids, now).await?;
    let contacts = ids.iter().filter_map(|id| found.remove(id));
    Ok(contacts.map(|(name, email)| Contact { name, email }).collect())
}
