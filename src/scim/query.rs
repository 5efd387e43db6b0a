//! Filters on Users as conditions on indexed columns. What can be filtered and sorted on is a closed list (SC-04, SC-27).

use std::str::FromStr as _;

use serde_json::Value;

use super::attribute::AttributePath;
use super::error::ScimError;
use super::filter::{Filter, Operator};
use super::schema::CHAMBERLAIN_USER;
pub use crate::directory::user::condition::{Column, Condition};
use crate::directory::user::model::{PasswordStatus, Status};
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

fn refuse<T>(why: &str, path: &AttributePath) -> Result<T, ScimError> {
    let name: String = path.to_string().chars().take(80).collect();
    Err(ScimError::InvalidFilter(format!("`{name}` {why}")))
}

enum Kind {
    Text(Column),
    Time(Column),
    Flag(Column),
    /// One of a closed list of words.
    Word(fn(&str) -> Option<Condition>),
    Id,
    Organisation,
    ExternalId,
    Group,
    Fixed(&'static str),
}

fn kind(path: &AttributePath) -> Result<Kind, ScimError> {
    let name = path.name.to_ascii_lowercase();
    let sub = path.sub_folded();
    if path.extension() == Some(CHAMBERLAIN_USER) {
        return match (name.as_str(), sub.as_str()) {
            ("organisation", "") => Ok(Kind::Organisation),
            ("accountstatus", "") => Ok(Kind::Word(|word| Status::parse(word).map(Condition::Status))),
            ("passwordstatus", "") => Ok(Kind::Word(|word| PasswordStatus::parse(word).map(Condition::Password))),
            ("accountexpires", "") => Ok(Kind::Time(Column("u.account_expires_at"))),
            _ => refuse("cannot be filtered on", path),
        };
    }
    match (path.extension(), name.as_str(), sub.as_str()) {
        (Some(_), _, _) => refuse("cannot be filtered on", path),
        (None, "id", "") => Ok(Kind::Id),
        (None, "externalid", "") => Ok(Kind::ExternalId),
        (None, "username", "") => Ok(Kind::Text(Column::USER_NAME)),
        (None, "name", "givenname") => Ok(Kind::Text(Column("u.given_name_folded"))),
        (None, "name", "familyname") => Ok(Kind::Text(Column("u.family_name_folded"))),
        (None, "emails", "" | "value") => Ok(Kind::Text(Column::EMAIL)),
        (None, "phonenumbers", "" | "value") => Ok(Kind::Text(Column::PHONE)),
        // The address that signs in counts as the one of work.
        (None, "emails", "type") => Ok(Kind::Fixed("work")),
        (None, "active", "") => Ok(Kind::Flag(Column("u.active"))),
        (None, "meta", "created") => Ok(Kind::Time(Column("u.created_at"))),
        (None, "meta", "lastmodified") => Ok(Kind::Time(Column::UPDATED_AT)),
        (None, "groups", "" | "value") => Ok(Kind::Group),
        (None, "password" | "secret", _) => refuse("is never returned and cannot be filtered on", path),
        _ => refuse("cannot be filtered on", path),
    }
}

/// The column to sort by, and whether ties need more than the id.
pub fn sort(path: &AttributePath) -> Result<Column, ScimError> {
    match kind(path) {
        Ok(Kind::Text(column) | Kind::Time(column)) => Ok(column),
        Ok(Kind::Id) => Ok(Column("u.id")),
        _ => Err(ScimError::InvalidValue("`sortBy` must be one of userName, name.familyName, name.givenName, emails, phoneNumbers, id, meta.created, meta.lastModified".to_owned())),
    }
}

/// The condition that a filter comes to.
pub fn condition(filter: &Filter) -> Result<Condition, ScimError> {
    Ok(match filter {
        Filter::And(left, right) => Condition::And(Box::new(condition(left)?), Box::new(condition(right)?)),
        Filter::Or(left, right) => Condition::Or(Box::new(condition(left)?), Box::new(condition(right)?)),
        Filter::Not(inner) => Condition::Not(Box::new(condition(inner)?)),
        Filter::Present(path) => present(path)?,
        Filter::Compare(path, operator, value) => compare(path, *operator, value)?,
        Filter::ValuePath(path, inner) if path.sub.is_none() => condition(&within(path, inner)?)?,
        Filter::ValuePath(path, _) => return refuse("cannot be followed by a filter", path),
    })
}

/// `emails[type eq "work"]` as a filter on `emails.type`; right because there is at most one element in the index.
fn within(path: &AttributePath, filter: &Filter) -> Result<Filter, ScimError> {
    let prefixed = |inner: &AttributePath| match (&inner.uri, &inner.sub) {
        (None, None) => {
            Ok(AttributePath { uri: path.uri.clone(), name: path.name.clone(), sub: Some(inner.name.clone()) })
        }
        _ => refuse("cannot stand inside of brackets", inner),
    };
    Ok(match filter {
        Filter::And(left, right) => Filter::And(Box::new(within(path, left)?), Box::new(within(path, right)?)),
        Filter::Or(left, right) => Filter::Or(Box::new(within(path, left)?), Box::new(within(path, right)?)),
        // Without an element there is nothing that could fail to match.
        Filter::Not(inner) => {
            Filter::And(Box::new(Filter::Present(path.clone())), Box::new(Filter::Not(Box::new(within(path, inner)?))))
        }
        Filter::Present(inner) => Filter::Present(prefixed(inner)?),
        Filter::Compare(inner, operator, value) => {
            let compare = Filter::Compare(prefixed(inner)?, *operator, value.clone());
            Filter::And(Box::new(Filter::Present(path.clone())), Box::new(compare))
        }
        Filter::ValuePath(inner, _) => return refuse("cannot stand inside of brackets", inner),
    })
}

fn present(path: &AttributePath) -> Result<Condition, ScimError> {
    match kind(path)? {
        Kind::Text(column) => Ok(Condition::Present(column)),
        Kind::Time(column @ (Column("u.account_expires_at") | Column::UPDATED_AT)) => {
            Ok(Condition::Time(column, Operator::Ge, Timestamp(i64::MIN)))
        }
        Kind::Time(_) | Kind::Flag(_) | Kind::Word(_) | Kind::Id | Kind::Organisation => Ok(Condition::Constant(true)),
        Kind::Fixed(_) => Ok(Condition::Present(Column::EMAIL)),
        Kind::ExternalId | Kind::Group => refuse("can only be compared with `eq`", path),
    }
}

fn negate(condition: Condition, operator: Operator) -> Condition {
    if operator == Operator::Ne { Condition::Not(Box::new(condition)) } else { condition }
}

fn compare(path: &AttributePath, operator: Operator, value: &Value) -> Result<Condition, ScimError> {
    if value.is_null() {
        let present = present(path)?;
        return match operator {
            Operator::Eq => Ok(Condition::Not(Box::new(present))),
            Operator::Ne => Ok(present),
            _ => refuse("can be compared with null by `eq` and `ne` only", path),
        };
    }
    let equality = matches!(operator, Operator::Eq | Operator::Ne);
    let text = value.as_str();
    match (kind(path)?, text) {
        (Kind::Text(column), Some(text)) => text_condition(path, column, operator, text),
        (Kind::Time(column), Some(text)) => match Timestamp::parse_rfc3339(text) {
            Some(_) if matches!(operator, Operator::Co | Operator::Sw | Operator::Ew) => {
                refuse("is a time; it has no parts", path)
            }
            Some(at) if operator == Operator::Ne => Ok(negate(Condition::Time(column, Operator::Eq, at), operator)),
            Some(at) => Ok(Condition::Time(column, operator, at)),
            None => refuse("must be compared with a time (RFC 3339)", path),
        },
        (Kind::Flag(column), text) if equality => match (value.as_bool(), text.map(str::to_ascii_lowercase).as_deref())
        {
            (Some(flag), _) => Ok(negate(Condition::Flag(column, flag), operator)),
            (None, Some("true")) => Ok(negate(Condition::Flag(column, true), operator)),
            (None, Some("false")) => Ok(negate(Condition::Flag(column, false), operator)),
            _ => refuse("must be compared with true or false", path),
        },
        (Kind::Word(read), Some(text)) if equality => {
            Ok(negate(read(&text.to_ascii_lowercase()).unwrap_or(Condition::Constant(false)), operator))
        }
        (Kind::Fixed(fixed), Some(text)) if equality => {
            let holds = if text.eq_ignore_ascii_case(fixed) { present(path)? } else { Condition::Constant(false) };
            Ok(negate(holds, operator))
        }
        (Kind::Id, Some(text)) if equality => {
            Ok(negate(UserId::from_str(text).map_or(Condition::Constant(false), Condition::Id), operator))
        }
        (Kind::Organisation, Some(text)) if equality => Ok(negate(
            OrganisationId::from_str(text).map_or(Condition::Constant(false), Condition::Organisation),
            operator,
        )),
        (Kind::Group, Some(text)) if equality => {
            Ok(negate(GroupId::from_str(text).map_or(Condition::Constant(false), Condition::InGroup), operator))
        }
        // PostgreSQL takes no text with a zero character, and nobody is called so.
        (Kind::ExternalId, Some(text)) if equality && text.contains('\0') => {
            Ok(negate(Condition::Constant(false), operator))
        }
        (Kind::ExternalId, Some(text)) if equality => Ok(negate(Condition::ExternalId(text.to_owned()), operator)),
        _ => refuse("cannot be compared in this way", path),
    }
}

fn text_condition(
    path: &AttributePath,
    column: Column,
    operator: Operator,
    text: &str,
) -> Result<Condition, ScimError> {
    let folded = text.to_lowercase();
    if matches!(operator, Operator::Co | Operator::Ew) && folded.chars().count() < 3 {
        return refuse("needs at least three characters with `co` and `ew`", path);
    }
    if folded.contains('\0') {
        return Ok(Condition::Constant(operator == Operator::Ne));
    }
    match operator {
        Operator::Ne => Ok(negate(Condition::Text(column, Operator::Eq, folded), operator)),
        _ => Ok(Condition::Text(column, operator, folded)),
    }
}
