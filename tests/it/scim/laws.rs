//! Laws of PUT and PATCH (RFC 7644 §3.5), on people made up at random.

use chamberlain::kernel::random::Entropy;
use serde_json::{Map, Value, json};

use super::service::{OURS, Place, USER};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// How many people are made up.
const PEOPLE: usize = 24;

/// Attributes beside the name, each with a value.
fn attributes(number: usize) -> Vec<(&'static str, Value)> {
    let mail = |kind: &str| json!({ "value": format!("p{number}-{kind}@bank-b.example"), "type": kind });
    let address = json!({ "type": "work", "locality": "Köln", "country": "DE", "formatted": "Domkloster 4\nKöln" });
    vec![
        ("title", json!("Chief \"of\" staff \\ %_")),
        ("nickName", json!("Ωmega")),
        ("displayName", json!(format!("Person {number}"))),
        ("preferredLanguage", json!("de")),
        ("active", json!(false)),
        ("externalId", json!(format!("x-{number}"))),
        ("emails", json!([mail("work"), mail("home")])),
        ("phoneNumbers", json!([{ "value": "+4969123456", "type": "work" }, { "value": "tel: 5", "type": "other" }])),
        ("addresses", json!([address])),
        ("roles", json!([{ "value": "r1" }, { "value": "r2", "primary": true }])),
        (ENTERPRISE, json!({ "department": "IT", "manager": { "value": "m-1" } })),
        (OURS, json!({ "companyId": "C 1", "accountExpires": "2099-01-01T00:00:00Z" })),
    ]
}

fn made_up(dice: &Entropy, number: usize) -> Map<String, Value> {
    let name = json!({ "givenName": format!("G{number}"), "familyName": "Law" });
    let mut person = Map::from_iter([
        ("schemas".to_owned(), json!([USER])),
        ("userName".to_owned(), json!(format!("law-{number}"))),
        ("name".to_owned(), name),
    ]);
    let chosen = attributes(number).into_iter().filter(|_| dice.below(2) == 1);
    person.extend(chosen.map(|(name, value)| (name.to_owned(), value)));
    person
}

/// What a resource says, whenever it was said.
fn said(resource: &Value) -> Value {
    let mut said = resource.clone();
    said["meta"].as_object_mut().unwrap().remove("lastModified");
    said
}

on_both! {
    /// RFC 7644 §3.5.1: whoever puts back what they got changes nothing, neither the resource nor its version.
    async fn rfc7644_3_5_1_to_put_back_what_one_got_changes_nothing(world: World) {
        let dice = world.entropy.clone();
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut fields = 0;
        for number in 0..PEOPLE {
            let sent = made_up(&dice, number);
            fields += sent.len() - 3;
            let made = hr.call("POST", "/Users", &Value::Object(sent.clone())).await;
            assert_eq!(made.status, 201, "{} {sent:?}", made.body);
            let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
            let got = hr.get(&path).await;
            assert_eq!(said(&got.body), said(&made.body), "what was answered is what is there");
            let put = hr.call("PUT", &path, &got.body).await;
            assert_eq!((put.status, said(&put.body), &put.etag), (200, said(&got.body), &got.etag), "{sent:?}");
            assert_eq!(said(&hr.get(&path).await.body), said(&got.body));
        }
        assert!((PEOPLE * 3..PEOPLE * 9).contains(&fields), "{fields} attributes were tried");
    }

    /// RFC 7644 §3.5.2: to add what is there, or to replace it by itself, changes nothing; what is removed is gone and comes back by `add`.
    async fn rfc7644_3_5_2_operations_of_a_patch_keep_their_laws(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut laws = 0;
        for (number, (name, value)) in attributes(0).into_iter().enumerate() {
            let mut sent = json!({ "schemas": [USER], "userName": format!("patched-{number}"), "name": { "givenName": "P", "familyName": "Law" } });
            sent[name] = value.clone();
            let made = hr.call("POST", "/Users", &sent).await;
            assert_eq!(made.status, 201, "{} {sent}", made.body);
            let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
            for op in ["add", "replace"] {
                let same = hr.patch(&path, json!([{ "op": op, "path": name, "value": value }])).await;
                assert_eq!((same.status, said(&same.body), &same.etag), (200, said(&made.body), &made.etag), "{op} {name}");
                let whole = hr.patch(&path, json!([{ "op": op, "value": { name: value } }])).await;
                assert_eq!((whole.status, &whole.etag), (200, &made.etag), "{op} {name} without a path");
                laws += 2;
            }
            // The switch and what stands in our extension are never without a value.
            if matches!(name, "active" | OURS) {
                continue;
            }
            let gone = hr.patch(&path, json!([{ "op": "remove", "path": name }])).await;
            assert_eq!((gone.status, gone.body.get(name)), (200, None), "{name} {}", gone.body);
            let again = hr.patch(&path, json!([{ "op": "remove", "path": name }, { "op": "add", "path": name, "value": value }])).await;
            assert_eq!((again.status, said(&again.body)), (200, said(&made.body)), "{name}");
            let both = hr.patch(&path, json!([{ "op": "remove", "path": name }, { "op": "replace", "path": "id", "value": "x" }])).await;
            assert_eq!((both.status, said(&hr.get(&path).await.body)), (400, said(&made.body)), "SC-12: all of it or nothing");
            laws += 3;
        }
        assert_eq!(laws, 12 * 4 + 10 * 3);
    }
}
