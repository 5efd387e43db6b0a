//! What an application is.

use crate::directory::module::model::ModuleRules;
use crate::kernel::ids::{ApplicationId, EnvironmentId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// An application of the institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// Short upper-case code, unique (`IMAS`).
    pub code: String,
    /// Its name as shown.
    pub name: String,
    /// One or two sentences.
    pub description: String,
    /// Where its manual is (C11, E92).
    pub documentation_url: Option<String>,
    /// Whether organisations need module access to it.
    pub modules: ModuleRules,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Raised by each change.
    pub version: i64,
}

/// One environment of an application: its own tile, its own clients, its own groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its id.
    pub id: EnvironmentId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// `production`, `pre-production` …, unique in the application.
    pub code: String,
    /// The title of the tile (`CASPER Pre-Production`).
    pub title: String,
    /// What group codes of this environment start with: empty for production, `A-` for pre-production (C07).
    pub group_prefix: String,
    /// Where a tile leads: the application's `initiate_login_uri` (OIDC Core §4).
    pub launch_url: Option<String>,
    /// Whether a person without any group of this environment is refused (E31).
    pub requires_group: bool,
    /// How strongly whoever enters has to prove who they are.
    pub second_factor: Strength,
    /// When it was created.
    pub created_at: Timestamp,
}
