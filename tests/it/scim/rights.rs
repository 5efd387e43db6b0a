//! Who may ask at all, and what nobody may set.

use chamberlain::authority::Applications;
use chamberlain::authority::action::{BlockUser, ManageClient};
use chamberlain::directory::client::manage::set_active;
use chamberlain::directory::user::delete::set_blocked;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::store as users;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::transact;
use serde_json::{Value, json};

use super::service::{OURS, Place, Service, USER, person};
use crate::support::{Failure, failure};

/// The operator's switch.
async fn block(place: &Place, user: UserId, blocked: bool) {
    let (world, door) = (&place.bank.world, &place.bank.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let permit = door.authorise(tx, &ctx, BlockUser { user }).await?;
        let guard = Guard { roles: door.roles(), reason: Some("lost laptop") };
        set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

async fn switch(place: &Place, service: &Service, active: bool) {
    let (world, door) = (&place.bank.world, &place.bank.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let PrincipalId::Service(client) = service.principal else { panic!("not a service") };
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let permit = door.authorise(tx, &ctx, ManageClient { client: Some(client) }).await?;
        set_active(tx, permit, active, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    // Another node finds out within a second (`decisions.md` 4).
    world.clock.advance(std::time::Duration::from_secs(1));
}

on_both! {
    /// SC-28: only a live token of ours, for us, in the header.
    async fn sc_28_only_a_live_token_for_scim_in_the_header_is_taken(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        assert_eq!(hr.get("/Users").await.status, 200);
        let with = |token: &str| hr.with_token(token);
        for answer in [
            hr.anonymous(&format!("/Users?access_token={}", hr.token)).await,
            hr.anonymous(&format!("/Users?token={}&authorization=Bearer%20{}", hr.token, hr.token)).await,
            hr.anonymous("/ServiceProviderConfig").await,
            with("").get("/Users").await,
            with(&format!("{}x", hr.token)).get("/Users").await,
            with(&hr.token.replacen('.', "..", 1)).get("/Users").await,
            with(&hr.client_id).get("/Users").await,
            hr.with_scheme("Basic").await,
            with(&place.token(&hr.client_id, |claims| claims.aud = "https://other.example".to_owned()).await).get("/Users").await,
            with(&place.token(&hr.client_id, |claims| claims.iss = "https://other.example".to_owned()).await).get("/Users").await,
            with(&place.token(&hr.client_id, |claims| claims.scope = "openid profile email groups".to_owned()).await).get("/Users").await,
            with(&place.token("nobody", |_| {}).await).get("/Users").await,
            with(&place.token(&hr.client_id, |claims| claims.sub = "somebody".to_owned()).await).get("/Users").await,
            with(&place.token(&hr.client_id, |claims| claims.client_epoch = 7).await).get("/Users").await,
            with(&place.token(&hr.client_id, |claims| claims.exp = claims.iat).await).get("/Users").await,
        ] {
            assert_eq!((answer.status, &answer.body["status"]), (401, &json!("401")), "{answer:?}");
            assert!(answer.headers.iter().any(|(name, value)| name == "www-authenticate" && value.starts_with("Bearer")));
        }
        let reader = place.service(place.bank.bank_b, &[("DelegatedUserAdmin", Applications::All)], "users:read").await;
        assert_eq!((reader.get("/Users").await.status, reader.call("POST", "/Users", &person("ada")).await.status), (200, 403));
        place.bank.world.clock.advance(std::time::Duration::from_hours(1));
        assert_eq!(hr.get("/Users").await.status, 401, "an old token");
    }

    /// SC-28: a client that is switched off is out, and its old tokens stay out when it is switched on again.
    async fn sc_28_a_revoked_client_is_out_for_good(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let other = place.hr(place.bank.bank_b).await;
        assert_eq!(hr.get("/Users").await.status, 200);
        switch(&place, &hr, false).await;
        for (verb, path) in [("GET", "/Users"), ("POST", "/Users"), ("GET", "/Groups"), ("GET", "/Schemas")] {
            assert_eq!(hr.call(verb, path, &person("ada")).await.status, 401, "{verb} {path}");
        }
        assert_eq!(other.get("/Users").await.status, 200);
        switch(&place, &hr, true).await;
        assert_eq!(hr.get("/Users").await.status, 401);
    }

    /// SC-32: the customer's switch does not lift the operator's block, by any way of saying so.
    async fn sc_32_active_does_not_revive_whom_an_operator_has_blocked(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let id: UserId = made["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/Users/{id}");
        block(&place, id, true).await;
        let stored = async || users::find(&mut place.bank.world.db.reader().await.unwrap(), id).await.unwrap().unwrap();
        let mut whole = person("ada");
        whole["active"] = json!(true);
        whole[OURS] = json!({"accountStatus": "active"});
        for flag in [json!(false), json!(true)] {
            for operation in [
                json!({"op": "replace", "path": "active", "value": flag}),
                json!({"op": "add", "value": {"active": flag}}),
                json!({"op": "replace", "path": "active", "value": flag.to_string()}),
            ] {
                assert_eq!(hr.patch(&path, json!([operation])).await.status, 200);
            }
        }
        assert_eq!(hr.patch(&path, json!([{"op": "remove", "path": "active"}])).await.status, 200);
        assert_eq!(hr.call("PUT", &path, &whole).await.status, 200);
        let shown = hr.get(&format!("{path}?attributes=active,{OURS}:accountStatus")).await.body;
        assert_eq!((&shown["active"], &shown[OURS]["accountStatus"]), (&json!(true), &json!("blocked")));
        assert!(stored().await.blocked && stored().await.active && !stored().await.is_usable(place.bank.world.clock.now()));
        for name in ["accountStatus", "blocked"] {
            assert_eq!(hr.patch(&path, json!([{"op": "replace", "path": format!("{OURS}:{name}"), "value": "active"}])).await.status, 400);
        }
        assert!(stored().await.blocked);
        block(&place, id, false).await;
        assert!(!stored().await.blocked && stored().await.active);
    }

    /// DA-32: what is no attribute of ours is refused by its name, what only the server sets is not taken; nothing is applied.
    async fn da_32_nothing_can_be_set_that_is_not_offered(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let made = hr.joiner("ada").await;
        let id: UserId = made["id"].as_str().unwrap().parse().unwrap();
        let path = format!("/Users/{id}");
        let stored = async || users::find(&mut place.bank.world.db.reader().await.unwrap(), id).await.unwrap().unwrap();
        let before = stored().await;
        let unknown = [
            ("level", json!(place.bank.root)), ("verified", json!(true)), ("emailVerified", json!(true)), ("validUntil", json!("2099-01-01T00:00:00Z")),
            ("createdBy", json!({"kind": "console"})), ("blocked", json!(false)), ("epoch", json!(7)), ("version", json!(1)), ("organisation_id", json!(place.bank.root)),
            ("name", json!({"givenName": "Ada", "__proto__": 1})), ("emails", json!([{"value": "a@bank-b.example", "verified": true}])),
            (OURS, json!({"blocked": false})), (OURS, json!({"role": "Operator"})),
        ];
        for (key, value) in unknown {
            let mut sent = person("ada");
            sent[key] = value.clone();
            let mut joiner = person("bob");
            joiner[key] = value.clone();
            for answer in [
                hr.call("PUT", &path, &sent).await,
                hr.call("POST", "/Users", &joiner).await,
                hr.patch(&path, json!([{"op": "replace", "value": {key: value}}])).await,
            ] {
                assert_eq!(answer.status, 400, "{key} {}", answer.text);
                assert!(matches!(answer.body["scimType"].as_str(), Some("invalidSyntax" | "invalidPath")), "{key} {}", answer.text);
            }
        }
        assert_eq!(stored().await, before);
        assert_eq!(hr.find("userName sw \"bob\"").await.body["totalResults"], json!(0));
        // What only the server sets is passed over, as RFC 7644 §3.3 and §3.5.1 have it, and stays as it is.
        let mut sent = person("ada");
        sent["id"] = json!(id);
        sent["meta"] = json!({"created": "2000-01-01T00:00:00Z", "lastModified": "2000-01-01T00:00:00Z", "version": "x", "resourceType": "Operator"});
        sent["groups"] = json!([{"value": place.bank.casper_submitter}]);
        sent[OURS] = json!({"selfRegistered": true, "accountStatus": "active", "pendingEmail": "x@bank-b.example", "organisationName": "Bank A"});
        sent["roles"] = json!([{"value": "Operator"}]);
        let put = hr.call("PUT", &path, &sent).await;
        assert_eq!((put.status, &put.body["meta"]["created"], put.body.get("groups")), (200, &made["meta"]["created"], None), "{}", put.text);
        assert_eq!(put.body[OURS], made[OURS]);
        let after = stored().await;
        assert_eq!((after.organisation, after.created_by, after.blocked, after.pending, after.email_verified), (before.organisation, before.created_by, false, None, false));
        // Roles of the customer's own are kept as a text and carry nothing.
        let authority = place.bank.door.authority_of(&mut place.bank.world.db.reader().await.unwrap(), PrincipalId::Person(id), place.bank.world.clock.now()).await.unwrap();
        assert!(authority.assignments.is_empty());
    }

    /// DA-33: what is sent to one resource does not name another.
    async fn da_33_the_id_in_the_body_is_the_one_in_the_path(world: World) {
        let place = Place::new(world).await;
        let both = [("DelegatedUserAdmin", Applications::All), ("ApplicationAccessAdmin", Applications::All)];
        let caller = place.service(place.bank.bank_b, &both, "scim").await;
        let (ada, bob) = (caller.joiner("ada").await, caller.joiner("bob").await);
        let path = format!("/Users/{}", ada["id"].as_str().unwrap());
        let group = format!("/Groups/{}", place.bank.imas_user);
        let mut whole = caller.get(&group).await.body;
        whole["id"] = json!(place.bank.casper_submitter);
        for id in [bob["id"].clone(), json!("x"), json!(7), json!([ada["id"]])] {
            let mut sent = person("ada");
            sent["id"] = id;
            let answer = caller.call("PUT", &path, &sent).await;
            assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("invalidValue")));
        }
        assert_eq!(caller.call("PUT", &group, &whole).await.status, 400);
        assert_eq!(caller.get(&path).await.body, ada);
        assert_eq!(caller.call("PUT", &path, &ada).await.status, 200, "a resource as it was read");
    }

    /// DA-35, DA-13: who is created has no group and no role, whatever is sent along.
    async fn da_35_who_is_created_has_no_access(world: World) {
        let place = Place::new(world).await;
        let bank = &place.bank;
        let hr = place.hr(bank.bank_b).await;
        let made = hr.joiner("ada").await;
        assert!(made.get("groups").is_none());
        let mut bob = person("bob");
        bob["groups"] = json!([{"value": bank.imas_user}]);
        assert_eq!(hr.call("POST", "/Users", &bob).await.body["scimType"], json!("mutability"));
        let operator = place.service(bank.root, &[("Operator", Applications::All)], "scim").await;
        let id = made["id"].as_str().unwrap();
        for group in [bank.imas_user, bank.casper_submitter] {
            assert!(!operator.members(group).await.contains(&id.to_owned()));
        }
        let seen = operator.get(&format!("/Users/{id}")).await.body;
        assert!(seen.get("groups").is_none() && seen.get("roles").is_none());
        let _: Value = seen;
    }

    /// IN-02, IN-03: what stands in the mails that we send is one line and no web address.
    async fn in_02_03_names_are_names(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        for bad in ["Ada\r\nBcc: x@y.example", "Ada\u{202e}", "visit https://evil.example now", "www.evil.example", &"a".repeat(300)] {
            for name in ["givenName", "familyName"] {
                let mut sent = json!({"schemas": [USER], "userName": "ada@bank-b.example", "name": {"givenName": "Ada", "familyName": "Ada"}});
                sent["name"][name] = json!(bad);
                let answer = hr.call("POST", "/Users", &sent).await;
                assert_eq!((answer.status, &answer.body["scimType"]), (400, &json!("invalidValue")), "{bad}");
            }
            if bad.contains(['\r', '\u{202e}']) {
                assert_eq!(hr.call("POST", "/Users", &json!({"userName": format!("a{bad}")})).await.status, 400, "{bad}");
            }
        }
        assert_eq!(hr.get("/Users").await.body["totalResults"], json!(0));
    }

    /// The refusal contract, R14, SC-28: a token that is not accepted is in the log, and so is one that is for something else; of a
    /// flood only how large it is.
    async fn bearers_that_are_turned_away_are_recorded(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let records = async |reason: &str| {
            let log = crate::support::state(&place.bank.world.db, &[]).await;
            log["audit_events"].iter().filter(|row| row.contains("token.bearer_refused") && row.contains(reason)).count()
        };
        assert_eq!((hr.get("/Users").await.status, records("").await), (200, 0));
        let wrong = hr.with_token("a-token-that-is-none");
        for _ in 0..50 {
            assert_eq!(wrong.get("/Users").await.status, 401);
        }
        assert_eq!(records("invalid token at SCIM").await, 12, "1 to 10, 20, 40");
        let token = place.token(&hr.client_id, |claims| claims.scope = "openid profile".to_owned()).await;
        assert_eq!(hr.with_token(&token).get("/Users").await.status, 401);
        assert_eq!((records("token for something else").await, records("").await, records("a-token-that").await), (1, 13, 0));
    }
}
