//! My access: every membership and role, from whom, since when, until when; and whom to ask for more.

use std::collections::BTreeSet;

use askama::Template;

use crate::authority::role::RoleScope;
use crate::authority::{Applications, Permission};
use crate::db::{self, Tx};
use crate::delegation;
use crate::directory::{application, membership, organisation, user};
use crate::kernel::ids::PrincipalId;
use crate::portal::error::PageResult;
use crate::portal::form::{last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

/// How many administrators of a role are named.
const CONTACTS: i64 = 10;

/// An administrator who may give access.
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) email: Option<String>,
}

struct Line {
    code: String,
    title: String,
    by: String,
    since: String,
    until: String,
}

struct RoleLine {
    role: String,
    level: String,
    sub_levels: bool,
    applications: String,
}

#[derive(Template)]
#[template(path = "pages/account/access.html")]
struct AccessTemplate {
    page: Page,
    lines: Vec<Line>,
    roles: Vec<RoleLine>,
}

/// `GET /access`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Account, "menu-access");
    let mut lines = Vec::new();
    for group in membership::access_store::list_held(tx, person.user.id).await? {
        lines.push(Line {
            by: name_of(tx, &page, group.granted_by).await?,
            code: group.code,
            title: group.display_name,
            since: moment(group.granted_at),
            until: group.until.map_or_else(|| "–".to_owned(), last_day),
        });
    }
    let roles = roles(tx, &page, &person).await?;
    Ok(render(&AccessTemplate { page, lines, roles }))
}

async fn roles(tx: &mut Tx, page: &Page, person: &SignedIn) -> db::Result<Vec<RoleLine>> {
    let mut lines = Vec::new();
    for assignment in person.authority.live(person.ctx.now) {
        let level = match &assignment.anchor {
            Some(path) => organisation::store::find(tx, path.node()).await?.map(|node| node.name),
            None => organisation::store::find_root(tx).await?.map(|node| node.name),
        };
        lines.push(RoleLine {
            role: assignment.role.clone(),
            level: level.unwrap_or_default(),
            sub_levels: !matches!(assignment.extent, crate::authority::Extent::Only(_)),
            applications: applications(tx, page, &assignment.applications).await?,
        });
    }
    Ok(lines)
}

/// The names of a set of applications.
pub(crate) async fn applications(tx: &mut Tx, page: &Page, set: &Applications) -> db::Result<String> {
    let Applications::Only(ids) = set else { return Ok(page.t("any")) };
    let mut names = Vec::new();
    for id in ids {
        names.extend(application::store::find(tx, *id).await?.map(|application| application.name));
    }
    Ok(names.join(", "))
}

/// The name of whoever did something, as far as it may be told: colleagues by name, services and the console by kind.
pub(crate) async fn name_of(tx: &mut Tx, page: &Page, principal: PrincipalId) -> db::Result<String> {
    Ok(match principal {
        PrincipalId::Person(id) => user::store::find(tx, id)
            .await?
            .map_or_else(|| page.t("somebody"), |user| format!("{} {}", user.given_name, user.family_name)),
        PrincipalId::Service(_) => page.t("by-service"),
        PrincipalId::Console => page.t("by-console"),
    })
}

/// Who may give access to the person: the nearest holders of `membership.assign` over their organisation (E49).
pub(super) async fn contacts(tx: &mut Tx, person: &SignedIn) -> db::Result<Vec<Contact>> {
    let mut seen = BTreeSet::new();
    let mut contacts = Vec::new();
    let roles = person.app.door.roles().iter().filter(|role| role.permissions.contains(Permission::MembershipAssign));
    for role in roles.filter(|role| role.scope != RoleScope::System) {
        for assignment in
            delegation::store::list_covering(tx, person.user.organisation, &role.code, person.ctx.now, CONTACTS).await?
        {
            let Some(id) = assignment.principal.person().filter(|id| seen.insert(*id)) else { continue };
            let found = user::store::find(tx, id).await?.filter(|user| user.is_usable(person.ctx.now));
            contacts.extend(found.map(|user| Contact {
                name: format!("{} {}", user.given_name, user.family_name),
                email: user.email.map(|email| email.as_str().to_owned()),
            }));
        }
    }
    Ok(contacts)
}
