//! Your data: a copy of what is stored of oneself, of nobody else, and without a secret (GDPR Art. 15, 20).

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use chamberlain::db::{self, transact};
use chamberlain::directory::user::{self, model::PendingContact};
use chamberlain::kernel::hex::hex;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use serde_json::{Value, json};

use super::browser::{Answer, Browser};
use super::pages::check;
use super::town::Town;
use crate::directory::erasing::rows::{self, Marks, cells};
use crate::support::state;

/// Tables with what proves somebody, or what that is stored as.
const SECRET: [&str; 13] = [
    "authenticators",
    "authorization_codes",
    "delegated_tokens",
    "known_browsers",
    "named_browsers",
    "one_time_links",
    "passkey_handles",
    "password_history",
    "passwords",
    "recovery_codes",
    "refresh_tokens",
    "remembered_devices",
    "sessions",
];

async fn copy(browser: &mut Browser, format: &str) -> Answer {
    let page = browser.get("/data").await;
    browser.submit(&page.form("/data").set("format", format)).await
}

async fn document(browser: &mut Browser) -> Value {
    let answer = copy(browser, "json").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

/// Every run of bytes that stands in these rows, however an engine writes it; ids too, which are no secrets, but are looked for in other
/// letters only.
fn secrets(rows: &[String]) -> BTreeSet<Vec<u8>> {
    let mut found = BTreeSet::new();
    for row in rows {
        for word in row.split(|c: char| !c.is_ascii_hexdigit()) {
            let bytes = (0..word.len() / 2).map(|at| u8::from_str_radix(&word[at * 2..at * 2 + 2], 16).unwrap());
            if word.len() >= 32 && word.len() % 2 == 0 {
                found.insert(bytes.collect());
            }
        }
    }
    found
}

/// Somebody of whom there is something in every part.
async fn somebody(town: &Town) -> UserId {
    let (dua, _, fred) = town.staff().await;
    town.join(fred, town.imas_user).await;
    town.give(fred, "ApplicationAccessAdmin", town.frankfurt, &[town.casper]).await;
    let (db, now) = (&town.world.db, town.world.clock.now());
    let client = rows::client(db, now).await;
    let marks = Marks { name: "My own phone", email: "fred@example.org", phone: "+4969123456" };
    rows::ways_in(db, fred, client, (marks, now)).await;
    rows::put(
        db,
        "nominations",
        cells![id: uuid::Uuid::nil(), digest: vec![1_u8; 32], role: "DelegatedUserAdmin",
        organisation_id: town.bank_b.0, email: "fred@example.org", email_folded: "fred@example.org", state: "open",
        nominated_by_kind: "console", nominated_by_id: uuid::Uuid::nil(), nominated_at: now,
        expires_at: now.plus(Duration::from_hours(24))],
    )
    .await;
    let done: db::Result<()> = transact!(*db, tx => {
        let mut user = user::store::find(tx, fred).await?.unwrap();
        user.company_id = Some("=4711".to_owned());
        user.created_by = PrincipalId::Person(dua);
        user.scim = serde_json::Map::from_iter([("nickName".to_owned(), json!("Freddie"))]);
        user.pending = Some(PendingContact {
            email: Some("fred.new@example.org".parse().unwrap()),
            email_by: Some(PrincipalId::Person(dua)),
            phone: None,
            phone_by: None,
            since: now,
            agreed_at: None,
            approved: None,
        });
        assert!(user::store::save(tx, &user).await?);
        Ok(())
    });
    done.unwrap();
    fred
}

on_both! {
    /// CR-12, GDPR Art. 15, 20: everything that is stored of the one who is signed in, in a shape that programs read.
    async fn cr_12_a_copy_holds_ones_own_data_and_no_secret(world: World) {
        let town = Town::build(world).await;
        let fred = somebody(&town).await;
        let other = town.person("Viktoria", "Fremd", town.bank_b).await;
        town.join(other, town.imas_user).await;
        let mut browser = town.signed_in(fred).await;
        let page = browser.get("/profile").await;
        assert!(page.has("a[href='/data']"), "{}", page.text);
        check(&browser.get("/data").await);
        let answer = copy(&mut browser, "json").await;
        let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-disposition"), "attachment; filename=\"my-data.json\"");
        assert_eq!((header("cache-control").as_str(), header("content-type").as_str()), ("no-store", "application/json"));
        let own: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!((&own["format"], &own["version"]), (&json!("chamberlain-own-data"), &json!(1)));
        let account = &own["account"];
        assert_eq!(account["id"], fred.to_string());
        assert_eq!(account["email"], json!({ "value": "fred@example.org", "verified": true }));
        assert_eq!(account["pending"]["email"], "fred.new@example.org");
        assert_eq!(account["attributes"], json!({ "nickName": "Freddie" }));
        assert_eq!(account["created_by"], json!({ "kind": "person", "name": "Anna Berg" }));
        assert_eq!(account["organisation"]["path"].as_array().unwrap().last().unwrap(), "Bank B Frankfurt");
        assert_eq!(own["memberships"][0]["group"], "IMAS_PORTAL_USER");
        assert_eq!(own["roles"][0]["role"], "ApplicationAccessAdmin");
        assert_eq!(own["roles"][0]["applications"].as_array().unwrap().len(), 1);
        assert_eq!(own["sign_in"]["authenticator_apps"][0]["name"], "My own phone");
        assert_eq!(own["sign_in"]["recovery_codes_left"], 1);
        assert_eq!(own["sign_in"]["browser_names"], json!(["My own phone"]));
        assert_eq!(own["sessions"][0]["browser"], "Browser under test");
        assert_eq!(own["applications"]["consents"][0]["application"], "App");
        assert_eq!(own["applications"]["consents"][0]["scopes"], json!(["openid"]));
        assert_eq!(own["nominations"][0]["role"], "DelegatedUserAdmin");
        for part in ["deputies", "terms", "history"] {
            assert!(!own[part].is_null(), "{part}");
        }
        // Of others what they are called, where they did something, and nothing else.
        assert!(!answer.text.contains("anna@example.org") && !answer.text.contains("Fremd") && !answer.text.contains("viktoria"), "{}", answer.text);
        let state = state(&town.world.db, &[]).await;
        let hidden = secrets(&SECRET.iter().flat_map(|table| state[*table].clone()).collect::<Vec<_>>());
        assert!(hidden.len() >= 8, "the secrets were not found");
        assert!(!answer.text.contains("argon2"), "{}", answer.text);
        let lower = answer.text.to_lowercase();
        for secret in hidden {
            let hex = hex(&secret);
            for written in [URL_SAFE_NO_PAD.encode(&secret), STANDARD_NO_PAD.encode(&secret)] {
                assert!(!answer.text.contains(&written), "{written}");
            }
            assert!(!lower.contains(&hex), "{hex}");
        }
    }

    /// CR-12: a table for a spreadsheet, in which no cell is a formula (IN-01).
    async fn a_table_holds_details_memberships_and_roles(world: World) {
        let town = Town::build(world).await;
        let fred = somebody(&town).await;
        let mut browser = town.signed_in(fred).await;
        let answer = copy(&mut browser, "csv").await;
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"my-data.csv\"");
        assert_eq!(answer.headers["cache-control"], "no-store");
        let rows = ["\"Email\",\"fred@example.org\"", "\"Company ID\",\"'=4711\"", "\"Group\",\"IMAS_PORTAL_USER (", "fred.new@example.org"];
        for row in rows {
            assert!(answer.text.contains(row), "{row}: {}", answer.text);
        }
        assert!(answer.text.contains("\"Role\",\"ApplicationAccessAdmin ("), "{}", answer.text);
        assert_eq!(copy(&mut browser, "xml").await.status, StatusCode::BAD_REQUEST);
    }

    /// CR-12, AU-14: whoever finds a browser open a while after the sign-in takes nothing along; what was taken is in the history.
    async fn a_copy_asks_for_a_fresh_sign_in_and_is_remembered(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let form = browser.get("/data").await.form("/data").set("format", "json");
        assert_eq!(browser.submit(&form).await.status, StatusCode::OK);
        assert!(browser.get("/history").await.text.contains("Own data downloaded"));
        town.world.clock.advance(Duration::from_mins(6));
        let refused = browser.submit(&form).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER);
        assert!(refused.location().starts_with("/login/step-up"), "{}", refused.location());
        let page = browser.get("/data").await;
        check(&page);
        assert!(page.has("#step-up") && !page.has("#data-json"), "{}", page.text);
        let events = state(&town.world.db, &[]).await.remove("audit_events").unwrap();
        assert_eq!(events.iter().filter(|row| row.contains("user.data_exported")).count(), 1);
        let mut nobody = town.browser();
        assert_eq!(nobody.get("/data").await.status, StatusCode::SEE_OTHER);
    }

    /// SE-09: however much there is, it is read by as many statements.
    async fn a_copy_costs_the_same_however_much_it_holds(world: World) {
        let town = Town::build(world).await;
        let fred = somebody(&town).await;
        let mut browser = town.signed_in(fred).await;
        let form = browser.get("/data").await.form("/data").set("format", "json");
        // What they may do is read anew after a change, and then known for a second.
        browser.get("/data").await;
        let (_, few) = db::counting(browser.submit(&form)).await;
        town.join(fred, town.casper_user).await;
        town.give(fred, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        town.give(fred, "ApplicationAccessAdmin", town.frankfurt, &[town.imas]).await;
        town.signed_in(fred).await;
        browser.get("/data").await;
        let (answer, many) = db::counting(browser.submit(&form)).await;
        let own: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!((own["memberships"].as_array().unwrap().len(), own["roles"].as_array().unwrap().len()), (2, 3));
        assert_eq!(own["sessions"].as_array().unwrap().len(), 2);
        assert_eq!(few, many);
        let events = document(&mut browser).await["history"]["events"].as_array().unwrap().clone();
        assert_eq!(events.iter().filter(|one| one["event"] == "user.data_exported" && one["by"]["kind"] == "self").count(), 2);
    }
}
