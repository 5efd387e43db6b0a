//! Pages as the manual of the identity portal shows them: what stands where, and what each field does.

use axum::http::StatusCode;

use super::browser::{Answer, selector};
use super::town::Town;

/// The texts of all elements that are wanted.
fn texts(page: &Answer, wanted: &str) -> Vec<String> {
    let (html, wanted) = (page.html(), selector(wanted));
    let all = html.select(&wanted);
    all.map(|one| one.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

on_both! {
    /// E34–E38, E40, E46–E48, C05: the list begins at the top of what one administers, is narrowed by level, membership and
    /// sub-levels, reset by a link and sorted by each column; each row names what may be done with whom.
    async fn the_list_is_narrowed_and_each_row_names_what_can_be_done(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        town.join(fred, town.imas_user).await;
        let mut anna = town.signed_in(dua).await;
        let page = anna.get("/admin/users").await;
        assert_eq!(page.heading(), "User Management");
        assert_eq!(page.attribute("#level option[selected]", "value"), town.bank_b.to_string());
        assert!(!page.has(&format!("#level option[value='{}']", town.bank_a)), "only one's own levels");
        assert!(page.has("h1 + .does a.button[href^='/admin/users/new']") && page.has("form.search a[href='/admin/users']"));
        assert_eq!(texts(&page, "thead th a").len(), 4, "each column of the manual is sorted: {:?}", texts(&page, "thead th a"));
        for order in ["given_name", "family_name", "email", "phone"] {
            assert!(page.has(&format!("thead a[href*='sort={order}']")), "{order}");
        }
        let search = format!("/admin/users?search=1&level={}", town.bank_b);
        let people = |page: &Answer| texts(page, "tbody th");
        assert_eq!(people(&anna.get(&search).await), ["Berg", "Ito"], "the level alone");
        assert_eq!(people(&anna.get(&format!("{search}&sub_levels=on")).await), ["Berg", "Ito", "Perry"]);
        let members = anna.get(&format!("{search}&sub_levels=on&group={}", town.imas_user)).await;
        assert_eq!(people(&members), ["Perry"]);
        assert_eq!(texts(&members, "td.actions a"), ["View Fred Perry", "Edit Fred Perry", "Delete Fred Perry"]);
        let given = town.signed_in(daa).await.get(&format!("{search}&sub_levels=on&family_name=Perry")).await;
        assert!(!given.has("a[href^='/admin/users/new']"), "who only gives access creates nobody");
        let offered = texts(&given, "td.actions a");
        assert!(offered.contains(&"Assign memberships Fred Perry".to_owned()) && !offered.contains(&"Delete Fred Perry".to_owned()));
    }

    /// E41–E45, E69, E70, E72, E74, C04, I17, I64: what is required and in which form, what is optional, saved as a whole; the new
    /// person gets a link by mail, and no secret.
    async fn details_are_checked_and_saved_as_a_whole(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let form = anna.get("/admin/users/new").await.form("/admin/users/new");
        let names: Vec<&str> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["level", "given_name", "family_name", "email", "phone", "company_id", "subsidiary", "expires"] {
            assert!(names.contains(&name), "{name} is not asked for");
        }
        let wrong = form.clone().set("phone", "069 1234567").set("expires", "2001-01-01").set("company_id", "C-4711");
        let page = anna.submit(&wrong).await;
        for field in ["given_name", "family_name", "email", "phone", "expires"] {
            assert!(page.has(&format!("#{field}-error")), "{field}: {}", page.text);
        }
        assert!(!page.has("#company_id-error") && !page.has("#subsidiary-error") && town.mails().await.is_empty());
        let right = form.set("given_name", "Mia").set("family_name", "Neu").set("email", "mia@example.org").set("phone", "+49 (69) 1234567");
        let right = right.set("company_id", "C-4711").set("subsidiary", "North").set("expires", "2099-12-31");
        let page = anna.submit_and_follow(&right).await;
        let facts = texts(&page, "section[aria-labelledby=details] dd");
        for told in ["C-4711", "North"] {
            assert!(facts.iter().any(|fact| fact == told), "{told}: {facts:?}");
        }
        assert!(texts(&page, "section[aria-labelledby=details] dt").iter().any(|name| name == "Self registered"), "{}", page.text);
        let address = page.path.split('?').next().unwrap().to_owned();
        let stored = anna.get(&format!("{address}/edit")).await.form(&format!("{address}/edit"));
        let value = |name: &str| stored.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
        assert_eq!(value("phone").as_deref(), Some("+49691234567"));
        assert_eq!(value("expires").as_deref(), Some("2099-12-31"));
        assert_eq!(value("self_registered"), None, "nobody sets it");
        let mails = town.mails().await;
        assert_eq!(mails.iter().map(|(to, _)| to.as_str()).collect::<Vec<_>>(), ["mia@example.org"]);
    }

    /// E54, E55, E57, C10: whose memberships they are, how many, and the groups of one's own applications with code, name and
    /// description, found by a part of either.
    async fn the_page_of_memberships_offers_groups_of_ones_own_applications(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let mut paul = town.signed_in(daa).await;
        let address = format!("/admin/users/{fred}/memberships");
        let page = paul.get(&address).await;
        let facts = texts(&page, "dl.facts dd");
        assert!(["Fred", "Perry", "Bank B Frankfurt"].iter().all(|told| facts.iter().any(|fact| fact == told)), "{facts:?}");
        assert!(texts(&page, "h2").contains(&"Memberships (0)".to_owned()) && page.has("form[role=search] #q"), "{}", page.text);
        assert_eq!(texts(&page, ".pick label").first().map(String::as_str), Some("IMAS users IMAS_PORTAL_USER"));
        assert_eq!(texts(&page, ".pick .quiet"), ["May use it."]);
        assert!(!page.text.contains("CASPER_WEB_DATA_SUBMITTER"), "not an application that Paul manages");
        assert!(page.has(&format!("form a[href='/admin/users/{fred}']")), "Cancel");
        for part in ["portal_us", "as%20users"] {
            assert!(paul.get(&format!("{address}?q={part}")).await.text.contains("IMAS_PORTAL_USER"), "{part}");
        }
        assert!(!paul.get(&format!("{address}?q=zzz")).await.text.contains("IMAS_PORTAL_USER"));
        let form = page.form(&address).tick("groups[]", &town.imas_user.to_string());
        paul.submit_and_follow(&form).await;
        assert!(texts(&paul.get(&address).await, "h2").contains(&"Memberships (1)".to_owned()));
    }

    /// E63, E64, E67, E73, E74: roles stand below the details and only delegated administrators see them; who holds both roles may do
    /// both; a role is taken away by its tick.
    async fn roles_stand_below_the_details_and_go_with_their_tick(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        town.give(dua, "ApplicationAccessAdmin", town.bank_b, &[town.casper]).await;
        town.give(fred, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let other = town.person("Lena", "Local", town.frankfurt).await;
        town.give(other, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let address = format!("/admin/users/{fred}/edit");
        let mut anna = town.signed_in(dua).await;
        let page = anna.get(&address).await;
        let titles = texts(&page, "h2");
        assert_eq!(titles, ["Personal details", "Roles"]);
        let access = format!("#role-ApplicationAccessAdmin-{}:not([disabled])", town.casper);
        assert!(page.has("#given_name") && page.has(&access), "both roles at once: {}", page.text);
        let held: Vec<String> = page.html().select(&selector("[name='roles[]'][checked]")).filter_map(|one| one.value().attr("id").map(str::to_owned)).collect();
        assert_eq!(held.len(), 1, "{}", page.text);
        let done = anna.submit_and_follow(&page.form(&address).untick("roles[]", &held[0])).await;
        assert!(!texts(&done, "section[aria-labelledby=roles] strong").contains(&"DelegatedUserAdmin".to_owned()), "{}", done.text);
        // Its only application goes, and the role with it: that is said, too.
        for one in [other, fred] {
            town.give(one, "ApplicationAccessAdmin", town.frankfurt, &[town.casper]).await;
        }
        let tick = format!("role-ApplicationAccessAdmin-{}", town.casper);
        let form = anna.get(&address).await.form(&address).untick("roles[]", &tick);
        anna.submit_and_follow(&form).await;
        let mails = town.sent().await;
        assert!(mails.iter().any(|(_, text)| text.contains("you do not hold the role “ApplicationAccessAdmin”")), "{mails:?}");
        let mut fred = town.signed_in(fred).await;
        assert_eq!(fred.get(&format!("/admin/users/{other}/edit")).await.status, StatusCode::NOT_FOUND, "gone at once");
    }
}
