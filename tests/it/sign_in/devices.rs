//! What people call their browsers.

use std::time::Duration;

use super::browser::{Browser, EMAIL, PASSWORD, Site};

const NAME: &str = "Laptop in the office";

/// The page on which the present session is named.
async fn page(browser: &mut Browser) -> String {
    browser.get("/sessions").await;
    let path = browser.html.split("href=\"/sessions/").nth(1).and_then(|rest| rest.split('"').next());
    format!("/sessions/{}", path.unwrap_or_else(|| panic!("nothing to be named: {}", browser.html)))
}

async fn name(browser: &mut Browser, name: &str) {
    let path = page(browser).await;
    browser.get(&path).await;
    browser.post(&path, &[("name", name)]).await;
}

async fn sign_out(browser: &mut Browser) {
    browser.get("/logout").await;
    browser.post("/logout", &[]).await;
    assert!(!browser.is_signed_in().await);
}

on_both! {
    /// The name is shown in the list, of this session and of those that follow it in the same browser, and in no other one.
    async fn a_browser_keeps_the_name_that_its_owner_gave_it(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        name(&mut browser, &format!("  {NAME} ")).await;
        assert_eq!(browser.path, "/sessions?done=browser-named", "{}", browser.html);
        assert!(browser.html.contains(&format!(">{NAME} <span")), "{}", browser.html);
        assert!(site.events().await.contains(&"user.browser_named".to_owned()));
        sign_out(&mut browser).await;
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        browser.get("/sessions").await;
        assert!(browser.html.contains(&format!(">{NAME} <span")), "{}", browser.html);
        let mut other = site.browser();
        other.sign_in(&site, EMAIL, PASSWORD).await;
        other.get("/sessions").await;
        assert_eq!(other.html.matches(&format!("\">{NAME}</h2>")).count(), 1, "that of the first: {}", other.html);
        name(&mut browser, "Laptop at home").await;
        assert!(browser.html.contains("Laptop at home") && !browser.html.contains(NAME));
        name(&mut browser, " ").await;
        assert!(!browser.html.contains("Laptop"), "{}", browser.html);
    }

    /// AU-28: a new password forgets in which browsers somebody is known, and no name.
    async fn a_name_outlives_a_new_password(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        name(&mut browser, NAME).await;
        browser.get("/security").await;
        browser.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        assert_eq!(browser.path, "/login?done=password-set");
        browser.sign_in(&site, EMAIL, "seven brown otters").await;
        browser.get("/sessions").await;
        assert!(browser.html.contains(NAME), "{}", browser.html);
    }

    /// A browser in which its owner does not sign in for long is forgotten.
    async fn a_name_is_forgotten_when_it_is_not_used(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        name(&mut browser, NAME).await;
        let kept = async || {
            let tx = &mut site.world.db.reader().await.unwrap();
            chamberlain::sessions::browser_store::list(tx, site.user.id).await.unwrap().len()
        };
        let purge = async || {
            let now = site.world.clock.now();
            let done: chamberlain::db::Result<()> =
                chamberlain::transact!(site.world.db, tx => chamberlain::sessions::browser_store::remove_old(tx, now).await);
            done.unwrap();
        };
        site.world.clock.advance(Duration::from_hours(89 * 24));
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        site.world.clock.advance(Duration::from_hours(89 * 24));
        purge().await;
        assert_eq!(kept().await, 1, "used 89 days ago");
        site.world.clock.advance(Duration::from_hours(24));
        purge().await;
        assert_eq!(kept().await, 0);
    }

    /// IN-05: the rules of other names; what was typed is kept.
    async fn a_name_is_a_short_line_of_text(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        for wrong in ["x".repeat(61), "Laptop\u{202e}".to_owned()] {
            name(&mut browser, &wrong).await;
            assert!(browser.html.contains("id=\"problem\"") && browser.html.contains(&format!("value=\"{wrong}\"")), "{}", browser.html);
        }
        assert!(!site.events().await.contains(&"user.browser_named".to_owned()));
        name(&mut browser, "<b>Laptop</b>").await;
        assert!(!browser.html.contains("<b>Laptop"), "{}", browser.html);
    }
}
