//! Which new passwords are taken on the pages: not those that are guessed soon, and not those known from breaches.

use std::io::Cursor;
use std::time::Duration;

use chamberlain::factors::Factors;
use chamberlain::factors::breached::{Breached, Written, build};

use super::browser::{Browser, EMAIL, PASSWORD, Site};
use crate::support::World;

/// Somebody who has just signed in, where these are known from a breach.
async fn signed_in(world: World, breached: &str) -> (Site, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    build(vec![Box::new(Cursor::new(breached.to_owned()))], Written::Plain, &path).unwrap();
    let mut factors = Factors::default();
    factors.breached = Some(Breached::open(&path).unwrap());
    let site = Site::with_factors(world, factors).await;
    let mut browser = site.browser();
    browser.sign_in(&site, EMAIL, PASSWORD).await;
    site.world.clock.advance(Duration::from_secs(1));
    (site, browser)
}

async fn choose(browser: &mut Browser, new: &str) {
    browser.get("/security").await;
    browser.post("/security/password", &[("current", PASSWORD), ("new", new)]).await;
}

on_both! {
    /// ASVS 6.2.12: by those in the list of the installation; the page says so, and nothing is changed.
    async fn a_password_known_from_a_breach_is_not_taken(world: World) {
        let (site, mut browser) = signed_in(world, "seven brown otters\nten green lizards").await;
        choose(&mut browser, "seven brown otters").await;
        assert!(browser.html.contains("known from a breach elsewhere"), "{}: {}", browser.path, browser.html);
        assert!(!site.events().await.contains(&"user.password_changed".to_owned()));
        choose(&mut browser, "seven brown otters swim").await;
        assert_eq!(browser.path, "/login?done=password-set", "{}", browser.html);
    }

    /// ASVS 6.2.4: long, and still the first that a program would try.
    async fn a_password_that_is_guessed_soon_is_not_taken(world: World) {
        let (_site, mut browser) = signed_in(world, "").await;
        choose(&mut browser, "constitution1999").await;
        assert!(browser.html.contains("would be guessed soon"), "{}: {}", browser.path, browser.html);
        choose(&mut browser, "kiosk umbrella 41 fjord").await;
        assert_eq!(browser.path, "/login?done=password-set", "{}", browser.html);
    }
}
