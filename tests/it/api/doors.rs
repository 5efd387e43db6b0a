//! The door matrix: the same question through each door gets the same answer, and the table of it stands in the documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chamberlain::authority::Applications;
use chamberlain::authority::action::{BlockUser, DeleteUser, ResetCredentials};
use chamberlain::directory::user::{delete, guard::Guard};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::transact;

use super::calls::Counter;
use super::contract::routes;
use super::door_questions::{
    Actor, Answers, change, change_level, create, give, move_level, only_asked, remove, see, see_level, suspend, take,
};
use crate::support::{Bank, Failure, Modules, failure};

/// What each route of the machines is for: a row of the table, or the story that drives it. A new route has to be given a place here.
const PLACES: &[(&str, &str, &str)] = &[
    ("src/scim/router.rs", "/Users", "see a person"),
    ("src/scim/router.rs", "/Users/.search", "see a person"),
    ("src/scim/router.rs", "/Users/{id}", "see a person, change a person"),
    ("src/scim/router.rs", "/Groups", "tests/it/scim/rights.rs"),
    ("src/scim/router.rs", "/Groups/.search", "tests/it/scim/rights.rs"),
    ("src/scim/router.rs", "/Groups/{id}", "tests/it/scim/rights.rs"),
    ("src/scim/router.rs", "/Organizations", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Organizations/.search", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Organizations/{id}", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Applications", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Applications/.search", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Applications/{id}", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Memberships", "tests/it/scim/memberships.rs"),
    ("src/scim/router.rs", "/Memberships/.search", "tests/it/scim/memberships.rs"),
    ("src/scim/router.rs", "/Memberships/{id}", "tests/it/scim/memberships.rs"),
    ("src/scim/router.rs", "/RoleAssignments", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/RoleAssignments/.search", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/RoleAssignments/{id}", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Nominations", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Nominations/.search", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Nominations/{id}", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations/.search", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations/{id}", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/.search", "tests/it/scim/cursors.rs"),
    ("src/scim/router.rs", "/Bulk", "tests/it/scim/bulk.rs"),
    ("src/scim/router.rs", "/Me", "tests/it/scim/cursors.rs"),
    ("src/scim/router.rs", "/ServiceProviderConfig", "tests/it/scim/discovery.rs"),
    ("src/scim/router.rs", "/ResourceTypes", "tests/it/scim/discovery.rs"),
    ("src/scim/router.rs", "/ResourceTypes/{id}", "tests/it/scim/discovery.rs"),
    ("src/scim/router.rs", "/Schemas", "tests/it/scim/discovery.rs"),
    ("src/scim/router.rs", "/Schemas/{id}", "tests/it/scim/discovery.rs"),
    ("src/api/router.rs", "/openapi.json", "tests/it/api/contract.rs"),
    ("src/api/router.rs", "/role-assignments", "give a role"),
    ("src/api/router.rs", "/role-assignments/{id}", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/role-assignments/{id}/revoke", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/role-assignments/{id}/confirm", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/role-assignments/{id}/reject", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/role-assignments/{id}/revocation-request", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/role-assignments/{id}/revocation-request/decline", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/revocation-requests", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/nominations", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/nominations/{id}", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/nominations/{id}/withdraw", "tests/it/api/nominations.rs"),
    ("src/api/router.rs", "/deputies", "tests/it/api/upkeep.rs"),
    ("src/api/router.rs", "/deputies/{id}/end", "tests/it/api/upkeep.rs"),
    ("src/api/router.rs", "/recertification/roles", "tests/it/api/upkeep.rs"),
    ("src/api/router.rs", "/recertification/memberships", "tests/it/api/upkeep.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/grant", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/suspend", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/regrant", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/move", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/directory", "tests/it/api/directory.rs"),
    ("src/api/router.rs", "/simulations", "tests/it/api/simulations.rs"),
    ("src/api/access/mod.rs", "/.well-known/authzen-configuration", "tests/it/api/access.rs"),
    ("src/api/access/mod.rs", "/access/v1/evaluation", "see a person, change a person, delete a person"),
    ("src/api/access/mod.rs", "/access/v1/evaluations", "tests/it/api/access.rs"),
    ("src/api/access/mod.rs", "/access/v1/search/subject", "tests/it/api/access.rs"),
    ("src/api/access/mod.rs", "/access/v1/search/resource", "tests/it/api/access.rs"),
    ("src/api/access/mod.rs", "/access/v1/search/action", "tests/it/api/access.rs"),
];

#[test]
fn every_route_for_machines_has_its_place_in_the_matrix() {
    let mut there = BTreeSet::new();
    for file in ["src/scim/router.rs", "src/api/router.rs", "src/api/access/mod.rs"] {
        let paths = routes(file).into_iter().map(|(_, path)| path);
        there.extend(paths.filter(|path| path != "/scim/v2/").map(|path| (file.to_owned(), path)));
    }
    there.insert(("src/scim/router.rs".to_owned(), "/.search".to_owned()));
    let placed: BTreeSet<(String, String)> =
        PLACES.iter().map(|(file, path, _)| ((*file).to_owned(), (*path).to_owned())).collect();
    assert_eq!(there, placed);
    for (_, path, place) in PLACES.iter().filter(|(.., place)| place.starts_with("tests/")) {
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(place).exists(), "{path}: {place}");
    }
}

async fn actors(counter: &Counter) -> Vec<Actor> {
    let bank = &counter.bank;
    let operator = bank.person(bank.root, "Olga").await;
    bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
    let people = [
        ("operator", operator),
        ("user admin of Germany and below", bank.user_admin(bank.germany, true, "Gerda").await),
        ("IMAS admin of Germany and below", bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await),
        ("nobody in particular", bank.person(bank.germany, "Norbert").await),
    ];
    let mut actors = Vec::new();
    for (name, user) in people {
        bank.activate(user).await;
        let all: Vec<&str> = chamberlain::authority::scopes::actions().collect();
        let token = counter.token_for(user, &all).await.ok();
        actors.push(Actor { name, user, token, browser: counter.browser(user).await });
    }
    actors
}

/// Somebody with a role at each of the places, who is nobody's target otherwise.
async fn holders(
    bank: &Bank,
    targets: &[(&'static str, UserId, OrganisationId)],
) -> Vec<(&'static str, RoleAssignmentId, UserId)> {
    let mut holders = Vec::new();
    for (number, (relation, _, place)) in targets.iter().enumerate() {
        if *relation == "unknown" {
            holders.push((*relation, RoleAssignmentId(uuid::Uuid::from_u128(79)), UserId(uuid::Uuid::from_u128(77))));
            continue;
        }
        let holder = bank.person(*place, &format!("Holder{number}")).await;
        let held = bank.appoint(holder, "DelegatedUserAdmin", *place, true, Applications::All).await;
        if *relation == "deleted" {
            bank.revoke(PrincipalId::Console, held, Some("reason")).await.unwrap();
        }
        holders.push((*relation, held, holder));
    }
    holders
}

async fn targets(bank: &Bank) -> Vec<(&'static str, UserId, OrganisationId)> {
    let paris = bank.organisation(Some(bank.bank_a), "Bank A Paris").await;
    let deleted = bank.person(bank.germany, "Dieter").await;
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user: deleted }).await?;
        delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
    });
    done.unwrap();
    vec![
        ("in scope", bank.person(bank.germany, "Gustav").await, bank.germany),
        ("child", bank.person(bank.frankfurt, "Frank").await, bank.frankfurt),
        ("sibling", bank.person(bank.france, "Francine").await, bank.france),
        ("parent", bank.person(bank.bank_b, "Bruno").await, bank.bank_b),
        ("other tree", bank.person(paris, "Anna").await, paris),
        ("deleted", deleted, bank.germany),
        ("unknown", UserId(uuid::Uuid::from_u128(77)), OrganisationId(uuid::Uuid::from_u128(78))),
    ]
}

async fn draw(counter: &Counter) -> String {
    let mut table = String::from(
        "# The doors\n\nMade by the test `tests/it/api/doors.rs`. The same question gets the same answer at each door that offers it: \
         **yes**, **no**, or – for what is answered as if it did not exist.\n",
    );
    let mut actors = actors(counter).await;
    let targets = targets(&counter.bank).await;
    let modules = Modules::of(&counter.bank.world, &counter.bank.door);
    modules.ask(counter.bank.casper).await;
    for (relation, _, place) in &targets {
        if !matches!(*relation, "unknown" | "deleted") {
            modules.grant((*place, counter.bank.casper)).await.unwrap();
        }
    }
    draw_people(counter, &mut table, &mut actors, &targets).await;
    draw_levels(counter, &mut table, &mut actors, &targets).await;
    let _ = writeln!(table, "\n## take a role away\n\n| actor | target | answer | doors |\n|---|---|---|---|");
    let holders = holders(&counter.bank, &targets).await;
    for actor in &mut actors {
        for (relation, held, holder) in &holders {
            let answers = take(counter, actor, (*held, *holder)).await;
            line(&mut table, ("take a role away", actor.name, relation), &answers);
        }
    }
    table
}

/// One line of the table; all doors have to agree.
fn line(table: &mut String, (question, actor, relation): (&str, &str, &str), answers: &Answers) {
    let words: BTreeSet<&str> = answers.iter().map(|(_, answer)| *answer).collect();
    assert_eq!(words.len(), 1, "{question}, {actor}, {relation}: {answers:?}");
    let doors: Vec<&str> = answers.iter().map(|(door, _)| *door).collect();
    let _ = writeln!(table, "| {actor} | {relation} | {} | {} |", words.first().unwrap(), doors.join(", "));
}

async fn draw_levels(
    counter: &Counter,
    table: &mut String,
    actors: &mut [Actor],
    targets: &[(&'static str, UserId, OrganisationId)],
) {
    for question in ["see a level", "change a level", "create a person", "move a level", "suspend a module"] {
        let _ = writeln!(table, "\n## {question}\n\n| actor | level | answer | doors |\n|---|---|---|---|");
        for actor in actors.iter_mut() {
            for (relation, _, place) in targets.iter().filter(|(relation, ..)| *relation != "deleted") {
                let answers = match question {
                    "see a level" => see_level(counter, actor, *place).await,
                    "change a level" => change_level(counter, actor, *place).await,
                    "create a person" => create(counter, actor, *place).await,
                    "move a level" => move_level(counter, actor, *place).await,
                    _ => suspend(counter, actor, *place).await,
                };
                line(table, (question, actor.name, relation), &answers);
            }
        }
    }
}

async fn draw_people(
    counter: &Counter,
    table: &mut String,
    actors: &mut [Actor],
    targets: &[(&'static str, UserId, OrganisationId)],
) {
    for question in
        ["see a person", "change a person", "delete a person", "start a recovery", "block a person", "give a role"]
    {
        let _ = writeln!(table, "\n## {question}\n\n| actor | target | answer | doors |\n|---|---|---|---|");
        for actor in actors.iter_mut() {
            let own = ("self", actor.user, counter.bank.germany);
            for (relation, user, place) in targets.iter().chain([&own]).copied() {
                // Of somebody deleted the decision is about restoring them, which is offered in the portal only.
                if question == "delete a person" && relation == "deleted" {
                    continue;
                }
                let answers = match question {
                    "see a person" => see(counter, actor, user).await,
                    "change a person" => change(counter, actor, user).await,
                    "delete a person" => remove(counter, actor, user).await,
                    "start a recovery" => {
                        only_asked(counter, actor, user, (ResetCredentials { user }.into(), "user.reset_credentials"))
                            .await
                    }
                    "block a person" => {
                        only_asked(counter, actor, user, (BlockUser { user }.into(), "user.block")).await
                    }
                    _ => give(counter, actor, (user, place)).await,
                };
                line(table, (question, actor.name, relation), &answers);
            }
        }
    }
}

on_both! {
    /// SD1, DA-01, DA-02, DA-05 (`delegation.md` §4): a test proves that the same action through each door gets the same answer.
    async fn the_same_question_gets_the_same_answer_at_each_door(world: World) {
        let counter = Counter::open(world).await;
        let table = draw(&counter).await;
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doors.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &table).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), table, "run again with UPDATE_DOCS=1 and read what changed");
    }
}
