//! The SQL of proposals: which organisations should hold a module.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO module_proposals (application_id, organisation_id, proposed_at, proposed_by_kind, proposed_by_id)
        VALUES ($1, $2, $3, $4, $5)";
    REMOVE = "DELETE FROM module_proposals WHERE application_id = $1 AND organisation_id = $2";
    REMOVE_OF_ORGANISATION = "DELETE FROM module_proposals WHERE organisation_id = $1";
    REMOVE_OF_APPLICATION = "DELETE FROM module_proposals WHERE application_id = $1";
    FIND = "SELECT proposed_at FROM module_proposals WHERE application_id = $1 AND organisation_id = $2";
}

/// Adds a proposal.
pub(super) async fn insert(
    tx: &mut Tx,
    (organisation, application): (OrganisationId, ApplicationId),
    by: PrincipalId,
    at: Timestamp,
) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT)
        .bind(application).bind(organisation).bind(at).bind(by.kind()).bind(by.uuid())
        .execute(c).await.map(drop))?)
}

/// Takes a proposal away; `false` if there is none.
pub(super) async fn remove(tx: &mut Tx, organisation: OrganisationId, application: ApplicationId) -> db::Result<bool> {
    let done = on!(tx, c =>
        sqlx::query(REMOVE).bind(application).bind(organisation).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Takes away what was proposed for an organisation that goes.
pub(in crate::directory) async fn remove_of_organisation(tx: &mut Tx, organisation: OrganisationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_OF_ORGANISATION).bind(organisation).execute(c).await.map(drop))?)
}

/// Takes away what was proposed for an application that goes.
pub(in crate::directory) async fn remove_of_application(tx: &mut Tx, application: ApplicationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_OF_APPLICATION).bind(application).execute(c).await.map(drop))?)
}

/// When an organisation was proposed, if it is.
pub async fn find(
    tx: &mut Tx,
    organisation: OrganisationId,
    application: ApplicationId,
) -> db::Result<Option<Timestamp>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(application).bind(organisation).fetch_optional(c).await)?)
}
