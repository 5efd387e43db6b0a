//! The condition that somebody is a member of a group, as far as the caller sees memberships (D8).

use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::authority::{ApplicationScope, Scope};
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId};
use crate::kernel::time::Timestamp;

/// Appends that the person `u`, who is at home within `known`, is a member now, if by way of another group. A group of an application that the caller does
/// not see, or not at that place, has no members (SC-03).
pub(in crate::directory) fn push_group<DB>(
    query: &mut QueryBuilder<DB>,
    (group, seen, known): (GroupId, &ApplicationScope, &Scope),
    now: Timestamp,
) where
    DB: Database,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> GroupId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    query.push("EXISTS (SELECT 1 FROM memberships m JOIN group_closure i ON i.inner_id = m.group_id JOIN groups g ON g.id = i.outer_id WHERE m.user_id = u.id AND i.outer_id = ");
    query.push_bind(group).push(" AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND ");
    seen.push_condition_within(query, ("g.application_id", "u.organisation_id"), Some(known));
    query.push(")");
}
