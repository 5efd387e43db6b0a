//! Authorities that manage each other, as people use it: management information, adding and removing, what is listed.

use axum::http::StatusCode;
use chamberlain::directory::organisation::{search_store, store};
use chamberlain::kernel::ids::OrganisationId;

use super::browser::{Browser, Form};
use super::pages::check;
use super::town::Town;

/// The level of this name.
pub async fn named(town: &Town, name: &str) -> OrganisationId {
    let tx = &mut town.world.db.reader().await.unwrap();
    let scope = chamberlain::authority::Scope::Everywhere;
    let search = search_store::Search { scope, name: name.to_owned(), parent: None };
    search_store::list(tx, &search, 10, 0).await.unwrap().into_iter().find(|one| one.name == name).unwrap().id
}

async fn register(town: &Town, browser: &mut Browser, name: &str) -> OrganisationId {
    let form = browser.get("/admin/levels/new").await.form("/admin/levels/new");
    let form = form.set("parent", &town.bank_b.to_string()).set("name", name);
    let page = browser.submit_and_follow(&form).await;
    assert!(page.text.contains(name), "{}", page.text);
    named(town, name).await
}

on_both! {
    /// I39–I42, I47, I49–I51, I56: registered by the coordinator, found in the country, added by oneself, removed but for the last one.
    async fn access_managers_are_seen_added_and_removed(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let nina = town.person("Nina", "Koch", town.bank_b).await;
        town.give(nina, "NationalCoordinator", town.bank_b, &[]).await;
        let mut nina = town.signed_in(nina).await;
        let ministry = register(&town, &mut nina, "Ministry").await;
        let agency = register(&town, &mut nina, "Agency").await;
        let office = register(&town, &mut nina, "Office").await;
        let maria = town.person("Maria", "Moser", ministry).await;
        town.give(maria, "Administrator", ministry, &[]).await;
        let anton = town.person("Anton", "Adler", agency).await;
        town.give(anton, "Administrator", agency, &[]).await;

        let base = format!("/admin/levels/{agency}/managers");
        assert!(nina.get(&format!("/admin/levels/{agency}")).await.has(&format!("a[href='{base}']")));
        let page = nina.get(&base).await;
        check(&page);
        assert!(page.text.contains("Bank B") && page.text.contains("Anton Adler") && page.text.contains("Administrator"), "{}", page.text);
        let add = format!("{base}/add");
        let page = nina.get(&add).await;
        check(&page);
        let form = page.form(&add).set("manager", &ministry.to_string());
        let page = nina.submit_and_follow(&form).await;
        assert!(page.text.contains("The Access Manager has been added") && page.text.contains("Ministry"), "{}", page.text);
        let again = nina.submit(&form).await;
        assert!(again.text.contains("an Access Manager of this authority already"), "{}", again.text);
        // E49: whom to ask for access, one's own first and whoever manages the authority as well.
        let ada = town.person("Ada", "Amt", agency).await;
        let access = town.signed_in(ada).await.get("/access").await;
        let (own, other) = (access.text.find("Anton Adler").unwrap(), access.text.find("Maria Moser").unwrap());
        assert!(own < other, "{}", access.text);

        // What Maria manages, and what she finds in her country when she asks for it.
        let mut maria = town.signed_in(maria).await;
        let mine = maria.get("/admin/levels").await;
        check(&mine);
        assert!(mine.text.contains("Agency") && !mine.text.contains("Office"), "{}", mine.text);
        let all = maria.get("/admin/levels?mine=no").await;
        assert!(all.text.contains("Agency") && all.text.contains("Office") && !all.text.contains("Bank A"), "{}", all.text);
        // Whose people she does not see, of those not even the number.
        let people = |level| format!("a[href='/admin/users?search=1&level={level}']");
        assert!(all.has(&people(agency)) && !all.has(&people(office)), "{}", all.text);
        let edit = format!("/admin/levels/{office}/edit");
        assert_eq!(maria.get(&edit).await.status, StatusCode::FORBIDDEN, "found, not managed");
        let add = format!("/admin/levels/{office}/managers/add");
        let form = maria.get(&add).await.form(&add).set("manager", &ministry.to_string());
        assert_eq!(maria.submit_and_follow(&form).await.status, StatusCode::OK);
        assert_eq!(maria.get(&edit).await.status, StatusCode::OK);
        assert!(maria.get("/admin/levels").await.text.contains("Office"));
        assert!(maria.get("/admin/scope").await.text.contains("the 2 authorities that it manages"));

        // What stands above hers she finds, and cannot make hers.
        let above = format!("/admin/levels/{}/managers", town.bank_b);
        assert!(!maria.get(&above).await.has(&format!("a[href='{above}/add']")));
        let forged = Form { action: format!("{above}/add"), ..form.clone() };
        let refused = maria.submit(&forged).await;
        check(&refused);
        assert!(refused.text.contains("An authority cannot manage one that it belongs to"), "{}", refused.text);

        // The explanation says by what she changes one that she manages, and finds one that she does not.
        let why = maria.get(&format!("/admin/levels/{agency}/why")).await;
        check(&why);
        assert!(why.text.contains("Administrator of Ministry, which is its Access Manager, given by the console"), "{}", why.text);
        let found = register(&town, &mut nina, "Bureau").await;
        let why = maria.get(&format!("/admin/levels/{found}/why")).await;
        assert!(why.text.contains(", for all of its country") && !why.text.contains("which is its"), "{}", why.text);
        let own = maria.get(&format!("/admin/levels/{ministry}/why")).await;
        assert!(!own.text.contains("for all of its country") && !own.text.contains("which is its"), "{}", own.text);

        // Also one below hers, where her role alone would not reach.
        let form = nina.get("/admin/levels/new").await.form("/admin/levels/new");
        nina.submit_and_follow(&form.set("parent", &ministry.to_string()).set("name", "Annex")).await;
        let annex = named(&town, "Annex").await;
        let add = format!("/admin/levels/{annex}/managers/add");
        let form = nina.get(&add).await.form(&add).set("manager", &ministry.to_string());
        nina.submit_and_follow(&form).await;
        let why = maria.get(&format!("/admin/levels/{annex}/why")).await;
        assert!(why.text.contains("Administrator of Ministry, which is its Access Manager"), "{}", why.text);

        // Removed, but for the last one.
        let remove = format!("{base}/{}", town.bank_b);
        let page = maria.get(&remove).await;
        check(&page);
        assert_eq!(maria.submit_and_follow(&page.form(&remove)).await.status, StatusCode::OK);
        let last = format!("{base}/{ministry}");
        let page = maria.get(&last).await;
        check(&page);
        assert!(page.text.contains("the last one") && !page.has("main button.danger"), "{}", page.text);

        // Who administers the agency alone sees who manages it, and changes nothing of that (D8).
        let mut anton = town.signed_in(anton).await;
        let page = anton.get(&base).await;
        assert!(page.text.contains("Ministry") && !page.has(&format!("a[href='{base}/add']")), "{}", page.text);
        assert_eq!(anton.get(&last).await.status, StatusCode::FORBIDDEN);
        assert_eq!(anton.get(&format!("/admin/levels/{office}/managers")).await.status, StatusCode::NOT_FOUND);
        assert!(anton.get("/admin/audit").await.text.contains("Access Manager removed"));
        let tx = &mut town.world.db.reader().await.unwrap();
        assert!(store::find(tx, office).await.unwrap().is_some());
    }

    /// I12, I30, I32: an Access Manager puts new authorities where those of its country stand, and not below one that others look after; it
    /// invites in its own name.
    async fn an_access_manager_invites_in_its_own_name_and_into_its_country(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let nina = town.person("Nina", "Koch", town.bank_b).await;
        town.give(nina, "NationalCoordinator", town.bank_b, &[]).await;
        let mut nina = town.signed_in(nina).await;
        let ministry = register(&town, &mut nina, "Ministry").await;
        let office = register(&town, &mut nina, "Office").await;
        let maria = town.person("Maria", "Moser", ministry).await;
        town.give(maria, "Administrator", ministry, &[]).await;
        let mut maria = town.signed_in(maria).await;
        // She manages nothing yet: nothing of hers to begin with.
        assert_eq!(maria.get("/admin/invitations/new").await.status, StatusCode::FORBIDDEN);
        let agency = register(&town, &mut nina, "Agency").await;
        let add = format!("/admin/levels/{agency}/managers/add");
        let form = nina.get(&add).await.form(&add).set("manager", &ministry.to_string());
        nina.submit_and_follow(&form).await;
        for page in ["/admin/invitations/new", "/admin/levels/new", "/admin/levels/register/new"] {
            let form = maria.get(&format!("{page}?parent={office}")).await;
            check(&form);
            let offers = |level: OrganisationId| form.has(&format!("select[name=parent] option[value='{level}']"));
            assert!(offers(town.bank_b), "{page}: {}", form.text);
            assert!(!offers(office) && !offers(agency) && !offers(town.bank_a), "{page}: {}", form.text);
        }
        let below = |level: OrganisationId| format!("a[href='/admin/levels/new?parent={level}']");
        assert!(!maria.get(&format!("/admin/levels/{office}")).await.has(&below(office)));
        assert!(maria.get(&format!("/admin/levels/{}", town.bank_b)).await.has(&below(town.bank_b)));
        let form = maria.get("/admin/invitations/new").await.form("/admin/invitations/new");
        let form = form.set("proposed_name", "Lab").set("email", "lab@city.example").set("parent", &town.bank_b.to_string());
        maria.submit_and_follow(&form).await;
        let mails = town.sent().await;
        let (_, mail) = mails.iter().rfind(|(to, _)| to == "lab@city.example").unwrap();
        assert!(mail.contains("“Ministry” invites") && !mail.contains("Bank B"), "{mail}");
    }

    /// D8: where organisations do not manage each other there is no such page.
    async fn without_access_managers_there_is_no_management_information(world: World) {
        let town = Town::build(world).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/levels/{}", town.frankfurt);
        assert!(!olga.get(&base).await.text.contains("Management information"));
        assert_eq!(olga.get(&format!("{base}/managers")).await.status, StatusCode::NOT_FOUND);
    }
}
