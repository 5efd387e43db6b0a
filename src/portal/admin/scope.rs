//! My scope: what one administers, and why. Answers "why can I not see X" without a call for help.

use askama::Template;

use super::tree;
use crate::authority::{Extent, Permission};
use crate::directory::organisation;
use crate::portal::account::access;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::last_day;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

struct Part {
    role: String,
    level: String,
    below: Option<String>,
    applications: String,
    until: Option<String>,
    permissions: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/admin/scope.html")]
struct ScopeTemplate {
    page: Page,
    parts: Vec<Part>,
    levels: Vec<String>,
}

/// `GET /admin/scope`
pub(super) async fn get(person: SignedIn) -> PageResult {
    if person.authority.live(person.ctx.now).next().is_none() {
        return Err(Failure::Forbidden);
    }
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Scope, "menu-scope");
    let mut parts = Vec::new();
    for assignment in person.authority.live(person.ctx.now) {
        let node = match &assignment.anchor {
            Some(path) => organisation::store::find(tx, path.node()).await?,
            None => organisation::store::find_root(tx).await?,
        };
        let Some(node) = node else { continue };
        let below = match assignment.extent {
            Extent::Only(_) => None,
            Extent::Subtree(_) | Extent::Everywhere => {
                let below = organisation::store::list_subtree(tx, node.id, 10_000).await?;
                Some(page.count("scope-below", below.iter().filter(|other| other.id != node.id).count()))
            }
        };
        parts.push(Part {
            role: assignment.role.clone(),
            level: node.name,
            below,
            applications: access::applications(tx, &page, &assignment.applications).await?,
            until: assignment.until.map(last_day),
            permissions: assignment.permissions.iter().map(|permission| page.t(&key(permission))).collect(),
        });
    }
    let seen = tree::levels(tx, &person, &[Permission::UserRead, Permission::MembershipAssign]).await?;
    let levels = seen.into_iter().map(|level| level.path).collect();
    Ok(render(&ScopeTemplate { page, parts, levels }))
}

/// The locale key of a permission.
fn key(permission: Permission) -> String {
    format!("permission-{}", permission.as_str().replace(['.', '_'], "-"))
}
