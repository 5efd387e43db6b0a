//! An administrator registers an authority with its first user.

use axum::http::StatusCode;
use chamberlain::directory::organisation::store;
use chamberlain::directory::user::store as people;

use super::pages::check;
use super::town::Town;
use crate::support::registrar::registrars;

const LOOK: &str = "/admin/levels/register";
const NEW: &str = "/admin/levels/register/new";

on_both! {
    /// I08, I11, I12, I15: looked for first, then registered oneself or invited; authority and first user together or neither; modules follow.
    async fn an_authority_is_looked_for_and_registered_with_its_first_user(world: World) {
        let town = Town::of(world, registrars()).await;
        let rita = town.person("Rita", "Reg", town.bank_b).await;
        town.give(rita, "Registrar", town.bank_b, &[]).await;
        let mut rita = town.signed_in(rita).await;
        let page = rita.get(LOOK).await;
        check(&page);
        assert!(!page.has("a[href*='register/new']"), "first it is looked for");
        let page = rita.get(&format!("{LOOK}?q=City+Laboratory")).await;
        check(&page);
        assert!(page.has(&format!("a[href='{NEW}?name=City+Laboratory']")) && page.has("a[href='/admin/invitations/new?name=City+Laboratory']"), "{}", page.text);
        let page = rita.get(&format!("{NEW}?name=City+Laboratory")).await;
        check(&page);
        let form = page.form(NEW).set("parent", &town.bank_b.to_string()).set("phone", "+3291234567");
        assert!(page.has("#name[value='City Laboratory']"));
        let count = async || store::list_children(&mut town.world.db.reader().await.unwrap(), town.bank_b, 100).await.unwrap().len();
        let before = count().await;
        let page = rita.submit(&form).await;
        check(&page);
        assert!(page.has("#user_email-error") && page.has("#user_given_name-error"), "{}", page.text);
        let form = form.set("user_given_name", "Lou").set("user_family_name", "Lab").set("user_phone", "+32470123456");
        let page = rita.submit(&form.clone().set("user_email", "rita@example.org")).await;
        assert!(page.has("#user_email-error"), "{}", page.text);
        assert_eq!(count().await, before, "not without its first user");
        let done = rita.submit_and_follow(&form.clone().set("user_email", "lou@city.example")).await;
        check(&done);
        assert!(done.text.contains("its first user are registered") && done.text.contains("City Laboratory"), "{}", done.text);
        assert_eq!(count().await, before + 1);
        let user = people::find_by_email(&mut town.world.db.reader().await.unwrap(), "lou@city.example").await.unwrap().unwrap();
        assert!(done.path.contains(&user.organisation.to_string()));
        // Looked for again, it is found.
        assert!(rita.get(&format!("{LOOK}?q=City+Lab")).await.text.contains("City Laboratory"));
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        assert_eq!(anna.get(LOOK).await.status, StatusCode::FORBIDDEN);
        assert_eq!(anna.get(NEW).await.status, StatusCode::FORBIDDEN);
    }
}
