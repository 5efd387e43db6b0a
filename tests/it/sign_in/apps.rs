//! Authenticator apps: added a moment ago, asked for from then on, used once a code, removed (RFC 6238; AU-35).

use std::time::Duration;

use super::browser::{Browser, EMAIL, PASSWORD, PHONE, Site};
use crate::support::World;

/// An app that was told a key, at the time of the world.
pub(super) fn code(world: &World, key: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(key).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("a").build().unwrap();
    totp.generate(u64::try_from(world.clock.now().as_seconds()).unwrap()).to_string()
}

/// Adds an app to the account of a browser that is signed in; the key that it was told.
pub(super) async fn add(site: &Site, browser: &mut Browser) -> String {
    browser.get("/security").await;
    browser.post("/security/apps", &[]).await;
    let path = browser.path.clone();
    assert!(path.starts_with("/security/apps/"), "{path}: {}", browser.html);
    let key: String = shown(&browser.html);
    browser.post(&path, &[("name", "My phone"), ("code", &code(&site.world, &key))]).await;
    assert_eq!(browser.path, "/security?done=app-added#ways", "{}", browser.html);
    key
}

/// The key that a page shows to be typed.
fn shown(html: &str) -> String {
    let typed = html.split("id=\"app-secret\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
    typed.replace(' ', "")
}

on_both! {
    /// AU-35, AU-04, E27: the app is asked for from then on, and nothing is sent; each code works once; the phone is one click away.
    async fn an_app_is_the_default_once_added_and_each_of_its_codes_works_once(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let key = add(&site, &mut browser).await;
        assert!(browser.html.contains("My phone") && browser.html.contains("From now on sign-in asks for its code"));
        assert!(site.events().await.contains(&"user.factor_added".to_owned()));
        assert!(site.texts(EMAIL).await.pop().unwrap().contains("“My phone” can now be used"));

        let sent = site.codes_to(PHONE).await.len();
        site.world.clock.advance(Duration::from_secs(30));
        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        let used = code(&site.world, &key);
        other.enter(&format!("{} {}", &used[..3], &used[3..])).await;
        assert!(other.is_signed_in().await, "{}: {}", other.path, other.html);
        assert_eq!(site.codes_to(PHONE).await.len(), sent, "nothing was sent");

        let mut replayed = site.browser();
        replayed.password(EMAIL, PASSWORD).await;
        replayed.enter(&used).await;
        assert!(!replayed.is_signed_in().await && replayed.html.contains("The code is not right"));
        site.world.clock.advance(Duration::from_secs(31));
        replayed.get("/login/otp").await;
        replayed.post("/login/otp/resend", &[("channel", "sms")]).await;
        replayed.enter(&site.code().await).await;
        assert!(replayed.is_signed_in().await, "the phone still works: {}", replayed.html);
        let mut by_phone = site.browser();
        by_phone.sign_in(&site, EMAIL, PASSWORD).await;
    }

    /// Roles may stand on how a session was opened: whoever opened it by an app does not make it weaker by stepping up with a code by phone, and is told so.
    async fn stepping_up_makes_no_session_weaker(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let key = add(&site, &mut browser).await;
        site.world.clock.advance(Duration::from_mins(1));
        let mut by_app = site.browser();
        by_app.password(EMAIL, PASSWORD).await;
        by_app.enter(&code(&site.world, &key)).await;
        assert!(by_app.is_signed_in().await);
        site.world.clock.advance(Duration::from_mins(6));
        let begin = async |browser: &mut Browser| {
            browser.get("/login/step-up?return=%2Fsecurity").await;
            browser.post("/login/step-up", &[("password", PASSWORD)]).await;
        };
        begin(&mut by_app).await;
        site.world.clock.advance(Duration::from_secs(31));
        by_app.post("/login/step-up/code/resend", &[("channel", "sms")]).await;
        by_app.post("/login/step-up/code", &[("code", &site.code().await)]).await;
        assert!(by_app.path.starts_with("/login/step-up?") && by_app.path.contains("problem=weaker"), "{}: {}", by_app.path, by_app.html);
        assert!(by_app.html.contains("You signed in with an authenticator app. Use it here, too"), "{}", by_app.html);
        begin(&mut by_app).await;
        by_app.post("/login/step-up/code", &[("code", &code(&site.world, &key))]).await;
        assert_eq!((by_app.path.as_str(), by_app.status), ("/security", 200), "{}", by_app.html);
    }

    /// AU-10, AU-23: step two looks the same whether the password was right, and whether whoever it is uses an app.
    async fn au_23_step_two_does_not_tell_who_uses_an_app(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        add(&site, &mut browser).await;
        let words = |html: &str| {
            let page = scraper::Html::parse_document(html);
            let main = page.select(&scraper::Selector::parse("main").unwrap()).next().unwrap();
            let text: String = main.text().collect();
            text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
        };
        let mut pages = Vec::new();
        for (email, password) in [(EMAIL, PASSWORD), (EMAIL, "wrong"), ("nobody@bank-a.example", PASSWORD)] {
            let mut one = site.browser();
            one.password(email, password).await;
            pages.push(words(&one.html));
        }
        assert!(pages[0].contains("authenticator app"), "{}", pages[0]);
        assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
    }

    /// AU-03, AU-17: a key becomes a factor by its first right code only, five tries at most, a quarter of an hour, in a session that has
    /// just proved both factors; nobody else's page shows it.
    async fn au_17_a_key_counts_from_its_first_code_on(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        browser.get("/security").await;
        browser.post("/security/apps", &[]).await;
        let (path, key) = (browser.path.clone(), shown(&browser.html));
        let mut stranger = site.browser();
        stranger.get(&path).await;
        assert!(stranger.path.starts_with("/login"), "{}", stranger.path);

        let mut signing_in = site.browser();
        signing_in.password(EMAIL, PASSWORD).await;
        signing_in.enter(&code(&site.world, &key)).await;
        assert!(!signing_in.is_signed_in().await, "not confirmed yet");

        browser.get(&path).await;
        browser.post(&path, &[("name", ""), ("code", &code(&site.world, &key))]).await;
        assert!(browser.html.contains("id=\"problem\""), "a name is needed: {}", browser.html);
        for _ in 0..5 {
            browser.post(&path, &[("name", "A"), ("code", "000000")]).await;
        }
        browser.post(&path, &[("name", "A"), ("code", &code(&site.world, &key))]).await;
        assert!(browser.html.contains("Begin again"), "{}", browser.html);

        browser.post("/security/apps", &[]).await;
        let (path, key) = (browser.path.clone(), shown(&browser.html));
        site.world.clock.advance(Duration::from_mins(6));
        browser.post(&path, &[("name", "A"), ("code", &code(&site.world, &key))]).await;
        assert!(browser.path.starts_with("/login/step-up"), "{}", browser.path);
        assert!(!site.events().await.contains(&"user.factor_added".to_owned()));
    }

    /// AU-14, AU-16: an app is named at any time, and removed only a moment after both factors, which its own codes prove, too.
    async fn au_16_an_app_is_removed_after_stepping_up(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let key = add(&site, &mut browser).await;
        let link = browser.html.split("href=\"").find_map(|rest| rest.strip_prefix("/security/apps/")).unwrap();
        let path = format!("/security/apps/{}", link.split('"').next().unwrap());
        site.world.clock.advance(Duration::from_mins(6));
        browser.get(&path).await;
        browser.post(&path, &[("name", "Old phone")]).await;
        assert!(site.events().await.contains(&"user.factor_renamed".to_owned()));
        assert!(browser.html.contains("Old phone"), "{}", browser.html);
        browser.post(&format!("{path}/remove"), &[]).await;
        assert!(browser.path.starts_with("/login/step-up"), "{}", browser.path);

        browser.get(&format!("/login/step-up?return={path}")).await;
        browser.post("/login/step-up", &[("password", PASSWORD)]).await;
        assert!(browser.html.contains("Enter the code that your authenticator app shows"), "{}", browser.html);
        browser.post("/login/step-up/code", &[("code", &code(&site.world, &key))]).await;
        assert_eq!(browser.path, path);
        browser.post(&format!("{path}/remove"), &[]).await;
        assert_eq!(browser.path, "/security?done=factor-removed#ways");
        assert!(!browser.html.contains("Old phone") && browser.html.contains("It has been removed"));
        assert!(site.events().await.contains(&"user.factor_removed".to_owned()));
        let mut other = site.browser();
        other.sign_in(&site, EMAIL, PASSWORD).await;
    }

    /// Whoever has no phone signs in by the app alone, and keeps it until there is something else.
    async fn the_last_way_to_sign_in_stays(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let key = add(&site, &mut browser).await;
        site.change(|user| user.phone = None).await;
        site.world.clock.advance(Duration::from_secs(30));
        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        other.enter(&code(&site.world, &key)).await;
        assert!(other.is_signed_in().await, "{}", other.html);
        other.get("/security").await;
        let link = other.html.split("href=\"").find_map(|rest| rest.strip_prefix("/security/apps/")).unwrap();
        let path = format!("/security/apps/{}", link.split('"').next().unwrap());
        other.get(&path).await;
        other.post(&format!("{path}/remove"), &[]).await;
        assert!(other.html.contains("This is the last way to sign in"), "{}", other.html);
    }
}
