//! The same rule for lists: which organisations and applications a permission reaches, and its SQL condition.

use sqlx::QueryBuilder;

use super::model::{Assignment, Authority, Extent};
use super::permission::Permission;
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::time::Timestamp;

/// What a principal reaches with some permissions; a list shows what is inside of it and nothing else (D8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Everywhere,
    /// These nodes and subtrees; empty means nothing.
    Within(Vec<Extent>),
}

impl Scope {
    /// The organisations that any of the permissions reaches.
    pub fn of(authority: &Authority, permissions: &[Permission], now: Timestamp) -> Self {
        Self::reached(permissions.iter().flat_map(|permission| authority.holding(*permission, now)))
    }

    /// The organisations that any of the permissions reaches for one application.
    pub fn of_application(
        authority: &Authority,
        permissions: &[Permission],
        application: ApplicationId,
        now: Timestamp,
    ) -> Self {
        let held = permissions.iter().flat_map(|permission| authority.holding(*permission, now));
        Self::reached(held.filter(|assignment| assignment.applications.contains(application)))
    }

    pub(super) fn reached<'a>(assignments: impl Iterator<Item = &'a Assignment>) -> Self {
        let mut extents = Vec::new();
        for assignment in assignments {
            if assignment.extent == Extent::Everywhere {
                return Self::Everywhere;
            }
            if !extents.contains(&assignment.extent) {
                extents.push(assignment.extent);
            }
        }
        Self::Within(extents)
    }

    /// Nothing.
    pub fn nowhere() -> Self {
        Self::Within(Vec::new())
    }

    /// The people whom a principal may see: those it administers, and those to whom it gives access (`ReadUser`).
    pub fn of_people(authority: &Authority, now: Timestamp) -> Self {
        Self::of(authority, &[Permission::UserRead, Permission::MembershipAssign], now)
    }

    /// The people whose e-mail addresses and phone numbers a principal sees (`ReadContact`); always some of
    /// [`Self::of_people`]. Of all others they can be neither filtered nor sorted by (D8; decision 13).
    pub fn of_contacts(authority: &Authority, now: Timestamp) -> Self {
        Self::reached(authority.reading_contacts(now))
    }

    /// Whether everything of `other` is seen to be inside without a look at the tree; `false` says nothing.
    pub fn spans(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Everywhere, _) => true,
            (Self::Within(_), Self::Everywhere) => false,
            (Self::Within(mine), Self::Within(theirs)) => theirs.iter().all(|extent| mine.contains(extent)),
        }
    }

    /// Whether nothing is inside.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Within(extents) if extents.is_empty())
    }

    /// The nodes at which the scope is anchored, with whether it goes on below; empty for [`Scope::Everywhere`], and without
    /// what somebody's organisation manages ([`Self::managers`]).
    pub fn anchors(&self) -> Vec<(OrganisationId, bool)> {
        let Self::Within(extents) = self else { return Vec::new() };
        let anchors = extents.iter().filter_map(|extent| match extent {
            Extent::Subtree(id) | Extent::Country(id) => Some((*id, true)),
            Extent::Only(id) => Some((*id, false)),
            Extent::Everywhere | Extent::ManagedBy(_) => None,
        });
        anchors.collect()
    }

    /// The organisations of which it holds all that they manage.
    pub fn managers(&self) -> Vec<OrganisationId> {
        let Self::Within(extents) = self else { return Vec::new() };
        let managers = extents.iter().filter_map(|extent| match extent {
            Extent::ManagedBy(id) => Some(*id),
            _ => None,
        });
        managers.collect()
    }

    /// The same without the wider view of a country that Access Managers have (I41).
    #[must_use]
    pub fn without_country(self) -> Self {
        match self {
            Self::Everywhere => Self::Everywhere,
            Self::Within(mut extents) => {
                extents.retain(|extent| !matches!(extent, Extent::Country(_)));
                Self::Within(extents)
            }
        }
    }

    /// The same with the tops of countries for such views: where new authorities of a country stand (I12), and not below one that somebody
    /// else looks after.
    #[must_use]
    pub fn with_tops_of_countries(self) -> Self {
        let top = |extent| match extent {
            Extent::Country(top) => Extent::Only(top),
            other => other,
        };
        match self {
            Self::Everywhere => Self::Everywhere,
            Self::Within(extents) => Self::Within(extents.into_iter().map(top).collect()),
        }
    }

    /// Whether it has such a view.
    pub fn has_country(&self) -> bool {
        matches!(self, Self::Within(extents) if extents.iter().any(|extent| matches!(extent, Extent::Country(_))))
    }

    /// Whether the node with this path is inside.
    pub fn covers(&self, path: &OrganisationPath) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Within(extents) => extents.iter().any(|extent| extent.covers(path)),
        }
    }

    /// Appends the condition that `column` (an organisation id) is inside, as an indexed probe per row; call it in each
    /// arm of `on!`. `column` is a constant of the caller, never input.
    pub fn push_condition<DB>(&self, query: &mut QueryBuilder<DB>, column: &'static str)
    where
        DB: sqlx::Database,
        for<'q> OrganisationId: sqlx::Encode<'q, DB> + sqlx::Type<DB>,
    {
        let Self::Within(extents) = self else {
            query.push("TRUE");
            return;
        };
        query.push("(FALSE");
        for extent in extents {
            match extent {
                Extent::Everywhere => {
                    query.push(" OR TRUE");
                }
                Extent::Only(id) => {
                    query.push(" OR ").push(column).push(" = ").push_bind(*id);
                }
                Extent::ManagedBy(id) => {
                    query.push(" OR EXISTS (SELECT 1 FROM access_managers sm WHERE sm.organisation_id = ").push(column);
                    query.push(" AND sm.manager_id = ").push_bind(*id).push(")");
                }
                Extent::Subtree(id) | Extent::Country(id) => {
                    query
                        .push(" OR EXISTS (SELECT 1 FROM organisation_closure sc WHERE sc.descendant_id = ")
                        .push(column);
                    query.push(" AND sc.ancestor_id = ").push_bind(*id).push(")");
                }
            }
        }
        query.push(")");
    }
}
