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
}
