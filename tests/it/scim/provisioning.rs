//! Services that provision: what they are held to, what is noted of them, and what is tolerated.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use chamberlain::authority::Applications;
use chamberlain::authority::action::ManageClient;
use chamberlain::directory::client::activity::flush::flush;
use chamberlain::directory::client::activity::model::{self, Habit, KEPT, Wanted};
use chamberlain::directory::client::activity::store as activity;
use chamberlain::directory::client::manage as clients;
use chamberlain::directory::client::provisioning::{Provisioning, Tolerance};
use chamberlain::directory::client::store as client_store;
use chamberlain::kernel::ids::{ClientId, PrincipalId};
use chamberlain::scim::self_test;
use chamberlain::transact;
use chamberlain::web::extract::RequestInfo;
use chamberlain::web::limits::{LimitSettings, Limits};
use chamberlain::web::self_test::Outcome;
use serde_json::{Value, json};

use super::provisioning_tokens::issue;
use super::service::{Answer, Place, Service, USER, person};
use crate::support::{Failure, failure};

fn id(service: &Service) -> ClientId {
    let PrincipalId::Service(client) = service.principal else { panic!("not a service") };
    client
}

/// An operator says what a service is held to.
async fn hold(place: &Place, service: &Service, change: impl Fn(&mut Provisioning)) {
    let (world, door) = (&place.bank.world, &place.bank.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let client = client_store::find(tx, id(service)).await?.unwrap();
        let permit = door.authorise(tx, &ctx, ManageClient { client: Some(client.id) }).await?;
        let mut settings = client.settings;
        change(&mut settings.provisioning);
        clients::update(tx, permit, (client.name, settings), None, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    place.bank.door.changed();
}

/// What the job writes each second.
async fn written(place: &Place) {
    let app = &place.scim.app;
    flush(&app.db, &app.activity, &app.entropy).await.unwrap();
}

async fn kept(place: &Place, service: &Service, failed: bool) -> Vec<model::Request> {
    let tx = &mut place.bank.world.db.reader().await.unwrap();
    activity::list(tx, Wanted { client: id(service), failed, limit: 1_000, offset: 0 }).await.unwrap()
}

async fn last_use(place: &Place, service: &Service) -> Option<chamberlain::kernel::time::Timestamp> {
    activity::find_use(&mut place.bank.world.db.reader().await.unwrap(), id(service)).await.unwrap()
}

async fn habits(place: &Place, service: &Service) -> Vec<(Habit, i64)> {
    written(place).await;
    let tx = &mut place.bank.world.db.reader().await.unwrap();
    let mut met: Vec<_> =
        activity::list_habits(tx, id(service)).await.unwrap().into_iter().map(|one| (one.habit, one.times)).collect();
    met.sort();
    met
}

/// `GET /Users` as it comes from an address.
async fn from(place: &Place, service: &Service, ip: &str) -> Answer {
    let mut request = Request::get("/scim/v2/Users")
        .header("authorization", format!("Bearer {}", service.token))
        .body(Body::empty())
        .unwrap();
    let ctx = place.bank.world.ctx();
    request.extensions_mut().insert(RequestInfo {
        id: "1".to_owned(),
        now: ctx.now,
        ip: Some(ip.parse().unwrap()),
        locale: chamberlain::locale::Locale::En,
        browser: chamberlain::kernel::secret::Token::generate(&ctx.entropy),
        session: None,
        path: "/scim/v2/Users".to_owned(),
        method: axum::http::Method::GET,
        certificate: None,
    });
    service.send(request).await
}

/// Whatever is tolerated: how it is sent, and what a strict reader says.
fn odd(id: &Value) -> Vec<(Habit, &'static str, String, Value, (u16, &'static str))> {
    let path = format!("/Users/{}", id.as_str().unwrap());
    let patch = |operation: Value| json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]});
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let filter = |text: &str| {
        format!("/Users?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", text).finish())
    };
    vec![
        (
            Habit::OperationCase,
            "PATCH",
            path.clone(),
            patch(json!({"op": "Replace", "path": "title", "value": "a"})),
            (400, "invalidSyntax"),
        ),
        (
            Habit::BooleanText,
            "PATCH",
            path.clone(),
            patch(json!({"op": "replace", "path": "active", "value": "True"})),
            (400, "invalidValue"),
        ),
        (Habit::BooleanText, "GET", filter("active eq \"True\""), Value::Null, (400, "invalidFilter")),
        (
            Habit::PlainText,
            "PATCH",
            path.clone(),
            patch(json!({"op": "add", "path": format!("{enterprise}:manager"), "value": "x"})),
            (400, "invalidValue"),
        ),
        (
            Habit::ListOfOne,
            "PUT",
            path.clone(),
            json!({"schemas": [USER], "userName": "ada@bank-b.example", enterprise: {"manager": [{"value": "x"}]}}),
            (400, "invalidValue"),
        ),
        (
            Habit::SingleValue,
            "PUT",
            path.clone(),
            json!({"schemas": [USER], "userName": "ada@bank-b.example", "emails": {"value": "ada@bank-b.example"}}),
            (400, "invalidValue"),
        ),
        (
            Habit::DottedNames,
            "PATCH",
            path.clone(),
            patch(json!({"op": "replace", "value": {"name.givenName": "A"}})),
            (400, "invalidPath"),
        ),
        (
            Habit::FilteredPath,
            "GET",
            filter("emails[type eq \"work\"].value eq \"a@b.example\""),
            Value::Null,
            (400, "invalidFilter"),
        ),
        (
            Habit::RemovedValues,
            "PATCH",
            path.clone(),
            patch(json!({"op": "remove", "path": "emails", "value": [{"value": "no@bank-b.example"}]})),
            (400, "invalidValue"),
        ),
        (
            Habit::MadeElement,
            "PATCH",
            path.clone(),
            patch(json!({"op": "replace", "path": "emails[type eq \"home\"].value", "value": "home@bank-b.example"})),
            (400, "noTarget"),
        ),
        (
            Habit::NoSchemas,
            "PATCH",
            path.clone(),
            json!({"Operations": [{"op": "replace", "path": "title", "value": "b"}]}),
            (400, "invalidSyntax"),
        ),
        (Habit::NoSchemas, "POST", "/Users/.search".to_owned(), json!({"count": 1}), (400, "invalidSyntax")),
        (
            Habit::InnerSchemas,
            "PUT",
            path,
            json!({"schemas": [USER], "userName": "ada@bank-b.example", enterprise: {"schemas": [enterprise], "department": "d"}}),
            (400, "invalidSyntax"),
        ),
    ]
}

on_both! {
    /// D12, SC-28: a service ends on the instant, whatever its token says, and is taken from its own networks only; it is told no more
    /// than that, and both are in the log.
    async fn d12_a_service_ends_and_is_taken_from_its_own_networks_only(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        assert_eq!(from(&place, &hr, "203.0.113.9").await.status, 200);
        hold(&place, &hr, |held| held.addresses = vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()]).await;
        for own in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8:1::1"] {
            assert_eq!(from(&place, &hr, own).await.status, 200, "{own}");
        }
        for foreign in ["203.0.113.9", "192.0.3.1", "2001:db9::1"] {
            let refused = from(&place, &hr, foreign).await;
            assert_eq!((refused.status, &refused.body["detail"], refused.body.get("scimType")), (403, &json!("not from here"), None), "{foreign}");
        }
        assert_eq!(hr.get("/Users").await.status, 403, "an address that is not known is in no list");
        written(&place).await;
        assert_eq!(kept(&place, &hr, true).await.iter().map(|one| one.status).collect::<Vec<_>>(), [403], "once a minute");
        let log = crate::support::state(&place.bank.world.db, &[]).await;
        let refused = log["audit_events"].iter().filter(|row| row.contains("token.bearer_refused") && row.contains("not in the list of its client"));
        assert_eq!(refused.count(), 4);
        // The end binds on a token that was good a moment ago, also while the client is remembered.
        let end = place.bank.world.clock.now().plus(Duration::from_millis(300));
        hold(&place, &hr, |held| *held = Provisioning { valid_until: Some(end), ..Provisioning::default() }).await;
        assert_eq!(hr.get("/Users").await.status, 200);
        place.bank.world.clock.advance(Duration::from_millis(300));
        let ended = hr.get("/Users").await;
        assert_eq!((ended.status, ended.body["detail"].as_str()), (401, Some("a valid access token is needed")));
        assert!(ended.headers.iter().any(|(name, _)| name == "www-authenticate"));
    }

    /// Whoever keeps a service sees why it provisions no longer: its token has ended, or it asks too often.
    async fn requests_that_are_turned_away_are_noted_where_it_is_proved_whose_they_are(world: World) {
        let mut place = Place::new(world).await;
        let one = NonZeroU32::MIN;
        let limits = LimitSettings { per_client: one, burst_seconds: one, ..LimitSettings::default() };
        place.scim.app.limits = Arc::new(Limits::new(limits));
        let hr = place.hr(place.bank.bank_b).await;
        let (_, secret) = issue(&place, &hr, ("Okta", 1)).await.unwrap();
        let okta = hr.with_token(&secret);
        let mut asked = 0;
        while okta.get("/Users").await.status != 429 {
            asked += 1;
            assert!(asked < 1_000, "never too often");
        }
        place.bank.world.clock.advance(Duration::from_hours(24));
        for _ in 0..3 {
            assert_eq!(okta.get("/Users").await.status, 401, "noted once a minute");
        }
        assert_eq!(hr.with_token(&format!("{secret}A")).get("/Users").await.status, 401, "of nobody known");
        written(&place).await;
        let noted = kept(&place, &hr, true).await;
        assert_eq!(noted.iter().map(|one| (one.status, one.path.as_str())).collect::<Vec<_>>(), [(401, "/Users"), (429, "/Users")]);
        let log = crate::support::state(&place.bank.world.db, &[]).await;
        let refused: Vec<_> = log["audit_events"].iter().filter(|row| row.contains("token.bearer_refused")).collect();
        let nobody = refused.iter().filter(|row| row.contains("'client',X'00000000") || row.contains(",client,00000000"));
        assert_eq!((refused.len(), nobody.count()), (4, 1), "whose token it was is in the log, too: {refused:?}");
    }

    /// What is noted of requests is what happened, without what was in them; the newest are kept, for some days; reading costs no write.
    async fn requests_are_noted_without_what_was_in_them(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let before = crate::support::state(&place.bank.world.db, &[]).await;
        assert_eq!(hr.find("userName eq \"secret-name@bank-b.example\"").await.status, 200);
        assert_eq!(hr.get("/Users/secret-name@bank-b.example").await.status, 404);
        assert_eq!(hr.find("secret eq").await.status, 400);
        assert_eq!(hr.anonymous("/Users").await.status, 401, "of nobody known");
        assert_eq!(crate::support::state(&place.bank.world.db, &[]).await, before, "nothing is written while requests are answered");
        written(&place).await;
        let mut told: Vec<_> = kept(&place, &hr, false).await.into_iter().map(|one| (one.method, one.path, one.status, one.scim_type)).collect();
        told.sort();
        let expected = |path: &str, status, word: Option<&str>| ("GET".to_owned(), path.to_owned(), status, word.map(str::to_owned));
        assert_eq!(told, [expected("/Users/…", 404, None), expected("/Users?filter", 200, None), expected("/Users?filter", 400, Some("invalidFilter"))]);
        assert_eq!(kept(&place, &hr, true).await.len(), 2);
        let state = crate::support::state(&place.bank.world.db, &[]).await;
        assert!(!state["client_requests"].concat().contains("secret"));
        // The last use is written once a minute.
        let first = last_use(&place, &hr).await.unwrap();
        place.bank.world.clock.advance(Duration::from_secs(59));
        hr.get("/Schemas").await;
        written(&place).await;
        assert_eq!(last_use(&place, &hr).await, Some(first));
        place.bank.world.clock.advance(Duration::from_secs(1));
        hr.get("/Schemas").await;
        written(&place).await;
        assert_eq!(last_use(&place, &hr).await, Some(first.plus(Duration::from_mins(1))));
        // The newest are kept.
        let app = &place.scim.app;
        for _ in 0..3 {
            let request = kept(&place, &hr, false).await.remove(0);
            for number in 0..KEPT {
                let at = place.bank.world.clock.now().plus(Duration::from_millis(u64::try_from(number).unwrap()));
                app.activity.answered(id(&hr), model::Request { at, ..request.clone() }, std::iter::empty());
            }
            place.bank.world.clock.advance(Duration::from_secs(10));
            written(&place).await;
        }
        let all = kept(&place, &hr, false).await;
        assert_eq!(all.len(), KEPT);
        assert!(all.windows(2).all(|pair| pair[0].at >= pair[1].at) && place.bank.world.clock.now().since(all[0].at) < Duration::from_secs(10));
        let tx = &mut place.bank.world.db.reader().await.unwrap();
        assert_eq!(activity::count(tx, id(&hr), false).await.unwrap(), 500);
        let done: chamberlain::db::Result<()> = transact!(place.bank.world.db, tx => activity::remove_old(tx, place.bank.world.clock.now()).await);
        done.unwrap();
        assert!(kept(&place, &hr, false).await.is_empty());
    }

    /// RFC 7644: what clients do in their own way is taken and counted, one by one, or refused by its proper error where a client is held
    /// to the letter; then nothing is counted and nothing changed.
    async fn what_is_tolerated_is_counted_and_a_strict_client_is_refused(world: World) {
        let place = Place::new(world).await;
        let (tolerant, strict) = (place.hr(place.bank.bank_b).await, place.hr(place.bank.bank_b).await);
        let ada = tolerant.joiner("ada").await;
        hold(&place, &strict, |held| held.scim_tolerance = Tolerance::Strict).await;
        assert_eq!(habits(&place, &tolerant).await, [], "nothing is odd about {}", person("ada"));
        let before = strict.get(&format!("/Users/{}", ada["id"].as_str().unwrap())).await.body;
        let send = async |service: &Service, verb: &str, path: &str, body: &Value| match verb {
            "GET" => service.get(path).await,
            _ => service.call(verb, path, body).await,
        };
        for (habit, verb, path, body, (status, scim_type)) in odd(&ada["id"]) {
            let answer = send(&strict, verb, &path, &body).await;
            assert_eq!((answer.status, answer.body["scimType"].as_str()), (status, Some(scim_type)), "{habit:?} {}", answer.text);
        }
        assert_eq!(strict.get(&format!("/Users/{}", ada["id"].as_str().unwrap())).await.body, before);
        assert_eq!(habits(&place, &strict).await, []);
        for (habit, verb, path, body, _) in odd(&ada["id"]) {
            let counted = habits(&place, &tolerant).await;
            let times = counted.iter().find(|(met, _)| *met == habit).map_or(0, |(_, times)| *times);
            let answer = send(&tolerant, verb, &path, &body).await;
            assert!(matches!(answer.status, 200 | 204), "{habit:?} {}", answer.text);
            let mut expected: Vec<_> = counted.into_iter().filter(|(met, _)| *met != habit).chain([(habit, times + 1)]).collect();
            expected.sort();
            assert_eq!(habits(&place, &tolerant).await, expected, "{habit:?}");
        }
        assert_eq!(habits(&place, &tolerant).await.len(), Habit::ALL.len());
        // What the letter has is taken from a strict client.
        let path = format!("/Users/{}", ada["id"].as_str().unwrap());
        for operation in [
            json!({"op": "replace", "value": {"title": "c", "name": {"givenName": "Ada"}}}), json!({"op": "remove", "path": "title"}),
            json!({"op": "replace", "path": "active", "value": false}), json!({"op": "add", "path": "emails", "value": [{"value": "home2@bank-b.example", "type": "home"}]}),
            json!({"op": "replace", "path": "name.givenName", "value": "A"}), json!({"op": "remove", "path": "emails[type eq \"home\"]"}),
        ] {
            let answer = strict.patch(&path, json!([operation])).await;
            assert_eq!(answer.status, 200, "{operation} {}", answer.text);
        }
        for filter in ["ACTIVE EQ true", "emails[type eq \"work\" and value co \"bank\"]", "userName sw \"True\""] {
            assert_eq!(strict.find(filter).await.status, 200, "{filter}");
        }
        assert_eq!(strict.call("POST", "/Users", &person("eve")).await.status, 201);
    }

    /// A service is tried out by its own right and as it is held: each step is told with what was refused and why; nobody and nothing
    /// stays behind but lines of the audit log.
    async fn a_self_test_tells_each_step_and_leaves_nobody_behind(world: World) {
        let place = Place::new(world).await;
        let hr = place.hr(place.bank.bank_b).await;
        let reader = place.service(place.bank.bank_b, &[("DelegatedUserAdmin", Applications::All)], "users:read").await;
        hold(&place, &hr, |held| *held = Provisioning { addresses: vec!["192.0.2.0/24".parse().unwrap()], scim_tolerance: Tolerance::Strict, valid_until: None, ..Provisioning::default() }).await;
        let state = async || {
            written(&place).await;
            // The index of texts keeps its own books, and rows of nobody are counted as nobody.
            let own = ["audit_events", "signing_keys", "sqlite_sequence", "organisation_people", "user_texts_data", "user_texts_idx"];
            crate::support::state(&place.bank.world.db, &own).await
        };
        let run = async |service: &Service| {
            let client = client_store::find(&mut place.bank.world.db.reader().await.unwrap(), id(service)).await.unwrap().unwrap();
            let ctx = place.bank.world.ctx_of(PrincipalId::Console);
            self_test::run(&place.scim, &client, &ctx).await.unwrap()
        };
        let before = state().await;
        let steps = run(&hr).await;
        assert_eq!(steps.iter().map(|step| step.outcome).collect::<Vec<_>>(), [Outcome::Passed; 9], "{steps:#?}");
        assert_eq!(state().await, before);
        let log = crate::support::state(&place.bank.world.db, &[]).await;
        for kind in ["user.created", "user.deleted", "client.tried_out"] {
            assert!(log["audit_events"].iter().any(|row| row.contains(kind)), "{kind}");
        }
        // Who may only read is told so, and there is nothing to go on with.
        let steps = run(&reader).await;
        assert_eq!(steps[2].outcome, Outcome::Failed);
        assert!(steps[2].status == Some(403) && steps[2].said.is_some() && steps[..2].iter().all(|step| step.outcome == Outcome::Passed), "{steps:#?}");
        assert!(steps[3..].iter().all(|step| step.outcome == Outcome::Skipped && step.status.is_none()));
        // Nobody acts as a service who does not manage it: neither it itself nor a colleague of it.
        let client = client_store::find(&mut place.bank.world.db.reader().await.unwrap(), id(&hr)).await.unwrap().unwrap();
        let lines = async || crate::support::state(&place.bank.world.db, &[]).await["audit_events"].len();
        let so_far = lines().await;
        for stranger in [hr.principal, reader.principal] {
            let ctx = place.bank.world.ctx_of(stranger);
            assert!(self_test::run(&place.scim, &client, &ctx).await.is_err());
        }
        assert_eq!((state().await, lines().await), (before.clone(), so_far));
        // Whose time is over gets nothing at all.
        let now = place.bank.world.clock.now();
        hold(&place, &reader, |held| held.valid_until = Some(now)).await;
        assert!(run(&reader).await[..3].iter().all(|step| step.status == Some(401)));
        assert_eq!(state().await.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    }
}
