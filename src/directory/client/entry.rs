//! Whether somebody may enter the application of a client, and what decides about it: read anew at each issue and at each change (D7).

use crate::db::{self, Tx};
use crate::directory::application::model::Environment;
use crate::directory::membership::access_store;
use crate::directory::module::{self, model::Told};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// How somebody stands to an application.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Codes of the groups of the environment, sorted.
    pub groups: Vec<String>,
    /// How the home organisation stands to the module of the application.
    pub module: Told,
    group_missing: bool,
}

impl Entry {
    /// No group of an application that asks for one (E31; OA-29, OA-57), or the home organisation has no access at all to its module,
    /// where it asks for that (D2). Suspended access is access: what is under way can be finished.
    pub fn is_refused(&self) -> bool {
        self.module == Told::Missing || self.group_missing
    }
}

/// Reads how somebody stands to the application of an environment; a client without one asks for nothing.
pub async fn find(
    tx: &mut Tx,
    (user, home): (UserId, OrganisationId),
    environment: Option<&Environment>,
    now: Timestamp,
) -> db::Result<Entry> {
    let Some(environment) = environment else {
        return Ok(Entry { groups: Vec::new(), module: Told::NotAsked, group_missing: false });
    };
    let groups = access_store::list_codes(tx, user, environment.id, now).await?;
    let module = module::store::find_told(tx, home, environment.application).await?;
    Ok(Entry { group_missing: environment.requires_group && groups.is_empty(), groups, module })
}
