//! What is known of a person beside names, addresses to reach them and organisation: the standard claims of OIDC Core §5.1 that have no
//! column. They stand in the document of SCIM (RFC 7643 §4.1), where they can be set, and are kept there as they came. Pure.

use serde_json::{Map, Value, json};
use url::Url;

use super::model::User;

/// Our extension of SCIM users: three of the claims have no attribute in RFC 7643.
pub const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// What of it stands in the document: the rest has columns.
pub const KEPT: [&str; 3] = ["website", "gender", "birthdate"];

/// Longest text that is told, in characters; SCIM keeps longer ones.
const MAX_TOLD: usize = 1_000;

/// Where a text stands in the document.
#[derive(Clone, Copy, Debug)]
enum Place {
    Top(&'static str),
    Within(&'static str, &'static str),
    /// In the primary element of a list, or the first.
    Listed(&'static str, &'static str),
}

/// By the name of the claim, and the members of `address` (OIDC Core §5.1.1).
const FIELDS: [(&str, Place); 14] = [
    ("middle_name", Place::Within("name", "middleName")),
    ("nickname", Place::Top("nickName")),
    ("profile", Place::Top("profileUrl")),
    ("picture", Place::Listed("photos", "value")),
    ("website", Place::Within(EXTENSION, "website")),
    ("gender", Place::Within(EXTENSION, "gender")),
    ("birthdate", Place::Within(EXTENSION, "birthdate")),
    ("zoneinfo", Place::Top("timezone")),
    ("formatted", Place::Listed("addresses", "formatted")),
    ("street_address", Place::Listed("addresses", "streetAddress")),
    ("locality", Place::Listed("addresses", "locality")),
    ("region", Place::Listed("addresses", "region")),
    ("postal_code", Place::Listed("addresses", "postalCode")),
    ("country", Place::Listed("addresses", "country")),
];

/// The members of `address`.
const ADDRESS: [&str; 6] = ["formatted", "street_address", "locality", "region", "postal_code", "country"];

/// Every name that [`with`] takes.
pub fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().map(|(name, _)| name)
}

fn place(name: &str) -> Option<Place> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, place)| *place)
}

/// The text as it is kept.
fn kept<'a>(document: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let found = match place(name)? {
        Place::Top(key) => document.get(key),
        Place::Within(outer, key) => document.get(outer)?.get(key),
        Place::Listed(list, key) => {
            let elements = document.get(list)?.as_array()?;
            let primary = elements.iter().find(|one| one.get("primary") == Some(&Value::Bool(true)));
            primary.or_else(|| elements.first())?.get(key)
        }
    };
    found?.as_str().map(str::trim).filter(|text| !text.is_empty() && text.chars().count() <= MAX_TOLD)
}

/// A claim, if there is something to tell that is what the claim has to be: an address of the web, a date, a time zone. What is not is
/// left out, never told empty.
pub fn claim(user: &User, name: &str) -> Option<Value> {
    if name == "address" {
        let parts = ADDRESS.into_iter().filter_map(|part| Some((part.to_owned(), json!(kept(&user.scim, part)?))));
        let parts: Map<String, Value> = parts.collect();
        return Some(Value::Object(parts)).filter(|parts| parts.as_object().is_some_and(|parts| !parts.is_empty()));
    }
    let text = kept(&user.scim, name)?;
    let good = match name {
        "profile" | "picture" | "website" => {
            Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        }
        "birthdate" => is_birthdate(text),
        "zoneinfo" => text.contains('/') && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b)),
        _ => true,
    };
    good.then(|| json!(text))
}

/// `YYYY-MM-DD`, with the year `0000` where only the day is known, or `YYYY`.
fn is_birthdate(text: &str) -> bool {
    let number = |part: &str, digits: usize| {
        (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year] => number(year, 4).is_some(),
        [year, month, day] => {
            let date = (number(year, 4), number(month, 2), number(day, 2));
            matches!(date, (Some(_), Some(1..=12), Some(1..=31)))
        }
        _ => false,
    }
}

/// The document of a person with some of these set, or cleared by an empty text; unknown names change nothing.
pub fn with(user: &User, changes: &[(&str, &str)]) -> Map<String, Value> {
    let mut document = user.scim.clone();
    // What a document without them would say, once there is one.
    if document.is_empty() {
        document.insert("active".to_owned(), json!(user.active));
    }
    set(&mut document, (&user.given_name, &user.family_name), changes);
    document
}

/// The document of a new person with these set.
pub fn document(names: (&str, &str), changes: &[(&str, &str)]) -> Map<String, Value> {
    let mut document = Map::from_iter([("active".to_owned(), json!(true))]);
    set(&mut document, names, changes);
    document
}

fn set(document: &mut Map<String, Value>, (given, family): (&str, &str), changes: &[(&str, &str)]) {
    for (name, text) in changes {
        let value = Some(text.trim()).filter(|text| !text.is_empty()).map(|text| json!(text));
        match place(name) {
            None => {}
            Some(Place::Top(key)) => put(document, key, value),
            Some(Place::Within(outer, key)) => {
                let names = || json!({ "givenName": given, "familyName": family });
                let fresh = || if outer == "name" { names() } else { json!({}) };
                let inner = document.entry(outer).or_insert_with(fresh);
                if inner.is_null() {
                    *inner = fresh();
                }
                if let Some(inner) = inner.as_object_mut() {
                    put(inner, key, value);
                }
            }
            Some(Place::Listed(list, key)) => listed(document, list, (key, value)),
        }
    }
}

fn put(object: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    match value {
        Some(value) => drop(object.insert(key.to_owned(), value)),
        None => drop(object.remove(key)),
    }
}

fn listed(document: &mut Map<String, Value>, list: &str, (key, value): (&str, Option<Value>)) {
    let kind = if list == "photos" { "photo" } else { "work" };
    let elements = document.entry(list).or_insert_with(|| json!([]));
    let Some(elements) = elements.as_array_mut() else { return };
    let at = elements.iter().position(|one| one.get("primary") == Some(&Value::Bool(true))).unwrap_or(0);
    if elements.is_empty() {
        elements.push(json!({ "type": kind, "primary": true }));
    }
    if let Some(element) = elements.get_mut(at).and_then(Value::as_object_mut) {
        put(element, key, value);
        if element.keys().all(|key| matches!(key.as_str(), "type" | "primary")) {
            elements.remove(at);
        }
    }
    if elements.is_empty() {
        document.remove(list);
    }
}
