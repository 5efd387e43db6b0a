//! The person behind a grant, read anew at each issue (D7): may they still sign in, may they still enter this application.

use super::claims::Subject;
use crate::authority::Door;
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::directory::client::model::Client;
use crate::directory::membership::access_store;
use crate::directory::organisation::{self, model::Status};
use crate::directory::user;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// What came of reading a person for a client.
#[derive(Debug)]
pub(super) enum Standing {
    /// May enter.
    Admitted(Box<Subject>),
    /// May sign in, but holds no group of an application that asks for one (E31; OA-29, OA-57).
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
    if path.is_empty() || path.iter().any(|node| node.status == Status::Deactivated) {
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
    let roles = if wants_roles { roles(tx, door, user.id, now).await? } else { Vec::new() };
    let refused = environment.is_some_and(|environment| environment.requires_group) && groups.is_empty();
    let subject =
        Box::new(Subject { user, path, groups, roles, release_company_id: client.settings.release_company_id });
    Ok(if refused { Standing::NoAccess(subject) } else { Standing::Admitted(subject) })
}

async fn roles(tx: &mut Tx, door: &Door, user: UserId, now: Timestamp) -> db::Result<Vec<String>> {
    let authority = door.authority_of(tx, PrincipalId::Person(user), now).await?;
    // What is held in a project says nothing outside of it, and what is dormant says nothing at all (P21).
    let dormant = |code: &str| door.roles().get(code).is_some_and(|role| role.dormant);
    let told = authority.live(now).filter(|a| a.project.is_none() && !dormant(&a.role));
    let mut roles: Vec<String> = told.map(|assignment| assignment.role.clone()).collect();
    roles.sort_unstable();
    roles.dedup();
    Ok(roles)
}
