//! The questions of the door matrix, each asked at every door that offers it; so that what would change is only looked at or undone.

use axum::http::StatusCode;
use chamberlain::authority::action::{
    Action, CreateUser, DeleteUser, GrantRole, MoveOrganisation, ReadOrganisation, ReadUser, RevokeRole, SuspendModule,
    UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Decision, Reason, Validity};
use chamberlain::delegation::explain::{Eyes, explain};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use serde_json::{Value, json};

use super::calls::{Counter, role};
use crate::portal::browser::{Browser, Form};

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Allow(_) => "yes",
        Decision::Deny(Reason::NotFound) => "–",
        Decision::Deny(_) => "no",
    }
}

fn by_status(status: StatusCode) -> &'static str {
    match status.as_u16() {
        // Held, done or last already: allowed, and refused by the rules.
        200 | 201 | 204 | 409 => "yes",
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
pub struct Actor {
    pub name: &'static str,
    pub user: UserId,
    pub token: Option<String>,
    pub browser: Browser,
}

/// What one question gets at each door that offers it.
pub type Answers = Vec<(&'static str, &'static str)>;

async fn asked(counter: &Counter, actor: &Actor, action: &str, user: UserId) -> Option<&'static str> {
    let body = json!({ "subject": { "type": "user", "id": actor.user }, "action": { "name": action }, "resource": { "type": "user", "id": user } });
    let reply = counter.post(actor.token.as_deref()?, "/access/v1/evaluation", body).await;
    Some(by_answer(&reply.body))
}

/// What the console answers about somebody: `chamberlain explain can`.
async fn explained(counter: &Counter, actor: &Actor, action: Action) -> &'static str {
    let tx = &mut counter.bank.world.db.reader().await.unwrap();
    let now = counter.bank.world.clock.now();
    word(
        &explain(tx, &counter.bank.door, (Eyes::All, PrincipalId::Person(actor.user), &action), now)
            .await
            .unwrap()
            .decision,
    )
}

pub async fn see(counter: &Counter, actor: &mut Actor, user: UserId) -> Answers {
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

pub async fn change(counter: &Counter, actor: &mut Actor, user: UserId) -> Answers {
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

pub async fn remove(counter: &Counter, actor: &Actor, user: UserId) -> Answers {
    let mut answers = vec![("CLI", explained(counter, actor, DeleteUser { user }.into()).await)];
    answers.extend(asked(counter, actor, "user.delete", user).await.map(|answer| ("AuthZEN", answer)));
    answers
}

pub async fn give(counter: &Counter, actor: &Actor, (user, organisation): (UserId, OrganisationId)) -> Answers {
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
        answers.push(("JSON API", by_status(reply.status)));
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:extension:chamberlain:2.0:RoleAssignment"],
            "principal": { "value": user }, "role": "DelegatedUserAdmin", "organization": { "value": organisation },
            "includeSubLevels": true, "validUntil": "2001-01-01T00:00:00Z" });
        // A role that is over before it begins is refused after the decision, so that nothing changes here.
        let reply = counter.post(token, "/scim/v2/RoleAssignments", body).await;
        answers.push(("SCIM", if reply.status == StatusCode::BAD_REQUEST { "yes" } else { by_status(reply.status) }));
    }
    answers
}

/// What AuthZEN answers about a level.
async fn asked_at(
    counter: &Counter,
    actor: &Actor,
    (action, at): (&str, OrganisationId),
    about: Value,
) -> Option<&'static str> {
    let body = json!({ "subject": { "type": "user", "id": actor.user }, "action": { "name": action },
        "resource": { "type": "organisation", "id": at, "properties": about } });
    let reply = counter.post(actor.token.as_deref()?, "/access/v1/evaluation", body).await;
    Some(by_answer(&reply.body))
}

/// What AuthZEN answers about what is done to a person and leaves no trace in any other door.
pub async fn only_asked(counter: &Counter, actor: &Actor, user: UserId, (action, name): (Action, &str)) -> Answers {
    let mut answers = vec![("CLI", explained(counter, actor, action).await)];
    answers.extend(asked(counter, actor, name, user).await.map(|answer| ("AuthZEN", answer)));
    answers
}

pub async fn see_level(counter: &Counter, actor: &mut Actor, organisation: OrganisationId) -> Answers {
    let mut answers = vec![
        ("CLI", explained(counter, actor, ReadOrganisation { organisation }.into()).await),
        ("portal", by_status(actor.browser.get(&format!("/admin/levels/{organisation}")).await.status)),
    ];
    if let Some(token) = &actor.token {
        answers.push((
            "SCIM",
            by_status(counter.get(token, &format!("/scim/v2/Organizations/{organisation}")).await.status),
        ));
    }
    answers.extend(
        asked_at(counter, actor, ("organisation.read", organisation), json!({}))
            .await
            .map(|answer| ("AuthZEN", answer)),
    );
    answers
}

pub async fn change_level(counter: &Counter, actor: &mut Actor, organisation: OrganisationId) -> Answers {
    let mut answers = vec![
        ("CLI", explained(counter, actor, UpdateOrganisation { organisation }.into()).await),
        ("portal", by_status(actor.browser.get(&format!("/admin/levels/{organisation}/edit")).await.status)),
    ];
    answers.extend(
        asked_at(counter, actor, ("organisation.update", organisation), json!({}))
            .await
            .map(|answer| ("AuthZEN", answer)),
    );
    answers
}

pub async fn create(counter: &Counter, actor: &Actor, organisation: OrganisationId) -> Answers {
    let mut answers = vec![("CLI", explained(counter, actor, CreateUser { organisation }.into()).await)];
    if let Some(token) = &actor.token {
        let name = uuid::Uuid::new_v4().simple().to_string();
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name,
            "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User": { "organisation": organisation } });
        let reply = counter.post(token, "/scim/v2/Users", body).await;
        // A value of the document: one that does not exist and one out of sight are refused alike, as a wrong value.
        answers.push(("SCIM", if reply.status == StatusCode::BAD_REQUEST { "–" } else { by_status(reply.status) }));
    }
    answers.extend(
        asked_at(counter, actor, ("user.create", organisation), json!({})).await.map(|answer| ("AuthZEN", answer)),
    );
    answers
}

pub async fn move_level(counter: &Counter, actor: &mut Actor, organisation: OrganisationId) -> Answers {
    let to = counter.bank.bank_a;
    let mut answers = vec![("CLI", explained(counter, actor, MoveOrganisation { organisation, to }.into()).await)];
    if let Some(token) = &actor.token {
        let path = format!("/api/v1/organisations/{organisation}/move?to={to}");
        answers.push(("JSON API", by_status(counter.get(token, &path).await.status)));
        let change = json!({ "change": { "move": { "organisation": organisation, "to": to } } });
        answers.push(("simulation", by_status(counter.post(token, "/api/v1/simulations", change).await.status)));
    }
    answers
}

pub async fn suspend(counter: &Counter, actor: &Actor, organisation: OrganisationId) -> Answers {
    let application = counter.bank.casper;
    let mut answers =
        vec![("CLI", explained(counter, actor, SuspendModule { organisation, application }.into()).await)];
    if let Some(token) = &actor.token {
        let path = format!("/api/v1/organisations/{organisation}/modules/{application}/suspend");
        answers.push(("JSON API", by_status(counter.call(token, "POST", &path, None).await.status)));
    }
    let about = json!({ "application": application });
    answers.extend(
        asked_at(counter, actor, ("module.suspend", organisation), about).await.map(|answer| ("AuthZEN", answer)),
    );
    answers
}

/// Taking away the role that somebody holds there.
pub async fn take(counter: &Counter, actor: &mut Actor, (assignment, holder): (RoleAssignmentId, UserId)) -> Answers {
    let mut answers = vec![
        ("CLI", explained(counter, actor, RevokeRole { assignment }.into()).await),
        (
            "portal",
            by_status(actor.browser.get(&format!("/admin/users/{holder}/scope?without={assignment}")).await.status),
        ),
    ];
    if let Some(token) = &actor.token {
        let path = format!("/api/v1/role-assignments/{assignment}/revoke?preview=true");
        let reply = counter.post(token, &path, json!({ "reason": "reason" })).await;
        answers.push(("JSON API", by_status(reply.status)));
        let change = json!({ "change": { "revoke": { "role_assignment": assignment, "reason": "reason" } } });
        answers.push(("simulation", by_status(counter.post(token, "/api/v1/simulations", change).await.status)));
        // A version that it never had: refused after the decision, so that nothing changes here.
        let reply = counter
            .call_if(token, "DELETE", &format!("/scim/v2/RoleAssignments/{assignment}"), (Some("\"never\""), None))
            .await;
        let answer = if reply.status == StatusCode::PRECONDITION_FAILED { "yes" } else { by_status(reply.status) };
        answers.push(("SCIM", answer));
    }
    answers
}
