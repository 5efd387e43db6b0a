//! Help: a part for everybody, signed in or not, and one for administrators on a page of its own, to which their pages lead (I23).

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Portal;
use super::error::{Failure, PageResult};
use super::page::Area;
use super::signed_in::SignedIn;
use crate::authority::role::{RoleDefinition, RoleScope};
use crate::authority::{Permission, Roles};
use crate::directory::membership::access_store;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

/// What everybody is helped with: the part of the keys that names it, and how many sentences there are.
const GENERAL: &[(&str, usize)] =
    &[("sign-in", 3), ("password", 3), ("contact", 3), ("apps", 2), ("access", 2), ("sign-out", 1)];

/// What administrators are helped with; their pages lead to these parts by name. A part about what only operators do in this
/// institution is theirs.
const ADMINISTRATORS: &[(&str, usize)] = &[
    ("nominations", 4),
    ("users", 4),
    ("memberships", 3),
    ("roles", 4),
    ("scope", 2),
    ("levels", 3),
    ("modules", 3),
    ("invitations", 3),
    ("tasks", 2),
    ("applications", 2),
    ("clients", 2),
    ("audit", 2),
];

/// Whether customers do what a part is about, by a role of the profile.
fn is_of_customers(part: &str, roles: &Roles) -> bool {
    let carried = |wanted: &[Permission]| {
        let customers = |role: &&RoleDefinition| role.scope != RoleScope::System;
        roles.iter().filter(customers).any(|role| {
            let carried = role.permissions.union(role.managed_permissions).union(role.country_permissions);
            wanted.iter().any(|one| carried.contains(*one))
        })
    };
    match part {
        "nominations" => roles.iter().any(|role| role.nominated),
        "users" => carried(&[Permission::UserCreate, Permission::UserUpdate]),
        "memberships" => carried(&[Permission::MembershipAssign]),
        "roles" => roles.iter().any(|role| role.scope != RoleScope::System && !role.nominated),
        "modules" => carried(&[Permission::ModuleManage, Permission::ModulePropose]),
        "invitations" => carried(&[Permission::OrganisationCreate]),
        "applications" => carried(&[Permission::ApplicationManage]),
        "clients" => carried(&[Permission::ClientManage, Permission::ServiceManage]),
        _ => true,
    }
}

struct Part {
    id: &'static str,
    title: String,
    steps: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/help.html")]
struct HelpTemplate {
    page: Page,
    lead: String,
    parts: Vec<Part>,
    /// The documentation of the applications that the reader has (C15): name and address.
    manuals: Vec<(String, String)>,
    /// Whether it is the part for administrators.
    administrators: bool,
}

/// `GET /help`; whoever is signed in keeps the menu, and finds the documentation of their applications.
pub(super) async fn general(
    State(portal): State<Portal>,
    info: RequestInfo,
    person: Result<SignedIn, Failure>,
) -> PageResult {
    let (page, manuals) = match person {
        Ok(person) => {
            let tx = &mut person.app.db.reader().await?;
            let tiles = access_store::list_tiles(tx, person.user.id, person.ctx.now).await?;
            let documented =
                tiles.into_iter().filter_map(|tile| Some((tile.environment.title, tile.documentation_url?)));
            (person.page(Area::Help, "help-title"), documented.collect())
        }
        Err(_) => (Page::new(&portal.app, &info, "help-title"), Vec::new()),
    };
    Ok(show(page, "help-lead", GENERAL.to_vec(), manuals))
}

/// `GET /help/administrators`
pub(super) async fn administrators(
    State(portal): State<Portal>,
    info: RequestInfo,
    person: Result<SignedIn, Failure>,
) -> Response {
    let title = "help-administrators";
    let roles = portal.app.door.roles();
    let whole = person.as_ref().is_ok_and(|person| person.may(Permission::SystemRead));
    let page = person.map_or_else(|_| Page::new(&portal.app, &info, title), |person| person.page(Area::Help, title));
    let parts = ADMINISTRATORS.iter().filter(|(part, _)| match *part {
        "nominations" => is_of_customers(part, roles),
        _ => whole || is_of_customers(part, roles),
    });
    show(page, "help-administrators-lead", parts.copied().collect(), Vec::new())
}

fn show(page: Page, lead: &str, parts: Vec<(&'static str, usize)>, manuals: Vec<(String, String)>) -> Response {
    let part = |(id, count): (&'static str, usize)| Part {
        id,
        title: page.t(&format!("help-{id}")),
        steps: (1..=count).map(|number| page.t(&format!("help-{id}-{number}"))).collect(),
    };
    let parts = parts.into_iter().map(part).collect();
    let administrators = lead != "help-lead";
    render(&HelpTemplate { lead: page.t(lead), parts, manuals, administrators, page })
}

/// The part of the help for administrators that a page leads to.
pub(super) fn part_of(area: Area) -> Option<&'static str> {
    match area {
        Area::Users => Some("users"),
        Area::Scope => Some("scope"),
        Area::Levels => Some("levels"),
        Area::Modules => Some("modules"),
        Area::Invitations => Some("invitations"),
        Area::Applications => Some("applications"),
        Area::Clients => Some("clients"),
        Area::Audit => Some("audit"),
        _ => None,
    }
}
