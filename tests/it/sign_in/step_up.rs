//! Changing one's own credentials: both factors proved a moment ago, the new number proved (AU-14).

use std::time::Duration;

use super::browser::{Browser, EMAIL, PASSWORD, PHONE, Site};

const NEW_PHONE: &str = "+4915112345678";

/// Signed in for longer than credentials may be changed without a further word.
async fn stale(site: &Site) -> Browser {
    let mut browser = site.browser();
    browser.sign_in(site, EMAIL, PASSWORD).await;
    site.world.clock.advance(Duration::from_mins(6));
    browser
}

async fn step_up(site: &Site, browser: &mut Browser) {
    browser.get("/login/step-up?return=%2Fsecurity").await;
    browser.post("/login/step-up", &[("password", PASSWORD)]).await;
    assert_eq!(browser.path, "/login/step-up/code?return=%2Fsecurity");
    browser.post("/login/step-up/code", &[("code", &site.code().await)]).await;
    assert_eq!((browser.path.as_str(), browser.status), ("/security", 200));
}

on_both! {
    /// AU-14: with only a session, however alive, no credential changes.
    async fn au_14_a_session_alone_changes_no_credential(world: World) {
        let site = Site::new(world).await;
        let mut browser = stale(&site).await;
        browser.get("/security").await;
        assert!(!browser.html.contains("name=\"new\"") && browser.html.contains("step-up"));
        let messages = site.texts(NEW_PHONE).await.len();
        for (path, fields) in [
            ("/security/password", vec![("current", PASSWORD), ("new", "seven brown otters")]),
            ("/security/phone", vec![("phone", NEW_PHONE)]),
        ] {
            browser.get("/profile").await;
            browser.post(path, &fields).await;
            assert_eq!(browser.path, "/login/step-up?return=%2Fsecurity", "{path}");
        }
        assert_eq!(site.texts(NEW_PHONE).await.len(), messages);
        assert_eq!(site.stored().await.phone.unwrap().as_str(), PHONE);
        let mut other = site.browser();
        other.sign_in(&site, EMAIL, PASSWORD).await;
    }

    /// SE-01: proving both factors again gives the session a new cookie; the old one is nothing any more.
    async fn se_01_stepping_up_changes_the_cookie_and_keeps_the_session(world: World) {
        let site = Site::new(world).await;
        let mut browser = stale(&site).await;
        let before = browser.clone();
        step_up(&site, &mut browser).await;
        assert_ne!(before.cookies["chamberlain"], browser.cookies["chamberlain"]);
        assert!(!before.is_signed_in().await && browser.is_signed_in().await);
        let tx = &mut site.world.db.reader().await.unwrap();
        let sessions = chamberlain::sessions::store::list(tx, site.user.id, site.world.clock.now()).await.unwrap();
        assert_eq!(sessions.len(), 1, "the same session, with another cookie");
        assert_eq!(sessions[0].auth_time, site.world.clock.now());
        assert!(site.events().await.contains(&"session.stepped_up".to_owned()));
    }

    /// E28, C03, AU-14: then the password changes, with the present one; every session ends.
    async fn au_14_a_password_changes_after_stepping_up(world: World) {
        let site = Site::new(world).await;
        let mut browser = stale(&site).await;
        step_up(&site, &mut browser).await;
        browser.get("/.well-known/change-password").await;
        assert_eq!(browser.path, "/security", "where password managers send people");
        browser.post("/security/password", &[("current", "not the password"), ("new", "seven brown otters")]).await;
        assert!(browser.html.contains("The password is not right"));
        browser.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        assert_eq!(browser.path, "/login?done=password-set");
        assert!(!browser.is_signed_in().await);
        browser.sign_in(&site, EMAIL, "seven brown otters").await;
    }

    /// E29, C03, AU-14, AU-13: the new number is proved by a code to it and nothing is saved before; the old and the new one and
    /// the mailbox are told; codes go to the new one from then on.
    async fn au_14_a_new_number_is_proved_by_a_code_to_it(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let codes = site.texts(PHONE).await.len();
        browser.get("/security").await;
        browser.post("/security/phone", &[("phone", "+49 151 12345678")]).await;
        assert_eq!(browser.path, "/security/phone/code");
        assert!(browser.html.contains("ending in 78"));
        assert_eq!(site.texts(PHONE).await.len(), codes, "no code goes to the old number");
        let code = site.code_to(NEW_PHONE).await;
        let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        browser.post("/security/phone/code", &[("code", &wrong)]).await;
        assert_eq!(browser.path, "/security/phone/code?problem=wrong");
        assert_eq!(site.stored().await.phone.unwrap().as_str(), PHONE);
        browser.post("/security/phone/code", &[("code", &code)]).await;
        assert_eq!(browser.path, "/security?done=phone-changed");
        let stored = site.stored().await;
        assert_eq!((stored.phone.unwrap().as_str(), stored.phone_verified), (NEW_PHONE, true));
        for number in [PHONE, NEW_PHONE] {
            assert!(site.texts(number).await.last().unwrap().contains("was changed"), "{number}");
        }
        assert!(site.texts(EMAIL).await.last().unwrap().contains("was changed"));
        assert!(site.events().await.contains(&"user.phone_changed".to_owned()));
        let mut later = site.browser();
        later.password(EMAIL, PASSWORD).await;
        later.enter(&site.code_to(NEW_PHONE).await).await;
        assert!(later.is_signed_in().await);
    }

    /// AU-09, AU-14: a number that this installation does not write to, the present one, and no number are refused at the field.
    async fn au_09_a_premium_number_cannot_become_the_second_factor(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        for (number, message) in [
            ("+4990012345678", "cannot send codes to this number"),
            ("+88161234567", "cannot send codes to this number"),
            (PHONE, "your phone number already"),
            ("0691234", "international format"),
        ] {
            browser.get("/security").await;
            browser.post("/security/phone", &[("phone", number)]).await;
            assert!(browser.html.contains(message), "{number}: {}", browser.html);
        }
        assert_eq!(site.stored().await.phone.unwrap().as_str(), PHONE);
    }

    /// AU-05, AU-18: a code for one purpose is nothing for another, whatever form carries it.
    async fn au_05_a_code_works_for_its_own_purpose_only(world: World) {
        let site = Site::new(world).await;
        let mut browser = stale(&site).await;
        browser.get("/login/step-up").await;
        browser.post("/login/step-up", &[("password", PASSWORD)]).await;
        let code = site.code().await;
        let id = browser.hidden("sign_in");
        let mut thief = browser.clone();
        thief.cookies.remove("chamberlain");
        thief.get("/login").await;
        thief.post("/login/otp", &[("sign_in", &id), ("code", &code)]).await;
        assert!(!thief.is_signed_in().await, "a code for stepping up opens no session");
        browser.post("/security/phone/code", &[("sign_in", &id), ("code", &code)]).await;
        assert_eq!(site.stored().await.phone.unwrap().as_str(), PHONE);
        assert!(!browser.path.contains("done"));
    }

    /// AU-22: the same counters at every door: wrong passwords of a session count for the sign-in page, and wrong codes of
    /// one purpose for all others.
    async fn au_22_every_door_counts_on_the_same_counters(world: World) {
        let site = Site::new(world).await;
        let mut browser = stale(&site).await;
        step_up(&site, &mut browser).await;
        browser.cookies.insert("chamberlain-browser".to_owned(), browser.cookies["chamberlain-browser"].clone());
        for n in 0..6 {
            if n % 2 == 0 {
                browser.get("/login/step-up").await;
                browser.post("/login/step-up", &[("password", "not the password")]).await;
                assert!(browser.html.contains("The password is not right"));
            } else {
                browser.get("/security").await;
                browser.post("/security/password", &[("current", "not the password"), ("new", "seven brown otters")]).await;
            }
        }
        let mut signing_in = browser.clone();
        signing_in.cookies.remove("chamberlain");
        signing_in.password(EMAIL, PASSWORD).await;
        assert!(signing_in.path.starts_with("/login/blocked?wait="), "{}", signing_in.path);
        site.world.clock.advance(Duration::from_mins(16));
        // Codes: nineteen wrong ones over three purposes; then one more anywhere stops the phone of the account.
        let mut wrong = 0;
        while wrong < 20 {
            site.world.clock.advance(Duration::from_mins(16));
            let mut other = site.browser();
            if wrong % 2 == 0 {
                other.password(EMAIL, PASSWORD).await;
                let code = site.code().await;
                for _ in 0..3.min(20 - wrong) {
                    other.enter(&format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)).await;
                    wrong += 1;
                }
            } else {
                other.get("/recover").await;
                other.post("/recover", &[("email", EMAIL)]).await;
                let link = site.link(EMAIL).await;
                other.get(&link).await;
                other.post(&format!("{link}/code"), &[]).await;
                let code = site.code().await;
                for _ in 0..3.min(20 - wrong) {
                    let typed = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
                    other.post(&link, &[("code", &typed), ("password", "seven brown otters")]).await;
                    wrong += 1;
                }
            }
        }
        let count = site.texts(PHONE).await.len();
        site.world.clock.advance(Duration::from_mins(16));
        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        assert_eq!(site.texts(PHONE).await.len(), count, "twenty in a row over all doors stop the channel");
    }
}
