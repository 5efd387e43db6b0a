//! The pages of one's own browsers: whole, reachable, and nobody else's.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::db::{self, transact};
use chamberlain::directory::user::{self, model::User};
use chamberlain::factors::Factors;
use chamberlain::factors::remembered::{Place, remember};
use chamberlain::kernel::ids::UserId;
use chamberlain::kernel::secret::Digest;

use super::{pages, town::Town};

async fn found(town: &Town, user: UserId) -> User {
    user::store::find(&mut town.world.db.reader().await.unwrap(), user).await.unwrap().unwrap()
}

on_both! {
    /// SE-09: a browser is named by whoever is signed in there; for others its address leads nowhere.
    async fn se_09_only_ones_own_browser_is_named(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut his = town.signed_in(fred).await;
        let tx = &mut town.world.db.reader().await.unwrap();
        let session = chamberlain::sessions::store::list(tx, fred, town.world.clock.now()).await.unwrap()[0].id;
        let path = format!("/sessions/{session}");
        let list = his.get("/sessions").await;
        assert!(list.has(&format!("a[href='{path}']")), "{}", list.text);
        for language in ["en", "de", "fr"] {
            let page = town.signed_in(fred).await.speaking(language).get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            pages::check(&page);
        }
        let form = his.get(&path).await.form(&path).set("name", "Laptop");
        let mut hers = town.signed_in(dua).await;
        assert_eq!(hers.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(hers.get("/sessions/x").await.status, StatusCode::NOT_FOUND);
        let own = chamberlain::sessions::store::list(tx, dua, town.world.clock.now()).await.unwrap()[0].id;
        let own = format!("/sessions/{own}");
        let mut borrowed = hers.get(&own).await.form(&own).set("name", "Hers");
        borrowed.action.clone_from(&path);
        assert_eq!(hers.submit(&borrowed).await.status, StatusCode::NOT_FOUND);
        let named = his.submit(&form).await;
        assert_eq!(named.location(), "/sessions?done=browser-named");
        let set: Vec<_> = named.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        let lasting = set.iter().find(|cookie| cookie.starts_with("__Host-chamberlain-browser=")).expect("recognised later");
        assert!(lasting.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure"), "{lasting}");
        let list = his.get(named.location()).await;
        assert!(list.text.contains("The name has been saved") && list.text.contains("Laptop") && !list.text.contains("Hers"), "{}", list.text);
        let mut other = town.signed_in(fred).await;
        assert!(other.get("/sessions").await.text.matches("Laptop").count() >= 2, "both sessions are in that browser");
    }

    /// AU-14: who was asked for the password alone sees what they may see, and proves both factors before anything changes.
    async fn au_14_in_a_remembered_browser_administrators_step_up_before_they_change_anything(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let (mut both, mut anna) = (town.signed_in(dua).await, town.signed_in_remembered(dua).await);
        let new = "/admin/users/new";
        let form = both.get(new).await.form(new).set("given_name", "Mia").set("family_name", "Neu");
        let form = form.set("email", "mia@bank-b.example").set("phone", "+4969123499");
        assert!(anna.get(new).await.location().starts_with("/login/step-up?return="), "before anything is typed");
        let own = anna.get("/sessions").await.attribute("input[name=csrf]", "value");
        for (browser, form, leads) in
            [(&mut anna, form.clone().set("csrf", &own), "/login/step-up"), (&mut both, form, "/admin/users/")]
        {
            assert_eq!(browser.get("/admin/users").await.status, StatusCode::OK);
            let answer = browser.submit(&form).await;
            assert!(answer.status == StatusCode::SEE_OTHER && answer.location().starts_with(leads), "{} {}", answer.status, answer.text);
        }
    }

    /// The list of browsers that are asked for no code, in every language.
    async fn remembered_browsers_are_listed_in_every_language(world: World) {
        let mut town = Town::build(world).await;
        town.app.remember_for = Duration::from_hours(24);
        let (_, _, fred) = town.staff().await;
        let mut factors = Factors::default();
        factors.remember_for = town.app.remember_for;
        let (ctx, user) = (town.world.ctx(), found(&town, fred).await);
        for nr in [1_u8, 2] {
            let agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
            let place = Place { browser: &Digest::of(&[nr]), user_agent: agent, previous: None };
            let done: db::Result<_> = transact!(town.world.db, tx => remember(tx, &factors, (&user, place), &ctx).await);
            assert!(done.unwrap().is_some());
        }
        let mut browser = town.signed_in(fred).await;
        for (language, text) in [("en", "Remembered until"), ("de", "Gemerkt bis"), ("fr", "Mémorisé jusqu’au")] {
            let page = town.signed_in(fred).await.speaking(language).get("/sessions").await;
            pages::check(&page);
            assert!(page.text.contains(text) && page.text.contains("Firefox, Linux"), "{}", page.text);
        }
        let page = browser.get("/sessions").await;
        assert!(page.has("form[action='/sessions/remembered'] button[name=all]"), "{}", page.text);
    }
}
