//! What may not be seen is not there, whichever address names it.

use axum::http::StatusCode;

use super::routes;
use super::town::Town;

/// The page without what differs between any two requests.
fn plain(text: &str, id: &str) -> String {
    let mut plain = text.replace(id, "ID");
    for (from, to) in [("<code>", "</code>"), ("name=\"csrf\" value=\"", "\"")] {
        if let Some((head, tail)) = plain.split_once(from) {
            let rest = tail.split_once(to).map_or("", |(_, rest)| rest);
            plain = format!("{head}{from}{to}{rest}");
        }
    }
    plain
}

on_both! {
    /// DA-01, DA-34: of people and levels outside one's scope every sub-page is not found, in the same words as for an id that
    /// never was.
    async fn da_34_sub_pages_of_hidden_things_are_not_there(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        let hidden = town.person("Alf", "Anders", town.bank_a).await;
        town.give(hidden, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let never = uuid::Uuid::from_u128(7).to_string();
        for person in [dua, daa] {
            let mut browser = town.signed_in(person).await;
            for route in routes::all().into_iter().filter(|route| route.get) {
                let Some(rest) = route.path.strip_prefix("/admin/users/{id}").or_else(|| route.path.strip_prefix("/admin/levels/{id}")) else { continue };
                let (kind, id) = if route.path.contains("users") { ("users", hidden.to_string()) } else { ("levels", town.bank_a.to_string()) };
                for rest in ["delete", "deactivate", "block"].map(|word| rest.replace("{stop}", word)) {
                    let there = browser.get(&format!("/admin/{kind}/{id}{rest}")).await;
                    let nobody = browser.get(&format!("/admin/{kind}/{never}{rest}")).await;
                    assert_eq!((there.status, nobody.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{kind}{rest}");
                    assert_eq!(plain(&there.text, &id), plain(&nobody.text, &never), "{kind}{rest}");
                }
            }
        }
    }

    /// DA-34: what a visible person holds elsewhere does not tell the names of levels and applications that are not one's own.
    async fn da_34_roles_elsewhere_do_not_name_what_is_hidden(world: World) {
        let town = Town::build(world).await;
        let (_, daa, _) = town.staff().await;
        let wide = town.person("Wim", "Weit", town.frankfurt).await;
        town.give(wide, "ApplicationAccessAdmin", town.bank_a, &[town.casper]).await;
        let mut paul = town.signed_in(daa).await;
        let page = paul.get(&format!("/admin/users/{wide}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("a level outside your scope") && page.text.contains("1 other application"), "{}", page.text);
        assert!(!page.text.contains("Bank A") && !page.text.contains("CASPER"), "{}", page.text);
        let edit = paul.get(&format!("/admin/users/{wide}/edit")).await;
        assert!(!edit.text.contains("Bank A") && !edit.text.contains("CASPER"), "{}", edit.text);
    }

    /// DA-04, DA-05: a foreign level in the address finds nobody of it, and no total tells of them.
    async fn da_04_a_foreign_level_in_the_address_finds_nobody(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        town.person("Alf", "Anders", town.bank_a).await;
        let mut anna = town.signed_in(dua).await;
        for query in [format!("?search=1&sub_levels=on&level={}", town.bank_a), format!("?search=1&sub_levels=on&level={}", town.root), "?search=1&sub_levels=on&level_name=Bank+A".to_owned()] {
            let page = anna.get(&format!("/admin/users{query}")).await;
            assert!(!page.text.contains("Anders") && page.text.contains("1 to 3 of 3"), "{query}:\n{}", page.text);
            assert!(!page.text.contains(">Bank A<"), "{query}");
        }
        assert!(!anna.get("/admin/levels?q=Bank").await.text.contains("Bank A"));
    }
}
