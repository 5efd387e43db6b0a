//! My scope: what one administers, and why. Answers "why can I not see X" without a call for help.

use askama::Template;

use super::tree;
use crate::authority::{Extent, Permission, Scope};
use crate::directory::organisation;
use crate::directory::organisation::search_store;
use crate::portal::account::access;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::last_day;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

/// Levels are counted up to here.
const MOST: i64 = 100_000;

struct Part {
    role: String,
    level: String,
    below: Option<String>,
    applications: Option<String>,
    until: Option<String>,
    permissions: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/admin/scope.html")]
struct ScopeTemplate {
    page: Page,
    parts: Vec<Part>,
    levels: Vec<String>,
    /// Whether those are all.
    whole: bool,
}

/// `GET /admin/scope`
pub(super) async fn get(person: SignedIn) -> PageResult {
    if person.authority.live(person.ctx.now).next().is_none() {
        return Err(Failure::Forbidden);
    }
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Scope, "menu-scope");
    let live = || person.authority.live(person.ctx.now);
    let names = access::application_names(tx, live().map(|role| &role.applications)).await?;
    let projects = access::project_codes(tx, live()).await?;
    let mut parts = Vec::new();
    for assignment in live() {
        let node = match assignment.extent.anchor() {
            Some(node) => organisation::store::find(tx, node).await?,
            None => organisation::store::find_root(tx).await?,
        };
        let Some(node) = node else { continue };
        let below = match assignment.extent {
            Extent::Only(_) => None,
            Extent::ManagedBy(manager) => {
                let scope = Scope::Within(vec![Extent::ManagedBy(manager)]);
                let search = search_store::Search { scope, name: String::new(), parent: None };
                Some(page.count("scope-managed", search_store::count(tx, &search).await?))
            }
            Extent::Subtree(_) | Extent::Country(_) | Extent::Everywhere => {
                let below = search_store::count_below(tx, node.id, MOST).await?.saturating_sub(1);
                Some(page.count("scope-below", below as u64))
            }
        };
        parts.push(Part {
            role: assignment.role.clone(),
            level: access::in_project(node.name, assignment, &projects),
            below,
            applications: access::applications(&person, &page, assignment, &names),
            until: assignment.until.map(last_day),
            permissions: assignment.permissions.iter().map(|permission| allows(&page, permission)).collect(),
        });
    }
    let seen = tree::near(tx, &person, &[Permission::UserRead, Permission::MembershipAssign], None).await?;
    let levels = seen.levels.into_iter().map(|level| level.path).collect();
    Ok(render(&ScopeTemplate { page, parts, levels, whole: seen.whole }))
}

/// What a permission allows, in the words of the page.
pub(super) fn allows(page: &Page, permission: Permission) -> String {
    page.t(&format!("permission-{}", permission.as_str().replace(['.', '_'], "-")))
}
