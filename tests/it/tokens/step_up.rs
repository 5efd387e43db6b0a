//! Step-up authentication of applications (RFC 9470): a token of a person whose second factor was proved too long ago changes nothing, and the
//! application is told what to ask for.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use chamberlain::api::{self, Api};
use chamberlain::authority::Applications;
use chamberlain::authority::action::UpdateOrganisation;
use chamberlain::directory::organisation::sign_in_rules;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::strength::Strength;
use chamberlain::scim::{self, Scim};
use chamberlain::sessions::model::{ACR_APP, ACR_TWO_FACTORS};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::desk::Desk;
use crate::support::{Failure, failure};

const FRED: &str = "fred.perry@bank-a.example";

/// The answer of one of our own APIs: its status, its challenges, its body.
async fn call(
    router: &Router,
    token: &str,
    (method, path): (&str, &str),
    body: &Value,
) -> (StatusCode, Vec<String>, Value) {
    let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let challenges = response.headers().get_all(header::WWW_AUTHENTICATE).iter();
    let (status, challenges) = (response.status(), challenges.map(|one| one.to_str().unwrap().to_owned()).collect());
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, challenges, serde_json::from_slice(&bytes).unwrap_or_default())
}

on_both! {
    /// RFC 9470 §3, §4, §6: told by SCIM and by the JSON API alike; what is asked for is understood by the authorization endpoint, and the new
    /// token is good again; the token and the answer about it say when and how the person signed in.
    async fn an_application_is_told_to_have_the_person_sign_in_again_before_a_change(world: World) {
        let desk = Desk::new(world).await;
        let provider = &desk.provider;
        let fred = PrincipalId::Person(provider.user(FRED).await);
        desk.appoint(fred, "DelegatedUserAdmin", desk.level("Bank A").await, Applications::All).await;
        let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
        let scim = Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() };
        let router = scim::router(scim).merge(api::router(Api { app, tokens }));
        let scope = "openid users:read users:write roles:read roles:write";
        provider.set("imas", |settings| {
            settings.scopes = scope.split(' ').map(str::to_owned).collect();
            (settings.access_token_lifetime, settings.refresh_token_lifetime, settings.introspection) = (86_400, 100_000, true);
        }).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let granted = async |browser, more: &[(&str, &str)]| {
            let asked = [&[("scope", scope)], more].concat();
            let answer = provider.get(browser, &imas.authorize(&asked)).await;
            let code = answer.param("code").unwrap_or_else(|| panic!("{}", answer.location()));
            provider.redeem(&imas, &code).await.json()["access_token"].as_str().unwrap().to_owned()
        };
        let token = granted(&browser, &[]).await;
        let nina = provider.user("nina.petit@bank-a.example").await;
        let user = format!("/scim/v2/Users/{nina}");
        let rename = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "name.familyName", "value": "Grand" }] });
        let grant = json!({ "principal": { "kind": "person", "id": nina }, "role": "DelegatedUserAdmin", "organisation": desk.level("Bank A").await, "include_sub_levels": true });
        assert_eq!(call(&router, &token, ("PATCH", &user), &rename).await.0, StatusCode::OK);
        provider.world.clock.advance(Duration::from_secs(12 * 3_600 + 1));
        assert_eq!(call(&router, &token, ("GET", &user), &json!(null)).await.0, StatusCode::OK, "reading goes on");
        let expected = [("Bearer", ""), ("DPoP", ", algs=\"ES256 PS256 EdDSA\"")].map(|(scheme, more)| format!(
            "{scheme} error=\"insufficient_user_authentication\", error_description=\"the person has to sign in again with a second factor\", \
             acr_values=\"{ACR_TWO_FACTORS}\", max_age=\"43200\"{more}"));
        for (at, body) in [(("PATCH", user.as_str()), &rename), (("POST", "/api/v1/role-assignments"), &grant)] {
            let (status, challenges, answer) = call(&router, &token, at, body).await;
            assert_eq!((status, challenges.as_slice()), (StatusCode::UNAUTHORIZED, &expected[..]), "{at:?} {answer}");
        }
        // What may not be changed at all is refused for that: nobody signs in for nothing.
        let stranger = call(&router, &token, ("PATCH", "/scim/v2/Users/0190c1a0-0000-7000-8000-000000000000"), &rename).await;
        assert_eq!(stranger.0, StatusCode::NOT_FOUND);
        // The application asks for just that; whoever comes back with a session that is too old is asked to sign in.
        let asks = [("acr_values", ACR_TWO_FACTORS), ("max_age", "43200")];
        let told = provider.get(&browser, &imas.authorize(&[&asks[..], &[("scope", scope), ("prompt", "none")]].concat())).await;
        assert_eq!(told.param("error").as_deref(), Some("login_required"));
        let token = granted(&provider.signed_in(FRED).await, &asks).await;
        assert_eq!(call(&router, &token, ("PATCH", &user), &rename).await.0, StatusCode::OK);
        let about = provider.post("/oauth2/introspect", Some(&imas.basic()), &[("token", &token)]).await.json();
        assert_eq!((&about["acr"], &about["auth_time"]), (&json!(ACR_TWO_FACTORS), &json!(provider.world.clock.now().as_seconds())));
    }

    /// RFC 9470 §3: where what a token carries waits for a stronger sign-in of its person, each request is answered with the context class to ask for, whether
    /// or not there is what it asked about; the new token of a stronger sign-in is good.
    async fn a_token_of_a_weak_sign_in_is_told_what_its_roles_wait_for(world: World) {
        let desk = Desk::new(world).await;
        let provider = &desk.provider;
        let fred = PrincipalId::Person(provider.user(FRED).await);
        let bank = desk.level("Bank A").await;
        desk.appoint(fred, "DelegatedUserAdmin", bank, Applications::All).await;
        let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
        let scim = Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() };
        let router = scim::router(scim).merge(api::router(Api { app: app.clone(), tokens }));
        let scope = "openid users:read users:write roles:read roles:write";
        provider.set("imas", |settings| settings.scopes = scope.split(' ').map(str::to_owned).collect()).await;
        let imas = provider.relying_party("imas");
        let granted = async |amr: &[&str]| {
            let mut browser = provider.browser();
            provider.sign_in_by(&mut browser, FRED, (amr, ACR_TWO_FACTORS)).await;
            let answer = provider.get(&browser, &imas.authorize(&[("scope", scope)])).await;
            let code = answer.param("code").unwrap_or_else(|| panic!("{}", answer.location()));
            provider.redeem(&imas, &code).await.json()["access_token"].as_str().unwrap().to_owned()
        };
        let (by_phone, by_app) = (granted(&["pwd", "sms", "mfa"]).await, granted(&["pwd", "otp", "mfa"]).await);
        let user = format!("/scim/v2/Users/{}", provider.user("nina.petit@bank-a.example").await);
        let nobody = "/scim/v2/Users/0190c1a0-0000-7000-8000-000000000000";
        assert_eq!(call(&router, &by_phone, ("GET", &user), &json!(null)).await.0, StatusCode::OK);
        // The level asks for an app: no code by phone is enough, and no application is entered by one either; the tokens are there.
        let ctx = provider.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = chamberlain::transact!(provider.world.db, tx => {
            let permit = app.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank }).await?;
            sign_in_rules::ask(tx, permit, Strength::App, &ctx).await.map_err(failure)
        });
        done.unwrap();
        let expected = format!(
            "Bearer error=\"insufficient_user_authentication\", error_description=\"the person has to sign in with an authenticator app or a passkey\", \
             acr_values=\"{ACR_APP}\"");
        let rename = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "name.familyName", "value": "Grand" }] });
        let grant = json!({ "principal": { "kind": "person", "id": provider.user("nina.petit@bank-a.example").await }, "role": "DelegatedUserAdmin", "organisation": bank, "include_sub_levels": true });
        for (at, body) in [
            (("GET", user.as_str()), &json!(null)),
            (("GET", nobody), &json!(null)),
            (("GET", "/scim/v2/Users?count=1"), &json!(null)),
            (("PATCH", user.as_str()), &rename),
            (("POST", "/api/v1/role-assignments"), &grant),
        ] {
            let (status, challenges, answer) = call(&router, &by_phone, at, body).await;
            assert_eq!((status, challenges.first()), (StatusCode::UNAUTHORIZED, Some(&expected)), "{at:?} {answer}");
        }
        assert_eq!(call(&router, &by_app, ("GET", &user), &json!(null)).await.0, StatusCode::OK);
        assert_eq!(call(&router, &by_app, ("GET", nobody), &json!(null)).await.0, StatusCode::NOT_FOUND);
        assert_eq!(call(&router, &by_app, ("PATCH", &user), &rename).await.0, StatusCode::OK);
    }
}
