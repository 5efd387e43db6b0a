//! Modules that somebody proposed, among the tasks of whoever grants them (I71, I72).

use axum::http::StatusCode;
use chamberlain::directory::module::model::Coordinators;
use chamberlain::kernel::ids::{ApplicationId, OrganisationId};
use scraper::ElementRef;

use super::browser::{Answer, Browser, selector};
use super::pages::check;
use super::town::Town;
use crate::support::Modules;

/// The heading of the table.
const TITLE: &str = "Modules that were proposed";

/// Somebody with a role, signed in.
async fn holder(town: &Town, given: &str, role: &str, (level, over): (OrganisationId, &[ApplicationId])) -> Browser {
    let person = town.person(given, "Koch", level).await;
    town.give(person, role, level, over).await;
    town.signed_in(person).await
}

/// What the table has: where each of its rows leads, and how many wait there.
fn waiting(page: &Answer) -> Vec<(String, String)> {
    let (html, rows) = (page.html(), selector("main tbody tr"));
    let (link, number) = (selector("th a[href^='/admin/modules/']"), selector("td"));
    let read = |row: ElementRef<'_>| {
        let leads = row.select(&link).next()?.value().attr("href")?.to_owned();
        let waits: String = row.select(&number).next()?.text().collect();
        Some((leads, waits.trim().to_owned()))
    };
    html.select(&rows).filter_map(read).collect()
}

on_both! {
    /// I71, I72, D8: in the profile of authorities whoever registers them proposes them for a module and cannot grant it; whoever grants finds
    /// under My Tasks how many within their reach wait, and the coordinator of another country or the delegate of another module nothing;
    /// granted or declined, they wait no more.
    async fn i72_what_is_proposed_waits_under_my_tasks_of_who_grants(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.ask(town.imas).await;
        modules.ask(town.casper).await;
        let mut rosa = holder(&town, "Rosa", "RegistrationDelegate", (town.bank_b, &[])).await;
        let mut nina = holder(&town, "Nina", "NationalCoordinator", (town.bank_b, &[])).await;
        let mut francine = holder(&town, "Francine", "NationalCoordinator", (town.bank_a, &[])).await;
        let mut max = holder(&town, "Max", "ModuleDelegate", (town.frankfurt, &[town.imas])).await;
        let mut mia = holder(&town, "Mia", "ModuleDelegate", (town.bank_b, &[town.casper])).await;
        for browser in [&mut nina, &mut max] {
            assert!(!browser.get("/tasks").await.text.contains(TITLE), "nothing waits yet");
        }

        let base = format!("/admin/modules/{}", town.imas);
        let choose = format!("{base}/choose");
        assert!(rosa.get("/").await.has("nav.menu a[href='/admin/modules']"));
        let page = rosa.get(&choose).await;
        assert!(page.has("option[value='propose']") && !page.has("option[value='grant']"), "{}", page.text);
        let form = page.form(&choose).tick(&format!("level-{}", town.bank_b), "on");
        let form = form.tick(&format!("level-{}", town.frankfurt), "on");
        assert_eq!(rosa.submit(&form.clone().set("verb", "grant")).await.status, StatusCode::FORBIDDEN);
        assert!(modules.find((town.frankfurt, town.imas)).await.is_none());
        assert!(rosa.submit_and_follow(&form.set("verb", "propose")).await.text.contains("have been proposed"));

        let link = format!("{base}?standing=proposed");
        let tasks = nina.get("/tasks").await;
        assert!(tasks.text.contains(TITLE) && tasks.text.contains("Authorities that wait"), "{}", tasks.text);
        assert_eq!(waiting(&tasks), [(link.clone(), "2".to_owned())]);
        assert_eq!(waiting(&max.get("/tasks").await), [(link.clone(), "1".to_owned())], "of his own place");
        assert!(max.get("/").await.has("nav.menu a[href='/tasks']"), "found without a mail");
        for (browser, why) in [(&mut francine, "another country"), (&mut mia, "another module"), (&mut rosa, "grants nothing")] {
            let tasks = browser.get("/tasks").await;
            assert_eq!(tasks.status, StatusCode::OK);
            assert!(!tasks.text.contains(TITLE) && waiting(&tasks).is_empty(), "{why}: {}", tasks.text);
        }
        for language in ["de", "fr", "en"] {
            nina = nina.speaking(language);
            let tasks = nina.get("/tasks").await;
            check(&tasks);
            assert_eq!(waiting(&tasks).len(), 1, "{}", tasks.text);
        }
        modules.rule(town.imas, false, Coordinators::Optional).await;
        assert!(waiting(&nina.get("/tasks").await).is_empty(), "no access is asked for any more");
        modules.ask(town.imas).await;

        assert!(nina.get(&link).await.text.contains("<title>IMAS (2)"), "the link leads to them");
        let form = nina.get(&format!("{choose}?standing=proposed")).await.form(&choose);
        let granting = form.clone().tick(&format!("level-{}", town.frankfurt), "on").set("verb", "grant");
        assert!(nina.submit_and_follow(&granting).await.text.contains("has been granted"));
        assert!(modules.find((town.frankfurt, town.imas)).await.is_some());
        assert_eq!(waiting(&nina.get("/tasks").await), [(link, "1".to_owned())]);
        assert!(!max.get("/tasks").await.text.contains(TITLE), "granted, it waits no more");
        let declining = form.tick(&format!("level-{}", town.bank_b), "on").set("verb", "decline");
        assert!(nina.submit_and_follow(&declining).await.text.contains("declined"));
        assert!(!nina.get("/tasks").await.text.contains(TITLE), "nor what was declined");
    }
}
