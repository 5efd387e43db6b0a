//! The SQL of lists by condition. Never outside the caller's scope (D8); texts of the client are bound, never spelled out (SC-27).

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::condition::{Column, Condition, Operator, SeenBy};
use super::model::User;
use super::row_store::UserRow;
use super::state_condition::{push_password, push_status};
use crate::authority::{ApplicationScope, Reach, Scope};
use crate::db::{self, Tx, on, statements};
use crate::directory::listing::{Key, Position};
use crate::directory::membership::group_condition::push_group;
use crate::directory::organisation::people_store;
use crate::kernel::ids::{ApplicationId, ClientId, GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    POSITION = "SELECT number, family_name_folded, given_name_folded, user_name_folded, created_at, updated_at
        FROM users WHERE id = $1";
}

/// What is listed, and for whom.
#[derive(Debug)]
pub struct UserList<'a> {
    /// Nobody outside is listed or counted.
    pub scope: &'a Scope,
    /// Of everybody outside, addresses and numbers count as not there (decision 13).
    pub contacts: &'a Scope,
    /// In the groups of which applications memberships may be seen, and of people where.
    pub groups: &'a ApplicationScope,
    /// Whose external ids are meant.
    pub client: ClientId,
    /// The filter.
    pub condition: &'a Condition,
    /// The column to sort by.
    pub sort: Column,
    /// From the end.
    pub descending: bool,
    /// Only those behind this position of the order.
    pub after: Option<Position>,
    /// The instant at which memberships count.
    pub now: Timestamp,
    /// Passwords that were set then or before have expired.
    pub expired_since: Option<Timestamp>,
}

macro_rules! bounds {
    ($(#[$meta:meta])* fn $name:ident<DB>($($arg:ident: $type:ty),*) $body:block) => {
        $(#[$meta])*
        fn $name<DB>($($arg: $type),*)
        where
            DB: sqlx::Database,
            for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
            for<'q> GroupId: Encode<'q, DB> + Type<DB>,
            for<'q> UserId: Encode<'q, DB> + Type<DB>,
            for<'q> ClientId: Encode<'q, DB> + Type<DB>,
            for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
            for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
            for<'q> String: Encode<'q, DB> + Type<DB>,
            for<'q> Uuid: Encode<'q, DB> + Type<DB>,
            for<'q> i64: Encode<'q, DB> + Type<DB>,
        $body
    };
}

/// How the people of a list are come by.
#[derive(Debug)]
enum Way {
    /// The condition names one or few of them by a unique index; whether they are in the scope is asked for each.
    Pointed,
    /// In the order of the list, each asked whether it is inside.
    Walk(Reach),
    /// Organisation by organisation.
    Gather(Reach),
}

/// Microseconds, measured as in `search_plan.rs`: a row that is looked at, and asking the closure for its organisation.
const ROW: i64 = 2;

/// A list with what has to be known to read it.
#[derive(Debug)]
pub struct Prepared<'a> {
    list: &'a UserList<'a>,
    way: Way,
    /// How many people there are in the scope, where that is known.
    people: Option<i64>,
}

impl<'a> Prepared<'a> {
    /// Chooses the way to the page that ends after `rows`: a walk looks at as many rows as it takes to meet so many inside,
    /// gathering at all that are inside; a filter that points at nobody may let both look at all.
    pub async fn new(tx: &mut Tx, list: &'a UserList<'a>, rows: i64) -> db::Result<Self> {
        if list.condition.is_pointed() {
            return Ok(Self { list, way: Way::Pointed, people: None });
        }
        let reach = Reach::of(tx, list.scope, None).await?;
        let inside = reach.count(tx).await?;
        let all = if reach.is_everywhere() { inside } else { people_store::count_all(tx).await? };
        let looked_at = match list.condition {
            Condition::Constant(_) => rows.saturating_mul(all).checked_div(inside).unwrap_or(0).min(all),
            _ => all,
        };
        let gathers = !reach.is_everywhere() && inside < looked_at.saturating_mul(ROW);
        let way = if gathers { Way::Gather(reach) } else { Way::Walk(reach) };
        Ok(Self { list, way, people: Some(inside) })
    }

    /// One page of people.
    pub async fn list(&self, tx: &mut Tx, limit: i64, offset: i64) -> db::Result<Vec<ListedUser>> {
        let list = self.list;
        let order = order(list.sort, list.descending);
        let rows: Vec<ListedRow> = on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT u.*, (SELECT o.name FROM organisations o WHERE o.id = u.organisation_id) AS organisation_name, \
                 (SELECT x.external_id FROM external_ids x WHERE x.client_id = ",
            );
            query.push_bind(list.client).push(
                " AND x.resource_kind = 'user' AND x.resource_id = u.id) AS external_id FROM (SELECT u.number AS n",
            );
            push_list(&mut query, self);
            push_after(&mut query, list);
            query.push(" ORDER BY ").push(&order);
            query.push(" LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
            query.push(") p JOIN users u ON u.number = p.n ORDER BY ").push(&order);
            query.build_query_as().fetch_all(c).await
        })?;
        let listed = |row: ListedRow| {
            let user = row.user.into_model()?;
            Ok(ListedUser { user, organisation: row.organisation_name, external_id: row.external_id })
        };
        rows.into_iter().map(listed).collect()
    }

    /// How many people there are in all.
    pub async fn count(&self, tx: &mut Tx) -> db::Result<i64> {
        if let (Some(people), Condition::Constant(true)) = (self.people, self.list.condition) {
            return Ok(people);
        }
        Ok(on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*)");
            push_list(&mut query, self);
            query.build_query_scalar().fetch_one(c).await
        })?)
    }
}

/// The columns of an order, as the indexes have them, with ties broken so that paging neither skips nor repeats anybody.
fn columns(sort: Column) -> Vec<&'static str> {
    match sort.0 {
        "u.family_name_folded" => vec!["u.family_name_folded", "u.given_name_folded", "u.number"],
        "u.given_name_folded" => vec!["u.given_name_folded", "u.family_name_folded", "u.number"],
        "u.user_name_folded" => vec!["u.user_name_folded"],
        "u.id" => vec!["u.id"],
        "u.created_at" => vec!["u.created_at", "u.id"],
        "u.updated_at" => vec!["u.updated_at", "u.id"],
        "u.number" => vec!["u.number"],
        other => vec![other, "u.number"],
    }
}

fn order(sort: Column, descending: bool) -> String {
    columns(sort).join(if descending { " DESC, " } else { ", " }) + if descending { " DESC" } else { "" }
}

/// Where a person stands in an order. `None`: the order has a column in which not everybody has a value, so that nothing can
/// be said to come behind.
pub async fn position(tx: &mut Tx, id: UserId, sort: Column) -> db::Result<Option<Position>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        number: i64,
        family_name_folded: String,
        given_name_folded: String,
        user_name_folded: String,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
    let row: Row = on!(tx, c => sqlx::query_as(POSITION).bind(id).fetch_one(c).await)?;
    let key = |column: &&str| match *column {
        "u.number" => Some(Key::Number(row.number)),
        "u.id" => Some(Key::Id(id.0)),
        "u.family_name_folded" => Some(Key::Text(row.family_name_folded.clone())),
        "u.given_name_folded" => Some(Key::Text(row.given_name_folded.clone())),
        "u.user_name_folded" => Some(Key::Text(row.user_name_folded.clone())),
        "u.created_at" => Some(Key::Time(row.created_at)),
        "u.updated_at" => Some(Key::Time(row.updated_at)),
        _ => None,
    };
    Ok(columns(sort).iter().map(key).collect())
}

bounds! {
    /// As a comparison of rows, which both engines answer by the index of the order.
    fn push_after<DB>(query: &mut QueryBuilder<DB>, list: &UserList<'_>) {
        let Some(position) = &list.after else { return };
        query.push(" AND (").push(columns(list.sort).join(", ")).push(if list.descending { ") < (" } else { ") > (" });
        let mut values = query.separated(", ");
        for key in position {
            match key {
                Key::Text(text) => values.push_bind(text.clone()),
                Key::Time(at) => values.push_bind(*at),
                Key::Id(id) => values.push_bind(*id),
                Key::Number(number) => values.push_bind(*number),
            };
        }
        query.push(")");
    }
}

bounds! {
    fn push_list<DB>(query: &mut QueryBuilder<DB>, prepared: &Prepared<'_>) {
        // SQLite would gather by any index that begins with the organisation.
        let gathers = matches!(prepared.way, Way::Gather(_)) && DB::NAME == "SQLite";
        query.push(" FROM users u").push(if gathers { " INDEXED BY users_organisation" } else { "" });
        query.push(" WHERE u.deleted_at IS NULL AND ");
        match &prepared.way {
            Way::Pointed => prepared.list.scope.push_condition(query, "u.organisation_id"),
            Way::Walk(reach) => reach.push_probe(query, "u.organisation_id"),
            Way::Gather(reach) => reach.push_members(query, "u.organisation_id"),
        }
        query.push(" AND ");
        push_condition(query, prepared.list, prepared.list.condition);
    }
}

bounds! {
    fn push_condition<DB>(query: &mut QueryBuilder<DB>, list: &UserList<'_>, condition: &Condition) {
        match condition {
            Condition::Constant(true) => { query.push("TRUE"); }
            Condition::Constant(false) => { query.push("FALSE"); }
            Condition::And(left, right) => pair(query, list, (left, " AND ", right)),
            Condition::Or(left, right) => pair(query, list, (left, " OR ", right)),
            Condition::Not(inner) => {
                query.push("NOT (");
                push_condition(query, list, inner);
                query.push(")");
            }
            Condition::Present(column) => {
                query.push("(");
                push_seen(query, list, *column);
                query.push(column.0).push(" IS NOT NULL AND ").push(column.0).push(" <> '')");
            }
            Condition::Text(column, operator, text) => push_text(query, list, *column, (*operator, text)),
            Condition::Time(column, operator, at) => {
                query.push("(");
                push_seen(query, list, *column);
                query.push(column.0).push(" IS NOT NULL AND ").push(column.0).push(symbol(*operator)).push_bind(*at).push(")");
            }
            Condition::Flag(column, wanted) => { query.push(if *wanted { "" } else { "NOT " }).push(column.0); }
            Condition::Status(status) => push_status(query, *status, list.now),
            Condition::Password(status) => push_password(query, *status, list.expired_since),
            Condition::Id(id) => { query.push("u.id = ").push_bind(*id); }
            Condition::Organisation(id) => { query.push("u.organisation_id = ").push_bind(*id); }
            Condition::ExternalId(text) => {
                query.push("u.id IN (SELECT x.resource_id FROM external_ids x WHERE x.client_id = ").push_bind(list.client);
                query.push(" AND x.resource_kind = 'user' AND x.external_id = ").push_bind(text.clone()).push(")");
            }
            Condition::InGroup(group) => push_group(query, (*group, list.groups, list.scope), list.now),
        }
    }
}

bounds! {
    fn pair<DB>(query: &mut QueryBuilder<DB>, list: &UserList<'_>, sides: (&Condition, &'static str, &Condition)) {
        query.push("(");
        push_condition(query, list, sides.0);
        query.push(sides.1);
        push_condition(query, list, sides.2);
        query.push(")");
    }
}

bounds! {
    /// What the caller does not see is not there: neither does it match, nor can it be told by what does not match (D8).
    fn push_seen<DB>(query: &mut QueryBuilder<DB>, list: &UserList<'_>, column: Column) {
        let seen_by = column.seen_by();
        if seen_by == SeenBy::All || list.contacts.spans(list.scope) {
            return;
        }
        query.push("(");
        list.contacts.push_condition(query, "u.organisation_id");
        if seen_by == SeenBy::ContactsUnlessPlain {
            query.push(" OR u.user_name_folded NOT LIKE '%@%' AND u.user_name_folded NOT LIKE '+%'");
        }
        query.push(") AND ");
    }
}

bounds! {
    fn push_text<DB>(query: &mut QueryBuilder<DB>, list: &UserList<'_>, column: Column, wanted: (Operator, &str)) {
        let (operator, text) = wanted;
        let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = match operator {
            Operator::Co => Some(format!("%{literal}%")),
            Operator::Sw => Some(format!("{literal}%")),
            Operator::Ew => Some(format!("%{literal}")),
            _ => None,
        };
        query.push("(");
        push_seen(query, list, column);
        query.push(column.0).push(" IS NOT NULL AND ").push(column.0).push(" <> '' AND ").push(column.0);
        match pattern {
            Some(pattern) => query.push(" LIKE ").push_bind(pattern).push(" ESCAPE '\\'"),
            None => query.push(symbol(operator)).push_bind(text.to_owned()),
        };
        query.push(")");
    }
}

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Gt => " > ",
        Operator::Ge => " >= ",
        Operator::Lt => " < ",
        Operator::Le => " <= ",
        Operator::Eq | Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => " = ",
    }
}

/// A person with what is shown beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedUser {
    /// The person.
    pub user: User,
    /// The name of the home organisation.
    pub organisation: String,
    /// How the asking client calls the person.
    pub external_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    user: UserRow,
    organisation_name: String,
    external_id: Option<String>,
}
