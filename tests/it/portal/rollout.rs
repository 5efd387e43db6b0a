//! The roll-out of a module on the pages: candidates, proposals, grants to many, a list from elsewhere (I71–I73).

use axum::http::StatusCode;
use chamberlain::authority::Door;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::module::model::{Coordinators, ModuleKind};
use chamberlain::directory::module::proposal_store;
use chamberlain::directory::module::terms::Terms;
use chamberlain::kernel::ids::UserId;
use serde_json::json;

use super::town::Town;
use crate::support::Modules;

/// The shipped profile with two roles: one says who should hold a module, the other grants it.
const ROLES: &str = r#"
[[roles]]
code = "ModuleProposer"
scope = "organisation+applications"
permissions = ["organisation.read", "module.propose"]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]

[[roles]]
code = "ModuleManager"
scope = "organisation+applications"
permissions = ["organisation.read", "module.manage"]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]
"#;

async fn town(world: crate::support::World) -> Town {
    let mut town = Town::build(world).await;
    town.app.door = Door::new(load(&format!("{}{ROLES}", SHIPPED[0].1)).unwrap().roles);
    town
}

async fn appointed(town: &Town, given: &str, role: &str) -> UserId {
    let person = town.person(given, "Roll", town.bank_b).await;
    town.give(person, role, town.bank_b, &[town.imas]).await;
    person
}

on_both! {
    /// I71, I72, D8: candidates are those who hold another module, by its classes; proposing and granting are rights of their own;
    /// what lies outside of one's organisations and applications is neither listed nor counted nor reached by a forged form.
    async fn i72_one_proposes_and_another_grants(world: World) {
        let town = town(world).await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.ask(town.imas).await;
        modules.ask(town.casper).await;
        modules.describe(town.casper, "NURSES = Nurses", json!({ "type": "object", "properties": { "x": { "type": "boolean" } } })).await;
        modules.grant((town.frankfurt, town.casper)).await.unwrap();
        let classified = Terms { classification: vec!["NURSES".to_owned()], ..ModuleKind::Authority.into() };
        modules.agree((town.frankfurt, town.casper), classified).await.unwrap();

        let mut pia = town.signed_in(appointed(&town, "Pia", "ModuleProposer").await).await;
        let page = pia.get("/admin/modules").await;
        let base = format!("/admin/modules/{}", town.imas);
        assert!(page.has(&format!("a[href='{base}']")) && !page.text.contains("CASPER"), "{}", page.text);
        assert_eq!(pia.get(&format!("/admin/modules/{}", town.casper)).await.status, StatusCode::NOT_FOUND);
        let page = pia.get(&base).await;
        assert!(page.text.contains("Bank B Frankfurt") && !page.text.contains("Bank A") && page.text.contains("<title>IMAS (3)"), "{}", page.text);
        // She has nothing to do with CASPER: she does not learn who holds it.
        assert!(!page.has(&format!("option[value='{}']", town.casper)));
        for holds in [town.casper.to_string(), format!("{}.NURSES", town.casper)] {
            let asked = pia.get(&format!("{base}?holds={holds}")).await;
            assert!(asked.text.contains("<title>IMAS (0)") && !asked.text.contains("Bank B Frankfurt"), "{}", asked.text);
            assert!(!pia.get(&format!("{base}/choose?holds={holds}")).await.text.contains("Bank B Frankfurt"));
        }

        let choose = format!("{base}/choose");
        let page = pia.get(&choose).await;
        assert!(!page.has("option[value='grant']"));
        let form = page.form(&choose).set("verb", "propose");
        let forged = form.clone().tick(&format!("level-{}", town.bank_a), "on");
        assert_eq!(pia.submit(&forged).await.status, StatusCode::NOT_FOUND);
        let ticked = form.clone().tick(&format!("level-{}", town.frankfurt), "on");
        assert_eq!(pia.submit(&ticked.clone().set("verb", "grant")).await.status, StatusCode::FORBIDDEN);
        assert!(pia.submit_and_follow(&ticked).await.text.contains("have been proposed"));
        assert!(pia.submit_and_follow(&ticked).await.text.contains("have been proposed"), "twice is once");
        assert!(pia.submit_and_follow(&form).await.text.contains("Nothing was chosen"));
        assert!(pia.get(&format!("{base}?standing=proposed")).await.text.contains("<title>IMAS (1)"));
        assert!(modules.find((town.frankfurt, town.imas)).await.is_none(), "a proposal gives nothing");

        let mut max = town.signed_in(appointed(&town, "Max", "ModuleManager").await).await;
        let page = max.get(&format!("{choose}?standing=proposed")).await;
        assert!(page.has(&format!("#level-{}", town.frankfurt)) && !page.has(&format!("#level-{}", town.bank_b)));
        let form = page.form(&choose).tick(&format!("level-{}", town.frankfurt), "on");
        assert!(max.submit_and_follow(&form.clone().set("verb", "decline")).await.text.contains("declined"));
        let tx = &mut town.world.db.reader().await.unwrap();
        assert_eq!(proposal_store::find(tx, town.frankfurt, town.imas).await.unwrap(), None);
        pia.submit_and_follow(&ticked).await;
        assert!(max.submit_and_follow(&form.clone().set("verb", "grant")).await.text.contains("has been granted"));
        assert!(modules.find((town.frankfurt, town.imas)).await.is_some());
        assert_eq!(proposal_store::find(tx, town.frankfurt, town.imas).await.unwrap(), None, "granted, the proposal is over");
        max.submit_and_follow(&form.set("verb", "grant")).await;

        let mut olga = town.signed_in(town.operator().await).await;
        let by_class = |code: &str| format!("{base}?holds={}.{code}", town.casper);
        assert!(olga.get(&by_class("NURSES")).await.text.contains("<title>IMAS (1)"), "I71");
        assert!(olga.get(&by_class("NURSE")).await.text.contains("<title>IMAS (0)"));
        let audit = olga.get("/admin/audit").await.text;
        assert!(audit.contains("Proposed for a module") && audit.contains("Proposal for a module declined"), "{audit}");
        let (dua, ..) = town.staff().await;
        let mut anna = town.signed_in(dua).await;
        for path in ["/admin/modules", &base, &choose, &format!("{base}/match")] {
            assert_eq!(anna.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    /// I73: a list is compared by name, LEI or external id: who holds the module, who is registered and may be chosen, who is not.
    async fn i73_a_list_is_compared_with_three_outcomes(world: World) {
        let town = town(world).await;
        let modules = Modules::of(&town.world, &town.app.door);
        modules.rule(town.imas, true, Coordinators::Optional).await;
        modules.grant((town.bank_b, town.imas)).await.unwrap();
        let mut max = town.signed_in(appointed(&town, "Max", "ModuleManager").await).await;
        let address = format!("/admin/modules/{}/match", town.imas);
        let form = max.get(&address).await.form(&address);
        for wrong in ["", &"x".repeat(201), &"x\n".repeat(201)] {
            assert!(max.submit(&form.clone().set("list", wrong)).await.has("#list-error"), "{wrong:.10}");
        }
        let list = "Bank B\r\n  BANK b frankfurt \r\nBank A\r\nBank of Nowhere";
        let page = max.submit(&form.set("list", list)).await;
        assert!(page.text.contains("Bank B: has access already"), "{}", page.text);
        assert!(page.has(&format!("#level-{}", town.frankfurt)) && !page.has(&format!("#level-{}", town.bank_a)));
        // D8: one that is there, out of sight, reads like one that is not there.
        for name in ["Bank A", "Bank of Nowhere"] {
            assert!(page.text.contains(&format!("{name}: not registered")), "{}", page.text);
        }
        let choose = format!("/admin/modules/{}/choose", town.imas);
        let form = page.form(&choose).tick(&format!("level-{}", town.frankfurt), "on").set("verb", "grant");
        modules.rule(town.imas, true, Coordinators::Required).await;
        let page = max.submit(&form).await;
        assert!(page.text.contains("on the page of each level"), "{}", page.text);
        assert!(modules.find((town.frankfurt, town.imas)).await.is_none());
        modules.rule(town.imas, true, Coordinators::Optional).await;
        assert!(max.submit_and_follow(&form).await.text.contains("has been granted"));
    }
}
