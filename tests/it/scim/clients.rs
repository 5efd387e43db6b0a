//! What real provisioning clients send, as they document it or were seen to: their habits are not the RFC's.

use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::service::{Place, Service, USER};
use crate::support::only;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn both(place: &Place) -> Service {
    let roles = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", only(&[place.bank.imas]))];
    place.service(place.bank.bank_b, &roles, "scim").await
}

/// A message as Entra ID puts it, with the name of its schema.
async fn patch(service: &Service, path: &str, operations: Value) -> Value {
    let answer = service.patch(path, operations).await;
    assert!(matches!(answer.status, 200 | 204), "{}", answer.text);
    service.get(path).await.body
}

on_both! {
    /// Microsoft Entra ID: looks people up before it creates them, and sends what it has not got as empty or null.
    async fn entra_id_creates_people_it_did_not_find(world: World) {
        let place = Place::new(world).await;
        let entra = both(&place).await;
        // The test of a new connection asks for somebody who cannot be there.
        let nobody = entra.find("userName eq \"5bf1d4a7-5b47-4a4c-a3a7-31f1f7e8c1b6\"").await;
        assert_eq!((nobody.status, &nobody.body["totalResults"], nobody.body["Resources"].as_array().unwrap().len()), (200, &json!(0), 0));
        let made = entra.call("POST", "/Users", &json!({
            "schemas": [USER, ENTERPRISE],
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "Test_User_ab6490ee@bank-b.example", "active": true,
            "meta": {"resourceType": "User"}, "roles": [], "displayName": "Test User", "title": null, "emails": [{"primary": true, "type": "work", "value": "test.user@bank-b.example"}],
            "name": {"formatted": "given name family name", "familyName": "Family", "givenName": "Given"},
            "addresses": [{"type": "work", "formatted": null, "streetAddress": "1 Street", "$ref": null}],
            ENTERPRISE: {"manager": "26118915-6090-4610-87e4-49d8ca9f808d", "department": "Sales"},
        })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert_eq!(made.body[ENTERPRISE]["manager"]["value"], json!("26118915-6090-4610-87e4-49d8ca9f808d"));
        assert!(made.body.get("roles").is_none() && made.body.get("title").is_none());
        for filter in ["userName eq \"TEST_USER_AB6490EE@bank-b.example\"", "externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"",
            "emails[type eq \"work\"].value eq \"Test.User@bank-b.example\"", "UserName Eq \"test_user_ab6490ee@bank-b.example\" And Active eq True",
            "active eq \"True\" and externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\""] {
            assert_eq!(entra.find(filter).await.body["totalResults"], json!(1), "{filter}");
        }
        let again = entra.call("POST", "/Users", &json!({"userName": "test_user_ab6490EE@bank-b.example"})).await;
        assert_eq!((again.status, &again.body["scimType"], &again.body["status"]), (409, &json!("uniqueness"), &json!("409")));
    }

    /// Microsoft Entra ID: operations in capitals, flags as words, paths with filters that make what they do not find, values without
    /// a path and with dots or URNs in their names.
    async fn entra_id_changes_people_in_its_own_way(world: World) {
        let place = Place::new(world).await;
        let entra = both(&place).await;
        let made = entra.call("POST", "/Users", &json!({"userName": "pat@bank-b.example", "active": "True", "name": {"familyName": "Pat"}})).await;
        assert_eq!((made.status, &made.body["active"]), (201, &json!(true)), "{}", made.text);
        let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
        let after = patch(&entra, &path, json!([
            {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "pat@bank-b.example"},
            {"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+49 151 1234567"},
            {"op": "Add", "path": "addresses[type eq \"work\"].streetAddress", "value": "1 Street"},
            {"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Clerk"},
            {"op": "Replace", "path": "name.givenName", "value": "Pat"},
            {"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Sales"},
            {"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "26118915"},
        ])).await;
        assert_eq!(after["emails"], json!([{"type": "work", "value": "pat@bank-b.example"}]));
        assert_eq!(after["phoneNumbers"], json!([{"type": "mobile", "value": "+49 151 1234567"}]), "kept as it came");
        assert_eq!(after["addresses"], json!([{"type": "work", "streetAddress": "1 Street"}]));
        assert_eq!(after["roles"], json!([{"primary": true, "value": "Clerk"}]));
        assert_eq!(after["name"], json!({"familyName": "Pat", "givenName": "Pat"}));
        assert_eq!(after[ENTERPRISE], json!({"department": "Sales", "manager": {"value": "26118915"}}));
        let after = patch(&entra, &path, json!([{"op": "Replace", "value": {
            "displayName": "P", "name.familyName": "Q", format!("{ENTERPRISE}:department"): "Legal", format!("{USER}:title"): "Dr", "active": "False",
            "emails[type eq \"work\"].value": "p.q@bank-b.example", "id": "ignored", "meta": {"location": "x"},
        }}])).await;
        assert_eq!((&after["displayName"], &after["name"]["familyName"], &after["title"]), (&json!("P"), &json!("Q"), &json!("Dr")));
        assert_eq!((&after[ENTERPRISE]["department"], &after["active"]), (&json!("Legal"), &json!(false)));
        assert_eq!(after["emails"][0]["value"], json!("p.q@bank-b.example"));
        // Whoever is disabled stays readable, can be changed, and comes back.
        let after = patch(&entra, &path, json!([{"op": "Replace", "path": "active", "value": "True"}, {"op": "Replace", "path": "title", "value": "Prof"}])).await;
        assert_eq!((&after["active"], &after["title"]), (&json!(true), &json!("Prof")));
        let after = patch(&entra, &path, json!([{"op": "Remove", "path": "emails[type eq \"work\"].value"}, {"op": "Remove", "path": format!("{ENTERPRISE}:manager")}, {"op": "Remove", "path": "title"}])).await;
        assert!(after[ENTERPRISE].get("manager").is_none() && after.get("title").is_none());
        assert!(after["emails"].as_array().is_none_or(|list| list.iter().all(|email| email.get("value").is_none())));
        let again = patch(&entra, &path, json!([{"op": "Add", "path": "emails[type eq \"home\"].value", "value": "home@bank-b.example"}])).await;
        assert!(again["emails"].as_array().unwrap().contains(&json!({"type": "home", "value": "home@bank-b.example"})));
    }

    /// Microsoft Entra ID: never wants the members of groups, and takes them away by a list of values.
    async fn entra_id_keeps_groups_without_reading_members(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let entra = both(&place).await;
        let path = format!("/Groups/{}", bank.imas_user);
        let found = entra.query("/Groups", &[("excludedAttributes", "members"), ("filter", "displayName eq \"imas_portal_USER\"")]).await.body;
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &json!(bank.imas_user)));
        assert!(found["Resources"][0].get("members").is_none());
        let none = entra.query("/Groups", &[("filter", "displayName eq \"nothing\"")]).await;
        assert_eq!((none.status, &none.body["totalResults"]), (200, &json!(0)));
        let mut ids = Vec::new();
        for name in ["ada", "bob"] {
            ids.push(entra.joiner(name).await["id"].clone());
        }
        let add = json!([{"op": "Add", "path": "members", "value": [{"$ref": null, "value": ids[0]}, {"$ref": null, "value": ids[1]}]}]);
        let answer = entra.patch(&path, add).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        let rename = json!([{"op": "Replace", "path": "externalId", "value": "0f2b"}, {"op": "Replace", "value": {"id": bank.imas_user, "displayName": "IMAS_PORTAL_USER"}}]);
        assert_eq!(entra.patch(&path, rename).await.status, 204);
        assert_eq!(entra.query("/Groups", &[("filter", "externalId eq \"0f2b\"")]).await.body["totalResults"], json!(1));
        for id in &ids {
            let filter = format!("id eq \"{}\" and members eq {id}", bank.imas_user);
            assert_eq!(entra.query("/Groups", &[("filter", &filter), ("attributes", "id")]).await.body["totalResults"], json!(1));
        }
        let remove = json!([{"op": "Remove", "path": "members", "value": [{"$ref": null, "value": ids[0]}]}]);
        assert_eq!(entra.patch(&path, remove).await.status, 204);
        assert_eq!(json!(entra.members(bank.imas_user).await), json!([ids[1]]));
        // Without a value it means all of them.
        assert_eq!(entra.patch(&path, json!([{"op": "remove", "path": "members"}])).await.status, 204);
        assert!(entra.members(bank.imas_user).await.is_empty());
    }

    /// Okta: imports by pages, creates with a password, replaces whole people, switches off without a path and never deletes.
    async fn okta_imports_replaces_and_deactivates(world: World) {
        let place = Place::new(world).await;
        let okta = both(&place).await;
        let new = json!({
            "schemas": [USER], "userName": "Runscope300@bank-b.example", "name": {"givenName": "Test", "familyName": "User"},
            "emails": [{"primary": true, "value": "runscope300@bank-b.example", "type": "work"}], "displayName": "Test User", "locale": "en-US",
            "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq", "active": true,
        });
        let made = okta.raw("POST", "/Users", "application/json; charset=utf-8", new.to_string()).await;
        assert_eq!(made.status, 201, "{}", made.text);
        assert!(made.headers.contains(&("content-type".to_owned(), "application/scim+json".to_owned())));
        assert!(made.headers.contains(&("location".to_owned(), made.body["meta"]["location"].as_str().unwrap().to_owned())));
        let path = format!("/Users/{}", made.body["id"].as_str().unwrap());
        okta.joiner("second").await;
        let page = okta.get("/Users?startIndex=1&count=1").await.body;
        assert_eq!((&page["totalResults"], &page["itemsPerPage"], &page["startIndex"]), (&json!(2), &json!(1), &json!(1)));
        for key in ["id", "userName", "active", "emails", "name"] {
            assert!(page["Resources"][0].get(key).is_some(), "{key}");
        }
        let next = okta.get("/Users?startIndex=2&count=100").await.body;
        assert_eq!(next["Resources"].as_array().unwrap().len(), 1);
        assert_ne!(next["Resources"][0]["id"], page["Resources"][0]["id"]);
        assert_eq!(okta.find("userName eq \"RUNSCOPE300@BANK-B.EXAMPLE\"").await.body["totalResults"], json!(1));
        let missing = okta.get("/Users/00919288221112222").await;
        assert_eq!((missing.status, &missing.body["status"]), (404, &json!("404")));
        let mut whole = okta.get(&path).await.body;
        whole["name"]["givenName"] = json!("Another");
        whole["active"] = json!(true);
        let put = okta.call("PUT", &path, &whole).await;
        assert_eq!((put.status, &put.body["name"]["givenName"], &put.body["meta"]["created"]), (200, &json!("Another"), &made.body["meta"]["created"]));
        let off = okta.patch(&path, json!([{"op": "replace", "value": {"active": false}}])).await;
        assert_eq!((off.status, &off.body["active"]), (200, &json!(false)));
        let on = okta.patch(&path, json!([{"op": "replace", "value": {"active": true}}])).await;
        assert_eq!((on.status, &on.body["active"]), (200, &json!(true)));
        assert_eq!(okta.get("/Groups?startIndex=1&count=100").await.status, 200);
        assert_eq!(okta.call("POST", "/Users", &new).await.status, 409);
    }

    /// Okta pushes groups whole; `OneLogin` and Rauthy send members as plain texts or one object.
    async fn groups_are_pushed_whole_or_by_one_member(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let client = both(&place).await;
        let (ada, bob) = (client.joiner("ada").await["id"].clone(), client.joiner("bob").await["id"].clone());
        let path = format!("/Groups/{}", bank.imas_user);
        let mut whole = client.get(&path).await.body;
        whole["members"] = json!([{"value": ada, "display": "ada@bank-b.example"}, {"value": bob, "display": "bob@bank-b.example"}]);
        let put = client.call("PUT", &path, &whole).await;
        assert_eq!((put.status, put.body["members"].as_array().unwrap().len()), (200, 2), "{}", put.text);
        assert_eq!(client.patch(&path, json!([{"op": "replace", "path": "members", "value": [{"value": ada}]}])).await.status, 204);
        assert_eq!(json!(client.members(bank.imas_user).await), json!([ada]));
        assert_eq!(client.patch(&path, json!([{"op": "add", "path": "members", "value": {"value": bob}}])).await.status, 204);
        assert_eq!(client.patch(&path, json!([{"op": "remove", "path": "members", "value": [ada]}])).await.status, 204);
        assert_eq!(json!(client.members(bank.imas_user).await), json!([bob]));
        assert_eq!(client.patch(&path, json!([{"op": "add", "value": {"members": [{"value": ada}]}}])).await.status, 204);
        let or = format!("members[value eq {ada} or value eq {bob}]");
        assert_eq!(client.patch(&path, json!([{"op": "remove", "path": or}])).await.status, 204);
        assert!(client.members(bank.imas_user).await.is_empty());
    }
}
