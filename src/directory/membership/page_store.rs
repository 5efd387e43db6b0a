//! Memberships as a list of their own: pages in a caller's scope, of one person, one group, or all. What is out of sight is not read (D8).

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::sight::Sight;
use crate::authority::Reach;
use crate::db::{self, Tx, on, statements};
use crate::directory::listing::{Part, Where};
use crate::directory::listing_store;
use crate::directory::organisation;
use crate::kernel::ids::{ApplicationId, GroupId, MembershipId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    COUNT_MEMBERS = "SELECT COUNT(*) FROM (SELECT 1 FROM memberships WHERE group_id = $1 LIMIT $2) members";
}

/// The column of its ids.
pub const ID: &str = "m.id";
/// Who.
pub const USER: &str = "m.user_id";
/// In which group.
pub const GROUP: &str = "m.group_id";
/// The application of the group.
pub const APPLICATION: &str = "g.application_id";
/// Since when.
pub const GRANTED_AT: &str = "m.granted_at";
/// Its end.
pub const UNTIL: &str = "m.until";

/// A membership as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: MembershipId,
    /// Who.
    pub user_id: UserId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Which group.
    pub group_id: GroupId,
    /// Its name.
    pub display_name: String,
    /// Of which application.
    pub application_id: ApplicationId,
    /// Since when.
    pub granted_at: Timestamp,
    /// From this instant on it has no effect (D12).
    pub until: Option<Timestamp>,
}

/// Where a list is begun: with the memberships, or with the people of few organisations. The joins keep the order they are written in
/// (SQLite); PostgreSQL chooses by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Walk,
    Gather,
}

impl Way {
    fn from(self) -> &'static str {
        match self {
            Self::Walk => {
                " FROM memberships m CROSS JOIN groups g CROSS JOIN users u WHERE g.id = m.group_id AND u.id = m.user_id"
            }
            Self::Gather => {
                " FROM users u CROSS JOIN memberships m CROSS JOIN groups g WHERE m.user_id = u.id AND g.id = m.group_id"
            }
        }
    }
}

/// Whether every row that meets it belongs to one person, or is one: an index leads to them.
fn is_pointed(condition: &Where) -> bool {
    match condition {
        Where::Constant(all) => !all,
        Where::And(left, right) => is_pointed(left) || is_pointed(right),
        Where::Or(left, right) => is_pointed(left) && is_pointed(right),
        Where::Id(column, _) => matches!(*column, ID | USER),
        _ => false,
    }
}

/// The group that every row which meets it is in.
fn group_of(condition: &Where) -> Option<Uuid> {
    match condition {
        Where::And(left, right) => group_of(left).or_else(|| group_of(right)),
        Where::Id(GROUP, id) => Some(*id),
        _ => None,
    }
}

/// The cheaper way to a page of so many rows, and to the number of all.
fn ways(rows: i64, (reach, all): (i64, i64), is_pointed: bool) -> (Way, Way) {
    let gather = |few: bool| if few && !is_pointed { Way::Gather } else { Way::Walk };
    // To fill a page, a walk goes past all / reach memberships for each that it shows.
    let page = reach.saturating_mul(reach) < rows.max(1).saturating_mul(all);
    (gather(page), gather(reach < all / 2))
}

/// A part of those in sight that have not ended, and how many there are in all.
pub async fn part(tx: &mut Tx, sight: Sight<'_>, part: &Part) -> db::Result<(i64, Vec<Listed>)> {
    let reach = Reach::of(tx, sight.people, None).await?;
    let mut is_pointed = is_pointed(&part.condition) || reach.is_everywhere();
    let mut sizes = (i64::MAX, i64::MAX);
    if !is_pointed {
        sizes = (reach.count(tx).await?, organisation::people_store::count_all(tx).await?);
        if let Some(group) = group_of(&part.condition) {
            // A group with fewer members than there are people in sight is gone through by itself.
            let members: i64 =
                on!(tx, c => sqlx::query_scalar(COUNT_MEMBERS).bind(group).bind(sizes.0).fetch_one(c).await)?;
            is_pointed = members < sizes.0;
        }
    }
    let (page, number) = ways(part.offset.saturating_add(part.limit), sizes, is_pointed);
    let rows = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.id, m.user_id, u.given_name, u.family_name, m.group_id, g.display_name, g.application_id, m.granted_at, m.until",
        );
        push_sight(&mut query, page, sight, &reach);
        listing_store::push_part(&mut query, part, ID);
        query.build_query_as().fetch_all(c).await
    })?;
    let total = match part.counted {
        Some(total) => total,
        None => on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*)");
            push_sight(&mut query, number, sight, &reach);
            listing_store::push(&mut query, &part.condition);
            query.build_query_scalar().fetch_one(c).await
        })?,
    };
    Ok((total, rows))
}

fn push_sight<DB>(query: &mut QueryBuilder<DB>, way: Way, sight: Sight<'_>, reach: &Reach)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    query.push(way.from()).push(" AND u.deleted_at IS NULL AND (m.until IS NULL OR m.until > ").push_bind(sight.now);
    query.push(") AND ");
    sight.groups.push_condition(query, (APPLICATION, "u.organisation_id"));
    query.push(" AND ");
    match way {
        Way::Walk => reach.push_probe(query, "u.organisation_id"),
        Way::Gather => reach.push_members(query, "u.organisation_id"),
    }
    query.push(" AND ");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_begins_with_people_where_few_are_in_sight() {
        for (reach, page, number) in
            [(90, Way::Gather, Way::Gather), (30_000, Way::Walk, Way::Gather), (900_000, Way::Walk, Way::Walk)]
        {
            assert_eq!(ways(100, (reach, 1_000_000), false), (page, number), "{reach}");
            assert_eq!(ways(100, (reach, 1_000_000), true), (Way::Walk, Way::Walk), "{reach}");
        }
        assert_eq!(ways(100, (i64::MAX, i64::MAX), false), (Way::Walk, Way::Walk));
    }

    #[test]
    fn a_filter_points_where_every_way_to_meet_it_names_a_person() {
        let id = |column| Box::new(Where::Id(column, Uuid::nil()));
        assert!(is_pointed(&Where::And(id(GROUP), id(USER))) && is_pointed(&Where::Or(id(ID), id(USER))));
        assert!(!is_pointed(&Where::Or(id(GROUP), id(USER))) && !is_pointed(&Where::Not(id(USER))));
        assert!(!is_pointed(&id(GROUP)) && !is_pointed(&Where::Constant(true)));
        assert_eq!(group_of(&Where::And(id(UNTIL), id(GROUP))), Some(Uuid::nil()));
        assert_eq!(group_of(&Where::Or(id(GROUP), id(USER))), None);
    }
}
