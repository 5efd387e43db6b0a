//! Filters that name one person, or a few, and ask more of them than the indexes know: `id eq "…" and manager eq "…"`, as Entra ID
//! does before it changes somebody. The rest is judged on what the caller is shown of those few. Pure.

use super::error::ScimError;
use super::filter::Filter;
use super::query;
use super::schema::{self, CORE_USER};
use crate::directory::user::condition::Condition;

/// A condition on columns, and what is asked beside it of each resource that meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Pointed {
    /// For the database.
    pub condition: Condition,
    /// For the resources as they are shown; all have to hold.
    pub rest: Vec<Filter>,
}

/// Reads a filter on people. One that asks for what is in no index has to name people by one beside it.
pub fn read(filter: &Filter) -> Result<Pointed, ScimError> {
    let refusal = match query::condition(filter) {
        Ok(condition) => return Ok(Pointed { condition, rest: Vec::new() }),
        Err(refusal) => refusal,
    };
    let (mut known, mut rest) = (Vec::new(), Vec::new());
    for term in terms(filter) {
        match (query::condition(term), shown(term)) {
            (Ok(condition), _) => known.push(condition),
            (Err(_), Some(term)) => rest.push(term),
            (Err(refusal), None) => return Err(refusal),
        }
    }
    let all = known.into_iter().reduce(|left, right| Condition::And(Box::new(left), Box::new(right)));
    let condition = all.filter(Condition::is_pointed).ok_or(refusal)?;
    Ok(Pointed { condition, rest })
}

fn terms(filter: &Filter) -> Vec<&Filter> {
    match filter {
        Filter::And(left, right) => [terms(left), terms(right)].concat(),
        other => vec![other],
    }
}

/// The filter with its attributes in the schemas that have them; `None` if one names what is in no schema, or never shown.
fn shown(filter: &Filter) -> Option<Filter> {
    let both = |left, right| Some((Box::new(shown(left)?), Box::new(shown(right)?)));
    Some(match filter {
        Filter::And(left, right) => both(left, right).map(|(left, right)| Filter::And(left, right))?,
        Filter::Or(left, right) => both(left, right).map(|(left, right)| Filter::Or(left, right))?,
        Filter::Not(inner) => Filter::Not(Box::new(shown(inner)?)),
        Filter::Present(path) => Filter::Present(schema::qualified(CORE_USER, path)?),
        Filter::Compare(path, operator, value) => {
            Filter::Compare(schema::qualified(CORE_USER, path)?, *operator, value.clone())
        }
        Filter::ValuePath(path, inner) => Filter::ValuePath(schema::qualified(CORE_USER, path)?, inner.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter_parser::parse;

    /// SC-04, SC-18: nothing is looked for in what has no index, but with one or few people.
    #[test]
    fn what_has_no_index_is_asked_of_few_people_only() {
        let rest = |text: &str| read(&parse(text).unwrap()).ok().map(|pointed| pointed.rest.len());
        for (text, expected) in [
            ("userName eq \"a\"", Some(0)),
            ("id eq \"x\" and manager eq \"y\"", Some(1)),
            ("title eq \"a\" and (userName eq \"b\" and not (nickName pr))", Some(2)),
            ("title eq \"a\"", None),
            ("title eq \"a\" and active eq true", None),
            ("userName eq \"a\" or title eq \"b\"", None),
            ("userName eq \"a\" and password pr", None),
            ("userName eq \"a\" and unheard pr", None),
        ] {
            assert_eq!(rest(text), expected, "{text}");
        }
        let bare = read(&parse("id eq \"x\" and manager eq \"y\"").unwrap()).unwrap().rest.remove(0);
        let urn = schema::ENTERPRISE_USER;
        assert_eq!(bare.to_string(), format!("{urn}:manager eq \"y\""));
    }
}
