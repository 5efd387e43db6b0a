//! The SQL of addresses and numbers that wait to take effect (D15, `decisions.md` 5).

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::model::User;
use super::row_store::UserRow;
use crate::directory::stored::principal;

/// Holds (or is about to hold) a role, as a deputy too, or is in a group marked sensitive, if by way of another one, at `$1`: then a second
/// administrator is needed.
macro_rules! guarded {
    () => {
        "(EXISTS (SELECT 1 FROM role_assignments a WHERE a.principal_kind = 'person' AND a.principal_id = u.id
            AND a.state <> 'revoked' AND (a.valid_until IS NULL OR a.valid_until > $1))
        OR EXISTS (SELECT 1 FROM deputies d WHERE d.deputy_id = u.id AND d.ended_at IS NULL AND d.valid_until > $1)
        OR EXISTS (SELECT 1 FROM memberships m JOIN group_closure i ON i.inner_id = m.group_id JOIN groups g ON g.id = i.outer_id
            WHERE m.user_id = u.id AND g.sensitive AND (m.until IS NULL OR m.until > $1)))"
    };
}

/// Waited since `$2` or longer, or its owner agreed; and approved where that is needed.
macro_rules! due {
    () => {
        concat!(
            "u.pending_since IS NOT NULL AND (u.pending_since <= $2 OR u.pending_confirmed_at IS NOT NULL)
            AND u.deleted_at IS NULL AND (u.pending_approved_at IS NOT NULL OR NOT ",
            guarded!(),
            ")"
        )
    };
}

statements! {
    IS_GUARDED = concat!("SELECT COUNT(*) FROM users u WHERE u.id = $2 AND ", guarded!());
    LIST_DUE = concat!("SELECT u.* FROM users u WHERE ", due!(), " ORDER BY u.pending_since, u.id LIMIT $3");
    LIST_DUE_OF = concat!("SELECT u.* FROM users u WHERE (u.email_folded = $3 OR u.pending_email_folded = $3) AND ", due!(),
        " ORDER BY u.pending_since, u.id LIMIT 10");
    COUNT_HELD = "SELECT (SELECT COUNT(*) FROM memberships m WHERE m.user_id = $1)
        + (SELECT COUNT(*) FROM role_assignments a WHERE a.principal_kind = 'person' AND a.principal_id = $1 AND a.state <> 'revoked')
        + (SELECT COUNT(*) FROM deputies d WHERE d.deputy_id = $1)";
    LIST_PROPOSERS = "SELECT pending_email_by_kind, pending_email_by_id, pending_phone_by_kind, pending_phone_by_id FROM users
        WHERE id = $1 AND pending_since IS NOT NULL";
}

/// Whether a change of this person's address needs a second administrator (`decisions.md` 5).
pub async fn is_guarded(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(IS_GUARDED).bind(now).bind(user).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Whether the account opens anything: a group or a role, also as a deputy, present, past or proposed.
pub(super) async fn holds_anything(tx: &mut Tx, user: UserId) -> db::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT_HELD).bind(user).fetch_one(c).await)?;
    Ok(count > 0)
}

/// People whose change has waited since `before`, the oldest first.
pub async fn list_due(tx: &mut Tx, before: Timestamp, now: Timestamp, limit: i64) -> db::Result<Vec<User>> {
    let rows: Vec<UserRow> =
        on!(tx, c => sqlx::query_as(LIST_DUE).bind(now).bind(before).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(UserRow::into_model).collect()
}

/// The same, as far as they have this address or wait for it.
pub(super) async fn list_due_of(tx: &mut Tx, email: &str, before: Timestamp, now: Timestamp) -> db::Result<Vec<User>> {
    let rows: Vec<UserRow> =
        on!(tx, c => sqlx::query_as(LIST_DUE_OF).bind(now).bind(before).bind(fold(email)).fetch_all(c).await)?;
    rows.into_iter().map(UserRow::into_model).collect()
}

/// Of the address and of the number that wait: who asked for it.
type Askers = (Option<String>, Option<uuid::Uuid>, Option<String>, Option<uuid::Uuid>);

/// Who asked for what waits; nobody if nothing does.
pub(crate) async fn list_proposers(tx: &mut Tx, user: UserId) -> db::Result<Vec<PrincipalId>> {
    let row: Option<Askers> = on!(tx, c => sqlx::query_as(LIST_PROPOSERS).bind(user).fetch_optional(c).await)?;
    let Some((email_kind, email_by, phone_kind, phone_by)) = row else { return Ok(Vec::new()) };
    let both = [email_kind.zip(email_by), phone_kind.zip(phone_by)];
    both.into_iter().flatten().map(|(kind, id)| principal(&kind, id)).collect()
}
