//! What may not be seen is not there, whichever address names it.

use axum::http::StatusCode;
use chamberlain::authority::Door;
use chamberlain::delegation::profile::{SHIPPED, load};

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
    /// D8, DA-34: pages that end an account count the memberships that the administrator sees, and of the others not even the number.
    async fn da_34_deleting_tells_nothing_of_memberships_out_of_sight(world: World) {
        let mut town = Town::build(world).await;
        // In the shipped profile whoever deletes sees all memberships; an institution may decide otherwise.
        let text = SHIPPED[0].1.replacen("\"membership.read\", \"role.read\"", "\"role.read\"", 1);
        town.app.door = Door::new(load(&text).unwrap().roles);
        let (dua, daa, fred) = town.staff().await;
        town.give(daa, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let path = format!("/admin/users/{fred}/delete");
        let mut pages: Vec<Vec<String>> = Vec::new();
        for group in [None, Some(town.casper_user), Some(town.imas_user)] {
            if let Some(group) = group {
                town.join(fred, group).await;
            }
            let mut seen = Vec::new();
            for who in [dua, daa] {
                seen.push(plain(&town.signed_in(who).await.get(&path).await.text, &fred.to_string()));
            }
            pages.push(seen);
        }
        assert!(pages[0][0].contains("0 memberships end.") && pages[0][0].contains("do not administer may end, too"), "{}", pages[0][0]);
        assert_eq!([&pages[1][0], &pages[2][0]], [&pages[0][0]; 2], "who sees no membership");
        assert_eq!(pages[1][1], pages[0][1], "who sees those of IMAS only");
        assert!(pages[2][1].contains("1 membership ends."), "{}", pages[2][1]);
    }

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
