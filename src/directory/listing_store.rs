//! The SQL of conditions on small lists; texts of the client are bound, never spelled out (SC-27).

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::listing::{Operator, Part, Where};
use crate::kernel::time::Timestamp;

/// Appends a condition.
pub fn push<DB>(query: &mut QueryBuilder<DB>, condition: &Where)
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    match condition {
        Where::Constant(true) => drop(query.push("TRUE")),
        Where::Constant(false) => drop(query.push("FALSE")),
        Where::And(left, right) | Where::Or(left, right) => {
            query.push("(");
            push(query, left);
            query.push(if matches!(condition, Where::And(..)) { " AND " } else { " OR " });
            push(query, right);
            query.push(")");
        }
        Where::Not(inner) => {
            query.push("NOT (");
            push(query, inner);
            query.push(")");
        }
        Where::Present(column) => drop(query.push(*column).push(" IS NOT NULL")),
        Where::Text(column, operator, text) => {
            query.push("(").push(*column).push(" IS NOT NULL AND ").push(*column);
            match pattern(*operator, text) {
                Some(pattern) => query.push(" LIKE ").push_bind(pattern).push(" ESCAPE '\\'"),
                None => query.push(symbol(*operator)).push_bind(text.clone()),
            };
            query.push(")");
        }
        Where::Id(column, id) => {
            query.push("(").push(*column).push(" IS NOT NULL AND ").push(*column).push(" = ").push_bind(*id).push(")");
        }
        Where::Time(column, operator, at) => {
            query.push("(").push(*column).push(" IS NOT NULL AND ").push(*column);
            query.push(symbol(*operator)).push_bind(*at).push(")");
        }
        Where::Flag(column, wanted) => drop(query.push(if *wanted { "" } else { "NOT " }).push(*column)),
    }
}

/// Appends the rest of a statement that reads a part of a list: its condition, its order and its bounds. `id` is the column of ids.
pub fn push_part<DB>(query: &mut QueryBuilder<DB>, part: &Part, id: &'static str)
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
{
    push(query, &part.condition);
    if let Some(after) = part.after {
        query.push(" AND ").push(id).push(if part.descending { " < " } else { " > " }).push_bind(after);
    }
    query.push(" ORDER BY ").push(part.order(id)).push(" LIMIT ").push_bind(part.limit);
    query.push(" OFFSET ").push_bind(part.offset);
}

fn pattern(operator: Operator, text: &str) -> Option<String> {
    let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    match operator {
        Operator::Co => Some(format!("%{literal}%")),
        Operator::Sw => Some(format!("{literal}%")),
        Operator::Ew => Some(format!("%{literal}")),
        _ => None,
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
