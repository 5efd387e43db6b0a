//! What attackers do: guess, ask in parallel, mix browsers, look for accounts.

use super::browser::{EMAIL, PASSWORD, PHONE, Site};

fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

on_both! {
    /// AU-01: after three wrong codes the right one is refused, too.
    async fn au_01_a_code_is_dead_after_three_wrong_tries(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        let code = site.code().await;
        for _ in 0..3 {
            browser.enter(&other(&code)).await;
        }
        browser.enter(&code).await;
        assert!(!browser.is_signed_in().await);
    }

    /// AU-02, AU-03: however many sign-ins and guesses run at once, no more than twenty are compared for one account.
    async fn au_03_parallel_guesses_share_one_counter(world: World) {
        let site = Site::new(world).await;
        for _ in 0..7 {
            site.world.clock.advance(std::time::Duration::from_secs(20));
            let mut browser = site.browser();
            browser.password(EMAIL, PASSWORD).await;
            let code = site.code().await;
            let wrong = other(&code);
            let mut tabs: Vec<_> = (0..5).map(|_| browser.clone()).collect();
            let guesses = tabs.iter_mut().map(|tab| tab.enter(&wrong));
            futures_join(guesses).await;
        }
        site.world.clock.advance(std::time::Duration::from_secs(20));
        let count = site.texts(PHONE).await.len();
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        assert_eq!(browser.path, "/login/otp");
        assert_eq!(site.texts(PHONE).await.len(), count, "the channel has stopped after twenty wrong codes in a row");
    }

    /// AU-04, AU-05: a right code works once, in its own browser.
    async fn au_04_a_code_works_once_and_in_its_own_browser(world: World) {
        let site = Site::new(world).await;
        let (mut browser, mut thief) = (site.browser(), site.browser());
        browser.password(EMAIL, PASSWORD).await;
        let code = site.code().await;
        thief.get("/login").await;
        let id = browser.hidden("sign_in");
        thief.post("/login/otp", &[("sign_in", &id), ("code", &code)]).await;
        assert!(!thief.is_signed_in().await);
        let mut twice = browser.clone();
        browser.enter(&code).await;
        twice.enter(&code).await;
        assert!(browser.is_signed_in().await);
        assert!(!twice.is_signed_in().await);
    }

    /// AU-10, AU-23: a wrong password and an address nobody has give the same page; nothing is sent.
    async fn au_23_a_wrong_password_and_an_unknown_address_look_alike(world: World) {
        let site = Site::new(world).await;
        let mut pages = Vec::new();
        for (email, password) in [(EMAIL, PASSWORD), (EMAIL, "not the password"), ("nobody@bank-a.example", PASSWORD)] {
            let mut browser = site.browser();
            browser.password(email, password).await;
            assert_eq!((browser.path.as_str(), browser.status), ("/login/otp", 200));
            let (csrf, id) = (browser.hidden("csrf"), browser.hidden("sign_in"));
            let ending = browser.html.split("ending in ").nth(1).unwrap()[..2].to_owned();
            pages.push(browser.html.replace(&csrf, "").replace(&id, "").replace(&format!("ending in {ending}"), ""));
        }
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0], pages[2]);
        assert_eq!(site.texts(PHONE).await.len(), 1);
    }

    /// AU-19: after failures in a row one has to wait, and the right password does not help.
    async fn au_19_guessing_a_password_is_slowed_down(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        for _ in 0..6 {
            browser.password(EMAIL, "not the password").await;
        }
        browser.password(EMAIL, PASSWORD).await;
        assert_eq!(browser.path, "/login/blocked?wait=2");
        site.world.clock.advance(std::time::Duration::from_secs(2));
        browser.password(EMAIL, PASSWORD).await;
        assert_eq!(browser.path, "/login/otp");
    }

    /// AU-25: no password is cut; one that is too long is refused.
    async fn au_25_a_password_above_one_kibibyte_is_refused(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, &"x".repeat(1_025)).await;
        assert_eq!(browser.status, 413);
        browser.password(EMAIL, &format!("{PASSWORD} ")).await;
        assert!(site.texts(PHONE).await.is_empty());
    }

    /// SE-10: a second sign-in in one browser makes the first one's form void.
    async fn se_10_two_tabs_do_not_mix(world: World) {
        let site = Site::new(world).await;
        let mut first = site.browser();
        first.password(EMAIL, PASSWORD).await;
        let mut second = first.clone();
        second.password(EMAIL, PASSWORD).await;
        first.enter(&site.code().await).await;
        assert_eq!(first.path, "/login/expired");
        assert!(!first.is_signed_in().await);
    }
}

async fn futures_join<F: Future<Output = ()>>(all: impl Iterator<Item = F>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        all.retain_mut(|one| one.as_mut().poll(cx).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
