//! Deputies on the pages: named, seen, acting, ended.

use axum::http::StatusCode;

use super::pages::check;
use super::town::Town;

on_both! {
    /// D3, D7, D10: a user administrator lets somebody stand in; both see it, the log says in whose place something was done, and it
    /// ends at once.
    async fn a_deputy_is_named_acts_and_is_ended(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let gus = town.person("Gus", "Low", town.frankfurt).await;
        let (mut anna, mut freds) = (town.signed_in(dua).await, town.signed_in(fred).await);
        assert_eq!(freds.get(&format!("/admin/users/{gus}")).await.status, StatusCode::NOT_FOUND);
        let page = anna.get(&format!("/admin/users/{fred}")).await;
        let link = format!("/admin/users/{fred}/deputy");
        assert!(page.has(&format!("a[href='{link}']")), "{}", page.text);
        assert_eq!(anna.get(&format!("/admin/users/{dua}/deputy")).await.status, StatusCode::NOT_FOUND, "not oneself");
        let page = anna.get(&link).await;
        check(&page);
        let role = page.attribute("select[name=role] option", "value");
        let form = page.form(&link).set("role", &role);
        let page = anna.submit(&form.clone().set("until", "2031-01-01")).await;
        assert!(page.text.contains("within 90 days"), "{}", page.text);
        check(&page);
        let page = anna.submit_and_follow(&form.set("until", "2026-12-31")).await;
        assert!(page.text.contains("The deputy has been named") && page.text.contains("in the place of Anna Berg"), "{}", page.text);

        assert_eq!(freds.get(&format!("/admin/users/{gus}")).await.status, StatusCode::OK);
        let edit = freds.get(&format!("/admin/users/{gus}/edit")).await.form(&format!("/admin/users/{gus}/edit"));
        freds.submit_and_follow(&edit.set("family_name", "Lower")).await;
        let page = freds.get("/admin/deputies").await;
        check(&page);
        assert!(page.text.contains("Fred Perry") && page.text.contains("Anna Berg") && !page.has("main table a"), "{}", page.text);
        let log = anna.get("/admin/audit").await;
        assert!(log.text.contains("Fred Perry, on behalf of Anna Berg"), "{}", log.text);

        // D13: a move names who stands in for those who would lose by it, and is shown again when that has changed.
        let mut olga = town.signed_in(town.operator().await).await;
        let address = format!("/admin/levels/{}/move", town.frankfurt);
        let preview = olga.get(&format!("{address}?to={}", town.bank_a)).await;
        assert!(preview.text.contains("Fred Perry · DelegatedUserAdmin · Bank B (as deputy)"), "{}", preview.text);
        check(&preview);

        let mut paul = town.signed_in(daa).await;
        assert!(!paul.get("/admin/deputies").await.has("main table a"), "he cannot take the role away");
        let page = anna.get("/admin/deputies").await;
        check(&page);
        let end = page.attribute("main table a", "href");
        assert!(paul.get(&end).await.status.is_client_error());
        let page = anna.get(&end).await;
        check(&page);
        let page = anna.submit_and_follow(&page.form(&end)).await;
        assert!(page.text.contains("The deputyship has been ended"), "{}", page.text);
        assert_eq!(freds.get(&format!("/admin/users/{gus}")).await.status, StatusCode::NOT_FOUND);
        assert!(anna.get(&end).await.status.is_client_error());
        assert!(olga.submit(&preview.form(&address)).await.has("#to-error"), "somebody less would lose by it");
        assert!(!olga.get(&format!("{address}?to={}", town.bank_a)).await.text.contains("as deputy"));
    }
}
