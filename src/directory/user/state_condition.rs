//! The states of accounts and passwords as conditions in SQL: the same as those that [`super::model::User`] works out.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::{PasswordStatus, Status};
use crate::kernel::time::Timestamp;

/// Appends that the account of `users u` is in this state, in the same order of strength as `User::status`.
pub(super) fn push_status<DB>(query: &mut QueryBuilder<DB>, status: Status, now: Timestamp)
where
    DB: Database,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    match status {
        Status::Deleted => {
            query.push("FALSE");
        }
        Status::Blocked => {
            query.push("u.blocked");
        }
        Status::Deactivated => {
            query.push("(NOT u.blocked AND NOT u.active)");
        }
        Status::Expired => {
            query.push("(NOT u.blocked AND u.active AND u.account_expires_at IS NOT NULL AND u.account_expires_at <= ");
            query.push_bind(now).push(")");
        }
        Status::New | Status::Active => {
            query.push("(NOT u.blocked AND u.active AND (u.account_expires_at IS NULL OR u.account_expires_at > ");
            query.push_bind(now);
            query.push(if status == Status::New {
                ") AND u.activated_at IS NULL)"
            } else {
                ") AND u.activated_at IS NOT NULL)"
            });
        }
    }
}

/// Appends that the password is in this state; those set at `expired_since` or before have expired.
pub(super) fn push_password<DB>(query: &mut QueryBuilder<DB>, status: PasswordStatus, expired_since: Option<Timestamp>)
where
    DB: Database,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    match (status, expired_since) {
        (PasswordStatus::Blocked, _) => {
            query.push("u.blocked");
        }
        (PasswordStatus::Temporary, _) => {
            query.push("(NOT u.blocked AND u.password_changed_at IS NULL)");
        }
        (PasswordStatus::Valid, None) => {
            query.push("(NOT u.blocked AND u.password_changed_at IS NOT NULL)");
        }
        (PasswordStatus::Valid, Some(since)) => {
            query.push("(NOT u.blocked AND u.password_changed_at IS NOT NULL AND u.password_changed_at > ");
            query.push_bind(since).push(")");
        }
        (PasswordStatus::Expired, None) => {
            query.push("FALSE");
        }
        (PasswordStatus::Expired, Some(since)) => {
            query.push("(NOT u.blocked AND u.password_changed_at IS NOT NULL AND u.password_changed_at <= ");
            query.push_bind(since).push(")");
        }
    }
}
