//! View a user: details, status, memberships, roles, and what may be done (E46).

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use uuid::Uuid;

use super::{contact, deputies, reach, rows, target, tree, user_name};
use crate::authority::action::ReadAudit;
use crate::authority::role::RoleScope;
use crate::authority::{Applications, Permission};
use crate::db::Tx;
use crate::delegation;
use crate::delegation::model::{RoleAssignment, State};
use crate::directory::membership;
use crate::directory::names_store::{self, Named};
use crate::directory::user::model::Status;
use crate::factors::{own_store, phone_store, recovery_code, remembered};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::last_day;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions;
use crate::web::respond::render;
use crate::web::{Field, Page};

/// A membership as shown.
struct Group {
    code: String,
    title: String,
    description: String,
    until: Option<String>,
    /// The group in it that they were put into.
    by_way_of: Option<String>,
}

/// A role as shown.
pub(super) struct Role {
    code: String,
    level: String,
    below: bool,
    applications: Option<String>,
    pending: bool,
    until: Option<String>,
}

impl Role {
    /// As somebody else's, in whose place it is held until an instant.
    pub(super) fn lent(self, page: &Page, holder: &str, until: Timestamp) -> Self {
        let code = page.t2("deputy-of", ("role", &self.code), ("name", holder));
        Self { code, until: Some(last_day(until)), ..self }
    }

    /// All of it in one line.
    pub(super) fn line(&self, page: &Page) -> String {
        let mut parts = vec![self.code.clone(), self.level.clone()];
        parts.extend(self.below.then(|| page.t("include-sub-levels")));
        parts.extend(self.applications.clone());
        parts.extend(self.pending.then(|| page.t("role-pending")));
        parts.extend(self.until.as_ref().map(|until| format!("{} {until}", page.t("until"))));
        parts.join(" · ")
    }
}

#[derive(Template)]
#[template(path = "pages/admin/user_view.html")]
struct ViewTemplate {
    page: Page,
    id: UserId,
    status: &'static str,
    status_text: String,
    links: Vec<(&'static str, &'static str)>,
    /// What is done at once: the word sent, what it is called, what it does.
    buttons: Vec<(&'static str, String, String)>,
    /// What is asked about first.
    ends: Vec<(&'static str, &'static str)>,
    facts: Vec<(String, String)>,
    groups: Vec<Group>,
    /// How many of them they were put into themselves.
    direct: usize,
    roles: Vec<Role>,
    log: bool,
    /// The user name that is to be told, and how it was.
    told: Option<(String, Field)>,
    waiting: Option<contact::Waiting>,
}

/// `GET /admin/users/{id}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    let page = person.page(Area::Users, "users-title");
    let name = found.name(&page);
    let page = page.titled(name);
    let user = &found.user;
    let rights = rows::rights(tx, &person, &[(user.id, user.organisation)]).await?.remove(&user.id).unwrap_or_default();
    let held = membership::access_store::list_given(tx, user.id).await?;
    let seen = reach::visible_groups(&person, &found.path);
    let live = held.into_iter().filter(|group| group.until.is_none_or(|end| person.ctx.now < end));
    let groups = live.filter(|group| seen.iter().any(|set| set.contains(group.application))).map(|group| Group {
        code: group.code,
        title: group.display_name,
        description: group.description,
        until: group.until.map(last_day),
        by_way_of: group.by_way_of,
    });
    let groups: Vec<Group> = groups.collect();
    let moves =
        rights.update && tree::reaches_another(tx, &person, &[Permission::UserCreate], user.organisation).await?;
    let links = [
        (rights.assign, ("/memberships", "user-assign")),
        (rights.edits(), ("/edit", rights.edit_key())),
        (moves, ("/move", "user-move")),
        (deputies::can_name(&person, &found), ("/deputy", "deputy-name")),
        (true, ("/why", "why-title")),
    ];
    let status = user.status(person.ctx.now);
    let mut facts = found.facts(&page);
    let password = user.password_status(person.app.passwords.standard.expired_since(person.ctx.now));
    facts.push((page.t("user-password"), page.t(&format!("password-status-{}", password.as_str()))));
    if rights.reset {
        let open = sessions::store::list(tx, user.id, person.ctx.now).await?.len();
        facts.push((page.t("menu-sessions"), page.count("user-sessions", open as u64)));
    }
    let template = ViewTemplate {
        id: user.id,
        status: status.as_str(),
        status_text: page.t(&format!("status-{}", status.as_str())),
        told: user_name::waiting(&person, &page, &found, rights.reset),
        waiting: contact::waiting(tx, &person, &page, &found).await?,
        links: links.into_iter().filter(|(shown, _)| *shown).map(|(_, link)| link).collect(),
        buttons: buttons(tx, &person, &page, user.id, (status, rights)).await?,
        ends: ends(tx, user.id, (status, rights)).await?,
        facts,
        direct: groups.iter().filter(|group| group.by_way_of.is_none()).count(),
        groups,
        roles: roles(tx, &person, &page, user.id).await?,
        log: rows::allowed(tx, &person, ReadAudit {}).await?,
        page,
    };
    Ok(render(&template))
}

/// What may be done at once, as far as it makes sense in this state.
async fn buttons(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    user: UserId,
    (status, rights): (Status, rows::Rights),
) -> Result<Vec<(&'static str, String, String)>, Failure> {
    let stopped = rights.reset && phone_store::is_stopped(tx, user).await?;
    let open = rights.reset && !sessions::store::list(tx, user, person.ctx.now).await?.is_empty();
    let all = [
        (rights.reset && status == Status::New, "invite"),
        (rights.reset && status == Status::Active, "recover"),
        (rights.reset && (stopped || status == Status::Active), "unlock"),
        (open, "sign-out"),
        (rights.update && status == Status::Deactivated, "reactivate"),
        (rights.block && status == Status::Blocked, "unblock"),
    ];
    let lasts = page.lasting(person.app.links.activation);
    let text = |word: &str| page.t1(&format!("user-{word}-text"), "lasts", &lasts);
    let shown = all.into_iter().filter(|(shown, _)| *shown);
    Ok(shown.map(|(_, word)| (word, page.t(&format!("user-{word}")), text(word))).collect())
}

/// What ends something, each with a page that asks first.
async fn ends(
    tx: &mut Tx,
    user: UserId,
    (status, rights): (Status, rows::Rights),
) -> Result<Vec<(&'static str, &'static str)>, Failure> {
    let running = !matches!(status, Status::Deactivated | Status::Blocked);
    let has_ways = rights.reset
        && (own_store::count_ways(tx, user).await? > 0
            || recovery_code::store::count(tx, user).await?.0 > 0
            || !remembered::store::list(tx, user).await?.is_empty());
    let all = [
        (has_ways, ("/factors", "user-factors")),
        (rights.update && running, ("/deactivate", "user-deactivate")),
        (rights.block && status != Status::Blocked, ("/block", "user-block")),
        (rights.delete, ("/delete", "delete")),
    ];
    Ok(all.into_iter().filter(|(shown, _)| *shown).map(|(_, end)| end).collect())
}

async fn roles(tx: &mut Tx, person: &SignedIn, page: &Page, user: UserId) -> Result<Vec<Role>, Failure> {
    let held = delegation::store::list_of(tx, PrincipalId::Person(user)).await?;
    let mut roles = described(tx, person, page, held).await?;
    roles.extend(deputies::lines(tx, person, page, user).await?);
    Ok(roles)
}

/// Roles in words; two statements for all names. Levels and applications that the reader may not know are not named (DA-34).
pub(super) async fn described(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    held: Vec<RoleAssignment>,
) -> Result<Vec<Role>, Failure> {
    let levels: BTreeSet<Uuid> = held.iter().map(|role| role.organisation.0).collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &levels).await?;
    let named: BTreeSet<Uuid> =
        held.iter().flat_map(RoleAssignment::explicit_applications).map(|application| application.0).collect();
    let applications = names_store::list(tx, Named::Application, &named).await?;
    let seen = reach::named(tx, person, held.clone()).await?;
    let roles = held.into_iter().zip(seen);
    Ok(roles.map(|(role, seen)| show(person, page, (role, seen), &levels, &applications)).collect())
}

fn show(
    person: &SignedIn,
    page: &Page,
    (role, seen): (RoleAssignment, RoleAssignment),
    levels: &BTreeMap<Uuid, String>,
    names: &BTreeMap<Uuid, String>,
) -> Role {
    let scope = person.app.door.roles().get(&role.role).map(|role| role.scope);
    let applications = match &role.applications {
        Applications::All if scope == Some(RoleScope::OrganisationAndApplications) => Some(page.t("all-applications")),
        Applications::All => None,
        Applications::Only(set) => {
            let seen = seen.explicit_applications();
            let mut parts: Vec<_> = seen.iter().filter_map(|id| names.get(&id.0)).cloned().collect();
            let hidden = set.len().saturating_sub(parts.len());
            if hidden > 0 {
                parts.push(page.count("other-applications", hidden as u64));
            }
            Some(parts.join(", "))
        }
    };
    Role {
        level: levels.get(&role.organisation.0).cloned().unwrap_or_else(|| page.t("level-outside")),
        below: role.include_sub_levels,
        applications,
        pending: role.state == State::Pending,
        until: role.valid_until.map(last_day),
        code: role.role,
    }
}
