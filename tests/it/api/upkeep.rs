//! Deputies and recertification over the JSON API: the same rules as on the pages (D3, D5, D8, D11).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use chamberlain::delegation::recertification::clock;
use chamberlain::delegation::recertification::model::Rules;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use super::calls::Counter;
use crate::support::only;

const RULES: Rules =
    Rules { every: Duration::from_hours(365 * 24), lasts: Duration::from_hours(30 * 24), memberships: true };
const DEPUTIES: &str = "/api/v1/deputies";
const ROLES: &str = "/api/v1/recertification/roles";
const MEMBERSHIPS: &str = "/api/v1/recertification/memberships";

on_both! {
    /// D5, D8: a script lends a role of its owner, and nobody else's; who sees the role sees it; who neither holds nor gives it does not
    /// end it.
    async fn a_script_names_a_deputy_and_ends_it(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.person(bank.germany, "Gerda").await;
        let held = bank.appoint(gerda, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let (frank, felicie) = (bank.person(bank.frankfurt, "Frank").await, bank.person(bank.france, "Felicie").await);
        bank.activate(frank).await;
        let other = bank.user_admin(bank.france, true, "Claire").await;
        let (hers, others) = (counter.token(gerda).await, counter.token(other).await);
        let until = bank.world.clock.now().plus(Duration::from_hours(240)).to_rfc3339();
        let wanted = json!({ "role_assignment": held, "deputy": frank, "valid_until": until });
        let with = |name: &str, value: Value| { let mut body = wanted.clone(); body[name] = value; body };
        assert_eq!(counter.post(&others, DEPUTIES, wanted.clone()).await.status, StatusCode::NOT_FOUND, "not hers to lend");
        assert_eq!(counter.post(&hers, DEPUTIES, with("deputy", json!(felicie))).await.status, StatusCode::NOT_FOUND);
        for (name, wrong) in [("valid_until", json!("tomorrow")), ("valid_until", json!("2090-01-01T00:00:00Z")), ("more", json!(1))] {
            assert_eq!(counter.post(&hers, DEPUTIES, with(name, wrong)).await.status, StatusCode::BAD_REQUEST, "{name}");
        }
        assert_eq!(counter.get(&hers, DEPUTIES).await.body["total"], json!(0), "nothing was changed");
        let named = counter.post(&hers, DEPUTIES, wanted.clone()).await;
        assert_eq!((named.status, &named.body["deputy"]), (StatusCode::CREATED, &json!(frank)), "{}", named.text);
        assert_eq!(counter.post(&hers, DEPUTIES, wanted).await.status, StatusCode::CONFLICT);
        assert_eq!(counter.get(&hers, DEPUTIES).await.body, json!({ "items": [named.body], "total": 1 }));
        assert_eq!(counter.get(&others, DEPUTIES).await.body, json!({ "items": [], "total": 0 }));
        let narrow = counter.token_for(gerda, &["users:read"]).await.unwrap();
        assert_eq!(counter.get(&narrow, DEPUTIES).await.status, StatusCode::NOT_FOUND, "not what the token is for");
        // D13: they lose with whoever they stand in for.
        let olga = bank.person(bank.root, "Olga").await;
        bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        let operator = counter.token(olga).await;
        let preview = format!("/api/v1/organisations/{}/move?to={}", bank.frankfurt, bank.france);
        let before = counter.get(&operator, &preview).await.body;
        assert_eq!((&before["loses"]["deputies"], &before["gains"]["deputies"]), (&json!(1), &json!(0)), "{before}");
        let end = format!("{DEPUTIES}/{}/end", named.body["id"].as_str().unwrap());
        assert_eq!(counter.call(&others, "POST", &end, None).await.status, StatusCode::NOT_FOUND);
        assert_eq!(counter.call(&hers, "POST", &end, None).await.status, StatusCode::OK);
        assert_eq!(counter.get(&hers, DEPUTIES).await.body["total"], json!(0));
        let after = counter.get(&operator, &preview).await.body;
        assert!(after["loses"]["deputies"] == json!(0) && after["effect"] != before["effect"], "{after}");
        assert_eq!(counter.call(&hers, "POST", &end, None).await.status, StatusCode::NOT_FOUND, "ended already");
    }

    /// D3: what is lent is the whole role, so that a token for a part of its scope neither lends nor takes back.
    async fn a_token_for_one_level_lends_no_wider_role(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.person(bank.germany, "Gerda").await;
        let held = bank.appoint(gerda, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        bank.activate(frank).await;
        let until = (bank.world.clock.now().plus(Duration::from_hours(240))).to_rfc3339();
        let wanted = json!({ "role_assignment": held, "deputy": frank, "valid_until": until });
        let narrow = counter.token_at(gerda, &["roles:write", "users:read"], bank.frankfurt).await.unwrap();
        let refused = counter.post(&narrow, DEPUTIES, wanted.clone()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
        let whole = counter.token_at(gerda, &["roles:write", "users:read"], bank.germany).await.unwrap();
        let named = counter.post(&whole, DEPUTIES, wanted).await;
        assert_eq!(named.status, StatusCode::CREATED, "{}", named.text);
        let end = format!("{DEPUTIES}/{}/end", named.body["id"].as_str().unwrap());
        assert!(counter.call(&narrow, "POST", &end, None).await.status.is_client_error());
        assert_eq!(counter.call(&whole, "POST", &end, None).await.status, StatusCode::OK);
    }

    /// D3, D8, D11: a script confirms and takes away what its owner may; one that they may not decide refuses all; what is out of sight
    /// is passed over like what is not there.
    async fn a_script_answers_a_round(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.person(bank.germany, "Gerda").await;
        let own = bank.appoint(gerda, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.appoint(gerda, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        let (kept, gone) = (bank.person(bank.frankfurt, "Frank").await, bank.person(bank.frankfurt, "Fred").await);
        let mut roles = Vec::new();
        for person in [kept, gone] {
            roles.push(bank.appoint(person, "DelegatedUserAdmin", bank.frankfurt, true, Applications::All).await);
        }
        bank.assign(PrincipalId::Console, kept, bank.imas_user).await.unwrap();
        let claire = bank.user_admin(bank.france, true, "Claire").await;
        bank.world.clock.advance(Duration::from_secs(1));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        clock::open_under(&bank.world.db, &bank.door, RULES, (bank.bank_b, true), &ctx).await.unwrap();
        let (hers, others) = (counter.token(gerda).await, counter.token(claire).await);
        let due = counter.get(&hers, ROLES).await;
        let of = |due: &Value, may: bool| {
            let items = due["items"].as_array().unwrap().iter().filter(|one| one["may_confirm"] == json!(may));
            items.map(|one| one["role_assignment"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert!(of(&due.body, false).contains(&own.to_string()), "{}", due.text);
        assert!(roles.iter().all(|role| of(&due.body, true).contains(&role.to_string())), "{}", due.text);
        assert!(of(&counter.get(&others, ROLES).await.body, true).is_empty());
        let total = due.body["total"].clone();
        // Her own role among them: nothing is decided.
        let body = json!({ "keep": [roles[0], own] });
        assert_eq!(counter.post(&hers, ROLES, body).await.status, StatusCode::FORBIDDEN);
        assert_eq!(counter.get(&hers, ROLES).await.body["total"], total);
        let both = json!({ "keep": [roles[0]], "remove": [roles[0]] });
        assert_eq!(counter.post(&hers, ROLES, both).await.status, StatusCode::BAD_REQUEST);
        let many = json!({ "keep": vec![roles[0]; 201] });
        assert_eq!(counter.post(&hers, ROLES, many).await.status, StatusCode::BAD_REQUEST);
        let answers = json!({ "keep": [roles[0]], "remove": [roles[1]] });
        let nothing = json!({ "kept": 0, "removed": 0 });
        assert_eq!(counter.post(&others, ROLES, answers.clone()).await.body, nothing, "out of her sight");
        assert_eq!(counter.post(&hers, ROLES, answers.clone()).await.body, json!({ "kept": 1, "removed": 1 }));
        assert_eq!(counter.post(&hers, ROLES, answers).await.body, nothing, "decided already");
        let due = counter.get(&hers, MEMBERSHIPS).await;
        let id = due.body["items"][0]["id"].clone();
        assert_eq!((&due.body["total"], &due.body["items"][0]["may_confirm"]), (&json!(1), &json!(true)), "{}", due.text);
        assert_eq!(counter.post(&hers, MEMBERSHIPS, json!({ "keep": [id] })).await.body, json!({ "kept": 1, "removed": 0 }));
        assert_eq!(counter.get(&hers, MEMBERSHIPS).await.body["total"], json!(0));
        let nobody = bank.person(bank.germany, "Norbert").await;
        bank.appoint(nobody, "ApplicationAccessAdmin", bank.france, false, only(&[bank.imas])).await;
        let theirs = counter.token_for(nobody, &["users:read"]).await.unwrap();
        assert_eq!(counter.get(&theirs, MEMBERSHIPS).await.status, StatusCode::NOT_FOUND, "the token is too narrow");
    }
}
