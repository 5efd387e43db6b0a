//! Another e-mail address of one's own.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::db::{self, transact};
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::{contact, model::User, store};
use chamberlain::factors::{Factors, password_store};
use chamberlain::kernel::ids::{PrincipalId, UserId};

use super::browser::{Answer, Browser};
use super::town::Town;

const LINK: &str = "/security/email/";

async fn load(town: &Town, user: UserId) -> User {
    store::find(&mut town.world.db.reader().await.unwrap(), user).await.unwrap().unwrap()
}

async fn ask(browser: &mut Browser, email: &str) -> Answer {
    let form = browser.get("/security").await.form("/security/email").set("email", email);
    let answer = browser.submit(&form).await;
    if answer.status == StatusCode::SEE_OTHER { browser.get(answer.location()).await } else { answer }
}

/// The last link that proves an address, if one went to this one.
async fn link(town: &Town, to: &str) -> Option<String> {
    let mut mails = town.sent().await.into_iter().rev().filter(|(whom, _)| whom == to);
    let secret = mails.find_map(|(_, text)| {
        let (_, rest) = text.split_once(LINK)?;
        Some(rest.split_whitespace().next().unwrap().to_owned())
    });
    secret.map(|secret| format!("{LINK}{secret}"))
}

on_both! {
    /// AU-14, AU-26, AU-30: the new address is proved by a link that only its owner can use, signed in, and once; the old one is
    /// told before and after. Opening the link changes nothing.
    async fn au_14_a_new_address_is_proved_by_its_owner_and_told_to_the_old_one(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let page = ask(&mut browser, "frederick@example.org").await;
        assert!(page.text.contains("a link is on its way"), "{}", page.text);
        assert_eq!(load(&town, fred).await.email.unwrap().as_str(), "fred@example.org");
        let sent = town.sent().await;
        let told = sent.iter().find(|(to, _)| to == "fred@example.org").unwrap();
        assert!(told.1.contains("asked to use another email address") && !told.1.contains(LINK), "{told:?}");
        let address = link(&town, "frederick@example.org").await.unwrap();
        assert_eq!(town.browser().get(&address).await.status, StatusCode::SEE_OTHER, "only signed in");
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get(&address).await.text.contains("no longer works"), "nobody else's");
        let page = browser.get(&address).await;
        assert!(page.text.contains("frederick@example.org") && page.has("#email-confirm"), "{}", page.text);
        assert_eq!(load(&town, fred).await.email.unwrap().as_str(), "fred@example.org");
        let form = page.form(&address);
        let done = browser.submit_and_follow(&form).await;
        assert!(done.text.contains("has been changed") && done.text.contains("frederick@example.org"), "{}", done.text);
        let after = load(&town, fred).await;
        assert_eq!((after.email.unwrap().as_str(), after.user_name.as_str()), ("frederick@example.org", "frederick@example.org"));
        assert!(after.email_verified);
        let news = town.sent().await.into_iter().skip(sent.len());
        assert_eq!(news.map(|(to, _)| to).collect::<Vec<_>>(), ["fred@example.org", "frederick@example.org"]);
        assert!(browser.submit(&form).await.text.contains("no longer works"), "once");
        let log = anna.get("/admin/audit").await.text;
        assert!(log.contains("Own email address asked to change") && log.contains("Own email address changed"), "{log}");
    }

    /// `decisions.md` 2, D8: whether an address is somebody else's is not to be found out here; it stays theirs.
    async fn an_address_of_somebody_else_is_answered_like_any_other(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let free = ask(&mut browser, "frederick@example.org").await;
        let taken = ask(&mut browser, "Anna@Example.org").await;
        let form = "name=\"csrf\"";
        let (free, taken) = (free.text.split(form).next().unwrap().to_owned(), taken.text.split(form).next().unwrap().to_owned());
        assert_eq!(free, taken);
        assert_eq!(link(&town, "Anna@Example.org").await, None);
        assert!(!town.sent().await.iter().any(|(to, _)| to.eq_ignore_ascii_case("anna@example.org")));
        // The earlier link died with the later request.
        let earlier = link(&town, "frederick@example.org").await.unwrap();
        assert!(browser.get(&earlier).await.text.contains("no longer works"));
    }

    /// AU-26: the link works as long as the profile says and not a moment longer.
    async fn au_26_a_link_that_was_not_opened_in_time_is_dead(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        ask(&mut town.signed_in(fred).await, "frederick@example.org").await;
        let address = link(&town, "frederick@example.org").await.unwrap();
        town.world.clock.advance(town.app.links.recovery.checked_sub(Duration::from_secs(1)).unwrap());
        let mut browser = town.signed_in(fred).await;
        let form = browser.get(&address).await.form(&address);
        town.world.clock.advance(Duration::from_secs(1));
        assert!(browser.submit(&form).await.text.contains("no longer works"));
        assert!(browser.get(&address).await.text.contains("no longer works"));
        assert_eq!(load(&town, fred).await.email.unwrap().as_str(), "fred@example.org");
    }

    /// I59: a plain user name that HR gave stays, whatever address its owner adds.
    async fn a_plain_user_name_stays_when_its_owner_adds_an_address(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let plain = User { email: None, user_name: "fred.plain".to_owned(), ..load(&town, fred).await };
        let email = "fred@new.example".parse().unwrap();
        let ctx = town.world.ctx_of(PrincipalId::Person(fred));
        let after: Result<User, UserError> = transact!(town.world.db, tx => {
            store::save(tx, &plain).await?;
            let plain = store::find(tx, fred).await?.unwrap();
            contact::set_own_email(tx, &plain, &email, &ctx).await
        });
        let after = after.unwrap();
        assert_eq!((after.user_name.as_str(), after.email.unwrap().as_str()), ("fred.plain", "fred@new.example"));
    }

    /// AU-14, AU-26: a moment after both factors, for half an hour, and not without end.
    async fn au_26_the_link_expires_and_asking_is_bounded(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        assert!(ask(&mut browser, "fred@EXAMPLE.org").await.has("#email-error"), "it is that already");
        assert!(ask(&mut browser, "no address").await.has("#email-error"));
        let stale = browser.get("/security").await.form("/security/email").set("email", "late@example.org");
        let mut refused = 0;
        for n in 0..10 {
            refused += usize::from(ask(&mut browser, &format!("fred{n}@example.org")).await.has("#email-error"));
        }
        assert!(refused >= 3, "{refused} of 10 were refused");
        let address = link(&town, "fred0@example.org").await.unwrap();
        assert!(browser.get(&address).await.text.contains("no longer works"), "a later one was sent");
        town.world.clock.advance(Duration::from_mins(6));
        assert!(!browser.get("/security").await.has("form[action='/security/email']"));
        let before = town.sent().await.len();
        assert_eq!(browser.submit(&stale).await.status, StatusCode::SEE_OTHER);
        assert_eq!(town.sent().await.len(), before);
    }

    /// AU-30: whoever has to sign in first is led back to what the link opens, and nothing was used up on the way.
    async fn the_link_outlives_a_sign_in_on_the_way(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        ask(&mut town.signed_in(fred).await, "frederick@example.org").await;
        let address = link(&town, "frederick@example.org").await.unwrap();
        let hasher = Factors::default().hasher;
        let hash = hasher.hash(hasher.reserve().await.unwrap(), "correct horse battery", [7; 16]).await.unwrap();
        let now = town.world.clock.now();
        let saved: db::Result<()> = transact!(town.world.db, tx => password_store::save(tx, fred, &hash, now).await);
        saved.unwrap();
        let mut browser = town.browser();
        let away = browser.get(&address).await;
        let escaped = address.replace('/', "%2F");
        assert_eq!((away.status, away.location()), (StatusCode::SEE_OTHER, format!("/login?return={escaped}").as_str()));
        let page = browser.get(away.location()).await;
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        let form = page.form("/login").set("email", "fred@example.org").set("password", "correct horse battery");
        let page = browser.submit_and_follow(&form).await;
        let code = town.sent().await.into_iter().rev().find_map(|(to, text)| {
            let digits = text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6)?;
            (to == "+4969123456").then(|| digits.to_owned())
        });
        let page = browser.submit_and_follow(&page.form("/login/otp").set("code", &code.unwrap())).await;
        assert!(page.path == address && page.has("#email-confirm") && page.text.contains("frederick@example.org"), "{}", page.text);
        let done = browser.submit_and_follow(&page.form(&address)).await;
        assert!(done.text.contains("has been changed"), "{}", done.text);
        // The forms beside it stand on one page still.
        for path in ["/security", "/security/phone/code"] {
            assert_eq!(town.browser().get(path).await.location(), "/login?return=%2Fsecurity");
        }
    }
}
