//! What people do: sign in, ask for another code, forget a password, sign out.

use std::time::Duration;

use super::browser::{EMAIL, PASSWORD, PHONE, Site};

on_both! {
    /// E18–E22, C01, SE-01, SE-06: two factors, then a session; nothing before the second.
    async fn e18_a_person_signs_in_with_password_and_code(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(&EMAIL.to_uppercase(), PASSWORD).await;
        assert_eq!(browser.path, "/login/otp");
        assert!(browser.html.contains("ending in 89"), "{}", browser.html);
        assert!(!browser.is_signed_in().await);
        let code = site.code().await;
        assert_eq!(site.texts(PHONE).await, [format!("{code} is your Identity Portal security code. It works for 3 minutes.\n\n@localhost #{code}")]);
        browser.enter(&format!(" {}-{}", &code[..3], &code[3..])).await;
        assert_eq!((browser.path.as_str(), browser.status), ("/", 200));
        assert!(browser.is_signed_in().await);
    }

    /// E25–E27, C01, AU-07, AU-12: the old code is void; the channel becomes the default once the sign-in is complete.
    async fn e25_another_code_by_voice_voids_the_first_and_becomes_the_default(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        let first = site.code().await;
        browser.post("/login/otp/resend", &[("channel", "voice")]).await;
        assert_eq!(browser.path, "/login/otp?problem=soon");
        site.world.clock.advance(Duration::from_secs(31));
        browser.post("/login/otp/resend", &[("channel", "voice")]).await;
        let second = site.code().await;
        assert!(site.texts(PHONE).await.last().unwrap().starts_with("Hello."));
        if first != second {
            browser.enter(&first).await;
            assert_eq!(browser.path, "/login/otp?problem=wrong");
        }
        let mut other = site.browser();
        other.password(EMAIL, PASSWORD).await;
        site.code().await;
        assert!(!site.texts(PHONE).await.last().unwrap().starts_with("Hello."), "AU-12: a sign-in under way changes no default");
        browser.enter(&second).await;
        assert!(browser.is_signed_in().await);
        let mut later = site.browser();
        later.password(EMAIL, PASSWORD).await;
        site.code().await;
        assert!(site.texts(PHONE).await.last().unwrap().starts_with("Hello."));
    }

    /// E23, E24, C01, AU-06: at three minutes the code is dead, and where the person was going is kept.
    async fn e24_an_expired_code_leads_back_to_step_one_with_the_request_kept(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.get("/login?return=%2Fprofile").await;
        browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        let code = site.code().await;
        site.world.clock.advance(Duration::from_mins(3));
        browser.enter(&code).await;
        assert_eq!(browser.path, "/login/expired?return=%2Fprofile");
        assert!(browser.html.contains("/login?return=%2Fprofile"));
        assert!(!browser.is_signed_in().await);
    }

    /// AU-26, AU-27, AU-28, AU-30: recovery asks for the second factor, signs nobody in, and ends what was there.
    async fn au_27_a_forgotten_password_is_replaced_with_link_and_code(world: World) {
        let site = Site::new(world).await;
        let mut old = site.browser();
        old.password(EMAIL, PASSWORD).await;
        old.enter(&site.code().await).await;
        assert!(old.is_signed_in().await);
        let mut browser = site.browser();
        browser.get("/recover").await;
        browser.post("/recover", &[("email", EMAIL)]).await;
        let mail = site.texts(EMAIL).await.pop().unwrap();
        let link = mail.split_whitespace().find_map(|word| word.strip_prefix("http://localhost:8080")).unwrap().to_owned();
        for _ in 0..2 {
            browser.get(&link).await;
            assert!(browser.html.contains("link-send"));
        }
        browser.post(&format!("{link}/code"), &[]).await;
        let code = site.code().await;
        browser.post(&link, &[("code", &code), ("password", "short")]).await;
        assert!(browser.path.ends_with("?problem=short"));
        browser.post(&link, &[("code", &code), ("password", "seven brown otters")]).await;
        assert_eq!(browser.path, "/login?done=password-set");
        assert!(!browser.is_signed_in().await && !old.is_signed_in().await);
        browser.get(&link).await;
        assert!(browser.html.contains("no longer works"));
        browser.password(EMAIL, "seven brown otters").await;
        browser.enter(&site.code().await).await;
        assert!(browser.is_signed_in().await);
    }

    /// SE-05, SE-14: opening the page changes nothing; the form ends the session.
    async fn se_14_signing_out_takes_a_form(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        browser.enter(&site.code().await).await;
        let before = browser.clone();
        browser.get("/logout").await;
        assert!(browser.is_signed_in().await && browser.html.contains("logout-confirm"));
        browser.post("/logout", &[]).await;
        assert_eq!(browser.path, "/login?done=signed-out");
        assert!(!before.is_signed_in().await);
    }

    /// E44, SE-05, AU-40, SE-08: a block, an expiry and the idle limit bind at the next request.
    async fn au_40_a_session_dies_with_its_account(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        browser.enter(&site.code().await).await;
        let now = site.world.clock.now();
        site.change(|user| user.account_expires_at = Some(now)).await;
        assert!(!browser.is_signed_in().await);
        site.change(|user| (user.account_expires_at, user.blocked) = (None, true)).await;
        assert!(!browser.is_signed_in().await);
        site.change(|user| user.blocked = false).await;
        assert!(browser.is_signed_in().await);
        site.world.clock.advance(Duration::from_mins(31));
        assert!(!browser.is_signed_in().await);
    }
}
