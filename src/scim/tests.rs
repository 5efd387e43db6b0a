use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::attribute::AttributePath;
use super::filter::{Filter, Operator};
use super::limits::Limits;
use super::projection::Projection;
use super::tolerated::Tolerated;
use super::{etag, filter_parser, patch, schema};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn matches(filter: &str, resource: &Value) -> bool {
    filter_parser::parse(filter).unwrap().matches(&object(resource.clone()))
}

#[test]
fn rfc7644_3_4_2_2_the_examples_of_the_rfc_are_read_and_mean_what_they_say() {
    let jane = json!({"userName": "bjensen", "title": "x", "userType": "Employee", "active": true,
        "name": {"familyName": "O'Malley"}, "meta": {"lastModified": "2012-05-13T04:42:34Z"},
        "emails": [{"type": "work", "value": "j@example.com"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"}});
    for (filter, expected) in [
        ("userName Eq \"BJENSEN\"", true),
        ("name.familyName co \"O'Malley\"", true),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"b\"", true),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"sales\"", true),
        ("title pr and userType eq \"Employee\"", true),
        ("title pr and not (userType eq \"Employee\")", false),
        ("meta.lastModified gt \"2011-05-13T04:42:34Z\"", true),
        ("userType ne \"Employee\" and not(emails co \"example.com\")", false),
        ("emails[type eq \"work\" and value co \"@example.com\"]", true),
        ("emails[type eq \"work\"].value eq \"j@example.com\"", true),
        ("emails[type eq \"home\"].value eq \"j@example.com\"", false),
        ("active eq True", true),
        ("active eq \"True\"", true),
        ("nickName eq null or nickName pr", true),
        ("title eq \"a\" or title eq \"x\" and active eq false", false),
    ] {
        assert_eq!(matches(filter, &jane), expected, "{filter}");
    }
}

#[test]
fn sc_16_18_nesting_and_terms_are_bounded_before_anything_recurses() {
    for open in ["not (", "(", "a["] {
        assert!(filter_parser::parse(&open.repeat(200_000)).is_err());
        let just_short = open.repeat(Limits::default().filter_bytes / open.len());
        assert!(filter_parser::parse(&just_short).is_err());
    }
    let terms = |n: usize| vec!["a pr"; n].join(" or ");
    assert!(filter_parser::parse(&terms(64)).is_ok());
    assert!(filter_parser::parse(&terms(65)).is_err());
    for bad in [
        "",
        "a",
        "a eq",
        "a eq b",
        "a xx \"b\"",
        "a eq \"b",
        "(a pr",
        "a pr)",
        "a pr b pr",
        "a eq \"\\q\"",
        "é pr",
        "a[b pr",
        "a..b pr",
        "] pr",
    ] {
        assert!(filter_parser::parse(bad).is_err(), "{bad}");
    }
}

fn apply(resource: Value, operations: Value) -> Result<Value, patch::PatchError> {
    let operations = patch::parse(&object(json!({"Operations": operations})), &Tolerated::default())?;
    let multi_valued = |path: &AttributePath| schema::is_multi_valued(schema::CORE_USER, path);
    patch::apply(&object(resource), &operations, multi_valued, &Tolerated::default()).map(Value::Object)
}

#[test]
fn rfc7644_3_5_2_every_form_of_path_is_applied() {
    let enterprise = schema::ENTERPRISE_USER;
    for (before, operations, after) in [
        (json!({}), json!([{"op": "ADD", "path": "nickName", "value": "B"}]), json!({"nickName": "B"})),
        (json!({"nickName": "B"}), json!([{"op": "Remove", "path": "NickName"}]), json!({})),
        (
            json!({"name": {"givenName": "a", "familyName": "b"}}),
            json!([{"op": "replace", "value": {"name.givenName": "c", "active": false}}]),
            json!({"name": {"givenName": "c", "familyName": "b"}, "active": false}),
        ),
        (
            json!({}),
            json!([{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@b"}]),
            json!({"emails": [{"type": "work", "value": "a@b"}]}),
        ),
        (
            json!({"emails": [{"value": "a", "primary": true}]}),
            json!([{"op": "add", "path": "emails", "value": [{"value": "b", "primary": true}]}]),
            json!({"emails": [{"value": "a", "primary": false}, {"value": "b", "primary": true}]}),
        ),
        (
            json!({"emails": [{"value": "a"}, {"value": "b"}]}),
            json!([{"op": "remove", "path": "emails", "value": [{"value": "a"}]}]),
            json!({"emails": [{"value": "b"}]}),
        ),
        (
            json!({"emails": [{"value": "a", "type": "x"}, {"value": "b"}]}),
            json!([{"op": "remove", "path": "emails[type eq \"x\"]"}]),
            json!({"emails": [{"value": "b"}]}),
        ),
        (
            json!({}),
            json!([{"op": "add", "path": format!("{enterprise}:manager.value"), "value": "7"}]),
            json!({enterprise: {"manager": {"value": "7"}}}),
        ),
        (
            json!({enterprise: {"department": "x"}}),
            json!([{"op": "remove", "path": format!("{enterprise}:department")}]),
            json!({}),
        ),
        (json!({enterprise: {"department": "x"}}), json!([{"op": "remove", "path": enterprise}]), json!({})),
        (
            json!({}),
            json!([{"op": "add", "value": {format!("{enterprise}:department"): "x"}}]),
            json!({enterprise: {"department": "x"}}),
        ),
        (
            json!({}),
            json!([{"op": "add", "path": enterprise, "value": {"department": "x"}}]),
            json!({enterprise: {"department": "x"}}),
        ),
    ] {
        assert_eq!(apply(before.clone(), operations.clone()).unwrap(), after, "{before} {operations}");
        if !operations.to_string().to_lowercase().contains("remove") {
            assert_eq!(apply(after.clone(), operations.clone()).unwrap(), after, "twice: {operations}");
        }
    }
}

#[test]
fn rfc7644_3_5_2_wrong_operations_are_refused_by_kind() {
    use patch::PatchError as E;
    for (operations, expected) in [
        (json!([]), E::Syntax("`Operations` is empty")),
        (json!([{"op": "remove"}]), E::NoTarget),
        (json!([{"op": "add", "path": "a b", "value": 1}]), E::Path),
        (json!([{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "a"}}]), E::NoTarget),
        (json!([{"op": "add", "value": "x"}]), E::Value("a value without a path must be an object")),
        (json!(vec![json!({"op": "add", "path": "a", "value": 1}); 1001]), E::TooMany(1000)),
    ] {
        assert_eq!(apply(json!({}), operations).unwrap_err(), expected);
    }
}

#[test]
fn sc_09_projection_takes_away_and_keeps_id_and_schemas() {
    let user = object(
        json!({"schemas": [], "id": "1", "userName": "u", "name": {"givenName": "a", "familyName": "b"}, schema::ENTERPRISE_USER: {"department": "d", "division": "e"}}),
    );
    let left = |only, without| Value::Object(Projection::parse(only, without).unwrap().apply(&user));
    assert_eq!(left(Some("name.givenName"), None), json!({"schemas": [], "id": "1", "name": {"givenName": "a"}}));
    assert_eq!(
        left(None, Some("id,name,USERNAME,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department")),
        json!({"schemas": [], "id": "1", schema::ENTERPRISE_USER: {"division": "e"}})
    );
    assert_eq!(
        left(Some(schema::ENTERPRISE_USER), None),
        json!({"schemas": [], "id": "1", schema::ENTERPRISE_USER: {"department": "d", "division": "e"}})
    );
}

#[test]
fn rfc7644_3_14_versions_name_what_is_seen() {
    let version = etag::of(&object(json!({"id": "1", "meta": {"a": 1}})));
    assert_eq!(version, etag::of(&object(json!({"id": "1", "meta": {"a": 2}}))));
    assert_ne!(version, etag::of(&object(json!({"id": "2"}))));
    assert!(etag::names(&version, &version) && etag::names("*", &version) && !etag::names("\"x\"", &version));
}

#[test]
fn rfc7643_7_schemas_are_complete() {
    assert_eq!(schema::SCHEMAS.len(), 14);
    assert!(schema::is_multi_valued(schema::CORE_USER, &AttributePath::parse("emails.value").unwrap()));
    assert!(schema::is_read_only(schema::CORE_USER, &AttributePath::parse("groups").unwrap()));
    assert!(!schema::is_read_only(schema::CORE_USER, &AttributePath::parse("userName").unwrap()));
}

#[tokio::test]
async fn sc_18_a_list_that_takes_too_long_is_refused_as_too_many() {
    use super::error::ScimError;
    use std::time::Duration;
    let forever = std::future::pending::<Result<(), ScimError>>();
    let refused = super::listed::in_time(Duration::ZERO, forever).await.unwrap_err();
    assert_eq!(refused.scim_type(), Some("tooMany"));
    assert_eq!(super::listed::in_time(Duration::from_secs(5), async { Ok(7) }).await.unwrap(), 7);
}

fn filters() -> impl Strategy<Value = Filter> {
    let path = prop_oneof![
        Just("a"),
        Just("b.c"),
        Just("urn:x:y:2.0:Z:d"),
        Just(schema::CORE_USER).prop_map(|_| "urn:ietf:params:scim:schemas:core:2.0:User:userName")
    ];
    let path = path.prop_map(|text| AttributePath::parse(text).unwrap());
    let value = prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null)
    ];
    let leaf = prop_oneof![
        path.clone().prop_map(Filter::Present),
        (path.clone(), prop::sample::select(Operator::ALL.to_vec()), value)
            .prop_map(|(p, o, v)| Filter::Compare(p, o, v)),
    ];
    leaf.prop_recursive(5, 24, 2, move |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Filter::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Filter::Or(Box::new(a), Box::new(b))),
            inner.clone().prop_map(|a| Filter::Not(Box::new(a))),
            (Just(AttributePath::parse("emails").unwrap()), inner).prop_map(|(p, f)| Filter::ValuePath(p, Box::new(f))),
        ]
    })
}

proptest! {
    #[test]
    fn parsing_what_was_printed_gives_the_same_filter(filter in filters()) {
        let text = filter.to_string();
        prop_assume!(text.len() <= Limits::default().filter_bytes);
        prop_assert_eq!(filter_parser::parse(&text), Ok(filter));
    }

    #[test]
    fn sc_16_no_text_makes_the_parser_panic(text in ".{0,200}", tokens in prop::collection::vec(prop::sample::select(vec!["(", ")", "[", "]", "not", "and", "a", "eq", "\"x\"", ".v", "pr", " "]), 0..40)) {
        let _ = filter_parser::parse(&text);
        let _ = filter_parser::parse(&tokens.concat());
    }
}
