//! A filter over resources of several kinds, as it reads for one of them (RFC 7644 §3.4.2.1). Pure.

use serde_json::{Map, json};

use super::attribute::AttributePath;
use super::filter::Filter;
use super::schema;

/// What a filter comes to for one kind of resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Sense {
    /// Holds for all of them, or for none.
    Constant(bool),
    /// Holds for those.
    Some(Filter),
}

/// Attributes that the kind does not have are attributes without a value, and its name is known.
pub fn specialise(filter: &Filter, (core, name): (&str, &str)) -> Sense {
    let kind = (core, name);
    match filter {
        Filter::And(left, right) => both(specialise(left, kind), specialise(right, kind), true),
        Filter::Or(left, right) => both(specialise(left, kind), specialise(right, kind), false),
        Filter::Not(inner) => match specialise(inner, kind) {
            Sense::Constant(holds) => Sense::Constant(!holds),
            Sense::Some(inner) => Sense::Some(Filter::Not(Box::new(inner))),
        },
        Filter::Present(path) | Filter::Compare(path, ..) | Filter::ValuePath(path, _) => {
            if is_resource_type(path) {
                let resource = json!({ "meta": { "resourceType": name } });
                return Sense::Constant(resource.as_object().is_some_and(|resource| filter.matches(resource)));
            }
            if has(core, path) { Sense::Some(filter.clone()) } else { Sense::Constant(filter.matches(&Map::new())) }
        }
    }
}

fn is_resource_type(path: &AttributePath) -> bool {
    path.is(None, "meta") && path.sub_folded() == "resourcetype"
}

fn has(core: &str, path: &AttributePath) -> bool {
    let plain = match path.uri.as_deref() {
        Some(uri) if uri.eq_ignore_ascii_case(core) => AttributePath { uri: None, ..path.clone() },
        // A core schema of another kind names none of its attributes.
        Some(schema::CORE_USER | schema::CORE_GROUP) => return false,
        _ => path.clone(),
    };
    schema::is_known(core, &plain)
}

/// Both sides of an `and` or of an `or`, of which a constant one decides or falls away.
fn both(left: Sense, right: Sense, is_and: bool) -> Sense {
    match (left, right) {
        (Sense::Constant(holds), other) | (other, Sense::Constant(holds)) => {
            if holds == is_and {
                other
            } else {
                Sense::Constant(!is_and)
            }
        }
        (Sense::Some(left), Sense::Some(right)) => {
            let (left, right) = (Box::new(left), Box::new(right));
            Sense::Some(if is_and { Filter::And(left, right) } else { Filter::Or(left, right) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::filter_parser::parse;

    fn of(text: &str, kind: (&str, &str)) -> String {
        match specialise(&parse(text).unwrap(), kind) {
            Sense::Constant(holds) => holds.to_string(),
            Sense::Some(filter) => filter.to_string(),
        }
    }

    /// RFC 7644 §3.4.2.1: a kind without the attribute has no value there.
    #[test]
    fn a_filter_over_all_kinds_reads_for_each_as_it_has_the_attributes() {
        let (user, group) = ((schema::CORE_USER, "User"), (schema::CORE_GROUP, "Group"));
        for (text, for_users, for_groups) in [
            ("meta.resourceType eq \"User\"", "true", "false"),
            ("meta.resourceType eq \"user\" and userName eq \"a\"", "userName eq \"a\"", "false"),
            ("not (meta.resourceType eq \"User\")", "false", "true"),
            ("userName eq \"a\" or members eq \"b\"", "userName eq \"a\"", "members eq \"b\""),
            ("userName pr", "userName pr", "false"),
            ("members ne \"a\"", "true", "members ne \"a\""),
            ("emails[type eq \"work\"]", "emails[type eq \"work\"]", "false"),
            ("meta.created pr", "meta.created pr", "meta.created pr"),
            (
                "urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq \"a\"",
                "false",
                "urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq \"a\"",
            ),
            ("unheard eq \"a\"", "false", "false"),
        ] {
            assert_eq!((of(text, user).as_str(), of(text, group).as_str()), (for_users, for_groups), "{text}");
        }
    }
}
