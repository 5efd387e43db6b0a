//! What the further resource types share: filters and orders that become SQL, pages, versions (RFC 7644 §3.4.2, §3.14).

use std::str::FromStr as _;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::attribute::AttributePath;
use super::cursor::Cursors;
use super::error::ScimError;
use super::etag;
use super::filter::Filter;
use super::list_request::ListRequest;
use super::page::Page;
use super::projection::Projection;
use super::request::{Caller, answer_resource, stamp, text_header};
use super::router::Scim;
use crate::directory::listing::{Key, Operator, Part, Where};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// What an attribute is stored as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text that is compared as it is folded.
    Folded(&'static str),
    /// A word of ours.
    Word(&'static str),
    /// An id.
    Id(&'static str),
    /// An instant.
    Time(&'static str),
    /// A switch.
    Flag(&'static str),
}

impl Kind {
    fn column(self) -> &'static str {
        match self {
            Self::Folded(column) | Self::Word(column) | Self::Id(column) | Self::Time(column) | Self::Flag(column) => {
                column
            }
        }
    }
}

/// The attributes of a resource type that can be filtered on, folded: `name`, or `principal.value`.
pub type Known = fn(&str) -> Option<Kind>;

fn refuse<T>(path: &AttributePath, why: &str) -> Result<T, ScimError> {
    let name: String = path.to_string().chars().take(80).collect();
    Err(ScimError::InvalidFilter(format!("`{name}` {why}")))
}

fn kind(path: &AttributePath, (core, known): (&str, Known)) -> Result<Kind, ScimError> {
    let sub = path.sub_folded();
    let name = path.name.to_lowercase();
    let name = if sub.is_empty() { name } else { format!("{name}.{sub}") };
    let ours = path.extension().is_none_or(|uri| uri == core);
    known(&name).filter(|_| ours).map_or_else(|| refuse(path, "cannot be filtered on"), Ok)
}

/// The condition that a filter comes to.
pub fn condition(filter: &Filter, known: (&str, Known)) -> Result<Where, ScimError> {
    let both = |left: &Filter, right: &Filter| {
        Ok::<_, ScimError>((Box::new(condition(left, known)?), Box::new(condition(right, known)?)))
    };
    Ok(match filter {
        Filter::And(left, right) => both(left, right).map(|(left, right)| Where::And(left, right))?,
        Filter::Or(left, right) => both(left, right).map(|(left, right)| Where::Or(left, right))?,
        Filter::Not(inner) => Where::Not(Box::new(condition(inner, known)?)),
        Filter::Present(path) => Where::Present(kind(path, known)?.column()),
        Filter::Compare(path, operator, value) => compare(path, *operator, value, kind(path, known)?)?,
        Filter::ValuePath(path, _) => return refuse(path, "cannot be followed by a filter"),
    })
}

fn negate(condition: Where, operator: Operator) -> Where {
    if operator == Operator::Ne { Where::Not(Box::new(condition)) } else { condition }
}

fn compare(path: &AttributePath, operator: Operator, value: &Value, kind: Kind) -> Result<Where, ScimError> {
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    if value.is_null() && equality {
        let present = Where::Present(kind.column());
        return Ok(if operator == Operator::Eq { Where::Not(Box::new(present)) } else { present });
    }
    let positive = if operator == Operator::Ne { Operator::Eq } else { operator };
    let text = value.as_str();
    Ok(match (kind, text) {
        // PostgreSQL takes no text with a zero character, and nothing is called so.
        (_, Some(text)) if text.contains('\0') => Where::Constant(operator == Operator::Ne),
        (Kind::Folded(column), Some(text)) => negate(Where::Text(column, positive, fold(text)), operator),
        (Kind::Word(column), Some(text)) => negate(Where::Text(column, positive, text.to_owned()), operator),
        (Kind::Id(column), Some(text)) if equality => {
            let id = Uuid::from_str(text).map_or(Where::Constant(false), |id| Where::Id(column, id));
            negate(id, operator)
        }
        (Kind::Time(column), Some(text)) if !matches!(operator, Operator::Co | Operator::Sw | Operator::Ew) => {
            let Some(at) = Timestamp::parse_rfc3339(text) else {
                return refuse(path, "must be compared with a time (RFC 3339)");
            };
            negate(Where::Time(column, positive, at), operator)
        }
        (Kind::Flag(column), _) if equality => match value.as_bool() {
            Some(flag) => negate(Where::Flag(column, flag), operator),
            None => return refuse(path, "must be compared with true or false"),
        },
        _ => return refuse(path, "cannot be compared in this way"),
    })
}

/// SC-18: a list has so much time and no more.
pub(super) async fn in_time<T>(
    budget: Duration,
    read: impl Future<Output = Result<T, ScimError>>,
) -> Result<T, ScimError> {
    let too_slow = || ScimError::TooMany("the list takes too long; filter by `eq` or narrow the filter".to_owned());
    // What is ready at once would be answered however little time there is.
    if budget.is_zero() {
        return Err(too_slow());
    }
    tokio::time::timeout(budget, read).await.unwrap_or_else(|_| Err(too_slow()))
}

/// A list as it is asked for: its part, and how its pages are cut.
#[derive(Debug)]
pub struct Listing<'a> {
    request: &'a ListRequest,
    budget: Duration,
    cursors: Cursors<'a>,
    /// What is to be read: one more than is shown, so that it is known whether more follow.
    pub part: Part,
}

impl<'a> Listing<'a> {
    /// The list of a resource type; `id` is its column of ids.
    pub fn of(
        by: (&'a Scim, &'a Caller),
        request: &'a ListRequest,
        known: (&'static str, Known),
        id: &'static str,
    ) -> Result<Self, ScimError> {
        let cursors = Cursors::of(by, known.0, request);
        let sort = match &request.sort_by {
            None => id,
            Some(path) => kind(path, known)
                .map_err(|_| ScimError::InvalidValue("this list is not sorted by that".to_owned()))?
                .column(),
        };
        if cursors.are_wanted() && sort != id {
            return Err(ScimError::InvalidValue("with a cursor, this list is in the order of `id`".to_owned()));
        }
        let condition = request.filter.as_ref().map(|filter| condition(filter, known)).transpose()?;
        let (after, begin) = cursors.begin_by_id()?;
        let part = Part {
            condition: condition.unwrap_or(Where::Constant(true)),
            sort,
            descending: request.descending,
            limit: if request.count == 0 { 0 } else { request.count.saturating_add(1) },
            offset: begin.offset,
            after,
            counted: begin.total,
        };
        Ok(Self { request, budget: by.0.settings.list_budget(), cursors, part })
    }

    /// What is read of it, if there is time enough (SC-18).
    pub async fn read<T, E>(&self, read: impl Future<Output = Result<T, E>>) -> Result<T, ScimError>
    where
        ScimError: From<E>,
    {
        in_time(self.budget, async { Ok(read.await?) }).await
    }

    /// The page of what was read, each resource with its version.
    pub fn page(&self, total: i64, mut resources: Vec<Map<String, Value>>) -> Result<Page, ScimError> {
        let count = usize::try_from(self.request.count).unwrap_or_default();
        let is_more = resources.len() > count;
        resources.truncate(count);
        let id = |resource: &Map<String, Value>| Uuid::from_str(resource.get("id")?.as_str()?).ok();
        let end = resources.last().filter(|_| is_more).and_then(id).map(|id| vec![Key::Id(id)]);
        let shown = |mut resource: Map<String, Value>| {
            stamp(&mut resource);
            self.request.projection.apply(&resource)
        };
        let cut = self.cursors.cut(end, total)?;
        Ok(Page { total, cut, resources: resources.into_iter().map(shown).collect() })
    }
}

/// A new resource, with its version and its address.
pub fn created(mut resource: Map<String, Value>, projection: &Projection) -> Response {
    let version = stamp(&mut resource);
    answer_resource(StatusCode::CREATED, &resource, Some(&version), projection)
}

/// Refuses a change on top of another version than the one that was read (SC-31).
pub fn check_version(headers: &HeaderMap, mut resource: Map<String, Value>) -> Result<(), ScimError> {
    etag::check(text_header(headers, header::IF_MATCH), &stamp(&mut resource), false)
}

/// One resource; 304 for whoever has its version (RFC 7644 §3.14).
pub fn one(headers: &HeaderMap, mut resource: Map<String, Value>, projection: &Projection) -> Response {
    let version = stamp(&mut resource);
    if text_header(headers, header::IF_NONE_MATCH).is_some_and(|condition| etag::names(condition, &version)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, version)]).into_response();
    }
    answer_resource(StatusCode::OK, &resource, Some(&version), projection)
}
