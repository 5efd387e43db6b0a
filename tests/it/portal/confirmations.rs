//! Roles that wait until somebody else confirms them, on the pages (D8, D11).

use axum::http::StatusCode;
use chamberlain::authority::action::GrantRole;
use chamberlain::authority::{Applications, Validity};
use chamberlain::db;
use chamberlain::db::transact;
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::delegation::{grant, store as roles};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};

use super::browser::{Browser, Form};
use super::pages::check;
use super::town::Town;

/// The heading of the table.
const TITLE: &str = "Roles that wait for your confirmation";

/// By a tick on the page of the person, as administrators give roles.
async fn propose(town: &Town, by: &mut Browser, to: UserId) -> RoleAssignmentId {
    let address = format!("/admin/users/{to}/edit");
    let form = by.get(&address).await.form(&address).tick("roles[]", "role-DelegatedUserAdmin");
    by.submit_and_follow(&form).await;
    let tx = &mut town.world.db.reader().await.unwrap();
    let held = roles::list_of(tx, PrincipalId::Person(to)).await.unwrap();
    assert_eq!(held.iter().map(|one| one.state).collect::<Vec<_>>(), [State::Pending]);
    held[0].id
}

/// Gives or proposes a role that no page offers.
async fn give(town: &Town, by: UserId, to: UserId, (role, organisation): (&str, OrganisationId)) -> RoleAssignment {
    let ctx = town.world.ctx_of(PrincipalId::Person(by));
    let action = GrantRole {
        to: PrincipalId::Person(to),
        role: role.to_owned(),
        organisation,
        include_sub_levels: true,
        applications: Applications::All,
        validity: Validity::default(),
    };
    let made: db::Result<RoleAssignment> = transact!(town.world.db, tx => {
        let permit = town.app.door.authorise(tx, &ctx, action.clone()).await.unwrap();
        Ok(grant::grant(tx, permit, town.app.door.roles(), &ctx).await.unwrap())
    });
    town.app.door.changed();
    made.unwrap()
}

/// The one mail to somebody that says this.
async fn answer(town: &Town, to: &str, said: &str) -> String {
    let mut mails: Vec<String> =
        town.sent().await.into_iter().filter(|(whom, _)| whom == to).map(|(_, text)| text).collect();
    mails.retain(|text| text.contains(said));
    assert_eq!(mails.len(), 1, "{mails:?}");
    mails.remove(0)
}

async fn state(town: &Town, id: RoleAssignmentId) -> State {
    roles::find(&mut town.world.db.reader().await.unwrap(), id).await.unwrap().unwrap().state
}

fn confirming(id: RoleAssignmentId) -> String {
    format!("/roles/{id}/confirm")
}

fn rejecting(id: RoleAssignmentId) -> String {
    format!("/roles/{id}/reject")
}

/// Sends what no page offered, with the hidden token of another form of this browser.
async fn forge(browser: &mut Browser, action: String) -> StatusCode {
    let form = browser.get("/profile").await.form("/profile");
    browser.submit(&Form { action, ..form.set("reason", "Forged") }).await.status
}

on_both! {
    /// D8, D11: the first administrators of a level wait; an operator is mailed, finds them under My Tasks, confirms one and refuses the
    /// other with a reason. Whoever proposed them, is to hold them or administers another tree has nothing of that; whoever proposed them is
    /// mailed both answers.
    async fn the_first_administrator_of_a_level_is_confirmed_under_my_tasks(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let operator = town.operator().await;
        let gina = town.person("Gina", "Low", town.frankfurt).await;
        let greta = town.person("Greta", "Other", town.bank_a).await;
        town.give(greta, "DelegatedUserAdmin", town.bank_a, &[]).await;
        let [mut anna, mut olga] = [town.signed_in(dua).await, town.signed_in(operator).await];
        assert!(!olga.get("/tasks").await.text.contains(TITLE), "nothing waits yet");
        let [freds, ginas] = [propose(&town, &mut anna, fred).await, propose(&town, &mut anna, gina).await];
        let told: Vec<String> = town.mails().await.into_iter().map(|(to, _)| to).collect();
        assert_eq!(told, ["olga@example.org"], "whoever may confirm, and nobody else, once an hour of one place");
        assert!(town.sent().await[0].1.contains("https://id.example.eu/tasks"));

        for (who, refused) in [(dua, StatusCode::FORBIDDEN), (fred, StatusCode::NOT_FOUND), (greta, StatusCode::NOT_FOUND)] {
            let mut browser = town.signed_in(who).await;
            let tasks = browser.get("/tasks").await;
            assert!(!tasks.text.contains(TITLE) && !tasks.has("main a[href^='/roles/']"), "{}", tasks.text);
            for address in [confirming(freds), rejecting(freds)] {
                assert_eq!(browser.get(&address).await.status, refused, "{address}");
                assert_eq!(forge(&mut browser, address).await, refused);
            }
        }
        assert_eq!(state(&town, freds).await, State::Pending);

        for language in ["de", "fr", "en"] {
            olga = olga.speaking(language);
            for page in ["/tasks".to_owned(), confirming(freds), rejecting(freds)] {
                check(&olga.get(&page).await);
            }
        }
        let tasks = olga.get("/tasks").await;
        for told in [TITLE, "Fred Perry", "Gina Low", "DelegatedUserAdmin", "Bank B Frankfurt", "Anna Berg"] {
            assert!(tasks.text.contains(told), "{told}: {}", tasks.text);
        }
        for id in [freds, ginas] {
            assert!(tasks.has(&format!("main a[href='{}']", confirming(id))) && tasks.has(&format!("main a[href='{}']", rejecting(id))));
        }
        let page = olga.get(&confirming(freds)).await;
        assert!(page.text.contains("Fred Perry") && page.text.contains("Anna Berg") && !page.text.contains("Gina"), "{}", page.text);
        let form = page.form(&confirming(freds));
        let page = olga.submit_and_follow(&form).await;
        assert!(page.text.contains("The role has been confirmed") && !page.text.contains("Fred Perry"), "{}", page.text);
        assert_eq!(state(&town, freds).await, State::Active);
        let mail = answer(&town, "anna@example.org", "confirmed the role").await;
        for told in ["DelegatedUserAdmin", "Bank B Frankfurt", &format!("https://id.example.eu/admin/users/{fred}")] {
            assert!(mail.contains(told), "{told}: {mail}");
        }
        assert_eq!(town.signed_in(fred).await.get("/admin/users").await.status, StatusCode::OK);
        assert_eq!(olga.submit(&form).await.status, StatusCode::NOT_FOUND, "once");

        let page = olga.get(&rejecting(ginas)).await;
        let form = page.form(&rejecting(ginas));
        let page = olga.submit(&form.clone().set("reason", " ")).await;
        check(&page);
        assert!(page.has("#reason-error"), "{}", page.text);
        let page = olga.submit(&form.clone().set("reason", "See www.example.org")).await;
        assert!(page.has("#reason-error") && page.text.contains("See www.example.org"), "what was typed is kept: {}", page.text);
        assert_eq!(state(&town, ginas).await, State::Pending);
        let page = olga.submit_and_follow(&form.set("reason", "Has left")).await;
        assert!(page.text.contains("The role has been refused") && !page.text.contains(TITLE), "{}", page.text);
        assert_eq!(state(&town, ginas).await, State::Revoked);
        let mail = answer(&town, "anna@example.org", "refused the role").await;
        assert!(mail.contains("Bank B Frankfurt") && mail.contains(&format!("https://id.example.eu/admin/users/{gina}")), "{mail}");
        assert!(!mail.contains("Has left") && !mail.contains("Low"), "no reason and no name in a mail: {mail}");
        assert_eq!(town.signed_in(gina).await.get("/admin/users").await.status, StatusCode::NOT_FOUND);
        for address in [confirming(ginas), rejecting(ginas), confirming(RoleAssignmentId(uuid::Uuid::from_u128(7)))] {
            assert_eq!(olga.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
        }
    }

    /// D11, DA-25: two people make an operator: neither the one who proposes it nor the one who is to be it confirms it, another operator
    /// does.
    async fn an_operator_is_confirmed_by_another_one(world: World) {
        let town = Town::build(world).await;
        let operator = town.operator().await;
        let second = town.person("Omar", "Root", town.root).await;
        town.give(second, "Operator", town.root, &[]).await;
        let otto = town.person("Otto", "New", town.root).await;
        let proposed = give(&town, operator, otto, ("Operator", town.root)).await;
        assert_eq!(proposed.state, State::Pending);
        let told: Vec<String> = town.mails().await.into_iter().map(|(to, _)| to).collect();
        assert_eq!(told, ["omar@example.org"], "not whoever proposed it");
        let mut olga = town.signed_in(operator).await;
        assert!(!olga.get("/tasks").await.text.contains(TITLE), "not among her own tasks");
        assert_eq!(olga.get(&confirming(proposed.id)).await.status, StatusCode::FORBIDDEN);
        for address in [confirming(proposed.id), rejecting(proposed.id)] {
            assert_eq!(forge(&mut olga, address).await, StatusCode::FORBIDDEN);
        }
        assert_eq!(state(&town, proposed.id).await, State::Pending);
        let mut omar = town.signed_in(second).await;
        assert!(omar.get("/").await.has("nav.menu a[href='/tasks']"));
        let tasks = omar.get("/tasks").await;
        assert!(tasks.text.contains("Otto New") && tasks.text.contains("Olga Root"), "{}", tasks.text);
        let form = omar.get(&confirming(proposed.id)).await.form(&confirming(proposed.id));
        omar.submit_and_follow(&form).await;
        assert_eq!(state(&town, proposed.id).await, State::Active);
        assert!(answer(&town, "olga@example.org", "confirmed the role").await.contains("Operator"), "who proposed it is told");
    }
}
