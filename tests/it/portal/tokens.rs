//! Tokens that delegates make for their scripts: the page, and what a script does with one.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::UserId;
use chamberlain::scim::{self, Scim};
use chamberlain::tokens::{Kek, Keys, Tokens};
use chamberlain::web::App;
use chamberlain::{db, transact};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::browser::{Answer, Browser};
use super::pages;
use super::town::Town;

/// SCIM in front of the town.
async fn surface(town: &Town) -> Router {
    let keys = Keys::open(&town.world.db, Kek::generate(&town.world.entropy), &town.world.ctx()).await.unwrap();
    let tokens = Tokens::new(keys, town.app.public_url.as_str());
    scim::router(Scim { app: town.app.clone(), tokens, settings: scim::Settings::default() })
}

async fn call(router: &Router, token: &str, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(format!("/scim/v2{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let response = router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// The given names that a token lists, or the status if it is turned away.
async fn listed(router: &Router, token: &str) -> Result<Vec<String>, StatusCode> {
    let (status, body) = call(router, token, "GET", "/Users", &Value::Null).await;
    if status != StatusCode::OK {
        return Err(status);
    }
    let name = |user: &Value| user["name"]["givenName"].as_str().unwrap().to_owned();
    let mut names: Vec<String> = body["Resources"].as_array().unwrap().iter().map(name).collect();
    names.sort();
    Ok(names)
}

async fn make(browser: &mut Browser, actions: &[&str], more: &[(&str, &str)]) -> Answer {
    let mut form = browser.get("/tokens/new").await.form("/tokens/new").set("name", "Night script").set("days", "7");
    for action in actions {
        form = form.tick(&format!("action-{action}"), "on");
    }
    for (name, value) in more {
        form = if *name == "tick" { form.tick(value, "on") } else { form.set(name, value) };
    }
    browser.submit(&form).await
}

fn secret(page: &Answer) -> String {
    assert!(page.has("#token-secret"), "{}", page.text);
    let html = page.html();
    html.select(&super::browser::selector("#token-secret")).next().unwrap().text().collect()
}

async fn change(town: &Town, user: UserId, change: impl Fn(&mut chamberlain::directory::user::model::User)) {
    let done: db::Result<bool> = transact!(town.world.db, tx => {
        let mut row = store::find(tx, user).await?.unwrap();
        change(&mut row);
        store::save(tx, &row).await
    });
    assert!(done.unwrap());
}

on_both! {
    /// D7, OA-49, DA-32: a delegate makes a token for part of what they may do; it is shown once, does that and nothing else, and
    /// is over as soon as it is taken back.
    async fn a_delegate_makes_a_token_for_a_script_and_takes_it_back(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let router = surface(&town).await;
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get("/profile").await.has("a[href='/tokens']"));
        let made = make(&mut anna, &["users-read"], &[("level", &town.frankfurt.to_string())]).await;
        pages::check(&made);
        let token = secret(&made);
        assert!(token.starts_with("chd_") && token.len() == 47);
        let (scim, api) = (town.app.link("/scim/v2"), town.app.link("/api/v1"));
        assert!(made.text.contains(&format!("<code>{scim}</code>")) && made.text.contains(&format!("<code>{api}</code>")), "{}", made.text);
        assert_eq!(listed(&router, &token).await.unwrap(), ["Fred"]);
        let rename = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "name.familyName", "value": "Parry" }] });
        assert_eq!(call(&router, &token, "PATCH", &format!("/Users/{fred}"), &rename).await.0, StatusCode::FORBIDDEN);
        assert_eq!(call(&router, &token, "GET", &format!("/Users/{dua}"), &Value::Null).await.0, StatusCode::NOT_FOUND);
        let page = anna.get("/tokens").await;
        assert!(page.text.contains("Night script") && page.text.contains("See people") && !page.text.contains(&token), "{}", page.text);
        // Nobody else sees it or takes it back.
        let mut paul = town.signed_in(daa).await;
        assert!(!paul.get("/tokens").await.text.contains("Night script"));
        let end = page.form("/tokens");
        let others = make(&mut paul, &["users-read"], &[]).await.form("/tokens").set("token", &page.attribute("input[name=token]", "value"));
        assert_eq!(paul.submit(&others).await.status, StatusCode::NOT_FOUND);
        assert_eq!(listed(&router, &token).await.unwrap(), ["Fred"]);
        assert!(anna.submit_and_follow(&end).await.has("#no-tokens"));
        assert_eq!(listed(&router, &token).await, Err(StatusCode::UNAUTHORIZED));
        assert_eq!(anna.submit(&end).await.status, StatusCode::NOT_FOUND, "once");
        let audit = anna.get("/admin/audit").await.text;
        assert!(audit.contains("A token for scripts was made") && audit.contains("A token for scripts was revoked"));
    }

    /// ADR 0018: a token is as strong as the session that made it, also where the profile asks for more later.
    async fn a_token_is_as_strong_as_the_session_that_made_it(world: World) {
        let mut town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut tokens = Vec::new();
        for amr in [["pwd", "sms", "mfa"], ["pwd", "otp", "mfa"], ["pop", "user", "mfa"]] {
            let mut browser = town.signed_in_by(dua, &amr).await;
            tokens.push(secret(&make(&mut browser, &["users-read"], &[("level", &town.frankfurt.to_string())]).await));
        }
        let stricter = SHIPPED[0].1.replacen("second_factor = \"any\"", "second_factor = \"app\"", 1);
        let (world, url) = (&town.world, town.app.public_url.as_ref().clone());
        let app = App::new(world.db.clone(), world.clock.clone(), world.entropy.clone(), url, load(&stricter).unwrap().roles);
        town.app = app;
        let router = surface(&town).await;
        let seen = ["Fred".to_owned()];
        assert_ne!(listed(&router, &tokens[0]).await.unwrap_or_default(), seen, "made after a code by phone");
        for token in &tokens[1..] {
            assert_eq!(listed(&router, token).await.unwrap(), seen);
        }
    }

    /// D7, SD8, D12: the end of the role, of the account or of the day, or a change of credentials ends what the token may do.
    async fn a_token_is_worth_what_its_maker_holds_now(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let router = surface(&town).await;
        let (mut anna, mut paul) = (town.signed_in(dua).await, town.signed_in(daa).await);
        let write = secret(&make(&mut anna, &["users-write"], &[]).await);
        let rename = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "name.familyName", "value": "Parry" }] });
        let (status, body) = call(&router, &write, "PATCH", &format!("/Users/{fred}"), &rename).await;
        assert_eq!(status, StatusCode::OK, "the second factor was proved when it was made: {body}");
        let named = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "externalId", "value": "x-1" }] });
        assert_eq!(call(&router, &write, "PATCH", &format!("/Users/{fred}"), &named).await.0, StatusCode::BAD_REQUEST);
        let give = secret(&make(&mut paul, &["memberships-write"], &[("tick", &format!("application-{}", town.imas))]).await);
        let (_, groups) = call(&router, &give, "GET", "/Groups", &Value::Null).await;
        assert_eq!(groups["totalResults"], json!(1));
        town.take_away(dua).await;
        assert_eq!(listed(&router, &write).await, Ok(Vec::new()));
        assert_eq!(call(&router, &write, "PATCH", &format!("/Users/{fred}"), &rename).await.0, StatusCode::NOT_FOUND);
        change(&town, daa, |user| user.blocked = true).await;
        assert_eq!(listed(&router, &give).await, Err(StatusCode::UNAUTHORIZED));
        change(&town, daa, |user| user.blocked = false).await;
        assert!(listed(&router, &give).await.is_ok());
        let raised: db::Result<()> = transact!(town.world.db, tx => store::save_epoch(tx, daa).await);
        raised.unwrap();
        assert_eq!(listed(&router, &give).await, Err(StatusCode::UNAUTHORIZED), "credentials changed");
        town.world.clock.advance(Duration::from_hours(7 * 24));
        assert_eq!(listed(&router, &write).await, Err(StatusCode::UNAUTHORIZED), "its last day is over");
        for odd in ["chd_", "chd_x", &format!("chd_{}", "a".repeat(43)), &format!("chd_{}", "a".repeat(9_000))] {
            assert_eq!(listed(&router, odd).await, Err(StatusCode::UNAUTHORIZED));
        }
    }

    /// D5, AU-14: what is not held cannot be lent; who holds nothing lends nothing; factors are proved afresh; there are limits.
    async fn nobody_lends_what_they_do_not_hold(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let (mut anna, mut paul) = (town.signed_in(dua).await, town.signed_in(daa).await);
        let mut ordinary = town.signed_in(fred).await;
        assert_eq!(ordinary.get("/tokens/new").await.status, StatusCode::FORBIDDEN);
        assert!(!ordinary.get("/profile").await.has("a[href='/tokens']"));
        let stolen = paul.get("/tokens/new").await.form("/tokens/new");
        assert!(!paul.get("/tokens/new").await.has("#action-users-write"));
        let answer = paul.submit(&stolen.clone().set("name", "x").set("days", "1").tick("action-users-write", "on")).await;
        assert!(answer.has("#level-error"), "an access administrator changes nobody: {}", answer.text);
        pages::check(&answer);
        let empty = anna.get("/tokens/new").await.form("/tokens/new").set("name", "x");
        let answer = anna.submit(&empty).await;
        assert!(answer.has("#problem"), "{}", answer.text);
        let beside = make(&mut anna, &["users-read"], &[("level", &town.bank_a.to_string())]).await;
        assert!(beside.has("#level-error"), "{}", beside.text);
        for (field, value) in [("days", "400"), ("days", "0"), ("days", "x"), ("level", "x")] {
            assert_eq!(make(&mut anna, &["users-read"], &[(field, value)]).await.status, StatusCode::BAD_REQUEST, "{field}={value}");
        }
        for _ in 0..20 {
            secret(&make(&mut anna, &["users-read"], &[]).await);
        }
        assert!(make(&mut anna, &["users-read"], &[]).await.has("#name-error"));
        town.world.clock.advance(Duration::from_mins(10));
        let later = anna.get("/tokens/new").await;
        assert!(later.status == StatusCode::SEE_OTHER && later.location().starts_with("/login/step-up"), "{}", later.location());
        assert_eq!(paul.submit(&stolen.set("name", "x").set("days", "1").tick("action-users-read", "on")).await.status, StatusCode::SEE_OTHER);
    }
}
