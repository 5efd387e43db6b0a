//! What the manuals describe, told through the pages.

use axum::http::StatusCode;

use super::town::Town;

on_both! {
    /// E32–E45, E49–E60: one creates a person, another gives access, the tile appears; taken away, it goes.
    async fn a_user_is_created_gets_access_and_loses_it(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new");
        let form = form.set("level", &town.frankfurt.to_string()).set("given_name", "Mia").set("family_name", "Neu");
        let page = anna.submit_and_follow(&form.set("email", "mia@example.org").set("phone", "+49 69 1234567")).await;
        assert!(page.heading().starts_with("Mia Neu"));
        assert!(page.text.contains("invitation is on its way") && page.has(".badge.new"));
        let id = page.path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(anna.get(&format!("/admin/users/{id}/memberships")).await.status, StatusCode::FORBIDDEN, "E49");

        let mut paul = town.signed_in(daa).await;
        let address = format!("/admin/users/{id}/memberships");
        let form = paul.get(&address).await.form(&address).tick("groups[]", &town.imas_user.to_string());
        let page = paul.submit_and_follow(&form).await;
        assert!(page.text.contains("IMAS_PORTAL_USER"), "{}", page.text);
        let form = paul.get(&address).await.form(&address);
        assert!(form.fields.contains(&("held[]".to_owned(), town.imas_user.to_string())));
        let page = paul.submit_and_follow(&form.untick("groups[]", &town.imas_user.to_string())).await;
        assert!(!page.text.contains("IMAS_PORTAL_USER"));
    }

    /// E30, E31: My Apps shows what is authorised, and whom to ask for more.
    async fn my_apps_shows_tiles_and_names_the_access_administrators(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let page = browser.get("/").await;
        assert!(!page.has("a.tile") && page.text.contains("Paul Ito") && page.text.contains("paul@example.org"));
        let address = format!("/admin/users/{fred}/memberships");
        let mut paul = town.signed_in(daa).await;
        let form = paul.get(&address).await.form(&address);
        paul.submit_and_follow(&form.tick("groups[]", &town.imas_user.to_string())).await;
        let page = browser.get("/").await;
        assert!(page.has("a.tile[href='https://imas.example.org/start']") && !page.text.contains("casper.example.org"));
    }

    /// E53, DA-05, D8: lists and addresses show nothing outside one's own subtree.
    async fn nobody_outside_the_subtree_is_found(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let stranger = town.person("Greta", "Other", town.bank_a).await;
        let mut anna = town.signed_in(dua).await;
        let page = anna.get("/admin/users").await;
        assert!(page.text.contains("Perry") && !page.text.contains("Greta") && !page.text.contains("Bank A"));
        let page = anna.get(&format!("/admin/users?search=1&level={}&sub_levels=on", town.bank_a)).await;
        assert!(!page.text.contains("Greta"), "a level outside counts as not chosen");
        for rest in ["", "/edit", "/delete", "/memberships"] {
            let there = anna.get(&format!("/admin/users/{stranger}{rest}")).await;
            let nobody = anna.get(&format!("/admin/users/{}{rest}", uuid::Uuid::from_u128(7))).await;
            assert_eq!((there.status, nobody.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{rest}");
        }
        let mut ordinary = town.signed_in(fred).await;
        assert_eq!(ordinary.get("/admin/users").await.status, StatusCode::NOT_FOUND);
        assert!(!ordinary.get("/").await.has("nav.menu a[href='/admin/users']"), "E33");
    }

    /// E39, E40, E48: search narrows, sorting turns round, the address carries it.
    async fn a_search_is_in_the_address(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let page = anna.get("/admin/users?search=1&family_name=PER&sub_levels=on").await;
        assert!(page.text.contains("Fred") && !page.text.contains("Paul"), "{}", page.text);
        let page = anna.get("/admin/users?search=1&family_name=PER").await;
        assert!(!page.text.contains("Fred"), "without sub-levels");
        let page = anna.get("/admin/users?search=1&sub_levels=on&sort=given_name&dir=desc").await;
        let order: Vec<_> = ["Paul", "Fred", "Anna"].map(|name| page.text.rfind(&format!(">{name}<")).unwrap()).to_vec();
        assert!(order.is_sorted() && page.has("th[aria-sort=descending]"));
    }

    /// E61–E68, E73: roles are granted and revoked by editing a user, within what one holds.
    async fn roles_are_ticked_and_unticked(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let address = format!("/admin/users/{fred}/edit");
        let mut anna = town.signed_in(dua).await;
        let page = anna.get(&address).await;
        assert!(page.has("#role-DelegatedUserAdmin:not([disabled])") && page.has("#role-ApplicationAccessAdmin[disabled]"), "{}", page.text);
        anna.submit_and_follow(&page.form(&address).tick("roles[]", "role-DelegatedUserAdmin")).await;

        let mut paul = town.signed_in(daa).await;
        let page = paul.get(&address).await;
        assert!(!page.has("#given_name"), "E66: details are read-only for an access administrator");
        let imas = format!("role-ApplicationAccessAdmin-{}", town.imas);
        assert!(page.has(&format!("#{imas}")) && !page.text.contains(&format!("role-ApplicationAccessAdmin-{}", town.casper)), "E65");
        let page = paul.submit_and_follow(&page.form(&address).tick("roles[]", &imas)).await;
        assert!(page.text.contains("ApplicationAccessAdmin"), "{}", page.text);
        let form = paul.get(&address).await.form(&address).set("given_name", "Changed");
        assert_eq!(paul.submit(&form).await.status, StatusCode::FORBIDDEN, "E66: not by a forged form either");
    }

    /// E32: deleting asks for a reason, and the person is gone.
    async fn a_user_is_deleted_with_a_reason(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let address = format!("/admin/users/{fred}/delete");
        let form = anna.get(&address).await.form(&address);
        assert!(anna.submit(&form).await.has("#reason-error"), "a reason is needed");
        let page = anna.submit_and_follow(&form.set("reason", "Has left")).await;
        assert!(page.text.contains("has been deleted") && !page.text.contains("Perry"));
        assert_eq!(anna.get(&format!("/admin/users/{fred}")).await.status, StatusCode::NOT_FOUND);
    }
}
