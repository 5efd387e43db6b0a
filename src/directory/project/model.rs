//! What a stored project is.

use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::time::Timestamp;

/// Most organisations in one project.
pub const MAX_ORGANISATIONS: usize = 200;

/// Something that several organisations do together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// The acronym or number by which people know it; unique whatever its case.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// One of the profile's phases.
    pub phase: String,
    /// The organisation that coordinates it; takes part as well.
    pub coordinator: OrganisationId,
    /// When it was over; no roles are given afterwards.
    pub closed_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counted up with each change.
    pub version: i64,
}

/// What a form says about a new project.
#[derive(Clone, Debug)]
pub struct NewProject {
    /// The acronym or number.
    pub code: String,
    /// What it is about.
    pub title: String,
    /// Who coordinates it.
    pub coordinator: OrganisationId,
    /// Who else takes part.
    pub participants: Vec<OrganisationId>,
}
