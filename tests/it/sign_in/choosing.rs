//! Which new passwords are taken on the pages: not those that are guessed soon, and not those known from breaches.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use chamberlain::authority::action::UpdateOrganisation;
use chamberlain::authority::{Door, Roles};
use chamberlain::directory::organisation::sign_in_rules;
use chamberlain::factors::Factors;
use chamberlain::factors::breached::{Breached, Written, build};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::password_rules::PasswordRules;
use chamberlain::transact;

use super::browser::{Browser, EMAIL, PASSWORD, Site};
use crate::support::{Failure, World, failure};

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

    /// Rules of the profile for a part of the tree: they hold for the people at and below the organisation for which an operator chose them, from their next
    /// password on; the page says them; a set that the profile does not have is not chosen.
    async fn a_part_of_the_tree_has_rules_for_passwords_of_its_own(world: World) {
        let mut factors = Factors::default();
        let long = PasswordRules { min_characters: 20, ..PasswordRules::default() };
        factors.passwords.named = Arc::new(BTreeMap::from([("long".to_owned(), long)]));
        let site = Site::with_factors(world, factors).await;
        let (door, ctx, home) = (Door::new(Roles::new([])), site.world.ctx_of(PrincipalId::Console), site.user.organisation);
        let chosen = async |set: Option<&str>| {
            let done: Result<(), Failure> = transact!(site.world.db, tx => {
                let permit = door.authorise(tx, &ctx, UpdateOrganisation { organisation: home }).await?;
                sign_in_rules::choose_passwords(tx, permit, (set, &site.factors.passwords), &ctx).await.map_err(failure)
            });
            done.is_ok()
        };
        assert!(!chosen(Some("short")).await && chosen(Some("long")).await);
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        site.world.clock.advance(Duration::from_secs(1));
        browser.get("/security").await;
        assert!(browser.html.contains("At least 20 characters"), "{}", browser.html);
        choose(&mut browser, "seven brown otters").await;
        assert!(browser.path != "/login?done=password-set" && browser.html.contains("20 characters"), "{}", browser.html);
        assert!(chosen(None).await);
        choose(&mut browser, "seven brown otters").await;
        assert_eq!(browser.path, "/login?done=password-set", "{}", browser.html);
    }
}
