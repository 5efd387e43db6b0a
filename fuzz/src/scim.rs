//! What services send by SCIM.

use std::collections::{BTreeMap, BTreeSet};

use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::seal::Kek;
use chamberlain::scim::attribute::AttributePath;
use chamberlain::scim::bulk_plan::{self, Bulk};
use chamberlain::scim::cursor::{self, Inside};
use chamberlain::scim::tolerated::Tolerated;
use chamberlain::scim::{body, filter_parser, patch, schema, user_resource};
use serde_json::{Map, Value, json};

fn person() -> Map<String, Value> {
    let person = json!({
        "userName": "fred", "active": true, "name": { "givenName": "Fred", "familyName": "Perry" },
        "emails": [{ "value": "fred@a.example", "type": "work", "primary": true }, { "value": "f@b.example", "type": "home" }],
        "phoneNumbers": [{ "value": "+4969200001", "type": "mobile" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Rackets" },
    });
    person.as_object().cloned().unwrap_or_default()
}

/// A cursor (RFC 9865): as it comes, which nobody made up; and what would be inside, under a key that everybody knows.
pub fn scim_cursor(octets: &[u8]) -> bool {
    let Ok(kek) = Kek::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=") else { return false };
    if let Ok(text) = std::str::from_utf8(octets) {
        assert_eq!(Inside::open(&kek, "a list", text), None);
    }
    let Ok(sealed) = cursor::seal(&kek, "a list", octets, &Entropy::seeded(7)) else { return false };
    assert_eq!(Inside::open(&kek, "another list", &sealed), None);
    Inside::open(&kek, "a list", &sealed).is_some()
}

/// A filter (RFC 7644 §3.4.2.2). What is read is written and read again as the same.
pub fn scim_filter(octets: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(octets) else { return false };
    let Ok(filter) = filter_parser::parse(text) else { return false };
    assert_eq!(filter_parser::parse(&filter.to_string()).as_ref(), Ok(&filter), "{filter}");
    let _matches = filter.matches(&person());
    true
}

/// A PATCH of somebody (RFC 7644 §3.5.2). What came of it can be read as somebody, or is refused.
pub fn scim_patch(octets: &[u8]) -> bool {
    let Ok(body) = body::object(octets) else { return false };
    let tolerated = Tolerated::default();
    let Ok(operations) = patch::parse(&body, &tolerated) else { return false };
    let is_list = |path: &AttributePath| schema::is_multi_valued(schema::CORE_USER, path);
    let Ok(patched) = patch::apply(&person(), &operations, is_list, &tolerated) else { return false };
    let _change = user_resource::change(patched);
    true
}

/// Somebody new (RFC 7644 §3.3).
pub fn scim_user(octets: &[u8]) -> bool {
    let Ok(document) = body::object(octets) else { return false };
    let Ok(new) = user_resource::new_user(document) else { return false };
    assert!(!new.family_name.is_empty() || !new.given_name.is_empty() || new.user_name.is_some());
    true
}

/// A Bulk (RFC 7644 §3.7): its references are found and resolved.
pub fn scim_bulk(octets: &[u8]) -> bool {
    let Ok(body) = body::object(octets) else { return false };
    let Ok(mut bulk) = Bulk::parse(&body, 1_000) else { return false };
    for operation in &mut bulk.operations {
        let names: BTreeSet<String> = bulk_plan::references(operation);
        let ids: BTreeMap<String, String> = names.into_iter().map(|name| (name, "resolved".to_owned())).collect();
        bulk_plan::resolve(operation, &ids);
        assert!(bulk_plan::references(operation).is_empty(), "{operation:?}");
        let _aside = bulk_plan::set_aside(operation);
    }
    true
}
