//! Sessions and cookies under attack.

use std::time::Duration;

use super::browser::{EMAIL, PASSWORD, PHONE, Site};

/// Every page behind the sign-in that anybody may open.
const BEHIND: [&str; 9] = [
    "/",
    "/profile",
    "/security",
    "/sessions",
    "/history",
    "/access",
    "/data",
    "/login/step-up",
    "/security/phone/code",
];

on_both! {
    /// SE-01, SE-03: a new secret at each sign-in; what was there before is nothing afterwards, also for the next person.
    async fn se_01_se_03_no_session_outlives_the_next_sign_in_of_its_browser(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.get("/login").await;
        browser.cookies.insert("chamberlain".to_owned(), "A".repeat(43));
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert_ne!(browser.cookies["chamberlain"], "A".repeat(43), "SE-01: a known id is not taken over");
        let first = browser.clone();
        browser.get("/logout").await;
        browser.post("/logout", &[]).await;
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert_ne!(first.cookies["chamberlain"], browser.cookies["chamberlain"]);
        assert!(browser.is_signed_in().await && !first.is_signed_in().await);
        browser.get("/logout").await;
        browser.post("/logout", &[]).await;
        assert!(!browser.cookies.contains_key("chamberlain") && !browser.is_signed_in().await);
    }

    /// SE-01: whoever signs in where somebody is signed in ends that session; its cookie, noted by whoever, is nothing then.
    async fn se_01_signing_in_again_ends_the_session_before(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let first = browser.clone();
        browser.get("/profile").await;
        browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        assert_eq!(browser.path, "/login/otp");
        assert!(first.is_signed_in().await, "nothing has been proved yet");
        browser.enter(&site.code().await).await;
        assert_ne!(first.cookies["chamberlain"], browser.cookies["chamberlain"]);
        assert!(browser.is_signed_in().await && !first.is_signed_in().await);
    }

    /// SE-02: somebody's half-done sign-in, opened in another browser, joins nothing to anybody.
    async fn se_02_a_sign_in_goes_on_only_in_the_browser_where_it_began(world: World) {
        let site = Site::new(world).await;
        let mut attacker = site.browser();
        attacker.password(EMAIL, PASSWORD).await;
        let (id, code) = (attacker.hidden("sign_in"), site.code().await);
        let mut victim = site.browser();
        victim.sign_in(&site, EMAIL, PASSWORD).await;
        let cookie = victim.cookies["chamberlain"].clone();
        victim.get("/login/otp").await;
        assert_eq!(victim.path, "/", "no sign-in is under way here, and the victim is signed in");
        victim.get("/profile").await;
        victim.post("/login/otp", &[("sign_in", &id), ("code", &code)]).await;
        assert_eq!(victim.cookies["chamberlain"], cookie, "the victim's session is not exchanged");
        attacker.enter(&code).await;
        assert!(attacker.is_signed_in().await, "it was never used up by somebody else's browser");
    }

    /// SE-04: every cookie of every page carries all protections.
    async fn se_04_every_cookie_is_http_only_and_same_site(world: World) {
        // The browser under test checks each cookie it is sent; with TLS, `Secure` and `__Host-` come on top.
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.get("/login?ui_locales=en").await;
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert_eq!(browser.cookies.len(), 3, "{:?}", browser.cookies.keys());
        for (name, value) in site.cookies_over_tls("/login?ui_locales=fr").await {
            assert!(name.starts_with("__Host-"), "{name}");
            for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(value.split("; ").any(|found| found == part), "{name}: {value}");
            }
            assert!(!value.contains("Domain="));
        }
    }

    /// SE-06: between password and code nothing but the code page works.
    async fn se_06_after_the_password_alone_nothing_opens(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        for path in BEHIND {
            browser.get(path).await;
            assert!(browser.path.starts_with("/login?return="), "{path} led to {}", browser.path);
        }
        browser.get("/login/otp").await;
        browser.post("/sessions", &[("others", "1")]).await;
        assert!(browser.path.starts_with("/login?return="));
    }

    /// SE-07: a cookie that is cut, lengthened, doubled or nonsense is no session.
    async fn se_07_a_malformed_cookie_is_no_session(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let right = browser.cookies["chamberlain"].clone();
        let cut = right[..42].to_owned();
        for wrong in [cut, format!("{right}A"), format!("{right}="), right.to_uppercase(), String::new(), "%00".to_owned(), "A".repeat(5_000),
            format!("{right}; chamberlain=x"), format!("x; chamberlain={right}"), "null".to_owned(), "\"{right}\"".to_owned()] {
            let mut other = browser.clone();
            other.cookies.insert("chamberlain".to_owned(), wrong.clone());
            other.get("/profile").await;
            assert!(other.path.starts_with("/login?return="), "{wrong}: {}", other.path);
        }
        assert!(browser.is_signed_in().await);
    }

    /// SE-08: both limits are judged by our clock; use does not move the absolute one.
    async fn se_08_idle_and_absolute_limits_are_ours(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        browser.headers.insert("date", "Thu, 01 Jan 1970 00:00:00 GMT".to_owned());
        for _ in 0..(12 * 60 / 20 - 1) {
            site.world.clock.advance(Duration::from_mins(20));
            assert!(browser.is_signed_in().await);
        }
        site.world.clock.advance(Duration::from_mins(20));
        assert!(!browser.is_signed_in().await, "twelve hours");
    }

    /// SE-05, AU-28: a new password ends every session and every sign-in that was under way.
    async fn au_28_a_sign_in_parked_before_the_reset_does_not_live_on(world: World) {
        let site = Site::new(world).await;
        let (mut parked, mut signed_in) = (site.browser(), site.browser());
        signed_in.sign_in(&site, EMAIL, PASSWORD).await;
        parked.password(EMAIL, PASSWORD).await;
        let code = site.code().await;
        let mut owner = site.browser();
        owner.get("/recover").await;
        owner.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        owner.get(&link).await;
        owner.post(&format!("{link}/code"), &[]).await;
        owner.post(&link, &[("code", &site.code().await), ("password", "seven brown otters")]).await;
        assert_eq!(owner.path, "/login?done=password-set");
        parked.enter(&code).await;
        assert!(!parked.is_signed_in().await && !signed_in.is_signed_in().await);
    }

    /// AU-26, AU-32: a link is for one purpose, one use, a while; a later one voids it, a change of credentials too.
    async fn au_26_a_link_is_for_one_purpose_one_use_and_a_while(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        let ask = async || {
            let mut browser = site.browser();
            site.world.clock.advance(Duration::from_mins(16));
            browser.get("/recover").await;
            browser.post("/recover", &[("email", EMAIL)]).await;
            site.link(EMAIL).await
        };
        let first = ask().await;
        let second = ask().await;
        let token = second.rsplit('/').next().unwrap().to_owned();
        for dead in [first, format!("/activate/{token}"), format!("/contact/{token}"), format!("{second}x"), second[..second.len() - 1].to_owned()] {
            browser.get(&dead).await;
            assert!(browser.html.contains("no longer works"), "{dead}");
        }
        browser.get(&second).await;
        assert!(browser.html.contains("link-send"));
        site.world.clock.advance(Duration::from_mins(30));
        browser.get(&second).await;
        assert!(browser.html.contains("no longer works"), "half an hour later");
        let third = ask().await;
        let mut owner = site.browser();
        owner.sign_in(&site, EMAIL, PASSWORD).await;
        owner.get("/security").await;
        owner.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        browser.get(&third).await;
        assert!(browser.html.contains("no longer works"), "after a change of the password");
    }

    /// AU-30, SE-14: a scanner that follows every link of every mail uses nothing up and changes nothing.
    async fn au_30_a_mail_scanner_uses_up_no_link(world: World) {
        let site = Site::new(world).await;
        let mut scanner = site.browser();
        scanner.get("/recover").await;
        scanner.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        let sent = site.texts(PHONE).await.len();
        for _ in 0..3 {
            let mut scanner = site.browser();
            scanner.get(&link).await;
            assert_eq!(scanner.status, 200);
        }
        assert_eq!(site.texts(PHONE).await.len(), sent, "opening the page sends no code");
        let mut owner = site.browser();
        owner.get(&link).await;
        assert!(owner.html.contains("link-send"));
    }
}
