//! Guessing and flooding: one account, many accounts, many codes, many hashes.

use std::time::Duration;

use chamberlain::factors::{Factors, Settings, stuffing};
use chamberlain::kernel::text::fold;
use chamberlain::web::proxies::TrustedProxies;

use super::browser::{EMAIL, PASSWORD, PHONE, Site};

on_both! {
    /// AU-08: at least half a minute apart, three in one sign-in, five an hour, whatever is begun anew.
    async fn au_08_a_flood_of_resends_is_held_back(world: World) {
        let site = Site::new(world).await;
        let mut sent = 0;
        for round in 0..4 {
            let mut browser = site.browser();
            browser.password(EMAIL, PASSWORD).await;
            for resend in 0..5 {
                browser.post("/login/otp/resend", &[("channel", "sms")]).await;
                assert!(["/login/otp?problem=soon", "/login/otp?problem=many"].contains(&browser.path.as_str()), "{round}.{resend}");
                site.world.clock.advance(Duration::from_secs(31));
                let before = site.texts(PHONE).await.len();
                browser.post("/login/otp/resend", &[("channel", "sms")]).await;
                let more = site.texts(PHONE).await.len() - before;
                sent += more;
                assert_eq!(browser.path, if more == 1 { "/login/otp" } else { "/login/otp?problem=many" }, "{round}.{resend}");
                if more == 0 {
                    break;
                }
            }
        }
        assert_eq!(sent, 5, "five an hour");
        site.world.clock.advance(Duration::from_hours(1));
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        site.world.clock.advance(Duration::from_secs(31));
        browser.post("/login/otp/resend", &[("channel", "voice")]).await;
        assert_eq!(browser.path, "/login/otp");
    }

    /// invariant 11, AU-07: a code that died before it was sent is not sent any more.
    async fn i11_a_code_that_died_in_the_queue_is_not_sent(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        site.world.clock.advance(Duration::from_secs(31));
        browser.post("/login/otp/resend", &[("channel", "voice")]).await;
        let sent = site.texts(PHONE).await;
        assert!(sent.len() == 1 && sent[0].starts_with("Hello."), "{sent:?}");
        browser.password(EMAIL, PASSWORD).await;
        browser.password(EMAIL, PASSWORD).await;
        assert_eq!(site.texts(PHONE).await.len(), 2, "only that of the last sign-in of this browser");
        let mut late = site.browser();
        late.password(EMAIL, PASSWORD).await;
        site.world.clock.advance(Duration::from_mins(3));
        assert_eq!(site.texts(PHONE).await.len(), 2, "an expired code is not sent late");
    }

    /// AU-18: every step is reached only through the one before it.
    async fn au_18_no_step_can_be_skipped(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.get("/login").await;
        let csrf = browser.hidden("csrf");
        let id = chamberlain::kernel::ids::SignInId(site.world.ctx().uuid()).to_string();
        for (path, fields) in [
            ("/login/otp", vec![("code", "123456")]),
            ("/login/otp", vec![("sign_in", id.as_str()), ("code", "123456")]),
            ("/login/otp", vec![]),
            ("/login/otp/resend", vec![("channel", "sms")]),
            ("/login/otp/resend", vec![("sign_in", id.as_str()), ("channel", "voice")]),
            ("/login/step-up", vec![("password", PASSWORD)]),
            ("/login/step-up/code", vec![("sign_in", id.as_str()), ("code", "123456")]),
            ("/security/phone/code", vec![("sign_in", id.as_str()), ("code", "123456")]),
            ("/security/password", vec![("current", PASSWORD), ("new", "seven brown otters")]),
            ("/recover/x", vec![("code", "123456"), ("password", "seven brown otters")]),
            ("/activate/x", vec![("code", "123456"), ("password", "seven brown otters")]),
            ("/contact/x", vec![("answer", "agree")]),
        ] {
            browser.html.clear();
            let mut fields = fields;
            fields.push(("csrf", csrf.as_str()));
            browser.post(path, &fields).await;
            assert!(!browser.is_signed_in().await, "{path}");
            assert!(browser.status < 500, "{path}: {}", browser.status);
        }
        assert!(site.texts(PHONE).await.is_empty() && site.texts(EMAIL).await.is_empty());
        // The link of one step does not stand for the step itself: no password without the code.
        browser.get("/recover").await;
        browser.post("/recover", &[("email", EMAIL)]).await;
        let link = site.link(EMAIL).await;
        browser.get(&link).await;
        browser.post(&link, &[("sign_in", &id), ("code", ""), ("password", "seven brown otters")]).await;
        assert!(!browser.path.contains("done"));
        browser.sign_in(&site, EMAIL, PASSWORD).await;
    }

    /// AU-19: strangers' wrong passwords do not lock the owner out where they have signed in before; the known browser has a
    /// counter of its own.
    async fn au_19_a_known_browser_gets_in_while_strangers_guess(world: World) {
        let site = Site::new(world).await;
        let mut own = site.browser();
        own.sign_in(&site, EMAIL, PASSWORD).await;
        own.get("/logout").await;
        own.post("/logout", &[]).await;
        let mut stranger = site.browser();
        for _ in 0..8 {
            stranger.password(EMAIL, "not the password").await;
        }
        assert!(stranger.path.starts_with("/login/blocked"));
        own.sign_in(&site, EMAIL, PASSWORD).await;
        let mut guessing = own.clone();
        guessing.cookies.remove("chamberlain");
        for _ in 0..7 {
            guessing.password(EMAIL, "not the password").await;
        }
        assert!(guessing.path.starts_with("/login/blocked"), "AU-37: a known browser guesses no better");
    }

    /// I70, AU-19: after a hundred in a row only a new password helps, however long one waits.
    async fn au_19_a_hundred_wrong_passwords_in_a_row_stop_the_password(world: World) {
        let site = Site::new(world).await;
        let account = chamberlain::kernel::secret::Digest::of(fold(EMAIL).as_bytes());
        for _ in 0..100 {
            site.world.clock.advance(Duration::from_mins(15));
            let now = site.world.clock.now();
            let raised: chamberlain::db::Result<_> = chamberlain::transact!(site.world.db, tx => {
                chamberlain::factors::throttle_store::raise(tx, chamberlain::factors::throttle_store::PASSWORD, &account, now).await
            });
            assert_eq!(raised.unwrap(), None);
        }
        site.world.clock.advance(Duration::from_hours(30 * 24));
        let now = site.world.clock.now();
        let purged: chamberlain::db::Result<()> =
            chamberlain::transact!(site.world.db, tx => chamberlain::factors::throttle_store::remove_old(tx, now).await);
        purged.unwrap();
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        assert!(browser.path.starts_with("/login/blocked"), "{}", browser.path);
    }

    /// AU-20: many accounts from one address, or one password at many accounts: held back, and others are not.
    async fn au_20_lists_of_passwords_are_noticed_and_others_are_not_affected(world: World) {
        let limits = stuffing::Settings { per_address: 4, per_network: 50, per_password: 3 };
        let factors = Factors::new(Settings { stuffing: limits, ..Settings::default() });
        let mut site = Site::with_factors(world, factors).await;
        site.trust("127.0.0.1".parse().map(|proxy| TrustedProxies::new(vec![proxy])).unwrap());
        let mut attacker = site.browser();
        attacker.headers.insert("x-forwarded-for", "203.0.113.7".to_owned());
        for n in 0..4 {
            attacker.password(&format!("person{n}@bank-a.example"), &format!("leaked password {n}")).await;
            assert_eq!(attacker.path, "/login/otp");
        }
        attacker.password(EMAIL, PASSWORD).await;
        assert!(attacker.path.starts_with("/login/blocked?wait="), "{}", attacker.path);
        assert!(site.texts(PHONE).await.is_empty());
        let mut neighbour = site.browser();
        neighbour.headers.insert("x-forwarded-for", "203.0.113.8".to_owned());
        neighbour.sign_in(&site, EMAIL, PASSWORD).await;
        // One and the same password from many addresses.
        for n in 0..3 {
            let mut bot = site.browser();
            bot.headers.insert("x-forwarded-for", format!("198.51.{n}.1"));
            bot.password(&format!("other{n}@bank-a.example"), "Sommer-in-Frankfurt").await;
            assert_eq!(bot.path, "/login/otp");
        }
        let mut bot = site.browser();
        bot.headers.insert("x-forwarded-for", "192.0.2.1".to_owned());
        bot.password("other9@bank-a.example", "Sommer-in-Frankfurt").await;
        assert!(bot.path.starts_with("/login/blocked"), "{}", bot.path);
        bot.password("other9@bank-a.example", "another one").await;
        assert_eq!(bot.path, "/login/otp", "the address itself is not suspected");
        site.world.clock.advance(Duration::from_mins(10));
        attacker.password(EMAIL, "wrong once more").await;
        assert_eq!(attacker.path, "/login/otp", "ten minutes later it is over");
    }

    /// AU-20, AU-19: whoever has signed in with this browser is not held up by the neighbours' lists.
    async fn au_20_a_known_browser_is_not_suspected(world: World) {
        let limits = stuffing::Settings { per_address: 2, ..stuffing::Settings::default() };
        let site = Site::with_factors(world, Factors::new(Settings { stuffing: limits, ..Settings::default() })).await;
        let mut own = site.browser();
        own.sign_in(&site, EMAIL, PASSWORD).await;
        own.cookies.remove("chamberlain");
        let mut attacker = site.browser();
        for n in 0..3 {
            attacker.password(&format!("person{n}@bank-a.example"), &format!("leaked password {n}")).await;
        }
        assert!(attacker.path.starts_with("/login/blocked"));
        own.sign_in(&site, EMAIL, PASSWORD).await;
    }

    /// AU-21: the header of a stranger is not read; one of a trusted proxy that cannot be read is 400, never a guess.
    async fn au_21_forwarded_addresses_are_believed_from_trusted_proxies_only(world: World) {
        let mut site = Site::new(world).await;
        let mut browser = site.browser();
        browser.headers.insert("x-forwarded-for", "not an address".to_owned());
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert_eq!(address(&site).await.as_deref(), Some("127.0.0.1"), "nobody is trusted");
        site.trust(TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()]));
        for bad in ["not an address", "203.0.113.7:443", "203.0.113.7, ", "for=203.0.113.7", "_hidden", "999.1.1.1", "[2001:db8::1]"] {
            let mut browser = site.browser();
            browser.headers.insert("x-forwarded-for", bad.to_owned());
            browser.get("/login").await;
            assert_eq!(browser.status, 400, "{bad}");
        }
        site.world.clock.advance(Duration::from_secs(1));
        let mut browser = site.browser();
        browser.headers.insert("x-forwarded-for", "10.0.0.1, 2001:db8::7".to_owned());
        browser.headers.insert("forwarded", "for=192.0.2.1".to_owned());
        browser.headers.insert("x-real-ip", "192.0.2.2".to_owned());
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        assert_eq!(address(&site).await.as_deref(), Some("2001:db8::7"));
    }

    /// IN-18: when all hashers are busy and enough others wait, the answer is 503 and nothing was counted.
    async fn in_18_a_flood_of_hashes_is_refused_without_counting(world: World) {
        let factors = Factors::new(Settings { hashers: 1, hash_queue: 0, ..Settings::default() });
        let site = Site::with_factors(world, factors).await;
        let held = site.factors.hasher.reserve().await.unwrap();
        let mut browser = site.browser();
        for _ in 0..20 {
            browser.password(EMAIL, "not the password").await;
            assert_eq!(browser.status, 503);
        }
        drop(held);
        browser.sign_in(&site, EMAIL, PASSWORD).await;
        let held = site.factors.hasher.reserve().await.unwrap();
        browser.get("/security").await;
        browser.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        assert_eq!(browser.status, 503, "at every door that hashes");
        drop(held);
    }
}

/// The address of the last session.
async fn address(site: &Site) -> Option<String> {
    let tx = &mut site.world.db.reader().await.unwrap();
    let sessions = chamberlain::sessions::store::list(tx, site.user.id, site.world.clock.now()).await.unwrap();
    sessions.into_iter().next().and_then(|session| session.ip)
}

on_both! {
    /// The refusal contract, AU-10, AU-23: a code for a sign-in that is over and a password while one has to wait are in the log,
    /// for somebody as for nobody, and of a flood only how large it is.
    async fn answers_that_nobody_compares_are_in_the_log(world: World) {
        let site = Site::new(world).await;
        let records = async |reason: &str| {
            let log = crate::support::state(&site.world.db, &[]).await;
            log["audit_events"].iter().filter(|row| row.contains(reason)).cloned().collect::<Vec<_>>()
        };
        let owner = site.user.id.to_string();
        let mut seen = (0, 0);
        for email in [EMAIL, "nobody@bank-a.example"] {
            let mut browser = site.browser();
            browser.password(email, PASSWORD).await;
            let (id, csrf) = (browser.hidden("sign_in"), browser.hidden("csrf"));
            site.world.clock.advance(Duration::from_mins(4));
            for _ in 0..40 {
                browser.html.clear();
                browser.post("/login/otp", &[("sign_in", &id), ("csrf", &csrf), ("code", "123456")]).await;
                assert_eq!(browser.path, "/login/expired", "{email}");
            }
            let over = records("the sign-in was over").await;
            assert_eq!(over.len() - seen.0, 12, "{email}: 1 to 10, 20, 40: {over:?}");
            seen.0 = over.len();
            let mut refused = 0_usize;
            for _ in 0..30 {
                browser.password(email, "not the password").await;
                refused += usize::from(browser.path.starts_with("/login/blocked?wait="));
            }
            assert!((20..30).contains(&refused), "{email}: {refused}");
            let waiting = records("tried again too soon").await;
            assert_eq!(waiting.len() - seen.1, 11, "{email}: 1 to 10, 20: {waiting:?}");
            seen.1 = waiting.len();
        }
        for (reason, count) in [("the sign-in was over", 12), ("tried again too soon", 11)] {
            let his = records(reason).await.iter().filter(|row| row.replace('-', "").to_lowercase().contains(&owner.replace('-', ""))).count();
            assert_eq!(his, count, "{reason}: those of the person bear the person");
        }
        let all = records("").await.concat();
        assert!(!all.contains("not the password") && !all.contains("nobody@"), "neither passwords nor what a stranger wrote");
    }
}
