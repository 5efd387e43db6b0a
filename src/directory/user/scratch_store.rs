//! The SQL by which somebody is removed who never was anybody.

use crate::db::{self, Tx, on, statements};
use crate::directory::external_id_store::{self, ResourceKind};
use crate::kernel::ids::{ClientId, OrganisationId, UserId};

statements! {
    FIND = "SELECT organisation_id, deleted_at IS NOT NULL FROM users WHERE id = $1
        AND created_by_kind = 'service' AND created_by_id = $2 AND email IS NULL AND phone IS NULL AND activated_at IS NULL";
    REMOVE_ROLE_APPLICATIONS = "DELETE FROM role_assignment_applications WHERE assignment_id IN (
        SELECT id FROM role_assignments WHERE principal_kind = 'person' AND principal_id = $1)";
    REMOVE_ROLES = "DELETE FROM role_assignments WHERE principal_kind = 'person' AND principal_id = $1";
    REMOVE_CHANGES = "DELETE FROM signal_changes WHERE user_id = $1";
    REMOVE = "DELETE FROM users WHERE id = $1";
}

/// Whom a service made and nobody can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scratch {
    pub(super) organisation: OrganisationId,
    pub(super) deleted: bool,
}

/// Somebody whom this service made, who has no address and was never anybody.
pub(super) async fn find(tx: &mut Tx, user: UserId, made_by: ClientId) -> db::Result<Option<Scratch>> {
    let found: Option<(OrganisationId, bool)> =
        on!(tx, c => sqlx::query_as(FIND).bind(user).bind(made_by).fetch_optional(c).await)?;
    Ok(found.map(|(organisation, deleted)| Scratch { organisation, deleted }))
}

/// Removes them with all that came with them.
pub(super) async fn remove(tx: &mut Tx, user: UserId) -> db::Result<()> {
    external_id_store::remove_all(tx, ResourceKind::User, user.0).await?;
    for sql in [REMOVE_ROLE_APPLICATIONS, REMOVE_ROLES, REMOVE_CHANGES, REMOVE] {
        on!(tx, c => sqlx::query(sql).bind(user).execute(c).await.map(drop))?;
    }
    Ok(())
}
