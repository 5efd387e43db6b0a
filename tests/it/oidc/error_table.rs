//! The errors of the endpoints of the protocol as they stand on the wire: one table, reviewed as a whole, with every code that there is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::directory::client::model::{ClientProfile, DEVICE_GRANT};
use chamberlain::directory::client::registration::model::Policy;
use chamberlain::kernel::ids::PrincipalId;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::support::relying_party::{Answer, Browser, Provider, RelyingParty, form};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const OLGA: &str = "olga.meyer@institution.example";
const FORM: &str = "application/x-www-form-urlencoded";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const SHOWN: [&str; 6] = ["www-authenticate", "content-type", "cache-control", "allow", "retry-after", "dpop-nonce"];

/// The rows so far, and the codes in them.
#[derive(Default)]
struct Table {
    text: String,
    codes: BTreeSet<String>,
}

impl Table {
    fn add(&mut self, what: &str, answer: &Answer) {
        assert!(
            !answer.status.is_success() && !answer.status.is_server_error(),
            "{what}: {} {}",
            answer.status,
            answer.body
        );
        let text = &mut self.text;
        writeln!(text, "{what}\n    {}", answer.status.as_u16()).unwrap();
        for name in SHOWN {
            let value = answer.header(name);
            if name == "dpop-nonce" && !value.is_empty() {
                writeln!(text, "    {name}: (a nonce)").unwrap();
            } else if !value.is_empty() {
                writeln!(text, "    {name}: {value}").unwrap();
            }
        }
        let code = if answer.status == StatusCode::SEE_OTHER {
            let words =
                ["error", "error_description", "state", "iss"].map(|name| answer.param(name).unwrap_or_default());
            let place = answer.location().split('?').next().unwrap();
            writeln!(text, "    → {place} {}", words.join(" | ")).unwrap();
            assert!(!words[0].is_empty(), "{what}: no error");
            words[0].clone()
        } else if answer.header("content-type").starts_with("text/html") {
            let page = Html::parse_document(&answer.body);
            let shown = page.select(&Selector::parse("#error-code").unwrap()).next();
            let code = shown.map(|element| element.text().collect::<String>().trim().to_owned()).unwrap_or_default();
            writeln!(text, "    page: {code}").unwrap();
            code
        } else {
            writeln!(text, "    {}", answer.body).unwrap();
            serde_json::from_str::<Value>(&answer.body)
                .ok()
                .and_then(|body| Some(body["error"].as_str()?.to_owned()))
                .unwrap_or_default()
        };
        self.codes.insert(code);
    }
}

/// A request as it is written here.
async fn send(provider: &Provider, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    provider.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn authorization(provider: &Provider, table: &mut Table) {
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    let none = json!({"id_token": {"acr": {"essential": true, "value": "https://x.example/phr"}}}).to_string();
    let cases: [(&str, &[(&str, &str)]); 16] = [
        ("no client", &[("client_id", "")]),
        ("unknown client", &[("client_id", "nobody")]),
        ("unregistered redirect_uri", &[("redirect_uri", "https://evil.example/")]),
        ("no response_type", &[("response_type", "")]),
        ("response_type=token", &[("response_type", "token")]),
        ("unknown response_mode", &[("response_mode", "fragment")]),
        ("no code_challenge", &[("code_challenge", "")]),
        ("code_challenge_method=plain", &[("code_challenge_method", "plain")]),
        ("prompt=none with another", &[("prompt", "none login")]),
        ("max_age is no number", &[("max_age", "soon")]),
        ("claims is no JSON", &[("claims", "{")]),
        ("request_uri of somebody else", &[("request_uri", "https://rp.example/request")]),
        ("request_uri of ours, unknown", &[("request_uri", "urn:ietf:params:oauth:request_uri:x")]),
        ("request that is no JWT", &[("request", "x")]),
        ("registration", &[("registration", "{}")]),
        ("essential acr that is none of ours", &[("claims", &none)]),
    ];
    for (what, changes) in cases {
        table.add(&format!("GET /oauth2/authorize: {what}"), &provider.get(&browser, &imas.authorize(changes)).await);
    }
    let mut more = async |what: &str, browser: &Browser, changes: &[(&str, &str)]| {
        table.add(&format!("GET /oauth2/authorize: {what}"), &provider.get(browser, &imas.authorize(changes)).await);
    };
    more("unsigned request", &browser, &[("request", "eyJhbGciOiJub25lIn0.e30.")]).await;
    more("resource that is not ours", &browser, &[("resource", "https://x.example")]).await;
    more("authorization_details that are none", &browser, &[("authorization_details", "[{}]")]).await;
    more("prompt=none, nobody signed in", &provider.browser(), &[("prompt", "none")]).await;
    more("nobody who may enter", &provider.signed_in(OLGA).await, &[]).await;
    provider.set("imas", |settings| settings.third_party = true).await;
    more("prompt=none, not agreed to", &browser, &[("prompt", "none")]).await;
    provider.set("imas", |settings| settings.third_party = false).await;
    provider.set("imas", |settings| settings.require_pushed_authorization_requests = true).await;
    more("not pushed, and has to be", &browser, &[]).await;
    provider.set("imas", |settings| settings.require_pushed_authorization_requests = false).await;
    let twice = format!("{}&state=again", imas.authorize(&[]));
    table.add("GET /oauth2/authorize: a parameter twice", &provider.get(&browser, &twice).await);
}

async fn token(provider: &Provider, table: &mut Table) {
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    let (service, _) = provider.service(0);
    let refresh = provider.tokens(&imas, &browser).await["refresh_token"].as_str().unwrap().to_owned();
    let wrong = RelyingParty { secret: "wrong".to_owned(), ..imas.clone() };
    let grant = |name| ("grant_type", name);
    let mut ask = async |what: &str, basic: Option<&str>, pairs: &[(&str, &str)]| {
        table.add(&format!("POST /oauth2/token: {what}"), &provider.post("/oauth2/token", basic, pairs).await);
    };
    let basic = imas.basic();
    ask("no client", None, &[grant("client_credentials")]).await;
    ask("wrong secret", Some(&wrong.basic()), &[grant("client_credentials")]).await;
    ask("no grant_type", Some(&basic), &[]).await;
    ask("password", Some(&basic), &[grant("password")]).await;
    ask("a grant that is not registered", Some(&basic), &[grant("client_credentials")]).await;
    ask("token exchange where it is off", Some(&basic), &[grant(EXCHANGE)]).await;
    ask("no code", Some(&basic), &[grant("authorization_code")]).await;
    ask(
        "unknown code",
        Some(&basic),
        &[grant("authorization_code"), ("code", "x"), ("redirect_uri", &imas.redirect_uri)],
    )
    .await;
    ask("unknown refresh token", Some(&basic), &[grant("refresh_token"), ("refresh_token", "x")]).await;
    ask(
        "more scope than granted",
        Some(&basic),
        &[grant("refresh_token"), ("refresh_token", &refresh), ("scope", "phone")],
    )
    .await;
    ask("resource that is not ours", Some(&service), &[grant("client_credentials"), ("resource", "https://x.example")])
        .await;
    ask("details that are none", Some(&service), &[grant("client_credentials"), ("authorization_details", "x")]).await;
    let code = provider.code(&imas, &browser).await;
    provider.set("imas", |settings| settings.dpop_bound_access_tokens = true).await;
    ask("a proof of a key is needed", Some(&basic), &imas.redemption(&code)).await;
    let proof = provider.proof(&Signer::new("ES256"), At::post("/oauth2/par"), &json!({}));
    let headers = [("authorization", basic.as_str()), ("content-type", FORM), ("dpop", &proof)];
    let body = form(&imas.redemption(&code));
    table.add(
        "POST /oauth2/token: a proof for another address",
        &send(provider, ("POST", "/oauth2/token"), &headers, &body).await,
    );
    provider.set("imas", |settings| settings.require_dpop_nonce = true).await;
    let proof = provider.proof(&Signer::new("ES256"), At::post("/oauth2/token"), &json!({}));
    let headers = [("authorization", basic.as_str()), ("content-type", FORM), ("dpop", &proof)];
    table.add(
        "POST /oauth2/token: a proof without a nonce",
        &send(provider, ("POST", "/oauth2/token"), &headers, &body).await,
    );
    provider
        .set("imas", |settings| (settings.dpop_bound_access_tokens, settings.require_dpop_nonce) = (false, false))
        .await;
    table.add(
        "POST /oauth2/token: JSON",
        &send(
            provider,
            ("POST", "/oauth2/token"),
            &[("authorization", &basic), ("content-type", "application/json")],
            "{}",
        )
        .await,
    );
    table.add("GET /oauth2/token", &send(provider, ("GET", "/oauth2/token"), &[], "").await);
}

async fn devices(provider: &Provider, table: &mut Table) {
    let imas = provider.relying_party("imas");
    let basic = imas.basic();
    let ask = async |pairs: &[(&str, &str)]| provider.post("/oauth2/device_authorization", Some(&basic), pairs).await;
    table.add("POST /oauth2/device_authorization: not registered for it", &ask(&[]).await);
    provider.set("imas", |settings| settings.grant_types.push(DEVICE_GRANT.to_owned())).await;
    table.add("POST /oauth2/device_authorization: unregistered scope", &ask(&[("scope", "payments")]).await);
    let code = ask(&[("scope", "openid")]).await.json()["device_code"].as_str().unwrap().to_owned();
    let poll = async || {
        provider.post("/oauth2/token", Some(&basic), &[("grant_type", DEVICE_GRANT), ("device_code", &code)]).await
    };
    table.add("POST /oauth2/token: nobody has decided about the device", &poll().await);
    table.add("POST /oauth2/token: the device asks too often", &poll().await);
    provider.world.clock.advance(std::time::Duration::from_secs(601));
    table.add("POST /oauth2/token: the device waited too long", &poll().await);
}

async fn resources(provider: &Provider, table: &mut Table) {
    let imas = provider.relying_party("imas");
    let (service, _) = provider.service(0);
    let own = provider.post("/oauth2/token", Some(&service), &[("grant_type", "client_credentials")]).await.json();
    let own = format!("Bearer {}", own["access_token"].as_str().unwrap());
    let browser = provider.signed_in(FRED).await;
    let code = provider.get(&browser, &imas.authorize(&[("scope", "email")])).await.param("code").unwrap();
    let other = provider.redeem(&imas, &code).await.json();
    let other = format!("Bearer {}", other["access_token"].as_str().unwrap());
    for (what, headers) in [
        ("no token", vec![]),
        ("no token of ours", vec![("authorization", "Bearer x")]),
        ("no token of ours, as if it were bound", vec![("authorization", "DPoP x")]),
        ("the token of a service", vec![("authorization", own.as_str())]),
        ("a token without openid", vec![("authorization", other.as_str())]),
    ] {
        table.add(&format!("GET /oauth2/userinfo: {what}"), &provider.userinfo_with(&headers).await);
    }
    for path in ["/oauth2/introspect", "/oauth2/revoke", "/oauth2/par"] {
        table.add(&format!("POST {path}: no client"), &provider.post(path, None, &[("token", "x")]).await);
        table.add(&format!("POST {path}: nothing in it"), &provider.post(path, Some(&imas.basic()), &[]).await);
    }
    provider.set("imas", |settings| settings.introspection = true).await;
    table
        .add("POST /oauth2/introspect: no token", &provider.post("/oauth2/introspect", Some(&imas.basic()), &[]).await);
    let signer = Signer::new("ES256");
    provider.signing(&signer, ClientProfile::Compat).await;
    let assertion = provider.assertion(&signer, "imas", &json!({}));
    let pairs = [("client_id", "imas"), ("request", "x")];
    table.add(
        "POST /oauth2/par: request that is no JWT",
        &provider.post_signed("/oauth2/par", &assertion, &pairs).await,
    );
    table.add(
        "POST /oauth2/par: the same assertion again",
        &provider.post_signed("/oauth2/par", &assertion, &pairs).await,
    );
}

async fn registration(provider: &Provider, table: &mut Table) {
    let scopes = vec!["openid".to_owned()];
    let policy = Policy { scopes, third_party: true, allow_without_pkce_insecure: false, device_grant: false };
    let token = format!("Bearer {}", provider.registration_token(PrincipalId::Console, policy, 1).await);
    let json = ("content-type", "application/json");
    for (what, headers, body) in [
        ("no token", vec![json], "{}"),
        ("unknown token", vec![json, ("authorization", "Bearer chr_x")], "{}"),
        ("no JSON", vec![json, ("authorization", token.as_str())], "{"),
        ("another media type", vec![("content-type", FORM), ("authorization", token.as_str())], "a=b"),
        ("no redirect_uris", vec![json, ("authorization", token.as_str())], "{}"),
        (
            "bad metadata",
            vec![json, ("authorization", token.as_str())],
            r#"{"redirect_uris":["https://rp.example/cb"],"subject_type":"x"}"#,
        ),
    ] {
        table.add(
            &format!("POST /oauth2/register: {what}"),
            &send(provider, ("POST", "/oauth2/register"), &headers, body).await,
        );
    }
    for method in ["GET", "PUT", "DELETE"] {
        table.add(
            &format!("{method} /oauth2/register/x: no token"),
            &send(provider, (method, "/oauth2/register/x"), &[json], "{}").await,
        );
    }
}

on_both! {
    /// RFC 6749 §4.1.2.1, §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 7662 §2.3, RFC 8628 §3.5, RFC 8707 §2, RFC 9101 §7, RFC 9126 §2.3, RFC 9396 §5,
    /// RFC 9449 §5, §7.1, OIDC Core §3.1.2.6: status, headers and body of each.
    async fn the_errors_of_the_endpoints_are_as_reviewed(world: World) {
        let provider = Provider::new(world).await;
        let mut table = Table::default();
        authorization(&provider, &mut table).await;
        token(&provider, &mut table).await;
        devices(&provider, &mut table).await;
        resources(&provider, &mut table).await;
        registration(&provider, &mut table).await;
        insta::assert_snapshot!("errors", table.text);
        // Of a person who said no, of too many requests, of what is our fault, and of software statements there are tests of their own.
        let elsewhere = [
            "access_denied", "interaction_required", "temporarily_unavailable", "server_error", "invalid_software_statement",
            "unapproved_software_statement",
        ];
        let source = include_str!("../../../src/oidc/error.rs");
        let (_, codes) = source.split_once("pub fn code(").unwrap();
        let codes = codes.split_once("pub fn status(").unwrap().0.split('"').skip(1).step_by(2);
        let codes: Vec<&str> = codes.chain(["invalid_dpop_proof", "use_dpop_nonce"]).filter(|code| !elsewhere.contains(code)).collect();
        assert!(codes.len() > 20, "{codes:?}");
        for code in codes {
            assert!(table.codes.contains(code), "no row has {code}");
        }
    }
}
