//! SSF 1.0: an application sets up a stream of events for itself, and is pushed them (RFC 8935).

use std::time::Duration;

use chamberlain::db::transact;
use serde_json::{Value, json};

use crate::support::relying_party::ISSUER;
use crate::support::streams::{POLL, PUSH, STREAMS, Streaming, event_name};

const FRED: &str = "fred.perry@bank-a.example";
const SECRET: &str = "Bearer tell-nobody-4711";

fn of(id: &Value) -> String {
    format!("{STREAMS}?stream_id={}", id.as_str().unwrap())
}

on_both! {
    /// SSF 1.0 §7.1, §8.1.1: one stream of a client, by the statuses that the suite of the OpenID Foundation asks for; what is the
    /// transmitter's comes back unchanged; the header is shown to nobody.
    async fn a_client_sets_up_one_stream_and_changes_it(world: World) {
        let streaming = Streaming::new(world).await;
        let told = streaming.call("", "GET", "/.well-known/ssf-configuration", &Value::Null).await.json();
        assert_eq!((&told["issuer"], &told["spec_version"]), (&json!(ISSUER), &json!("1_0")));
        assert_eq!(told["delivery_methods_supported"], json!([PUSH, POLL]));
        assert_eq!(told["authorization_schemes"], json!([{ "spec_urn": "urn:ietf:rfc:6749" }]));
        let token = &streaming.token("imas", "ssf.read ssf.manage").await;
        assert_eq!(streaming.call(token, "GET", STREAMS, &Value::Null).await.json(), json!([]));
        let session = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
        let wanted = json!({
            "delivery": streaming.push_to("/stream", Some(SECRET)),
            "events_requested": [session, "https://example.eu/unheard-of"],
            "description": "IMAS",
        });
        let made = streaming.set_up(token, wanted.clone()).await;
        let id = &made["stream_id"];
        assert_eq!((&made["iss"], &made["aud"]), (&json!(ISSUER), &json!("imas")));
        assert_eq!((&made["events_delivered"], &made["description"]), (&json!([session]), &json!("IMAS")));
        assert_eq!(made["delivery"], json!({ "method": PUSH, "endpoint_url": wanted["delivery"]["endpoint_url"] }));
        assert_eq!(streaming.status(token, "POST", STREAMS, wanted.clone()).await, 409);
        assert_eq!(streaming.call(token, "GET", &of(id), &Value::Null).await.json(), made);
        assert_eq!(streaming.call(token, "GET", STREAMS, &Value::Null).await.json(), json!([made]));
        let changed = streaming.call(token, "PATCH", STREAMS, &json!({ "stream_id": id, "description": "new" })).await.json();
        assert_eq!((&changed["description"], &changed["events_delivered"]), (&json!("new"), &json!([session])));
        let mut whole = made.clone();
        whole["events_requested"] = json!([]);
        let replaced = streaming.call(token, "PUT", STREAMS, &whole).await;
        assert_eq!((replaced.status.as_u16(), &replaced.json()["events_delivered"]), (200, &json!([])));
        for (name, value) in [("iss", json!("https://other")), ("aud", json!("casper")), ("events_supported", json!([session]))] {
            let body = json!({ "stream_id": id, name: value });
            assert_eq!(streaming.status(token, "PATCH", STREAMS, body).await, 400, "{name}");
        }
        for (method, path) in [("GET", STREAMS), ("DELETE", STREAMS), ("GET", "/ssf/status")] {
            for unknown in ["019a0000-0000-7000-8000-000000000000", "nonsense"] {
                assert_eq!(streaming.status(token, method, &format!("{path}?stream_id={unknown}"), Value::Null).await, 404);
            }
        }
        for path in [STREAMS, "/ssf/status", "/ssf/verify", "/ssf/subjects/add", "/ssf/subjects/remove"] {
            let method = if path == STREAMS { "PATCH" } else { "POST" };
            for body in [json!("{"), json!([]), json!({}), json!({ "stream_id": 7 }), Value::Null] {
                assert_eq!(streaming.status(token, method, path, body.clone()).await, 400, "{path} {body}");
            }
            let subject = json!({ "format": "opaque", "id": "x" });
            let body = json!({ "stream_id": "nonsense", "status": "paused", "subject": subject });
            assert_eq!(streaming.status(token, method, path, body).await, 404, "{path}");
        }
        assert_eq!(streaming.status(token, "POST", "/ssf/verify", json!({ "stream_id": id, "state": "a\u{0}" })).await, 400);
        assert_eq!(streaming.status(token, "DELETE", STREAMS, Value::Null).await, 400);
        assert_eq!(streaming.status(token, "DELETE", &of(id), Value::Null).await, 204);
        assert_eq!(streaming.status(token, "GET", &of(id), Value::Null).await, 404);
        assert_eq!(streaming.status(token, "OPTIONS", STREAMS, Value::Null).await, 405);
    }

    /// RFC 8935 §2, SSF 1.0 §8.1.4: events and verifications arrive with the header that the client gave, verbatim, or with none; after the
    /// client may have no stream any more, nothing arrives.
    async fn events_of_a_stream_are_pushed_with_the_header_of_its_client(world: World) {
        let streaming = Streaming::new(world).await;
        let (provider, telling) = (streaming.provider(), &streaming.telling);
        let token = &streaming.token("imas", "ssf.manage").await;
        let made = streaming.set_up(token, json!({ "delivery": streaming.push_to("/stream", Some(SECRET)) })).await;
        let id = &made["stream_id"];
        let ask = json!({ "stream_id": id, "state": "VGhpcyBpcyBhbiBleGFtcGxl" });
        assert_eq!(streaming.status(token, "POST", "/ssf/verify", ask.clone()).await, 204);
        let again = streaming.call(token, "POST", "/ssf/verify", &ask).await;
        assert_eq!((again.status.as_u16(), again.header("retry-after")), (429, "5"));
        let arrived = telling.send().await;
        assert_eq!((arrived.len(), arrived[0].content_type.as_str()), (1, "application/secevent+jwt"));
        assert_eq!(arrived[0].authorization.as_deref(), Some(SECRET));
        assert_eq!(arrived[0].header()["typ"], "secevent+jwt");
        let claims = streaming.read(arrived[0].token()).await;
        assert_eq!(claims["sub_id"], json!({ "format": "opaque", "id": id }));
        let says = json!({ "https://schemas.openid.net/secevent/ssf/event-type/verification": { "state": ask["state"] } });
        assert_eq!((&claims["events"], &claims["aud"], &claims["iss"]), (&says, &made["aud"], &json!(ISSUER)));
        assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
        // What it hears of is what it would be told anyway: people whom it has signed in.
        let (fred, _browser) = streaming.signs_in(FRED, "imas").await;
        provider.change_user(fred, |user| user.blocked = true).await;
        let mut names = Vec::new();
        for one in telling.told().await {
            assert_eq!((one.path.as_str(), one.authorization.as_deref()), ("/stream", Some(SECRET)));
            names.push(event_name(&streaming.read(one.token()).await));
        }
        names.sort();
        assert_eq!(names, ["account-disabled", "session-revoked"]);
        let bare = json!({ "stream_id": id, "delivery": streaming.push_to("/stream", None) });
        assert_eq!(streaming.status(token, "PATCH", STREAMS, bare).await, 200);
        provider.change_user(fred, |user| user.blocked = false).await;
        let told = telling.told().await;
        assert_eq!((told.len(), told[0].authorization.clone()), (1, None));
        provider.change_user(fred, |user| user.blocked = true).await;
        telling.queue().await;
        provider.set("imas", |settings| settings.offer_stream(false)).await;
        assert!(telling.send().await.is_empty());
        provider.change_user(fred, |user| user.blocked = false).await;
        assert!(telling.told().await.is_empty());
        assert_eq!(streaming.status(token, "GET", &of(id), Value::Null).await, 403);
    }

    /// OA-21, OA-31, SC-28: only the client itself, with a token for this, reaches its stream; addresses of our own network cannot be
    /// registered; the header stands nowhere in clear.
    async fn oa_21_nobody_else_reaches_a_stream_and_a_stream_reaches_nobody_inside(world: World) {
        let streaming = Streaming::new(world).await;
        let provider = streaming.provider();
        let token = &streaming.token("imas", "ssf.manage").await;
        for bad in ["https://10.0.0.8/", "https://169.254.169.254/latest", "http://app.example/", "https://u:p@app.example/", "javascript:alert(1)", "https://app.example:8443/#x"] {
            let body = json!({ "delivery": { "method": PUSH, "endpoint_url": bad } });
            assert_eq!(streaming.status(token, "POST", STREAMS, body).await, 400, "{bad}");
        }
        let made = streaming.set_up(token, json!({ "delivery": streaming.push_to("/stream", Some(SECRET)) })).await;
        let id = &made["stream_id"];
        // Nobody, a person, whoever may only read, another client.
        let browser = provider.signed_in(FRED).await;
        provider.set("imas", |settings| settings.scopes.push("users:read".to_owned())).await;
        let party = provider.relying_party("imas");
        let answer = provider.get(&browser, &party.authorize(&[("scope", "openid ssf.manage users:read")])).await;
        let of_person = provider.redeem(&party, &answer.param("code").unwrap()).await.json();
        assert_eq!(of_person["scope"], "openid users:read", "no person's token opens a stream");
        for token in ["", "nonsense", of_person["access_token"].as_str().unwrap()] {
            let answer = streaming.call(token, "GET", STREAMS, &Value::Null).await;
            assert_eq!(answer.status.as_u16(), 401);
            assert!(answer.header("www-authenticate").starts_with("Bearer"), "{:?}", answer.headers);
        }
        let reading = &streaming.token("imas", "ssf.read").await;
        assert_eq!(streaming.status(reading, "GET", &of(id), Value::Null).await, 200);
        let refused = streaming.call(reading, "DELETE", &of(id), &Value::Null).await;
        assert_eq!(refused.status.as_u16(), 403);
        assert!(refused.header("www-authenticate").contains(r#"error="insufficient_scope", scope="ssf.manage""#));
        let other = &streaming.token("casper", "ssf.manage").await;
        let subject = json!({ "format": "opaque", "id": "x" });
        let body = json!({ "stream_id": id, "status": "disabled", "subject": subject });
        for (method, path) in [("GET", of(id)), ("DELETE", of(id)), ("GET", of(id).replace("streams", "status"))] {
            assert_eq!(streaming.status(other, method, &path, Value::Null).await, 404, "{method} {path}");
        }
        for path in ["/ssf/status", "/ssf/verify", "/ssf/subjects/add", "/ssf/subjects/remove"] {
            assert_eq!(streaming.status(other, "POST", path, body.clone()).await, 404, "{path}");
        }
        assert_eq!(streaming.status(other, "PATCH", STREAMS, body.clone()).await, 404);
        assert_eq!(streaming.status(other, "POST", &format!("/ssf/poll/{}", id.as_str().unwrap()), json!({})).await, 404);
        let sealed: chamberlain::db::Result<Vec<u8>> = transact!(provider.world.db, tx => {
            Ok(chamberlain::on!(tx, c => sqlx::query_scalar("SELECT sealed_header FROM event_streams").fetch_one(c).await)?)
        });
        assert!(!String::from_utf8_lossy(&sealed.unwrap()).contains("tell-nobody"));
        let logged: chamberlain::db::Result<Vec<String>> = transact!(provider.world.db, tx => {
            Ok(chamberlain::on!(tx, c => sqlx::query_scalar("SELECT details FROM audit_events WHERE kind LIKE 'stream.%'").fetch_all(c).await)?)
        });
        let logged = logged.unwrap().concat();
        assert!(logged.contains("push") && !logged.contains("tell-nobody") && !logged.contains(&streaming.telling.receiver.url));
        // A flood of verifications is held back, and nothing is lost by waiting.
        provider.world.clock.advance(Duration::from_secs(5));
        assert_eq!(streaming.status(token, "POST", "/ssf/verify", json!({ "stream_id": id })).await, 204);
    }
}
