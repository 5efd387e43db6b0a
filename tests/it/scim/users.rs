//! RFC 7644 §3.3 to §3.6 on people.

use serde_json::json;

use super::service::{OURS, Place, person};

on_both! {
    /// RFC 7644 §3.3: the answer to a create is 201 with the whole resource, its address and its version.
    async fn rfc7644_3_3_a_created_person_is_returned_as_it_was_sent(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.call("POST", "/Users", &person("ada")).await;
        assert_eq!(made.status, 201);
        for key in ["userName", "externalId", "active", "name", "nickName", "emails"] {
            assert_eq!(made.body[key], person("ada")[key], "{key}");
        }
        assert_eq!(made.body[OURS]["organisation"], json!(place.bank.bank_b));
        assert_eq!(made.body["meta"]["version"], json!(made.etag));
        let path = made.body["meta"]["location"].as_str().unwrap().strip_prefix("https://id.example/scim/v2").unwrap().to_owned();
        assert_eq!(hr.get(&path).await.body, made.body);
        // RFC 7644 §3.9
        let part = hr.get(&format!("{path}?attributes=name.givenName")).await.body;
        assert_eq!(part["name"], json!({"givenName": "ada"}));
        assert!(part.get("userName").is_none() && part["id"].is_string() && part["schemas"].is_array());
    }

    /// RFC 7644 §3.5.2, SC-12, SC-11: all operations or none; what only the server sets is refused.
    async fn sc_11_12_a_refused_operation_undoes_the_others(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let op = |path: &str| json!({"op": "replace", "path": path, "value": "x"});
        for (bad, kind) in [("id", "mutability"), ("meta.created", "mutability"), ("groups", "mutability"), ("a b", "invalidPath"), ("emails[type eq \"home\"]", "noTarget")] {
            let answer = hr.patch(&path, json!([op("nickName"), op("title"), op(bad)])).await;
            assert_eq!((answer.status, answer.body["scimType"].as_str()), (400, Some(kind)), "{bad}");
            assert_eq!(hr.get(&path).await.body, made);
        }
        let removed = hr.patch(&path, json!([{"op": "remove", "path": "userName"}])).await;
        assert_eq!((removed.status, removed.body["scimType"].as_str()), (400, Some("invalidValue")));
        let done = hr.patch(&path, json!([{"op": "Replace", "value": {"name.givenName": "Eve", "active": "False"}}])).await;
        assert_eq!((done.status, &done.body["name"]["givenName"], &done.body["active"]), (200, &json!("Eve"), &json!(false)));
    }

    /// SC-31: a version that is not the present one is 412.
    async fn sc_31_a_change_of_an_old_version_is_refused(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let version = made["meta"]["version"].as_str().unwrap();
        let mut next = person("ada");
        next["nickName"] = json!("Second");
        assert_eq!(hr.call_if("PUT", &path, version, &next).await.status, 200);
        assert_eq!(hr.call_if("PUT", &path, version, &next).await.status, 412);
    }

    /// SC-13: PUT cannot clear or set what only the server sets; a PUT without `active` leaves the switch where it is.
    async fn sc_13_a_put_leaves_what_only_the_server_sets(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        assert_eq!(hr.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await.status, 200);
        let sent = json!({"userName": "ada2", "id": made["id"], "meta": {"created": "2000-01-01T00:00:00Z"}, OURS: {"selfRegistered": true, "accountStatus": "active"}});
        let after = hr.call("PUT", &format!("{path}?attributes=active,meta,nickName,externalId,{OURS}"), &sent).await.body;
        assert_eq!((&after["id"], &after["meta"]["created"]), (&made["id"], &made["meta"]["created"]));
        assert_eq!((&after["active"], &after[OURS]["selfRegistered"], &after[OURS]["accountStatus"]), (&json!(false), &json!(false), &json!("deactivated")));
        assert!(after.get("nickName").is_none() && after.get("externalId").is_none());
    }

    /// OIDC Core §5.1: what RFC 7643 has no attribute for stands in our extension, and goes like any other attribute.
    async fn what_is_told_as_website_gender_and_birthdate_stands_in_our_extension(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let (of, fields) = (|name: &str| format!("{OURS}:{name}"), [("website", "https://ada.example/"), ("gender", "female"), ("birthdate", "1815-12-10")]);
        let set: Vec<_> = fields.iter().map(|(name, value)| json!({"op": "add", "path": of(name), "value": value})).collect();
        let answer = hr.patch(&path, json!(set)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let after = hr.get(&path).await.body;
        for (name, value) in fields {
            assert_eq!(after[OURS][name], value, "{name}");
        }
        assert_eq!((&after["name"], &after["nickName"], &after[OURS]["organisation"]), (&made["name"], &made["nickName"], &made[OURS]["organisation"]));
        assert_eq!(hr.patch(&path, json!([{"op": "remove", "path": of("gender")}])).await.status, 200);
        let after = hr.get(&path).await.body;
        assert!(after[OURS].get("gender").is_none() && after[OURS]["birthdate"] == "1815-12-10", "{after}");
        let mut sent = json!({"userName": "ada", "name": made["name"]});
        let after = hr.call("PUT", &path, &sent).await.body;
        assert_eq!(after[OURS]["birthdate"], "1815-12-10", "who does not know our extension leaves it as it is: {after}");
        sent[OURS] = json!({ "website": "https://ada.example/" });
        let after = hr.call("PUT", &path, &sent).await.body;
        assert!(after[OURS].get("birthdate").is_none() && after[OURS]["website"] == "https://ada.example/", "a PUT replaces all of it: {after}");
    }

    /// SC-29: a deleted id is gone for good, its name is free for somebody with another id.
    async fn sc_29_a_deleted_person_is_not_found_and_never_comes_back(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let id = hr.joiner("ada").await["id"].as_str().unwrap().to_owned();
        let path = format!("/Users/{id}");
        assert_eq!(hr.delete(&path).await.status, 204);
        assert_eq!([hr.get(&path).await.status, hr.delete(&path).await.status, hr.call("PUT", &path, &person("ada")).await.status], [404, 404, 404]);
        assert_ne!(hr.joiner("ada").await["id"], json!(id));
    }

    /// SC-14: an external id is never a key of ours, and each client has its own.
    async fn sc_14_external_ids_are_of_one_client(world: World) {
        let place = Place::new(world).await;
        let (hr, other) = (place.hr(place.bank.bank_b).await, place.hr(place.bank.bank_b).await);
        let made = hr.joiner("ada").await;
        let id = made["id"].as_str().unwrap();
        assert_eq!(hr.get("/Users/hr-ada").await.status, 404);
        assert_eq!(hr.find("externalId eq \"hr-ada\"").await.body["totalResults"], json!(1));
        assert_eq!(other.find("externalId eq \"hr-ada\"").await.body["totalResults"], json!(0));
        assert!(other.get(&format!("/Users/{id}")).await.body.get("externalId").is_none());
        let mut twice = person("bob");
        twice["externalId"] = json!("hr-ada");
        assert_eq!(hr.call("POST", "/Users", &twice).await.body["scimType"], json!("uniqueness"));
    }
}
