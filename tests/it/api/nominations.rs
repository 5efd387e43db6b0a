//! Nominations and requests to revoke over the JSON API (P17–P20, P60, P68).

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, UserId};
use serde_json::json;

use super::calls::{Counter, role};
use crate::support::{Bank, Consortium};

/// The surfaces over the participant portal; what a bank has besides is nowhere.
pub async fn open(made: &Consortium) -> Counter {
    let nil = uuid::Uuid::nil();
    let (nowhere, no_app, no_group) = (OrganisationId(nil), ApplicationId(nil), GroupId(nil));
    let bank = Bank {
        world: made.world.clone(),
        door: made.door.clone(),
        root: made.root,
        bank_a: made.acme,
        bank_b: made.beta,
        germany: nowhere,
        frankfurt: nowhere,
        france: nowhere,
        imas: no_app,
        imas_user: no_group,
        casper: no_app,
        casper_submitter: no_group,
    };
    Counter::of(bank).await
}

on_both! {
    /// P17, P18, P20, D8, D14: a script names people by address and takes that back; whoever could not have, sees none of it.
    async fn a_script_names_people_for_roles(world: World) {
        let made = Consortium::found(world).await;
        let counter = open(&made).await;
        let (lear, other) = (made.person(made.acme, "Lea").await, made.person(made.beta, "Bea").await);
        for (who, at) in [(lear, made.acme), (other, made.beta)] {
            made.assign(PrincipalId::Console, who, "LEAR", (at, None)).await.unwrap();
        }
        let (hers, others) = (counter.token(lear).await, counter.token(other).await);
        let wanted = json!({ "role": "AccountAdministrator", "organisation": made.acme, "email": "new@acme.example" });
        let named = counter.post(&hers, "/api/v1/nominations", wanted.clone()).await;
        assert_eq!((named.status, &named.body["state"]), (StatusCode::CREATED, &json!("open")), "{}", named.text);
        assert_eq!(counter.post(&hers, "/api/v1/nominations", wanted.clone()).await.status, StatusCode::CONFLICT);
        let place = named.location.unwrap();
        assert_eq!(counter.get(&hers, &place).await.body, named.body);
        let list = format!("/api/v1/nominations?organisation={}", made.acme);
        assert_eq!(counter.get(&hers, &list).await.body["items"], json!([named.body]));
        assert_eq!(counter.get(&others, &place).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.get(&others, &list).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.call(&others, "POST", &format!("{place}/withdraw"), None).await.status, StatusCode::NOT_FOUND);
        assert!(counter.post(&others, "/api/v1/nominations", wanted).await.status.is_client_error());
        assert_eq!(counter.get(&hers, "/api/v1/nominations").await.status, StatusCode::BAD_REQUEST);
        let in_project = format!("/api/v1/nominations?project={}", made.project);
        assert_eq!(counter.get(&hers, &in_project).await.body["items"], json!([]));
        let mut odd = json!({ "role": "LEAR", "organisation": made.acme, "email": "new@acme.example" });
        assert_eq!(counter.post(&hers, "/api/v1/nominations", odd.clone()).await.status, StatusCode::FORBIDDEN);
        odd["email"] = json!("nobody");
        assert_eq!(counter.post(&hers, "/api/v1/nominations", odd).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.call(&hers, "POST", &format!("{place}/withdraw"), None).await.body["state"], json!("withdrawn"));
        assert_eq!(counter.call(&hers, "POST", &format!("{place}/withdraw"), None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.get(&hers, &list).await.body["items"], json!([]));
    }

    /// P21–P23, P72, D6: a script assigns what requires a dormant role to whoever holds that, and to nobody else.
    async fn a_script_assigns_a_signatory_to_a_project(world: World) {
        let made = Consortium::found(world).await;
        let counter = open(&made).await;
        let (lear, chief) = (made.person(made.acme, "Lea").await, made.person(made.acme, "Paula").await);
        let (felix, frank) = (made.person(made.acme, "Felix").await, made.person(made.acme, "Frank").await);
        made.assign(PrincipalId::Console, lear, "LEAR", (made.acme, None)).await.unwrap();
        made.assign(PrincipalId::Console, chief, "PrimaryCoordinatorContact", (made.acme, Some(made.project))).await.unwrap();
        made.assign(PrincipalId::Console, felix, "FinancialSignatory", (made.acme, None)).await.unwrap();
        let (hers, chiefs) = (counter.token(lear).await, counter.token(chief).await);
        let roles = "/api/v1/role-assignments";
        let wanted = |person: UserId| {
            json!({ "principal": { "kind": "person", "id": person }, "role": "ProjectFinancialSignatory",
                "organisation": made.acme, "project": made.project })
        };
        let preview = counter.post(&chiefs, &format!("{roles}?preview=true"), wanted(felix)).await;
        assert_eq!((preview.status, &preview.body["state"]), (StatusCode::OK, &json!("active")), "{}", preview.text);
        assert!(made.held(felix).await.iter().all(|role| role.role != "ProjectFinancialSignatory"));
        assert_eq!(counter.post(&hers, roles, wanted(felix)).await.status, StatusCode::FORBIDDEN, "the second stage is another's");
        let (without, unknown) = (counter.post(&chiefs, roles, wanted(frank)).await, counter.post(&chiefs, roles, wanted(UserId(uuid::Uuid::from_u128(9)))).await);
        assert_eq!((without.status, &without.text), (StatusCode::NOT_FOUND, &unknown.text), "he does not hold what it requires");
        let mut never = wanted(felix);
        never["valid_from"] = json!("2040-01-01T00:00:00Z");
        never["valid_until"] = json!("2039-01-01T00:00:00Z");
        assert_eq!(counter.post(&chiefs, roles, never).await.status, StatusCode::BAD_REQUEST, "it would end before it begins");
        let simulated = json!({ "change": { "grant": wanted(felix) }, "questions": [] });
        let simulated = counter.post(&chiefs, "/api/v1/simulations", simulated).await;
        assert_eq!((simulated.status, &simulated.body["gains"]["role_assignments"][0]["role"]), (StatusCode::OK, &json!("ProjectFinancialSignatory")), "{}", simulated.text);
        let given = counter.post(&chiefs, roles, wanted(felix)).await;
        assert_eq!((given.status, &given.body["project"]), (StatusCode::CREATED, &json!(made.project)), "{}", given.text);
        assert_eq!(counter.post(&chiefs, roles, wanted(felix)).await.status, StatusCode::CONFLICT, "held already");
        for (key, value) in [
            ("include_sub_levels", json!(true)),
            ("applications", json!([])),
            ("principal", json!({ "kind": "service", "id": felix })),
        ] {
            let mut odd = wanted(felix);
            odd[key] = value;
            assert_eq!(counter.post(&chiefs, roles, odd).await.status, StatusCode::BAD_REQUEST, "{key}");
        }
        // Whoever takes the first away ends the second, and reads so beforehand.
        let dormant = made.held(felix).await.into_iter().find(|role| role.role == "FinancialSignatory").unwrap().id;
        let ends = counter.post(&hers, &format!("{roles}/{dormant}/revoke?preview=true"), json!({})).await;
        assert_eq!(ends.body["ends_too"][0]["id"], given.body["id"], "{}", ends.text);
    }

    /// P60, P68: asked, seen by whoever may, declined with a reason that whoever asked reads.
    async fn a_script_asks_for_a_revocation_and_another_answers(world: World) {
        let made = Consortium::found(world).await;
        let counter = open(&made).await;
        let (lear, contact) = (made.person(made.acme, "Lea").await, made.person(made.acme, "Cora").await);
        let chief = made.person(made.acme, "Paula").await;
        made.assign(PrincipalId::Console, lear, "LEAR", (made.acme, None)).await.unwrap();
        made.assign(PrincipalId::Console, chief, "PrimaryCoordinatorContact", (made.acme, Some(made.project))).await.unwrap();
        let about = made.assign(PrincipalId::Console, contact, "CoordinatorContact", (made.acme, Some(made.project))).await.unwrap();
        let (hers, chiefs) = (counter.token(lear).await, counter.token(chief).await);
        let path = format!("/api/v1/role-assignments/{about}/revocation-request");
        assert_eq!(counter.post(&hers, &path, json!({})).await.status, StatusCode::BAD_REQUEST, "say why");
        let asked = counter.post(&hers, &path, json!({ "reason": "she left" })).await;
        assert_eq!((asked.status, &asked.body["state"]), (StatusCode::CREATED, &json!("open")), "{}", asked.text);
        assert_eq!(counter.post(&hers, &path, json!({ "reason": "again" })).await.status, StatusCode::CONFLICT);
        let mine = counter.get(&hers, "/api/v1/revocation-requests").await.body;
        assert_eq!((&mine["asked"][0]["id"], &mine["to_answer"]), (&asked.body["id"], &json!([])));
        let to_answer = counter.get(&chiefs, "/api/v1/revocation-requests").await.body;
        assert_eq!(to_answer["to_answer"][0]["role_assignment"], json!(about));
        let declined = counter.post(&chiefs, &format!("{path}/decline"), json!({ "reason": "she stays" })).await;
        assert_eq!((declined.status, &declined.body["state"]), (StatusCode::OK, &json!("declined")));
        assert_eq!(counter.post(&chiefs, &format!("{path}/decline"), json!({ "reason": "x" })).await.status, StatusCode::CONFLICT);
        assert_eq!(counter.get(&hers, "/api/v1/revocation-requests").await.body["asked"][0]["answer"], json!("she stays"));
    }

    /// D11: what somebody proposed is rejected by somebody else, who says why.
    async fn a_proposal_is_rejected_with_a_reason(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let (hers, olga) = (counter.token(gerda).await, counter.token(operator).await);
        let proposed = counter.post(&hers, "/api/v1/role-assignments", role(frank, "DelegatedUserAdmin", bank.frankfurt)).await;
        let path = format!("{}/reject", proposed.location.unwrap());
        assert_eq!(counter.post(&olga, &path, json!({ "reason": " " })).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.post(&hers, &path, json!({ "reason": "mine" })).await.status, StatusCode::FORBIDDEN);
        let rejected = counter.post(&olga, &path, json!({ "reason": "too young" })).await;
        assert_eq!((rejected.status, &rejected.body["state"]), (StatusCode::OK, &json!("revoked")));
        assert!(counter.post(&olga, &path, json!({ "reason": "too young" })).await.status.is_client_error());
    }
}
