//! Tokens that are bound to the certificate of a client (RFC 8705 §3, §4), and what is registered of it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::api::{self, Api};
use chamberlain::directory::client::model::{AuthMethod, ClientKind};
use chamberlain::scim::{self, Scim};
use chamberlain::web::layers;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::certificates::{Authority, Held, PROXY, STRANGER, from, imas, self_made};
use crate::support::relying_party::{Answer, Browser, Provider, claims};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "/oauth2/token";
const USERINFO: &str = "/oauth2/userinfo";

/// IMAS gets tokens for the certificate that it presents; it proves itself by its secret.
async fn bound(world: crate::support::World) -> (Provider, Browser) {
    let provider = Provider::with_certificates(world, None).await;
    provider
        .set("imas", |settings| {
            settings.tls_client_certificate_bound_access_tokens = true;
            settings.introspection = true;
        })
        .await;
    let browser = provider.signed_in(FRED).await;
    (provider, browser)
}

fn held() -> Held {
    self_made(&Signer::new("ES256"))
}

/// A form of IMAS with its secret, a certificate and further headers.
async fn ask(
    provider: &Provider,
    held: Option<&Held>,
    path: &str,
    pairs: &[(&str, &str)],
    more: &[(&str, &str)],
) -> Answer {
    let (basic, certificate) = (provider.relying_party("imas").basic(), held.map(Held::header).unwrap_or_default());
    let headers = [more, &[("authorization", basic.as_str()), ("client-cert", certificate.as_str())]].concat();
    provider.post_from(PROXY, path, &headers, pairs).await
}

async fn redeem(provider: &Provider, browser: &Browser, held: Option<&Held>) -> Answer {
    let party = provider.relying_party("imas");
    let code = provider.code(&party, browser).await;
    ask(provider, held, TOKEN, &party.redemption(&code), &[]).await
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

on_both! {
    /// OA-41, RFC 8705 §3: the token says what it is bound to, and is nothing over another connection.
    async fn oa_41_a_token_is_nothing_without_its_certificate(world: World) {
        let (provider, browser) = bound(world).await;
        let (own, other) = (held(), held());
        let refused = redeem(&provider, &browser, None).await;
        assert_eq!((refused.status.as_u16(), refused.error()), (400, "invalid_request".to_owned()));
        let tokens = redeem(&provider, &browser, Some(&own)).await.json();
        assert_eq!((tokens["token_type"].as_str(), &claims(&tokens["access_token"])["cnf"]), (Some("Bearer"), &json!({"x5t#S256": own.thumbprint()})));
        let bearer = format!("Bearer {}", text(&tokens, "access_token"));
        let shown = async |held: Option<&Held>| {
            let answer = provider.userinfo_held(held, &[("authorization", &bearer)]).await;
            (answer.status.as_u16(), answer.header("www-authenticate").to_owned())
        };
        let invalid = (401, r#"Bearer error="invalid_token""#.to_owned());
        assert_eq!(shown(Some(&own)).await.0, 200);
        assert_eq!((shown(Some(&other)).await, shown(None).await), (invalid.clone(), invalid));
        // From a stranger the right one is none (OA-59), and the scheme of another kind of proof does not help.
        let certificate = own.header();
        let request = |peer: &str, authorization: &str| {
            let headers = [("authorization", authorization), ("client-cert", certificate.as_str())];
            from(peer, Request::get(USERINFO), &headers).body(Body::empty()).unwrap()
        };
        assert_eq!(provider.send(request(STRANGER, &bearer)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.send(request(PROXY, &bearer.replace("Bearer", "DPoP"))).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.send(request(PROXY, &bearer)).await.status, StatusCode::OK);
    }

    /// RFC 8705 §3.2: whoever asks about a token is told what it is bound to.
    async fn rfc_8705_section_3_2_introspection_tells_the_certificate(world: World) {
        let (provider, browser) = bound(world).await;
        let own = held();
        let tokens = redeem(&provider, &browser, Some(&own)).await.json();
        let told = ask(&provider, None, "/oauth2/introspect", &[("token", &text(&tokens, "access_token"))], &[]).await.json();
        assert_eq!((&told["active"], &told["token_type"], &told["cnf"]), (&json!(true), &json!("Bearer"), &json!({"x5t#S256": own.thumbprint()})));
    }

    /// OA-41: a key and a certificate at once are both needed; at the address for certificates a proof names that one.
    async fn oa_41_a_token_that_is_bound_twice_needs_both(world: World) {
        let (provider, browser) = bound(world).await;
        let (own, other, signer) = (held(), held(), Signer::new("ES256"));
        let party = provider.relying_party("imas");
        let code = provider.code(&party, &browser).await;
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({"htu": "https://mtls.id.example/oauth2/token"}));
        let tokens = ask(&provider, Some(&own), TOKEN, &party.redemption(&code), &[("dpop", &proof)]).await.json();
        let cnf = claims(&tokens["access_token"])["cnf"].clone();
        assert!(tokens["token_type"] == "DPoP" && cnf["jkt"].is_string() && cnf["x5t#S256"] == json!(own.thumbprint()), "{cnf}");
        let token = text(&tokens, "access_token");
        let shown = async |scheme: &str, held: Option<&Held>, changes: Value| {
            let (authorization, proof) = (format!("{scheme} {token}"), provider.proof(&signer, At::get(USERINFO, &token), &changes));
            provider.userinfo_held(held, &[("authorization", &authorization), ("dpop", &proof)]).await.status.as_u16()
        };
        assert_eq!(shown("DPoP", Some(&own), json!({})).await, 200);
        assert_eq!(shown("DPoP", Some(&own), json!({"htu": "https://mtls.id.example/oauth2/userinfo"})).await, 200);
        assert_eq!(shown("DPoP", Some(&own), json!({"htu": "https://other.example/oauth2/userinfo"})).await, 401);
        assert_eq!(shown("DPoP", Some(&other), json!({})).await, 401);
        assert_eq!(shown("DPoP", None, json!({})).await, 401);
        assert_eq!(shown("Bearer", Some(&own), json!({})).await, 401);
    }

    /// OA-41, RFC 8705 §4: refresh tokens of public clients are bound to the certificate; those of others never lead back to tokens without.
    async fn rfc_8705_section_4_a_refresh_token_of_a_public_client_is_bound(world: World) {
        let (provider, browser) = bound(world).await;
        let (own, other) = (held(), held());
        let first = redeem(&provider, &browser, Some(&own)).await.json();
        let refresh = async |token: &Value, held: Option<&Held>| {
            ask(&provider, held, TOKEN, &[("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap())], &[]).await
        };
        assert_eq!(refresh(&first["refresh_token"], None).await.error(), "invalid_request");
        let second = refresh(&first["refresh_token"], Some(&other)).await.json();
        assert_eq!(claims(&second["access_token"])["cnf"], json!({"x5t#S256": other.thumbprint()}));
        // Nor when the client is not registered for it any more.
        provider.set("imas", |settings| settings.tls_client_certificate_bound_access_tokens = false).await;
        assert_eq!(refresh(&second["refresh_token"], Some(&own)).await.error(), "invalid_grant");
        provider.reconfigure("imas", |client| {
            client.kind = ClientKind::Spa;
            client.settings.token_endpoint_auth_method = AuthMethod::None;
            client.settings.tls_client_certificate_bound_access_tokens = true;
        }).await;
        let browser = provider.signed_in(FRED).await;
        let party = provider.relying_party("imas");
        let public = async |pairs: &[(&str, &str)], held: &Held| {
            provider.post_held(held, TOKEN, &[pairs, &[("client_id", "imas")]].concat()).await
        };
        let code = provider.code(&party, &browser).await;
        let tokens = public(&party.redemption(&code), &own).await.json();
        let token = text(&tokens, "refresh_token");
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        assert_eq!(public(&pairs, &other).await.error(), "invalid_grant");
        assert_eq!(public(&pairs, &own).await.status, StatusCode::OK, "another certificate changes nothing");
        assert_eq!(public(&pairs, &own).await.error(), "invalid_grant", "a used one is still a reuse (OA-22)");
    }

    /// RFC 8705 §3: SCIM and the JSON API by the same rule.
    async fn oa_41_our_own_apis_take_a_token_with_its_certificate_only(world: World) {
        let provider = Provider::with_certificates(world, None).await;
        provider.set("hr-bank-a", |settings| settings.tls_client_certificate_bound_access_tokens = true).await;
        let ((basic, _), own, other) = (provider.service(0), held(), held());
        let (certificate, wrong) = (own.header(), other.header());
        let headers = [("authorization", basic.as_str()), ("client-cert", certificate.as_str())];
        let tokens = provider.post_from(PROXY, TOKEN, &headers, &[("grant_type", "client_credentials")]).await.json();
        let bearer = format!("Bearer {}", text(&tokens, "access_token"));
        let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
        let apis = layers::api(scim::router(Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() }), &app);
        let apis: Router = apis.merge(layers::api(api::router(Api { app: app.clone(), tokens }), &app));
        for path in ["/scim/v2/Users?count=1", "/api/v1/directory?count=1"] {
            for (peer, certificate, admitted) in [
                (PROXY, certificate.as_str(), true), (PROXY, wrong.as_str(), false), (PROXY, "", false), (STRANGER, certificate.as_str(), false),
            ] {
                let headers = [("authorization", bearer.as_str()), ("client-cert", certificate)];
                let request = from(peer, Request::get(path), &headers).body(Body::empty()).unwrap();
                let status = apis.clone().oneshot(request).await.unwrap().status();
                assert_eq!(status != StatusCode::UNAUTHORIZED, admitted, "{path} {peer}");
            }
        }
    }

    /// OA-41, FAPI 2.0 Security Profile §5.3.2: pushed, authorised, redeemed and used with nothing but a certificate.
    async fn a_whole_flow_of_fapi_2_0_by_certificate(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let (own, other) = (authority.issue(&imas()), authority.issue(&imas()));
        provider.set("imas", |settings| {
            settings.profile = chamberlain::directory::client::model::ClientProfile::Fapi2;
            settings.token_endpoint_auth_method = AuthMethod::TlsClientAuth;
            settings.tls_client_auth = Some(chamberlain::proofs::CertificateName::SanUri("urn:bank-a:imas".to_owned()));
            settings.tls_client_certificate_bound_access_tokens = true;
        }).await;
        let (party, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let query = party.authorize(&[]);
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let pushed = provider.post_held(&own, "/oauth2/par", &pairs).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
        let named = [("client_id", "imas"), ("request_uri", pushed.json()["request_uri"].as_str().unwrap().to_owned().leak() as &str)];
        let code = provider.get(&browser, &format!("/oauth2/authorize?{}", crate::support::relying_party::form(&named))).await.param("code").unwrap();
        let mut redemption = party.redemption(&code);
        redemption.push(("client_id", "imas"));
        let tokens = provider.post_held(&own, TOKEN, &redemption).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
        let bearer = format!("Bearer {}", text(&tokens.json(), "access_token"));
        assert_eq!(provider.userinfo_held(Some(&own), &[("authorization", &bearer)]).await.status, StatusCode::OK);
        assert_eq!(provider.userinfo_held(Some(&other), &[("authorization", &bearer)]).await.status, StatusCode::UNAUTHORIZED, "of the same name, and another one");
    }
}
