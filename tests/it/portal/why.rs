//! Who may do what, and why: asked by administrators within their own scope, answered by the decision.

use axum::http::StatusCode;
use chamberlain::authority::action::ReadOrganisation;
use chamberlain::delegation::explain::who_can;
use chamberlain::kernel::ids::PrincipalId;

use super::browser::Answer;
use super::pages::check;
use super::town::Town;

/// The row that begins with these words.
fn row(answer: &Answer, words: &str) -> String {
    let html = answer.html();
    let selector = super::browser::selector("tbody tr");
    let rows: Vec<String> = html.select(&selector).map(|row| row.text().collect::<Vec<_>>().join(" ")).collect();
    rows.into_iter()
        .find(|row| row.trim_start().starts_with(words))
        .unwrap_or_else(|| panic!("no row {words}: {}", answer.text))
}

on_both! {
    /// D3, D5, D8: what one may do to a person, by which roles, and who else may; of what is out of sight only that it is there.
    async fn an_administrator_asks_who_may_do_what_to_a_person(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let operator = town.operator().await;
        let mut anna = town.signed_in(dua).await;
        let base = format!("/admin/users/{fred}/why");
        assert!(anna.get(&format!("/admin/users/{fred}")).await.has(&format!("a[href='{base}']")));
        let page = anna.get(&base).await;
        check(&page);
        let update = row(&page, "Change the details");
        assert!(update.contains("Yes") && update.contains("DelegatedUserAdmin of Bank B and below"), "{update}");
        let grant = row(&page, "Give them the role DelegatedUserAdmin");
        assert!(grant.contains("Yes"), "{grant}");
        // Paul sees Fred by the memberships that he gives, and that is all.
        let paul = anna.get(&format!("{base}?who=paul@example.org&group=IMAS_PORTAL_USER")).await;
        check(&paul);
        let update = row(&paul, "Change the details");
        assert!(update.contains("No") && update.contains("No role allows it here") && update.contains("Anna Berg"), "{update}");
        let assign = row(&paul, "Put them into the group IMAS_PORTAL_USER");
        assert!(assign.contains("Yes") && assign.contains("ApplicationAccessAdmin"), "{assign}");
        // Somebody above, somebody elsewhere and nobody are the same: not in the scope of whoever asks.
        let tx = &mut town.world.db.reader().await.unwrap();
        let above = chamberlain::directory::user::store::find(tx, operator).await.unwrap().unwrap().email.unwrap().as_str().to_owned();
        let strip = |answer: Answer, address: &str| answer.text.replace(address, "").replace(&address.replace('@', "%40"), "");
        let hidden = anna.get(&format!("{base}?who={above}")).await;
        check(&hidden);
        assert!(hidden.text.contains("Nobody in your scope has this address") && !hidden.text.contains("Olga"), "{}", hidden.text);
        let unknown = anna.get(&format!("{base}?who=nobody@example.org")).await;
        assert_eq!(strip(hidden, &above), strip(unknown, "nobody@example.org"));
        let no_group = anna.get(&format!("{base}?group=NO_SUCH_GROUP")).await;
        assert!(no_group.text.contains("There is no such group in your scope"), "{}", no_group.text);
        // Of somebody whose role is in sight and whose account is not it says that there is one.
        let otto = town.person("Otto", "Oben", town.bank_a).await;
        town.give(otto, "DelegatedUserAdmin", town.bank_b, &[]).await;
        let update = row(&anna.get(&base).await, "Change the details");
        assert!(update.contains("one more person or service not named to you") && !update.contains("Otto"), "{update}");
        // Whoever asks finds themself by name.
        let mut asking = town.signed_in(otto).await;
        let update = row(&asking.get(&format!("{base}?who=anna@example.org")).await, "Change the details");
        assert!(update.contains("Otto Oben"), "{update}");
        // Fred may not ask, and nobody asks about whom they do not see.
        let mut fred_asks = town.signed_in(fred).await;
        assert_eq!(fred_asks.get(&format!("/admin/users/{dua}/why")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(anna.get(&format!("/admin/users/{operator}/why")).await.status, StatusCode::NOT_FOUND);
    }

    /// D7, D8, DA-26: what a person's roles allow, and what would end with one of them; looking changes nothing.
    async fn what_somebody_holds_and_what_would_end_is_shown(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let gerd = town.person("Gerd", "Gruen", town.frankfurt).await;
        town.give(gerd, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        town.give(fred, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        let mut anna = town.signed_in(dua).await;
        let base = format!("/admin/users/{gerd}/scope");
        assert!(anna.get(&format!("/admin/users/{gerd}")).await.has(&format!("a[href='{base}']")));
        let page = anna.get(&base).await;
        check(&page);
        assert!(page.text.contains("What Gerd Gruen may do") && page.text.contains("create users"), "{}", page.text);
        let link = page.attribute("tbody a", "href");
        let preview = anna.get(&link).await;
        check(&preview);
        assert!(preview.text.contains("Without DelegatedUserAdmin") && preview.text.contains("Bank B Frankfurt"), "{}", preview.text);
        assert_eq!(anna.get(&base).await.text, page.text, "nothing has been changed");
        // Whoever may not take it away sees no link, and gets nothing by the address.
        let mut paul = town.signed_in(daa).await;
        let seen = paul.get(&base).await;
        assert!(!seen.has("tbody a"), "{}", seen.text);
        assert!(paul.get(&link).await.status.is_client_error());
        // DA-34: of a role for two applications the one that he administers is named, and the other one counted.
        town.give(gerd, "ApplicationAccessAdmin", town.frankfurt, &[town.imas, town.casper]).await;
        let seen = paul.get(&base).await;
        assert!(seen.text.contains("IMAS, 1 other application") && !seen.text.contains("CASPER"), "{}", seen.text);
        let nobody = "00000000-0000-4000-8000-000000000000";
        assert_eq!(anna.get(&format!("{base}?without={nobody}")).await.status, StatusCode::NOT_FOUND);
    }

    /// I07, I42: whoever manages one authority finds the others of the country; the explanation knows them, the coordinator sees them.
    async fn those_who_reach_a_level_by_its_country_are_named(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let nina = town.person("Nina", "Koch", town.bank_b).await;
        town.give(nina, "NationalCoordinator", town.bank_b, &[]).await;
        let maria = town.person("Maria", "Moser", town.frankfurt).await;
        town.give(maria, "Administrator", town.frankfurt, &[]).await;
        let mut browser = town.signed_in(nina).await;
        let form = browser.get("/admin/levels/new").await.form("/admin/levels/new");
        for name in ["Agency", "Office"] {
            let form = form.clone().set("parent", &town.bank_b.to_string()).set("name", name);
            browser.submit_and_follow(&form).await;
        }
        let named = async |name: &str| crate::portal::managing::named(&town, name).await;
        let (agency, office) = (named("Agency").await, named("Office").await);
        let who = async || {
            let (tx, now) = (&mut town.world.db.reader().await.unwrap(), town.world.clock.now());
            let action = ReadOrganisation { organisation: office }.into();
            let (able, whole) = who_can(tx, &town.app.door, (&action, office), now).await.unwrap();
            assert!(whole);
            able.into_iter().map(|(principal, _)| principal).collect::<Vec<_>>()
        };
        assert!(!who().await.contains(&PrincipalId::Person(maria)), "her authority manages none yet");
        let add = format!("/admin/levels/{agency}/managers/add");
        let form = browser.get(&add).await.form(&add).set("manager", &town.frankfurt.to_string());
        assert_eq!(browser.submit_and_follow(&form).await.status, StatusCode::OK);
        assert!(who().await.contains(&PrincipalId::Person(maria)), "found in the country");
        let page = browser.get(&format!("/admin/levels/{office}/why")).await;
        check(&page);
        assert!(row(&page, "See the authority").contains("Maria Moser"), "{}", page.text);
        assert!(!row(&page, "Change the authority").contains("Maria Moser"), "{}", page.text);
    }
}
