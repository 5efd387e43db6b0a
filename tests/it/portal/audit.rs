//! The audit log: filters in the address, pages that skip nothing, exports, and nothing from outside the reader's scope.

use axum::http::{StatusCode, header};
use chamberlain::audit::{self, Event, Kind, Subject};
use chamberlain::db::{self, transact};
use chamberlain::kernel::ids::{
    ApplicationId, ClientId, EnvironmentId, FamilyId, GroupId, KeyId, NominationId, OrganisationId, ProjectId,
    RoleAssignmentId, SessionId, SignInId, UserId,
};

use super::browser::{Answer, selector};
use super::town::Town;

fn rows(page: &Answer) -> usize {
    page.html().select(&selector("tbody tr")).count()
}

fn link(page: &Answer, wanted: &str) -> String {
    let html = page.html();
    let found = html.select(&selector(wanted)).next().unwrap_or_else(|| panic!("no {wanted}:\n{}", page.text));
    found.value().attr("href").unwrap().to_owned()
}

/// An application's members come and go in two banks, so that there is something to keep apart.
async fn busy(town: &Town) {
    let (_, daa, fred) = town.staff().await;
    let mut paul = town.signed_in(daa).await;
    let address = format!("/admin/users/{fred}/memberships");
    let form = paul.get(&address).await.form(&address).tick("groups[]", &town.imas_user.to_string());
    paul.submit_and_follow(&form).await;
    let both = town.person("Cora", "Casper", town.bank_b).await;
    town.give(both, "ApplicationAccessAdmin", town.bank_b, &[town.casper]).await;
    let mut cora = town.signed_in(both).await;
    let form = cora.get(&address).await.form(&address).tick("groups[]", &town.casper_user.to_string());
    cora.submit_and_follow(&form).await;
    let admin = town.person("Alf", "Anders", town.bank_a).await;
    town.give(admin, "DelegatedUserAdmin", town.bank_a, &[]).await;
    let mut alf = town.signed_in(admin).await;
    let form = alf
        .get("/admin/users/new")
        .await
        .form("/admin/users/new")
        .set("given_name", "Xaver")
        .set("family_name", "Fremd");
    alf.submit_and_follow(&form.set("email", "xaver@example.org").set("phone", "+49691234567")).await;
}

on_both! {
    /// I48, DA-42: a delegate reads what happened in their scope, for the applications they administer, and nothing else; the same
    /// holds for the export, whatever the address asks for.
    async fn da_42_a_delegate_reads_only_their_scope(world: World) {
        let town = Town::build(world).await;
        busy(&town).await;
        let people = town.find("Paul").await;
        let mut paul = town.signed_in(people).await;
        for path in ["/admin/audit".to_owned(), "/admin/audit.csv".to_owned(), format!("/admin/audit?level={}", town.bank_a), format!("/admin/audit.csv?level={}", town.bank_a)] {
            let page = paul.get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            for hidden in ["Xaver", "Fremd", "Alf Anders", "Bank A", "CASPER_WEB_DATA_SUBMITTER"] {
                assert!(!page.text.contains(hidden), "{path} shows {hidden}:\n{}", page.text);
            }
        }
        let page = paul.get("/admin/audit").await;
        assert!(page.text.contains("IMAS_PORTAL_USER") && page.text.contains("Fred Perry"));
        let mut olga = town.signed_in(town.operator().await).await;
        let all = olga.get("/admin/audit").await.text;
        assert!(["Xaver Fremd", "CASPER_WEB_DATA_SUBMITTER", "Bank A"].iter().all(|seen| all.contains(seen)), "{all}");
        let mut fred = town.signed_in(town.find("Fred").await).await;
        assert_eq!(fred.get("/admin/audit").await.status, StatusCode::FORBIDDEN);
    }

    /// Filters stand in the address and can be taken away one by one.
    async fn filters_are_in_the_address(world: World) {
        let town = Town::build(world).await;
        busy(&town).await;
        let mut olga = town.signed_in(town.operator().await).await;
        let all = rows(&olga.get("/admin/audit").await);
        let page = olga.get("/admin/audit?kind=membership.assigned").await;
        assert!(rows(&page) == 2 && page.has("#kind option[value='membership.assigned'][selected]"), "{}", page.text);
        assert_eq!(rows(&olga.get(&format!("/admin/audit?kind=membership.assigned&level={}", town.bank_a)).await), 0);
        assert_eq!(rows(&olga.get("/admin/audit?until=2026-11-22").await), 0);
        assert_eq!(rows(&olga.get("/admin/audit?since=2026-11-23&until=2026-11-23").await), all);
        assert_eq!(rows(&olga.get("/admin/audit?channel=scim").await), 0);
        let cora = town.find("Cora").await;
        let page = olga.get(&format!("/admin/audit?actor={cora}")).await;
        assert!(rows(&page) == 1 && page.text.contains("By Cora Casper"), "{}", page.text);
        assert_eq!(rows(&olga.get(&link(&page, ".chips a")).await), all);
        assert!(page.has(&format!("form input[type=hidden][name=actor][value='{cora}']")), "a further search keeps it");
    }

    /// Everything in this world happens in one instant: pages neither skip nor repeat what did.
    async fn pages_of_one_instant_neither_skip_nor_repeat(world: World) {
        let town = Town::build(world).await;
        let (dua, _, _) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        for number in 0..60 {
            let form = anna.get("/admin/users/new").await.form("/admin/users/new").set("given_name", "Nr").set("family_name", &format!("N{number:02}"));
            anna.submit(&form.set("email", &format!("n{number}@example.org")).set("phone", "+49691234567")).await;
        }
        let first = anna.get("/admin/audit?kind=user.created").await;
        let second = anna.get(&link(&first, ".after a[rel=next]")).await;
        assert_eq!((rows(&first), rows(&second)), (50, 10));
        let names = |page: &Answer| {
            let text = page.text.clone();
            (0..60).filter(|n| text.contains(&format!("Nr N{n:02}"))).collect::<Vec<_>>()
        };
        let mut seen = [names(&first), names(&second)].concat();
        seen.sort_unstable();
        assert_eq!(seen, (0..60).collect::<Vec<_>>());
        assert!(!second.has(".after a[rel=next]"));
    }

    /// E12, DA-41: exports hold what the list holds, for whoever asks at that moment; that they were taken is in the log.
    async fn da_41_exports_are_scoped_and_recorded(world: World) {
        let town = Town::build(world).await;
        busy(&town).await;
        let dua = town.find("Anna").await;
        let mut anna = town.signed_in(dua).await;
        let answer = anna.get("/admin/users.csv?search=1&sub_levels=on").await;
        assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(answer.text.contains("Perry") && !answer.text.contains("Fremd") && !answer.text.contains("Anders"));
        let elsewhere = anna.get(&format!("/admin/users.csv?search=1&sub_levels=on&level={}", town.bank_a)).await;
        assert!(elsewhere.status == StatusCode::NOT_FOUND && !elsewhere.text.contains("Fremd"), "not others in their place: {}", elsewhere.text);
        let hidden = format!("level={}&level_name=zzz", town.bank_a);
        for no_level in ["level=nonsense", "level_name=zzz", &hidden] {
            let answer = anna.get(&format!("/admin/users.csv?search=1&sub_levels=on&{no_level}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{no_level}");
        }
        // The page says which level it shows instead, and exports that one.
        let page = anna.get(&format!("/admin/users?search=1&sub_levels=on&level={}", town.bank_a)).await;
        let export = page.attribute("a[href^='/admin/users.csv']", "href");
        let answer = anna.get(&export).await;
        assert!(answer.status == StatusCode::OK && answer.text.contains("Perry"), "{export}: {}", answer.text);
        assert!(anna.get("/admin/audit").await.text.contains("List exported"));
        town.take_away(dua).await;
        for path in ["/admin/users.csv?search=1", "/admin/audit.csv"] {
            let status = anna.get(path).await.status;
            assert!(status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN, "{path}: the role has ended: {status}");
        }
    }

    /// Events are offered in the order of their texts, in every language; what was done to a role says which and whose, and
    /// everything that can be a subject has a word.
    async fn events_are_in_words_and_in_the_order_of_words(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        let address = format!("/admin/users/{fred}/edit");
        let form = anna.get(&address).await.form(&address);
        anna.submit_and_follow(&form.tick("roles[]", "role-DelegatedUserAdmin")).await;
        let ctx = town.world.ctx();
        let id = ctx.uuid();
        let subjects = [
            Subject::User(UserId(id)),
            Subject::Organisation(OrganisationId(id)),
            Subject::Application(ApplicationId(id)),
            Subject::Environment(EnvironmentId(id)),
            Subject::Group(GroupId(id)),
            Subject::Client(ClientId(id)),
            Subject::RoleAssignment(RoleAssignmentId(id)),
            Subject::Session(SessionId(id)),
            Subject::SignIn(SignInId(id)),
            Subject::Family(FamilyId(id)),
            Subject::Key(KeyId(id)),
            Subject::Nomination(NominationId(id)),
            Subject::Project(ProjectId(id)),
        ];
        let done: db::Result<()> = transact!(town.world.db, tx => {
            for subject in subjects {
                audit::record(tx, &ctx, None, Event::new(Kind::SignInFailed, subject)).await?;
            }
            Ok(())
        });
        done.unwrap();
        let operator = town.operator().await;
        for (language, whose, first) in [("en", "DelegatedUserAdmin of Fred Perry", "A permission"), ("de", "DelegatedUserAdmin von Fred Perry", "Ä"), ("fr", "DelegatedUserAdmin de Fred Perry", "")] {
            let page = town.signed_in(operator).await.speaking(language).get("/admin/audit").await;
            assert!(!page.text.contains('⟦'), "{language}: {}", page.text.split('⟦').nth(1).unwrap_or_default());
            assert!(page.text.contains(whose), "{language}: {}", page.text);
            assert_eq!(page.text.matches("DelegatedUserAdmin").count(), 1, "once: {}", page.text);
            let html = page.html();
            let shown: Vec<String> = html.select(&selector("#kind option")).skip(1).map(|option| option.text().collect()).collect();
            let plain = |text: &String| text.to_lowercase().replace(['ä', 'à'], "a").replace(['é', 'è', 'ê'], "e").replace('ü', "u").replace('ö', "o");
            assert!(shown.len() > 40 && shown.iter().map(plain).is_sorted(), "{language}: {shown:?}");
            assert!(first.is_empty() || shown.iter().take(10).any(|text| text.starts_with(first)), "{language}: {shown:?}");
        }
    }
}
