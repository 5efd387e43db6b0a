//! What an application that asks for module access is told, and whom it never sees (D2, D9, I76, I79).

use axum::http::StatusCode;
use chamberlain::directory::application;
use chamberlain::directory::module::model::ModuleKind;
use chamberlain::directory::module::terms::Terms;
use serde_json::json;

use crate::support::Modules;
use crate::support::relying_party::{Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";

on_both! {
    /// I76, D9: active, then complete-only, told in the ID token and at `UserInfo` with the scope `organisation`, the sign-in
    /// stays possible; applications that do not ask are told nothing.
    async fn i76_the_application_is_told_that_only_what_is_under_way_may_be_completed(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let before = provider.tokens(&imas, &browser).await;
        assert!(claims(&before["id_token"])["organisation"].is_object() && claims(&before["id_token"]).get("module_status").is_none());
        let application = application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        let at = (provider.organisation("Bank A").await, application);
        let modules = Modules::of(&provider.world, &provider.oidc.app.door);
        modules.ask(application).await;
        modules.grant_as(at, ModuleKind::Coordinator, &[]).await.unwrap();
        let tokens = provider.tokens(&imas, &browser).await;
        let id = claims(&tokens["id_token"]);
        assert_eq!((&id["module_status"], &id["module_kind"]), (&"active".into(), &"coordinator".into()));
        modules.suspend(at).await.unwrap();
        // D7: what is told is what is now, also to who holds an older token.
        let told = provider.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
        assert_eq!(told["module_status"], "complete_only");
        let id = claims(&provider.tokens(&imas, &browser).await["id_token"]);
        assert_eq!(id["module_status"], "complete_only");
        assert!(!id["groups"].as_array().unwrap().is_empty(), "memberships are kept");
        modules.regrant(at).await.unwrap();
        assert_eq!(claims(&provider.tokens(&imas, &browser).await["id_token"])["module_status"], "active");
    }

    /// I26, I27: what was agreed with the organisation goes with the module's status; what there is none of is left out.
    async fn i27_the_application_is_told_classification_and_settings(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let application = application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        let at = (provider.organisation("Bank A").await, application);
        let modules = Modules::of(&provider.world, &provider.oidc.app.door);
        modules.ask(application).await;
        modules.grant(at).await.unwrap();
        let id = claims(&provider.tokens(&imas, &browser).await["id_token"]);
        assert!(id.get("module_kind").is_some() && id.get("module_settings").is_none() && id.get("module_classification").is_none());
        modules.describe(application, "NURSES = Nurses", json!({ "type": "object", "properties": { "approval": { "type": "boolean" } } })).await;
        let settings = json!({ "approval": true }).as_object().cloned().unwrap();
        let terms = Terms { classification: vec!["NURSES".to_owned()], settings, ..ModuleKind::Authority.into() };
        modules.agree(at, terms.clone()).await.unwrap();
        let id = claims(&provider.tokens(&imas, &browser).await["id_token"]);
        assert_eq!(id["module_classification"], json!(["NURSES"]));
        assert_eq!(id["module_settings"], json!({ "approval": true }));
        let wrong = Terms { classification: vec!["TEACHERS".to_owned()], ..terms };
        assert!(modules.agree(at, wrong).await.is_err());
    }

    /// D2: without any module access of the organisation nobody enters, whatever groups they hold; refused as without a group.
    async fn d2_without_module_access_nobody_of_an_organisation_enters(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let application = application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        let modules = Modules::of(&provider.world, &provider.oidc.app.door);
        modules.ask(application).await;
        let answer = provider.get(&browser, &imas.authorize(&[])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(silent.param("error").as_deref(), Some("access_denied"));
        assert_ne!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
        assert_ne!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.status, StatusCode::OK);
        // That of another organisation opens nothing.
        modules.grant((provider.organisation("Bank B").await, application)).await.unwrap();
        assert_eq!(provider.get(&browser, &imas.authorize(&[])).await.status, StatusCode::FORBIDDEN);
        modules.grant((provider.organisation("Bank A").await, application)).await.unwrap();
        assert!(provider.get(&browser, &imas.authorize(&[])).await.param("code").is_some());
    }
}
