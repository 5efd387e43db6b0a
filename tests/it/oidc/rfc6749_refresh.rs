//! Refresh tokens (RFC 6749 §6, RFC 9700 §4.14), and access decided anew at each issue.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::oidc::Settings;
use chamberlain::sessions;
use chamberlain::transact;
use serde_json::Value;

use crate::support::relying_party::{Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

on_both! {
    /// OIDC Core §12.2: same `iss`, `sub`, `aud`, `auth_time`; newer `iat`; no nonce.
    async fn a_refresh_gives_a_new_pair_and_the_same_person(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = provider.tokens(&imas, &browser).await;
        provider.world.clock.advance(Duration::from_secs(100));
        let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
        assert_ne!(first["refresh_token"], second["refresh_token"]);
        let (old, new) = (claims(&first["id_token"]), claims(&second["id_token"]));
        for name in ["iss", "sub", "aud", "auth_time", "sid", "groups"] {
            assert_eq!(old[name], new[name], "{name}");
        }
        assert!(new["iat"].as_i64() > old["iat"].as_i64() && new.get("nonce").is_none());
    }

    /// OA-22, OA-24: all of it within one instant.
    async fn oa_22_and_oa_24_a_rotated_token_used_again_ends_the_family(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = provider.tokens(&imas, &browser).await;
        let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
        let third = provider.refresh(&imas, &text(&second, "refresh_token")).await.json();
        assert_eq!(provider.refresh(&imas, &text(&first, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(provider.refresh(&imas, &text(&third, "refresh_token")).await.error(), "invalid_grant");
        // OA-22: the person is told, once.
        let told = crate::support::state(&provider.world.db, &[]).await.remove("messages").unwrap();
        let told: Vec<_> = told.iter().filter(|message| message.contains("access_ended")).collect();
        assert!(told.len() == 1 && told[0].contains(FRED) && told[0].contains("IMAS"), "{told:?}");
        assert_eq!(provider.userinfo(&text(&third, "access_token")).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_23_one_refresh_token_used_by_16_at_once_gives_one_pair(world: World) {
        let provider = std::sync::Arc::new(Provider::new(world).await);
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let token = text(&provider.tokens(&imas, &browser).await, "refresh_token");
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (provider, imas, token) = (provider.clone(), imas.clone(), token.clone());
            tasks.spawn(async move { provider.refresh(&imas, &token).await });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    }

    /// `decisions.md` 23
    async fn within_the_grace_a_lost_answer_is_given_again_and_after_it_the_family_ends(world: World) {
        let provider = Provider::with(world, Settings { refresh_grace_seconds: 10, ..Settings::default() }).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let token = text(&provider.tokens(&imas, &browser).await, "refresh_token");
        let once = provider.refresh(&imas, &token).await.json();
        provider.world.clock.advance(Duration::from_secs(9));
        let again = provider.refresh(&imas, &token).await.json();
        assert_eq!(once["refresh_token"], again["refresh_token"]);
        provider.world.clock.advance(Duration::from_secs(1));
        assert_eq!(provider.refresh(&imas, &token).await.error(), "invalid_grant");
        assert_eq!(provider.refresh(&imas, &text(&again, "refresh_token")).await.error(), "invalid_grant");
    }

    /// `decisions.md` 23: a client may have a grace of its own, never longer than ten seconds.
    async fn a_client_may_have_a_grace_of_its_own(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (grace, after, works) in [(Some(5), 4, true), (Some(5), 5, false), (Some(60), 9, true), (Some(60), 10, false), (None, 0, false)] {
            provider.set("imas", |settings| settings.refresh_grace_seconds = grace).await;
            let token = text(&provider.tokens(&imas, &browser).await, "refresh_token");
            let once = provider.refresh(&imas, &token).await.json();
            provider.world.clock.advance(Duration::from_secs(after));
            let again = provider.refresh(&imas, &token).await;
            assert_eq!(again.status == StatusCode::OK, works, "{grace:?} {after}");
            if works {
                assert_eq!(again.json()["refresh_token"], once["refresh_token"], "the same successor");
            }
        }
    }

    /// OA-24: two rotations in one instant, and the older token again: not even within the grace is it one of the last two.
    async fn oa_24_the_order_of_rotations_does_not_hang_on_clocks(world: World) {
        let provider = Provider::with(world, Settings { refresh_grace_seconds: 10, ..Settings::default() }).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = text(&provider.tokens(&imas, &browser).await, "refresh_token");
        let second = text(&provider.refresh(&imas, &first).await.json(), "refresh_token");
        let third = provider.refresh(&imas, &second).await.json();
        assert_eq!(provider.refresh(&imas, &first).await.error(), "invalid_grant");
        assert_eq!(provider.refresh(&imas, &text(&third, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(provider.userinfo(&text(&third, "access_token")).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_26_signing_out_ends_what_was_given_in_the_session(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        let session = provider.sign_in(&mut browser, FRED).await;
        let tokens = provider.tokens(&imas, &browser).await;
        let ctx = provider.world.ctx_of(PrincipalId::Person(session.user));
        let ended: Result<(), sessions::end::EndError> =
            transact!(provider.world.db, tx => sessions::end::end(tx, session.user, session.id, &ctx).await);
        ended.unwrap();
        assert_eq!(provider.refresh(&imas, &text(&tokens, "refresh_token")).await.error(), "invalid_grant");
        assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_27_a_refresh_cannot_widen_its_scope(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let token = text(&provider.tokens(&imas, &browser).await, "refresh_token");
        let ask = async |scope: &str| {
            let pairs = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("scope", scope)];
            provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await
        };
        assert_eq!(ask("openid phone").await.error(), "invalid_scope");
        // Refused before the token was used up.
        assert_eq!(ask("openid").await.json()["scope"], "openid");
    }

    async fn oa_28_nothing_works_for_somebody_who_may_not_sign_in(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, fred) = (provider.relying_party("imas"), provider.signed_in(FRED).await, provider.user(FRED).await);
        let now = provider.world.clock.now();
        let changes: [fn(&mut chamberlain::directory::user::model::User, chamberlain::kernel::time::Timestamp); 3] =
            [|user, _| user.active = !user.active, |user, _| user.blocked = !user.blocked,
             |user, now| user.account_expires_at = if user.account_expires_at.is_some() { None } else { Some(now) }];
        for change in changes {
            let tokens = provider.tokens(&imas, &browser).await;
            let code = provider.code(&imas, &browser).await;
            provider.change_user(fred, |user| change(user, now)).await;
            assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
            assert_eq!(provider.refresh(&imas, &text(&tokens, "refresh_token")).await.error(), "invalid_grant");
            assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
            assert!(provider.get(&browser, &imas.authorize(&[])).await.location().starts_with("/login?continue="));
            provider.change_user(fred, |user| change(user, now)).await;
        }
    }

    /// OA-29, OA-57: by the code, the refresh, `UserInfo`, the session, with and without asking.
    async fn oa_29_and_oa_57_whoever_lost_the_group_gets_no_token_by_any_way(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, fred) = (provider.relying_party("imas"), provider.signed_in(FRED).await, provider.user(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let code = provider.code(&imas, &browser).await;
        let removed: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
            for held in chamberlain::directory::membership::store::list_of_user(tx, fred).await? {
                chamberlain::directory::membership::store::remove(tx, fred, held.group).await?;
            }
            Ok(())
        });
        removed.unwrap();
        assert_eq!(provider.redeem(&imas, &code).await.error(), "access_denied");
        assert_eq!(provider.refresh(&imas, &text(&tokens, "refresh_token")).await.error(), "access_denied");
        assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        let page = provider.get(&browser, &imas.authorize(&[])).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("Anna Berg") && page.body.contains("Bruno Costa"), "{}", page.body);
        assert!(!page.body.contains("Dora Roux") && !page.body.contains("Alma Novak") && !page.body.contains("Olga Meyer"));
        let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(silent.param("error").as_deref(), Some("access_denied"));
    }
}
