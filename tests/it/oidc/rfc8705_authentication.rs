//! Clients that prove themselves by a certificate (RFC 8705 §2).

use axum::http::StatusCode;
use chamberlain::directory::client::model::{AuthMethod, ClientProfile};
use chamberlain::proofs::CertificateName;
use chamberlain::web::mtls::HeaderFormat;
use rcgen::{DnType, ExtendedKeyUsagePurpose, date_time_ymd};
use serde_json::{Value, json};

use super::refusals::refused;
use crate::support::certificates::{Authority, Held, IMAS_DN, PROXY, STRANGER, imas, of_subject, self_made};
use crate::support::relying_party::Provider;
use crate::support::signing::Signer;

const TOKEN: &str = "/oauth2/token";
const OWN: [(&str, &str); 2] = [("grant_type", "client_credentials"), ("client_id", "imas")];

/// IMAS proves itself by a certificate with this name, and may act for itself.
async fn named(provider: &Provider, name: CertificateName) {
    provider
        .set("imas", move |settings| {
            settings.token_endpoint_auth_method = AuthMethod::TlsClientAuth;
            settings.tls_client_auth = Some(name.clone());
            settings.introspection = true;
            if !settings.grant_types.iter().any(|grant| grant == "client_credentials") {
                settings.grant_types.push("client_credentials".to_owned());
            }
        })
        .await;
}

fn subject(name: &str) -> CertificateName {
    CertificateName::SubjectDn(name.to_owned())
}

/// IMAS proves itself by a certificate of one of these keys.
async fn own(provider: &Provider, keys: Value) {
    provider
        .set("imas", move |settings| {
            settings.token_endpoint_auth_method = AuthMethod::SelfSignedTlsClientAuth;
            settings.jwks = Some(json!({"keys": keys}));
            if !settings.grant_types.iter().any(|grant| grant == "client_credentials") {
                settings.grant_types.push("client_credentials".to_owned());
            }
        })
        .await;
}

async fn outcome(provider: &Provider, held: &Held) -> String {
    let answer = provider.post_held(held, TOKEN, &OWN).await;
    if answer.status.is_success() { "ok".to_owned() } else { answer.error() }
}

on_both! {
    /// RFC 8705 §2.1.2: by each kind of name; what differs in case and spaces only is the same name, what differs in anything else is not.
    async fn rfc_8705_section_2_1_a_client_is_known_by_one_name_of_its_certificate(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let held = authority.issue(&imas());
        let text = str::to_owned;
        for (name, expected) in [
            (subject(IMAS_DN), "ok"),
            (subject("cn=IMAS, o=bank  a\\2c ltd., c=de"), "ok"),
            (subject("2.5.4.3=imas,2.5.4.10=#0c0c42616e6b20412c204c74642e,C=DE"), "ok"),
            (subject("C=DE,O=Bank A\\, Ltd.,CN=imas"), "invalid_client"),
            (subject("CN=imas,O=Bank A\\, Ltd."), "invalid_client"),
            (subject("CN=imas+O=Bank A\\, Ltd.,C=DE"), "invalid_client"),
            (subject("CN=imas"), "invalid_client"),
            (subject("CN=imas2,O=Bank A\\, Ltd.,C=DE"), "invalid_client"),
            (CertificateName::SanDns(text("IMAS.bank-a.example")), "ok"),
            (CertificateName::SanDns(text("bank-a.example")), "invalid_client"),
            (CertificateName::SanDns(text("urn:bank-a:imas")), "invalid_client"),
            (CertificateName::SanUri(text("urn:bank-a:imas")), "ok"),
            (CertificateName::SanUri(text("urn:bank-a:IMAS")), "invalid_client"),
            (CertificateName::SanIp(text("192.0.2.7")), "ok"),
            (CertificateName::SanIp(text("2001:0db8:0:0::7")), "ok"),
            (CertificateName::SanIp(text("192.0.2.8")), "invalid_client"),
            (CertificateName::SanEmail(text("Imas@BANK-A.example")), "ok"),
            (CertificateName::SanEmail(text("imas@bank-a.example")), "invalid_client"),
        ] {
            named(&provider, name.clone()).await;
            assert_eq!(outcome(&provider, &held).await, expected, "{name:?}");
        }
    }

    /// RFC 8705 §2: everywhere that a client is asked who it is.
    async fn rfc_8705_section_2_a_certificate_proves_a_client_at_every_endpoint(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let (held, other) = (authority.issue(&imas()), Authority::new("Authority").issue(&imas()));
        named(&provider, subject(IMAS_DN)).await;
        let party = provider.relying_party("imas");
        let query = party.authorize(&[]);
        let pushed: Vec<(String, String)> = url::form_urlencoded::parse(query.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let pushed: Vec<(&str, &str)> = pushed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        for (path, pairs, status) in [
            (TOKEN, OWN.to_vec(), 200),
            ("/oauth2/par", pushed, 201),
            ("/oauth2/introspect", vec![("client_id", "imas"), ("token", "unknown")], 200),
            ("/oauth2/revoke", vec![("client_id", "imas"), ("token", "unknown")], 200),
        ] {
            let answer = provider.post_held(&held, path, &pairs).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.body);
            for answer in [provider.post_held(&other, path, &pairs).await, provider.post_from(PROXY, path, &[("client-cert", "")], &pairs).await] {
                assert_eq!((answer.status.as_u16(), answer.error()), (401, "invalid_client".to_owned()), "{path}");
            }
        }
    }

    /// RFC 8705 §2.1: a chain to an authority that we trust, for clients, and in time; authorities in between come with it or not at all.
    async fn rfc_8705_section_2_1_a_name_counts_from_a_trusted_authority_only(world: World) {
        let root = Authority::new("Root");
        let between = root.below("Between");
        let provider = Provider::with_certificates(world, Some(&root)).await;
        named(&provider, subject(IMAS_DN)).await;
        let with = |change: &dyn Fn(&mut rcgen::CertificateParams)| {
            let mut params = imas();
            change(&mut params);
            root.issue(&params)
        };
        assert_eq!(outcome(&provider, &root.issue(&imas())).await, "ok");
        let mut below = between.issue(&imas());
        assert_eq!(outcome(&provider, &below).await, "invalid_client", "without the one in between");
        below.chain = vec![between.der.clone()];
        assert_eq!(outcome(&provider, &below).await, "ok");
        below.chain = vec![vec![7; 100], between.der.clone()];
        assert_eq!(outcome(&provider, &below).await, "ok", "what is no certificate leads nowhere");
        for (what, held) in [
            ("expired", with(&|params| params.not_after = date_time_ymd(2025, 1, 1))),
            ("not yet", with(&|params| params.not_before = date_time_ymd(2059, 1, 1))),
            ("for servers", with(&|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth])),
            ("another name", with(&|params| params.distinguished_name.push(DnType::CommonName, "casper"))),
            ("an authority of the same name", Authority::new("Root").issue(&imas())),
            ("made by itself", self_made(&Signer::new("ES256"))),
        ] {
            assert_eq!(outcome(&provider, &held).await, "invalid_client", "{what}");
        }
    }

    /// RFC 8705 §2.1: where no authority is trusted a name is worth nothing, and it is not published that it were.
    async fn rfc_8705_section_2_1_without_authorities_no_name_counts(world: World) {
        let provider = Provider::with_certificates(world, None).await;
        named(&provider, subject(IMAS_DN)).await;
        assert_eq!(outcome(&provider, &Authority::new("Authority").issue(&imas())).await, "invalid_client");
        let told = provider.plain_get("/.well-known/openid-configuration").await.json();
        let methods = told["token_endpoint_auth_methods_supported"].to_string();
        assert!(methods.contains("\"self_signed_tls_client_auth\"") && !methods.contains("\"tls_client_auth\""), "{methods}");
    }

    /// RFC 8414: without certificates nothing of them is published.
    async fn without_client_certificates_nothing_of_them_is_published(world: World) {
        let told = Provider::new(world).await.plain_get("/.well-known/openid-configuration").await.body;
        assert!(!told.contains("tls"), "{told}");
    }

    /// OA-39, OA-59: the header counts from a proxy that we trust and from nobody else, whatever else is claimed; one that cannot be read is an
    /// error and never nobody's.
    async fn oa_59_a_certificate_in_a_header_is_believed_from_a_trusted_proxy_only(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let held = authority.issue(&imas());
        named(&provider, subject(IMAS_DN)).await;
        let header = held.header();
        let before = refused(&provider).await.len();
        for headers in [
            vec![("client-cert", header.as_str())],
            vec![("client-cert", header.as_str()), ("x-forwarded-for", "10.0.0.7")],
            vec![("client-cert", header.as_str()), ("forwarded", "for=10.0.0.7"), ("x-real-ip", "10.0.0.7")],
        ] {
            let answer = provider.post_from(STRANGER, TOKEN, &headers, &OWN).await;
            assert_eq!((answer.status.as_u16(), answer.error()), (401, "invalid_client".to_owned()));
        }
        assert_eq!(refused(&provider).await.len(), before + 3);
        // What a proxy passes on under the name for people was asked of nobody.
        for host in ["127.0.0.1:4000", "id.example", "mtls.id.example:8443", "mtls.id.example.evil.example"] {
            let answer = provider.post_from(PROXY, TOKEN, &[("client-cert", &header), ("host", host)], &OWN).await;
            assert_eq!(answer.error(), "invalid_client", "{host}");
        }
        // Without a peer (no connection at all) nobody is a proxy either.
        assert_eq!(provider.post_with(TOKEN, &[("client-cert", &header)], &OWN).await.error(), "invalid_client");
        for other in ["x-client-cert", "x-ssl-client-cert", "ssl-client-cert", "x-forwarded-client-cert"] {
            assert_eq!(provider.post_from(PROXY, TOKEN, &[(other, &header)], &OWN).await.error(), "invalid_client", "{other}");
        }
        let der = &header[1..header.len() - 1];
        let (cut, double) = (format!(":{}:", &der[..der.len() - 8]), format!(":{der}{der}:"));
        let long = format!(":{}:", "A".repeat(60_000));
        for odd in ["x", der, cut.as_str(), double.as_str(), long.as_str(), "::", ":é:", &held.escaped(), ":AAAA:"] {
            let answer = provider.post_from(PROXY, TOKEN, &[("client-cert", odd)], &OWN).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::BAD_REQUEST, ""), "{odd:.40}");
        }
        let two = [("client-cert", header.as_str()), ("client-cert", header.as_str())];
        assert_eq!(provider.post_from(PROXY, TOKEN, &two, &OWN).await.status, StatusCode::BAD_REQUEST);
        let long = [header.as_str(); 9].join(",");
        for odd in ["x", long.as_str()] {
            let headers = [("client-cert", header.as_str()), ("client-cert-chain", odd)];
            assert_eq!(provider.post_from(PROXY, TOKEN, &headers, &OWN).await.status, StatusCode::BAD_REQUEST);
        }
        assert_eq!(outcome(&provider, &held).await, "ok");
    }

    /// As nginx passes a certificate on: PEM, percent-encoded.
    async fn a_certificate_comes_as_nginx_writes_it(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::behind(world, Some(&authority), HeaderFormat::EscapedPem).await;
        let held = authority.issue(&imas());
        named(&provider, subject(IMAS_DN)).await;
        let ask = async |peer: &str, value: &str| provider.post_from(peer, TOKEN, &[("client-cert", value)], &OWN).await.status.as_u16();
        assert_eq!(ask(PROXY, &held.escaped()).await, 200);
        assert_eq!((ask(STRANGER, &held.escaped()).await, ask(PROXY, "").await), (401, 401));
        let key = url::form_urlencoded::byte_serialize(held.key.as_bytes()).collect::<String>();
        for odd in [held.header(), "%2D%2D".to_owned(), held.escaped()[..200].to_owned(), key] {
            assert_eq!(ask(PROXY, &odd).await, 400, "{odd:.40}");
        }
    }

    /// RFC 8705 §2.2: whoever issued it, by the certificate in a key or by the key itself, and by nothing else.
    async fn rfc_8705_section_2_2_a_client_holds_the_certificate_of_one_of_its_keys(world: World) {
        let provider = Provider::with_certificates(world, None).await;
        for alg in ["ES256", "EdDSA", "PS256"] {
            let (signer, other) = (Signer::new(alg), Signer::new(alg));
            let (held, again) = (self_made(&signer), self_made(&signer));
            own(&provider, json!([other.registered(), signer.registered()])).await;
            assert_eq!((outcome(&provider, &held).await.as_str(), outcome(&provider, &again).await.as_str()), ("ok", "ok"), "{alg}");
            own(&provider, json!([other.registered()])).await;
            assert_eq!(outcome(&provider, &held).await, "invalid_client", "{alg}");
            // A key with a certificate is known by that one alone.
            let mut key = signer.registered();
            key["x5c"] = json!([held.x5c()]);
            own(&provider, json!([key])).await;
            assert_eq!(outcome(&provider, &held).await, "ok", "{alg}");
            assert_eq!(outcome(&provider, &again).await, if held.x5c() == again.x5c() { "ok" } else { "invalid_client" }, "{alg}");
            for odd in [json!(["x"]), json!([]), json!("x"), json!([7])] {
                key["x5c"] = odd;
                own(&provider, json!([key])).await;
                assert_eq!(outcome(&provider, &held).await, "invalid_client", "{alg}");
            }
            let mut encrypts = signer.registered();
            encrypts["use"] = json!("enc");
            own(&provider, json!([encrypts])).await;
            assert_eq!(outcome(&provider, &held).await, "invalid_client", "{alg}");
        }
        // From an authority that nobody knows is as good, and a key of another kind is none.
        let held = Authority::new("Nobody").issue(&of_subject(&[(DnType::CommonName, "imas")]));
        assert_eq!(outcome(&provider, &held).await, "invalid_client");
    }

    /// OA-39: who is registered for a certificate is not believed by a secret or a signature, nor the other way round.
    async fn oa_39_nobody_falls_back_from_or_to_a_certificate(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let (held, party) = (authority.issue(&imas()), provider.relying_party("imas"));
        // Registered for a secret.
        provider.set("imas", |settings| settings.grant_types.push("client_credentials".to_owned())).await;
        assert_eq!(outcome(&provider, &held).await, "invalid_client");
        named(&provider, subject(IMAS_DN)).await;
        let basic = party.basic();
        let header = held.header();
        for (headers, more) in [
            (vec![("authorization", basic.as_str())], vec![]),
            (vec![("authorization", basic.as_str()), ("client-cert", header.as_str())], vec![]),
            (vec![("client-cert", header.as_str())], vec![("client_secret", party.secret.as_str())]),
            (vec![], vec![("client_secret", party.secret.as_str())]),
            (vec![], vec![]),
        ] {
            let answer = provider.post_from(PROXY, TOKEN, &headers, &[&OWN[..], &more].concat()).await;
            assert_eq!(answer.error(), "invalid_client", "{more:?}");
        }
        // A certificate of the right authority for `self_signed_tls_client_auth`, and the other way round.
        let signer = Signer::new("ES256");
        own(&provider, json!([signer.registered()])).await;
        assert_eq!(outcome(&provider, &held).await, "invalid_client");
        named(&provider, subject("CN=anybody")).await;
        assert_eq!(outcome(&provider, &self_made(&signer)).await, "invalid_client");
        provider.set("imas", |settings| settings.tls_client_auth = None).await;
        assert_eq!(outcome(&provider, &held).await, "invalid_client");
    }

    /// RFC 8705 §2.1.1, §2.2.1, §3.3, §5: what is offered is published, and nothing else.
    async fn rfc_8705_section_5_what_is_offered_is_published(world: World) {
        let authority = Authority::new("Authority");
        let metadata = async |provider: &Provider| provider.plain_get("/.well-known/openid-configuration").await.json();
        let (own, named) = (json!("self_signed_tls_client_auth"), json!("tls_client_auth"));
        let has = |told: &Value, list: &str, method: &Value| told[format!("{list}_endpoint_auth_methods_supported")].as_array().unwrap().contains(method);
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let told = metadata(&provider).await;
        for list in ["token", "introspection", "revocation"] {
            assert!(has(&told, list, &own) && has(&told, list, &named), "{list}");
        }
        assert!(has(&told, "token", &json!("none")) && !has(&told, "introspection", &json!("none")));
        assert_eq!(told["tls_client_certificate_bound_access_tokens"], true);
        assert_eq!(told["token_endpoint"], "http://127.0.0.1:4000/oauth2/token");
        let aliases = told["mtls_endpoint_aliases"].as_object().unwrap();
        assert_eq!(aliases.len(), 6);
        for (name, address) in aliases {
            assert_eq!(address.as_str().unwrap(), told[name].as_str().unwrap().replace("http://127.0.0.1:4000", "https://mtls.id.example"));
        }
    }

    /// FAPI 2.0 Security Profile §5.3.2.1: a certificate is as good as a signature and a proof, for a client that is registered so.
    async fn fapi_2_0_takes_a_certificate_for_both(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await;
        let held = authority.issue(&imas());
        named(&provider, subject(IMAS_DN)).await;
        provider.set("imas", |settings| settings.profile = ClientProfile::Fapi2).await;
        assert_eq!(outcome(&provider, &held).await, "invalid_dpop_proof", "its tokens are bound to nothing yet");
        provider.set("imas", |settings| settings.tls_client_certificate_bound_access_tokens = true).await;
        let answer = provider.post_held(&held, TOKEN, &OWN).await;
        assert_eq!((answer.status, answer.json()["token_type"].as_str()), (StatusCode::OK, Some("Bearer")), "{}", answer.body);
    }

    /// A client that proves itself by a certificate is counted like every other; who only says its name uses nothing of that up.
    async fn a_client_with_a_certificate_may_ask_only_so_often(world: World) {
        let authority = Authority::new("Authority");
        let provider = Provider::with_certificates(world, Some(&authority)).await.with_clients_limited_to(2);
        named(&provider, subject(IMAS_DN)).await;
        let (held, other) = (authority.issue(&imas()), authority.issue(&of_subject(&[(DnType::CommonName, "other")])));
        for _ in 0..20 {
            assert_eq!(outcome(&provider, &other).await, "invalid_client");
        }
        assert_eq!(outcome(&provider, &held).await, "ok");
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(provider.post_held(&held, TOKEN, &OWN).await.status);
        }
        assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
    }
}
