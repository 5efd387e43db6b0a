//! The door matrix: the same question through each door gets the same answer, and the table of it stands in the documentation.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::http::StatusCode;
use chamberlain::authority::action::{Action, DeleteUser, GrantRole, ReadUser, UpdateUser};
use chamberlain::authority::{Applications, Decision, Reason, Validity};
use chamberlain::delegation::explain::explain;
use chamberlain::directory::user::{delete, guard::Guard};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::transact;
use serde_json::{Value, json};

use super::calls::{Counter, role};
use super::contract::routes;
use crate::portal::browser::{Browser, Form};
use crate::support::{Bank, Failure, failure};

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
    ("src/scim/router.rs", "/RoleAssignments", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/RoleAssignments/.search", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/RoleAssignments/{id}", "tests/it/scim/resources.rs"),
    ("src/scim/router.rs", "/Nominations", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Nominations/.search", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Nominations/{id}", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations/.search", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/Invitations/{id}", "tests/it/scim/written.rs"),
    ("src/scim/router.rs", "/.search", "tests/it/scim/discovery.rs"),
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
    ("src/api/router.rs", "/organisations/{id}/modules", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/grant", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/suspend", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/modules/{application}/regrant", "tests/it/api/roles.rs"),
    ("src/api/router.rs", "/organisations/{id}/move", "tests/it/api/roles.rs"),
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

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allow(_) => "yes",
        Decision::Deny(Reason::NotFound) => "–",
        Decision::Deny(_) => "no",
    }
}

fn by_status(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200 | 201 | 204 => "yes",
        403 => "no",
        404 => "–",
        other => panic!("{other}"),
    }
}

fn by_answer(body: &Value) -> &'static str {
    match (body["decision"].as_bool().unwrap(), body["context"]["reason"].as_str()) {
        (true, _) => "yes",
        (false, Some("not found")) => "–",
        (false, _) => "no",
    }
}

/// One actor with the keys to the doors that are open to them.
struct Actor {
    name: &'static str,
    user: UserId,
    token: Option<String>,
    browser: Browser,
}

/// What one question gets at each door that offers it.
type Answers = Vec<(&'static str, &'static str)>;

async fn asked(counter: &Counter, actor: &Actor, action: &str, user: UserId) -> Option<&'static str> {
    let body = json!({ "subject": { "type": "user", "id": actor.user }, "action": { "name": action }, "resource": { "type": "user", "id": user } });
    let reply = counter.post(actor.token.as_deref()?, "/access/v1/evaluation", body).await;
    Some(by_answer(&reply.body))
}

/// What the console answers about somebody: `chamberlain explain can`.
async fn explained(counter: &Counter, actor: &Actor, action: Action) -> &'static str {
    let tx = &mut counter.bank.world.db.reader().await.unwrap();
    let now = counter.bank.world.clock.now();
    word(&explain(tx, &counter.bank.door, PrincipalId::Person(actor.user), &action, now).await.unwrap().decision)
}

async fn see(counter: &Counter, actor: &mut Actor, user: UserId) -> Answers {
    let mut answers = vec![
        ("CLI", explained(counter, actor, ReadUser { user }.into()).await),
        ("portal", by_status(actor.browser.get(&format!("/admin/users/{user}")).await.status)),
    ];
    if let Some(token) = &actor.token {
        answers.push(("SCIM", by_status(counter.get(token, &format!("/scim/v2/Users/{user}")).await.status)));
        answers.extend(asked(counter, actor, "user.read", user).await.map(|answer| ("AuthZEN", answer)));
    }
    answers
}

async fn change(counter: &Counter, actor: &mut Actor, user: UserId) -> Answers {
    let mut answers = vec![("CLI", explained(counter, actor, UpdateUser { user }.into()).await)];
    // Sent as it is, drawn or not: a button that would be refused is not drawn, and its request is refused all the same.
    let path = format!("/admin/users/{user}/edit");
    let page = actor.browser.get(&path).await;
    let form = if page.has("#given_name") {
        page.form(&path)
    } else {
        let token = actor.browser.get("/security").await;
        let csrf = token.attribute("input[name=csrf]", "value");
        let fields = [
            ("csrf", csrf.as_str()),
            ("version", "1"),
            ("given_name", "G"),
            ("family_name", "Example"),
            ("email", "g@bank.example"),
            ("phone", "+4969123456"),
        ];
        Form { action: path, fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec() }
    };
    let form = form.set("phone", "+4969123456");
    let answer = actor.browser.submit(&form).await;
    // Whoever names themself is led to their own page, where they change what is theirs to change.
    let word = match answer.status {
        StatusCode::SEE_OTHER if answer.location().contains("done=") => "yes",
        StatusCode::SEE_OTHER => panic!("{}", answer.location()),
        status => by_status(status),
    };
    answers.push(("portal", word));
    if let Some(token) = &actor.token {
        let patch = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "nickName", "value": "N" }] });
        let reply = counter.call(token, "PATCH", &format!("/scim/v2/Users/{user}"), Some(patch)).await;
        answers.push(("SCIM", by_status(reply.status)));
        answers.extend(asked(counter, actor, "user.update", user).await.map(|answer| ("AuthZEN", answer)));
    }
    answers
}

async fn remove(counter: &Counter, actor: &Actor, user: UserId) -> Answers {
    let mut answers = vec![("CLI", explained(counter, actor, DeleteUser { user }.into()).await)];
    answers.extend(asked(counter, actor, "user.delete", user).await.map(|answer| ("AuthZEN", answer)));
    answers
}

async fn give(counter: &Counter, actor: &Actor, (user, organisation): (UserId, OrganisationId)) -> Answers {
    let action = GrantRole {
        to: PrincipalId::Person(user),
        role: "DelegatedUserAdmin".to_owned(),
        organisation,
        include_sub_levels: true,
        applications: Applications::All,
        validity: Validity::default(),
    };
    let mut answers = vec![("CLI", explained(counter, actor, action.into()).await)];
    if let Some(token) = &actor.token {
        let body = role(user, "DelegatedUserAdmin", organisation);
        let reply = counter.post(token, "/api/v1/role-assignments?preview=true", body).await;
        // Held or proposed already: allowed, and refused by the rules.
        let answer = if reply.status == StatusCode::CONFLICT { "yes" } else { by_status(reply.status) };
        answers.push(("JSON API", answer));
    }
    answers
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
    for question in ["see a person", "change a person", "delete a person", "give a role"] {
        let _ = writeln!(table, "\n## {question}\n\n| actor | target | answer | doors |\n|---|---|---|---|");
        for actor in &mut actors {
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
                    _ => give(counter, actor, (user, place)).await,
                };
                let words: BTreeSet<&str> = answers.iter().map(|(_, answer)| *answer).collect();
                assert_eq!(words.len(), 1, "{question}, {}, {relation}: {answers:?}", actor.name);
                let doors: Vec<&str> = answers.iter().map(|(door, _)| *door).collect();
                let _ = writeln!(
                    table,
                    "| {} | {relation} | {} | {} |",
                    actor.name,
                    words.first().unwrap(),
                    doors.join(", ")
                );
            }
        }
    }
    table
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
