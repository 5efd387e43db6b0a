//! Tokens of a service that cannot fetch any: made, shown once, taken back.

use axum::http::StatusCode;

use super::browser::selector;
use super::pages::check;
use super::town::Town;

on_both! {
    /// DA-38: an operator makes a token for provisioning, whose secret is shown once, and takes it back; nobody else sees any.
    async fn an_operator_makes_a_token_for_provisioning_and_takes_it_back(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let form = olga.get("/admin/clients/new").await.form("/admin/clients/new");
        let place = town.bank_b.to_string();
        let made = olga.submit(&form.set("client_id", "okta-b").set("name", "Okta").set("kind", "machine").set("organisation", &place)).await;
        let html = made.html();
        let link = html.select(&selector("a[href$='/tokens']")).next().unwrap_or_else(|| panic!("{}", made.text));
        let base = link.value().attr("href").unwrap().to_owned();
        let empty = olga.get(&base).await;
        check(&empty);
        let page = olga.get(&format!("{base}/new")).await;
        check(&page);
        let form = page.form(&format!("{base}/new"));
        let wrong = olga.submit(&form.clone().set("name", " ").set("days", "367")).await;
        check(&wrong);
        assert!(wrong.text.contains("from 1 to 366"), "{}", wrong.text);
        let made = olga.submit(&form.set("name", "Okta of bank B")).await;
        check(&made);
        let html = made.html();
        let secret: String = html.select(&selector("#client-token-secret")).next().unwrap().text().collect();
        assert!(secret.starts_with("chp_"), "{secret}");
        let list = olga.get(&base).await;
        check(&list);
        assert!(list.text.contains("Okta of bank B") && !list.text.contains(&secret));
        let html = list.html();
        let end = html.select(&selector("a[href*='/tokens/']:not([href$='/new'])")).next().unwrap().value().attr("href").unwrap().to_owned();
        let asks = olga.get(&end).await;
        check(&asks);
        let done = olga.submit_and_follow(&asks.form(&end)).await;
        assert!(!done.text.contains("Okta of bank B") && done.text.contains("was taken back"), "{}", done.text);
        assert_eq!(olga.get(&end).await.status, StatusCode::NOT_FOUND);
        let web = town.client("web").await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        for path in [&base, &format!("{base}/new"), &end] {
            assert_eq!(anna.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(olga.get(&format!("{web}/tokens")).await.status, StatusCode::NOT_FOUND, "none for an application");
    }
}
