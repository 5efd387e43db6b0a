//! What would change if something were done: answered by doing it and undoing it.

use axum::http::StatusCode;
use chamberlain::authority::Applications;
use serde_json::{Value, json};

use super::calls::{Counter, role};

const PATH: &str = "/api/v1/simulations";

fn question(who: impl ToString, action: &str, user: impl ToString) -> Value {
    json!({ "subject": { "type": "user", "id": who.to_string() }, "action": { "name": action }, "resource": { "type": "user", "id": user.to_string() } })
}

on_both! {
    /// D3, D7, D8, DA-26: giving and taking a role, with questions answered as it is and as it would be; nothing is kept.
    async fn what_would_change_is_said_and_nothing_is_kept(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let (frank, fritz) = (bank.person(bank.frankfurt, "Frank").await, bank.person(bank.frankfurt, "Fritz").await);
        bank.activate(frank).await;
        let token = counter.token(gerda).await;
        let before = counter.get(&token, "/api/v1/role-assignments").await;
        let asked = json!([question(frank, "user.update", fritz), question(fritz, "user.update", frank), question(frank, "user.read", bank.root)]);
        let change = json!({ "grant": role(frank, "DelegatedUserAdmin", bank.germany) });
        let would = counter.post(&token, PATH, json!({ "change": change, "questions": asked })).await;
        assert_eq!(would.status, StatusCode::OK, "{}", would.text);
        assert_eq!(would.body["gains"]["role_assignments"][0]["role"], json!("DelegatedUserAdmin"));
        assert_eq!(would.body["loses"], json!({ "role_assignments": [], "others": 0, "deputies": 0 }));
        let no = json!({ "before": false, "after": false });
        assert_eq!(would.body["answers"], json!([{ "before": false, "after": true }, no, no]));
        assert_eq!(counter.get(&token, "/api/v1/role-assignments").await.body, before.body, "nothing is kept");
        // Taken away: the same question turns round.
        let made = counter.post(&token, "/api/v1/role-assignments", role(frank, "DelegatedUserAdmin", bank.germany)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let change = json!({ "revoke": { "role_assignment": made.body["id"] } });
        let would = counter.post(&token, PATH, json!({ "change": change, "questions": asked })).await;
        assert_eq!(would.body["loses"]["role_assignments"][0]["id"], made.body["id"], "{}", would.text);
        assert_eq!(would.body["answers"][0], json!({ "before": true, "after": false }));
        let found = counter.get(&token, made.location.as_deref().unwrap()).await;
        assert_eq!(found.body, made.body, "nothing is kept");
    }

    /// D13, DA-08: a move turns who administers the people below; its effect is told within the sight of whoever asks.
    async fn a_move_turns_who_administers_what_is_moved(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let francine = bank.user_admin(bank.france, true, "Francine").await;
        let frank = bank.person(bank.frankfurt, "Frank").await;
        let token = counter.token(operator).await;
        let questions = json!([question(gerda, "user.update", frank), question(francine, "user.update", frank)]);
        let change = json!({ "move": { "organisation": bank.frankfurt, "to": bank.france } });
        let would = counter.post(&token, PATH, json!({ "change": change, "questions": questions })).await;
        assert_eq!(would.status, StatusCode::OK, "{}", would.text);
        assert_eq!(would.body["answers"], json!([{ "before": true, "after": false }, { "before": false, "after": true }]));
        assert_eq!(would.body["loses"]["role_assignments"][0]["principal"]["id"], json!(gerda));
        assert_eq!(would.body["gains"]["role_assignments"][0]["principal"]["id"], json!(francine));
        // Still where it was.
        let again = counter.post(&token, PATH, json!({ "change": change, "questions": questions })).await;
        assert_eq!(again.body, would.body);
    }

    /// D5, D8: what would be refused is refused the same way, and what may not be seen is not found.
    async fn what_may_not_be_done_is_not_simulated(world: World) {
        let counter = Counter::open(world).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let gustav = bank.person(bank.germany, "Gustav").await;
        let beside = bank.person(bank.france, "Felicie").await;
        let above = bank.person(bank.bank_b, "Boris").await;
        let hidden = bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let token = counter.token(gerda).await;
        let nobody = uuid::Uuid::from_u128(5);
        for (change, status) in [
            (json!({ "grant": role(gerda, "DelegatedUserAdmin", bank.frankfurt) }), StatusCode::FORBIDDEN),
            (json!({ "grant": role(gustav, "Operator", bank.germany) }), StatusCode::FORBIDDEN),
            (json!({ "grant": role(beside, "DelegatedUserAdmin", bank.germany) }), StatusCode::NOT_FOUND),
            (json!({ "revoke": { "role_assignment": hidden } }), StatusCode::NOT_FOUND),
            (json!({ "revoke": { "role_assignment": nobody } }), StatusCode::NOT_FOUND),
            (json!({ "move": { "organisation": bank.germany, "to": bank.france } }), StatusCode::FORBIDDEN),
            (json!({}), StatusCode::BAD_REQUEST),
            (json!({ "grant": role(gustav, "DelegatedUserAdmin", bank.germany), "revoke": { "role_assignment": nobody } }), StatusCode::BAD_REQUEST),
        ] {
            let reply = counter.post(&token, PATH, json!({ "change": change })).await;
            assert_eq!(reply.status, status, "{change}: {}", reply.text);
        }
        let change = json!({ "grant": role(gustav, "DelegatedUserAdmin", bank.germany) });
        let many = vec![question(gerda, "user.read", gustav); 51];
        assert_eq!(counter.post(&token, PATH, json!({ "change": change, "questions": many })).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(counter.post(&token, PATH, json!({ "change": change, "questions": [{ "subject": 1 }] })).await.status, StatusCode::BAD_REQUEST);
        // Without the scope of the change, the same person's token looks at nothing.
        let reading = counter.token_for(gerda, &["roles:read"]).await.unwrap();
        assert!(counter.post(&reading, PATH, json!({ "change": change })).await.status.is_client_error());
    }
}
