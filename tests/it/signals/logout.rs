//! OpenID Connect Back-Channel Logout 1.0: whatever ends a session or the access to an application is told there at once.

use std::time::Duration;

use chamberlain::authority::action::RemoveMembership;
use chamberlain::db::transact;
use chamberlain::directory::client::encryption::Encryption;
use chamberlain::directory::membership::access_store;
use chamberlain::directory::membership::assign;
use chamberlain::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};
use chamberlain::proofs::{ContentEncryption, Encrypted, KeyManagement};
use chamberlain::sessions::{end, store as sessions};
use chamberlain::signals::lapse::lapse;
use chamberlain::tokens::mint::Kind;
use josekit::jwe;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use serde_json::json;

use crate::support::relying_party::{Browser, ISSUER, Provider, claims};
use crate::support::told::{Arrived, Telling};
use crate::support::{Failure, Modules, World, failure};

const FRED: &str = "fred.perry@bank-a.example";

/// Fred is signed in at IMAS, which is told of sign-outs, and at CASPER, which is not; what his ID token says of the session.
async fn signed_in(world: World) -> (Telling, Browser, serde_json::Value) {
    let telling = Telling::new(world).await;
    telling.tells("imas").await;
    let provider = &telling.provider;
    let browser = provider.signed_in(FRED).await;
    let tokens = provider.tokens(&provider.relying_party("imas"), &browser).await;
    provider.tokens(&provider.relying_party("casper"), &browser).await;
    assert!(telling.told().await.is_empty(), "nothing has ended");
    let id = claims(&tokens["id_token"]);
    (telling, browser, id)
}

/// Exactly one logout token for IMAS arrives, about this session.
async fn assert_told(telling: &Telling, id: &serde_json::Value, cause: &str) {
    let told = telling.told().await;
    assert_eq!(told.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/imas/logout"], "{cause}");
    let token = telling.read(&told[0], Kind::LogoutToken).await;
    assert_eq!((&token["sub"], &token["sid"]), (&id["sub"], &id["sid"]), "{cause}");
    assert!(telling.told().await.is_empty(), "{cause}: once");
}

async fn sign_out(provider: &Provider, browser: &Browser) {
    let page = provider.get(browser, "/logout").await;
    let done = provider.submit(browser, &page, "/logout", &[]).await;
    assert!(done.ends_session(), "{}", done.body);
}

on_both! {
    /// E60, OA-35, OIDC Back-Channel Logout 1.0 §2.4, §2.5: a form with a signed token of a kind of its own, told to the application that
    /// asks for it and to no other; the page that asks says who is told.
    async fn whoever_signs_out_is_signed_out_of_the_applications(world: World) {
        let (telling, browser, id) = signed_in(world).await;
        let provider = &telling.provider;
        let page = provider.get(&browser, "/logout").await;
        assert!(page.shows("logout-told") && page.shows("logout-untold"), "{}", page.body);
        sign_out(provider, &browser).await;
        let told = telling.told().await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].path.as_str(), told[0].content_type.as_str()), ("/imas/logout", "application/x-www-form-urlencoded"));
        assert_eq!(told[0].header()["typ"], "logout+jwt");
        let token = telling.read(&told[0], Kind::LogoutToken).await;
        let now = provider.world.clock.now().as_seconds();
        assert_eq!((&token["iss"], &token["aud"], &token["sub"], &token["sid"]), (&json!(ISSUER), &json!("imas"), &id["sub"], &id["sid"]));
        assert_eq!((&token["iat"], &token["exp"]), (&json!(now), &json!(now + 120)));
        assert_eq!(token["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
        assert!(token.get("nonce").is_none() && token["jti"].is_string());
        assert!(telling.told().await.is_empty(), "once");
    }

    /// OIDC Back-Channel Logout 1.0 §2.4: to an application whose ID tokens are encrypted the logout token is, too; as long as no key can be had
    /// for it nothing is told in clear, and it is tried again.
    async fn a_logout_token_is_encrypted_where_id_tokens_are(world: World) {
        let (telling, browser, id) = signed_in(world).await;
        let provider = &telling.provider;
        let pair = EcKeyPair::generate(EcCurve::P256).unwrap();
        let encryption = |enc| Encryption { id_token: Some(Encrypted { alg: KeyManagement::EcdhEs, enc }), ..Encryption::default() };
        provider.set("imas", |settings| settings.encryption = encryption(ContentEncryption::A256Gcm)).await;
        sign_out(provider, &browser).await;
        assert!(telling.told().await.is_empty(), "there is no key yet");
        let set = json!({"keys": [pair.to_jwk_public_key()]});
        provider.set("imas", |settings| settings.jwks = Some(set.clone())).await;
        provider.world.clock.advance(Duration::from_secs(5));
        let told = telling.send().await;
        assert_eq!(told.len(), 1, "{told:?}");
        let header = told[0].header();
        assert_eq!((&header["alg"], &header["enc"], &header["cty"], &header["iss"]), (&json!("ECDH-ES"), &json!("A256GCM"), &json!("JWT"), &json!(ISSUER)));
        let decrypter = jwe::ECDH_ES.decrypter_from_jwk(&pair.to_jwk_key_pair()).unwrap();
        let (opened, _) = jwe::deserialize_compact(told[0].token(), &decrypter).unwrap();
        let opened = Arrived { body: String::from_utf8(opened).unwrap(), ..told[0].clone() };
        let token = telling.read(&opened, Kind::LogoutToken).await;
        assert_eq!((&token["sub"], &token["sid"]), (&id["sub"], &id["sid"]));
    }

    /// SE-05, D7, D9, D12: an end of a session by the person elsewhere, a block, a deletion, the end of the account and of the
    /// organisation: each is told.
    async fn se_05_every_end_of_a_session_is_told(world: World) {
        let (telling, _browser, mut id) = signed_in(world).await;
        let provider = &telling.provider;
        let (db, clock, fred) = (&provider.world.db, &provider.world.clock, provider.user(FRED).await);
        for cause in ["ended elsewhere", "blocked", "switched off", "expired", "organisation", "deleted"] {
            match cause {
                "ended elsewhere" => {
                    let ctx = provider.world.ctx_of(PrincipalId::Person(fred));
                    let done: Result<u64, end::EndError> = transact!(*db, tx => end::end_all(tx, fred, &ctx).await);
                    assert_eq!(done.unwrap(), 1);
                }
                "blocked" => provider.change_user(fred, |user| user.blocked = true).await,
                "switched off" => provider.change_user(fred, |user| user.active = false).await,
                "expired" => {
                    let until = clock.now().plus(Duration::from_mins(1));
                    provider.change_user(fred, move |user| user.account_expires_at = Some(until)).await;
                    lapse(db, Duration::from_hours(24), clock.now()).await.unwrap();
                    assert!(telling.told().await.is_empty(), "not yet");
                    clock.advance(Duration::from_mins(1));
                    lapse(db, Duration::from_hours(24), clock.now()).await.unwrap();
                }
                "organisation" => close(provider, true).await,
                _ => provider.change_user(fred, |user| user.deleted_at = Some(user.created_at)).await,
            }
            assert_told(&telling, &id, cause).await;
            if cause == "deleted" {
                return;
            }
            provider.change_user(fred, |user| (user.blocked, user.active, user.account_expires_at) = (false, true, None)).await;
            if cause == "organisation" {
                close(provider, false).await;
            }
            telling.queue().await;
            let browser = provider.signed_in(FRED).await;
            let tokens = provider.tokens(&provider.relying_party("imas"), &browser).await;
            id = claims(&tokens["id_token"]);
        }
    }

    /// E60, D2: whoever loses the last group of an application that asks for one is signed out there, in the session that stays; the
    /// refresh tokens end; a group that is left changes nothing.
    async fn e60_the_loss_of_the_last_group_is_told_to_that_application_alone(world: World) {
        let (telling, browser, id) = signed_in(world).await;
        telling.tells("casper").await;
        let provider = &telling.provider;
        let tokens = provider.tokens(&provider.relying_party("imas"), &browser).await;
        let fred = provider.user(FRED).await;
        let held = access_store::list_held(&mut provider.world.db.reader().await.unwrap(), fred).await.unwrap();
        let of_imas: Vec<_> = held.iter().filter(|held| held.code.starts_with("IMAS")).collect();
        assert!(!of_imas.is_empty());
        for (left, held) in of_imas.iter().enumerate().rev() {
            let ctx = provider.world.ctx_of(PrincipalId::Console);
            let removed: Result<(), Failure> = transact!(provider.world.db, tx => {
                let permit = provider.oidc.app.door.authorise(tx, &ctx, RemoveMembership { user: fred, group: held.group }).await?;
                assign::remove(tx, permit, &ctx).await.map_err(failure)
            });
            removed.unwrap();
            if left > 0 {
                assert!(telling.told().await.is_empty(), "a group is left");
            }
        }
        assert_told(&telling, &id, "last group").await;
        assert_eq!(provider.refresh(&provider.relying_party("imas"), tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
        // CASPER, where a group is held still, is told when the session ends; IMAS, where nobody is signed in any more, is not.
        sign_out(provider, &browser).await;
        assert_eq!(telling.told().await.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/casper/logout"]);
    }

    /// D12: a membership with an end ends by the clock alone.
    async fn d12_a_membership_that_time_has_ended_is_told(world: World) {
        let (telling, _browser, id) = signed_in(world).await;
        let provider = &telling.provider;
        let (db, clock, fred) = (&provider.world.db, &provider.world.clock, provider.user(FRED).await);
        lapse(db, Duration::from_hours(24), clock.now()).await.unwrap();
        let until = clock.now().plus(Duration::from_mins(10));
        end_memberships(provider, fred, until).await;
        assert!(telling.told().await.is_empty(), "not yet");
        clock.advance(Duration::from_mins(10));
        lapse(db, Duration::from_hours(24), clock.now()).await.unwrap();
        assert_told(&telling, &id, "time").await;
        lapse(db, Duration::from_hours(24), clock.now()).await.unwrap();
        assert!(telling.told().await.is_empty(), "once");
    }

    /// D2, I76: an organisation that loses a module is signed out there; one whose module is suspended is not.
    async fn d2_the_loss_of_a_module_is_told(world: World) {
        let (telling, _browser, id) = signed_in(world).await;
        let provider = &telling.provider;
        let modules = Modules::of(&provider.world, &provider.oidc.app.door);
        let application = chamberlain::directory::application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        let at = (provider.organisation("Bank A").await, application);
        modules.ask(application).await;
        modules.grant(at).await.unwrap();
        modules.suspend(at).await.unwrap();
        assert!(telling.told().await.is_empty(), "what is under way can be finished");
        remove_module(provider, at).await;
        assert_told(&telling, &id, "module").await;
    }

    /// What is undone was never told: the change and the word about it are one transaction.
    async fn a_change_that_is_undone_is_not_told(world: World) {
        let (telling, _browser, _id) = signed_in(world).await;
        let provider = &telling.provider;
        let fred = provider.user(FRED).await;
        let ctx = provider.world.ctx_of(PrincipalId::Person(fred));
        let undone: Result<(), end::EndError> = transact!(provider.world.db, tx => {
            end::end_all(tx, fred, &ctx).await?;
            Err(end::EndError::NotFound)
        });
        assert!(undone.is_err());
        assert!(telling.told().await.is_empty());
        assert_eq!(sessions::list(&mut provider.world.db.reader().await.unwrap(), fred, ctx.now).await.unwrap().len(), 1);
    }
}

async fn close(provider: &Provider, closed: bool) {
    let organisation = provider.organisation("Bank A").await;
    Modules::of(&provider.world, &provider.oidc.app.door).close(organisation, closed).await.unwrap();
}

/// All memberships of somebody get an end, past the use cases.
async fn end_memberships(
    provider: &Provider,
    of: chamberlain::kernel::ids::UserId,
    until: chamberlain::kernel::time::Timestamp,
) {
    let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
        chamberlain::on!(tx, c => sqlx::query("UPDATE memberships SET until = $1 WHERE user_id = $2").bind(until).bind(of).execute(c).await.map(drop))?;
        Ok(())
    });
    done.unwrap();
}

/// A module access is gone, past the use cases: there is none that takes it away whole.
async fn remove_module(provider: &Provider, at: (OrganisationId, ApplicationId)) {
    let done: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
        chamberlain::on!(tx, c => sqlx::query("DELETE FROM module_accesses WHERE organisation_id = $1 AND application_id = $2")
            .bind(at.0).bind(at.1).execute(c).await.map(drop))?;
        Ok(())
    });
    done.unwrap();
}
