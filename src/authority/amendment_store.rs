//! The SQL of what a decision on a request to change an organisation needs to know.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{AmendmentId, OrganisationId, UserId};

statements! {
    FIND = "SELECT organisation_id, asked_by FROM amendments WHERE id = $1";
}

/// Which organisation it is about, and who asked.
pub(super) async fn find(tx: &mut Tx, id: AmendmentId) -> db::Result<Option<(OrganisationId, UserId)>> {
    Ok(on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?)
}
