//! Module access on the pages of levels and of memberships.

use axum::http::StatusCode;
use chamberlain::directory::membership::access_store;
use chamberlain::directory::module::model::{Coordinators, ModuleKind, ModuleStatus};
use chamberlain::kernel::ids::PrincipalId;

use super::browser::Form;
use super::town::Town;
use crate::support::Modules;

on_both! {
    /// I24, I25, I53, I74–I77, D2, D9: granted with a role, suspended after a question, given back; whoever gives access
    /// sees why they cannot, and keeps what is there.
    async fn module_access_is_granted_suspended_and_given_back(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/levels/{}", town.frankfurt);
        assert_eq!(olga.get(&format!("{base}/modules")).await.status, StatusCode::NOT_FOUND, "nobody asks for it");
        let edit = format!("/admin/applications/{}/edit", town.imas);
        let form = olga.get(&edit).await.form(&edit).tick("module_access", "on").set("linked_coordinators", "optional");
        assert!(olga.submit_and_follow(&form).await.text.contains("Module access required"));

        let memberships = format!("/admin/users/{fred}/memberships");
        let mut paul = town.signed_in(daa).await;
        let page = paul.get(&memberships).await;
        assert!(page.has(&format!("#g-{}[disabled]", town.imas_user)) && page.text.contains("has no access to this module"), "{}", page.text);
        let forged = page.form(&memberships).tick("groups[]", &town.imas_user.to_string());
        assert_eq!(paul.submit(&forged).await.status, StatusCode::FORBIDDEN);

        let address = format!("{base}/modules/new");
        assert!(olga.get(&base).await.has(&format!("nav.tabs a[href='{base}/modules']")));
        assert!(olga.get(&format!("{base}/modules")).await.has(&format!("a[href='{address}']")));
        let form = olga.get(&address).await.form(&address).set("kind", "authority");
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("has been granted") && page.text.contains("Authority"), "{}", page.text);
        assert_eq!(olga.submit(&form).await.status, StatusCode::CONFLICT, "twice");
        let form = paul.get(&memberships).await.form(&memberships).tick("groups[]", &town.imas_user.to_string());
        assert!(paul.submit_and_follow(&form).await.text.contains("IMAS_PORTAL_USER"));

        let module = format!("{base}/modules/{}", town.imas);
        let status = format!("{module}/status");
        assert!(olga.get(&module).await.has(&format!("a[href='{status}']")));
        let page = olga.get(&status).await;
        assert!(page.text.contains("only complete what is under way"));
        assert_eq!(olga.submit(&page.form(&status).set("to", "nonsense")).await.status, StatusCode::BAD_REQUEST);
        let page = olga.submit_and_follow(&page.form(&status)).await;
        assert!(page.text.contains("has been suspended") && page.text.contains("Suspended"));
        // Saved as it is, it stays; and it can be taken away.
        let page = paul.get(&memberships).await;
        assert!(page.text.contains("nobody can be added") && page.has(&format!("#g-{}[checked]:not([disabled])", town.imas_user)));
        let form = page.form(&memberships);
        assert!(paul.submit_and_follow(&form).await.text.contains("IMAS_PORTAL_USER"));
        let later = form.clone().set(&format!("until-{}", town.imas_user), "2027-01-31");
        assert_eq!(paul.submit(&later).await.status, StatusCode::FORBIDDEN);
        let page = paul.submit_and_follow(&form.untick("groups[]", &town.imas_user.to_string())).await;
        assert!(!page.text.contains("IMAS_PORTAL_USER"));
        assert!(paul.get(&memberships).await.has(&format!("#g-{}[disabled]", town.imas_user)));

        let form = olga.get(&status).await.form(&status);
        assert!(olga.submit_and_follow(&form).await.text.contains("has been given back"));
        assert_eq!(olga.submit(&form).await.status, StatusCode::CONFLICT);
        assert!(olga.get("/admin/audit").await.text.contains("Module access given back"));

        // Others see it and change nothing; of applications that are not theirs they see nothing (D8).
        let mut anna = town.signed_in(dua).await;
        let page = anna.get(&format!("{base}/modules")).await;
        assert!(page.text.contains("Module access") && !page.has(&format!("a[href='{module}']")) && !page.has(&format!("a[href='{address}']")));
        for path in [&module, &status, &format!("{module}/edit")] {
            assert_eq!(anna.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(anna.get(&address).await.status, StatusCode::FORBIDDEN);
    }

    /// I28, I45, I54, I57, D8: coordinators are chosen among those that are seen; the role is fixed while active.
    async fn coordinators_are_ticked_and_mistakes_are_explained(world: World) {
        let town = Town::build(world).await;
        let olga = town.operator().await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.rule(town.imas, true, Coordinators::Required).await;
        modules.rule(town.casper, true, Coordinators::Forbidden).await;
        modules.grant_as((town.bank_b, town.imas), ModuleKind::Coordinator, &[]).await.unwrap();
        let mut olga = town.signed_in(olga).await;
        let base = format!("/admin/levels/{}/modules", town.frankfurt);
        let page = olga.get(&format!("{base}/new")).await;
        assert!(page.has(&format!("a[href='{base}/new?application={}']", town.casper)), "which one is asked first");
        let page = olga.get(&format!("{base}/new?application={}", town.imas)).await;
        let form = page.form(&format!("{base}/new"));
        let page = olga.submit(&form).await;
        assert!(page.has("#kind-error") && page.text.contains("at least one"), "{}", page.text);
        let box_of = format!("coordinator-{}", town.bank_b);
        assert!(page.has(&format!("#{box_of}")));
        let page = olga.submit_and_follow(&form.clone().tick(&box_of, "on")).await;
        assert!(page.text.contains("Bank B"), "{}", page.text);
        let edit = format!("{base}/{}/edit", town.imas);
        let page = olga.get(&edit).await;
        assert!(page.text.contains("only while the access is suspended") && page.has(&format!("#{box_of}[checked]")));
        let forged = page.form(&edit).set("kind", "coordinator").untick(&box_of, "on");
        assert!(olga.submit(&forged).await.has("#kind-error"));
        let forged = page.form(&edit).tick(&format!("coordinator-{}", town.root), "on");
        assert!(olga.submit(&forged).await.has("#kind-error"));
        let forged = page.form(&edit).tick(&format!("coordinator-{}", uuid::Uuid::from_u128(7)), "on");
        assert_eq!(olga.submit(&forged).await.status, StatusCode::NOT_FOUND);
        assert_eq!(modules.find((town.frankfurt, town.imas)).await.unwrap().coordinators, [town.bank_b]);
    }

    /// I74, I75, I83, D9: instead of deactivating, the page names what is active and offers to suspend it all.
    async fn i75_what_stands_in_the_way_of_a_deactivation_is_named_and_suspended_at_once(world: World) {
        let town = Town::build(world).await;
        let modules = Modules::of(&town.world, &town.app.door);
        for application in [town.imas, town.casper] {
            modules.ask(application).await;
            modules.grant((town.bank_b, application)).await.unwrap();
        }
        modules.grant((town.frankfurt, town.imas)).await.unwrap();
        let mut olga = town.signed_in(town.operator().await).await;
        let base = format!("/admin/levels/{}", town.bank_b);
        let status = format!("{base}/status");
        let page = olga.get(&status).await;
        assert!(page.text.contains("cannot be deactivated yet") && page.text.contains("Bank B Frankfurt: IMAS") && page.text.contains("Bank B: CASPER"), "{}", page.text);
        assert!(!page.has(&format!("form[action='{status}']")));
        let all = format!("{base}/modules/suspend");
        let form = olga.get(&all).await.form(&all);
        let forged = Form { action: status.clone(), ..form.clone().set("to", "deactivate") };
        assert_eq!(olga.submit(&forged).await.status, StatusCode::CONFLICT);
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("can be deactivated now"), "{}", page.text);
        assert!(olga.submit_and_follow(&page.form(&status)).await.has("h1 .badge.blocked"));
        assert_eq!(olga.get(&all).await.status, StatusCode::CONFLICT, "nothing is left to suspend");
        let form = olga.get(&status).await.form(&status);
        let page = olga.submit_and_follow(&form).await;
        assert!(page.has("h1 .badge.active"));
        assert!(olga.get(&format!("{base}/modules")).await.text.contains("Suspended"));
        assert_eq!(modules.find((town.frankfurt, town.imas)).await.unwrap().status, ModuleStatus::Suspended);
    }

    /// D2, I74: who may deactivate, and may not suspend, is offered nothing that would be refused.
    async fn who_may_not_suspend_reads_who_does_it(world: World) {
        let town = Town::of_profile(world, "imi").await;
        let anna = town.person("Anna", "Berg", town.frankfurt).await;
        town.give(anna, "Administrator", town.frankfurt, &[]).await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.ask(town.imas).await;
        modules.grant((town.frankfurt, town.imas)).await.unwrap();
        let mut anna = town.signed_in(anna).await;
        let base = format!("/admin/levels/{}", town.frankfurt);
        let page = anna.get(&format!("{base}/status")).await;
        assert!(page.text.contains("cannot be deactivated yet") && page.text.contains("suspends it first"), "{}", page.text);
        assert!(!page.has(&format!("a[href='{base}/modules/suspend']")));
        let page = town.signed_in(town.operator().await).await.get(&format!("{base}/status")).await;
        assert!(page.has(&format!("a[href='{base}/modules/suspend']")) && !page.text.contains("suspends it first"));
    }

    /// D8: saving a form tells nothing of memberships in applications that one does not administer, suspended or not.
    async fn d8_a_forged_tick_tells_nothing_of_suspended_memberships_out_of_sight(world: World) {
        let town = Town::build(world).await;
        let (_, daa, fred) = town.staff().await;
        let modules = Modules::of(&town.world, &town.app.door);
        let greta = town.person("Greta", "Neu", town.frankfurt).await;
        modules.ask(town.casper).await;
        modules.grant((town.frankfurt, town.casper)).await.unwrap();
        town.join(fred, town.casper_user).await;
        modules.suspend((town.frankfurt, town.casper)).await.unwrap();
        let mut paul = town.signed_in(daa).await;
        let mut answers = Vec::new();
        for user in [fred, greta] {
            let address = format!("/admin/users/{user}/memberships");
            let form = paul.get(&address).await.form(&address).tick("groups[]", &town.casper_user.to_string());
            answers.push(paul.submit(&form).await.status);
        }
        assert_eq!(answers, [StatusCode::NOT_FOUND; 2]);
        let held = access_store::list_held(&mut town.world.db.reader().await.unwrap(), fred).await.unwrap();
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].granted_by, PrincipalId::Console);
    }
}
