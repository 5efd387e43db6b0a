//! The person behind a grant, read anew at each issue (D7): may they still sign in, may they still enter this application.

use super::claims::Subject;
use crate::authority::Door;
use crate::db::{self, Tx};
use crate::delegation::told;
use crate::directory::client::entry_store::{self, Person};
use crate::directory::client::model::Client;
use crate::directory::module::model::Told;
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
    let Some(person) = entry_store::find_person(tx, user, client.environment, now).await? else {
        return Ok(Standing::Unusable);
    };
    let mut standing = judge(person, client);
    if wants_roles && let Standing::Admitted(subject) = &mut standing {
        (subject.roles, subject.role_assignments) = told::roles(tx, door, user, now).await?;
    }
    Ok(standing)
}

/// The same for a person who was read already; without their roles.
pub(super) fn judge(person: Person, client: &Client) -> Standing {
    let Person { user, usable, path, entry } = person;
    if !usable {
        return Standing::Unusable;
    }
    let (refused, second_factor) = (entry.is_refused(), entry.second_factor);
    let groups = entry.groups;
    let module = match entry.module {
        Told::Held(held) => Some(held),
        Told::Missing | Told::NotAsked => None,
    };
    let release_company_id = client.settings.release_company_id;
    let (roles, role_assignments) = (Vec::new(), Vec::new());
    let subject = Subject { user, path, groups, module, roles, role_assignments, release_company_id, second_factor };
    let subject = Box::new(subject);
    if refused { Standing::NoAccess(subject) } else { Standing::Admitted(subject) }
}
