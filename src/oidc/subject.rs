//! The person behind a grant, read anew at each issue (D7): may they still sign in, may they still enter this application.

use std::collections::BTreeSet;

use super::claims::{Subject, ToldProject, ToldRole};
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
    let (roles, role_assignments) =
        if wants_roles { roles(tx, door, user.id, now).await? } else { (Vec::new(), Vec::new()) };
    let refused = module == Told::Missing
        || environment.is_some_and(|environment| environment.requires_group) && groups.is_empty();
    let module = match module {
        Told::Held(held) => Some(held),
        Told::Missing | Told::NotAsked => None,
    };
    let release_company_id = client.settings.release_company_id;
    let subject = Box::new(Subject { user, path, groups, module, roles, role_assignments, release_company_id });
    Ok(if refused { Standing::NoAccess(subject) } else { Standing::Admitted(subject) })
}

/// What is held over the home organisation and others below an administrator, and what the person was named for, anywhere.
async fn roles(tx: &mut Tx, door: &Door, user: UserId, now: Timestamp) -> db::Result<(Vec<String>, Vec<ToldRole>)> {
    let authority = door.authority_of(tx, PrincipalId::Person(user), now).await?;
    // A role that somebody was named for may be for another organisation than the home that is told beside the codes.
    let nominated = |code: &str| door.roles().get(code).is_some_and(|role| role.nominated);
    let told = authority.live(now).filter(|a| !nominated(&a.role));
    let mut roles: Vec<String> = told.map(|assignment| assignment.role.clone()).collect();
    roles.sort_unstable();
    roles.dedup();
    let named = role_assignments(tx, door, &authority, now).await?;
    Ok((roles, named))
}

async fn role_assignments(
    tx: &mut Tx,
    door: &Door,
    authority: &Authority,
    now: Timestamp,
) -> db::Result<Vec<ToldRole>> {
    let named = authority.live(now).filter_map(|a| {
        // What is dormant says nothing at all (P21).
        let role = door.roles().get(&a.role).filter(|role| role.nominated && !role.dormant)?;
        Some((role, a.anchor.as_ref()?.node(), a.project))
    });
    let held: Vec<_> = named.collect();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let projects = project::store::list(tx, &held.iter().filter_map(|(_, _, project)| *project).collect()).await?;
    let places: BTreeSet<_> = held.iter().map(|(_, at, _)| at.0).collect();
    let names = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
    let mut told: Vec<ToldRole> = held
        .into_iter()
        .map(|(role, at, in_project)| ToldRole {
            role: role.code.clone(),
            organisation: names.get(&at.0).cloned().unwrap_or_default(),
            entitlements: role.entitlements.clone(),
            project: in_project.and_then(|id| projects.iter().find(|known| known.id == id)).map(|known| ToldProject {
                project: known.code.clone(),
                phase: known.phase.clone(),
                coordinates: known.coordinator == at,
            }),
        })
        .collect();
    let code = |one: &ToldRole| one.project.as_ref().map(|project| project.project.clone());
    told.sort_by_key(|one| (code(one), one.role.clone(), one.organisation.clone()));
    told.dedup();
    Ok(told)
}
