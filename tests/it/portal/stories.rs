//! What the manuals describe, told through the pages.

use axum::http::StatusCode;
use chamberlain::db::transact;
use chamberlain::directory::application::environment_store;
use chamberlain::directory::application::model::Environment;
use chamberlain::directory::client;

use super::browser::{Answer, selector};
use super::town::Town;
use crate::support::Modules;

on_both! {
    /// E32, E41, E45, E49, E50, E52, E56, E60, C06, C08, C09, I21, I58, I60: one creates a person, another
    /// gives access, the tile appears; taken away, it goes.
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

    /// E30, E31, P01, P07: My Apps shows what is authorised, and whom to ask for more.
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

    /// E30, E31: an application that asks for no group has its tile for everybody; where it asks for a module, for those whose organisation has
    /// it, suspended or not. Without an address there is nothing to open.
    async fn an_application_that_asks_for_no_group_has_its_tile(world: World) {
        let town = Town::build(world).await;
        let (_, _, fred) = town.staff().await;
        let mut browser = town.signed_in(fred).await;
        let tile = "a.tile[href='https://imas.example.org/start']";
        assert!(!browser.get("/").await.has(tile));
        let change = async |launch_url: Option<&str>| {
            let changed: chamberlain::db::Result<()> = transact!(town.world.db, tx => {
                let mut all = environment_store::list_of_application(tx, town.imas).await?;
                all.truncate(1);
                for environment in all {
                    let launch_url = launch_url.map(str::to_owned);
                    environment_store::save(tx, &Environment { requires_group: false, launch_url, ..environment }).await?;
                }
                Ok(())
            });
            changed.unwrap();
        };
        change(None).await;
        assert!(!browser.get("/").await.has("div.tile") && !browser.get("/help").await.text.contains("IMAS"));
        // Where a client of it begins sign-ins, that is where the tile leads.
        town.client("tiled").await;
        let begun: chamberlain::db::Result<()> = transact!(town.world.db, tx => {
            let mut client = client::store::find_by_client_id(tx, "tiled").await?.unwrap();
            client.settings.initiate_login_uri = Some("https://imas.example/begin".to_owned());
            client::store::save(tx, &client).await.map(drop)
        });
        begun.unwrap();
        assert!(browser.get("/").await.has("a.tile[href^='https://imas.example/begin?iss=']"));
        change(Some("https://imas.example.org/start")).await;
        assert!(browser.get("/").await.has(tile));
        let (modules, here) = (Modules::of(&town.world, &town.app.door), (town.frankfurt, town.imas));
        modules.ask(town.imas).await;
        assert!(!browser.get("/").await.has(tile), "no access");
        modules.grant(here).await.unwrap();
        assert!(browser.get("/").await.has(tile));
        modules.suspend(here).await.unwrap();
        assert!(browser.get("/").await.has(tile), "what is under way can be finished");
    }

    /// E12, E33, E53, DA-05, D8: lists and addresses show nothing outside one's own subtree.
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

    /// E38–E40, E48: search narrows, sorting turns round, the address carries it.
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

    /// E61–E63, E65, E66, E68: roles are granted and revoked by editing a user, within what one holds.
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

    /// E32, I62: deleting asks for a reason, and the person is gone.
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

    /// E40, E82: a page number past the end shows the last page, here and in the search of levels, and not the word that nobody matches.
    async fn a_page_past_the_end_is_the_last_one(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        for number in 0..25 {
            town.person(&format!("Nr{number:02}"), "Zobel", town.bank_b).await;
        }
        let mut anna = town.signed_in(dua).await;
        let last = anna.get("/admin/users?search=1&sub_levels=on&size=25&page=2").await;
        assert!(last.text.contains("26 to 28 of 28"), "{}", last.text);
        for page in ["3", "1000000"] {
            let page = anna.get(&format!("/admin/users?search=1&sub_levels=on&size=25&page={page}")).await;
            assert!(page.text.contains("26 to 28 of 28") && !page.text.contains("No user matches"), "{}", page.text);
            assert_eq!(page.text.matches(">Zobel<").count(), last.text.matches(">Zobel<").count());
            assert!(page.has("nav.paging a[rel=prev][href$='page=1']") && !page.has("nav.paging a[rel=next]"));
        }
        let none = anna.get("/admin/users?search=1&sub_levels=on&family_name=zzz&page=9").await;
        assert!(none.text.contains("No user matches") && !none.has("nav.paging"), "{}", none.text);
        let mut olga = town.signed_in(town.operator().await).await;
        let levels = olga.get("/admin/levels?q=Bank&page=7").await;
        assert!(levels.text.contains("Bank B Frankfurt") && levels.text.contains("1 to 4 of 4"), "{}", levels.text);
    }

    /// E46, E66: what leads to a page on which only roles can be changed is called by that; whoever changes details edits.
    async fn who_only_grants_roles_is_not_told_to_edit(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let edit = format!("main a[href='/admin/users/{fred}/edit']");
        let name = |page: &Answer| page.html().select(&selector(&edit)).map(|link| link.text().collect::<String>()).collect::<Vec<_>>();
        let mut paul = town.signed_in(daa).await;
        let list = paul.get("/admin/users").await;
        assert_eq!(name(&list), ["Roles Fred Perry"], "its accessible name, too");
        assert_eq!(name(&paul.get(&format!("/admin/users/{fred}")).await), ["Roles"]);
        assert_eq!(paul.get(&format!("/admin/users/{fred}/edit")).await.heading(), "Roles");
        assert_eq!(name(&paul.speaking("de").get("/admin/users").await), ["Rollen Fred Perry"]);
        let mut anna = town.signed_in(dua).await;
        assert_eq!(name(&anna.get("/admin/users").await), ["Edit Fred Perry"]);
        assert_eq!(anna.get(&format!("/admin/users/{fred}/edit")).await.heading(), "Edit user");
    }

    /// E71: a move is offered where there is another level to move to.
    async fn a_move_is_offered_where_there_is_somewhere_to_move_to(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let moves = format!("main a[href='/admin/users/{fred}/move']");
        let address = format!("/admin/users/{fred}");
        assert!(town.signed_in(dua).await.get(&address).await.has(&moves));
        let local = town.person("Lena", "Local", town.frankfurt).await;
        town.give(local, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let mut lena = town.signed_in(local).await;
        let page = lena.get(&address).await;
        assert!(page.has(&format!("main a[href='/admin/users/{fred}/edit']")) && !page.has(&moves), "{}", page.text);
        town.give(local, "DelegatedUserAdmin", town.bank_a, &[]).await;
        assert!(lena.get(&address).await.has(&moves), "a second place");
    }

    /// E20, D8, `decisions.md` 2: whoever is in sight is named and linked; of everybody else the answer says what it always said,
    /// with one and the same text.
    async fn somebody_who_exists_in_sight_is_named_and_nobody_else(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        town.person("Greta", "Other", town.bank_a).await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new");
        let form = form.set("given_name", "New").set("family_name", "Person").set("phone", "+49 69 1234567");
        let link = format!("main a[href='/admin/users/{fred}']");
        let page = anna.submit(&form.clone().set("email", "FRED@example.org")).await;
        assert!(page.has(&link) && page.has("#email[aria-invalid=true]"), "{}", page.text);
        assert!(page.text.contains("Fred Perry exists already in Bank B Frankfurt"), "{}", page.text);
        let page = anna.submit(&form.clone().set("email", "greta@example.org")).await;
        assert!(page.text.contains("There is an account with this email address already"), "{}", page.text);
        assert!(!page.text.contains("Greta Other") && !page.text.contains("exists already") && !page.has("main a[href^='/admin/users/0']"));
        // To whom Fred is out of sight, he is answered like Greta here.
        let admin = town.person("Alf", "Anders", town.bank_a).await;
        town.give(admin, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let mut alf = town.signed_in(admin).await;
        let form = alf.get("/admin/users/new").await.form("/admin/users/new");
        let form = form.set("given_name", "New").set("family_name", "Person").set("phone", "+49 69 1234567");
        let page = alf.submit(&form.set("email", "fred@example.org")).await;
        assert!(!page.has(&link) && page.text.contains("There is an account with this email address already") && !page.text.contains("Fred Perry"), "{}", page.text);
    }
}
