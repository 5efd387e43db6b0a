//! What a registration says about security is kept to, and who registered and changed what is known.

use chamberlain::directory::client::model::{Client, DEVICE_GRANT};
use uuid::Uuid;

use super::*;
use crate::support::certificates::{Authority, Held, imas};
use crate::support::relying_party::CHALLENGE;
use crate::support::signing::Signer;

/// What an object that one signer signed, pushed with an assertion of another, comes to.
async fn pushed(provider: &Provider, client_id: &str, (assertion, object): (&Signer, Option<&Signer>)) -> String {
    let now = provider.world.clock.now().as_seconds();
    let claims = json!({
        "iss": client_id, "aud": ISSUER, "nbf": now, "exp": now + 300, "client_id": client_id, "response_type": "code",
        "redirect_uri": CALLBACK, "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    let request = object.map(|signer| signer.sign(&json!({"typ": "oauth-authz-req+jwt"}), &claims));
    let mut pairs = vec![("client_id", client_id)];
    match &request {
        Some(request) => pairs.push(("request", request)),
        None => pairs.extend([
            ("response_type", "code"),
            ("redirect_uri", CALLBACK),
            ("scope", "openid"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]),
    }
    let proof = provider.assertion(assertion, client_id, &json!({}));
    let answer = provider.post_signed("/oauth2/par", &proof, &pairs).await;
    if answer.status == StatusCode::CREATED { "ok".to_owned() } else { answer.error() }
}

/// Who did things of a kind to a client.
async fn actors(provider: &Provider, client: &Client, kind: Kind) -> Vec<(Option<String>, Option<Uuid>)> {
    const ASK: &str = "SELECT actor_kind, actor_id FROM audit_events WHERE kind = $1 AND subject_id = $2 ORDER BY at";
    let tx = &mut provider.world.db.reader().await.unwrap();
    match tx {
        chamberlain::db::Tx::Sqlite(tx) => {
            sqlx::query_as(ASK).bind(kind.as_str()).bind(client.id).fetch_all(tx.connection()).await.unwrap()
        }
        chamberlain::db::Tx::Postgres(tx) => {
            sqlx::query_as(ASK).bind(kind.as_str()).bind(client.id).fetch_all(tx.connection()).await.unwrap()
        }
    }
}

on_both! {
    /// RFC 9449 §5.2, RFC 9101 §10.5, OIDC Registration §2: what a client asks to be held to, it is held to, and told.
    async fn rfc_9101_section_10_5_a_client_is_held_to_the_security_that_it_registers(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 2).await;
        let (es, ps) = (Signer::new("ES256"), Signer::new("PS256"));
        let secure = json!({ "access_token_format": "opaque", "dpop_bound_access_tokens": true, "require_signed_request_object": true, "authorization_signed_response_alg": "PS256",
            "token_endpoint_auth_signing_alg": "PS256", "request_object_signing_alg": "ES256" });
        let plain = json!({ "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [es.registered(), ps.registered()] } });
        let mut document = plain.clone();
        document.as_object_mut().unwrap().extend(secure.as_object().unwrap().clone());
        let answer = provider.register(&token, &document).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let made = answer.json();
        let (address, own) = Provider::own(&made);
        let read = provider.manage(Method::GET, &address, Some(&own), None).await.json();
        for (name, value) in secure.as_object().unwrap() {
            assert_eq!((&made[name], &read[name]), (value, value), "{name}");
        }
        let id = made["client_id"].as_str().unwrap();
        let settings = provider.client(id).await.settings;
        assert!(settings.requires_bound_tokens() && settings.require_signed_request_object);
        assert_eq!(settings.authorization_signing().as_str(), "PS256");
        provider.world.clock.advance(Duration::from_secs(2));
        assert_eq!(pushed(&provider, id, (&ps, Some(&es))).await, "ok");
        assert_eq!(pushed(&provider, id, (&es, Some(&es))).await, "invalid_client", "another algorithm than the registered one");
        assert_eq!(pushed(&provider, id, (&ps, Some(&ps))).await, "invalid_request_object", "likewise");
        assert_ne!(pushed(&provider, id, (&ps, None)).await, "ok", "not signed");
        let free = provider.register(&token, &plain).await.json();
        for name in secure.as_object().unwrap().keys() {
            assert!(free.get(name).is_none(), "{name}");
        }
        provider.world.clock.advance(Duration::from_secs(2));
        for signers in [(&es, Some(&ps)), (&ps, Some(&es)), (&es, None)] {
            assert_eq!(pushed(&provider, free["client_id"].as_str().unwrap(), signers).await, "ok");
        }
    }

    /// RFC 8628 §4, RFC 7591 §2.1, `decisions.md` 20: the grant for devices is registered where the token says so, and alone only without a
    /// response type.
    async fn rfc_8628_section_4_the_grant_for_devices_is_registered_where_it_is_allowed(world: World) {
        let provider = Provider::new(world).await;
        let plain = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let token = provider.registration_token(PrincipalId::Console, Policy { device_grant: true, ..policy() }, 2).await;
        let tv = |grants: &[&str], responses: Value| json!({ "application_type": "native", "token_endpoint_auth_method": "none",
            "grant_types": grants, "response_types": responses });
        let alone = tv(&[DEVICE_GRANT, "refresh_token"], json!([]));
        for (token, document) in [
            (&plain, alone.clone()),
            (&token, tv(&["refresh_token"], json!([]))),
            (&token, tv(&[DEVICE_GRANT], json!(["code"]))),
            (&token, tv(&[DEVICE_GRANT, "client_credentials"], json!([]))),
        ] {
            assert_eq!(provider.register(token, &document).await.error(), "invalid_client_metadata", "{document}");
        }
        let made = provider.register(&token, &alone).await.json();
        assert_eq!((&made["grant_types"], &made["response_types"]), (&json!([DEVICE_GRANT, "refresh_token"]), &json!([])));
        let id = made["client_id"].as_str().unwrap();
        let begun = provider.post("/oauth2/device_authorization", None, &[("client_id", id), ("scope", "openid")]).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.body);
        // Nothing is brought back that was not registered.
        let (address, own) = Provider::own(&made);
        let mut next = tv(&[DEVICE_GRANT, "authorization_code"], json!(["code"]));
        (next["client_id"], next["redirect_uris"]) = (json!(id), json!(["http://127.0.0.1/cb"]));
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await.error(), "invalid_client_metadata");
        let both = json!({ "redirect_uris": [CALLBACK], "grant_types": ["authorization_code", DEVICE_GRANT] });
        assert_eq!(provider.register(&token, &both).await.status, StatusCode::CREATED);
    }

    /// RFC 7591 §3.2.2: what a client cannot be held to is refused, and so are control characters, which not every database stores.
    async fn rfc_7591_section_3_2_2_no_security_is_promised_that_is_not_kept(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let before = state(&provider.world.db, &["audit_events"]).await;
        for (name, value) in [
            ("dpop_bound_access_tokens", json!("yes")), ("require_signed_request_object", json!(true)), ("require_signed_request_object", json!(1)),
            ("authorization_signed_response_alg", json!("HS256")), ("authorization_signed_response_alg", json!("none")),
            ("token_endpoint_auth_signing_alg", json!("HS256")), ("token_endpoint_auth_signing_alg", json!(["ES256"])),
            ("request_object_signing_alg", json!("none")), ("request_object_signing_alg", json!("ES512")),
            ("contacts", json!(["a\u{0}b"])), ("client_name", json!("a\u{0}")), ("software_id", json!("\n")), ("software_version", json!("\u{85}")),
            ("default_acr_values", json!(["\u{0}"])), ("something_new", json!({"a": [{"b": "\u{0}"}]})), ("something_new", json!({"a\u{0}": 1})), ("a\u{0}", json!(1)),
            ("jwks", json!({"keys": [{"kty": "EC", "odd": "\u{0}"}]})),
        ] {
            let mut document = minimal();
            document[name] = value;
            let answer = provider.register(&token, &document).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_client_metadata".to_owned()), "{document}: {}", answer.body);
        }
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before, "the token is unused, too");
        let made = provider.register(&token, &minimal()).await.json();
        let (address, own) = Provider::own(&made);
        let next = json!({ "client_id": made["client_id"], "redirect_uris": [CALLBACK], "contacts": ["\u{0}"] });
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await.error(), "invalid_client_metadata");
    }

    /// RFC 8705 §2.1.2, §3.4: exactly one name; what is bound stays bound (OA-51); only where certificates are taken.
    async fn rfc_8705_section_2_1_2_a_client_with_a_certificate_registers_with_one_name(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let with = |more: Value| {
            let mut document = minimal();
            document["token_endpoint_auth_method"] = json!("tls_client_auth");
            document["tls_client_certificate_bound_access_tokens"] = json!(true);
            document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            document
        };
        for odd in [
            json!({}), json!({"tls_client_auth_subject_dn": "imas"}), json!({"tls_client_auth_subject_dn": 7}), json!({"tls_client_auth_san_dns": "*.rp.example"}),
            json!({"tls_client_auth_san_dns": "rp.example", "tls_client_auth_san_uri": "urn:rp"}), json!({"tls_client_auth_san_ip": "192.0.2.0/24"}),
            json!({"tls_client_auth_san_dns": "rp.example", "tls_client_certificate_bound_access_tokens": "yes"}),
            json!({"token_endpoint_auth_method": "self_signed_tls_client_auth"}),
            json!({"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": {"keys": []}}),
        ] {
            let answer = provider.register(&token, &with(odd.clone())).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_client_metadata".to_owned()), "{odd}: {}", answer.body);
        }
        let answer = provider.register(&token, &with(json!({"tls_client_auth_san_uri": "urn:bank-a:imas"}))).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let made = answer.json();
        assert_eq!((&made["token_endpoint_auth_method"], &made["tls_client_auth_san_uri"]), (&json!("tls_client_auth"), &json!("urn:bank-a:imas")));
        assert!(made["tls_client_certificate_bound_access_tokens"] == true && made.get("client_secret").is_none(), "{made}");
        let id = made["client_id"].as_str().unwrap();
        let ask = async |held: &Held| provider.post_held(held, "/oauth2/revoke", &[("client_id", id), ("token", "unknown")]).await.status.as_u16();
        assert_eq!((ask(&authority.issue(&imas())).await, ask(&Authority::new("Other").issue(&imas())).await), (200, 401));
        let (address, own) = Provider::own(&made);
        let mut next = with(json!({"tls_client_auth_san_dns": "imas.bank-a.example", "client_id": id}));
        next["tls_client_certificate_bound_access_tokens"] = json!(false);
        let changed = provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await.json();
        assert!(changed["tls_client_certificate_bound_access_tokens"] == true && changed.get("tls_client_auth_san_uri").is_none(), "{changed}");
        assert_eq!(changed["tls_client_auth_san_dns"], "imas.bank-a.example");
    }

    /// RFC 8705: what rests on certificates cannot be registered where none are taken.
    async fn without_client_certificates_nothing_of_them_is_registered(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let keys = json!({"keys": [Signer::new("ES256").registered()]});
        for more in [
            json!({"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "rp.example"}),
            json!({"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": keys}),
            json!({"tls_client_certificate_bound_access_tokens": true}),
        ] {
            let mut document = minimal();
            document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(provider.register(&token, &document).await.error(), "invalid_client_metadata", "{document}");
        }
    }

    /// RFC 7591 §3, RFC 7592 §2: the log says by whose token a client is there, and that it changed and left by itself.
    async fn the_log_says_who_registered_a_client_and_who_changed_it(world: World) {
        let provider = Provider::new(world).await;
        let olga = provider.user("olga.meyer@institution.example").await;
        let token = provider.registration_token(PrincipalId::Person(olga), policy(), 1).await;
        let made = provider.register(&token, &minimal()).await.json();
        let id = made["client_id"].as_str().unwrap();
        let client = provider.client(id).await;
        assert_eq!(actors(&provider, &client, Kind::ClientCreated).await, [(Some("person".to_owned()), Some(olga.0))]);
        let issued = of_kind(&provider, Kind::RegistrationTokenIssued).await;
        let created = of_kind(&provider, Kind::ClientCreated).await;
        let created = created.iter().find(|details| details["client_id"] == id).unwrap();
        assert!(issued[0]["token"].is_string());
        assert_eq!(created["registration_token"], issued[0]["token"]);
        let (address, own) = Provider::own(&made);
        let next = json!({ "client_id": id, "redirect_uris": [CALLBACK], "client_name": "Partners" });
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await.status, StatusCode::OK);
        assert_eq!(provider.manage(Method::DELETE, &address, Some(&own), None).await.status, StatusCode::NO_CONTENT);
        for kind in [Kind::ClientChanged, Kind::ClientDisabled] {
            assert_eq!(actors(&provider, &client, kind).await, [(Some("service".to_owned()), Some(client.id.0))], "{kind:?}");
        }
    }
}
