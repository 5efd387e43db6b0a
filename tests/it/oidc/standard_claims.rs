//! The standard claims of OIDC Core §5.1 that have no column, the scope `address`, and signed `UserInfo` (§5.3.2).

use axum::http::StatusCode;
use chamberlain::directory::user::described;
use chamberlain::tokens::mint::{self, Kind};
use serde_json::{Value, json};

use crate::support::relying_party::{ISSUER, Provider, claims, form};

const FRED: &str = "fred.perry@bank-a.example";

const SET: [(&str, &str); 14] = [
    ("middle_name", "John"),
    ("nickname", "Freddie"),
    ("profile", "https://people.example/fred"),
    ("picture", "https://people.example/fred.png"),
    ("website", "https://fred.example/"),
    ("gender", "male"),
    ("birthdate", "1909-05-18"),
    ("zoneinfo", "Europe/London"),
    ("formatted", "1 Church Road\nLondon"),
    ("street_address", "1 Church Road"),
    ("locality", "London"),
    ("region", "Greater London"),
    ("postal_code", "SW19 5AE"),
    ("country", "United Kingdom"),
];

/// What `UserInfo` says with these scopes.
async fn told(provider: &Provider, scope: &str) -> Value {
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    let code = provider.get(&browser, &imas.authorize(&[("scope", scope)])).await.param("code").unwrap();
    let tokens = provider.redeem(&imas, &code).await.json();
    provider.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
}

async fn describe(provider: &Provider, changes: &[(&str, &str)]) {
    let fred = provider.user(FRED).await;
    provider.change_user(fred, |user| user.scim = described::with(user, changes)).await;
}

async fn may_ask_for_addresses(provider: &Provider) {
    provider.set("imas", |settings| settings.scopes.push("address".to_owned())).await;
}

on_both! {
    /// OIDC Core §5.1, §5.4: each claim that is set, by its scope; none that is not, and none of them empty.
    async fn oidc_core_section_5_1_each_claim_is_told_when_it_is_set(world: World) {
        let provider = Provider::new(world).await;
        may_ask_for_addresses(&provider).await;
        let before = told(&provider, "openid profile address").await;
        assert!(SET.iter().all(|(name, _)| before.get(name).is_none()) && before.get("address").is_none(), "{before}");
        describe(&provider, &SET).await;
        let after = told(&provider, "openid profile address").await;
        for (name, text) in &SET[..8] {
            assert_eq!(after[name], *text, "{name}");
        }
        let address: Value = SET[8..].iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect::<serde_json::Map<_, _>>().into();
        assert_eq!(after["address"], address);
        assert_eq!(after["name"], before["name"]);
        let without = told(&provider, "openid email").await;
        assert!(SET.iter().all(|(name, _)| without.get(name).is_none()) && without.get("address").is_none(), "{without}");
        describe(&provider, &SET.map(|(name, _)| (name, " "))).await;
        assert_eq!(told(&provider, "openid profile address").await["name"], before["name"]);
        let cleared = told(&provider, "openid profile address").await;
        assert!(SET.iter().all(|(name, _)| cleared.get(name).is_none()) && cleared.get("address").is_none(), "{cleared}");
    }

    /// OIDC Core §5.1: what SCIM keeps as it came is told only where it is what the claim has to be (SE-11: no script as an address).
    async fn what_is_no_address_no_date_and_no_zone_is_not_told(world: World) {
        let provider = Provider::new(world).await;
        for (name, bad) in [
            ("profile", "javascript:alert(1)"), ("picture", "data:image/png;base64,AA"), ("website", "fred.example"), ("website", "https://"),
            ("birthdate", "18.5.1909"), ("birthdate", "1909-13-01"), ("birthdate", "1909-05-32"), ("birthdate", "09-05-18"), ("birthdate", "1909-05"),
            ("zoneinfo", "CET"), ("zoneinfo", "Europe/Lon don"), ("nickname", &"x".repeat(1_001)),
        ] {
            describe(&provider, &[(name, bad)]).await;
            assert_eq!(told(&provider, "openid profile").await.get(name), None, "{name}: {bad}");
        }
        for good in ["0000-05-18", "1909"] {
            describe(&provider, &[("birthdate", good)]).await;
            assert_eq!(told(&provider, "openid profile").await["birthdate"], good);
        }
    }

    /// OIDC Core §5.4, §5.5: `address` is asked for by scope or by name, by clients that may.
    async fn an_address_is_told_to_clients_that_may_ask_for_it(world: World) {
        let provider = Provider::new(world).await;
        describe(&provider, &[("locality", "London")]).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let by_name = async || {
            let asked = imas.authorize(&[("scope", "openid"), ("claims", r#"{"userinfo":{"address":null}}"#)]);
            let code = provider.get(&browser, &asked).await.param("code").unwrap();
            let tokens = provider.redeem(&imas, &code).await.json();
            provider.userinfo(tokens["access_token"].as_str().unwrap()).await.json()
        };
        assert_eq!(by_name().await.get("address"), None);
        assert_eq!(told(&provider, "openid address").await.get("address"), None);
        may_ask_for_addresses(&provider).await;
        assert_eq!(by_name().await["address"], json!({"locality": "London"}));
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!("address")));
        for (name, _) in &SET[..8] {
            assert!(metadata["claims_supported"].as_array().unwrap().contains(&json!(name)), "{name}");
        }
    }

    /// OIDC Core §5.3.2: signed for clients that are registered so, with issuer and audience, and no ID token for all that (OA-35).
    async fn oidc_core_section_5_3_2_userinfo_is_signed_for_clients_registered_so(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for algorithm in ["RS256", "ES256"] {
            provider.set("imas", |settings| settings.userinfo_signed_response_alg = Some(algorithm.to_owned())).await;
            let tokens = provider.tokens(&imas, &browser).await;
            let answer = provider.userinfo(tokens["access_token"].as_str().unwrap()).await;
            assert_eq!((answer.status, answer.header("content-type"), answer.header("cache-control")), (StatusCode::OK, "application/jwt", "no-store"));
            let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
            let (said, key) = mint::read::<Value>(&answer.body, Kind::UserInfo, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap();
            assert_eq!(key.algorithm.as_str(), algorithm);
            assert_eq!((&said["iss"], &said["aud"], &said["sub"]), (&json!(ISSUER), &json!("imas"), &claims(&tokens["id_token"])["sub"]));
            assert!(said["email"] == FRED && said.get("nonce").is_none() && said.get("exp").is_none());
            let hint = imas.authorize(&[("prompt", "none"), ("id_token_hint", &answer.body)]);
            assert_eq!(provider.get(&browser, &hint).await.param("error").as_deref(), Some("invalid_request"));
            let logout = form(&[("id_token_hint", &answer.body), ("post_logout_redirect_uri", "http://127.0.0.1:4001/")]);
            assert_eq!(provider.get(&browser, &format!("/oauth2/logout?{logout}")).await.location(), "/logout");
        }
        // An error stays JSON.
        let answer = provider.userinfo("x").await;
        assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_token".to_owned()));
    }
}
