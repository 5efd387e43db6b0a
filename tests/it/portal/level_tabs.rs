//! The page of a level as tabs: real pages with addresses of their own (I44), the people of the level on one of them (I63).

use axum::http::StatusCode;

use super::pages::check;
use super::town::Town;

on_both! {
    /// I44, I63, D8: the people of the level alone, each with what may be done; whoever sees no people there has no such tab.
    async fn the_people_of_a_level_are_on_a_tab_of_their_own(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let base = format!("/admin/levels/{}", town.frankfurt);
        let users = format!("{base}/users");
        let page = anna.get(&base).await;
        assert!(page.has(&format!("nav.tabs a[href='{base}'][aria-current=page]")) && page.has(&format!("nav.tabs a[href='{users}']")), "{}", page.text);
        let page = anna.get(&users).await;
        check(&page);
        assert!(page.text.contains("Fred Perry") && !page.text.contains("Paul Ito"), "this level alone: {}", page.text);
        for rest in ["", "/edit"] {
            assert!(page.has(&format!("tbody a[href='/admin/users/{fred}{rest}']")), "{rest}: {}", page.text);
        }
        assert!(page.has(&format!("a[href='/admin/users/new?level={}']", town.frankfurt)));
        assert!(page.text.contains("(1)"), "the title tells how many: {}", page.text);
        // Whoever gives access sees the people, and not how to reach them (decision 13).
        let mut paul = town.signed_in(daa).await;
        let page = paul.get(&users).await;
        assert!(page.text.contains("Fred Perry") && !page.text.contains("fred@example.org"), "{}", page.text);
        assert!(!page.has(&format!("a[href='/admin/users/new?level={}']", town.frankfurt)));
        // Out of sight is not there.
        assert_eq!(anna.get(&format!("/admin/levels/{}/users", town.bank_a)).await.status, StatusCode::NOT_FOUND);
        let mut fred = town.signed_in(fred).await;
        assert_eq!(fred.get(&users).await.status, StatusCode::NOT_FOUND);
    }
}
