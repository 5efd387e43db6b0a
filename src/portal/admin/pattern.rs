//! The roles of this installation: who may do what, and who nominates whom (P74).

use askama::Template;

use super::scope::allows;
use crate::authority::Permission;
use crate::delegation::profile::matrix::{Edge, matrix};
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

struct Role {
    code: String,
    text: String,
    scope: String,
    holders: String,
    confirmation: String,
    granted_by: String,
    revoked_by: String,
    grants: String,
    permissions: String,
    managed: String,
    country: String,
    entitlements: String,
    requires: String,
    nominated: String,
    revocation: String,
    by_itself: String,
}

#[derive(Template)]
#[template(path = "pages/admin/pattern.html")]
struct PatternTemplate {
    page: Page,
    roles: Vec<Role>,
}

/// `GET /admin/roles`: for whoever holds a role.
pub(super) async fn get(person: SignedIn) -> PageResult {
    if person.authority.live(person.ctx.now).next().is_none() {
        return Err(Failure::Forbidden);
    }
    let page = person.page(Area::Scope, "pattern-title");
    let edges = |edges: &[Edge]| {
        let texts =
            edges.iter().map(|edge| format!("{} ({})", edge.role, page.t(&format!("relation-{}", edge.relation))));
        let texts: Vec<String> = texts.collect();
        if texts.is_empty() { page.t("pattern-nobody") } else { texts.join(", ") }
    };
    let words = |permissions: &[Permission]| {
        permissions.iter().map(|permission| allows(&page, *permission)).collect::<Vec<_>>().join(", ")
    };
    let flags = |said: [(bool, &str); 2]| {
        said.into_iter().filter(|(is, _)| *is).map(|(_, key)| page.t(key)).collect::<Vec<_>>().join(" ")
    };
    let said =
        |code: &str| person.app.door.roles().get(code).map_or("", |role| role.texts.of(page.locale.tag())).to_owned();
    let roles = matrix(person.app.door.roles()).into_iter().map(|line| Role {
        text: said(&line.role),
        scope: page.t(&format!("role-scope-{}", line.scope.replace('+', "-"))),
        holders: match line.holders {
            (0, None) => page.t("pattern-holders-any"),
            (min, None) => page.count("pattern-holders-min", min),
            (_, Some(max)) => page.count("pattern-holders-max", max),
        },
        confirmation: page.t(&format!("confirmation-{}", line.confirmation)),
        granted_by: edges(&line.granted_by),
        revoked_by: edges(&line.revoked_by),
        grants: edges(&line.grants),
        permissions: words(&line.permissions),
        managed: words(&line.managed_permissions),
        country: words(&line.country_permissions),
        entitlements: line.entitlements.join(", "),
        requires: line.requires.join(", "),
        nominated: flags([(line.nominated, "pattern-nominated"), (line.dormant, "pattern-dormant")]),
        revocation: match line.revocation_requests_by.as_slice() {
            [] => String::new(),
            by => edges(by),
        },
        by_itself: flags([(line.first_user, "pattern-first-user"), (line.auto_groups, "pattern-auto-groups")]),
        code: line.role,
    });
    let roles = roles.collect();
    Ok(render(&PatternTemplate { page, roles }))
}
