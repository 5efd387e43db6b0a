//! The resource types beside users and groups, as far as they are written: giving and taking roles, naming people, inviting organisations.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use crate::api::calls::{Counter, Reply};
use crate::api::nominations::open;
use crate::support::Consortium;

const ROLES: &str = "/scim/v2/RoleAssignments";
const NOMINATIONS: &str = "/scim/v2/Nominations";
const INVITATIONS: &str = "/scim/v2/Invitations";

fn schema(name: &str) -> String {
    format!("urn:ietf:params:scim:schemas:extension:chamberlain:2.0:{name}")
}

fn role(to: impl ToString, role: &str, at: impl ToString) -> Value {
    json!({ "schemas": [schema("RoleAssignment")], "principal": { "value": to.to_string() }, "role": role,
        "organization": { "value": at.to_string() }, "includeSubLevels": true })
}

fn nomination(role: &str, at: impl ToString, email: &str) -> Value {
    json!({ "schemas": [schema("Nomination")], "role": role, "organization": { "value": at.to_string() }, "email": email })
}

fn invitation(below: impl ToString, email: &str) -> Value {
    json!({ "schemas": [schema("Invitation")], "email": email, "proposedName": "Agency", "organization": { "value": below.to_string() },
        "language": "fr", "message": "Welcome" })
}

/// The path behind `/scim/v2` of what was made.
fn path(made: &Reply) -> String {
    let location = made.location.as_deref().unwrap();
    assert_eq!(made.body["meta"]["location"], json!(location));
    location.strip_prefix("https://id.example").unwrap().to_owned()
}

fn ids(list: &Reply) -> BTreeSet<String> {
    assert_eq!(list.body["totalResults"].as_u64().unwrap(), list.body["Resources"].as_array().unwrap().len() as u64);
    list.body["Resources"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

async fn remove(counter: &Counter, token: &str, at: &str) -> StatusCode {
    counter.call(token, "DELETE", at, None).await.status
}

on_both! {
    /// D3, D5, D6, D7, RFC 7644 §3.3, §3.6: a role is given and taken by the rules of every other door; what may not be seen is not found.
    async fn a_client_gives_and_takes_roles(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let (frank, felicie) = (bank.person(bank.frankfurt, "Frank").await, bank.person(bank.france, "Felicie").await);
        bank.activate(frank).await;
        let above = bank.person(bank.bank_b, "Boris").await;
        let hidden = bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let token = counter.token_for(gerda, &["roles:write"]).await.unwrap();
        let made = counter.post(&token, ROLES, role(frank, "DelegatedUserAdmin", bank.germany)).await;
        assert_eq!((made.status, &made.body["state"]), (StatusCode::CREATED, &json!("active")), "{}", made.text);
        let at = path(&made);
        let read = counter.get(&token, &at).await;
        assert_eq!((&read.body, &read.etag), (&made.body, &made.etag));
        let again = counter.post(&token, ROLES, role(frank, "DelegatedUserAdmin", bank.germany)).await;
        assert_eq!((again.status, &again.body["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));
        for (body, status) in [
            (role(gerda, "DelegatedUserAdmin", bank.frankfurt), 403),
            (role(frank, "Operator", bank.germany), 403),
            (role(felicie, "DelegatedUserAdmin", bank.germany), 404),
            (role(frank, "DelegatedUserAdmin", bank.france), 404),
            (role("nobody", "DelegatedUserAdmin", bank.germany), 400),
            (json!({ "schemas": [schema("RoleAssignment")], "role": "DelegatedUserAdmin" }), 400),
            (json!({ "schemas": [schema("RoleAssignment")], "force": true }), 400),
        ] {
            let reply = counter.post(&token, ROLES, body.clone()).await;
            assert_eq!(reply.status.as_u16(), status, "{body}: {}", reply.text);
        }
        let mut odd = role(frank, "DelegatedUserAdmin", bank.frankfurt);
        odd["validUntil"] = json!("tomorrow");
        assert_eq!(counter.post(&token, ROLES, odd.clone()).await.status, StatusCode::BAD_REQUEST);
        odd["validUntil"] = json!("2001-01-01T00:00:00Z");
        assert_eq!(counter.post(&token, ROLES, odd).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.call(&token, "PATCH", &at, Some(json!({}))).await.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(remove(&counter, &token, &format!("{ROLES}/{hidden}")).await, StatusCode::NOT_FOUND);
        assert_eq!(counter.call_if(&token, "DELETE", &at, (Some("\"stale\""), None)).await.status, StatusCode::PRECONDITION_FAILED);
        // Reading alone takes nothing away.
        let reading = counter.token_for(gerda, &["roles:read"]).await.unwrap();
        assert!(counter.call(&reading, "DELETE", &at, None).await.status.is_client_error());
        assert_eq!(counter.get(&token, &at).await.status, StatusCode::OK);
        assert_eq!(counter.call_if(&token, "DELETE", &at, (made.etag.as_deref(), None)).await.status, StatusCode::NO_CONTENT);
        assert_eq!(counter.get(&token, &at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(remove(&counter, &token, &at).await, StatusCode::NOT_FOUND);
    }

    /// P17, P18, P20, D8, D14: people are named by address and taken back; only whoever could have named them reads of it.
    async fn a_client_names_people_for_roles(world: World) {
        let made = Consortium::found(world).await;
        let counter = open(&made).await;
        let (lear, other) = (made.person(made.acme, "Lea").await, made.person(made.beta, "Bea").await);
        for (who, at) in [(lear, made.acme), (other, made.beta)] {
            made.assign(PrincipalId::Console, who, "LEAR", (at, None)).await.unwrap();
        }
        let (hers, others) = (counter.token(lear).await, counter.token(other).await);
        let wanted = nomination("AccountAdministrator", made.acme, "new@acme.example");
        let named = counter.post(&hers, NOMINATIONS, wanted.clone()).await;
        assert_eq!((named.status, &named.body["state"]), (StatusCode::CREATED, &json!("open")), "{}", named.text);
        let known = counter.post(&hers, NOMINATIONS, nomination("AccountAdministrator", made.acme, &Consortium::address("Bea"))).await;
        let shape = |reply: &Reply| reply.body.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!((known.status, shape(&known)), (named.status, shape(&named)), "the same whoever has the address");
        let at = path(&named);
        assert_eq!(counter.get(&hers, &at).await.body, named.body);
        assert_eq!(ids(&counter.get(&hers, NOMINATIONS).await).len(), 2);
        let same = counter.post(&hers, NOMINATIONS, wanted.clone()).await;
        assert_eq!((same.status, &same.body["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));
        for (filter, found) in [("email eq \"NEW@acme.example\"", 1), ("role eq \"AccountAdministrator\"", 2), ("project pr", 0), ("role eq \"LEAR\"", 0)] {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
            assert_eq!(ids(&counter.get(&hers, &format!("{NOMINATIONS}?{query}")).await).len(), found, "{filter}");
        }
        assert_eq!(counter.get(&others, &at).await.status, StatusCode::NOT_FOUND);
        assert!(ids(&counter.get(&others, NOMINATIONS).await).is_empty());
        assert_eq!(remove(&counter, &others, &at).await, StatusCode::NOT_FOUND);
        assert_eq!(counter.post(&others, NOMINATIONS, wanted).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.post(&hers, NOMINATIONS, nomination("LEAR", made.acme, "new@acme.example")).await.status, StatusCode::FORBIDDEN);
        for bad in [nomination("AccountAdministrator", made.acme, "nobody"), nomination("AccountAdministrator", "x", "new@acme.example"), json!({ "schemas": [schema("Nomination")] })] {
            assert_eq!(counter.post(&hers, NOMINATIONS, bad.clone()).await.status, StatusCode::BAD_REQUEST, "{bad}");
        }
        assert_eq!(remove(&counter, &hers, &at).await, StatusCode::NO_CONTENT);
        assert_eq!(counter.get(&hers, &at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ids(&counter.get(&hers, NOMINATIONS).await).len(), 1);
    }

    /// D8, P31, P59: of everybody, the list holds exactly the nominations that the decision lets them make, and moves with nothing else.
    async fn the_list_of_nominations_is_that_of_the_decision(world: World) {
        let made = Consortium::found(world).await;
        let counter = open(&made).await;
        let project = Some(made.project);
        let people = [
            ("Lea", "LEAR", made.acme, None), ("Bea", "LEAR", made.beta, None), ("Gea", "LEAR", made.gamma, None),
            ("Ada", "AccountAdministrator", made.acme, None), ("Paula", "PrimaryCoordinatorContact", made.acme, project),
            ("Cora", "CoordinatorContact", made.acme, project), ("Petra", "ParticipantContact", made.beta, project),
            ("Tom", "TeamMember", made.beta, project),
        ];
        let mut tokens = Vec::new();
        for (name, role, at, project) in people {
            let person = made.person(at, name).await;
            made.assign(PrincipalId::Console, person, role, (at, project)).await.unwrap();
            tokens.push((name, counter.token(person).await));
        }
        let named = [
            ("AccountAdministrator", made.acme, None), ("AccountAdministrator", made.beta, None), ("FinancialSignatory", made.gamma, None),
            ("CoordinatorContact", made.acme, project), ("ParticipantContact", made.beta, project), ("TeamMember", made.beta, project),
            ("TaskManager", made.acme, project),
        ];
        let mut all = Vec::new();
        for (index, (role, at, project)) in named.into_iter().enumerate() {
            let email = format!("n{index}@acme.example");
            all.push(made.nominate(PrincipalId::Console, &email, role, (at, project)).await.unwrap());
        }
        let (mut seen, mut empty) = (0, 0);
        for (name, token) in &tokens {
            let listed = ids(&counter.get(token, NOMINATIONS).await);
            let mut allowed = BTreeSet::new();
            for one in &all {
                // The JSON API asks the decision about each by itself.
                if counter.get(token, &format!("/api/v1/nominations/{}", one.id)).await.status == StatusCode::OK {
                    allowed.insert(one.id.to_string());
                }
            }
            assert_eq!(listed, allowed, "{name}");
            seen += listed.len();
            empty += usize::from(listed.is_empty());
        }
        assert!(seen > 8 && empty > 0, "vacuous: {seen} {empty}");
        let (_, gea) = &tokens[2];
        let before = (counter.get(gea, NOMINATIONS).await, counter.get(gea, &format!("{NOMINATIONS}?count=0")).await);
        made.nominate(PrincipalId::Console, "more@acme.example", "AccountAdministrator", (made.beta, None)).await.unwrap();
        assert_eq!(before, (counter.get(gea, NOMINATIONS).await, counter.get(gea, &format!("{NOMINATIONS}?count=0")).await));
    }

    /// I30–I32, D8, D14: organisations are invited and taken back by whoever may create some there; nobody else reads of it.
    async fn a_client_invites_organisations(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let (olga, hers) = (counter.token(operator).await, counter.token(gerda).await);
        let wanted = invitation(bank.bank_b, "agency@example.org");
        let made = counter.post(&olga, INVITATIONS, wanted.clone()).await;
        assert_eq!((made.status, &made.body["state"], &made.body["language"]), (StatusCode::CREATED, &json!("sent"), &json!("fr")), "{}", made.text);
        let at = path(&made);
        assert_eq!(counter.get(&olga, &at).await.body, made.body);
        let same = counter.post(&olga, INVITATIONS, wanted.clone()).await;
        assert_eq!((same.status, &same.body["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));
        let mut draft = invitation(bank.bank_b, "draft@example.org");
        draft["state"] = json!("draft");
        assert_eq!(counter.post(&olga, INVITATIONS, draft.clone()).await.body["state"], json!("draft"));
        draft["state"] = json!("validated");
        assert_eq!(counter.post(&olga, INVITATIONS, draft).await.status, StatusCode::BAD_REQUEST);
        let mut odd = invitation(bank.bank_b, "odd@example.org");
        odd["language"] = json!("tlh");
        assert_eq!(counter.post(&olga, INVITATIONS, odd).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(ids(&counter.get(&olga, &format!("{INVITATIONS}?filter=state%20eq%20%22sent%22")).await).len(), 1);
        assert_eq!(ids(&counter.get(&olga, &format!("{INVITATIONS}?sortBy=meta.created")).await).len(), 2);
        assert_eq!(counter.get(&hers, &at).await.status, StatusCode::NOT_FOUND);
        assert!(ids(&counter.get(&hers, INVITATIONS).await).is_empty());
        assert!(counter.post(&hers, INVITATIONS, invitation(bank.germany, "x@example.org")).await.status.is_client_error());
        assert_eq!(remove(&counter, &hers, &at).await, StatusCode::NOT_FOUND);
        assert_eq!(counter.call_if(&olga, "DELETE", &at, (Some("\"stale\""), None)).await.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(remove(&counter, &olga, &at).await, StatusCode::NO_CONTENT);
        assert_eq!(counter.get(&olga, &at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ids(&counter.get(&olga, INVITATIONS).await).len(), 1);
        // What was taken back can be sent again.
        assert_eq!(counter.post(&olga, INVITATIONS, wanted).await.status, StatusCode::CREATED);
    }
}
