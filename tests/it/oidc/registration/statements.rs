//! Software statements (RFC 7591 §2.3, §3.1.1).

use std::path::Path;

use axum::Router;
use axum::routing::get;
use chamberlain::oidc::{StatementIssuer, StatementIssuers};
use chamberlain::outbound::{Outbound, Settings};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;
use crate::support::signing::Signer;

const FEDERATION: &str = "https://federation.example";
const THEIRS: &str = "https://theirs.example/cb";

/// A set of keys in a file.
fn file(folder: &Path, signer: &Signer) -> StatementIssuer {
    let path = folder.join("jwks.json");
    std::fs::write(&path, json!({ "keys": [signer.registered()] }).to_string()).unwrap();
    StatementIssuer { iss: FEDERATION.to_owned(), jwks: Some(path), ..StatementIssuer::default() }
}

/// What a signer says about a program, with changes.
fn statement(signer: &Signer, changes: &Value) -> String {
    let mut claims = json!({ "iss": FEDERATION, "software_id": "4711", "software_version": "2.0", "client_name": "Theirs", "redirect_uris": [THEIRS] });
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    signer.sign(&json!({}), &claims)
}

fn with(statement: &str) -> Value {
    json!({ "redirect_uris": [CALLBACK], "client_name": "Mine", "software_statement": statement })
}

on_both! {
    /// RFC 7591 §3.1.1, §3.2.1, OA-51: what a statement says goes before what the client says, within the policy; it is repeated as it came, and who
    /// vouches for it is known. What it says stays said.
    async fn rfc_7591_section_3_1_1_what_a_statement_says_takes_precedence(world: World) {
        let mut provider = Provider::new(world).await;
        let (signer, folder) = (Signer::new("ES256"), tempfile::tempdir().unwrap());
        let token = provider.registration_token(PrincipalId::Console, policy(), 9).await;
        let text = statement(&signer, &json!({ "scope": "openid roles", "client_id": "imas", "grant_types": ["authorization_code"], "something_new": 1 }));
        let ignored = provider.register(&token, &with(&text)).await;
        assert_eq!((ignored.status, ignored.json().get("software_statement")), (StatusCode::CREATED, None), "nobody is believed here");
        provider = provider.believing(&[file(folder.path(), &signer)], None);
        let answer = provider.register(&token, &with(&text)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let made = answer.json();
        for (name, value) in [
            ("software_statement", json!(text)), ("redirect_uris", json!([THEIRS])), ("client_name", json!("Theirs")), ("software_id", json!("4711")),
            ("software_version", json!("2.0")), ("scope", json!("openid")), ("grant_types", json!(["authorization_code"])),
        ] {
            assert_eq!(made[name], value, "{name}");
        }
        assert_ne!(made["client_id"], "imas");
        let log = of_kind(&provider, Kind::ClientCreated).await;
        assert!(log.iter().any(|details| details["client_id"] == made["client_id"] && details["vouched_by"] == FEDERATION), "{log:?}");
        // RFC 7592 §2.2: with the statement that it has, also after its time; with another one of the same issuer; never without.
        let (address, own) = Provider::own(&made);
        assert_eq!(provider.manage(Method::GET, &address, Some(&own), None).await.json()["software_statement"], json!(text));
        let change = async |statement: Option<&str>| {
            let document = json!({ "client_id": made["client_id"], "redirect_uris": [CALLBACK], "scope": "openid email", "contacts": ["a@rp.example"], "software_statement": statement });
            provider.manage(Method::PUT, &address, Some(&own), Some(&document)).await
        };
        let kept = change(Some(&text)).await;
        assert_eq!((kept.status, &kept.json()["redirect_uris"], &kept.json()["contacts"]), (StatusCode::OK, &json!([THEIRS]), &json!(["a@rp.example"])), "{}", kept.body);
        let next = statement(&signer, &json!({ "software_version": "3.0", "exp": provider.world.clock.now().as_seconds() + 60 }));
        let newer = change(Some(&next)).await.json();
        assert_eq!((&newer["software_version"], &newer["software_statement"]), (&json!("3.0"), &json!(next)));
        provider.world.clock.advance(Duration::from_hours(1));
        assert_eq!(change(Some(&next)).await.status, StatusCode::OK, "the one that it has");
        let late = statement(&signer, &json!({ "exp": provider.world.clock.now().as_seconds() }));
        assert_eq!(change(Some(&late)).await.error(), "invalid_software_statement");
        assert_eq!(change(None).await.error(), "invalid_client_metadata");
        let other = StatementIssuer { iss: "https://other.example".to_owned(), ..file(folder.path(), &signer) };
        let both = provider.believing(&[file(folder.path(), &signer), other.clone()], None);
        let of_other = statement(&signer, &json!({ "iss": "https://other.example" }));
        let document = json!({ "client_id": made["client_id"], "software_statement": of_other });
        assert_eq!(both.manage(Method::PUT, &address, Some(&own), Some(&document)).await.error(), "unapproved_software_statement", "another issuer");
        let document = json!({ "client_id": made["client_id"], "software_statement": next });
        assert_eq!(both.believing(&[other], None).manage(Method::PUT, &address, Some(&own), Some(&document)).await.error(), "unapproved_software_statement", "no more believed");
    }

    /// RFC 7591 §3.2.2, OA-33, OA-34: a statement that is not good, or not believed, registers nobody, and neither does a good one by itself.
    async fn rfc_7591_section_3_2_2_a_statement_is_signed_by_whoever_is_believed(world: World) {
        let (signer, other, folder) = (Signer::new("RS256"), Signer::new("RS256"), tempfile::tempdir().unwrap());
        let provider = Provider::new(world).await.believing(&[file(folder.path(), &signer)], None);
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let before = state(&provider.world.db, &["audit_events"]).await;
        let (now, good) = (provider.world.clock.now().as_seconds(), statement(&signer, &json!({})));
        let said = |changes: Value| json!(statement(&signer, &changes));
        let (invalid, unapproved, metadata) = ("invalid_software_statement", "unapproved_software_statement", "invalid_client_metadata");
        let cases = [
            (invalid, json!(statement(&other, &json!({})))), (invalid, json!(other.sign(&json!({"kid": null}), &json!({"iss": FEDERATION})))),
            (invalid, json!(signer.sign(&json!({"alg": "none"}), &json!({"iss": FEDERATION})))), (invalid, json!(signer.sign(&json!({"alg": "HS256"}), &json!({"iss": FEDERATION})))),
            (invalid, json!(signer.sign(&json!({"crit": ["exp"]}), &json!({"iss": FEDERATION})))), (invalid, said(json!({ "iss": null }))),
            (invalid, said(json!({ "exp": now }))), (invalid, said(json!({ "nbf": now + 60 }))), (invalid, said(json!({ "iat": now + 60 }))), (invalid, said(json!({ "exp": "soon" }))),
            (invalid, said(json!({ "aud": "https://other.example" }))), (invalid, json!(&good[..good.len() - 2])), (invalid, json!("")), (invalid, json!(7)), (invalid, json!(["a.b.c"])),
            (invalid, said(json!({ "software_id": "x".repeat(16_000) }))), (unapproved, said(json!({ "iss": "https://federation.example/" }))),
            (metadata, said(json!({ "grant_types": ["client_credentials"] }))), (metadata, said(json!({ "scope": "roles" }))),
        ];
        for (error, statement) in cases {
            let mut document = minimal();
            document["software_statement"] = statement;
            let answer = provider.register(&token, &document).await;
            assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, error), "{document}: {}", answer.body);
        }
        let alone = provider.manage(Method::POST, "/oauth2/register", None, Some(&with(&good))).await;
        assert_eq!(alone.status, StatusCode::UNAUTHORIZED, "it says what a client is, not that it may register");
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before, "the token is unused, too");
        let mut document = with(&good);
        document["software_statement"] = said(json!({ "aud": [ISSUER], "exp": now + 60, "iat": now }));
        assert_eq!(provider.register(&token, &document).await.status, StatusCode::CREATED);
    }

    /// RFC 7591 §3: where an operator says so, a statement stands for a token of theirs, within its policy and as often as that is good for; keys are
    /// fetched from where the issuer keeps them, and the client adds none of its own.
    async fn a_statement_registers_where_an_operator_says_by_which_token(world: World) {
        let provider = Provider::new(world).await;
        let (signer, own) = (Signer::new("PS256"), Signer::new("ES256"));
        let _secret = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let now = provider.world.clock.now();
        let listed = chamberlain::directory::client::registration::store::list_tokens(&mut provider.world.db.reader().await.unwrap(), now).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let jwks = format!("http://{}/jwks", listener.local_addr().unwrap());
        let set = json!({ "keys": [signer.registered()] }).to_string();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, Router::new().route("/jwks", get(move || async move { set }))).await.unwrap() });
        let issuer = StatementIssuer { iss: FEDERATION.to_owned(), jwks_uri: Some(jwks.clone()), registration_token: Some(listed[0].id.to_string()), ..StatementIssuer::default() };
        let provider = provider.believing(&[issuer], Some(Outbound::new(&Settings { timeout_seconds: 1, ..Settings::default() }, true).unwrap()));
        let register = async |token: Option<&str>, document: Value| provider.manage(Method::POST, "/oauth2/register", token, Some(&document)).await;
        assert_eq!(register(None, minimal()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(register(None, with(&statement(&Signer::new("PS256"), &json!({})))).await.error(), "invalid_software_statement");
        let said = statement(&signer, &json!({ "jwks_uri": "https://theirs.example/jwks", "scope": "openid roles" }));
        let mut document = with(&said);
        document["jwks"] = json!({ "keys": [own.registered()] });
        assert_eq!(register(Some("chr_wrong"), document.clone()).await.error(), "invalid_token", "a token that is sent is judged");
        let made = register(None, document.clone()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made = made.json();
        assert_eq!((made.get("jwks"), &made["jwks_uri"], &made["scope"]), (None, &json!("https://theirs.example/jwks"), &json!("openid")));
        let again = register(None, document).await;
        assert_eq!((again.status, again.error().as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"), "it was good for one");
    }
}

impl Provider {
    /// The same world, where statements of these are believed.
    fn believing(&self, issuers: &[StatementIssuer], outbound: Option<Outbound>) -> Self {
        self.changed(|oidc| {
            oidc.statements = StatementIssuers::of(issuers).unwrap();
            if let Some(outbound) = outbound {
                oidc.client_keys = chamberlain::proofs::ClientKeys::fetching(outbound);
            }
        })
    }
}
