//! A service that provisions, on its page: what it is held to, what it did lately.

use axum::http::StatusCode;
use chamberlain::directory::client::activity::flush::flush;
use chamberlain::directory::client::activity::model::{Habit, Request};
use chamberlain::directory::client::store;

use super::browser::{Answer, selector};
use super::pages::check;
use super::town::Town;

on_both! {
    /// What a service is held to is said on its page, mistakes are told at their fields, and what it did lately is shown there and behind.
    async fn what_a_service_is_held_to_and_did_lately_is_on_its_page(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get("/admin/clients/new").await;
        let form = page.form("/admin/clients/new").set("name", "HR of Bank A").set("client_id", "hr-a").set("kind", "machine");
        let made = olga.submit(&form.set("organisation", &town.bank_a.to_string())).await;
        assert!(made.has("#client-secret"), "{}", made.text);
        let client = store::find_by_client_id(&mut town.world.db.reader().await.unwrap(), "hr-a").await.unwrap().unwrap();
        let link = format!("/admin/clients/{}", client.id);
        let page = olga.get(&link).await;
        check(&page);
        assert!(page.text.contains("<dd>Never</dd>") && page.text.contains("Nothing had to be tolerated"), "{}", page.text);
        let form = page.form(&link);
        let wrong = olga.submit(&form.clone().set("addresses", "192.0.2.0/24\nbank.example").set("valid_until", "2001-01-01")).await;
        check(&wrong);
        assert!(wrong.has("#addresses-error") && wrong.has("#valid_until-error") && wrong.text.contains("bank.example"), "{}", wrong.text);
        let form = form.set("addresses", "192.0.2.0/24, 2001:db8::1").set("valid_until", "2099-12-31").set("tolerance", "strict");
        let saved = olga.submit_and_follow(&form).await;
        check(&saved);
        assert!(saved.has("#valid_until[value='2099-12-31']") && saved.has("#tolerance option[value='strict'][selected]") && saved.text.contains("2099-12-31"));
        let held = store::find(&mut town.world.db.reader().await.unwrap(), client.id).await.unwrap().unwrap().settings.provisioning;
        assert_eq!(held.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), ["192.0.2.0/24", "2001:db8::1"]);
        // What it did.
        let now = town.world.clock.now();
        for number in 0..60_u16 {
            let status = if number == 7 { 409 } else { 200 };
            let scim_type = (number == 7).then(|| "uniqueness".to_owned());
            let (method, path) = ("POST".to_owned(), "/Users".to_owned());
            let request = Request { at: now, method, path, status, scim_type, micros: 1_234, bytes: Some(77) };
            town.app.activity.answered(client.id, request, [Habit::BooleanText].into_iter());
        }
        town.app.activity.used(client.id, now);
        flush(&town.app.db, &town.app.activity, &town.app.entropy).await.unwrap();
        let page = olga.get(&link).await;
        assert!(!page.text.contains("<dd>Never</dd>") && page.text.contains("True and false as texts") && page.text.contains("Just now"), "{}", page.text);
        let requests = format!("{link}/requests");
        assert!(page.has(&format!("a[href='{requests}']")));
        let all = olga.get(&requests).await;
        check(&all);
        let rows = |page: &Answer| page.html().select(&selector("tbody tr")).count();
        assert!(rows(&all) == 50 && all.has("a[rel='next']") && all.text.contains("1.234 ms"), "{}", all.text);
        assert_eq!(rows(&olga.get(&format!("{requests}?which=all&page=2")).await), 10);
        let failed = olga.get(&format!("{requests}?which=failed")).await;
        assert!(rows(&failed) == 1 && failed.text.contains("uniqueness"), "{}", failed.text);
        let tried = olga.submit(&page.form(&format!("{link}/self-test"))).await;
        check(&tried);
        assert_eq!(tried.status, StatusCode::OK);
        // Nothing of it is for anybody else, nor for what is no service.
        let other = town.client("web").await;
        assert_eq!(olga.get(&format!("{other}/requests")).await.status, StatusCode::NOT_FOUND);
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        assert_ne!(anna.get(&requests).await.status, StatusCode::OK);
    }
}
