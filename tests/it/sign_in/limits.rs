//! What attackers do: guess, ask in parallel, mix browsers, look for accounts.

use chamberlain::db;
use chamberlain::directory::user::model::User;
use chamberlain::jobs::tasks::{self, Shop, Task};

use super::browser::{Browser, EMAIL, PASSWORD, PHONE, Site};

fn ending(browser: &super::browser::Browser) -> String {
    browser.html.split("ending in ").nth(1).unwrap()[..2].to_owned()
}

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
        assert!(site.events().await.contains(&"session.throttled".to_owned()));
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
            pages.push(browser.html.replace(&csrf, "").replace(&id, "").replace(&format!("ending in {}", ending(&browser)), ""));
        }
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0], pages[2]);
        assert_eq!(site.texts(PHONE).await.len(), 1);
    }

    /// AU-10, AU-23: after a wrong password the ending is not the account's; it is the same for the same try, and another for
    /// another password, for known and unknown addresses alike: neither a stable nor a changing one says "right".
    async fn au_10_the_ending_shown_says_nothing_about_address_or_password(world: World) {
        let site = Site::new(world).await;
        for email in [EMAIL, "nobody@bank-a.example"] {
            let mut endings = Vec::new();
            for n in 0..12 {
                let mut seen = Vec::new();
                for _ in 0..2 {
                    let mut browser = site.browser();
                    site.world.clock.advance(std::time::Duration::from_mins(16));
                    browser.password(email, &format!("wrong password {n}")).await;
                    seen.push(ending(&browser));
                }
                assert_eq!(seen[0], seen[1], "{email}, password {n}");
                endings.push(seen.remove(0));
            }
            endings.sort();
            endings.dedup();
            assert!(endings.len() > 4, "{email}: {endings:?}");
        }
    }

    /// AU-10, AU-23: a default of voice shows only once a code was asked for anew.
    async fn au_10_the_preferred_channel_says_nothing_about_the_password(world: World) {
        let site = Site::new(world).await;
        let id = site.user.id;
        let saved: chamberlain::db::Result<()> = chamberlain::transact!(site.world.db, tx => {
            chamberlain::factors::phone_store::save_channel(tx, id, chamberlain::factors::phone_code::PhoneChannel::Voice).await
        });
        saved.unwrap();
        let mut leads = Vec::new();
        for password in [PASSWORD, "not the password"] {
            let mut browser = site.browser();
            browser.password(EMAIL, password).await;
            leads.push(browser.html.split("class=\"lead\">").nth(1).unwrap().split('<').next().unwrap().replace(&ending(&browser), ""));
        }
        assert_eq!(leads[0], leads[1]);
        assert!(site.texts(PHONE).await[0].starts_with("Hello."));
    }

    /// AU-23: the log gets one line either way, and says which it was.
    async fn au_23_a_right_and_a_wrong_first_step_write_the_same_number_of_events(world: World) {
        let site = Site::new(world).await;
        let mut browser = site.browser();
        browser.password(EMAIL, PASSWORD).await;
        assert_eq!(site.events().await, ["session.code_sent"]);
        // Events of one instant have no order.
        site.world.clock.advance(std::time::Duration::from_secs(1));
        browser.password(EMAIL, "not the password").await;
        assert_eq!(site.events().await, ["session.failed", "session.code_sent"]);
    }

    /// AU-23, AU-10: what a stranger could measure is the same whoever they ask about: as many hashes, as many statements on
    /// the database, as many rows in every table; at the password, the code, another code and the forgotten password.
    async fn au_23_the_same_work_is_done_whether_or_not_there_is_an_account(world: World) {
        let site = Site::new(world).await;
        // What the first try ever leaves behind (a key, a counter) is not what is compared.
        work(&site, EMAIL, PASSWORD).await;
        let now = site.world.clock.now();
        let cases: [(&str, &str, &str, fn(&mut User, chamberlain::kernel::time::Timestamp)); 7] = [
            ("the right password", EMAIL, PASSWORD, |_, _| {}),
            ("a wrong one", EMAIL, "not the password", |_, _| {}),
            ("nobody", "nobody@bank-a.example", PASSWORD, |_, _| {}),
            ("an odd name", "nobody", PASSWORD, |_, _| {}),
            ("blocked", EMAIL, PASSWORD, |user, _| user.blocked = true),
            ("expired", EMAIL, PASSWORD, |user, now| user.account_expires_at = Some(now)),
            ("deleted", EMAIL, PASSWORD, |user, now| user.deleted_at = Some(now)),
        ];
        let mut seen = Vec::new();
        for (what, email, password, change) in cases {
            site.change(|user| change(user, now)).await;
            // What an earlier try left behind is gone: counters, links, codes.
            site.world.clock.advance(std::time::Duration::from_hours(48));
            purge(&site).await;
            seen.push((what, work(&site, email, password).await));
            site.change(|user| (user.blocked, user.account_expires_at, user.deleted_at) = (false, None, None)).await;
        }
        let first = seen[0].1.clone();
        assert_eq!(first.iter().map(|step| step.hashes).collect::<Vec<_>>(), [1, 0, 0, 0, 0]);
        assert!(first.iter().all(|step| step.statements > 0) && first.iter().any(|step| step.rows.len() > 2), "{first:?}");
        for (what, work) in &seen {
            assert_eq!(*work, first, "{what}");
        }
    }

    /// AU-23, AU-29: whoever asks for a link gets the same page, and nobody but the owner of an account in use gets a mail.
    async fn au_29_a_recovery_says_nothing_about_the_account(world: World) {
        let site = Site::new(world).await;
        let mut pages = Vec::new();
        let now = site.world.clock.now();
        for (email, active, expires, activated) in [
            ("nobody@bank-a.example", true, None, Some(now)),
            (EMAIL, false, None, Some(now)),
            (EMAIL, true, Some(now), Some(now)),
            (EMAIL, true, None, None),
            (EMAIL, true, None, Some(now)),
        ] {
            site.change(|user| (user.active, user.account_expires_at, user.activated_at) = (active, expires, activated)).await;
            let mut browser = site.browser();
            browser.get("/recover").await;
            browser.post("/recover", &[("email", email)]).await;
            assert_eq!((browser.path.as_str(), browser.status), ("/recover?sent=yes", 200));
            pages.push(browser.html.clone());
            let mails = site.texts(EMAIL).await.len();
            assert_eq!(mails, usize::from(pages.len() == 5), "{active} {expires:?} {activated:?}");
        }
        pages.dedup();
        assert_eq!(pages.len(), 1);
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

async fn purge(site: &Site) {
    let (clock, entropy) = (site.world.clock.clone(), site.world.entropy.clone());
    let cooling_off = site.factors.cooling_off;
    let sender = crate::support::told::sender(&site.world).await;
    let shop = Shop {
        pusher: chamberlain::app::pusher(&sender),
        activity: chamberlain::directory::client::activity::Activity::default(),
        scanner: None,
        db: site.world.db.clone(),
        transports: site.transports.clone(),
        sender,
        clock,
        entropy,
        cooling_off,
        passwords: site.factors.passwords.standard,
        links: chamberlain::kernel::ctx::LinkLives::default(),
        door: chamberlain::authority::Door::new(chamberlain::authority::Roles::default()),
        deactivated_organisation: std::time::Duration::from_hours(183 * 24),

        recertification: None,
        deleted_user: std::time::Duration::from_hours(24),
    };
    tasks::run(Task::Purge, &shop).await.unwrap();
}

/// What one step cost.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Work {
    step: &'static str,
    hashes: u64,
    statements: u64,
    /// The tables that have more rows than before, and how many.
    rows: Vec<(String, i64)>,
}

/// A stranger's way through the pages, and what each step of it cost.
async fn work(site: &Site, email: &str, password: &str) -> Vec<Work> {
    let mut browser = site.browser();
    let mut steps = Vec::new();
    browser.get("/login").await;
    let fields = [("email", email), ("password", password)];
    steps.push(cost(site, "password", browser.post("/login", &fields)).await);
    assert_eq!(browser.path, "/login/otp");
    steps.push(cost(site, "page", browser.get("/login/otp")).await);
    steps.push(cost(site, "wrong code", browser.post("/login/otp", &[("code", "12345")])).await);
    site.world.clock.advance(std::time::Duration::from_secs(40));
    steps.push(cost(site, "another code", browser.post("/login/otp/resend", &[("channel", "sms")])).await);
    let mut browser: Browser = site.browser();
    browser.get("/recover").await;
    steps.push(cost(site, "recovery", browser.post("/recover", &[("email", email)])).await);
    steps
}

async fn cost(site: &Site, step: &'static str, doing: impl Future<Output = ()>) -> Work {
    let count = async || -> Vec<(String, i64)> {
        let state = crate::support::state(&site.world.db, &[]).await;
        state.into_iter().map(|(table, rows)| (table, i64::try_from(rows.len()).unwrap())).collect()
    };
    let (before, hashes) = (count().await, site.factors.hasher.computed());
    let ((), statements) = db::counting(doing).await;
    let rows = count().await.into_iter().zip(before).map(|((table, now), (_, then))| (table, now - then));
    let rows = rows.filter(|(_, more)| *more != 0).collect();
    Work { step, hashes: site.factors.hasher.computed() - hashes, statements, rows }
}

async fn futures_join<F: Future<Output = ()>>(all: impl Iterator<Item = F>) {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|cx| {
        all.retain_mut(|one| one.as_mut().poll(cx).is_pending());
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}
