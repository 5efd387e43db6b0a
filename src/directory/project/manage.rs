//! Creating projects, saying who takes part, and carrying them through their phases; for operators.

use serde_json::{Value, json};

use super::error::ProjectError;
use super::model::{MAX_ORGANISATIONS, NewProject, Project};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageProject;
use crate::db::{self, Tx};
use crate::delegation::ending::{self, Because, Cause};
use crate::delegation::nomination::store as nominations;
use crate::delegation::place_store;
use crate::directory::organisation::{self, model::Status};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::text::{TextError, name};

/// Most roles that are ended at once when an organisation leaves.
const MANY: i64 = 10_000;

/// Creates a project in the first phase of the profile, with everybody who takes part.
pub async fn create(
    tx: &mut Tx,
    permit: Permit<ManageProject>,
    phases: &[String],
    new: NewProject,
    ctx: &Ctx,
) -> Result<Project, ProjectError> {
    if permit.action().project.is_some() {
        return Err(ProjectError::NotFound);
    }
    let text = |field| move |error| ProjectError::Text { field, error };
    let project = Project {
        id: ProjectId(ctx.uuid()),
        code: code(&new.code).map_err(text("code"))?,
        title: name(&new.title).map_err(text("title"))?,
        phase: phases.first().cloned().ok_or(ProjectError::NoProjects)?,
        coordinator: new.coordinator,
        closed_at: None,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    if new.participants.len() >= MAX_ORGANISATIONS {
        return Err(ProjectError::TooMany);
    }
    for organisation in [new.coordinator].iter().chain(&new.participants) {
        active(tx, *organisation).await?;
    }
    store::insert(tx, &project).await?;
    record(tx, &permit, Kind::ProjectCreated, (&project, None), json!({ "code": project.code }), ctx).await?;
    for organisation in [new.coordinator].into_iter().chain(new.participants) {
        join(tx, &permit, &project, organisation, ctx).await?;
    }
    Ok(project)
}

/// What people call it: one word without blanks.
fn code(text: &str) -> Result<String, TextError> {
    let code = name(text)?;
    if code.chars().any(char::is_whitespace) { Err(TextError::Character) } else { Ok(code) }
}

async fn active(tx: &mut Tx, organisation: OrganisationId) -> Result<(), ProjectError> {
    let path = organisation::store::list_path(tx, organisation).await?;
    let usable = !path.is_empty() && path.iter().all(|node| node.status == Status::Active);
    if usable { Ok(()) } else { Err(ProjectError::NoOrganisation) }
}

async fn join(
    tx: &mut Tx,
    permit: &Permit<ManageProject>,
    project: &Project,
    organisation: OrganisationId,
    ctx: &Ctx,
) -> Result<(), ProjectError> {
    if store::insert_participant(tx, project.id, organisation, ctx.now).await? {
        record(tx, permit, Kind::ProjectJoined, (project, Some(organisation)), json!({}), ctx).await?;
    }
    Ok(())
}

/// Lets an organisation take part.
pub async fn add(
    tx: &mut Tx,
    permit: Permit<ManageProject>,
    organisation: OrganisationId,
    ctx: &Ctx,
) -> Result<Project, ProjectError> {
    let project = open(tx, &permit).await?;
    active(tx, organisation).await?;
    let count = usize::try_from(store::count_participants(tx, project.id).await?).unwrap_or(usize::MAX);
    if count >= MAX_ORGANISATIONS {
        return Err(ProjectError::TooMany);
    }
    if !store::insert_participant(tx, project.id, organisation, ctx.now).await? {
        return Err(ProjectError::TakesPart);
    }
    record(tx, &permit, Kind::ProjectJoined, (&project, Some(organisation)), json!({}), ctx).await?;
    Ok(project)
}

/// Lets an organisation leave: what was held or proposed there for it ends, whatever the least number of holders.
pub async fn remove(
    tx: &mut Tx,
    permit: Permit<ManageProject>,
    organisation: OrganisationId,
    ctx: &Ctx,
) -> Result<Project, ProjectError> {
    let project = open(tx, &permit).await?;
    if project.coordinator == organisation {
        return Err(ProjectError::Coordinates);
    }
    if !store::remove_participant(tx, project.id, organisation).await? {
        return Err(ProjectError::TakesNoPart);
    }
    let ended = place_store::list_in_project(tx, project.id, Some(organisation), (ctx.now, MANY)).await?;
    let because = Because { cause: Cause::Event(Kind::ProjectLeft), reason: None };
    ending::end(tx, &permit, &ended, because, ctx).await?;
    nominations::save_all_withdrawn(tx, project.id, Some(organisation), ctx.now).await?;
    record(tx, &permit, Kind::ProjectLeft, (&project, Some(organisation)), json!({}), ctx).await?;
    Ok(project)
}

/// Carries a project on to a later phase: roles that waited for it, or for one that is skipped, take effect (P14). In the last
/// phase it is over; open nominations are withdrawn.
pub async fn advance(
    tx: &mut Tx,
    permit: Permit<ManageProject>,
    (phases, to): (&[String], &str),
    ctx: &Ctx,
) -> Result<Project, ProjectError> {
    let project = open(tx, &permit).await?;
    let at = |phase: &str| phases.iter().position(|known| known == phase);
    let reached = at(to).ok_or(ProjectError::Phase)?;
    let left = at(&project.phase).map_or(0, |left| left + 1);
    let passed = phases.get(left..=reached).filter(|passed| !passed.is_empty()).ok_or(ProjectError::Phase)?;
    let over = reached + 1 == phases.len();
    let next =
        Project { phase: to.to_owned(), closed_at: over.then_some(ctx.now), updated_at: ctx.now, ..project.clone() };
    if !store::save_phase(tx, &next, &project.phase).await? {
        return Err(ProjectError::Phase);
    }
    for phase in passed {
        begin(tx, &permit, &project, phase, ctx).await?;
    }
    if over {
        nominations::save_all_withdrawn(tx, project.id, None, ctx.now).await?;
    }
    let change = json!({ "before": project.phase, "after": to });
    record(tx, &permit, Kind::ProjectPhase, (&project, None), change, ctx).await?;
    Ok(next)
}

async fn begin(
    tx: &mut Tx,
    permit: &Permit<ManageProject>,
    project: &Project,
    phase: &str,
    ctx: &Ctx,
) -> db::Result<()> {
    let waiting = place_store::list_waiting(tx, project.id, phase, ctx.now).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    place_store::save_phase_begun(tx, project.id, phase, ctx.now).await?;
    let events = waiting.iter().map(|role| {
        let mut event = role.event(Kind::RoleGranted);
        if let Some(details) = event.details.as_object_mut() {
            details.insert("phase".to_owned(), json!(phase));
        }
        (permit.via(), event)
    });
    audit::record_all(tx, ctx, events.collect()).await
}

async fn open(tx: &mut Tx, permit: &Permit<ManageProject>) -> Result<Project, ProjectError> {
    let id = permit.action().project.ok_or(ProjectError::NotFound)?;
    let project = store::find(tx, id).await?.ok_or(ProjectError::NotFound)?;
    if project.closed_at.is_some() { Err(ProjectError::Over) } else { Ok(project) }
}

async fn record(
    tx: &mut Tx,
    permit: &Permit<ManageProject>,
    kind: Kind,
    (project, organisation): (&Project, Option<OrganisationId>),
    details: Value,
    ctx: &Ctx,
) -> db::Result<()> {
    let event = Event::new(kind, Subject::Project(project.id)).within(organisation.unwrap_or(project.coordinator));
    audit::record(tx, ctx, permit.via(), event.with(details)).await
}
