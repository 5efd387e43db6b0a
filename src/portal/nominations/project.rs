//! One project: who takes part, who holds which role, who is named (P16, P59, P66).

use axum::extract::Path;

use super::nominate::{assign_link, assigned};
use super::table::{self, READ, Where, organisations};
use crate::authority::action::{ManageProject, ReadProject};
use crate::authority::{Permission, RoleDefinition, Scope};
use crate::db::Tx;
use crate::delegation::nomination::store as nominations;
use crate::delegation::place_store;
use crate::directory::names_store;
use crate::directory::project::model::Project;
use crate::directory::project::store;
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::portal::admin::plain::{Cell, Link, Table, ViewPage};
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// Most links of one kind.
const ASSIGNS: usize = 4;

/// The project, if the person may see it.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Project, Failure> {
    let id: ProjectId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadProject { project: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

/// The organisations whose roles in the project the person sees: all of them by a role in it, otherwise those of their own (P59).
pub(super) async fn read_places(
    tx: &mut Tx,
    person: &SignedIn,
    project: ProjectId,
) -> Result<Option<Vec<OrganisationId>>, Failure> {
    let mut holding = person.authority.holding_in(Permission::ProjectRead, Some(project), person.ctx.now);
    if holding.any(|a| a.project.is_some()) {
        return Ok(None);
    }
    let scope = Scope::of(&person.authority, &[Permission::ProjectRead], person.ctx.now);
    let all = store::list_participants(tx, project).await?;
    let inside = names_store::list_inside(tx, &scope, &all.into_iter().collect()).await?;
    Ok(Some(inside.into_iter().collect()))
}

/// `GET /projects/{project}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let project = find(tx, &person, &id).await?;
    let mut page = person.page(Area::Projects, "projects-title").titled(project.code.clone());
    page.wide = true;
    let bounds = (person.ctx.now, READ);
    let held = match read_places(tx, &person, project.id).await? {
        Some(places) => place_store::list_for_some(tx, project.id, &places, bounds).await?,
        None => place_store::list_in_project(tx, project.id, None, bounds).await?,
    };
    let participants = store::list_participants(tx, project.id).await?;
    let may_name = person.app.door.judge_nominations(tx, &person.ctx, Some(project.id), &participants).await?;
    // Whoever was named has not agreed to be seen yet: only those who could have named them read of it.
    let open = nominations::list_some(tx, Some(project.id), &may_name, bounds).await?;
    let manages = person.app.door.judge(tx, &person.ctx, &[ManageProject { project: Some(project.id) }.into()]).await?;
    let manages = manages.first().copied().unwrap_or(false) && project.closed_at.is_none();
    let base = format!("/projects/{}", project.id);
    let roles = table::roles(tx, &person, &page, &held, ("project-roles", Where::Organisation)).await?;
    let nominations = table::nominations(tx, &page, &open, &may_name).await?;
    let taking_part = participants_table(tx, &page, &project, (&participants, manages)).await?;
    let mut does =
        if may_name.is_empty() { Vec::new() } else { vec![(format!("{base}/nominate"), page.t("nominate"))] };
    does.extend(assigns(tx, (&person, &page), &base, &may_name).await?);
    let add = (format!("{base}/add"), page.t("project-add"));
    let facts = facts(tx, &page, &project).await?;
    let view = ViewPage {
        back: ("/projects".to_owned(), page.t("project-back")),
        badge: project.closed_at.map(|_| ("blocked", page.t("project-over"))),
        links: links(&page, &base, manages),
        facts,
        tables: vec![
            (page.t("project-roles"), roles, does),
            (page.t("project-nominations"), nominations, Vec::new()),
            (page.t("project-participants"), taking_part, manages.then_some(add).into_iter().collect()),
        ],
        ends: Vec::new(),
        page,
    };
    Ok(view.show())
}

/// Links to what is assigned to those who hold what it requires (P22); for whoever reaches everywhere there would be too many.
/// Where several organisations have the same role to assign, each link names its own.
async fn assigns(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    base: &str,
    may_name: &[(String, OrganisationId)],
) -> Result<Vec<Link>, Failure> {
    let all: Vec<_> = assigned(person, may_name).collect();
    if all.len() > ASSIGNS {
        return Ok(Vec::new());
    }
    let names = organisations(tx, all.iter().map(|(_, at)| *at)).await?;
    let link = |(role, at): &(&RoleDefinition, OrganisationId)| {
        let text = page.t1("assign-title", "role", &role.code);
        let others = all.iter().any(|(other, there)| other.code == role.code && there != at);
        let name = names.get(&at.0).filter(|_| others);
        (assign_link(base, role, *at), name.map_or_else(|| text.clone(), |name| format!("{text} · {name}")))
    };
    Ok(all.iter().map(link).collect())
}

fn links(page: &Page, base: &str, manages: bool) -> Vec<Link> {
    if manages { vec![(format!("{base}/phase"), page.t("project-next"))] } else { Vec::new() }
}

async fn facts(tx: &mut Tx, page: &Page, project: &Project) -> Result<Vec<(String, String)>, Failure> {
    let names = organisations(tx, [project.coordinator].into_iter()).await?;
    let pairs = [
        ("project-name", project.title.clone()),
        ("project-phase", project.phase.clone()),
        ("project-coordinator", names.get(&project.coordinator.0).cloned().unwrap_or_default()),
        ("project-created", moment(project.created_at)),
    ];
    Ok(pairs.into_iter().map(|(key, value)| (page.t(key), value)).collect())
}

async fn participants_table(
    tx: &mut Tx,
    page: &Page,
    project: &Project,
    (participants, manages): (&[OrganisationId], bool),
) -> Result<Table, Failure> {
    let names = organisations(tx, participants.iter().copied()).await?;
    let name = |id: &OrganisationId| names.get(&id.0).cloned().unwrap_or_default();
    let mut sorted = participants.to_vec();
    sorted.sort_by_key(|id| (*id != project.coordinator, name(id)));
    let rows = sorted.iter().map(|id| {
        let coordinates = *id == project.coordinator;
        let part = page.t(if coordinates { "project-coordinates" } else { "project-takes-part" });
        let mut row = vec![Cell::text(name(id)), Cell::text(part)];
        if manages && coordinates {
            row.push(Cell::text(""));
        } else if manages {
            let link = format!("/projects/{}/remove/{id}", project.id);
            row.push(Cell::action(page.t("project-remove"), link, name(id)));
        }
        row
    });
    let columns: &[&str] =
        if manages { &["organisation-column", "role", "actions"] } else { &["organisation-column", "role"] };
    Ok(Table::new(page, page.t("project-participants"), columns, rows.collect()))
}
