//! What a group is.

use serde_json::{Map, Value};

use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId};
use crate::kernel::time::Timestamp;

/// A group of one application and environment, for example `IMAS_PORTAL_USER`.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// The environment it belongs to.
    pub environment: EnvironmentId,
    /// Unique code with the environment's prefix; never changes; the value in the `groups` claim (E57).
    pub code: String,
    /// Its name as shown.
    pub display_name: String,
    /// What it allows, for whoever gives it (C10).
    pub description: String,
    /// Where it is explained (C11).
    pub documentation_url: Option<String>,
    /// Whether credential changes of its members need a second person (`decisions.md` 5).
    pub sensitive: bool,
    /// SCIM attributes that have no column.
    pub scim: Map<String, Value>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by each change of the group itself; its members have versions of their own (`membership::change_store`).
    pub version: i64,
}
