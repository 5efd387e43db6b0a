//! The SQL of lists of people: filtered, sorted, counted, and never outside the searcher's scope (D8).
//!
//! Which way a list is read is decided in `search_plan.rs`; whichever it is, the same people come out.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::listed::{Listed, SELECTED};
use super::model::Status;
pub use super::search::{Search, SortBy};
use super::search::{containing, pieces};
use super::search_merge_store::{self as merge, Bound};
use super::search_plan::{FEW, Lead, MOST_HITS, MOST_PLACES, Sizes, Way};
use super::state_condition::{push_password, push_status};
use crate::authority::Reach;
use crate::db::{self, Tx, on, statements};
use crate::directory::membership::group_condition::push_group;
use crate::directory::organisation::people_store;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId};
use crate::kernel::time::Timestamp;

statements! {
    COUNT_IN_GROUP = "SELECT COUNT(*) FROM (SELECT 1 FROM group_closure i JOIN memberships m ON m.group_id = i.inner_id
        WHERE i.outer_id = $1 LIMIT $2) hits";
}

/// A search with what has to be known to read it.
struct Prepared<'a> {
    search: &'a Search,
    now: Timestamp,
    reach: Reach,
    people: i64,
    texts: Vec<(&'static str, String)>,
    pieces: Option<String>,
    sizes: Sizes,
}

/// Where the people of a page are taken from.
enum Source {
    By(Way),
    UpTo(Bound),
}

macro_rules! bounds {
    ($(#[$meta:meta])* fn $name:ident<DB>(&$self:ident, $($arg:ident: $type:ty),*) $body:block) => {
        $(#[$meta])*
        fn $name<DB>(&$self, $($arg: $type),*)
        where
            DB: Database,
            for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
            for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
            for<'q> GroupId: Encode<'q, DB> + Type<DB>,
            for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
            for<'q> i64: Encode<'q, DB> + Type<DB>,
            for<'q> String: Encode<'q, DB> + Type<DB>,
        $body
    };
}

impl<'a> Prepared<'a> {
    async fn new(tx: &mut Tx, search: &'a Search, now: Timestamp) -> db::Result<Self> {
        let reach = Reach::of(tx, &search.scope, search.organisation).await?;
        let people = reach.count(tx).await?;
        let texts = search.texts();
        let wide = search.group.is_some() || search.status.is_some() || search.password.is_some();
        let everywhere = reach.is_everywhere();
        let sizes = Sizes { all: people, reach: people, everywhere, hits: Vec::new(), wide, places: None };
        let mut prepared = Self { search, now, reach, people, pieces: pieces(&texts), texts, sizes };
        if people > FEW {
            prepared.sizes.all = if everywhere { people } else { people_store::count_all(tx).await? };
            prepared.estimate(tx).await?;
        }
        Ok(prepared)
    }

    /// Counts the hits of the filters that could lead, up to a limit.
    async fn estimate(&mut self, tx: &mut Tx) -> db::Result<()> {
        if let Some(pieces) = &self.pieces {
            let hits = count_texts(tx, pieces).await?;
            self.sizes.hits.push((Lead::Texts, hits));
        }
        if let Some((group, _)) = self.search.group {
            let hits: i64 =
                on!(tx, c => sqlx::query_scalar(COUNT_IN_GROUP).bind(group).bind(MOST_HITS).fetch_one(c).await)?;
            self.sizes.hits.push((Lead::Group, hits));
        }
        if let Some(condition) = self.search.status.and_then(rare) {
            let hits: i64 = on!(tx, c => {
                let mut query = QueryBuilder::new("SELECT COUNT(*) FROM (SELECT 1 FROM users s WHERE s.deleted_at IS NULL AND ");
                condition.push(&mut query, self.now);
                query.push(" LIMIT ").push_bind(MOST_HITS).push(") hits").build_query_scalar().fetch_one(c).await
            })?;
            self.sizes.hits.push((Lead::Status, hits));
        }
        Ok(())
    }

    async fn read(&self, tx: &mut Tx, way: Way, limit: i64, offset: i64) -> db::Result<Vec<Listed>> {
        let source = self.source(tx, way, offset.saturating_add(limit)).await?;
        Ok(on!(tx, c => {
            let mut query = QueryBuilder::new("");
            self.push_page(&mut query, &source, (limit, offset));
            query.build_query_as().fetch_all(c).await
        })?)
    }

    /// Where a merged page ends is asked first; where that cannot be told, everybody is gathered.
    async fn source(&self, tx: &mut Tx, way: Way, rows: i64) -> db::Result<Source> {
        if way != Way::Merge {
            return Ok(Source::By(way));
        }
        let places = merge::count_places(tx, &self.reach).await?;
        let bound = merge::bound(tx, &self.reach, self.search, (places, Sizes::stride(places, rows)), rows).await?;
        Ok(bound.map_or(Source::By(Way::Gather), Source::UpTo))
    }

    /// How the page that ends after `rows` is read, and how after a walk that gave up. Organisations are counted here and not before: a number
    /// needs none of it; and no further than `most`: merging from more is nothing to begin with.
    async fn ways(&self, tx: &mut Tx, rows: i64, most: i64) -> db::Result<(Way, Way)> {
        let merges = self.people > FEW && !self.reach.is_everywhere() && !self.search.is_filtered();
        let places = if merges { Some(self.reach.count_places(tx, most).await?) } else { None };
        Ok(Sizes { places: places.filter(|places| *places < most), ..self.sizes.clone() }.ways(rows))
    }

    async fn list(&self, tx: &mut Tx, limit: i64, offset: i64) -> db::Result<Vec<Listed>> {
        if self.people == 0 {
            return Ok(Vec::new());
        }
        let (first, _) = self.ways(tx, offset.saturating_add(limit), MOST_PLACES).await?;
        let mut rows = self.read(tx, first, limit, offset).await?;
        let gave_up = matches!(first, Way::Walk(steps) if steps < self.sizes.all);
        if gave_up && i64::try_from(rows.len()).is_ok_and(|found| found < limit) {
            let (_, second) = self.ways(tx, offset.saturating_add(limit), i64::MAX).await?;
            rows = self.read(tx, second, limit, offset).await?;
        }
        Ok(rows)
    }

    async fn count(&self, tx: &mut Tx) -> db::Result<u64> {
        let count: i64 = if self.people == 0 || !self.search.is_filtered() {
            self.people
        } else {
            // A walk without an end is no walk: whichever index holds the filters is read.
            let way = match self.sizes.to_count() {
                Way::Walk(_) => None,
                way => Some(way),
            };
            on!(tx, c => {
                let mut query = QueryBuilder::new("SELECT COUNT(*) FROM ");
                self.push_people(&mut query, way);
                self.push_conditions(&mut query, way);
                query.build_query_scalar().fetch_one(c).await
            })?
        };
        Ok(u64::try_from(count).unwrap_or(0))
    }

    bounds! {
        fn push_page<DB>(&self, query: &mut QueryBuilder<DB>, source: &Source, part: (i64, i64)) {
            let order = self.search.sort.order(self.search.descending);
            query.push(SELECTED).push(" FROM (SELECT u.number AS n FROM ");
            self.push_source(query, source);
            query.push(" ORDER BY ").push(order).push(" LIMIT ").push_bind(part.0).push(" OFFSET ").push_bind(part.1);
            query.push(") p JOIN users u ON u.number = p.n ORDER BY ").push(order);
        }
    }

    bounds! {
        fn push_source<DB>(&self, query: &mut QueryBuilder<DB>, source: &Source) {
            let steps = match source {
                Source::By(Way::Walk(steps)) => *steps,
                Source::By(way) => {
                    self.push_people(query, Some(*way));
                    return self.push_conditions(query, Some(*way));
                }
                Source::UpTo(bound) => return bound.push_source(query, &self.reach),
            };
            query.push("(SELECT u.number, u.organisation_id, u.family_name_folded, u.given_name_folded, u.email_folded, u.phone");
            if self.sizes.wide {
                query.push(", u.id, u.blocked, u.active, u.activated_at, u.account_expires_at, u.password_changed_at");
            }
            query.push(" FROM users u WHERE u.deleted_at IS NULL ORDER BY ");
            query.push(self.search.sort.order(self.search.descending)).push(" LIMIT ").push_bind(steps).push(") u WHERE TRUE");
            self.push_conditions(query, None);
        }
    }

    /// All people. Those that are gathered are gathered by the index that holds what lists filter and sort by: SQLite takes any of those
    /// that begin with the organisation, and then fetches each row.
    fn push_people<DB: Database>(&self, query: &mut QueryBuilder<DB>, way: Option<Way>) {
        let gathers = way == Some(Way::Gather) && !self.reach.is_everywhere();
        let by = if gathers && DB::NAME == "SQLite" { " INDEXED BY users_organisation" } else { "" };
        query.push("users u").push(by).push(" WHERE u.deleted_at IS NULL");
    }

    bounds! {
        /// The filters, and the place: as a set to start from, or as a probe.
        fn push_conditions<DB>(&self, query: &mut QueryBuilder<DB>, way: Option<Way>) {
            if let Some(Way::From(lead)) = way {
                self.push_lead(query, lead);
            }
            for (column, text) in &self.texts {
                query.push(" AND ").push(*column).push(" LIKE ").push_bind(containing(text)).push(" ESCAPE '\\'");
            }
            if self.search.is_guarded() {
                query.push(" AND ");
                self.search.contacts.push_condition(query, "u.organisation_id");
            }
            if let Some(group) = &self.search.group {
                query.push(" AND ");
                push_group(query, (group.0, &group.1, &self.search.scope), self.now);
            }
            if let Some(status) = self.search.status {
                query.push(" AND ");
                push_status(query, status, self.now);
            }
            if let Some((password, expired_since)) = self.search.password {
                query.push(" AND ");
                push_password(query, password, expired_since);
            }
            query.push(" AND ");
            if way == Some(Way::Gather) {
                self.reach.push_members(query, "u.organisation_id");
            } else {
                self.reach.push_probe(query, "u.organisation_id");
            }
        }
    }

    bounds! {
        /// The hits of one filter as a set to start from; each is looked at again by the filter itself.
        fn push_lead<DB>(&self, query: &mut QueryBuilder<DB>, lead: Lead) {
            match lead {
                // PostgreSQL finds its index of texts by the filter itself.
                Lead::Texts if DB::NAME == "PostgreSQL" => {}
                Lead::Texts => {
                    query.push(" AND u.number IN (SELECT rowid FROM user_texts WHERE user_texts MATCH ");
                    query.push_bind(self.pieces.clone().unwrap_or_default()).push(")");
                }
                Lead::Group => {
                    query.push(" AND u.id IN (SELECT g.user_id FROM group_closure i JOIN memberships g ON g.group_id = i.inner_id WHERE i.outer_id = ");
                    query.push_bind(self.search.group.as_ref().map_or(GroupId(uuid::Uuid::nil()), |(group, _)| *group)).push(")");
                }
                Lead::Status => {
                    let Some(condition) = self.search.status.and_then(rare) else { return };
                    query.push(" AND u.number IN (SELECT s.number FROM users s WHERE s.deleted_at IS NULL AND ");
                    condition.push(query, self.now);
                    query.push(")");
                }
            }
        }
    }
}

/// How many rows hold the pieces somewhere. PostgreSQL estimates for itself, better than by counting.
async fn count_texts(tx: &mut Tx, pieces: &str) -> db::Result<i64> {
    let Tx::Sqlite(inner) = tx else { return Ok(1) };
    let mut query =
        QueryBuilder::<sqlx::Sqlite>::new("SELECT COUNT(*) FROM (SELECT rowid FROM user_texts WHERE user_texts MATCH ");
    query.push_bind(pieces).push(" LIMIT ").push_bind(MOST_HITS).push(") hits");
    Ok(query.build_query_scalar().fetch_one(inner.connection()).await?)
}

/// The indexed part of a state that few accounts are in.
#[derive(Clone, Copy)]
enum Rare {
    Blocked,
    Inactive,
    New,
    Expired,
}

fn rare(status: Status) -> Option<Rare> {
    match status {
        Status::Blocked => Some(Rare::Blocked),
        Status::Deactivated => Some(Rare::Inactive),
        Status::New => Some(Rare::New),
        Status::Expired => Some(Rare::Expired),
        Status::Active | Status::Deleted => None,
    }
}

impl Rare {
    fn push<DB>(self, query: &mut QueryBuilder<DB>, now: Timestamp)
    where
        DB: Database,
        for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    {
        match self {
            Self::Blocked => query.push("s.blocked"),
            Self::Inactive => query.push("NOT s.active"),
            Self::New => query.push("s.activated_at IS NULL"),
            Self::Expired => query.push("s.account_expires_at <= ").push_bind(now),
        };
    }
}

/// One page of people and how many there are in all.
pub async fn page(
    tx: &mut Tx,
    search: &Search,
    now: Timestamp,
    limit: i64,
    offset: i64,
) -> db::Result<(Vec<Listed>, u64)> {
    let prepared = Prepared::new(tx, search, now).await?;
    Ok((prepared.list(tx, limit, offset).await?, prepared.count(tx).await?))
}

/// One page of people.
pub async fn list(tx: &mut Tx, search: &Search, now: Timestamp, limit: i64, offset: i64) -> db::Result<Vec<Listed>> {
    Prepared::new(tx, search, now).await?.list(tx, limit, offset).await
}

/// How many people there are in all.
pub async fn count(tx: &mut Tx, search: &Search, now: Timestamp) -> db::Result<u64> {
    Prepared::new(tx, search, now).await?.count(tx).await
}

/// The same page, read in a way of the caller's choice: for tests that compare them.
pub async fn list_by(
    tx: &mut Tx,
    search: &Search,
    now: Timestamp,
    way: Way,
    (limit, offset): (i64, i64),
) -> db::Result<Vec<Listed>> {
    Prepared::new(tx, search, now).await?.read(tx, way, limit, offset).await
}

/// How the page that ends after `rows` would be read, and how SQLite would do it: for tests and for whoever wonders.
pub async fn explain(tx: &mut Tx, search: &Search, now: Timestamp, rows: i64) -> db::Result<(Way, Vec<String>)> {
    let prepared = Prepared::new(tx, search, now).await?;
    let (way, _) = prepared.ways(tx, rows, MOST_PLACES).await?;
    let source = prepared.source(tx, way, rows).await?;
    let Tx::Sqlite(inner) = tx else { return Ok((way, Vec::new())) };
    let mut query = QueryBuilder::<sqlx::Sqlite>::new("EXPLAIN QUERY PLAN ");
    prepared.push_page(&mut query, &source, (rows, 0));
    let steps: Vec<(i64, i64, i64, String)> = query.build_query_as().fetch_all(inner.connection()).await?;
    Ok((way, steps.into_iter().map(|step| step.3).collect()))
}
