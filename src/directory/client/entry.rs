//! Whether somebody may enter the application of a client, and what decides about it: read anew at each issue and at each change (D7).

use super::entry_store as store;
use crate::db::{self, Tx};
use crate::directory::module::model::Told;
use crate::kernel::ids::{EnvironmentId, UserId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// How somebody stands to an application.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Codes of the groups of the environment, sorted.
    pub groups: Vec<String>,
    /// How the home organisation stands to the module of the application.
    pub module: Told,
    /// How strongly the application and the home organisation ask them to prove who they are: the stronger of both.
    pub second_factor: Strength,
    group_missing: bool,
}

impl Entry {
    /// From what was read.
    pub(super) fn new(requires_group: bool, groups: Vec<String>, module: Told) -> Self {
        let (group_missing, second_factor) = (requires_group && groups.is_empty(), Strength::Any);
        Self { groups, module, second_factor, group_missing }
    }

    /// The same where so strong a sign-in is asked for.
    #[must_use]
    pub(super) fn asking(self, second_factor: Strength) -> Self {
        Self { second_factor, ..self }
    }

    /// No group of an application that asks for one (E31; OA-29, OA-57), or the home organisation has no access at all to its module,
    /// where it asks for that (D2). Suspended access is access: what is under way can be finished.
    pub fn is_refused(&self) -> bool {
        self.module == Told::Missing || self.group_missing
    }
}

/// Reads how somebody stands to the application of an environment; a client without one asks for nothing.
pub async fn find(tx: &mut Tx, user: UserId, environment: Option<EnvironmentId>, now: Timestamp) -> db::Result<Entry> {
    let found = match environment {
        Some(environment) => store::find(tx, user, environment, now).await?,
        None => None,
    };
    Ok(found.unwrap_or_else(|| Entry::new(false, Vec::new(), Told::NotAsked)))
}
