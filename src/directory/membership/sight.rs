//! Which memberships a caller sees, as a condition on a query over `memberships m`, `groups g` and `users u` (D8).

use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::authority::{ApplicationScope, Scope};
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::time::Timestamp;

/// What a caller sees.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// Whose memberships.
    pub people: &'a Scope,
    /// In the groups of which applications, and of people where.
    pub groups: &'a ApplicationScope,
    /// Those that have not ended at this instant.
    pub now: Timestamp,
}

impl Sight<'_> {
    /// Appends that the membership has not ended and that the caller sees it.
    pub(super) fn push_condition<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
        for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    {
        query.push("u.deleted_at IS NULL AND (m.until IS NULL OR m.until > ").push_bind(self.now).push(") AND ");
        self.push_seen(query, "u.organisation_id");
    }

    /// Appends that the caller sees memberships in the group `g` of people at home in `home`.
    pub(super) fn push_seen<DB>(&self, query: &mut QueryBuilder<DB>, home: &'static str)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    {
        self.groups.push_condition(query, ("g.application_id", home));
        // Most callers see people wherever they see memberships; nothing is asked twice for them.
        if !self.groups.is_spanned_by(self.people) {
            query.push(" AND ");
            self.people.push_condition(query, home);
        }
    }
}
