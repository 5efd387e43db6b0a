//! Conditions on the rows of small lists (organisations, role assignments) as callers may state them. Pure; the SQL is in
//! `listing_store.rs`. Columns are constants of ours, never input.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::user::condition::Operator;
use crate::kernel::time::Timestamp;

/// A condition. Each is true or false, never unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// Always, or never.
    Constant(bool),
    /// All of both.
    And(Box<Where>, Box<Where>),
    /// Either.
    Or(Box<Where>, Box<Where>),
    /// The opposite.
    Not(Box<Where>),
    /// There is a value.
    Present(&'static str),
    /// A text, as it is compared.
    Text(&'static str, Operator, String),
    /// An id.
    Id(&'static str, Uuid),
    /// An instant.
    Time(&'static str, Operator, Timestamp),
    /// A switch.
    Flag(&'static str, bool),
}

/// A value of a column that a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "t", content = "v", rename_all = "lowercase")]
pub enum Key {
    /// A text, as it is compared.
    Text(String),
    /// An instant.
    Time(Timestamp),
    /// An id.
    Id(Uuid),
    /// A number.
    Number(i64),
}

/// Where a page ends: what its last row has in the columns of the order.
pub type Position = Vec<Key>;

/// Which part of a list, in which order.
#[derive(Clone, Debug)]
pub struct Part {
    /// Those that meet it.
    pub condition: Where,
    /// The column that they are sorted by; ties by id.
    pub sort: &'static str,
    /// From the end.
    pub descending: bool,
    /// How many at most.
    pub limit: i64,
    /// After how many.
    pub offset: i64,
    /// Only what comes behind this id; the list is sorted by id then.
    pub after: Option<Uuid>,
    /// How many there are in all, where that was counted before.
    pub counted: Option<i64>,
}

impl Part {
    /// The one row with this id.
    pub fn one(column: &'static str, id: Uuid) -> Self {
        let condition = Where::Id(column, id);
        Self { condition, sort: column, descending: false, limit: 1, offset: 0, after: None, counted: Some(1) }
    }

    /// The order, with ties broken so that paging neither skips nor repeats anything.
    pub fn order(&self, id: &'static str) -> String {
        let down = if self.descending { " DESC" } else { "" };
        let sort = self.sort;
        // Without a value: last, or first from the end (RFC 7644 §3.4.2.3), whatever the engine does by itself.
        if sort == id { format!("{id}{down}") } else { format!("{sort} IS NULL{down}, {sort}{down}, {id}{down}") }
    }
}
