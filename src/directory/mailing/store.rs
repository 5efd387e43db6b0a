//! The SQL of mailings: a fixed number of statements, however many people are written to.

use sqlx::QueryBuilder;

use super::model::Recipient;
use crate::authority::Scope;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{MailingId, OrganisationId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO mailings (id, sender_id, recipients, digest, sent_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id";
    FIND_DIGEST = "SELECT digest FROM mailings WHERE id = $1";
    COUNT_SINCE = "SELECT COUNT(*) FROM mailings WHERE sender_id = $1 AND sent_at > $2";
    REMOVE_OLD = "DELETE FROM mailings WHERE sent_at <= $1";
}

/// Who can be reached now; a home that is deactivated, itself or above, reaches nobody (I79).
macro_rules! usable {
    () => {
        " AND u.email IS NOT NULL AND u.email_verified AND u.active AND NOT u.blocked AND u.activated_at IS NOT NULL AND u.deleted_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM organisation_closure uc JOIN organisations up ON up.id = uc.ancestor_id
        WHERE uc.descendant_id = u.organisation_id AND up.status <> 'active') AND (u.account_expires_at IS NULL OR u.account_expires_at > "
    };
}

/// The organisations in use inside a scope whose name holds a text: id and name, by name.
pub async fn list_places(
    tx: &mut Tx,
    scope: &Scope,
    name: &str,
    limit: i64,
) -> db::Result<Vec<(OrganisationId, String)>> {
    let name = fold(name).replace('\0', "").replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.id, o.name FROM organisations o WHERE o.status = 'active' AND ");
        scope.push_condition(&mut query, "o.id");
        query.push(" AND NOT EXISTS (SELECT 1 FROM organisation_closure uc JOIN organisations up ON up.id = uc.ancestor_id");
        query.push(" WHERE uc.descendant_id = o.id AND up.status <> 'active')");
        if !name.is_empty() {
            query.push(" AND o.name_folded LIKE ").push_bind(format!("%{name}%")).push(" ESCAPE '\\'");
        }
        query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?)
}

/// The people at home in some organisations.
pub async fn list_everybody(
    tx: &mut Tx,
    organisations: &[OrganisationId],
    now: Timestamp,
    limit: i64,
) -> db::Result<Vec<Recipient>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT u.id, u.given_name, u.email, u.locale FROM users u WHERE u.organisation_id IN (NULL");
        for id in organisations {
            query.push(", ").push_bind(*id);
        }
        query.push(concat!(")", usable!())).push_bind(now);
        query.push(") ORDER BY u.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?)
}

/// The people who hold one of some roles at some organisations now.
pub async fn list_administrators(
    tx: &mut Tx,
    (organisations, roles): (&[OrganisationId], &[String]),
    now: Timestamp,
    limit: i64,
) -> db::Result<Vec<Recipient>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT u.id, u.given_name, u.email, u.locale FROM users u WHERE u.id IN (SELECT r.principal_id FROM role_assignments r
            WHERE r.principal_kind = 'person' AND r.state = 'active' AND r.project_id IS NULL AND r.role IN (NULL",
        );
        for role in roles {
            query.push(", ").push_bind(role);
        }
        query.push(") AND r.organisation_id IN (NULL");
        for id in organisations {
            query.push(", ").push_bind(*id);
        }
        query.push(") AND r.valid_from <= ").push_bind(now);
        query.push(" AND (r.valid_until IS NULL OR r.valid_until > ").push_bind(now);
        query.push(concat!("))", usable!())).push_bind(now);
        query.push(") ORDER BY u.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?)
}

/// How many mailings somebody has sent since then.
pub async fn count_since(tx: &mut Tx, sender: UserId, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_SINCE).bind(sender).bind(since).fetch_one(c).await)?)
}

/// The digest of one that was sent; inside `None` for one of a version that kept none.
pub(super) async fn find_digest(tx: &mut Tx, id: MailingId) -> db::Result<Option<Option<Vec<u8>>>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_DIGEST).bind(id).fetch_optional(c).await)?)
}

/// Remembers one; `false` if it was sent before.
pub(super) async fn insert(
    tx: &mut Tx,
    (id, sender): (MailingId, UserId),
    (recipients, digest): (usize, &Digest),
    now: Timestamp,
) -> db::Result<bool> {
    let recipients = i64::try_from(recipients).unwrap_or(i64::MAX);
    let row: Option<(MailingId,)> = on!(tx, c =>
        sqlx::query_as(INSERT).bind(id).bind(sender).bind(recipients).bind(digest.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Forgets those that limit nobody any more.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?)
}
