//! My Tasks: nominations to answer, roles to confirm, modules that were proposed, requests to revoke that one can answer, and what one has
//! asked for (P18, P60, P68, I72, D11).

use super::table::{holders, organisations};
use super::{confirm, proposed_modules};
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::delegation::model::RoleAssignment;
use crate::delegation::nomination::store as nominations;
use crate::delegation::request::answerable::answerable;
use crate::delegation::request::model::{RevocationRequest, State};
use crate::delegation::request::store as requests;
use crate::delegation::store;
use crate::directory::names_store;
use crate::directory::registration::store as registrations;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::portal::admin::plain::{Cell, Link, Table, ViewPage};
use crate::portal::admin::{recertification, validations};
use crate::portal::amendments;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// How many of the registrations that wait are shown at once.
const SHOWN: i64 = 5;

/// Most rows of each table.
const ROWS: i64 = 100;

/// `GET /tasks`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Tasks, "tasks-title");
    page.wide = true;
    let named = named(tx, &person, &page).await?;
    let to_answer = to_answer(tx, &person, &page).await?;
    let asked = asked(tx, &person, &page).await?;
    let mut tables = validations(tx, &person, &page).await?;
    tables.extend(confirm::waiting(tx, &person, &page).await?);
    tables.extend(proposed_modules::waiting(tx, &person, &page).await?);
    tables.extend(recertification::waiting(tx, &person, &page).await?);
    tables.extend(amendments::tasks::waiting(tx, &person, &page).await?);
    tables.extend([
        (page.t("tasks-nominations"), named, Vec::new()),
        (page.t("tasks-requests"), to_answer, Vec::new()),
        (page.t("tasks-asked"), asked, Vec::new()),
    ]);
    let view = ViewPage {
        back: ("/".to_owned(), page.t("menu-apps")),
        badge: None,
        links: Vec::new(),
        facts: Vec::new(),
        tables,
        ends: Vec::new(),
        page,
    };
    Ok(view.show())
}

/// What waits for whoever may create organisations, with how much that is (I36).
async fn validations(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Vec<(String, Table, Vec<Link>)>, Failure> {
    if !person.may(Permission::OrganisationCreate) {
        return Ok(Vec::new());
    }
    let search = validations::search(person);
    let total = registrations::count(tx, &search).await?;
    let first = registrations::list(tx, &search, SHOWN, 0).await?;
    let table = validations::table(person, page, &first, total);
    let all = ("/tasks/validations".to_owned(), page.t("validations-all"));
    Ok(vec![(page.t1("validations-caption", "count", total), table, vec![all])])
}

async fn named(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Table, Failure> {
    let own = person.user.email.as_ref().filter(|_| person.user.email_verified);
    let open = match own {
        Some(email) => nominations::list_open_to(tx, email.as_str(), person.ctx.now, ROWS).await?,
        None => Vec::new(),
    };
    let places = organisations(tx, open.iter().map(|one| one.organisation)).await?;
    let rows = open.iter().map(|one| {
        vec![
            Cell::text(one.role.clone()),
            Cell::text(places.get(&one.organisation.0).cloned().unwrap_or_default()),
            Cell::text(last_day(one.expires_at)),
            Cell::action(page.t("task-accept"), format!("/nominations/{}/answer", one.id), one.role.clone()),
        ]
    });
    let columns = ["role", "tasks-from", "tasks-until", "actions"];
    let table = Table::new(page, page.t("tasks-nominations"), &columns, rows.collect());
    Ok(table.or_else(page, "tasks-nominations-none"))
}

/// The roles that the person may revoke, of those that somebody asked about: in their projects and at their organisations.
async fn to_answer(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Table, Failure> {
    let found = answerable(tx, &person.app.door, ROWS, &person.ctx).await?;
    let (open, about): (Vec<RevocationRequest>, Vec<RoleAssignment>) = found.into_iter().unzip();
    let names = holders(tx, &about).await?;
    // Who asks somebody lets them know it.
    let asking = open.iter().filter_map(|request| Some(request.asked_by.person()?.0)).collect();
    let asking = names_store::list_people(tx, (&Scope::Everywhere, &Scope::nowhere()), &asking).await?;
    let rows = open.iter().zip(&about).map(|(request, role)| {
        let who = names.get(&role.principal.uuid()).cloned().unwrap_or_default();
        vec![
            Cell::text(who.clone()).noted(request.reason.clone()),
            Cell::text(role.role.clone()),
            Cell::text(asking.get(&request.asked_by.uuid()).cloned().unwrap_or_default()),
            Cell::whole(moment(request.asked_at)),
            Cell::action(page.t("revoke"), format!("/roles/{}/revoke", role.id), who.clone()),
            Cell::action(page.t("task-decline"), format!("/roles/{}/decline", role.id), who),
        ]
    });
    let columns = ["person", "role", "tasks-asked-by", "audit-when", "actions", "tasks-answer"];
    let table = Table::new(page, page.t("tasks-requests"), &columns, rows.collect());
    Ok(table.or_else(page, "tasks-requests-none"))
}

async fn asked(tx: &mut Tx, person: &SignedIn, page: &Page) -> Result<Table, Failure> {
    let asked = requests::list_by(tx, PrincipalId::Person(person.user.id), ROWS).await?;
    let about: Vec<RoleAssignmentId> = asked.iter().map(|request| request.assignment).collect();
    let roles = store::list_all(tx, &about).await?;
    let names = holders(tx, &roles).await?;
    let rows = asked.iter().filter_map(|request| {
        let role = roles.iter().find(|role| role.id == request.assignment)?;
        let who = names.get(&role.principal.uuid()).cloned().unwrap_or_default();
        Some(vec![
            Cell::text(who).noted(request.reason.clone()),
            Cell::text(role.role.clone()),
            Cell::whole(moment(request.asked_at)),
            answer(page, request),
        ])
    });
    let columns = ["person", "role", "audit-when", "tasks-answer"];
    let table = Table::new(page, page.t("tasks-asked"), &columns, rows.collect());
    Ok(table.or_else(page, "tasks-asked-none"))
}

fn answer(page: &Page, request: &RevocationRequest) -> Cell {
    match request.state {
        State::Open => Cell::badge(page.t("request-open"), "new"),
        State::Granted => Cell::badge(page.t("request-granted"), "active"),
        State::Declined => {
            Cell::badge(page.t("request-declined"), "blocked").noted(request.answer.clone().unwrap_or_default())
        }
    }
}
