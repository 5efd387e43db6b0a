//! Questions about authority (AuthZEN 1.0): answered by the decision, within what the asker sees.

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::kernel::ids::UserId;
use serde_json::{Value, json};

use super::calls::{Counter, role};

fn question(who: UserId, action: &str, kind: &str, id: impl ToString) -> Value {
    json!({ "subject": { "type": "user", "id": who }, "action": { "name": action }, "resource": { "type": kind, "id": id.to_string() } })
}

async fn ask(counter: &Counter, token: &str, body: Value) -> Value {
    let reply = counter.post(token, "/access/v1/evaluation", body).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    reply.body
}

fn found(reply: &Value) -> Vec<String> {
    let text = |one: &Value| one.get("id").or(one.get("name")).unwrap().as_str().unwrap().to_owned();
    let mut found: Vec<String> = reply["results"].as_array().unwrap().iter().map(text).collect();
    found.sort();
    found
}

on_both! {
    /// AuthZEN 1.0 §6: the answer is the decision's, with the chain of role assignments that the asker sees.
    async fn whoever_administers_asks_why(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let gustav = bank.person(bank.germany, "Gustav").await;
        let token = counter.token(gerda).await;
        let yes = ask(&counter, &token, question(gerda, "user.update", "user", gustav)).await;
        assert_eq!(yes["decision"], json!(true));
        assert_eq!(yes["context"]["because"][0][0]["role"], json!("DelegatedUserAdmin"));
        let no = ask(&counter, &token, question(gustav, "user.update", "user", gerda)).await;
        assert_eq!(no["decision"], json!(false));
        assert_eq!(ask(&counter, &token, question(gerda, "user.create", "organisation", bank.frankfurt)).await["decision"], json!(true));
        assert_eq!(ask(&counter, &token, question(gerda, "organisation.update", "organisation", bank.frankfurt)).await["decision"], json!(false));
        // Of the role by which theirs was given, which is above, only that there is one.
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let given = role(gustav, "DelegatedUserAdmin", bank.frankfurt);
        let made = counter.post(&counter.token(operator).await, "/api/v1/role-assignments", given).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let frank = bank.person(bank.frankfurt, "Frank").await;
        let by = ask(&counter, &token, question(gustav, "user.update", "user", frank)).await;
        assert_eq!(by["context"]["because"], json!([[made.body, { "hidden": true }]]));
    }

    /// D8: what somebody can do by a role that the asker does not see is answered as if they did not hold it, in every question.
    async fn a_role_out_of_sight_is_not_told_by_what_it_allows(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let (gustav, boris) = (bank.person(bank.germany, "Gustav").await, bank.person(bank.germany, "Boris").await);
        let all = counter.token(gerda).await;
        let few = counter.token_for(gerda, &["users:read"]).await.unwrap();
        let questions = [
            ("evaluation", question(boris, "user.update", "user", gustav)),
            ("evaluation", question(boris, "user.create", "organisation", bank.germany)),
            ("search/resource", json!({ "subject": { "type": "user", "id": boris }, "action": { "name": "user.update" }, "resource": { "type": "user" } })),
            ("search/resource", json!({ "subject": { "type": "user", "id": boris }, "action": { "name": "user.create" }, "resource": { "type": "organisation" } })),
            ("search/action", json!({ "subject": { "type": "user", "id": boris }, "resource": { "type": "user", "id": gustav } })),
        ];
        let wrong = json!({ "subject": { "type": "user" }, "action": { "name": "membership.assign" }, "resource": { "type": "user", "id": gustav } });
        assert_eq!(counter.post(&all, "/access/v1/search/subject", wrong).await.status, StatusCode::BAD_REQUEST, "for which group");
        let answers = async |token: &str| {
            let mut told = Vec::new();
            for (path, body) in &questions {
                told.push(counter.post(token, &format!("/access/v1/{path}"), body.clone()).await.text);
            }
            told
        };
        let (before, less) = (answers(&all).await, answers(&few).await);
        bank.appoint(boris, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        assert_eq!(answers(&all).await, before, "a role above");
        // Nor does it make a difference to who can what: with a narrower role in sight, Boris still does not reach who reaches further.
        let above = bank.person(bank.germany, "Anna").await;
        bank.appoint(above, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.appoint(boris, "DelegatedUserAdmin", bank.germany, false, Applications::All).await;
        let who = json!({ "subject": { "type": "user" }, "action": { "name": "user.update" }, "resource": { "type": "user", "id": above } });
        let listed = found(&counter.post(&all, "/access/v1/search/subject", who).await.body);
        let alone = ask(&counter, &all, question(boris, "user.update", "user", above)).await;
        assert_eq!((alone["decision"].clone(), listed), (json!(false), vec![gerda.to_string()]));
        // Seen by whoever reads roles here, and by nobody whose token does not carry that.
        bank.appoint(boris, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let now = answers(&all).await;
        assert!(now.iter().zip(&before).all(|(now, before)| now != before), "{now:#?}");
        assert_eq!(answers(&few).await, less, "by a token that reads no roles");
    }

    /// D8: what the asker may not see is answered like what does not exist, to the byte; also in searches.
    async fn a_question_about_what_is_out_of_sight_is_answered_like_one_about_nothing(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let francine = bank.user_admin(bank.france, true, "Francine").await;
        let beside = bank.person(bank.france, "Felicie").await;
        let token = counter.token(gerda).await;
        let nobody = UserId(uuid::Uuid::from_u128(5));
        let unknown = counter.post(&token, "/access/v1/evaluation", question(gerda, "user.update", "user", nobody)).await;
        assert_eq!(unknown.body, json!({ "decision": false, "context": { "reason": "not found" } }));
        for body in [
            question(gerda, "user.update", "user", beside),
            question(francine, "user.update", "user", beside),
            question(francine, "user.update", "user", gerda),
            question(nobody, "user.update", "user", gerda),
            question(gerda, "organisation.read", "organisation", bank.france),
            question(gerda, "group.read", "group", uuid::Uuid::from_u128(5)),
            question(gerda, "no.such", "user", gerda),
            question(gerda, "user.read", "printer", "x"),
            json!({ "subject": { "type": "robot", "id": "x" }, "action": { "name": "user.read" }, "resource": { "type": "user", "id": gerda } }),
        ] {
            assert_eq!(counter.post(&token, "/access/v1/evaluation", body.clone()).await, unknown, "{body}");
        }
        let empty = json!({ "results": [], "page": { "next_token": "" } });
        for (kind, body) in [
            ("subject", json!({ "subject": { "type": "user" }, "action": { "name": "user.update" }, "resource": { "type": "user", "id": beside } })),
            ("resource", json!({ "subject": { "type": "user", "id": francine }, "action": { "name": "user.update" }, "resource": { "type": "user" } })),
            ("action", json!({ "subject": { "type": "user", "id": gerda }, "resource": { "type": "user", "id": beside } })),
        ] {
            let reply = counter.post(&token, &format!("/access/v1/search/{kind}"), body).await;
            assert_eq!((reply.status, reply.body), (StatusCode::OK, empty.clone()), "{kind}");
        }
    }

    /// AuthZEN 1.0 §8: who may, to whom and to what, and what else; nobody whom the asker does not see is named.
    async fn searches_find_what_the_asker_sees(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        let fritz = bank.user_admin(bank.frankfurt, true, "Fritz").await;
        let boris = bank.user_admin(bank.bank_b, true, "Boris").await;
        let token = counter.token(gerda).await;
        let search = async |kind: &str, body: Value| {
            let reply = counter.post(&token, &format!("/access/v1/search/{kind}"), body).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
            found(&reply.body)
        };
        let who = json!({ "subject": { "type": "user" }, "action": { "name": "user.update" }, "resource": { "type": "user", "id": frank } });
        let mut expected = vec![gerda.to_string(), fritz.to_string()];
        expected.sort();
        assert_eq!(search("subject", who.clone()).await, expected, "Boris may, and is above");
        let above = counter.token(boris).await;
        assert_eq!(found(&counter.post(&above, "/access/v1/search/subject", who).await.body).len(), 3);
        let what = json!({ "subject": { "type": "user", "id": fritz }, "action": { "name": "user.update" }, "resource": { "type": "user" } });
        assert_eq!(search("resource", what).await, [frank.to_string()]);
        let places = json!({ "subject": { "type": "user", "id": fritz }, "action": { "name": "user.create" }, "resource": { "type": "organisation" } });
        assert_eq!(search("resource", places).await, [bank.frankfurt.to_string()]);
        let which = json!({ "subject": { "type": "user", "id": fritz }, "resource": { "type": "organisation", "id": bank.frankfurt } });
        assert_eq!(search("action", which).await, ["organisation.read", "role.read", "user.create"]);
    }

    /// AuthZEN 1.0 §7 and §9: several at once, until it is clear if that is asked; malformed ones are refused; the endpoints are told.
    async fn several_questions_are_answered_at_once(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let gustav = bank.person(bank.germany, "Gustav").await;
        let token = counter.token(gerda).await;
        let mut body = json!({ "subject": { "type": "user", "id": gerda }, "action": { "name": "user.update" }, "evaluations": [
            { "resource": { "type": "user", "id": gustav } },
            { "resource": { "type": "user", "id": gerda } },
            { "resource": { "type": "user", "id": gustav }, "action": { "name": "user.read" } } ] });
        let decisions = |reply: &Value| -> Vec<bool> {
            reply["evaluations"].as_array().unwrap().iter().map(|one| one["decision"].as_bool().unwrap()).collect()
        };
        let path = "/access/v1/evaluations";
        assert_eq!(decisions(&counter.post(&token, path, body.clone()).await.body), [true, false, true]);
        body["options"] = json!({ "evaluations_semantic": "deny_on_first_deny" });
        assert_eq!(decisions(&counter.post(&token, path, body.clone()).await.body), [true, false]);
        body["options"] = json!({ "evaluations_semantic": "permit_on_first_permit" });
        assert_eq!(decisions(&counter.post(&token, path, body.clone()).await.body), [true]);
        body["options"] = json!({ "evaluations_semantic": "whatever" });
        assert_eq!(counter.post(&token, path, body).await.status, StatusCode::BAD_REQUEST);
        let many = vec![question(gerda, "user.read", "user", gustav); 51];
        assert_eq!(counter.post(&token, path, json!({ "evaluations": many })).await.status, StatusCode::BAD_REQUEST);
        for bad in [json!({}), json!([]), json!({ "subject": "x" }), json!({ "subject": { "type": "user", "id": gerda }, "action": { "name": "user.read" } })] {
            assert_eq!(counter.post(&token, "/access/v1/evaluation", bad.clone()).await.status, StatusCode::BAD_REQUEST, "{bad}");
        }
        for (action, kind, property) in [("membership.assign", "user", "group"), ("module.suspend", "organisation", "application"), ("module.grant", "organisation", "application")] {
            let reply = counter.post(&token, "/access/v1/evaluation", question(gerda, action, kind, bank.germany)).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{action}: {}", reply.text);
            assert!(reply.text.contains(&format!("needs `{property}`")), "{}", reply.text);
        }
        let told = counter.get("", "/.well-known/authzen-configuration").await;
        assert_eq!(told.body["access_evaluation_endpoint"], json!("https://id.example/access/v1/evaluation"));
        assert_eq!(counter.post("nonsense", "/access/v1/evaluation", question(gerda, "user.read", "user", gustav)).await.status, StatusCode::UNAUTHORIZED);
    }
}
