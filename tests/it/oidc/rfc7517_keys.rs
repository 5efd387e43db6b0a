//! The keys: published, rotated, sealed (CR-01 to CR-04).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::kernel::random::Entropy;
use chamberlain::tokens::signing_key::Algorithm;
use chamberlain::tokens::{Kek, KeyError, Keys, Rotation};

use crate::support::relying_party::Provider;

const FRED: &str = "fred.perry@bank-a.example";

async fn kids(provider: &Provider) -> Vec<String> {
    let jwks = provider.plain_get("/oauth2/jwks").await.json();
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    /// RFC 7517 §4, §9.2: public halves only, each with its name.
    async fn the_key_set_holds_no_private_member(world: World) {
        let provider = Provider::new(world).await;
        let ctx = provider.world.ctx();
        provider.oidc.tokens.keys.ensure(&provider.world.db, Algorithm::Rs256, &ctx).await.unwrap();
        let jwks = provider.plain_get("/oauth2/jwks").await.json();
        let keys = jwks["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2);
        for key in keys {
            for member in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
                assert!(key.get(member).is_none());
            }
            assert!(key["kid"].is_string() && key["use"] == "sig");
        }
    }

    /// RFC 7591 §2 `id_token_signed_response_alg`: RS256 for the client that asks for it.
    async fn a_client_that_asks_for_rs256_gets_it_at_once(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| "RS256".clone_into(&mut settings.id_token_signed_response_alg)).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        assert!(tokens["id_token"].as_str().unwrap().starts_with("eyJhbGciOiJSUzI1NiIs"));
        assert_eq!(kids(&provider).await.len(), 2);
    }

    /// CR-04: of two nodes that start together, of which one has a clock that is behind, one makes the first key.
    async fn one_first_key_is_enough_for_all_nodes(world: World) {
        let (kek, behind) = (Kek::generate(&Entropy::seeded(1)), world.ctx());
        world.clock.advance(Duration::from_secs(2));
        let one = Keys::open(&world.db, kek.clone(), &world.ctx()).await.unwrap();
        let (before, other) = (one.list(&world.db).await.unwrap().len(), Keys::open(&world.db, kek, &behind).await.unwrap());
        other.ensure(&world.db, Algorithm::Es256, &behind).await.unwrap();
        assert_eq!(one.list(&world.db).await.unwrap().len(), before);
    }

    async fn cr_03_the_wrong_key_encryption_key_is_refused_and_nothing_is_made_anew(world: World) {
        let kek = Kek::generate(&Entropy::seeded(1));
        let first = Keys::open(&world.db, kek.clone(), &world.ctx()).await.unwrap();
        let before = first.list(&world.db).await.unwrap().len();
        let refused = Keys::open(&world.db, Kek::generate(&Entropy::seeded(2)), &world.ctx()).await;
        assert!(matches!(refused, Err(KeyError::WrongKek)));
        assert_eq!(Keys::open(&world.db, kek, &world.ctx()).await.unwrap().list(&world.db).await.unwrap().len(), before);
    }

    async fn cr_01_private_keys_are_not_readable_in_the_database(world: World) {
        let keys = Keys::open(&world.db, Kek::generate(&world.entropy), &world.ctx()).await.unwrap();
        for key in keys.list(&world.db).await.unwrap() {
            let text = String::from_utf8_lossy(&key.sealed).into_owned();
            assert!(!text.contains("kty") && !text.contains("\"d\""));
        }
    }

    async fn cr_04_a_next_key_is_published_a_day_before_it_signs_and_the_old_one_stays_for_its_tokens(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (db, clock, keys) = (&provider.world.db, &provider.world.clock, &provider.oidc.tokens.keys);
        let old = kids(&provider).await;
        let next = provider.rotate_keys(Rotation::Staged).await;
        assert!(kids(&provider).await.contains(&next));
        // A client that asks as rarely as it may still knows the key before it signs.
        let cached = provider.plain_get("/oauth2/jwks").await.header("cache-control").to_owned();
        let longest: u64 = cached.split_once("max-age=").unwrap().1.parse().unwrap();
        assert!(longest < chamberlain::tokens::keys::PUBLISHED_BEFORE_USE.as_secs());
        let signer = async || keys.ring(db, clock.now()).await.unwrap().signer(Algorithm::Es256, clock.now()).unwrap().kid.clone();
        assert_eq!(vec![signer().await], old);
        let tokens = provider.tokens(&imas, &browser).await;
        assert!(tokens["id_token"].is_string());
        clock.advance(Duration::from_hours(24));
        assert_eq!(signer().await, next);
        assert!(kids(&provider).await.contains(&old[0]));
        clock.advance(Duration::from_hours(25));
        assert_eq!(kids(&provider).await, vec![next]);
    }

    async fn cr_04_an_emergency_rotation_ends_every_token_at_once(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(provider.userinfo(access).await.status, StatusCode::OK);
        let next = provider.rotate_keys(Rotation::Emergency).await;
        assert_eq!(kids(&provider).await, vec![next]);
        let log = crate::support::state(&provider.world.db, &[]).await.remove("audit_events").unwrap();
        assert_eq!(["key.created", "key.retired"].map(|kind| log.iter().filter(|line| line.contains(kind)).count()), [2, 1]);
        assert_eq!(provider.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert!(provider.tokens(&imas, &browser).await["access_token"].is_string());
    }
}
