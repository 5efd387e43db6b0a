//! Names of people that one sector alone knows (OIDC Core §8.1).

use chamberlain::directory::client::model::{ClientSettings, SubjectType};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::sessions::end;
use chamberlain::transact;
use serde_json::Value;

use crate::support::relying_party::{Answer, Provider, RelyingParty, claims};
use crate::support::told::Telling;

const FRED: &str = "fred.perry@bank-a.example";

/// From now on the client knows people by names of its own.
async fn alone(provider: &Provider, client: &str) {
    let sector = Some(format!("https://{client}.example/sector.json"));
    provider
        .set(client, |settings: &mut ClientSettings| {
            settings.subject_type = SubjectType::Pairwise;
            settings.sector_identifier_uri = sector.clone();
            settings.introspection = true;
        })
        .await;
}

fn sub(token: &Value) -> String {
    claims(token)["sub"].as_str().unwrap().to_owned()
}

async fn asked_about(provider: &Provider, party: &RelyingParty, token: &Value) -> Answer {
    provider.post("/oauth2/introspect", Some(&party.basic()), &[("token", token.as_str().unwrap())]).await
}

on_both! {
    /// OIDC Core §8.1: wherever the client meets a person it is by the same name, and nobody else's name for them is told.
    async fn a_client_of_a_sector_knows_people_by_a_name_of_its_own_everywhere(world: World) {
        let telling = Telling::new(world).await;
        let provider = &telling.provider;
        alone(provider, "imas").await;
        alone(provider, "casper").await;
        telling.tells("imas").await;
        telling.subscribes("imas").await;
        let (imas, casper, browser) = (provider.relying_party("imas"), provider.relying_party("casper"), provider.signed_in(FRED).await);
        let (user, tokens) = (provider.user(FRED).await, provider.tokens(&imas, &browser).await);
        let name = sub(&tokens["id_token"]);
        assert!(!name.contains(&user.to_string()) && !claims(&tokens["id_token"]).to_string().contains(&user.to_string()));
        assert_eq!(sub(&tokens["access_token"]), name);
        let told = provider.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!(told.json()["sub"], name.as_str(), "{}", told.body);
        for token in ["access_token", "refresh_token"] {
            let known = asked_about(provider, &imas, &tokens[token]).await.json();
            assert_eq!((&known["active"], known["sub"].as_str()), (&Value::Bool(true), Some(name.as_str())), "{token}: {known}");
        }
        let renewed = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.json();
        assert_eq!(sub(&renewed["id_token"]), name);
        assert_eq!(sub(&provider.tokens(&imas, &browser).await["id_token"]), name, "the next time, too");
        let elsewhere = provider.tokens(&casper, &browser).await;
        assert_ne!(sub(&elsewhere["id_token"]), name, "another sector knows another name");
        let (sid, other) = (claims(&tokens["id_token"])["sid"].clone(), claims(&elsewhere["id_token"])["sid"].clone());
        assert!(sid != other && uuid::Uuid::parse_str(sid.as_str().unwrap()).is_err(), "and another one of the session: {sid}, {other}");

        let ctx = provider.world.ctx_of(PrincipalId::Person(user));
        let ended: Result<u64, end::EndError> = transact!(provider.world.db, tx => end::end_all(tx, user, &ctx).await);
        ended.unwrap();
        let arrived = telling.told().await;
        assert_eq!(arrived.len(), 2, "{arrived:?}");
        for one in arrived {
            let said = claims(&one.token().into());
            let told = said["sub"].as_str().or(said["sub_id"]["user"]["sub"].as_str());
            assert_eq!(told, Some(name.as_str()), "{said}");
            assert!(said["sid"] == sid || said["sub_id"]["session"]["id"] == sid, "{said}");
            assert!(!said.to_string().contains(&user.to_string()));
        }
    }

    /// OIDC Core §3.1.2.1, §5.5.1, RP-Initiated Logout §2: a client asks for a person by the name that it knows; another's name, and
    /// ours, are not answered (OA-56).
    async fn oa_56_a_person_is_asked_for_by_the_name_that_the_client_knows(world: World) {
        let provider = Provider::new(world).await;
        alone(&provider, "imas").await;
        let (imas, casper, browser) = (provider.relying_party("imas"), provider.relying_party("casper"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        let (name, foreign) = (sub(&hint.as_str().into()), provider.user(FRED).await.to_string());
        assert_eq!(foreign, sub(&provider.tokens(&casper, &browser).await["id_token"]));
        let with = async |name: &str, value: &str| {
            provider.get(&browser, &imas.authorize(&[("prompt", "none"), (name, value)])).await
        };
        assert!(with("id_token_hint", &hint).await.param("code").is_some());
        let casper_hint = provider.tokens(&casper, &browser).await["id_token"].as_str().unwrap().to_owned();
        assert_eq!(with("id_token_hint", &casper_hint).await.param("error").as_deref(), Some("invalid_request"), "of another client");
        let asked = |name: &str| format!(r#"{{"id_token":{{"sub":{{"value":"{name}"}}}}}}"#);
        assert!(with("claims", &asked(&name)).await.param("code").is_some());
        assert_eq!(with("claims", &asked(&foreign)).await.param("error").as_deref(), Some("login_required"));
        let paul = provider.demo.accounts.iter().find(|one| one.email.starts_with("paul.")).unwrap();
        let other = provider.signed_in(&paul.email).await;
        let answer = provider.get(&other, &imas.authorize(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
        assert_eq!(answer.param("error").as_deref(), Some("login_required"));
    }

    /// A change of the name ends what was known by the old one: an access token of before is nobody's.
    async fn a_token_by_another_name_is_nobodys(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        alone(&provider, "imas").await;
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status.as_u16(), 401);
        let renewed = provider.tokens(&imas, &browser).await;
        assert_eq!(provider.userinfo(renewed["access_token"].as_str().unwrap()).await.status.as_u16(), 200);
    }
}
