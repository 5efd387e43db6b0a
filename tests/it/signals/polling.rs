//! RFC 8936 and SSF 1.0 §8.1.2, §8.1.3: events are fetched, acknowledged, held back and left out.

use chamberlain::authority::action::ManageClient;
use chamberlain::db::transact;
use chamberlain::directory::client;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::signals::delivery_store::list_of_client;
use chamberlain::signals::model::State;
use chamberlain::signals::stream::manage;
use chamberlain::signals::stream::model::Status;
use serde_json::{Value, json};

use crate::support::streams::{STREAMS, Streaming, event_name};
use crate::support::{Failure, failure};

const FRED: &str = "fred.perry@bank-a.example";

fn names(sets: &[(String, Value)]) -> Vec<String> {
    let mut names: Vec<String> = sets.iter().map(|(_, claims)| event_name(claims)).collect();
    names.sort();
    names
}

/// Blocks somebody or lets them in again: an event each.
async fn block(streaming: &Streaming, email: &str, blocked: bool) {
    let user = streaming.provider().user(email).await;
    streaming.provider().change_user(user, move |user| user.blocked = blocked).await;
    streaming.telling.queue().await;
}

async fn set_status(streaming: &Streaming, token: &str, id: &Value, status: &str) {
    let body = json!({ "stream_id": id, "status": status, "reason": "because" });
    let answer = streaming.call(token, "POST", "/ssf/status", &body).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, body));
}

/// What an operator does at the page of the client.
async fn pause(streaming: &Streaming) {
    let provider = streaming.provider();
    let ctx = provider.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(provider.world.db, tx => {
        let client = client::store::find_by_client_id(tx, "imas").await?.unwrap().id;
        let permit = provider.oidc.app.door.authorise(tx, &ctx, ManageClient { client: Some(client) }).await?;
        let wanted = (Status::Paused, Some("maintenance".to_owned()));
        manage::set_status_by_operator(tx, permit, wanted, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// RFC 8936 §2: sets are given out until they are acknowledged, the same ones by the same names; what is acknowledged or refused is
    /// never given out again.
    async fn events_are_fetched_until_they_are_acknowledged(world: World) {
        let streaming = Streaming::new(world).await;
        let token = &streaming.token("imas", "ssf.manage").await;
        let made = streaming.set_up(token, json!({})).await;
        let id = &made["stream_id"];
        assert!(made["delivery"]["endpoint_url"].as_str().unwrap().ends_with(&format!("/ssf/poll/{}", id.as_str().unwrap())));
        streaming.signs_in(FRED, "imas").await;
        assert!(streaming.fetch(token, id, json!({})).await.is_empty(), "nothing has happened");
        block(&streaming, FRED, true).await;
        block(&streaming, FRED, false).await;
        assert!(streaming.telling.send().await.is_empty(), "nothing is pushed");
        let all = streaming.fetch(token, id, json!({})).await;
        assert_eq!(names(&all), ["account-disabled", "account-enabled", "session-revoked"]);
        assert_eq!(streaming.fetch(token, id, json!({})).await, all, "the same again");
        let one = streaming.fetch(token, id, json!({ "maxEvents": 1 })).await;
        assert_eq!(one, all[..1], "the oldest first");
        let path = format!("/ssf/poll/{}", id.as_str().unwrap());
        let more = streaming.call(token, "POST", &path, &json!({ "maxEvents": 1, "returnImmediately": true })).await;
        assert_eq!(more.json()["moreAvailable"], true);
        // Acknowledged only; then acknowledged and fetched at once.
        assert!(streaming.fetch(token, id, json!({ "maxEvents": 0, "ack": [all[0].0] })).await.is_empty());
        let errors = json!({ &all[1].0: { "err": "invalid_issuer", "description": "<b>" } });
        let left = streaming.fetch(token, id, json!({ "setErrs": errors, "ack": ["nonsense"] })).await;
        assert_eq!(left, all[2..]);
        // Another client's acknowledgement moves nothing.
        let other = &streaming.token("casper", "ssf.manage").await;
        let of_other = streaming.set_up(other, json!({})).await;
        assert!(streaming.fetch(other, &of_other["stream_id"], json!({ "ack": [all[2].0] })).await.is_empty());
        assert_eq!(streaming.fetch(token, id, json!({})).await, left);
        assert!(streaming.fetch(token, id, json!({ "ack": [all[2].0] })).await.is_empty());
        assert!(streaming.fetch(token, id, json!({})).await.is_empty());
        let tx = &mut streaming.provider().world.db.reader().await.unwrap();
        let imas = client::store::find_by_client_id(tx, "imas").await.unwrap().unwrap();
        let mut states: Vec<_> = list_of_client(tx, imas.id, 10).await.unwrap().into_iter().map(|one| (one.state, one.answer.unwrap())).collect();
        states.sort_by(|a, b| a.1.cmp(&b.1));
        let said = |text: &str| text.to_owned();
        assert_eq!(states, [(State::Sent, said("")), (State::Sent, said("")), (State::Failed, said("invalid_issuer"))]);
        for bad in [json!({ "maxEvents": -1 }), json!({ "ack": "x" }), json!({ "setErrs": [] }), json!([])] {
            assert_eq!(streaming.status(token, "POST", &path, bad.clone()).await, 400, "{bad}");
        }
        // Pushed from now on: what waits is sent, and can be fetched no more.
        block(&streaming, FRED, true).await;
        let push = json!({ "stream_id": id, "delivery": streaming.push_to("/stream", None) });
        assert_eq!(streaming.status(token, "PATCH", STREAMS, push).await, 200);
        assert_eq!(streaming.status(token, "POST", &path, json!({})).await, 404);
        assert_eq!(streaming.telling.send().await.len(), 1);
    }

    /// SSF 1.0 §8.1.2, §8.1.5: a paused stream keeps events, a disabled one loses them; what an operator does is told. §8.1.3, §9.3: a
    /// client may leave people out, and learns nothing of anybody by asking.
    async fn a_stream_is_paused_and_leaves_people_out(world: World) {
        let streaming = Streaming::new(world).await;
        let token = &streaming.token("imas", "ssf.manage").await;
        let made = streaming.set_up(token, json!({})).await;
        let id = &made["stream_id"];
        let (fred, _browser) = streaming.signs_in(FRED, "imas").await;
        let enabled = streaming.call(token, "GET", &format!("/ssf/status?stream_id={}", id.as_str().unwrap()), &Value::Null).await;
        assert_eq!(enabled.json(), json!({ "stream_id": id, "status": "enabled" }));
        set_status(&streaming, token, id, "paused").await;
        block(&streaming, FRED, true).await;
        assert!(streaming.fetch(token, id, json!({})).await.is_empty());
        set_status(&streaming, token, id, "enabled").await;
        let kept = streaming.fetch(token, id, json!({})).await;
        assert_eq!(names(&kept), ["account-disabled", "session-revoked"]);
        pause(&streaming).await;
        // Whatever waits before it, it is given out, and nothing else while the stream is paused.
        let path = format!("/ssf/poll/{}", id.as_str().unwrap());
        let one = streaming.call(token, "POST", &path, &json!({ "maxEvents": 1, "returnImmediately": true })).await.json();
        assert_eq!((one["sets"].as_object().unwrap().len(), one.get("moreAvailable")), (1, None), "{one}");
        let told = streaming.fetch(token, id, json!({})).await;
        assert_eq!(names(&told), ["stream-updated"]);
        let says = &told[0].1["events"]["https://schemas.openid.net/secevent/ssf/event-type/stream-updated"];
        assert_eq!(*says, json!({ "status": "paused", "reason": "maintenance" }));
        assert_eq!(told[0].1["sub_id"], json!({ "format": "opaque", "id": id }));
        set_status(&streaming, token, id, "disabled").await;
        block(&streaming, FRED, false).await;
        assert_eq!(streaming.status(token, "POST", "/ssf/verify", json!({ "stream_id": id })).await, 400);
        set_status(&streaming, token, id, "enabled").await;
        assert!(streaming.fetch(token, id, json!({})).await.is_empty(), "what was kept and what happened since is lost");
        let named = |sub: &str| json!({ "format": "iss_sub", "iss": made["iss"], "sub": sub });
        let known = fred.to_string();
        let strangers = ["019a0000-0000-7000-8000-000000000000", "nobody"];
        for sub in [known.as_str(), strangers[0], strangers[1]] {
            for (path, status) in [("/ssf/subjects/add", 200), ("/ssf/subjects/remove", 204), ("/ssf/subjects/remove", 204)] {
                let answer = streaming.call(token, "POST", path, &json!({ "stream_id": id, "subject": named(sub), "verified": true })).await;
                assert_eq!((answer.status.as_u16(), answer.body.as_str()), (status, ""), "{sub}");
            }
        }
        let email = json!({ "format": "email", "email": FRED });
        assert_eq!(streaming.status(token, "POST", "/ssf/subjects/add", json!({ "stream_id": id, "subject": email })).await, 400);
        block(&streaming, FRED, true).await;
        assert!(streaming.fetch(token, id, json!({})).await.is_empty(), "it does not want to hear of him");
        assert_eq!(streaming.status(token, "POST", "/ssf/subjects/add", json!({ "stream_id": id, "subject": named(&known) })).await, 200);
        // Adding somebody whom it has never signed in adds nothing.
        let paul = streaming.provider().demo.accounts.iter().find(|one| one.email.starts_with("paul")).unwrap().email.clone();
        let stranger = streaming.provider().user(&paul).await.to_string();
        assert_eq!(streaming.status(token, "POST", "/ssf/subjects/add", json!({ "stream_id": id, "subject": named(&stranger) })).await, 200);
        block(&streaming, &paul, true).await;
        block(&streaming, FRED, false).await;
        assert_eq!(names(&streaming.fetch(token, id, json!({})).await), ["account-enabled"]);
    }
}
