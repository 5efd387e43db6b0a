//! The person behind a grant, read anew at each issue (D7): may they still sign in, may they still enter this application.

use std::collections::BTreeSet;

use super::claims::{ProjectRole, Subject};
use crate::authority::{Authority, Door, Scope};
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::directory::client::model::Client;
use crate::directory::membership::access_store;
use crate::directory::module::{self, model::Told};
use crate::directory::organisation::{self, model::Status};
use crate::directory::{names_store, project, user};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// What came of reading a person for a client.
#[derive(Debug)]
pub(super) enum Standing {
    /// May enter.
    Admitted(Box<Subject>),
    /// May sign in, but holds no group of an application that asks for one (E31; OA-29, OA-57), or the home organisation has no
    /// access at all to its module, where it asks for that (D2). Suspended access is access: what is under way can be finished.
    NoAccess(Box<Subject>),
    /// May not sign in: blocked, deactivated, expired, deleted, or the organisation is (OA-28).
    Unusable,
}

/// Reads a person for a client; the roles only if they are to be told.
pub(super) async fn load(
    tx: &mut Tx,
    door: &Door,
    user: UserId,
    client: &Client,
    wants_roles: bool,
    now: Timestamp,
) -> db::Result<Standing> {
    let Some(user) = user::store::find(tx, user).await?.filter(|user| user.is_usable(now)) else {
        return Ok(Standing::Unusable);
    };
    let path = organisation::store::list_path(tx, user.organisation).await?;
    if path.is_empty() || path.iter().any(|node| node.status != Status::Active) {
        return Ok(Standing::Unusable);
    }
    let environment = match client.environment {
        Some(id) => environment_store::find(tx, id).await?,
        None => None,
    };
    let groups = match &environment {
        Some(environment) => access_store::list_codes(tx, user.id, environment.id, now).await?,
        None => Vec::new(),
    };
    let module = match &environment {
        Some(environment) => module::store::find_told(tx, user.organisation, environment.application).await?,
        None => Told::NotAsked,
    };
    let (roles, project_roles) =
        if wants_roles { roles(tx, door, user.id, now).await? } else { (Vec::new(), Vec::new()) };
    let refused = module == Told::Missing
        || environment.is_some_and(|environment| environment.requires_group) && groups.is_empty();
    let module = match module {
        Told::Held(status, kind) => Some((status, kind)),
        Told::Missing | Told::NotAsked => None,
    };
    let release_company_id = client.settings.release_company_id;
    let subject = Box::new(Subject { user, path, groups, module, roles, project_roles, release_company_id });
    Ok(if refused { Standing::NoAccess(subject) } else { Standing::Admitted(subject) })
}

/// What is held over organisations, and in projects.
async fn roles(tx: &mut Tx, door: &Door, user: UserId, now: Timestamp) -> db::Result<(Vec<String>, Vec<ProjectRole>)> {
    let authority = door.authority_of(tx, PrincipalId::Person(user), now).await?;
    // What is held in a project says nothing outside of it, and what is dormant says nothing at all (P21).
    let dormant = |code: &str| door.roles().get(code).is_some_and(|role| role.dormant);
    let told = authority.live(now).filter(|a| a.project.is_none() && !dormant(&a.role));
    let mut roles: Vec<String> = told.map(|assignment| assignment.role.clone()).collect();
    roles.sort_unstable();
    roles.dedup();
    let in_projects = project_roles(tx, door, &authority, now).await?;
    Ok((roles, in_projects))
}

async fn project_roles(
    tx: &mut Tx,
    door: &Door,
    authority: &Authority,
    now: Timestamp,
) -> db::Result<Vec<ProjectRole>> {
    let held: Vec<_> = authority.live(now).filter_map(|a| Some((a, a.project?, a.anchor.as_ref()?.node()))).collect();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let projects = project::store::list(tx, &held.iter().map(|(_, project, _)| *project).collect()).await?;
    let places: BTreeSet<_> = held.iter().map(|(_, _, at)| at.0).collect();
    let names = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
    let mut told: Vec<ProjectRole> = held
        .into_iter()
        .filter_map(|(assignment, project, at)| {
            let project = projects.iter().find(|known| known.id == project)?;
            let entitlements = door.roles().get(&assignment.role).map(|role| role.entitlements.clone());
            Some(ProjectRole {
                project: project.code.clone(),
                phase: project.phase.clone(),
                organisation: names.get(&at.0).cloned().unwrap_or_default(),
                coordinates: project.coordinator == at,
                role: assignment.role.clone(),
                entitlements: entitlements.unwrap_or_default(),
            })
        })
        .collect();
    told.sort_by(|a, b| (&a.project, &a.role, &a.organisation).cmp(&(&b.project, &b.role, &b.organisation)));
    Ok(told)
}
