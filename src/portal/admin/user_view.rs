//! View a user: details, status, memberships, roles, and what may be done (E46).

use askama::Template;
use axum::extract::Path;

use super::{rows, target};
use crate::delegation;
use crate::delegation::model::State;
use crate::directory::{membership, organisation};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::portal::account::access;
use crate::portal::error::PageResult;
use crate::portal::form::last_day;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;
use crate::web::respond::render;

#[derive(Template)]
#[template(path = "pages/admin/user_view.html")]
struct ViewTemplate {
    page: Page,
    id: UserId,
    status: &'static str,
    status_text: String,
    actions: Vec<(&'static str, &'static str)>,
    facts: Vec<(String, String)>,
    groups: Vec<(String, String, Option<String>)>,
    roles: Vec<String>,
}

/// `GET /admin/users/{id}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let page = person.page(Area::Users, "users-title").titled(found.name());
    let actions = rows::actions(tx, &person, &found.user, Some(&found.path)).await?;
    let held = membership::access_store::list_held(tx, found.user.id).await?;
    let seen = super::reach::visible_groups(&person, &found.path);
    let groups = held.into_iter().filter(|group| seen.iter().any(|set| set.contains(group.application)));
    let groups = groups.map(|group| (group.code, group.display_name, group.until.map(last_day))).collect();
    let mut roles = Vec::new();
    for assignment in delegation::store::list_of(tx, PrincipalId::Person(found.user.id)).await? {
        let level =
            organisation::store::find(tx, assignment.organisation).await?.map(|node| node.name).unwrap_or_default();
        let applications = access::applications(tx, &page, &assignment.applications).await?;
        let state =
            if assignment.state == State::Pending { format!(" ({})", page.t("role-pending")) } else { String::new() };
        roles.push(format!("{} · {level} · {applications}{state}", assignment.role));
    }
    let status = found.user.status(person.ctx.now).as_str();
    let status_text = page.t(&format!("status-{status}"));
    let facts = found.facts(&page);
    Ok(render(&ViewTemplate { id: found.user.id, status, status_text, actions, facts, groups, roles, page }))
}
