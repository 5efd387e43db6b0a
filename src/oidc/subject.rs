//! The person behind a grant, read anew at each issue (D7): may they still sign in, may they still enter this application.

use super::claims::Subject;
use crate::authority::Door;
use crate::db::{self, Tx};
use crate::delegation::told;
use crate::directory::application::environment_store;
use crate::directory::client::entry;
use crate::directory::client::model::Client;
use crate::directory::module::model::Told;
use crate::directory::organisation::{self, model::Status};
use crate::directory::user;
use crate::kernel::ids::UserId;
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
    let entry = entry::find(tx, (user.id, user.organisation), environment.as_ref(), now).await?;
    let (roles, role_assignments) =
        if wants_roles { told::roles(tx, door, user.id, now).await? } else { (Vec::new(), Vec::new()) };
    let refused = entry.is_refused();
    let groups = entry.groups;
    let module = match entry.module {
        Told::Held(held) => Some(held),
        Told::Missing | Told::NotAsked => None,
    };
    let release_company_id = client.settings.release_company_id;
    let subject = Box::new(Subject { user, path, groups, module, roles, role_assignments, release_company_id });
    Ok(if refused { Standing::NoAccess(subject) } else { Standing::Admitted(subject) })
}
