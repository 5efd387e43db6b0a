//! Two nodes on one database: what one changes binds the other within a second, and itself at once (`decisions.md` 4).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::authority::Refusal;
use chamberlain::authority::action::{CreateUser, ManageClient, RevokeRole};
use chamberlain::db;
use chamberlain::delegation;
use chamberlain::directory::client::{manage, store};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::secret::Token;
use chamberlain::sessions;
use chamberlain::tokens::Rotation;
use chamberlain::transact;

use crate::support::relying_party::{Provider, RelyingParty};

const FRED: &str = "fred.perry@bank-a.example";
const SECOND: Duration = Duration::from_secs(1);

/// What an operator does to a client at one node.
enum Step {
    Switch(bool),
    NewSecret,
}

async fn change(node: &Provider, client_id: &str, step: Step) -> Option<Token> {
    let ctx = node.world.ctx_of(PrincipalId::Console);
    let done: db::Result<Option<Token>> = transact!(node.world.db, tx => {
        let client = Some(store::find_by_client_id(tx, client_id).await?.unwrap().id);
        let permit = node.oidc.app.door.authorise(tx, &ctx, ManageClient { client }).await.unwrap();
        Ok(match step {
            Step::Switch(active) => manage::set_active(tx, permit, active, &ctx).await.map(|_| None).unwrap(),
            Step::NewSecret => Some(manage::rotate_secret(tx, permit, Duration::ZERO, &ctx).await.unwrap()),
        })
    });
    done.unwrap()
}

async fn may_create(node: &Provider, ctx: &Ctx) -> bool {
    let organisation = node.organisation("Bank A").await;
    let answer: Result<(), Refusal> = transact!(node.world.db, tx => {
        node.oidc.app.door.authorise(tx, ctx, CreateUser { organisation }).await.map(drop)
    });
    answer.is_ok()
}

on_both! {
    /// OA-51: a client that is switched off stops at its own node at once, and its tokens with it; at the other within a second.
    async fn a_client_switched_off_at_one_node_stops_at_both(world: World) {
        let one = Provider::new(world).await;
        let two = one.another_node().await;
        let (imas, browser) = (one.relying_party("imas"), one.signed_in(FRED).await);
        let tokens = two.tokens(&imas, &browser).await;
        let access = tokens["access_token"].as_str().unwrap();
        for node in [&one, &two] {
            assert_eq!(node.userinfo(access).await.status, StatusCode::OK);
        }
        change(&one, "imas", Step::Switch(false)).await;
        assert_eq!(one.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(one.get(&browser, &imas.authorize(&[])).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(one.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_client");
        one.world.clock.advance(SECOND);
        assert_eq!(two.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(two.get(&browser, &imas.authorize(&[])).await.status, StatusCode::BAD_REQUEST);
        change(&two, "imas", Step::Switch(true)).await;
        assert!(two.get(&browser, &imas.authorize(&[])).await.param("code").is_some());
    }

    async fn a_new_client_secret_binds_at_once_here_and_within_a_second_there(world: World) {
        let one = Provider::new(world).await;
        let two = one.another_node().await;
        let (old, browser) = (one.relying_party("imas"), one.signed_in(FRED).await);
        let token = two.tokens(&old, &browser).await["refresh_token"].as_str().unwrap().to_owned();
        let secret = change(&one, "imas", Step::NewSecret).await.unwrap();
        let new = RelyingParty { secret: secret.reveal().to_owned(), ..old.clone() };
        assert_eq!(one.refresh(&old, &token).await.error(), "invalid_client");
        let token = one.refresh(&new, &token).await.json()["refresh_token"].as_str().unwrap().to_owned();
        one.world.clock.advance(SECOND);
        assert_eq!(two.refresh(&old, &token).await.error(), "invalid_client");
        assert_eq!(two.refresh(&new, &token).await.status, StatusCode::OK);
    }

    /// I7, OA-26: sessions, families and accounts are read anew at each use: no node lets one in that another has ended.
    async fn what_is_ended_at_one_node_is_over_at_the_other_at_once(world: World) {
        let one = Provider::new(world).await;
        let two = one.another_node().await;
        let (imas, mut browser) = (one.relying_party("imas"), one.browser());
        let session = one.sign_in(&mut browser, FRED).await;
        let tokens = two.tokens(&imas, &browser).await;
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(two.userinfo(access).await.status, StatusCode::OK);
        let ctx = one.world.ctx_of(PrincipalId::Person(session.user));
        let ended: Result<(), sessions::end::EndError> =
            transact!(one.world.db, tx => sessions::end::end(tx, session.user, session.id, &ctx).await);
        ended.unwrap();
        assert_eq!(two.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(two.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
        assert!(two.get(&browser, &imas.authorize(&[])).await.location().starts_with("/login?"));
    }

    /// SD8, DA-31: a role revoked at one node allows no change anywhere any more, and no read there after a second.
    async fn a_role_revoked_at_one_node_allows_no_change_at_the_other(world: World) {
        let one = Provider::new(world).await;
        let two = one.another_node().await;
        let dora = one.user("dora.roux@bank-a.example").await;
        let ctx = || one.world.ctx_of(PrincipalId::Person(dora));
        assert!(may_create(&two, &ctx()).await);
        let reads = async |node: &Provider, ctx: &Ctx| {
            let authority = node.oidc.app.door.authority(&mut node.world.db.reader().await.unwrap(), ctx).await.unwrap();
            authority.live(ctx.now).next().is_some()
        };
        for node in [&one, &two] {
            assert!(reads(node, &ctx()).await);
        }
        let console = one.world.ctx_of(PrincipalId::Console);
        let revoked: db::Result<()> = transact!(one.world.db, tx => {
            for held in delegation::store::list_of(tx, PrincipalId::Person(dora)).await? {
                let permit = one.oidc.app.door.authorise(tx, &console, RevokeRole { assignment: held.id }).await.unwrap();
                delegation::revoke::revoke(tx, permit, one.oidc.app.door.roles(), Some("left"), &console).await.unwrap();
            }
            Ok(())
        });
        revoked.unwrap();
        assert!(!reads(&one, &ctx()).await, "at once at the node that made the change");
        assert!(!may_create(&two, &ctx()).await, "at once for changes");
        one.world.clock.advance(SECOND);
        assert!(!reads(&two, &ctx()).await, "within a second for reads");
    }

    /// CR-04: a key dropped at one node signs and vouches for nothing at the other after a second.
    async fn a_key_dropped_at_one_node_is_dropped_at_both(world: World) {
        let one = Provider::new(world).await;
        let two = one.another_node().await;
        let (imas, browser) = (one.relying_party("imas"), one.signed_in(FRED).await);
        let access = two.tokens(&imas, &browser).await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(two.userinfo(&access).await.status, StatusCode::OK);
        one.rotate_keys(Rotation::Emergency).await;
        assert_eq!(one.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
        one.world.clock.advance(SECOND);
        assert_eq!(two.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
        let fresh = two.tokens(&imas, &browser).await["access_token"].as_str().unwrap().to_owned();
        assert_eq!(one.userinfo(&fresh).await.status, StatusCode::OK);
    }

    /// OA-28: a service whose organisation is deactivated gets no token, and what it has stops.
    async fn oa_28_a_service_stops_with_its_organisation(world: World) {
        let provider = Provider::new(world).await;
        let service = provider.service(0);
        let ask = || provider.post("/oauth2/token", Some(service.0.as_str()), &[("grant_type", "client_credentials")]);
        let granted = ask().await;
        assert_eq!(granted.status, StatusCode::OK);
        let access = granted.json()["access_token"].as_str().unwrap().to_owned();
        let verified = async || provider.oidc.tokens.verify(&provider.world.db, &access, provider.world.clock.now()).await.is_ok();
        assert!(verified().await);
        provider.deactivate(&service.1).await;
        assert!(!verified().await);
        assert_eq!(ask().await.error(), "invalid_client");
    }
}
