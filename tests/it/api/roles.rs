//! Role assignments, modules and moves over the JSON API, as scripts use them.

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use super::calls::{Counter, Reply, role};
use crate::support::{Modules, only};

const ROLES: &str = "/api/v1/role-assignments";

fn ids(reply: &Reply) -> Vec<String> {
    reply.body["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// D3, D6, D7, RFC 9110 §13.1.1: giving, seeing and taking a role, each first as a preview that keeps nothing.
    async fn a_script_gives_and_takes_roles(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        bank.activate(frank).await;
        let token = counter.token_for(gerda, &["roles:write"]).await.unwrap();
        let before = counter.get(&token, ROLES).await;
        assert_eq!((before.status, ids(&before).len()), (StatusCode::OK, 1));
        let wanted = role(frank, "DelegatedUserAdmin", bank.germany);
        let would = counter.post(&token, &format!("{ROLES}?preview=true"), wanted.clone()).await;
        assert_eq!((would.status, &would.body["state"]), (StatusCode::OK, &json!("active")));
        assert_eq!(counter.get(&token, ROLES).await.body, before.body, "a preview keeps nothing");
        let made = counter.post(&token, ROLES, wanted.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let found = counter.get(&token, made.location.as_deref().unwrap()).await;
        assert_eq!((found.status, &found.body), (StatusCode::OK, &made.body));
        assert_eq!(counter.post(&token, ROLES, wanted).await.status, StatusCode::CONFLICT, "already held");
        let path = format!("{}/revoke", made.location.unwrap());
        assert_eq!(counter.call_if(&token, "POST", &path, (Some("\"stale\""), Some(json!({})))).await.status, StatusCode::PRECONDITION_FAILED);
        let would = counter.post(&token, &format!("{path}?preview=true"), json!({})).await;
        assert_eq!((would.status, &would.body["role_assignment"]["state"]), (StatusCode::OK, &json!("revoked")));
        assert_eq!(ids(&counter.get(&token, ROLES).await).len(), 2);
        let ended = counter.call_if(&token, "POST", &path, (found.etag.as_deref(), Some(json!({})))).await;
        assert_eq!((ended.status, &ended.body["ends_too"]), (StatusCode::OK, &json!([])), "{}", ended.text);
        assert_eq!(ids(&counter.get(&token, ROLES).await), ids(&before));
        assert_eq!(counter.post(&token, &path, json!({})).await.status, StatusCode::NOT_FOUND, "once");
        // One page after the other, in the order in which they were given.
        for _ in 0..2 {
            counter.post(&token, ROLES, role(frank, "DelegatedUserAdmin", bank.frankfurt)).await;
        }
        let first = counter.get(&token, &format!("{ROLES}?limit=1")).await;
        let next = first.body["next"].as_str().unwrap().to_owned();
        let second = counter.get(&token, &format!("{ROLES}?limit=1&after={next}")).await;
        assert_eq!((ids(&second).len(), &second.body["next"]), (1, &Value::Null));
        assert_ne!(ids(&first), ids(&second));
    }

    /// D5, D6, D8, D11, DA-02, DA-25: what may not be seen is not found, what may not be done is said, and nothing changes.
    async fn a_script_does_no_more_than_its_maker(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let (gustav, francine) = (bank.person(bank.germany, "Gustav").await, bank.person(bank.france, "Francine").await);
        let above = bank.person(bank.bank_b, "Boris").await;
        let hidden = bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let token = counter.token(gerda).await;
        let list = counter.get(&token, ROLES).await;
        assert!(!ids(&list).contains(&hidden.to_string()), "held above");
        assert_eq!(counter.get(&token, &format!("{ROLES}/{hidden}")).await.status, StatusCode::NOT_FOUND);
        let nobody = counter.get(&token, &format!("{ROLES}/{}", uuid::Uuid::from_u128(5))).await;
        assert_eq!(counter.get(&token, &format!("{ROLES}/{hidden}")).await.text, nobody.text, "alike to the byte");
        for (to, what, at, wanted) in [
            (francine, "DelegatedUserAdmin", bank.germany, StatusCode::NOT_FOUND),
            (gustav, "DelegatedUserAdmin", bank.france, StatusCode::NOT_FOUND),
            (gustav, "Operator", bank.germany, StatusCode::FORBIDDEN),
            (gustav, "NoSuchRole", bank.germany, StatusCode::FORBIDDEN),
            (gerda, "DelegatedUserAdmin", bank.frankfurt, StatusCode::FORBIDDEN),
        ] {
            let reply = counter.post(&token, ROLES, role(to, what, at)).await;
            assert_eq!(reply.status, wanted, "{what}: {}", reply.text);
        }
        assert_eq!(counter.get(&token, ROLES).await.body, list.body);
        // The first administrator of a level waits for somebody else.
        let proposed = counter.post(&token, ROLES, role(gustav, "DelegatedUserAdmin", bank.frankfurt)).await;
        assert_eq!((proposed.status, &proposed.body["state"]), (StatusCode::CREATED, &json!("pending")));
        let path = proposed.location.unwrap();
        assert_eq!(counter.call(&token, "POST", &format!("{path}/confirm"), None).await.status, StatusCode::FORBIDDEN);
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let olga = counter.token(operator).await;
        let confirmed = counter.call(&olga, "POST", &format!("{path}/confirm"), None).await;
        assert_eq!((confirmed.status, &confirmed.body["state"]), (StatusCode::OK, &json!("active")));
        assert_eq!(counter.call(&olga, "POST", &format!("{path}/confirm"), None).await.status, StatusCode::CONFLICT);
        // The last one stays, but for an operator with a reason.
        let last = format!("{path}/revoke");
        bank.activate(gustav).await;
        assert_eq!(counter.post(&token, &last, json!({})).await.status, StatusCode::CONFLICT);
        assert_eq!(counter.post(&olga, &last, json!({})).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.post(&olga, &last, json!({ "reason": "the level closes" })).await.status, StatusCode::OK);
        // Without the scope the same person's token gives nothing.
        let reading = counter.token_for(gerda, &["roles:read"]).await.unwrap();
        assert!(counter.post(&reading, ROLES, role(gustav, "DelegatedUserAdmin", bank.germany)).await.status.is_client_error());
        assert_eq!(ids(&counter.get(&reading, ROLES).await).len(), 1);
    }

    /// D8: two worlds that differ only in what the caller may not see give the same lists, to the byte.
    async fn roles_out_of_sight_leave_no_trace(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let ada = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let token = counter.token(ada).await;
        let asked = [
            ROLES.to_owned(),
            format!("{ROLES}?limit=1"),
            format!("{ROLES}?role=DelegatedUserAdmin"),
            format!("{ROLES}?role=ApplicationAccessAdmin"),
            format!("{ROLES}?organisation={}", bank.bank_b),
            format!("{ROLES}?organisation={}", bank.germany),
            format!("{ROLES}?state=revoked"),
            "/api/v1/revocation-requests".to_owned(),
        ];
        let mut before = Vec::new();
        for path in &asked {
            before.push(counter.get(&token, path).await);
        }
        let (boris, francine) = (bank.person(bank.bank_b, "Boris").await, bank.person(bank.france, "Francine").await);
        bank.appoint(boris, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let gone = bank.appoint(francine, "ApplicationAccessAdmin", bank.france, true, only(&[bank.imas])).await;
        bank.revoke(PrincipalId::Console, gone, Some("reason")).await.unwrap();
        // Here, but for an application that is none of hers.
        let carla = bank.person(bank.germany, "Carla").await;
        bank.appoint(carla, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.casper])).await;
        for (path, before) in asked.iter().zip(before) {
            assert_eq!(counter.get(&token, path).await, before, "{path}");
        }
        // What is in sight is seen, without the application that is not.
        bank.appoint(carla, "ApplicationAccessAdmin", bank.frankfurt, true, only(&[bank.casper, bank.imas])).await;
        let list = counter.get(&token, &format!("{ROLES}?organisation={}", bank.frankfurt)).await;
        assert_eq!(list.body["items"][0]["applications"], json!([bank.imas]));
    }

    /// I24, I53, I77, D9: module access is granted, suspended and given back; versions are asked for.
    async fn a_script_manages_module_access(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        Modules::of(&bank.world, &bank.door).ask(bank.casper).await;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let token = counter.token_for(operator, &["modules:write"]).await.unwrap();
        let list = format!("/api/v1/organisations/{}/modules", bank.frankfurt);
        let one = format!("{list}/{}", bank.casper);
        assert_eq!(counter.get(&token, &list).await.body, json!({ "items": [] }));
        assert_eq!(counter.get(&token, &one).await.status, StatusCode::NOT_FOUND);
        let granted = counter.post(&token, &format!("{one}/grant"), json!({ "kind": "authority" })).await;
        assert_eq!((granted.status, &granted.body["status"]), (StatusCode::CREATED, &json!("active")), "{}", granted.text);
        assert_eq!(counter.post(&token, &format!("{one}/grant"), json!({ "kind": "authority" })).await.status, StatusCode::CONFLICT);
        assert_eq!(counter.post(&token, &format!("{one}/grant"), json!({ "kind": "boss" })).await.status, StatusCode::BAD_REQUEST);
        let suspended = counter.call_if(&token, "POST", &format!("{one}/suspend"), (granted.etag.as_deref(), None)).await;
        assert_eq!((suspended.status, &suspended.body["status"]), (StatusCode::OK, &json!("suspended")));
        let stale = counter.call_if(&token, "POST", &format!("{one}/regrant"), (granted.etag.as_deref(), None)).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        let other = counter.call(&token, "PUT", &one, Some(json!({ "kind": "coordinator" }))).await;
        assert_eq!((other.status, &other.body["kind"]), (StatusCode::OK, &json!("coordinator")), "{}", other.text);
        assert_eq!(counter.call(&token, "POST", &format!("{one}/regrant"), None).await.status, StatusCode::OK);
        assert_eq!(counter.get(&token, &list).await.body["items"].as_array().unwrap().len(), 1);
        let dua = bank.user_admin(bank.germany, true, "Gerda").await;
        let hers = counter.token(dua).await;
        assert_eq!(counter.call(&hers, "POST", &format!("{one}/suspend"), None).await.status, StatusCode::FORBIDDEN);
        let beside = format!("/api/v1/organisations/{}/modules/{}/suspend", bank.france, bank.casper);
        assert_eq!(counter.call(&hers, "POST", &beside, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.get(&hers, &list).await.body, json!({ "items": [] }), "she manages none");
    }

    /// D13, DA-08, DA-26: a move is made with the effect that was shown, and with no other.
    async fn a_script_moves_an_organisation_with_the_effect_that_it_saw(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let token = counter.token(operator).await;
        let path = format!("/api/v1/organisations/{}/move", bank.frankfurt);
        let shown = counter.get(&token, &format!("{path}?to={}", bank.france)).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert_eq!(shown.body["loses"]["role_assignments"][0]["principal"]["id"], json!(gerda));
        let francine = bank.user_admin(bank.france, true, "Francine").await;
        let order = json!({ "to": bank.france, "effect": shown.body["effect"] });
        let refused = counter.post(&token, &path, order).await;
        assert_eq!((refused.status, &refused.body["type"]), (StatusCode::CONFLICT, &json!("urn:chamberlain:problem:effect-changed")));
        let shown = counter.get(&token, &format!("{path}?to={}", bank.france)).await;
        assert_eq!(shown.body["gains"]["role_assignments"][0]["principal"]["id"], json!(francine));
        let moved = counter.post(&token, &path, json!({ "to": bank.france, "effect": shown.body["effect"] })).await;
        assert_eq!((moved.status, &moved.body["parent"]), (StatusCode::OK, &json!(bank.france)));
        let hers = counter.token(gerda).await;
        assert_eq!(counter.get(&hers, &format!("{path}?to={}", bank.germany)).await.status, StatusCode::NOT_FOUND, "out of her sight now");
        assert_eq!(counter.get(&token, &format!("{path}?to={}", uuid::Uuid::from_u128(9))).await.status, StatusCode::NOT_FOUND);
    }
}
