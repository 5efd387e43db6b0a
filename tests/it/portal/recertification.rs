//! Recertification on the pages: what is offered, ticked, kept and removed (D3, D8, D11).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::delegation::recertification::clock;
use chamberlain::delegation::recertification::model::Rules;
use chamberlain::delegation::store as roles;
use chamberlain::directory::membership;
use chamberlain::kernel::ids::{GroupId, PrincipalId, RoleAssignmentId, UserId};

use super::pages::check;
use super::town::Town;
use crate::support::Nested;

const RULES: Rules =
    Rules { every: Duration::from_hours(365 * 24), lasts: Duration::from_hours(30 * 24), memberships: true };

async fn role_of(town: &Town, user: UserId) -> Option<RoleAssignmentId> {
    let tx = &mut town.world.db.reader().await.unwrap();
    roles::list_of(tx, PrincipalId::Person(user)).await.unwrap().first().map(|role| role.id)
}

async fn membership_of(town: &Town, user: UserId, group: GroupId) -> Option<String> {
    let tx = &mut town.world.db.reader().await.unwrap();
    membership::store::find(tx, user, group).await.unwrap().map(|found| found.id.to_string())
}

/// Everybody who holds something at Bank B and below is asked about.
async fn ask(town: &Town) {
    town.world.clock.advance(Duration::from_secs(1));
    let ctx = town.world.ctx_of(PrincipalId::Console);
    let opened = clock::open_under(&town.world.db, &town.app.door, RULES, (town.bank_b, true), &ctx).await;
    assert_eq!(opened.unwrap(), 3);
}

on_both! {
    /// D3, D8, D11: a user administrator sees the roles that wait, confirms many of others at once, and neither their own nor one that
    /// somebody else gives; what is removed is gone at once.
    async fn an_administrator_confirms_the_roles_of_others(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, _) = town.staff().await;
        let [gina, hans, rosa] = [
            town.person("Gina", "Low", town.frankfurt).await,
            town.person("Hans", "Low", town.frankfurt).await,
            town.person("Rosa", "Low", town.frankfurt).await,
        ];
        for person in [gina, hans, rosa] {
            town.give(person, "DelegatedUserAdmin", town.frankfurt, &[]).await;
        }
        let mut anna = town.signed_in(dua).await;
        assert!(!anna.get("/tasks").await.has("main a[href='/tasks/recertification']"), "nothing waits yet");
        ask(&town).await;
        let [ginas, hanss, rosas, own, access] = [
            role_of(&town, gina).await.unwrap(),
            role_of(&town, hans).await.unwrap(),
            role_of(&town, rosa).await.unwrap(),
            role_of(&town, dua).await.unwrap(),
            role_of(&town, daa).await.unwrap(),
        ];
        assert!(anna.get("/").await.has("nav.menu a[href='/tasks']"), "found without a mail");
        let page = anna.get("/tasks").await;
        check(&page);
        assert!(page.has("main a[href='/tasks/recertification']"), "{}", page.text);
        assert!(!page.has("main a[href='/tasks/recertification/memberships']"), "she gives none");
        let page = anna.get("/tasks/recertification").await;
        check(&page);
        for (role, offered) in [(ginas, true), (hanss, true), (rosas, true), (own, false), (access, false)] {
            assert_eq!(page.has(&format!("input[type=checkbox][name='one-{role}']")), offered, "{}", page.text);
        }
        assert!(page.text.contains("Anna Berg") && page.text.contains("Paul Ito"), "named for somebody else");
        assert_eq!(anna.get("/tasks/recertification/memberships").await.status, StatusCode::NOT_FOUND);

        let form = page.form("/tasks/recertification");
        let kept = form.clone().tick(&format!("one-{ginas}"), "on").tick(&format!("one-{hanss}"), "on").set("verb", "keep");
        let page = anna.submit_and_follow(&kept).await;
        assert!(page.text.contains("What you ticked has been confirmed"), "{}", page.text);
        assert!(!page.has(&format!("input[name='one-{ginas}']")) && !page.has(&format!("input[name='one-{hanss}']")));
        assert!(page.has(&format!("input[name='one-{rosas}']")));
        // By a form that was never offered.
        let forged = form.clone().tick(&format!("one-{own}"), "on").tick(&format!("one-{rosas}"), "on").set("verb", "keep");
        assert!(anna.submit(&forged).await.status.is_client_error(), "nobody confirms their own");
        assert!(anna.get("/tasks/recertification").await.has(&format!("input[name='one-{rosas}']")), "nothing was changed");

        let removed = form.tick(&format!("one-{rosas}"), "on").set("verb", "remove");
        let page = anna.submit_and_follow(&removed).await;
        assert!(page.text.contains("What you ticked has been removed"), "{}", page.text);
        assert_eq!(role_of(&town, rosa).await, None);
        assert!(role_of(&town, gina).await.is_some());

        // The last holder is not taken by a tick.
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get("/tasks/recertification").await;
        let last = page.form("/tasks/recertification").tick(&format!("one-{own}"), "on").set("verb", "remove");
        let page = olga.submit(&last).await;
        assert!(page.text.contains("last holder of a role that somebody must hold"), "{}", page.text);
        assert!(role_of(&town, dua).await.is_some());
    }

    /// D2, D8: an access administrator sees and decides the memberships of their applications, and no others.
    async fn an_access_administrator_confirms_memberships_of_their_applications(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let bert = town.person("Bert", "Other", town.bank_a).await;
        for (user, group) in [(fred, town.imas_user), (fred, town.casper_user), (bert, town.imas_user), (daa, town.imas_user)] {
            town.join(user, group).await;
        }
        let carl = town.person("Carl", "Both", town.frankfurt).await;
        town.give(carl, "ApplicationAccessAdmin", town.frankfurt, &[town.imas, town.casper]).await;
        let nested = Nested::of(&town.world, &town.app.door);
        let readers = nested.beside(town.imas_user, "IMAS_READERS", false).await;
        nested.nest(readers, town.imas_user).await.unwrap();
        ask(&town).await;
        let mut paul = town.signed_in(daa).await;
        let roles = paul.get("/tasks/recertification").await;
        check(&roles);
        assert!(roles.text.contains("Carl Both") && roles.text.contains("IMAS") && !roles.text.contains("CASPER"), "DA-34: {}", roles.text);
        let page = paul.get("/tasks/recertification/memberships").await;
        check(&page);
        let id = membership_of(&town, fred, town.imas_user).await.unwrap();
        let own = membership_of(&town, daa, town.imas_user).await.unwrap();
        assert!(page.has(&format!("input[name='one-{id}']")), "{}", page.text);
        assert!(page.text.contains("Gives as well: IMAS_READERS"), "D13: what a membership gives goes with it: {}", page.text);
        assert!(!page.has(&format!("input[name='one-{own}']")) && page.text.contains("Paul Ito"));
        for hidden in ["CASPER", "Bert"] {
            assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
        }
        let form = page.form("/tasks/recertification/memberships");
        let casper = membership_of(&town, fred, town.casper_user).await.unwrap();
        let forged = form.clone().tick(&format!("one-{casper}"), "on").set("verb", "remove");
        let page = paul.submit_and_follow(&forged).await;
        assert!(page.text.contains("Nothing was chosen"), "what is out of sight is not there: {}", page.text);
        assert!(membership_of(&town, fred, town.casper_user).await.is_some());
        let page = paul.submit_and_follow(&form.tick(&format!("one-{id}"), "on").set("verb", "remove")).await;
        assert!(page.text.contains("What you ticked has been removed"), "{}", page.text);
        assert!(membership_of(&town, fred, town.imas_user).await.is_none());
        assert!(membership_of(&town, bert, town.imas_user).await.is_some());
    }
}
