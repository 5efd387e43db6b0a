//! Whose memberships of which applications a permission reaches, and its SQL condition.

use std::collections::BTreeSet;

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::{Applications, Assignment, Authority};
use super::permission::Permission;
use super::scope::Scope;
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::time::Timestamp;

/// Applications, each with where it is reached: what somebody may see of one application in one place says nothing of another place
/// (D2, D8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationScope(Vec<(Applications, Scope)>);

impl ApplicationScope {
    /// What any of the permissions reaches.
    pub fn of(authority: &Authority, permissions: &[Permission], now: Timestamp) -> Self {
        let mut held: Vec<(&Applications, Vec<&Assignment>)> = Vec::new();
        for assignment in permissions.iter().flat_map(|permission| authority.holding(*permission, now)) {
            match held.iter_mut().find(|(applications, _)| **applications == assignment.applications) {
                Some((_, together)) => together.push(assignment),
                None => held.push((&assignment.applications, vec![assignment])),
            }
        }
        let together = |(applications, held): (&Applications, Vec<&Assignment>)| {
            (applications.clone(), Scope::reached(held.into_iter()))
        };
        Self(held.into_iter().map(together).collect())
    }

    /// Everything.
    pub fn everything() -> Self {
        Self(vec![(Applications::All, Scope::Everywhere)])
    }

    /// Nothing.
    pub fn nothing() -> Self {
        Self(Vec::new())
    }

    /// The applications that are reached anywhere: of other groups it is not even told that they are there.
    pub fn applications(&self) -> Applications {
        let mut set = BTreeSet::new();
        for (applications, _) in &self.0 {
            match applications {
                Applications::All => return Applications::All,
                Applications::Only(some) => set.extend(some),
            }
        }
        Applications::Only(set)
    }

    /// The applications that are reached at one place.
    pub fn at(&self, place: &OrganisationPath) -> Applications {
        let here = self.0.iter().filter(|(_, places)| places.covers(place));
        Self(here.cloned().collect()).applications()
    }

    /// Each set of applications, and where it is reached.
    pub fn parts(&self) -> &[(Applications, Scope)] {
        &self.0
    }

    /// Whether every place of it is seen to be inside of `people` without a look at the tree; `false` says nothing.
    pub fn is_spanned_by(&self, people: &Scope) -> bool {
        self.0.iter().all(|(_, places)| people.spans(places))
    }

    /// Appends the condition that a membership is reached, by the columns of its application and of the home of its member, which are
    /// constants of the caller, never input.
    pub fn push_condition<DB>(&self, query: &mut QueryBuilder<DB>, columns: (&'static str, &'static str))
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    {
        self.push_condition_within(query, columns, None);
    }

    /// The same where each member is known to be at home within `known`: what spans that is not asked again.
    pub fn push_condition_within<DB>(
        &self,
        query: &mut QueryBuilder<DB>,
        (application, home): (&'static str, &'static str),
        known: Option<&Scope>,
    ) where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    {
        query.push("(FALSE");
        for (applications, places) in &self.0 {
            query.push(" OR ");
            applications.push_condition(query, application);
            if !known.is_some_and(|known| places.spans(known)) {
                query.push(" AND ");
                places.push_condition(query, home);
            }
        }
        query.push(")");
    }
}

impl Applications {
    /// Appends the condition that `column` is one of them; a constant of the caller, never input.
    pub fn push_condition<DB>(&self, query: &mut QueryBuilder<DB>, column: &'static str)
    where
        DB: Database,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    {
        let Self::Only(set) = self else {
            query.push("TRUE");
            return;
        };
        query.push(column).push(" IN (NULL");
        for application in set {
            query.push(", ").push_bind(*application);
        }
        query.push(")");
    }
}
