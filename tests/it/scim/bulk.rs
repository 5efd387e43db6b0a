//! RFC 7644 §3.7: many operations in one request, each as if it had come alone.

use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::service::{Answer, OURS, Place, Service, USER, person};
use crate::support::only;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn bulk(service: &Service, operations: Value) -> Answer {
    let request = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
    service.call("POST", "/Bulk", &json!({ "schemas": [request], "Operations": operations })).await
}

fn joiner(name: &str) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": person(name) })
}

fn statuses(answer: &Answer) -> Vec<&str> {
    answer.body["Operations"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap()).collect()
}

fn id(result: &Value) -> String {
    result["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

on_both! {
    /// RFC 7644 §3.7.2: a group names people who are made behind it in the same request; answers stand in the order of the operations.
    async fn rfc7644_3_7_2_operations_refer_to_one_another_in_any_order(world: World) {
        let place = Place::new(world).await;
        let (imas, group) = (place.bank.imas, place.bank.imas_user);
        let hr = place.service(place.bank.bank_b, &[("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[imas]))], "scim").await;
        let add = json!({ "op": "add", "path": "members", "value": [{ "value": "bulkId:ada" }, { "value": "bulkId:bob" }] });
        let into = json!({ "method": "PATCH", "path": format!("/Groups/{group}"), "data": { "Operations": [add] } });
        let rename = json!({ "op": "replace", "path": "name.familyName", "value": "Lovelace" });
        let renamed = json!({ "method": "patch", "path": "/Users/bulkId:ada", "data": { "Operations": [rename] } });
        let gone = json!({ "method": "DELETE", "path": "/Users/bulkId:kim" });
        let done = bulk(&hr, json!([into, gone, renamed, joiner("ada"), joiner("bob"), joiner("kim")])).await;
        assert_eq!((done.status, statuses(&done)), (200, vec!["204", "204", "200", "201", "201", "201"]), "{}", done.body);
        assert_eq!(done.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]));
        let results = done.body["Operations"].as_array().unwrap();
        let (ada, bob, kim) = (id(&results[3]), id(&results[4]), id(&results[5]));
        let shown = hr.get(&format!("/Users/{ada}")).await;
        assert_eq!(shown.body["name"]["familyName"], json!("Lovelace"));
        assert_ne!(results[2]["version"], json!(shown.etag.unwrap()), "she has been put into the group since");
        assert_eq!((results[3]["bulkId"].as_str(), results[3]["method"].as_str()), (Some("ada"), Some("POST")));
        let mut members = hr.members(group).await;
        members.sort();
        let mut wanted = vec![ada, bob];
        wanted.sort();
        assert_eq!(members, wanted);
        assert_eq!(hr.get(&format!("/Users/{kim}")).await.status, 404);
    }

    /// RFC 7644 §3.7.1: two who name each other are both made, and name each other.
    async fn rfc7644_3_7_1_two_who_name_each_other_are_made(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let with_manager = |name: &str, manager: &str| {
            let mut one = joiner(name);
            one["data"][ENTERPRISE] = json!({ "manager": { "value": format!("bulkId:{manager}") } });
            one
        };
        let done = bulk(&hr, json!([with_manager("ada", "bob"), with_manager("bob", "ada"), with_manager("self", "self")])).await;
        assert_eq!(statuses(&done), ["201", "201", "201"], "{}", done.body);
        let results = done.body["Operations"].as_array().unwrap();
        for (one, other) in [(0, 1), (1, 0), (2, 2)] {
            let shown = hr.get(&format!("/Users/{}", id(&results[one]))).await;
            assert_eq!(shown.body[ENTERPRISE]["manager"]["value"], json!(id(&results[other])), "{}", shown.body);
            assert_eq!(results[one]["version"], json!(shown.etag.unwrap()));
        }
    }

    /// SC-21: each operation is decided alone; what refers to what was not made, or to nothing, is not done.
    async fn sc_21_each_operation_has_the_rights_of_the_caller_and_no_more(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let other = place.hr(place.bank.bank_a).await;
        let stranger = other.call("POST", "/Users", &{ let mut sent = person("eve"); sent["userName"] = json!("eve"); sent }).await.body;
        let hidden = format!("/Users/{}", stranger["id"].as_str().unwrap());
        let mut taken = joiner("mary");
        taken["data"]["userName"] = json!("eve");
        let follows = json!({ "method": "PATCH", "path": "/Users/bulkId:mary", "data": { "Operations": [{ "op": "replace", "path": "title", "value": "x" }] } });
        let lost = json!({ "method": "DELETE", "path": "/Users/bulkId:nobody" });
        let refused = bulk(&hr, json!([
            { "method": "DELETE", "path": hidden }, taken, follows, lost,
            { "method": "POST", "path": "/Nothing", "bulkId": "n", "data": {} },
            { "method": "POST", "path": "/Users", "bulkId": "w", "data": { "schemas": [USER] } },
            joiner("ada"),
        ])).await;
        assert_eq!(statuses(&refused), ["404", "409", "409", "400", "404", "400", "201"], "{}", refused.body);
        let results = refused.body["Operations"].as_array().unwrap();
        assert_eq!(results[0]["response"], hr.delete(&hidden).await.body, "as if it had come alone");
        assert_eq!(results[1]["response"]["scimType"], json!("uniqueness"));
        assert!(results[1].get("location").is_none() && results[1]["response"].get("eve").is_none());
        assert_eq!(results[0]["location"], json!(format!("https://id.example/scim/v2{hidden}")));
        assert_eq!(other.get(&hidden).await.body, stranger);
        assert_eq!(hr.get("/Users").await.body["totalResults"], json!(1));
    }

    /// RFC 7644 §3.7.3: after so many errors the rest is neither done nor answered.
    async fn rfc7644_3_7_3_after_so_many_errors_the_rest_is_not_done(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let bad = |name: &str| json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": {} });
        let operations = json!([joiner("ada"), bad("1"), joiner("bob"), bad("2"), joiner("kim")]);
        let done = hr.call("POST", "/Bulk", &json!({ "failOnErrors": 2, "Operations": operations })).await;
        assert_eq!((done.status, statuses(&done)), (200, vec!["201", "400", "201", "400"]));
        assert_eq!(hr.get("/Users").await.body["totalResults"], json!(2));
        for odd in [json!(0), json!("2"), json!(-1)] {
            let refused = hr.call("POST", "/Bulk", &json!({ "failOnErrors": odd, "Operations": operations })).await;
            assert_eq!(refused.body["scimType"], json!("invalidValue"), "{odd}");
        }
    }

    /// RFC 7644 §3.7, §3.14: an operation on top of another version is refused; a version that is right is taken.
    async fn rfc7644_3_7_operations_mind_versions(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let change = |version: &Value, title: &str| json!({
            "method": "PATCH", "path": format!("/Users/{}", made["id"].as_str().unwrap()), "version": version,
            "data": { "Operations": [{ "op": "replace", "path": "title", "value": title }] },
        });
        let version = &made["meta"]["version"];
        let done = bulk(&hr, json!([change(version, "one"), change(version, "two"), change(&json!("a\nb"), "three")])).await;
        assert_eq!(statuses(&done), ["200", "412", "412"], "{}", done.body);
    }

    /// SC-21, SC-20: too many, too large, no operations, unread: as a whole, with nothing done.
    async fn sc_21_a_bulk_that_breaks_the_form_changes_nothing(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let many: Vec<Value> = (0..1001).map(|n| joiner(&format!("p{n}"))).collect();
        assert_eq!(bulk(&hr, json!(many)).await.status, 413);
        assert_eq!(hr.raw("POST", "/Bulk", "application/scim+json", " ".repeat(1_048_577)).await.status, 413);
        for odd in [json!([joiner("ada"), { "method": "GET", "path": "/Users" }]), json!([joiner("ada"), joiner("ada")]), json!({}), json!(null)] {
            let refused = bulk(&hr, odd.clone()).await;
            assert_eq!((refused.status, refused.body["scimType"].as_str()), (400, Some("invalidSyntax")), "{odd}");
        }
        assert_eq!((hr.get("/Bulk").await.status, hr.anonymous("/Bulk").await.status), (405, 405));
        assert_eq!(hr.get("/Users").await.body["totalResults"], json!(0));
        assert_eq!(bulk(&hr, json!([])).await.body["Operations"], json!([]));
        let config = hr.get("/ServiceProviderConfig").await.body;
        assert_eq!(config["bulk"], json!({ "supported": true, "maxOperations": 1000, "maxPayloadSize": 1_048_576 }));
    }

    /// Bulk is the same operations one by one: the same statuses, the same people, the same words for what is refused.
    async fn a_bulk_comes_to_what_its_operations_come_to_one_by_one(world: World) {
        let place = Place::new(world).await;
        let (one_by_one, at_once) = (place.hr(place.bank.bank_a).await, place.hr(place.bank.bank_b).await);
        let sent = |name: &str, side: &str| {
            let mut sent = person(name);
            (sent["userName"], sent["emails"]) = (json!(format!("{name}-{side}")), json!([{ "value": format!("{name}@{side}.example") }]));
            sent
        };
        let operations = |side: &str, id: &str| vec![
            ("POST", "/Users".to_owned(), sent("ada", side)),
            ("POST", "/Users".to_owned(), sent("ada", side)),
            ("POST", "/Users".to_owned(), json!({ "userName": "x", "unheard": 1 })),
            ("PATCH", format!("/Users/{id}"), json!({ "Operations": [{ "op": "Replace", "value": { "active": "False", "title": "T" } }] })),
            ("PATCH", format!("/Users/{id}"), json!({ "Operations": [{ "op": "remove", "path": "id" }] })),
            ("PUT", format!("/Users/{id}"), { let mut all = sent("kim", side); all["title"] = json!("Chief"); all }),
            ("PUT", format!("/Users/{id}"), json!({ "id": "other" })),
            ("DELETE", "/Users/no-id".to_owned(), Value::Null),
        ];
        let first = one_by_one.call("POST", "/Users", &sent("kim", "left")).await.body["id"].as_str().unwrap().to_owned();
        let mut alone = Vec::new();
        for (method, path, body) in operations("left", &first) {
            alone.push(one_by_one.call(method, &path, &body).await);
        }
        let second = at_once.call("POST", "/Users", &sent("kim", "right")).await.body["id"].as_str().unwrap().to_owned();
        let all: Vec<Value> = operations("right", &second).into_iter().map(|(method, path, data)| json!({ "method": method, "path": path, "data": data })).collect();
        let together = bulk(&at_once, json!(all)).await;
        let results = together.body["Operations"].as_array().unwrap();
        assert_eq!(results.len(), alone.len());
        for (at, (result, alone)) in results.iter().zip(&alone).enumerate() {
            assert_eq!(result["status"], json!(alone.status.to_string()), "{at}");
            let error = if alone.status >= 400 { alone.body.clone() } else { Value::Null };
            assert_eq!(result.get("response").cloned().unwrap_or_default(), error, "{at}");
        }
        let plain = |body: Value, side: &str| {
            let text = body.to_string().replace(&first, "ID").replace(&second, "ID").replace(&format!("-{side}"), "").replace(&format!("@{side}."), "@");
            let mut list: Value = serde_json::from_str(&text).unwrap();
            for one in list["Resources"].as_array_mut().unwrap() {
                one.as_object_mut().unwrap().retain(|name, _| !matches!(name.as_str(), "meta" | "id" | OURS));
            }
            list
        };
        let (left, right) = (one_by_one.get("/Users").await.body, at_once.get("/Users").await.body);
        assert_eq!(left["totalResults"], json!(2));
        assert_eq!(plain(left, "left"), plain(right, "right"));
    }
}
