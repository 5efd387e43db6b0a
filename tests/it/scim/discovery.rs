//! RFC 7644 §4 and RFC 7643 §7: what is told of the service is true.

use std::collections::BTreeSet;

use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::service::{OURS, Place, Service, USER, person};

const OUR_GROUP: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Group";

async fn attribute(service: &Service, schema: &str, name: &str) -> Value {
    let body = service.get(&format!("/Schemas/{schema}")).await.body;
    body["attributes"].as_array().unwrap().iter().find(|a| a["name"] == json!(name)).cloned().unwrap()
}

/// Every attribute of a schema, with the path by which a PATCH names it.
async fn attributes(service: &Service, schema: &str) -> Vec<(String, Value)> {
    let body = service.get(&format!("/Schemas/{schema}")).await.body;
    let prefix = if schema.contains(":core:") { String::new() } else { format!("{schema}:") };
    let named = |a: &Value| (format!("{prefix}{}", a["name"].as_str().unwrap()), a.clone());
    body["attributes"].as_array().unwrap().iter().map(named).collect()
}

fn is_legal(attribute: &Value) {
    let among =
        |key: &str, words: &[&str]| assert!(words.contains(&attribute[key].as_str().unwrap()), "{key} of {attribute}");
    among("type", &["string", "boolean", "decimal", "integer", "dateTime", "reference", "complex", "binary"]);
    among("mutability", &["readOnly", "readWrite", "immutable", "writeOnly"]);
    among("returned", &["always", "never", "default", "request"]);
    if attribute.get("uniqueness").is_some() {
        among("uniqueness", &["none", "server", "global"]);
    }
    assert!(attribute["multiValued"].is_boolean() && attribute["required"].is_boolean());
    assert!(!attribute["description"].as_str().unwrap().is_empty());
    assert_eq!(attribute["type"] == json!("complex"), attribute.get("subAttributes").is_some(), "{attribute}");
    assert_eq!(attribute["type"] == json!("reference"), attribute.get("referenceTypes").is_some(), "{attribute}");
    attribute["subAttributes"].as_array().into_iter().flatten().for_each(is_legal);
}

on_both! {
    /// E02, RFC 7644 §4: discovery, by id too, found by the addresses in it, and no other verbs.
    async fn rfc7644_4_discovery_is_read_only_and_leads_to_itself(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut paths = vec!["/ServiceProviderConfig".to_owned(), "/ResourceTypes".to_owned(), "/Schemas".to_owned()];
        let mut seen = BTreeSet::new();
        for list in ["/ResourceTypes", "/Schemas"] {
            for resource in hr.get(list).await.body["Resources"].as_array().unwrap() {
                let path = resource["meta"]["location"].as_str().unwrap().strip_prefix("https://id.example/scim/v2").unwrap().to_owned();
                assert_eq!(hr.get(&path).await.body, *resource);
                seen.insert(resource["name"].as_str().unwrap().to_owned());
                for attribute in resource["attributes"].as_array().into_iter().flatten() {
                    is_legal(attribute);
                }
                paths.push(path);
            }
        }
        for name in ["User", "Group", "EnterpriseUser", "ChamberlainUser", "ChamberlainGroup", "Organization", "Application", "Membership", "RoleAssignment", "Schema", "ResourceType", "ServiceProviderConfig"] {
            assert!(seen.contains(name), "{name}");
        }
        for path in paths {
            assert_eq!(hr.get(&path).await.status, 200, "{path}");
            for verb in ["POST", "PUT", "PATCH", "DELETE"] {
                assert_eq!(hr.call(verb, &path, &json!({})).await.status, 405, "{verb} {path}");
            }
        }
        for path in ["/Schemas/urn:nothing", "/ResourceTypes/Device", "/Me", "/"] {
            assert_eq!(hr.get(path).await.status, 404, "{path}");
        }
        assert_eq!(hr.get("/Schemas?filter=id%20pr").await.status, 403);
    }

    /// RFC 7643 §7: what a schema calls read-only cannot be written, what it does not call so can be, and what it does not name is nothing.
    async fn rfc7643_7_mutability_is_what_the_schemas_say(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let user = operator.joiner("ada").await;
        let group = operator.call("POST", "/Groups", &json!({"displayName": "Readers", OUR_GROUP: {"application": "CASPER", "environment": "production"}})).await;
        assert_eq!(group.status, 201, "{}", group.text);
        let user = format!("/Users/{}", user["id"].as_str().unwrap());
        let group = format!("/Groups/{}", group.body["id"].as_str().unwrap());
        let (mut read_only, mut written) = (0, 0);
        for (resource, schema) in [(&user, USER), (&user, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"), (&user, OURS),
            (&group, "urn:ietf:params:scim:schemas:core:2.0:Group"), (&group, OUR_GROUP)] {
            for (path, attribute) in attributes(&operator, schema).await {
                let value = sample(&attribute, &operator);
                let before = operator.get(resource).await.body;
                let answer = operator.patch(resource, json!([{"op": "replace", "path": path, "value": value}])).await;
                match attribute["mutability"].as_str().unwrap() {
                    "readOnly" | "immutable" => {
                        assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("mutability")), "{path}");
                        assert_eq!(operator.get(resource).await.body, before, "{path}");
                        read_only += 1;
                    }
                    _ => {
                        assert!(matches!(answer.status, 200 | 204), "{path}: {}", answer.text);
                        written += 1;
                    }
                }
            }
        }
        assert!(read_only >= 10 && written > 30, "{read_only} {written}");
        for path in ["favouriteColour", "name.nothing", "urn:x:y:2.0:Z:d", &format!("{OURS}:blocked")] {
            let answer = operator.patch(&user, json!([{"op": "add", "path": path, "value": "x"}])).await;
            assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("invalidPath")), "{path}");
        }
    }

    /// RFC 7643 §7: what is returned on request is returned to who names it, or its extension, and to nobody else.
    async fn rfc7643_7_returned_is_what_the_schemas_say(world: World) {
        let place = Place::new(world).await;
        let operator = place.service(place.bank.root, &[("Operator", Applications::All)], "scim").await;
        let made = operator.joiner("ada").await;
        let user = format!("/Users/{}", made["id"].as_str().unwrap());
        let group = format!("/Groups/{}", place.bank.imas_user);
        let mut on_request = 0;
        for (resource, schema) in [(&user, OURS), (&group, OUR_GROUP)] {
            let whole = operator.get(&format!("{resource}?attributes={schema}")).await.body[schema].clone();
            let plain = operator.get(resource).await.body[schema].clone();
            for (path, attribute) in attributes(&operator, schema).await {
                let name = attribute["name"].as_str().unwrap();
                let Some(value) = whole.get(name) else { continue };
                let named = operator.get(&format!("{resource}?attributes={path}")).await.body[schema].clone();
                assert_eq!(named, json!({name: value}), "{path}");
                assert_eq!(plain.get(name).is_some(), attribute["returned"] == json!("default"), "{path}");
                on_request += usize::from(attribute["returned"] == json!("request"));
            }
        }
        assert_eq!(on_request, 6);
        let list = operator.query("/Groups", &[("attributes", &format!("{OUR_GROUP}:code"))]).await.body;
        assert_eq!(list["Resources"].as_array().unwrap().iter().filter(|group| group[OUR_GROUP]["code"].is_string()).count(), 2);
    }

    /// RFC 7643 §7: values are suggested out of what the caller may put there, and of nothing else (D8).
    async fn rfc7643_7_suggested_values_are_the_callers_own(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let hr = place.hr(bank.germany).await;
        let organisation = attribute(&hr, OURS, "organisation").await;
        assert_eq!(organisation["canonicalValues"], json!([bank.germany, bank.frankfurt]));
        assert!(attribute(&hr, OUR_GROUP, "application").await.get("canonicalValues").is_none());
        for id in organisation["canonicalValues"].as_array().unwrap() {
            let mut joiner = person(&format!("at-{}", id.as_str().unwrap()));
            joiner[OURS] = json!({ "organisation": id });
            assert_eq!(hr.call("POST", "/Users", &joiner).await.body[OURS]["organisation"], *id);
        }
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        assert_eq!(attribute(&operator, OUR_GROUP, "application").await["canonicalValues"], json!(["CASPER", "IMAS"]));
        assert_eq!(attribute(&operator, OURS, "organisation").await["canonicalValues"].as_array().unwrap().len(), 6);
    }

    /// RFC 7644 §3.5.2.2: an extension that is removed is unassigned, although it is about things that never go away.
    async fn rfc7644_3_5_2_2_a_removed_extension_is_not_shown_until_it_is_wanted(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        assert_eq!(hr.patch(&path, json!([{"op": "add", "path": OURS, "value": {"companyId": "7"}}])).await.body[OURS]["companyId"], json!("7"));
        let removed = hr.patch(&path, json!([{"op": "remove", "path": OURS}])).await;
        assert_eq!((removed.status, removed.body.get(OURS)), (200, None));
        assert!(hr.find("userName sw \"ada\"").await.body["Resources"][0].get(OURS).is_none());
        assert!(hr.call("PUT", &path, &person("ada")).await.body.get(OURS).is_none());
        let asked = hr.get(&format!("{path}?attributes={OURS}:organisation,{OURS}:companyId")).await.body;
        assert_eq!(asked[OURS], json!({"organisation": place.bank.bank_b}));
        let again = hr.patch(&path, json!([{"op": "add", "path": format!("{OURS}:subsidiary"), "value": "North"}])).await.body;
        assert_eq!((&again[OURS]["subsidiary"], &again[OURS]["organisation"]), (&json!("North"), &json!(place.bank.bank_b)));
        assert!(again[OURS].get("companyId").is_none());
    }
}

/// A value of the right type.
fn sample(attribute: &Value, service: &Service) -> Value {
    let one = match attribute["type"].as_str().unwrap() {
        "boolean" => json!(true),
        "complex" if attribute["name"] == json!("members") => return json!([]),
        "complex" if attribute["name"] == json!("emails") => json!({"value": "a@bank-b.example"}),
        "complex" if attribute["name"] == json!("name") => json!({"familyName": "A"}),
        "complex" => json!({attribute["subAttributes"][0]["name"].as_str().unwrap(): "x"}),
        _ if attribute["mutability"] == json!("immutable") => json!("x"),
        _ if attribute["name"] == json!("organisation") => json!(service.home),
        _ if attribute["name"] == json!("documentation") => json!("https://docs.example/group"),
        _ => attribute["canonicalValues"].get(0).cloned().unwrap_or_else(|| json!("x")),
    };
    if attribute["multiValued"] == json!(true) { json!([one]) } else { one }
}
