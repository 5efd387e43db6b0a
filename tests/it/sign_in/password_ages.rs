//! Passwords that expire, are reminded of, and must not come back: what the manual of IMI asks (I65, I66, I84–I86).

use std::time::Duration;

use chamberlain::delegation::profile::Profile;
use chamberlain::factors::{Factors, remind};
use chamberlain::kernel::ctx::{Channel, Ctx};

use super::browser::{Browser, EMAIL, PASSWORD, Site};
use crate::support::World;

const DAY: Duration = Duration::from_hours(24);
const NEXT: &str = "Seven brown 0tters";

/// With the rules of the shipped profile; the present password was set today.
async fn site(world: World) -> Site {
    let passwords = Profile::shipped("imi").unwrap().unwrap().passwords;
    let mut factors = Factors::default();
    factors.passwords = passwords;
    Site::with_factors(world, factors).await
}

/// Both factors, wherever they lead.
async fn both_factors(site: &Site, password: &str) -> Browser {
    let mut browser = site.browser();
    browser.password(EMAIL, password).await;
    browser.enter(&site.code().await).await;
    browser
}

/// Chooses another password a moment after both factors; how it was answered.
async fn change(site: &Site, browser: &mut Browser, from: &str, to: &str) -> bool {
    site.world.clock.advance(Duration::from_secs(1));
    browser.get("/security").await;
    browser.post("/security/password", &[("current", from), ("new", to)]).await;
    if browser.path != "/login?done=password-set" {
        return false;
    }
    browser.sign_in(site, EMAIL, to).await;
    true
}

async fn remind(site: &Site) -> Vec<String> {
    let ctx = Ctx::internal(site.world.clock.now(), site.world.entropy.clone(), Channel::Job);
    remind::remind_all_due(&site.world.db, &site.factors.passwords.standard, &ctx).await.unwrap();
    site.texts(EMAIL).await.into_iter().filter(|text| text.contains("can be used until")).collect()
}

on_both! {
    /// I65: after six months both factors lead to a page that asks for another password, and to nothing else; the page is used once.
    async fn i65_an_expired_password_is_replaced_before_anything_else(world: World) {
        let site = site(world).await;
        site.world.clock.advance(DAY * 182);
        assert!(both_factors(&site, PASSWORD).await.is_signed_in().await, "a day before it is as good as ever");
        site.world.clock.advance(DAY);
        let mut browser = both_factors(&site, PASSWORD).await;
        assert!(browser.path.starts_with("/renew/"), "{}", browser.path);
        assert!(browser.html.contains("Your password has expired") && browser.html.contains("every 183 days"));
        assert!(!browser.is_signed_in().await);
        let link = browser.path.clone();
        for (weak, said) in [
            ("Seven-0", "Use at least 8 characters"),
            ("seven brown otters", "one upper-case letter, one lower-case letter and one digit"),
            (PASSWORD, "one upper-case letter"),
        ] {
            browser.post(&link, &[("password", weak)]).await;
            assert!(browser.path.starts_with(&link) && browser.html.contains(said), "{weak}: {}", browser.html);
        }
        let mut other = browser.clone();
        other.get(&link).await;
        let mut elsewhere = site.browser();
        elsewhere.get(&link).await;
        assert!(elsewhere.html.contains("This link no longer works"), "it belongs to the browser of both factors (OA-46)");
        browser.post(&link, &[("password", NEXT)]).await;
        assert_eq!(browser.path, "/login?done=password-set");
        other.post(&link, &[("password", "Eight grey w0lves")]).await;
        assert!(other.html.contains("This link no longer works"), "{}", other.html);
        browser.sign_in(&site, EMAIL, NEXT).await;
        assert!(site.events().await.contains(&"user.password_changed".to_owned()));
    }

    /// I65: the page lasts five minutes, and nothing for a link of another kind.
    async fn i65_the_page_of_an_expired_password_does_not_last(world: World) {
        let site = site(world).await;
        site.world.clock.advance(DAY * 183);
        let mut browser = both_factors(&site, PASSWORD).await;
        let link = browser.path.clone();
        for other in [link.replace("/renew/", "/recover/"), link.replace("/renew/", "/activate/"), format!("{link}x")] {
            browser.get(&other).await;
            assert!(browser.html.contains("This link no longer works"), "{other}");
        }
        browser.get(&link).await;
        site.world.clock.advance(Duration::from_mins(6));
        browser.post(&link, &[("password", NEXT)]).await;
        assert!(browser.html.contains("Sign in once more"), "{}", browser.html);
        assert!(both_factors(&site, PASSWORD).await.path.starts_with("/renew/"), "nothing has changed");
    }

    /// I84: none of the last five, the present one included; what is longer ago may come back, and is hashed like all others.
    async fn i84_the_last_five_passwords_do_not_come_back(world: World) {
        let site = site(world).await;
        let words = ["Otter-river-1", "Heron-meadow-2", "Badger-forest-3", "Lynx-mountain-4", "Stork-chimney-5"];
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let mut present = PASSWORD;
        for word in words {
            assert!(change(&site, &mut browser, present, word).await, "{word}: {}", browser.html);
            present = word;
        }
        for used in words {
            assert!(!change(&site, &mut browser, present, used).await, "{used}");
            assert!(browser.html.contains("that you have not used lately"), "{used}: {}", browser.html);
        }
        assert!(change(&site, &mut browser, present, "Crane-harbour-6").await);
        assert!(change(&site, &mut browser, "Crane-harbour-6", words[0]).await, "five others came after it");
        assert!(!change(&site, &mut browser, words[0], words[2]).await);
    }

    /// I84 by the other way to a new password: a recovery link does not bring an old one back either.
    async fn i84_a_recovery_does_not_bring_a_password_back(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert!(change(&site, &mut browser, PASSWORD, NEXT).await);
        let mut other = site.browser();
        other.get("/recover").await;
        other.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        other.get(&link).await;
        other.post(&format!("{link}/code"), &[]).await;
        other.post(&link, &[("code", &site.code().await), ("password", NEXT)]).await;
        assert!(other.path.ends_with("problem=used"), "{}", other.path);
    }

    /// I66: fourteen, seven and one days before, once each, in the language of the person and without a link; never after a change.
    async fn i66_people_are_reminded_before_their_password_expires(world: World) {
        let site = site(world).await;
        site.world.clock.advance(DAY * 168);
        assert!(remind(&site).await.is_empty(), "fifteen days before");
        let mut told = 0;
        for days in [1, 1, 6, 1, 5, 1] {
            site.world.clock.advance(DAY * days);
            let mails = remind(&site).await;
            assert_eq!(remind(&site).await.len(), mails.len(), "once each");
            told += 1;
            assert_eq!(mails.len(), [1, 1, 2, 2, 3, 3][told - 1], "step {told}");
        }
        let mails = remind(&site).await;
        assert!(mails.iter().all(|mail| !mail.contains("http://") && !mail.contains("https://")), "{mails:?}");
        let mut browser = both_factors(&site, PASSWORD).await;
        let link = browser.path.clone();
        browser.post(&link, &[("password", NEXT)]).await;
        site.world.clock.advance(DAY * 168);
        assert_eq!(remind(&site).await.len(), 3);
        site.world.clock.advance(DAY);
        assert_eq!(remind(&site).await.len(), 4, "the next password has reminders of its own");
    }

    /// I66: whoever was away for the first two gets the last one only, and nobody does whose account is out of use or whose
    /// password has expired already.
    async fn i66_only_the_latest_reminder_goes_out(world: World) {
        let site = site(world).await;
        site.world.clock.advance(DAY * 182);
        site.change(|user| { user.active = false; }).await;
        assert!(remind(&site).await.is_empty());
        site.change(|user| { user.active = true; }).await;
        assert_eq!(remind(&site).await.len(), 1);
        site.world.clock.advance(DAY);
        assert_eq!(remind(&site).await.len(), 1);
    }

    /// Guidance against ageing holds wherever a profile does not ask for it (NIST SP 800-63B-4 §3.1.1.2).
    async fn a_password_does_not_age_by_itself(world: World) {
        let site = Site::new(world).await;
        site.world.clock.advance(DAY * 5_000);
        assert!(both_factors(&site, PASSWORD).await.is_signed_in().await);
        assert!(remind(&site).await.is_empty());
    }

    /// I59: a user name signs in like the address, and its tries are those of the address (AU-19, AU-22).
    async fn i59_a_user_name_is_another_word_for_the_address(world: World) {
        let site = Site::new(world).await;
        site.change(|user| user.user_name = "ab00004821".to_owned()).await;
        let mut browser = site.browser();
        browser.sign_in(&site, "AB00004821", PASSWORD).await;
        let mut stranger = site.browser();
        let mut tries = 0;
        while !stranger.path.starts_with("/login/blocked") {
            let name = if tries % 2 == 0 { "ab00004821" } else { EMAIL };
            stranger.password(name, "not the password").await;
            tries += 1;
            assert!(tries < 50, "nothing counted");
        }
        for name in [EMAIL, "ab00004821"] {
            let mut other = site.browser();
            other.password(name, "not the password").await;
            assert!(other.path.starts_with("/login/blocked"), "{name} has tries of its own: {}", other.path);
        }
        let mut nobody = site.browser();
        nobody.password("zz99999999", PASSWORD).await;
        assert!(nobody.path.starts_with("/login/otp"), "an unknown name is led through the same steps: {}", nobody.path);
    }

    /// AU-22: whether a password was used before is told to nobody who has only the mailbox, and each question counts.
    async fn au_22_a_recovery_link_is_no_way_to_try_passwords(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert!(change(&site, &mut browser, PASSWORD, NEXT).await);
        let mut thief = site.browser();
        thief.get("/recover").await;
        thief.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        thief.get(&link).await;
        let hashes = site.factors.hasher.computed();
        let unknown = "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e";
        for guess in [NEXT, "Something-else-1"] {
            thief.post(&link, &[("sign_in", unknown), ("code", "000000"), ("password", guess)]).await;
            assert_eq!(thief.path, link, "{guess}");
        }
        assert_eq!(site.factors.hasher.computed(), hashes, "nothing was compared");
        // With a code on its way to the owner the questions are counted like tries to sign in.
        thief.post(&format!("{link}/code"), &[]).await;
        let mut asked = 0;
        while thief.status != 429 {
            thief.get(&link).await;
            thief.post(&link, &[("code", "000000"), ("password", NEXT)]).await;
            asked += 1;
            assert!(asked < 30, "nothing is counted: {}", thief.path);
        }
    }

    /// AU-23: the ending shown for a wrong password does not tell that a name and an address belong to one person.
    async fn au_23_a_name_and_an_address_of_one_person_look_like_two(world: World) {
        let site = Site::new(world).await;
        site.change(|user| user.user_name = "ab00004821".to_owned()).await;
        let mut endings = Vec::new();
        for typed in ["ab00004821", EMAIL, "zz99999999", "AB00004821"] {
            let mut shown = Vec::new();
            for password in ["wrong horse one", "wrong horse two", "wrong horse six"] {
                let mut browser = site.browser();
                site.world.clock.advance(DAY);
                browser.password(typed, password).await;
                let at = browser.html.find("ending in ").expect("a number") + 10;
                shown.push(browser.html[at..at + 3].to_owned());
            }
            endings.push(shown);
        }
        assert_ne!(endings[0], endings[1]);
        assert_eq!(endings[0], endings[3], "the same name however it is written");
    }
}
