//! The SQL of what people accepted.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

statements! {
    HAS = "SELECT EXISTS (SELECT 1 FROM terms_acceptances WHERE user_id = $1 AND terms = $2 AND version = $3)";
    LIST = "SELECT user_id, terms, version, language, accepted_at FROM terms_acceptances WHERE user_id = $1
        ORDER BY accepted_at DESC, terms, version DESC LIMIT 500";
    INSERT = "INSERT INTO terms_acceptances (user_id, terms, version, language, accepted_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, terms, version) DO NOTHING";
}

/// That somebody accepted a version of a document.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Acceptance {
    /// Who.
    pub user_id: UserId,
    /// The document.
    pub terms: String,
    /// Its version.
    pub version: i64,
    /// In which language it was shown.
    pub language: String,
    /// When.
    pub accepted_at: Timestamp,
}

/// Whether somebody accepted a version.
pub async fn has(tx: &mut Tx, user: UserId, terms: &str, version: u32) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(HAS).bind(user).bind(terms).bind(i64::from(version)).fetch_one(c).await)?)
}

/// Everything that somebody accepted, the latest first.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<Vec<Acceptance>> {
    Ok(on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?)
}

/// What some people accepted of documents that roles name: one statement, however many they are.
pub async fn list_all(tx: &mut Tx, users: &[UserId]) -> db::Result<Vec<Acceptance>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT user_id, terms, version, language, accepted_at FROM terms_acceptances WHERE user_id IN (NULL",
        );
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(")").build_query_as().fetch_all(c).await
    })?)
}

/// Remembers it once: `false` if it was there already, whoever of two came first.
pub(super) async fn insert(tx: &mut Tx, new: &Acceptance) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT).bind(new.user_id).bind(&new.terms).bind(new.version).bind(&new.language)
        .bind(new.accepted_at).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done > 0)
}
