//! Requests that nobody sends by accident.

use serde_json::json;

use super::service::{Place, person};

on_both! {
    /// SC-22: what can be read in two ways, or is nested without end, is 400.
    async fn sc_22_ambiguous_json_is_refused(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in ["{\"userName\":\"a\",\"userName\":\"b\"}", "{\"userName\":\"a\",\"USERNAME\":\"b\"}", "{\"a\":1e999}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\u0000\"}", "[]", "{", "", &format!("{{\"a\":{deep}}}")] {
            assert_eq!(hr.raw("POST", "/Users", "application/json", body.to_owned()).await.status, 400, "{}", &body[..body.len().min(40)]);
        }
    }

    /// SC-20, SC-24: too long is 413; from a form is 415.
    async fn sc_20_24_size_and_media_type_are_checked(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let long = json!({"userName": "a", "title": "x".repeat(1_100_000)}).to_string();
        assert_eq!(hr.raw("POST", "/Users", "application/json", long).await.status, 413);
        let many = json!({"Operations": vec![json!({"op": "add", "path": "title", "value": "x"}); 1001]});
        let made = hr.joiner("ada").await;
        assert_eq!(hr.call("PATCH", &format!("/Users/{}", made["id"].as_str().unwrap()), &many).await.status, 413);
        for media in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
            assert_eq!(hr.raw("POST", "/Users", media, person("bob").to_string()).await.status, 415);
        }
    }

    /// SC-25: an id that nobody could have is not found.
    async fn sc_25_odd_ids_are_not_found(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for id in ["..%2F..%2Fetc", "%00", "%E2%80%AE", "1", "NULL", &"a".repeat(10_000), "{}", "'%20or%201=1"] {
            for kind in ["Users", "Groups"] {
                assert_eq!(hr.get(&format!("/{kind}/{id}")).await.status, 404, "{id}");
            }
        }
        assert_eq!(hr.get("/Nothing").await.status, 404);
    }

    /// SC-28: no token, a wrong one, one in the address, one of a client that was switched off.
    async fn sc_28_only_a_live_token_in_the_header_is_taken(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let mut nobody = hr.clone();
        nobody.token = format!("{}x", hr.token);
        assert_eq!(nobody.get("/Users").await.status, 401);
        assert_eq!(nobody.get(&format!("/Users?access_token={}", hr.token)).await.status, 401);
        let reader = place.service(place.bank.bank_b, &[("DelegatedUserAdmin", chamberlain::authority::Applications::All)], "users:read").await;
        assert_eq!((reader.get("/Users").await.status, reader.call("POST", "/Users", &person("ada")).await.status), (200, 403));
    }

    /// RFC 7644 §4: discovery, by id too, and no other verbs.
    async fn rfc7644_4_discovery_is_read_only(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for path in ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User"] {
            assert_eq!(hr.get(path).await.status, 200, "{path}");
            for verb in ["POST", "PUT", "PATCH", "DELETE"] {
                assert_eq!(hr.call(verb, path, &json!({})).await.status, 405, "{verb} {path}");
            }
        }
        assert_eq!(hr.get("/Schemas/urn:nothing").await.status, 404);
        assert_eq!(hr.get("/Schemas?filter=id%20pr").await.status, 403);
    }
}
