//! The directory of organisations for applications (I43, I88).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::authority::Applications;
use serde_json::json;

use super::calls::Counter;
use crate::support::{Bank, Modules, Network};

on_both! {
    /// I43, I80, I88: a token for `organisations:read` looks organisations up; one for less, or for some levels, does not.
    async fn the_directory_is_read_by_scope_and_shows_what_the_profile_shows(world: World) {
        let all = Network::found(world).await;
        let modules = Modules::of(&all.bank.world, &all.bank.door);
        modules.ask(all.bank.imas).await;
        modules.grant((all.ministry, all.bank.imas)).await.unwrap();
        let (maria, imas_authority, office) = (all.maria, all.ministry, all.office);
        let operator = all.bank.person(all.root, "Olga").await;
        all.bank.appoint(operator, "Operator", all.root, true, Applications::All).await;
        let counter = Counter::of(all.bank).await;
        let token = counter.token_for(operator, &["organisations:read"]).await.unwrap();
        let page = counter.get(&token, "/api/v1/directory?limit=3").await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.body["items"].as_array().unwrap().len(), 3);
        let next = page.body["next"].as_str().unwrap();
        // D8: where it goes on is read by nobody else, and made up by nobody.
        let last = page.body["items"][2]["id"].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(next).unwrap();
        assert!(!bytes.windows(16).any(|part| part == last.as_bytes()));
        let name = page.body["items"][2]["name"].as_str().unwrap().to_lowercase();
        assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()));
        let made_up = URL_SAFE_NO_PAD.encode([last.as_bytes().as_slice(), name.as_bytes()].concat());
        assert_eq!(counter.get(&token, &format!("/api/v1/directory?after={made_up}")).await.status, StatusCode::BAD_REQUEST);
        let rest = counter.get(&token, &format!("/api/v1/directory?after={next}")).await;
        assert_eq!((rest.body["items"].as_array().unwrap().len(), &rest.body["next"]), (4, &json!(null)));
        let found = counter.get(&token, "/api/v1/directory?application=IMAS").await;
        assert_eq!(found.body["items"][0]["id"], json!(imas_authority.to_string()));
        assert_eq!(found.body["items"][0]["applications"], json!([{ "code": "IMAS", "name": "IMAS", "kind": "authority", "status": "active" }]));
        assert_eq!(found.body["items"][0]["contact"], json!({ "phone": null, "address": null, "website": null }));
        for odd in ["country=Germany", "class=x", "class=responsibility:x", "application=X", "after=x", "limit=x", "name=x"] {
            assert_eq!(counter.get(&token, &format!("/api/v1/directory?{odd}")).await.status, StatusCode::BAD_REQUEST, "{odd}");
        }
        let modules = Modules::of(&counter.bank.world, &counter.bank.door);
        modules.close(office, true).await.unwrap();
        assert_eq!(counter.get(&token, "/api/v1/directory?q=office").await.body["items"], json!([]));
        let less = counter.token_for(operator, &["users:read"]).await.unwrap();
        assert_eq!(counter.get(&less, "/api/v1/directory").await.status, StatusCode::FORBIDDEN);
        let level = counter.token_for(maria, &["organisations:read"]).await.unwrap();
        assert_eq!(counter.get(&level, "/api/v1/directory").await.status, StatusCode::FORBIDDEN, "what a delegate lends is for some levels");
    }

    /// D8: without a directory in the profile there is nothing to read, whatever the token.
    async fn without_a_directory_nothing_is_told(world: World) {
        let counter = Counter::of(Bank::found(world).await).await;
        let bank = &counter.bank;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        let token = counter.token(gerda).await;
        assert_eq!(counter.get(&token, "/api/v1/directory").await.status, StatusCode::FORBIDDEN);
    }
}
