//! The OpenAPI document is what there is: every route is in it, and nothing else.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::api::openapi;
use serde_json::{Value, json};

use super::calls::{Counter, role};

/// The routes of a router, from its source: method and path.
pub fn routes(file: &str) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let mut routes = BTreeSet::new();
    for part in text.split(".route(").skip(1) {
        let path = part.split('"').nth(1).unwrap().to_owned();
        let (mut depth, mut end) = (1, part.len());
        for (at, letter) in part.char_indices() {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if depth == 0 {
                end = at;
                break;
            }
        }
        for method in ["get", "post", "put", "patch", "delete"] {
            if part[..end].contains(&format!("{method}(")) {
                routes.insert((method.to_owned(), path.clone()));
            }
        }
    }
    assert!(routes.len() > 5, "the routes of {file} were not found");
    routes
}

#[test]
fn every_route_is_in_the_document_and_nothing_else() {
    let mut routes = routes("src/api/router.rs");
    assert!(routes.remove(&("get".to_owned(), "/openapi.json".to_owned())), "the document does not describe itself");
    let paths = openapi::document()["paths"].as_object().unwrap();
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, place)| {
            let path = path.strip_prefix("/api/v1").unwrap().to_owned();
            place.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect();
    assert_eq!(routes, described);
}

#[test]
fn the_document_is_whole() {
    let document = openapi::document();
    assert_eq!(document["openapi"], json!("3.1.0"));
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
    let mut ids = BTreeSet::new();
    for place in document["paths"].as_object().unwrap().values() {
        for operation in place.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{operation}");
            let scope = operation["security"][0]["oauth2"][0].as_str().unwrap();
            assert!(chamberlain::authority::scopes::is_action(scope), "{scope}");
        }
    }
}

on_both! {
    /// SC-28, RFC 6750, RFC 9457: bearer tokens and nothing else; what is odd is a problem, and changes nothing.
    async fn what_is_odd_is_a_problem_document(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let token = counter.token(gerda).await;
        let path = "/api/v1/role-assignments";
        let plain = |uri: &str| Request::builder().uri(uri.to_owned());
        for request in [
            plain(path).body(Body::empty()).unwrap(),
            plain(path).header("authorization", "Bearer nonsense").body(Body::empty()).unwrap(),
            plain(path).header("authorization", format!("Basic {token}")).body(Body::empty()).unwrap(),
            plain(path).header("cookie", format!("__Host-chamberlain={token}")).body(Body::empty()).unwrap(),
        ] {
            let reply = counter.send(request).await;
            assert_eq!((reply.status, &reply.body["type"]), (StatusCode::UNAUTHORIZED, &json!("urn:chamberlain:problem:unauthorized")));
        }
        assert_eq!(counter.get(&token, "/api/v1/nothing").await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.call(&token, "DELETE", path, None).await.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(counter.call(&token, "POST", path, None).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(counter.get(&token, &format!("{path}?limit=x")).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.get(&token, &format!("{path}?filter=x")).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.get(&token, &format!("{path}?state=x")).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.get(&token, &format!("{path}/1")).await.status, StatusCode::NOT_FOUND);
        for body in [Value::Null, json!([]), json!({}), json!({ "role": 1 }), json!({ "principal": { "kind": "console", "id": uuid::Uuid::nil() }, "role": "Operator", "organisation": bank.root })] {
            assert_eq!(counter.post(&token, path, body.clone()).await.status, StatusCode::BAD_REQUEST, "{body}");
        }
        let mut unknown = role(gerda, "DelegatedUserAdmin", bank.germany);
        unknown["force"] = json!(true);
        assert_eq!(counter.post(&token, path, unknown).await.status, StatusCode::BAD_REQUEST);
        let long = json!({ "reason": "x".repeat(70_000) });
        assert_eq!(counter.post(&token, &format!("{path}/{}/revoke", uuid::Uuid::nil()), long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let document = counter.get(&token, "/api/v1/openapi.json").await;
        assert_eq!((document.status, &document.body), (StatusCode::OK, openapi::document()));
    }
}
