//! Browsers that are asked for no code for some days, because their owner wished so (ADR 0019).

use std::time::Duration;

use chamberlain::authority::action::UpdateOrganisation;
use chamberlain::authority::{Door, Roles};
use chamberlain::db::{self, transact};
use chamberlain::directory::organisation::sign_in_rules;
use chamberlain::directory::user::model::User;
use chamberlain::directory::user::{self, contact};
use chamberlain::factors::authenticator::bring::{App, keep};
use chamberlain::factors::{Factors, password_store, remembered};
use chamberlain::kernel::ids::{AuthenticatorId, ClientId, PrincipalId, UserId};
use chamberlain::kernel::strength::Strength;
use chamberlain::sessions::model::ACR_ONE_FACTOR;
use chamberlain::sessions::parked::{ParkedRequest, park};
use chamberlain::sessions::{self, Session};

use super::apps;
use super::browser::{Browser, EMAIL, PASSWORD, PHONE, Site};
use crate::directory::erasing::rows;
use crate::support::{Failure, World, failure};

const COOKIE: &str = "chamberlain-remembered";
const DAY: Duration = Duration::from_hours(24);

fn factors(days: u32) -> Factors {
    let mut factors = Factors::default();
    factors.remember_for = DAY * days;
    factors
}

async fn site(world: World) -> Site {
    Site::with_factors(world, factors(30)).await
}

/// Signs in with both factors, and ticks the box.
async fn remember(site: &Site, browser: &mut Browser) {
    browser.cookies.remove("chamberlain");
    browser.password(EMAIL, PASSWORD).await;
    assert_eq!(browser.path, "/login/otp", "a code is asked for");
    let number = site.stored().await.phone.unwrap();
    browser.post("/login/otp", &[("code", &site.code_to(number.as_str()).await), ("remember", "on")]).await;
    assert!(browser.is_signed_in().await, "{}", browser.html);
    assert!(browser.cookies.contains_key(COOKIE));
}

/// Signs in again in the same browser; where it led.
async fn again(browser: &mut Browser, password: &str) -> String {
    browser.cookies.remove("chamberlain");
    browser.password(EMAIL, password).await;
    browser.path.clone()
}

async fn newest(site: &Site) -> Session {
    let tx = &mut site.world.db.reader().await.unwrap();
    sessions::store::list(tx, site.user.id, site.world.clock.now()).await.unwrap().remove(0)
}

async fn count(site: &Site) -> usize {
    let tx = &mut site.world.db.reader().await.unwrap();
    remembered::store::list(tx, site.user.id).await.unwrap().len()
}

/// Somebody else at the same bank, with the same password.
async fn other(site: &Site, email: &str) -> User {
    let ctx = site.world.ctx();
    let hash = password_store::find(&mut site.world.db.reader().await.unwrap(), site.user.id).await.unwrap().unwrap();
    let user = User {
        id: UserId(ctx.uuid()),
        user_name: email.to_owned(),
        email: Some(email.parse().unwrap()),
        phone: Some("+4969123490".parse().unwrap()),
        ..site.user.clone()
    };
    let done: db::Result<()> = transact!(site.world.db, tx => {
        user::store::insert(tx, &user).await?;
        password_store::save(tx, user.id, &hash, ctx.now).await
    });
    done.unwrap();
    user
}

on_both! {
    /// The password alone signs in where its owner wished so, and nowhere else; nothing is sent; they are told, and the session says honestly
    /// what was proved (RFC 8176).
    async fn a_remembered_browser_is_asked_for_no_code_and_another_one_is(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let mail = site.texts(EMAIL).await.pop().unwrap();
        assert!(mail.contains("asked for no code in that browser for 30 days") && mail.contains("/sessions"), "{mail}");
        assert!(site.events().await.contains(&"user.device_remembered".to_owned()));
        site.world.clock.advance(DAY);
        let sent = site.codes_to(PHONE).await.len();
        assert_eq!(again(&mut browser, PASSWORD).await, "/");
        assert!(browser.is_signed_in().await);
        assert_eq!(site.codes_to(PHONE).await.len(), sent, "nothing is sent");
        let session = newest(&site).await;
        assert_eq!((session.amr.join(" ").as_str(), session.acr.as_str()), ("pwd", ACR_ONE_FACTOR));
        assert_eq!((session.auth_time, session.second_factor_at.0), (site.world.clock.now(), 0));
        assert!(!session.has_two_factors() && session.remembered_since.is_some());
        let mut other = site.browser();
        assert_eq!(again(&mut other, PASSWORD).await, "/login/otp");
        assert!(!other.is_signed_in().await);
    }

    /// AU-10, AU-23: who does not know the password, or has the cookie of somebody else, meets what everybody meets.
    async fn au_10_the_cookie_is_nothing_without_its_own_password(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let secret = browser.cookies[COOKIE].clone();
        assert_eq!(again(&mut browser, "wrong").await, "/login/otp", "as for everybody");
        browser.enter(&site.code().await).await;
        assert!(!browser.is_signed_in().await);
        other(&site, "bob@bank-a.example").await;
        for (email, password) in [("bob@bank-a.example", PASSWORD), ("bob@bank-a.example", "wrong"), ("nobody@bank-a.example", PASSWORD)] {
            let mut his = site.browser();
            his.cookies.insert(COOKIE.to_owned(), secret.clone());
            his.password(email, password).await;
            assert_eq!(his.path, "/login/otp", "{email}");
            assert!(!his.is_signed_in().await);
        }
        for wrong in ["A".repeat(43), secret.to_uppercase(), String::new()] {
            let mut hers = site.browser();
            hers.cookies.insert(COOKIE.to_owned(), wrong);
            assert_eq!(again(&mut hers, PASSWORD).await, "/login/otp");
        }
        let rows = crate::support::state(&site.world.db, &[]).await.remove("remembered_devices").unwrap();
        assert!(rows.len() == 1 && !rows[0].contains(&secret), "only its digest is stored");
    }

    /// The step is taken for the account that ticked it last in this browser; one cookie, one account.
    async fn a_browser_is_remembered_for_one_account(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let bob = other(&site, "bob@bank-a.example").await;
        browser.cookies.remove("chamberlain");
        browser.password("bob@bank-a.example", PASSWORD).await;
        let code = site.code_to(bob.phone.as_ref().unwrap().as_str()).await;
        browser.post("/login/otp", &[("code", &code), ("remember", "on")]).await;
        assert!(browser.is_signed_in().await);
        assert_eq!(count(&site).await, 0, "what this browser held is nothing any more");
        assert_eq!(again(&mut browser, PASSWORD).await, "/login/otp");
    }

    /// AU-14, AU-16, AU-28: whatever proves who somebody is was changed, by whatever way: no browser is remembered any more.
    async fn au_28_every_change_of_credentials_ends_it(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        let asked = async |browser: &mut Browser, what: &str| {
            assert_eq!(again(browser, PASSWORD).await, "/login/otp", "{what}");
            assert_eq!(count(&site).await, usize::from(what.ends_with("behind the pages")), "{what}");
        };
        let (db, key) = (&site.world.db, &mut String::new());

        remember(&site, &mut browser).await;
        *key = apps::add(&site, &mut browser).await;
        asked(&mut browser, "an app was added").await;
        remember_by(&site, &mut browser, &apps::code(&site.world, {
            site.world.clock.advance(Duration::from_mins(1));
            key
        })).await;
        browser.get("/security").await;
        let app = browser.html.split("href=\"/security/apps/").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        browser.get(&format!("/security/apps/{app}")).await;
        browser.post(&format!("/security/apps/{app}/remove"), &[]).await;
        assert_eq!(browser.path, "/security?done=factor-removed#ways");
        asked(&mut browser, "an app was removed").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        browser.get("/security").await;
        browser.post("/security/recovery-codes", &[]).await;
        asked(&mut browser, "recovery codes were made").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        let number = "+4915112345678".parse().unwrap();
        let (ctx, now) = (site.world.ctx(), site.stored().await);
        let changed = transact!(db, tx => contact::set_own_phone(tx, &now, &number, &ctx).await);
        changed.unwrap();
        asked(&mut browser, "another number").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        let done: db::Result<()> = transact!(db, tx => user::store::save_epoch(tx, site.user.id).await);
        done.unwrap();
        assert_eq!(again(&mut browser, PASSWORD).await, "/login/otp", "blocked, deactivated, deleted, signed out everywhere: the epoch");

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        let ctx = site.world.ctx();
        let app = App::new("Brought".to_owned(), &[7; 20], &site.factors.vault, &ctx.entropy, AuthenticatorId(ctx.uuid())).unwrap();
        let done: db::Result<()> = transact!(db, tx => keep(tx, vec![(site.user.id, app.clone())], &ctx).await.map(drop));
        done.unwrap();
        asked(&mut browser, "an app that was brought along, behind the pages").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        site.change(|user| user.phone = Some(PHONE.parse().unwrap())).await;
        asked(&mut browser, "another number, behind the pages").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        let hash = password_store::find(&mut db.reader().await.unwrap(), site.user.id).await.unwrap().unwrap();
        let now = site.world.clock.now();
        let done: db::Result<()> = transact!(db, tx => password_store::save(tx, site.user.id, &hash, now).await);
        done.unwrap();
        asked(&mut browser, "the password was set, behind the pages").await;

        site.world.clock.advance(Duration::from_mins(10));
        remember(&site, &mut browser).await;
        browser.get("/security").await;
        browser.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        assert_eq!(count(&site).await, 0);
        assert_eq!(again(&mut browser, "seven brown otters").await, "/login/otp", "a new password");
    }

    /// Its end stands from the sign-in that proved the second factor, however often it is used; a shorter time in the profile binds it, too.
    async fn it_ends_at_its_instant_and_is_never_prolonged(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let moment = Duration::from_millis(1);
        for _ in 0..2 {
            site.world.clock.advance(DAY * 10);
            assert_eq!(again(&mut browser, PASSWORD).await, "/");
        }
        site.world.clock.advance(DAY * 9 + Duration::from_millis(86_399_999));
        assert_eq!(again(&mut browser, PASSWORD).await, "/");
        site.world.clock.advance(moment);
        assert_eq!(again(&mut browser, PASSWORD).await, "/login/otp");

        remember(&site, &mut browser).await;
        site.world.clock.advance(DAY * 8);
        assert_eq!(again(&mut browser, PASSWORD).await, "/");
        for days in [7, 0] {
            let shorter = Site::with_pages_of(&site, factors(days));
            let mut held = shorter.browser();
            held.cookies.clone_from(&browser.cookies);
            held.get("/sessions").await;
            assert!(held.path == "/sessions" && !held.html.contains("Remembered until"), "{}", held.html);
            assert_eq!(again(&mut held, PASSWORD).await, "/login/otp", "{days} days");
        }
    }

    /// Where the profile says nothing it is not offered, and a box that is sent all the same ticks nothing. Where it is, it is to everybody.
    async fn au_10_it_is_offered_to_everybody_or_nobody(world: World) {
        let site = site(world).await;
        for (email, password) in [(EMAIL, PASSWORD), (EMAIL, "wrong"), ("nobody@bank-a.example", PASSWORD)] {
            let mut browser = site.browser();
            browser.password(email, password).await;
            assert!(browser.html.contains("Don’t ask for a code on this device for 30 days"), "{}", browser.html);
            browser.post("/login/otp", &[("code", "000000"), ("remember", "on")]).await;
            assert!(browser.html.contains("value=\"on\" checked") && !browser.cookies.contains_key(COOKIE), "{}", browser.html);
        }
        let without = Site::with_pages_of(&site, factors(0));
        let mut browser = without.browser();
        browser.password(EMAIL, PASSWORD).await;
        assert!(!browser.html.contains("name=\"remember\""), "{}", browser.html);
        browser.post("/login/otp", &[("code", &without.code().await), ("remember", "on")]).await;
        assert!(browser.is_signed_in().await && !browser.cookies.contains_key(COOKIE));
        assert_eq!(count(&site).await, 0);
    }

    /// AU-14: what asks for both factors asks for both, a moment after such a sign-in as later; then the session has proved them.
    async fn au_14_sensitive_actions_ask_for_both_factors(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        assert_eq!(again(&mut browser, PASSWORD).await, "/");
        browser.get("/security").await;
        assert!(!browser.html.contains("name=\"new\"") && browser.html.contains("step-up"));
        browser.get("/profile").await;
        browser.post("/security/password", &[("current", PASSWORD), ("new", "seven brown otters")]).await;
        assert_eq!(browser.path, "/login/step-up?return=%2Fsecurity");
        browser.post("/login/step-up", &[("password", PASSWORD)]).await;
        assert!(browser.path.starts_with("/login/step-up/code") && !browser.html.contains("name=\"remember\""), "{}", browser.html);
        browser.post("/login/step-up/code", &[("code", &site.code().await)]).await;
        let session = newest(&site).await;
        assert!(session.has_two_factors() && session.remembered_since.is_none());
        assert_eq!(session.amr.join(" "), "pwd sms mfa");
        let told = crate::support::state(&site.world.db, &[]).await;
        let changes = told["signal_changes"].iter().filter(|row| row.contains("assurance") && row.contains("refeds.org/profile/sfa"));
        assert_eq!(changes.count(), 1, "applications are told that it is more now: {:?}", told["signal_changes"]);
        browser.get("/security").await;
        assert!(browser.html.contains("name=\"new\""));
    }

    /// OA-56: a request that asks for both factors is not answered by the password alone; another one is.
    async fn oa_56_a_request_that_asks_for_both_factors_is_asked_for_the_code(world: World) {
        let site = site(world).await;
        let client = ClientId(rows::client(&site.world.db, site.world.clock.now()).await);
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let digest = chamberlain::kernel::secret::Token::from_text(browser.cookies["chamberlain-browser"].as_str()).digest();
        for (both_factors, leads) in [(true, "/login/otp?continue="), (false, "/oauth2/resume?request=")] {
            let request = ParkedRequest {
                client,
                client_name: "App".to_owned(),
                login_hint: None,
                ui_locales: None,
                force_login: true,
                both_factors,
                parameters: serde_json::json!({}),
            };
            let ctx = site.world.ctx();
            let token: db::Result<_> = transact!(site.world.db, tx => park(tx, &request, &digest, &ctx).await);
            browser.cookies.remove("chamberlain");
            browser.get(&format!("/login?continue={}", token.unwrap().reveal())).await;
            browser.post("/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
            assert!(browser.path.starts_with(leads), "{}", browser.path);
        }
    }

    /// I65: whose password has expired proves both factors before choosing another one.
    async fn an_expired_password_asks_for_the_code(world: World) {
        let mut factors = factors(30);
        factors.passwords.standard.max_age = Some(DAY * 5);
        let site = Site::with_factors(world, factors).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        site.world.clock.advance(DAY * 5 + Duration::from_secs(1));
        assert_eq!(again(&mut browser, PASSWORD).await, "/login/otp");
    }

    /// ADR 0020: a level that asks its people for an app or a passkey asks for it each time.
    async fn a_level_that_asks_for_more_is_not_met_by_a_remembered_browser(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        let (door, ctx) = (Door::new(Roles::new([])), site.world.ctx_of(PrincipalId::Console));
        let asked = async |strength: Strength| {
            let done: Result<(), Failure> = transact!(site.world.db, tx => {
                let permit = door.authorise(tx, &ctx, UpdateOrganisation { organisation: site.user.organisation }).await?;
                sign_in_rules::ask(tx, permit, strength, &ctx).await.map_err(failure)
            });
            done.unwrap();
        };
        asked(Strength::App).await;
        assert_eq!(again(&mut browser, PASSWORD).await, "/login/otp");
        asked(Strength::Any).await;
        assert_eq!(again(&mut browser, PASSWORD).await, "/");
    }

    /// AU-22: wrong passwords are waited for in a remembered browser as anywhere.
    async fn au_22_wrong_passwords_are_counted_there_too(world: World) {
        let site = site(world).await;
        let mut browser = site.browser();
        remember(&site, &mut browser).await;
        for _ in 0..7 {
            again(&mut browser, "wrong").await;
        }
        assert!(again(&mut browser, PASSWORD).await.starts_with("/login/blocked"), "{}", browser.path);
    }

    /// It is listed until when, and its owner takes one back, or all; nobody else does.
    async fn se_09_their_owner_forgets_one_or_all_of_them(world: World) {
        let site = site(world).await;
        let (mut first, mut second) = (site.browser(), site.browser());
        for browser in [&mut first, &mut second] {
            remember(&site, browser).await;
        }
        first.get("/sessions").await;
        assert_eq!(first.html.matches("<dt>Remembered until</dt><dd>2026-12-23 09:00 UTC</dd>").count(), 2, "{}", first.html);
        // The latest stands first.
        let id = first.html.split("name=\"device\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let bob = other(&site, "bob@bank-a.example").await;
        let mut his = site.browser();
        his.password("bob@bank-a.example", PASSWORD).await;
        his.enter(&site.code_to(bob.phone.as_ref().unwrap().as_str()).await).await;
        for id in [id.as_str(), "0192a000-0000-7000-8000-000000000000", "x"] {
            his.get("/sessions").await;
            his.post("/sessions/remembered", &[("device", id)]).await;
            assert_eq!(his.status, 404, "{id}");
        }
        assert_eq!(count(&site).await, 2);
        first.get("/sessions").await;
        first.post("/sessions/remembered", &[("device", &id)]).await;
        assert_eq!(first.path, "/sessions?done=device-forgotten");
        assert!(site.events().await.contains(&"user.device_forgotten".to_owned()));
        assert!(second.is_signed_in().await, "its session goes on");
        assert_eq!(again(&mut second, PASSWORD).await, "/login/otp");
        assert_eq!(again(&mut first, PASSWORD).await, "/");
        remember(&site, &mut second).await;
        second.get("/sessions").await;
        second.post("/sessions/remembered", &[("all", "1")]).await;
        assert_eq!(count(&site).await, 0);
        assert_eq!(again(&mut first, PASSWORD).await, "/login/otp");
    }
}

/// The same with a code of an app.
async fn remember_by(site: &Site, browser: &mut Browser, code: &str) {
    browser.post("/login/otp", &[("code", code), ("remember", "on")]).await;
    assert!(browser.is_signed_in().await && count(site).await == 1, "{}: {}", browser.path, browser.html);
}
