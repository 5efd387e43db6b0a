//! The page that takes a role away that somebody was named for, where more ends than that role (D6).

use chamberlain::db::{self, transact};
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::store as roles;
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};

use super::browser::Form;
use super::pages::check;
use super::town::Town;

/// The shipped profile, in which an organisation keeps a financial signatory, who goes with whoever named them.
async fn town(world: crate::support::World) -> Town {
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "participant-portal").unwrap();
    let code = "code = \"FinancialSignatory\"\n";
    assert_eq!(text.matches(code).count(), 1);
    Town::of(world, load(&text.replacen(code, &format!("{code}min = 1\nends_with_grantor = true\n"), 1)).unwrap()).await
}

/// What somebody holds.
async fn held(town: &Town, by: UserId) -> RoleAssignment {
    let tx = &mut town.world.db.reader().await.unwrap();
    roles::list_of(tx, PrincipalId::Person(by)).await.unwrap().remove(0)
}

/// Gives a role of the same place by the one that somebody holds.
async fn hand_on(town: &Town, by: &RoleAssignment, to: UserId, role: &str) -> RoleAssignmentId {
    let new = RoleAssignment {
        id: RoleAssignmentId(town.world.ctx().uuid()),
        principal: PrincipalId::Person(to),
        role: role.to_owned(),
        granted_by: by.principal,
        granted_via: Some(by.id),
        ..by.clone()
    };
    let done: db::Result<()> = transact!(town.world.db, tx => roles::insert(tx, &new).await);
    done.unwrap();
    town.app.door.changed();
    new.id
}

async fn state(town: &Town, id: RoleAssignmentId) -> State {
    roles::find(&mut town.world.db.reader().await.unwrap(), id).await.unwrap().unwrap().state
}

on_both! {
    /// D6: whoever takes a role away with which the last holder of another one would go cannot, and is told so before; an operator is asked
    /// why, before it is tried, and what was typed stays.
    async fn the_last_holder_that_goes_with_a_role_is_told_of_before_it_is_revoked(world: World) {
        let town = town(world).await;
        let lear = town.person("Lea", "Roth", town.bank_b).await;
        town.appoint(lear, "LEAR", town.bank_b, None).await;
        let [anna, fiona] = [town.person("Anna", "Berg", town.bank_b).await, town.person("Fiona", "Sign", town.bank_b).await];
        town.appoint(anna, "AccountAdministrator", town.bank_b, None).await;
        let annas = held(&town, anna).await;
        let fionas = hand_on(&town, &annas, fiona, "FinancialSignatory").await;
        let revoke = format!("/roles/{}/revoke", annas.id);
        let (mut lea, mut olga) = (town.signed_in(lear).await, town.signed_in(town.operator().await).await);

        let told = lea.get(&revoke).await;
        check(&told);
        assert!(told.text.contains("the last FinancialSignatory here") && !told.has(&format!("form[action='{revoke}']")), "{}", told.text);
        let other = lea.get("/profile").await.form("/profile");
        let forged = lea.submit(&Form { action: revoke.clone(), ..other.set("reason", "Forged") }).await;
        assert!(forged.text.contains("the last FinancialSignatory here"), "{}", forged.text);

        let page = olga.get(&revoke).await;
        check(&page);
        assert!(page.has("#reason") && page.text.contains("the last FinancialSignatory here"), "{}", page.text);
        let form = page.form(&revoke);
        let without = olga.submit(&form).await;
        check(&without);
        assert!(without.has("#reason-error"), "{}", without.text);
        let wrong = olga.submit(&form.clone().set("reason", "See www.example.org")).await;
        assert!(wrong.has("#reason-error") && wrong.text.contains("See www.example.org"), "what was typed is kept: {}", wrong.text);
        for id in [annas.id, fionas] {
            assert_eq!(state(&town, id).await, State::Active);
        }
        let done = olga.submit_and_follow(&form.set("reason", "Left the company")).await;
        assert!(done.text.contains("The role was revoked"), "{}", done.text);
        for id in [annas.id, fionas] {
            assert_eq!(state(&town, id).await, State::Revoked);
        }
    }

    /// P14: a role that waits says for what: for somebody to confirm it, or for which phase.
    async fn a_role_that_waits_says_for_what(world: World) {
        let town = town(world).await;
        let lea = town.person("Lea", "Roth", town.bank_b).await;
        town.appoint(lea, "LEAR", town.bank_b, None).await;
        let lears = held(&town, lea).await;
        let own = format!("/organisations/{}", town.bank_b);
        for (name, phase, said) in [
            ("Anna", None, "waiting for confirmation"),
            ("Finn", Some("negotiation"), "waiting for the phase negotiation"),
        ] {
            assert!(!town.signed_in(lea).await.get(&own).await.text.contains(said));
            let somebody = town.person(name, "Berg", town.bank_b).await;
            let waiting = RoleAssignment { state: State::Pending, waits_for_phase: phase.map(str::to_owned), ..lears.clone() };
            hand_on(&town, &waiting, somebody, "AccountAdministrator").await;
            let page = town.signed_in(lea).await.get(&own).await;
            check(&page);
            assert!(page.text.contains(said), "{}", page.text);
        }
    }

    /// D6: where another holder stays, nobody is asked anything.
    async fn where_another_holder_stays_no_reason_is_asked_for(world: World) {
        let town = town(world).await;
        let [anna, fiona, sina] = [
            town.person("Anna", "Berg", town.bank_b).await,
            town.person("Fiona", "Sign", town.bank_b).await,
            town.person("Sina", "Sign", town.bank_b).await,
        ];
        town.appoint(anna, "AccountAdministrator", town.bank_b, None).await;
        town.appoint(sina, "FinancialSignatory", town.bank_b, None).await;
        let annas = held(&town, anna).await;
        let fionas = hand_on(&town, &annas, fiona, "FinancialSignatory").await;
        let revoke = format!("/roles/{}/revoke", annas.id);
        let mut olga = town.signed_in(town.operator().await).await;
        let page = olga.get(&revoke).await;
        assert!(!page.has("#reason"), "{}", page.text);
        assert!(olga.submit_and_follow(&page.form(&revoke)).await.text.contains("The role was revoked"));
        assert_eq!(state(&town, fionas).await, State::Revoked);
        assert_eq!(held(&town, sina).await.state, State::Active);
    }
}
