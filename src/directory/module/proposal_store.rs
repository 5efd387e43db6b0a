//! The SQL of proposals: which organisations should hold a module.

use sqlx::QueryBuilder;

use crate::authority::ApplicationScope;
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

/// A module for which organisations were proposed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Which.
    pub application: ApplicationId,
    /// Its name.
    pub name: String,
    /// How many organisations wait.
    pub waiting: i64,
}

/// The modules for which organisations wait within what `reach` has, by name: one statement, however many modules there are. It counts
/// what the roll-out of each of them lists as proposed (`candidates_store.rs`), and nothing outside of the scope (D8).
pub async fn list_waiting(tx: &mut Tx, reach: &ApplicationScope) -> db::Result<Vec<Waiting>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT a.id AS application, a.name, COUNT(*) AS waiting FROM module_proposals p
            JOIN applications a ON a.id = p.application_id JOIN organisations o ON o.id = p.organisation_id
            WHERE a.module_access = 'required' AND o.status = 'active' AND NOT EXISTS (SELECT 1 FROM module_accesses m
            WHERE m.organisation_id = p.organisation_id AND m.application_id = p.application_id) AND ",
        );
        reach.push_condition(&mut query, ("p.application_id", "p.organisation_id"));
        query.push(" GROUP BY a.id, a.name ORDER BY a.name, a.id").build_query_as().fetch_all(c).await
    })?)
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
