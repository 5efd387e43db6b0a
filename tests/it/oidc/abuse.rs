//! Abuse cases of tokens and people: each by its id in the catalogue.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::authority::action::{CreateUser, DeleteUser, ManageClient};
use chamberlain::db::{self, transact};
use chamberlain::directory::client::manage::{self, ClientDetails, ClientError};
use chamberlain::directory::client::model::{ClientKind, ClientSettings};
use chamberlain::directory::user;
use chamberlain::directory::user::guard::Guard;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::secret::Digest;
use chamberlain::tokens::access_token::AccessClaims;
use chamberlain::tokens::mint::Kind;
use chamberlain::tokens::signing_key::Algorithm;
use serde_json::{Value, json};

use crate::support::newcomer;
use crate::support::relying_party::{CHALLENGE, ISSUER, Provider, VERIFIER, claims, form};

const FRED: &str = "fred.perry@bank-a.example";

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

on_both! {
    /// OA-13: a code that an attacker got for their own account, brought into the sign-in that somebody else began, fails on
    /// the verifier; without PKCE the nonce of the ID token tells.
    async fn oa_13_a_code_brought_into_another_sign_in_fails(world: World) {
        let provider = Provider::new(world).await;
        let (imas, attacker) = (provider.relying_party("imas"), provider.signed_in("anna.berg@bank-a.example").await);
        let other = Digest::of(b"the verifier that the attacker's sign-in began with, fifty octets long").as_bytes().to_vec();
        let challenge = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, other);
        let begun = imas.authorize(&[("code_challenge", &challenge), ("nonce", "of-the-attacker")]);
        let code = provider.get(&attacker, &begun).await.param("code").unwrap();
        let answer = provider.redeem(&imas, &code).await;
        assert_eq!((CHALLENGE.len(), VERIFIER.len(), answer.error()), (43, 43, "invalid_grant".to_owned()));
        provider.set("imas", |settings| settings.allow_without_pkce_insecure = true).await;
        let begun = imas.authorize(&[("code_challenge", ""), ("code_challenge_method", ""), ("nonce", "of-the-attacker")]);
        let code = provider.get(&attacker, &begun).await.param("code").unwrap();
        let mut pairs = imas.redemption(&code);
        pairs.pop();
        let tokens = provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await.json();
        assert_eq!(claims(&tokens["id_token"])["nonce"], "of-the-attacker");
    }

    /// OA-17: no parameter of ours and no error leads anywhere but to a registered address.
    async fn oa_17_no_parameter_leads_elsewhere(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for odd in ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "/%0d%0aLocation:x"] {
            let signed_in = provider.get(&browser, &format!("/login?{}", form(&[("return", odd)]))).await;
            assert!(matches!(signed_in.location(), "/" | "/%0d%0aLocation:x"), "{odd}: {}", signed_in.location());
            for page in [
                provider.get(&provider.browser(), &format!("/login?{}", form(&[("return", odd)]))).await,
                provider.get(&browser, &imas.authorize(&[("redirect_uri", odd)])).await,
                provider.get(&browser, &imas.authorize(&[("client_id", odd)])).await,
            ] {
                assert!(page.headers.get(header::LOCATION).is_none() && !page.body.contains("href=\"https://evil"), "{odd}");
            }
            let logout = provider.get(&browser, &format!("/oauth2/logout?{}", form(&[("post_logout_redirect_uri", odd)]))).await;
            assert_eq!(logout.location(), "/logout");
        }
    }

    /// OA-25, SD16: after a restart (other connections, empty caches, keys read anew) a rotated token is still a used one.
    async fn oa_25_a_rotated_token_is_refused_after_a_restart(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = provider.tokens(&imas, &browser).await;
        let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
        let code = provider.code(&imas, &browser).await;
        provider.redeem(&imas, &code).await;
        let restarted = provider.another_node().await;
        assert_eq!(restarted.userinfo(&text(&second, "access_token")).await.status, StatusCode::OK);
        assert_eq!(restarted.refresh(&imas, &text(&first, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(restarted.refresh(&imas, &text(&second, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(restarted.redeem(&imas, &code).await.error(), "invalid_grant");
    }

    /// OA-28: a deleted person and a deactivated level get nothing, by no way.
    async fn oa_28_nothing_works_for_the_deleted_or_below_a_deactivated_level(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        for delete in [true, false] {
            let email = if delete { "anna.berg@bank-a.example" } else { FRED };
            let browser = provider.signed_in(email).await;
            let (tokens, code) = (provider.tokens(&imas, &browser).await, provider.code(&imas, &browser).await);
            if delete {
                remove(&provider, email).await;
            } else {
                provider.deactivate("Bank A").await;
            }
            assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
            assert_eq!(provider.refresh(&imas, &text(&tokens, "refresh_token")).await.error(), "invalid_grant");
            assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
            assert!(provider.get(&browser, &imas.authorize(&[])).await.location().starts_with("/login?"));
        }
    }

    /// OA-33 to OA-36: tokens that we did not sign as access tokens, for us, with an end within a day, are no access tokens.
    async fn oa_33_to_oa_36_only_our_own_short_lived_access_tokens_work(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let good: AccessClaims = serde_json::from_value(claims(&tokens["access_token"])).unwrap();
        let sign = async |kind: Kind, claims: &Value| {
            let (db, now) = (&provider.world.db, provider.world.clock.now());
            provider.oidc.tokens.sign(db, Algorithm::Es256, kind, claims, now).await.unwrap()
        };
        let with = |name: &str, value: Value| {
            let mut claims = json!(good);
            if value.is_null() {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value;
            }
            claims
        };
        let iat = good.iat;
        assert_eq!(provider.userinfo(&sign(Kind::AccessToken, &json!(good)).await).await.status, StatusCode::OK);
        for (why, claims) in [
            ("OA-36: no end", with("exp", Value::Null)),
            ("OA-36: a year", with("exp", json!(iat + 31_536_000))),
            ("OA-36: over", with("exp", json!(iat))),
            ("OA-36: from the future", with("iat", json!(iat + 60))),
            ("OA-35: for somebody else", with("aud", json!("https://api.example"))),
            ("OA-35: from somebody else", with("iss", json!("https://evil.example"))),
            ("OA-35: of another person", with("sub", json!(provider.user("anna.berg@bank-a.example").await))),
            ("OA-35: of another client", with("client_id", json!("casper"))),
            ("an unknown member", with("admin", json!(true))),
        ] {
            let token = sign(Kind::AccessToken, &claims).await;
            assert_eq!(provider.userinfo(&token).await.status, StatusCode::UNAUTHORIZED, "{why}");
        }
        let as_id_token = sign(Kind::IdToken, &json!(good)).await;
        assert_eq!(provider.userinfo(&as_id_token).await.status, StatusCode::UNAUTHORIZED, "OA-35");
        // OA-33: a MAC keyed with the published key; OA-34: a key of the attacker in the header.
        let jwks = provider.plain_get("/oauth2/jwks").await.json();
        let kid = jwks["keys"][0]["kid"].as_str().unwrap();
        for header in [json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}), json!({"alg": "none", "typ": "at+jwt", "kid": kid}),
            json!({"alg": "ES256", "typ": "at+jwt", "kid": kid, "jwk": jwks["keys"][0]}), json!({"alg": "HS256", "typ": "at+jwt", "kid": kid, "jku": "https://evil.example"})] {
            let forged = crate::support::mac_jwt(&header, &json!(good), jwks["keys"][0]["x"].as_str().unwrap().as_bytes());
            assert_eq!(provider.userinfo(&forged).await.status, StatusCode::UNAUTHORIZED, "{header}");
        }
    }

    /// OA-54: nothing that tells about a person, and nothing that lets somebody in, is kept by a cache: tokens, claims,
    /// redirects with codes, the pages on the way, and refusals of each.
    async fn oa_54_tokens_claims_codes_and_pages_are_not_cached(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let redeemed = provider.redeem(&imas, &code).await;
        let tokens = redeemed.json();
        let refreshed = provider.refresh(&imas, &text(&tokens, "refresh_token")).await;
        let told = provider.userinfo(&text(&refreshed.json(), "access_token")).await;
        let by_form = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post")])).await;
        let consent = provider.get(&browser, &imas.authorize(&[("prompt", "consent")])).await;
        let hint = form(&[("id_token_hint", &text(&tokens, "id_token")), ("post_logout_redirect_uri", "http://127.0.0.1:4001/")]);
        let answers = [
            ("code", redeemed), ("refresh", refreshed), ("claims", told), ("form post", by_form),
            ("a code again", provider.redeem(&imas, &code).await),
            ("no client", provider.post("/oauth2/token", None, &[]).await),
            ("no token", provider.plain_get("/oauth2/userinfo").await),
            ("redirect", provider.get(&browser, &imas.authorize(&[])).await),
            ("error redirect", provider.get(&browser, &imas.authorize(&[("scope", "x")])).await),
            ("error page", provider.get(&browser, &imas.authorize(&[("client_id", "x")])).await),
            ("sign-in", provider.get(&provider.browser(), &imas.authorize(&[])).await),
            ("consent page", provider.get(&browser, consent.location()).await), ("consent", consent),
            ("logout", provider.get(&browser, &format!("/oauth2/logout?{hint}")).await),
            ("sessions", provider.get(&browser, "/sessions").await),
        ];
        for (what, answer) in answers {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}: {} {}", answer.status, answer.body);
        }
    }

    /// OA-49: an opaque token that is cut, lengthened or re-encoded is none.
    async fn oa_49_a_changed_refresh_token_is_none(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let token = text(&provider.tokens(&imas, &browser).await, "refresh_token");
        for changed in [token[1..].to_owned(), token[..42].to_owned(), format!("{token}A"), format!("{token}="), token.to_lowercase(), format!(" {token}")] {
            assert_eq!(provider.refresh(&imas, &changed).await.error(), "invalid_grant");
        }
        assert_eq!(provider.refresh(&imas, &token).await.status, StatusCode::OK, "none of them was taken for a reuse");
    }

    /// OA-52: a registration has no place for claims of its own.
    async fn oa_52_a_registration_cannot_map_claims(world: World) {
        drop(world);
        for member in ["claims", "claims_mapping", "sub", "groups", "roles", "acr", "subject_claim"] {
            let mut settings = json!(ClientSettings::default());
            settings[member] = json!({"sub": "admin"});
            assert!(serde_json::from_value::<ClientSettings>(settings).is_err(), "{member}");
        }
    }

    /// RFC 9700 §4.15: the subject of a client's own token is its `client_id`; none can be the id of a person.
    async fn a_client_cannot_be_named_like_a_person(world: World) {
        let provider = Provider::new(world).await;
        let (fred, ctx) = (provider.user(FRED).await, provider.world.ctx_of(PrincipalId::Console));
        let organisation = Some(provider.organisation("Bank A").await);
        let simple = fred.0.simple().to_string();
        for (client_id, good) in [(fred.to_string(), false), (simple.to_uppercase(), false), (simple, false), ("personnel".to_owned(), true)] {
            let grant_types = vec!["client_credentials".to_owned()];
            let settings = ClientSettings { grant_types, scopes: vec!["scim".to_owned()], ..ClientSettings::default() };
            let details = ClientDetails { client_id, name: "Personnel".to_owned(), kind: ClientKind::Machine, environment: None, organisation, settings };
            let made: Result<(), ClientError> = transact!(provider.world.db, tx => {
                let permit = provider.oidc.app.door.authorise(tx, &ctx, ManageClient { client: None }).await.unwrap();
                manage::create(tx, permit, details.clone(), &ctx).await.map(drop)
            });
            assert_eq!(made.is_ok(), good, "{details:?}");
            assert!(good || matches!(made, Err(ClientError::InvalidId)));
        }
    }

    /// OA-53: ten thousand scopes or a megabyte are refused at every endpoint without being looked at.
    async fn oa_53_ten_thousand_scopes_are_refused(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let scopes = (0..10_000).map(|n| format!("s{n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(provider.get(&browser, &imas.authorize(&[("scope", &scopes)])).await.status, StatusCode::BAD_REQUEST);
        let posted = provider.post("/oauth2/token", Some(&imas.basic()), &[("grant_type", "client_credentials"), ("scope", &scopes)]).await;
        assert_eq!(posted.error(), "invalid_request");
        let megabyte = "a".repeat(1 << 20);
        for path in ["/oauth2/authorize", "/oauth2/token", "/oauth2/logout", "/oauth2/userinfo"] {
            let answer = provider.post(path, None, &[("access_token", &megabyte)]).await;
            assert!(matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED), "{path}: {}", answer.status);
        }
    }

    /// OA-58: whoever comes after with the same address is somebody else: another `sub`, none of the old tokens, no groups.
    async fn oa_58_an_identifier_is_never_given_again(world: World) {
        let provider = Provider::new(world).await;
        let (casper, browser) = (provider.relying_party("casper-pre"), provider.signed_in(FRED).await);
        let before = provider.tokens(&casper, &browser).await;
        let old = provider.user(FRED).await;
        remove(&provider, FRED).await;
        let ctx = provider.world.ctx_of(PrincipalId::Console);
        let organisation = provider.organisation("Bank A").await;
        let made: db::Result<chamberlain::kernel::ids::UserId> = transact!(provider.world.db, tx => {
            let permit = provider.oidc.app.door.authorise(tx, &ctx, CreateUser { organisation }).await.unwrap();
            let mut new = newcomer("Fred Perry");
            new.email = Some(FRED.parse().unwrap());
            Ok(user::create::create(tx, permit, new, &ctx).await.unwrap().id)
        });
        let new = made.unwrap();
        assert_ne!(new, old);
        assert_eq!(provider.user(FRED).await, new);
        let now = provider.world.clock.now();
        provider.change_user(new, |user| user.activated_at = Some(now)).await;
        assert_eq!(provider.userinfo(&text(&before, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.refresh(&casper, &text(&before, "refresh_token")).await.error(), "invalid_grant");
        let page = provider.get(&provider.signed_in(FRED).await, &casper.authorize(&[])).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "the groups went with the person");
        assert_eq!(claims(&before["id_token"])["sub"], json!(old));
    }

    /// SE-13: pages of foreign origins and of none read no answer; those of registered ones do, errors and preflights too.
    async fn se_13_only_registered_origins_read_answers(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.cors_origins = vec!["https://spa.example".to_owned()]).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let access = text(&provider.tokens(&imas, &browser).await, "access_token");
        let ask = async |method: &str, path: &str, origin: &str, authorization: &str, body: &str| {
            let mut request = Request::builder().method(method).uri(path).header(header::ORIGIN, origin);
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if !authorization.is_empty() {
                request = request.header(header::AUTHORIZATION, authorization);
            }
            provider.send(request.body(Body::from(body.to_owned())).unwrap()).await
        };
        let bearer = format!("Bearer {access}");
        for (method, path, authorization, body) in [
            ("OPTIONS", "/oauth2/token", "", ""), ("OPTIONS", "/oauth2/userinfo", "", ""),
            ("POST", "/oauth2/token", imas.basic().as_str(), "grant_type=refresh_token&refresh_token=x"), ("POST", "/oauth2/token", "", "x=y"),
            ("GET", "/oauth2/userinfo", &bearer, ""), ("GET", "/oauth2/userinfo", "Bearer x", ""),
        ] {
            let answer = ask(method, path, "https://spa.example", authorization, body).await;
            assert_eq!(answer.header("access-control-allow-origin"), "https://spa.example", "{method} {path}");
            for origin in ["null", "https://evil.example", "https://spa.example.evil.example", "http://spa.example", "https://spa.example:444", "*"] {
                let answer = ask(method, path, origin, authorization, body).await;
                let cors: Vec<_> = answer.headers.keys().filter(|name| name.as_str().starts_with("access-control")).collect();
                assert!(cors.is_empty() && answer.header("vary") == "Origin", "{method} {path} {origin}: {cors:?}");
            }
            assert!(answer.headers.get("access-control-allow-credentials").is_none());
        }
        // A registered origin of one client reads nothing of another's.
        let casper = provider.relying_party("casper");
        let other = ask("POST", "/oauth2/token", "https://spa.example", &casper.basic(), "grant_type=refresh_token&refresh_token=x").await;
        assert_eq!(other.header("access-control-allow-origin"), "");
        provider.reconfigure("imas", |client| client.active = false).await;
        assert_eq!(ask("OPTIONS", "/oauth2/token", "https://spa.example", "", "").await.header("access-control-allow-origin"), "");
    }

    /// RFC 6750 §3: every refusal of `UserInfo` names its scheme; the token comes in the header or in a form, once.
    async fn userinfo_refuses_by_the_bearer_scheme(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let access = text(&provider.tokens(&imas, &browser).await, "access_token");
        let bearer = format!("Bearer {access}");
        let none = provider.plain_get("/oauth2/userinfo").await;
        assert_eq!((none.status, none.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
        let twice = provider.post("/oauth2/userinfo", Some(&bearer), &[("access_token", &access)]).await;
        assert_eq!((twice.status, twice.header("www-authenticate")), (StatusCode::BAD_REQUEST, r#"Bearer error="invalid_request""#));
        assert_eq!(provider.post("/oauth2/userinfo", Some(&bearer), &[]).await.json()["sub"], json!(provider.user(FRED).await));
        let no_openid = provider.get(&browser, &imas.authorize(&[("scope", "email")])).await.param("code").unwrap();
        let tokens = provider.redeem(&imas, &no_openid).await.json();
        assert!(tokens.get("id_token").is_none());
        let refused = provider.userinfo(&text(&tokens, "access_token")).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope", scope="openid""#));
        provider.world.clock.advance(Duration::from_mins(5));
        let late = provider.userinfo(&access).await;
        assert_eq!((late.status, late.header("www-authenticate")), (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#));
        assert_eq!(late.header("cache-control"), "no-store");
    }

    /// `delegation.md` §5: an ID token carries 200 groups; with more it says where they are. `UserInfo` gives all, sorted; a
    /// person with none in an application that asks for none has an empty list.
    async fn groups_are_sorted_complete_and_never_missing(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (more, inline) in [(199, true), (1, false)] {
            provider.join_groups(FRED, "IMAS", more).await;
            let tokens = provider.tokens(&imas, &browser).await;
            let id = claims(&tokens["id_token"]);
            assert_eq!(id["groups"].as_array().map(Vec::len), inline.then_some(200));
            let told = provider.userinfo(&text(&tokens, "access_token")).await.json()["groups"].clone();
            let mut sorted: Vec<_> = told.as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
            sorted.sort_unstable();
            assert_eq!((told, sorted.len()), (json!(sorted), if inline { 200 } else { 201 }));
            if !inline {
                assert_eq!(id["_claim_names"], json!({"groups": "userinfo"}));
                assert_eq!(id["_claim_sources"]["userinfo"]["endpoint"], format!("{ISSUER}/oauth2/userinfo"));
            }
            // Even the largest comes back as a hint.
            let hint = text(&tokens, "id_token");
            let pairs = form(&[("id_token_hint", &hint), ("post_logout_redirect_uri", "http://127.0.0.1:4001/")]);
            assert!(provider.get(&browser, &format!("/oauth2/logout?{pairs}")).await.location().starts_with("/logout?continue="));
        }
        provider.open_to_everybody("imas").await;
        let nina = provider.signed_in("nina.petit@bank-a.example").await;
        let tokens = provider.tokens(&imas, &nina).await;
        assert_eq!(claims(&tokens["id_token"])["groups"], json!([]));
        assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.json()["groups"], json!([]));
    }
}

async fn remove(provider: &Provider, email: &str) {
    let (user, ctx) = (provider.user(email).await, provider.world.ctx_of(PrincipalId::Console));
    let done: db::Result<()> = transact!(provider.world.db, tx => {
        let permit = provider.oidc.app.door.authorise(tx, &ctx, DeleteUser { user }).await.unwrap();
        let guard = Guard { roles: provider.oidc.app.door.roles(), reason: Some("left") };
        user::delete::delete(tx, permit, None, guard, &ctx).await.unwrap();
        Ok(())
    });
    done.unwrap();
}
