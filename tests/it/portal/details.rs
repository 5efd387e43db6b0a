//! What levels say about themselves, and registering none of them twice.

use axum::http::StatusCode;
use chamberlain::directory::organisation::describe::store as descriptions;
use chamberlain::directory::organisation::store;
use chamberlain::kernel::ids::OrganisationId;

use super::browser::{Answer, Browser, Form};
use super::pages::check;
use super::town::Town;
use crate::support::World;
use crate::support::registrar::registrars;

const NEW: &str = "/admin/levels/new";

/// A town with two registrars, of Bank A and of Bank B.
async fn town(world: World) -> (Town, Browser, Browser) {
    let town = Town::of(world, registrars()).await;
    let (rita, ruth) = (town.person("Rita", "Reg", town.bank_b).await, town.person("Ruth", "Reg", town.bank_a).await);
    town.give(rita, "Registrar", town.bank_b, &[]).await;
    town.give(ruth, "Registrar", town.bank_a, &[]).await;
    let (rita, ruth) = (town.signed_in(rita).await, town.signed_in(ruth).await);
    (town, rita, ruth)
}

async fn filled(browser: &mut Browser, parent: OrganisationId, name: &str) -> Form {
    browser.get(&format!("{NEW}?parent={parent}")).await.form(NEW).set("name", name)
}

async fn children(town: &Town, parent: OrganisationId) -> usize {
    store::list_children(&mut town.world.db.reader().await.unwrap(), parent, 100).await.unwrap().len()
}

fn laboratory(form: Form) -> Form {
    form.set("country", "be")
        .set("id-MFI", "be 0012-x")
        .set("phone", "+32 9 123 45 67")
        .set("address", "Korenmarkt 1\r\n9000 Gent")
        .set("website", "https://lab.example/")
        .set("legal_name-fr", "Laboratoire municipal de Gand")
        .set("informal_title-en", "Food safety")
        .tick("class-institution-type-supervisor", "on")
}

fn says(page: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(page.text.contains(text), "{text}:\n{}", page.text);
    }
}

on_both! {
    /// I13, I14, I16, I44, D10: official name and informal title per language, contact, identifiers, classification from the lists of the
    /// profile: written, shown in the reader's language, changed, and in the log.
    async fn a_level_says_what_it_is_and_how_it_is_reached(world: World) {
        let (town, mut rita, _) = town(world).await;
        let form = laboratory(filled(&mut rita, town.bank_b, "City Laboratory, Ghent").await);
        let page = rita.submit_and_follow(&form).await;
        check(&page);
        says(&page, &["BE0012X", "MFI code", "+3291234567", "Korenmarkt 1, 9000 Gent", "https://lab.example/",
            "Official name (Français)", "Laboratoire municipal de Gand", "Informal title (English)", "Food safety"]);
        let base = page.path.split('?').next().unwrap().to_owned();
        let classes = format!("{base}/classification");
        assert!(page.has(&format!("nav.tabs a[href='{classes}']")));
        let page = rita.get(&classes).await;
        check(&page);
        says(&page, &["Supervisory authority"]);
        assert!(page.has(&format!("nav.tabs a[href='{classes}'][aria-current=page]")));
        let mut german = rita.speaking("de");
        says(&german.get(&classes).await, &["Aufsichtsbehörde", "Art des Instituts"]);
        let edit = format!("{base}/edit");
        let page = german.get(&edit).await;
        check(&page);
        assert!(page.has("#class-institution-type-supervisor[checked]"), "{}", page.text);
        let mut rita = german.speaking("en");
        let form = rita.get(&edit).await.form(&edit);
        let form = form.set("website", "").set("phone", "+3290000000").untick("class-institution-type-supervisor", "on");
        let page = rita.submit_and_follow(&form).await;
        assert!(!page.text.contains("https://lab.example/"), "{}", page.text);
        assert!(!rita.get(&classes).await.text.contains("Supervisory authority"));
        says(&page, &["+3290000000", "BE0012X"]);
        says(&rita.get("/admin/audit").await, &["Details of an authority changed"]);
        // Deleted, nothing of it is left that could be found again.
        let id: OrganisationId = base.rsplit('/').next().unwrap().parse().unwrap();
        assert!(!descriptions::find(&mut town.world.db.reader().await.unwrap(), id).await.unwrap().identifiers.is_empty());
    }

    /// I14, I16, E45: what is wrong stands at its field, and nothing is written.
    async fn mistakes_in_details_are_said_and_nothing_is_written(world: World) {
        let (town, mut rita, _) = town(world).await;
        let before = children(&town, town.bank_b).await;
        let form = laboratory(filled(&mut rita, town.bank_b, "City Laboratory").await);
        for (field, value) in [
            ("phone", "12"), ("website", "javascript:alert(1)"), ("id-MFI", "a;b"), ("name", ""), ("country", "BEL"),
            ("address", "Visit https://evil.example"),
        ] {
            let page = rita.submit(&form.clone().set(field, value)).await;
            assert_eq!(page.status, StatusCode::OK, "{field}");
            check(&page);
            assert!(page.has(&format!("#{field}-error")) && page.has("#website"), "{field}:\n{}", page.text);
        }
        assert_eq!(children(&town, town.bank_b).await, before);
    }

    /// I09, I10, I11: a similar name that the registrar sees is shown before anything is written, with the three things that can be
    /// done instead; whoever means another one goes on.
    async fn a_similar_level_is_shown_with_what_can_be_done_instead(world: World) {
        let (town, mut rita, _) = town(world).await;
        let form = laboratory(filled(&mut rita, town.bank_b, "City Laboratory, Ghent").await);
        let made = rita.submit_and_follow(&form).await;
        let base = made.path.split('?').next().unwrap().to_owned();
        let id = base.rsplit('/').next().unwrap().to_owned();
        let before = children(&town, town.bank_b).await;
        let form = filled(&mut rita, town.bank_b, "City Lab Gent").await;
        let page = rita.submit(&form).await;
        check(&page);
        says(&page, &["is registered already", "City Laboratory, Ghent"]);
        for link in [format!("{base}/modules/new"), format!("/admin/users/new?level={id}"), format!("/admin/users?search=1&level={id}")] {
            assert!(page.has(&format!("main a[href='{link}']")), "{link}:\n{}", page.text);
        }
        assert_eq!(children(&town, town.bank_b).await, before);
        // Another name was not looked at yet.
        let other = page.form(NEW).set("name", "Laboratory of the City of Ghent");
        assert!(rita.submit(&other).await.text.contains("is registered already"));
        let done = rita.submit_and_follow(&page.form(NEW)).await;
        says(&done, &["City Lab Gent"]);
        assert_eq!(children(&town, town.bank_b).await, before + 1);
    }

    /// I09, I10, D8, SC-08: of a level out of sight nothing is said for its name, and for its identifier that it is taken, not by whom; that is
    /// in the log, and few are told in an hour.
    async fn a_level_out_of_sight_is_not_named(world: World) {
        let (town, mut rita, mut ruth) = town(world).await;
        let form = laboratory(filled(&mut rita, town.bank_b, "City Laboratory, Ghent").await);
        rita.submit_and_follow(&form).await;
        let before = children(&town, town.bank_a).await;
        let taken = filled(&mut ruth, town.bank_a, "Something else").await.set("id-MFI", "BE0012X");
        let page = ruth.submit(&taken).await;
        says(&page, &["belongs to an authority that is registered already"]);
        assert!(!page.text.contains("Ghent") && page.has("#lei-error"), "{}", page.text);
        // Whoever sees it is told whose it is.
        let form = filled(&mut rita, town.bank_b, "Something else").await.set("id-MFI", "BE0012X");
        let page = rita.submit(&form).await;
        says(&page, &["belongs to “City Laboratory, Ghent”"]);
        for _ in 1..30 {
            assert!(ruth.submit(&taken).await.text.contains("registered already"));
        }
        for value in ["BE0012X", "FREE1"] {
            let page = ruth.submit(&taken.clone().set("id-MFI", value)).await;
            says(&page, &["Go on in an hour"]);
        }
        assert_eq!(children(&town, town.bank_a).await, before);
        // The same name elsewhere: as if there were no other.
        let form = filled(&mut ruth, town.bank_a, "City Laboratory, Ghent").await;
        let page = ruth.submit_and_follow(&form).await;
        says(&page, &["City Laboratory, Ghent"]);
        let mut olga = town.signed_in(town.operator().await).await;
        says(&olga.get("/admin/audit").await, &["Asked for an identifier of an authority out of sight"]);
    }
}
