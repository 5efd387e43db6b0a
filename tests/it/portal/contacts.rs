//! Whoever gives access sees to whom, and not how to reach them (requirements, decision 13).

use axum::http::StatusCode;
use chamberlain::db::{self, transact};
use chamberlain::directory::user::model::{PendingContact, User};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{PrincipalId, UserId};

use super::browser::Browser;
use super::town::Town;

/// Changes somebody, and nothing else in the world.
async fn rewrite(town: &Town, id: UserId, change: impl Fn(&mut User)) {
    let db = &town.world.db;
    let mut user = store::find(&mut db.reader().await.unwrap(), id).await.unwrap().unwrap();
    change(&mut user);
    let done: db::Result<bool> = transact!(db, tx => store::save(tx, &user).await);
    assert!(done.unwrap());
}

fn waiting(user: &User) -> PendingContact {
    let email = Some("new@two.example".parse().unwrap());
    PendingContact {
        email,
        phone: None,
        since: user.created_at,
        email_by: Some(PrincipalId::Console),
        phone_by: None,
        agreed_at: None,
        approved: None,
    }
}

/// The page without what differs between any two requests.
fn plain(text: &str) -> String {
    let mut parts = text.split("name=\"csrf\" value=\"");
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |page, rest| page + rest.split_once('"').map_or("", |(_, rest)| rest))
}

/// Every page that shows people, by every filter and order.
fn pages(fred: UserId) -> Vec<String> {
    let mut paths = vec![
        format!("/admin/users/{fred}"),
        format!("/admin/users/{fred}/edit"),
        format!("/admin/users/{fred}/memberships"),
    ];
    for list in ["/admin/users", "/admin/users.csv"] {
        paths.push(list.to_owned());
        for query in [
            "email=fred",
            "email=zoe",
            "email=example",
            "phone=%2B4969",
            "phone=%2B33",
            "email=example&status=expiring",
            "sort=email",
            "sort=email&dir=desc",
            "sort=phone",
            "sort=phone&dir=desc",
            "sort=email&size=50",
            "family_name=perry&sort=phone",
        ] {
            paths.push(format!("{list}?search=1&sub_levels=on&{query}"));
        }
    }
    paths
}

async fn look(browser: &mut Browser, paths: &[String]) -> Vec<String> {
    let mut texts = Vec::new();
    for path in paths {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        texts.push(plain(&page.text));
    }
    texts
}

on_both! {
    /// E53, D8, DA-41 and decision 13: worlds that differ only in how somebody is reached give an access administrator the same
    /// pages and exports, whatever is searched for and however it is sorted, and the same audit log.
    async fn how_somebody_is_reached_changes_no_page_of_who_only_gives_access(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let both = town.person("Berta", "Both", town.bank_b).await;
        town.give(both, "ApplicationAccessAdmin", town.bank_b, &[town.imas]).await;
        let annex = town.person("Xenia", "Annex", town.bank_a).await;
        town.give(both, "DelegatedUserAdmin", town.bank_a, &[]).await;
        for (who, name) in [(daa, "Paul"), (both, "Berta")] {
            let mut browser = town.signed_in(who).await;
            let log = ["/admin/audit".to_owned(), format!("/admin/audit?subject={fred}")];
            let first = look(&mut browser, &pages(fred)).await;
            for (email, phone, pending) in [(Some("zoe@two.example"), Some("+33611111111"), true), (None, None, false)] {
                // Exports are events themselves, so the log is looked at around each change.
                let before = look(&mut browser, &log).await;
                rewrite(&town, fred, |user| {
                    user.email = email.map(|email: &str| email.parse().unwrap());
                    user.phone = phone.map(|phone: &str| phone.parse().unwrap());
                    user.user_name = email.unwrap_or("fred@example.org").to_owned();
                    user.pending = pending.then(|| waiting(user));
                    user.updated_at = user.updated_at.plus(std::time::Duration::from_hours(1));
                })
                .await;
                assert_eq!(look(&mut browser, &log).await, before, "{name}");
                let second = look(&mut browser, &pages(fred)).await;
                for ((path, one), other) in pages(fred).iter().zip(&first).zip(&second) {
                    assert_eq!(one, other, "{name}: {path}");
                    assert!(!one.contains("fred@example.org") && !one.contains("two.example"), "{name}: {path}");
                }
            }
        }
        let mut browser = town.signed_in(both).await;
        let own = browser.get(&format!("/admin/users/{annex}")).await;
        assert!(own.text.contains("xenia@example.org"), "where she administers people she sees how to reach them");
    }
    /// E39, E48, E53 and decision 13: the masked columns are neither searched nor sorted by; a user administrator does both; who
    /// is both searches among those whom they administer, and sorts where those are all.
    async fn addresses_are_offered_for_search_and_order_as_far_as_they_are_seen(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let both = town.person("Berta", "Both", town.bank_b).await;
        town.give(both, "ApplicationAccessAdmin", town.bank_b, &[town.imas]).await;
        town.give(both, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let here = |level| format!("/admin/users?search=1&sub_levels=on&level={level}");
        for (who, level, fields, order) in [
            (dua, town.bank_b, true, true), (daa, town.bank_b, false, false), (both, town.bank_b, true, false), (both, town.frankfurt, true, true),
        ] {
            let page = town.signed_in(who).await.get(&here(level)).await;
            for column in ["email", "phone"] {
                assert_eq!(page.has(&format!("input[name={column}]")), fields, "{}", page.text);
                assert_eq!(page.has(&format!("th a[href*='sort={column}']")), order, "{}", page.text);
            }
            assert!(page.has("input[name=family_name]") && page.has("th a[href*='sort=given_name']"));
        }
        let mut berta = town.signed_in(both).await;
        let page = berta.get(&here(town.bank_b)).await;
        assert!(page.text.contains("fred@example.org") && page.text.contains("Ito") && !page.text.contains("paul@example.org"), "{}", page.text);
        let found = berta.get(&(here(town.bank_b) + "&email=example.org")).await;
        assert!(found.text.contains("Perry") && !found.text.contains("Ito") && found.text.contains("1 to 1 of 1"), "{}", found.text);
        let found = town.signed_in(daa).await.get(&(here(town.bank_b) + "&email=example.org")).await;
        assert!(found.text.contains("No user matches") && !found.text.contains("Perry"), "{}", found.text);
        let seen = town.signed_in(dua).await.get(&format!("/admin/users/{fred}")).await;
        assert!(seen.text.contains("fred@example.org") && seen.text.contains("+4969123456"), "{}", seen.text);
    }

    /// Decision 13: where a person without a name would be called by an address, they are not; nor is a change shown that waits.
    async fn a_masked_address_is_not_shown_in_place_of_a_name(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let mut paul = town.signed_in(daa).await;
        let address = format!("/admin/users/{fred}/memberships");
        let form = paul.get(&address).await.form(&address).tick("groups[]", &town.imas_user.to_string());
        paul.submit_and_follow(&form).await;
        rewrite(&town, fred, |user| {
            (user.given_name, user.family_name) = (String::new(), String::new());
            user.pending = Some(waiting(user));
        })
        .await;
        town.give(fred, "ApplicationAccessAdmin", town.frankfurt, &[town.imas]).await;
        let log = format!("/admin/audit?subject={fred}");
        let paths = ["/admin/users".to_owned(), format!("/admin/users/{fred}"), log, format!("/admin/levels/{}", town.frankfurt)];
        let shown = look(&mut paul, &paths).await.concat();
        assert!(!shown.contains("fred@example.org") && !shown.contains("new@two.example"), "{shown}");
        assert!(shown.contains("Person without a name"), "{shown}");
        let whole = look(&mut town.signed_in(dua).await, &paths).await;
        assert!(whole[0].contains("fred@example.org") && whole[1].contains("new@two.example"), "{whole:?}");
        assert!(whole[2].contains("fred@example.org") && whole[3].contains("fred@example.org"), "{whole:?}");
    }
    /// D8, D10, DA-42 and decision 13: the log tells that an address was changed, by whom and of whom, and neither the old nor the
    /// new one; not even in the raw details that operators take along; and of people outside nothing at all.
    async fn da_42_the_log_tells_that_an_address_changed_and_not_which(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let outside = town.person("Alf", "Anders", town.bank_a).await;
        town.give(outside, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let mut anna = town.signed_in(dua).await;
        let edit = format!("/admin/users/{fred}/edit");
        let form = anna.get(&edit).await.form(&edit).set("email", "new@two.example").set("phone", "+33611111111");
        anna.submit_and_follow(&form).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new").set("given_name", "Nina").set("family_name", "Neu");
        anna.submit_and_follow(&form.set("email", "nina@two.example").set("phone", "+33622222222")).await;
        anna.get("/admin/users.csv?search=1&email=two.example").await;
        let secrets = ["fred@example.org", "two.example", "+4969123456", "+336"];
        for (who, told) in [(dua, true), (daa, true), (town.operator().await, true), (outside, false)] {
            let mut browser = town.signed_in(who).await;
            for path in ["/admin/audit", "/admin/audit.csv", "/admin/audit?kind=user.contact_pending", "/admin/audit.csv?kind=user.contact_pending"] {
                let page = browser.get(path).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(secrets.iter().all(|secret| !page.text.contains(secret)), "{path}:\n{}", page.text);
                assert_eq!(page.text.contains("Perry"), told, "{path}:\n{}", page.text);
            }
        }
    }
}
