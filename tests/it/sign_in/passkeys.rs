//! Passkeys: added, used to sign in without anything typed, refused whenever one octet of the promise is missing (WebAuthn §7; AU-33, AU-34).

use std::time::Duration;

use chamberlain::factors::passkey::store;
use chamberlain::transact;
use scraper::{Html, Selector};
use serde_json::Value;

use super::browser::{Browser, EMAIL, PASSWORD, Site};
use crate::support::authenticator::Authenticator;

const HOST: &str = "http://localhost:8080";

/// The options and the ceremony of the page shown.
fn asked(browser: &Browser) -> (Value, String) {
    let page = Html::parse_document(&browser.html);
    let form = page.select(&Selector::parse("form[data-passkey]").unwrap()).next().expect("a form with a challenge");
    let ceremony = Selector::parse("input[name=ceremony]").unwrap();
    let ceremony = form.select(&ceremony).next().unwrap().attr("value").unwrap().to_owned();
    (serde_json::from_str(form.attr("data-options").unwrap()).unwrap(), ceremony)
}

/// Adds a key to the account of a browser that is signed in.
async fn add(browser: &mut Browser, key: &mut Authenticator) {
    browser.get("/security").await;
    browser.post("/security/passkeys", &[]).await;
    assert_eq!(browser.path, "/security/passkeys/new", "{}", browser.html);
    let (options, ceremony) = asked(browser);
    let answer = key.create(&options);
    browser
        .post("/security/passkeys/new", &[("name", "Laptop"), ("ceremony", &ceremony), ("credential", &answer)])
        .await;
    assert_eq!(browser.path, "/security?done=passkey-added#ways", "{}", browser.html);
}

/// Opens the sign-in page and answers its challenge.
async fn sign_in(browser: &mut Browser, key: &mut Authenticator) {
    browser.get("/login").await;
    let (options, ceremony) = asked(browser);
    let answer = key.get(&options);
    browser.post("/login/passkey", &[("ceremony", &ceremony), ("credential", &answer)]).await;
}

/// Somebody with a passkey.
async fn with_key(site: &Site) -> (Browser, Authenticator) {
    let (mut browser, mut key) = (site.browser(), Authenticator::new(HOST, 7));
    browser.sign_in(site, EMAIL, PASSWORD).await;
    add(&mut browser, &mut key).await;
    (browser, key)
}

on_both! {
    /// A passkey is both factors: nothing is typed, nothing is sent, and the session says how it was proved.
    async fn a_passkey_signs_in_alone(world: World) {
        let site = Site::new(world).await;
        let (browser, mut key) = with_key(&site).await;
        assert!(browser.html.contains("Laptop") && site.events().await.contains(&"user.factor_added".to_owned()));
        let link = browser.html.split("href=\"/security/passkeys/").find(|rest| !rest.starts_with("new") && rest.contains("Laptop"));
        let path = format!("/security/passkeys/{}", link.and_then(|rest| rest.split('"').next()).unwrap());
        let mut renaming = browser.clone();
        renaming.get(&path).await;
        renaming.post(&path, &[("name", "Old laptop")]).await;
        assert!(renaming.html.contains("Old laptop") && site.events().await.contains(&"user.factor_renamed".to_owned()));
        assert_ne!(key.handle, site.user.id.0.as_bytes(), "the name among authenticators tells nothing");
        let mut other = site.browser();
        sign_in(&mut other, &mut key).await;
        assert!(other.is_signed_in().await, "{}: {}", other.path, other.html);
        let tx = &mut site.world.db.reader().await.unwrap();
        let session = chamberlain::sessions::store::list(tx, site.user.id, site.world.clock.now()).await.unwrap();
        let found = session.iter().find(|session| session.acr == "phr").expect("a session by passkey");
        assert_eq!(found.amr, ["pop", "user", "mfa"]);
        other.get("/security").await;
        assert!(other.html.contains("last used"), "{}", other.html);
    }

    /// AU-33, AU-34: another origin, another domain, no verification of the person, an old challenge, one that was answered, a changed octet.
    async fn au_33_whatever_is_not_quite_right_is_refused(world: World) {
        let site = Site::new(world).await;
        let (_, key) = with_key(&site).await;
        let lies: [(&str, fn(&mut Authenticator)); 5] = [
            ("a suffix of our origin", |key| key.origin = "http://evil.localhost:8080".to_owned()),
            ("another port", |key| key.origin = "http://localhost:8081".to_owned()),
            ("another domain", |key| key.domain = "host".to_owned()),
            ("nobody verified", |key| key.verifies = false),
            ("somebody else's name", |key| key.handle = vec![9; 16]),
        ];
        for (lie, change) in lies {
            let (mut browser, mut key) = (site.browser(), key.clone());
            change(&mut key);
            sign_in(&mut browser, &mut key).await;
            assert!(browser.path.starts_with("/login?problem=passkey") && browser.status == 200, "{lie}: {}", browser.path);
            assert!(!browser.is_signed_in().await, "{lie}");
        }
        let mut browser = site.browser();
        browser.get("/login").await;
        let (options, ceremony) = asked(&browser);
        for wrong in ["", "{}", "[]", "{\"id\":1}", &"x".repeat(3_000)] {
            browser.get("/login").await;
            browser.post("/login/passkey", &[("ceremony", &ceremony), ("credential", wrong)]).await;
            assert_eq!((browser.path.as_str(), browser.status), ("/login?problem=passkey-over", 200));
        }
        let mut later = key.clone();
        let answer = later.get(&options);
        let mut thief = site.browser();
        thief.get("/login").await;
        thief.post("/login/passkey", &[("ceremony", &ceremony), ("credential", &answer)]).await;
        assert!(!thief.is_signed_in().await, "AU-34: the challenge of another browser");
        let kept = browser.clone();
        site.world.clock.advance(Duration::from_mins(15));
        browser.post("/login/passkey", &[("ceremony", &ceremony), ("credential", &answer)]).await;
        assert!(browser.path.starts_with("/login?problem=passkey-over"), "too late: {}", browser.path);

        let mut browser = kept;
        sign_in(&mut browser, &mut later).await;
        assert!(browser.is_signed_in().await);
    }

    /// AU-04, AU-33: an answer works once, and a counter that goes back is refused, recorded, and warned of.
    async fn au_33_an_answer_works_once_and_a_counter_never_goes_back(world: World) {
        let site = Site::new(world).await;
        let (_, mut key) = with_key(&site).await;
        let mut browser = site.browser();
        browser.get("/login").await;
        let (options, ceremony) = asked(&browser);
        let answer = key.get(&options);
        let mut again = browser.clone();
        for one in [&mut browser, &mut again] {
            one.post("/login/passkey", &[("ceremony", &ceremony), ("credential", &answer)]).await;
        }
        assert!(browser.is_signed_in().await && !again.is_signed_in().await);

        key.counter = 5;
        sign_in(&mut site.browser(), &mut key).await;
        let mut copied = key.clone();
        copied.counter = 2;
        let mut thief = site.browser();
        sign_in(&mut thief, &mut copied).await;
        assert!(!thief.is_signed_in().await && thief.path == "/login?problem=passkey", "{}", thief.path);
        assert!(site.events().await.contains(&"user.passkey_suspected".to_owned()));
    }

    /// AU-03, AU-33: of two answers that count the same at once, one counts: by one conditional change, whatever was read before it.
    async fn au_33_a_counter_moves_forwards_by_one_change(world: World) {
        let site = Site::new(world).await;
        with_key(&site).await;
        let (db, now) = (&site.world.db, site.world.clock.now());
        let passkey = store::list(&mut db.reader().await.unwrap(), site.user.id).await.unwrap().remove(0);
        let save = async |counter: u32| {
            let saved: chamberlain::db::Result<bool> = transact!(db, tx => store::save_used(tx, &passkey, counter, now).await);
            saved.unwrap()
        };
        assert!(save(0).await && save(0).await, "a synced passkey does not count");
        assert!(save(5).await && !save(5).await && !save(4).await && !save(0).await);
        assert!(save(6).await);
    }

    /// AU-23, AU-29: a passkey of a blocked account is refused like one whose signature is wrong; one that no account has may be forgotten.
    async fn au_23_an_account_out_of_use_is_not_told_from_a_wrong_answer(world: World) {
        let site = Site::new(world).await;
        let (mut owner, mut key) = with_key(&site).await;
        site.change(|user| user.blocked = true).await;
        let mut browser = site.browser();
        sign_in(&mut browser, &mut key).await;
        assert_eq!((browser.path.as_str(), browser.is_signed_in().await), ("/login?problem=passkey", false));
        site.change(|user| user.blocked = false).await;

        let mut stranger = Authenticator::new(HOST, 9);
        stranger.handle = vec![1; 16];
        sign_in(&mut browser, &mut stranger).await;
        assert!(browser.path.starts_with("/login?problem=passkey-unknown&unknown=CQkJ"), "{}", browser.path);
        assert!(browser.html.contains("data-unknown=\"CQkJ"), "{}", browser.html);

        owner.get("/security").await;
        let link = owner.html.split("href=\"").find_map(|rest| rest.strip_prefix("/security/passkeys/")).unwrap();
        let path = format!("/security/passkeys/{}", link.split('"').next().unwrap());
        owner.get(&path).await;
        owner.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(owner.path, "/security?done=factor-removed#ways", "{}", owner.html);
        sign_in(&mut browser, &mut key).await;
        assert!(browser.path.starts_with("/login?problem=passkey-unknown"), "{}", browser.path);
    }

    /// AU-14, AU-31, AU-32: a key is added only a moment after both factors, once, and by a ceremony for that; one account has it.
    async fn au_31_a_key_is_added_once_by_who_has_just_proved_both_factors(world: World) {
        let site = Site::new(world).await;
        let (mut browser, mut key) = with_key(&site).await;
        browser.post("/security/passkeys", &[]).await;
        let (options, ceremony) = asked(&browser);
        assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
        let answer = key.create(&options);
        let twice = [("name", "Laptop"), ("ceremony", ceremony.as_str()), ("credential", answer.as_str())];
        browser.post("/security/passkeys/new", &twice).await;
        assert!(browser.html.contains("This passkey is registered already"), "{}", browser.html);
        let (mut second, mut third) = (Authenticator::new(HOST, 8), Authenticator::new(HOST, 9));
        let answers = [second.create(&options), third.create(&options)];
        let [once, again] = answers.each_ref().map(|answer| [("name", "Key"), ("ceremony", ceremony.as_str()), ("credential", answer.as_str())]);
        browser.post("/security/passkeys/new", &once).await;
        assert_eq!(browser.path, "/security?done=passkey-added#ways", "{}", browser.html);
        browser.post("/security/passkeys/new", &again).await;
        assert!(browser.html.contains("not right or came too late"), "the ceremony is used up: {}", browser.html);

        let mut other = site.browser();
        other.get("/login").await;
        let (_, of_sign_in) = asked(&other);
        let (options, _) = asked(&browser);
        let answer = third.create(&options);
        browser.post("/security/passkeys/new", &[("name", "Key"), ("ceremony", &of_sign_in), ("credential", &answer)]).await;
        assert!(browser.html.contains("not right or came too late"), "a ceremony for something else: {}", browser.html);

        site.world.clock.advance(Duration::from_mins(6));
        browser.get("/security/passkeys/new").await;
        assert!(browser.path.starts_with("/login/step-up"), "{}", browser.path);
    }

    /// AU-14, SE-01: stepping up by the passkey of the same person; the cookie changes.
    async fn stepping_up_by_passkey(world: World) {
        let site = Site::new(world).await;
        let (mut browser, mut key) = with_key(&site).await;
        site.world.clock.advance(Duration::from_mins(6));
        let before = browser.clone();
        browser.get("/login/step-up?return=%2Fsecurity").await;
        let (options, ceremony) = asked(&browser);
        let answer = key.get(&options);
        browser.post("/login/step-up/passkey", &[("ceremony", &ceremony), ("credential", &answer)]).await;
        assert_eq!(browser.path, "/security", "{}", browser.html);
        assert!(browser.html.contains("name=\"new\""), "fresh again");
        assert!(!before.is_signed_in().await);
    }
}
