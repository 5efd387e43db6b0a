//! The SQL of what a decision on a registration needs to know.

use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, RegistrationId, UserId};

statements! {
    FIND = "SELECT r.parent_id, r.approved_by_kind, r.approved_by_id, u.id AS applicant FROM registrations r
        LEFT JOIN users u ON u.email_folded = r.email_folded AND u.deleted_at IS NULL WHERE r.id = $1";
}

/// Where it would stand, and who has spoken for it.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) parent_id: OrganisationId,
    pub(super) approved_by_kind: Option<String>,
    pub(super) approved_by_id: Option<Uuid>,
    /// Who owns the invited address, if anybody does.
    pub(super) applicant: Option<UserId>,
}

pub(super) async fn find(tx: &mut Tx, id: RegistrationId) -> db::Result<Option<Row>> {
    Ok(on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?)
}
