//! `authorization_details` of type `delegated_administration` (RFC 9396) at the authorization and the token endpoint, and what is
//! left of a delegate's authority behind such a token.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chamberlain::authority::Applications;
use chamberlain::directory::client;
use chamberlain::kernel::ids::PrincipalId;
use serde_json::{Value, json};

use super::desk::Desk;
use crate::support::relying_party::Answer;

const ANNA: &str = "anna.berg@bank-a.example";

impl Desk {
    /// What the token endpoint answers a service.
    async fn ask(&self, client_id: &str, more: &[(&str, &str)]) -> Answer {
        let service = self.provider.demo.service_clients.iter().find(|service| service.client_id == client_id).unwrap();
        let basic = format!("Basic {}", STANDARD.encode(format!("{client_id}:{}", service.client_secret)));
        let mut pairs = vec![("grant_type", "client_credentials")];
        pairs.extend_from_slice(more);
        self.provider.post("/oauth2/token", Some(&basic), &pairs).await
    }

    async fn granted(&self, client_id: &str, details: &Value) -> (String, Value) {
        let answer = self.ask(client_id, &[("authorization_details", &details.to_string())]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let body = answer.json();
        (body["access_token"].as_str().unwrap().to_owned(), body)
    }

    async fn service(&self, client_id: &str) -> PrincipalId {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        PrincipalId::Service(client::store::find_by_client_id(tx, client_id).await.unwrap().unwrap().id)
    }
}

fn detail(actions: &[&str], more: Value) -> Value {
    let mut detail = json!({ "type": "delegated_administration", "actions": actions });
    detail.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    detail
}

fn rename(name: &str) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "name.familyName", "value": name }] })
}

on_both! {
    /// D7, DA-32, RFC 9396 §7: a service lends a token part of what it holds; the answer says which; lists, reads and changes
    /// know nothing else.
    async fn a_token_with_details_reaches_what_was_asked_for_and_is_held(world: World) {
        let desk = Desk::new(world).await;
        let (germany, bank_a) = (desk.level("Bank B Germany").await, desk.level("Bank A").await);
        let asked = json!([detail(&["users:read"], json!({ "levels": [germany, bank_a], "include_sub_levels": true }))]);
        let (token, body) = desk.granted("hr-bank-b-access", &asked).await;
        assert_eq!(body["scope"], json!("users:read"), "the scopes that the details use");
        let told = json!([{ "type": "delegated_administration", "actions": ["users:read"], "levels": [germany], "include_sub_levels": true }]);
        assert_eq!(body["authorization_details"], told, "held of what was asked for, and nothing else");
        assert_eq!(desk.listed(&token).await, ["Felix", "Greta"]);
        let (felix, paul) = (desk.person("felix.brandt@bank-b.example").await, desk.person("paul.ito@bank-b.example").await);
        assert_eq!(desk.get(&token, &format!("/scim/v2/Users/{felix}")).await.0, StatusCode::OK);
        assert_eq!(desk.get(&token, &format!("/scim/v2/Users/{paul}")).await.0, StatusCode::NOT_FOUND, "the client sees Paul, the token does not");
        let change = rename("Changed");
        let patch = async |token: &str, user| desk.call(token, "PATCH", &format!("/scim/v2/Users/{user}"), Some(&change)).await.0;
        assert_eq!(patch(&token, felix).await, StatusCode::FORBIDDEN);
        // One level, and not those below it.
        let asked = json!([detail(&["users:write"], json!({ "levels": [desk.level("Bank B").await] }))]);
        let (token, _) = desk.granted("hr-bank-b-access", &asked).await;
        assert_eq!(desk.listed(&token).await, ["Alma", "Boris", "Daniel", "Paul"]);
        assert_eq!(patch(&token, felix).await, StatusCode::NOT_FOUND);
        assert_eq!(patch(&token, paul).await, StatusCode::OK);
        let boris = desk.person("boris.kovac@bank-b.example").await;
        assert_eq!(patch(&token, boris).await, StatusCode::FORBIDDEN, "he reaches further than the token does (D5)");
        // Without details everything is as before.
        let whole = desk.ask("hr-bank-b-access", &[("scope", "scim")]).await.json();
        assert!(whole.get("authorization_details").is_none());
        assert_eq!(desk.listed(whole["access_token"].as_str().unwrap()).await.len(), 7);
    }

    /// DA-32: the applications of a token bind as its levels do; what an action is about has to be held to be granted.
    async fn a_token_is_limited_to_the_applications_it_names(world: World) {
        let desk = Desk::new(world).await;
        let imas = desk.application("IMAS").await;
        let asked = json!([detail(&["memberships:write", "roles:write"], json!({ "applications": [imas] }))]);
        let (token, body) = desk.granted("hr-bank-b-access", &asked).await;
        let bank_b = desk.level("Bank B").await;
        let told = json!([{ "type": "delegated_administration", "actions": ["memberships:write"], "levels": [bank_b], "include_sub_levels": true, "applications": [imas] }]);
        assert_eq!(body["authorization_details"], told, "the client is not registered for `roles:write`");
        let (status, groups) = desk.get(&token, "/scim/v2/Groups").await;
        assert_eq!((status, &groups["totalResults"]), (StatusCode::OK, &json!(1)), "{groups}");
        let group = groups["Resources"][0]["id"].as_str().unwrap().to_owned();
        let lea = desk.person("lea.martin@bank-b.example").await;
        let add = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{ "op": "add", "path": "members", "value": [{ "value": lea }] }] });
        let (status, said) = desk.call(&token, "PATCH", &format!("/scim/v2/Groups/{group}"), Some(&add)).await;
        assert!(status.is_success(), "{said}");
        let whole = desk.ask("hr-bank-b-access", &[("scope", "scim")]).await.json();
        let (_, all) = desk.get(whole["access_token"].as_str().unwrap(), "/scim/v2/Groups").await;
        let casper = all["Resources"].as_array().unwrap().iter().find(|one| one["id"] != json!(group)).unwrap()["id"].as_str().unwrap().to_owned();
        assert_eq!(desk.call(&token, "PATCH", &format!("/scim/v2/Groups/{casper}"), Some(&add)).await.0, StatusCode::NOT_FOUND);
    }

    /// RFC 9396 §5, D8: what is unknown is refused with the error of its own, and a level where nothing is held is answered as
    /// one that does not exist.
    async fn details_of_which_nothing_can_be_granted_are_refused(world: World) {
        let desk = Desk::new(world).await;
        let (bank_a, nowhere) = (desk.level("Bank A").await, uuid::Uuid::from_u128(77));
        let mut texts = Vec::new();
        for level in [bank_a.to_string(), nowhere.to_string()] {
            let asked = json!([detail(&["users:read"], json!({ "levels": [level], "include_sub_levels": true }))]).to_string();
            let answer = desk.ask("hr-bank-b", &[("authorization_details", &asked)]).await;
            assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, "invalid_authorization_details"));
            texts.push(answer.body);
        }
        assert_eq!(texts[0], texts[1]);
        for bad in ["[", "{}", "[{}]", r#"[{"type":"openid_credential"}]"#, r#"[{"type":"delegated_administration","actions":["everything"]}]"#] {
            let answer = desk.ask("hr-bank-b", &[("authorization_details", bad)]).await;
            assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, "invalid_authorization_details"), "{bad}");
        }
        let metadata = desk.provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["authorization_details_types_supported"], json!(["delegated_administration"]));
    }

    /// D7, SD8: each request asks anew what the holder holds; what was granted before does not grow with them.
    async fn a_token_follows_its_holder_down_and_not_up(world: World) {
        let desk = Desk::new(world).await;
        let asked = json!([detail(&["users:read"], json!({}))]);
        let (token, body) = desk.granted("hr-bank-b", &asked).await;
        assert_eq!(body["authorization_details"][0]["levels"], json!([desk.level("Bank B").await]));
        assert_eq!(desk.listed(&token).await.len(), 7);
        let service = desk.service("hr-bank-b").await;
        desk.appoint(service, "DelegatedUserAdmin", desk.level("Bank A").await, Applications::All).await;
        assert_eq!(desk.listed(&token).await.len(), 7, "more is held now, and none of it was lent");
        desk.dismiss(service).await;
        assert!(desk.listed(&token).await.is_empty());
        let nothing = desk.ask("hr-bank-b", &[("authorization_details", &asked.to_string())]).await;
        assert_eq!(nothing.error(), "invalid_authorization_details");
    }

    /// RFC 9396 §6, §7: a person lends an application part of what they hold; the code, the tokens and their successors carry it.
    async fn a_person_lends_an_application_part_of_what_they_hold(world: World) {
        let desk = Desk::new(world).await;
        let provider = &desk.provider;
        let scopes = ["openid", "users:read", "users:write", "memberships:write"].map(str::to_owned).to_vec();
        provider.set("imas", |settings| settings.scopes.clone_from(&scopes)).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(ANNA).await);
        let scope = scopes.join(" ");
        let asked = json!([detail(&["users:read", "users:write", "memberships:write"], json!({}))]).to_string();
        let answer = provider.get(&browser, &imas.authorize(&[("scope", &scope), ("authorization_details", &asked)])).await;
        let code = answer.param("code").unwrap_or_else(|| panic!("{}", answer.location()));
        let body = provider.redeem(&imas, &code).await.json();
        // Anna gives access and changes nobody.
        assert_eq!(body["scope"], json!("openid users:read memberships:write"));
        let (bank_a, application) = (desk.level("Bank A").await, desk.application("IMAS").await);
        let told = json!([{ "type": "delegated_administration", "actions": ["memberships:write", "users:read"], "levels": [bank_a],
            "include_sub_levels": true, "applications": [application] }]);
        assert_eq!(body["authorization_details"], told);
        let token = body["access_token"].as_str().unwrap();
        assert_eq!(desk.listed(token).await, ["Anna", "Bruno", "Dora", "Fred", "Nina"]);
        let nina = desk.person("nina.petit@bank-a.example").await;
        assert_eq!(desk.call(token, "PATCH", &format!("/scim/v2/Users/{nina}"), Some(&rename("Grand"))).await.0, StatusCode::FORBIDDEN);
        // Less can be asked for with the next pair, and never more.
        let less = json!([detail(&["users:read"], json!({ "levels": [bank_a], "include_sub_levels": false }))]).to_string();
        let refresh = body["refresh_token"].as_str().unwrap();
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("authorization_details", less.as_str())];
        let next = provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await.json();
        assert_eq!(next["authorization_details"][0]["include_sub_levels"], json!(false), "{next}");
        assert_eq!(next["authorization_details"][0]["actions"], json!(["users:read"]));
        let again = provider.refresh(&imas, next["refresh_token"].as_str().unwrap()).await.json();
        assert_eq!(again["authorization_details"], told, "the grant is as it was");
        // Bad details go back to the application.
        let bad = provider.get(&browser, &imas.authorize(&[("authorization_details", "[{}]")])).await;
        assert_eq!(bad.param("error").as_deref(), Some("invalid_authorization_details"));
        let others = json!([detail(&["users:read"], json!({ "levels": [desk.level("Bank B").await] }))]).to_string();
        let bad = provider.get(&browser, &imas.authorize(&[("scope", &scope), ("authorization_details", &others)])).await;
        assert_eq!(bad.param("error").as_deref(), Some("invalid_authorization_details"));
    }
}
