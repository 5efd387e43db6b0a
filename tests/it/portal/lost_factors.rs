//! Somebody has lost their apps and passkeys, or somebody else has them: who looks after the account takes them away (D15).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::audit::{self, Kind};
use chamberlain::db::{self, transact};
use chamberlain::directory::user;
use chamberlain::factors::authenticator::bring::{App, keep};
use chamberlain::factors::remembered::{self, Place};
use chamberlain::factors::vault::Vault;
use chamberlain::factors::{Factors, own_store, recovery_code};
use chamberlain::kernel::ids::{AuthenticatorId, UserId};
use chamberlain::kernel::seal::Kek;
use chamberlain::kernel::secret::Digest;
use chamberlain::kernel::time::Timestamp;

use super::{pages, town::Town};

/// Gives somebody an app and two recovery codes.
async fn give(town: &Town, user: UserId) {
    let ctx = town.world.ctx();
    let vault = Vault::new(&Kek::generate(&ctx.entropy));
    let app = App::new("Old phone".to_owned(), &[7; 20], &vault, &ctx.entropy, AuthenticatorId(ctx.uuid())).unwrap();
    let codes = [Digest::of(b"one"), Digest::of(b"two")];
    let done: db::Result<()> = transact!(town.world.db, tx => {
        keep(tx, vec![(user, app.clone())], &ctx).await?;
        recovery_code::store::insert_all(tx, user, &codes, ctx.now).await
    });
    done.unwrap();
}

async fn left(town: &Town, user: UserId) -> (i64, u32) {
    let tx = &mut town.world.db.reader().await.unwrap();
    (own_store::count_ways(tx, user).await.unwrap(), recovery_code::store::count(tx, user).await.unwrap().0)
}

on_both! {
    /// D15, AU-26: everything of it is gone and signed out, its owner is told, and the password and the phone stay as they are.
    async fn who_looks_after_an_account_takes_lost_ways_to_sign_in_away(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let path = format!("/admin/users/{fred}/factors");
        let mut anna = town.signed_in(dua).await;
        assert!(!anna.get(&format!("/admin/users/{fred}")).await.text.contains("Take away ways"), "there is nothing");
        give(&town, fred).await;
        let mut his = town.signed_in(fred).await;
        assert!(anna.get(&format!("/admin/users/{fred}")).await.has(&format!("a[href='{path}']")));
        let asked = anna.get(&path).await;
        pages::check(&asked);
        assert!(asked.text.contains("One app or passkey, and all recovery codes") && asked.text.contains("a code to their phone"));
        let without = anna.submit(&asked.form(&path)).await;
        assert!(without.text.contains("reason") && left(&town, fred).await == (1, 2), "a reason is needed");

        let answer = anna.submit_and_follow(&asked.form(&path).set("reason", "His phone was stolen")).await;
        assert!(answer.text.contains("have been taken away"), "{}", answer.text);
        assert_eq!(left(&town, fred).await, (0, 0));
        assert_eq!(his.get("/").await.status, StatusCode::SEE_OTHER, "signed out");
        let mails = town.sent().await;
        assert!(mails.iter().any(|(to, text)| to == "fred@example.org" && text.contains("has taken away all authenticator apps")), "{mails:?}");
        let tx = &mut town.world.db.reader().await.unwrap();
        let lines = audit::store::list_of_subject(tx, fred.0, Timestamp(0), 50).await.unwrap();
        let line = lines.iter().find(|line| line.kind == Kind::FactorsTaken.as_str()).unwrap();
        assert_eq!(line.actor_id, Some(dua.0));
        assert!(line.details.contains("\"apps\":1") && line.details.contains("His phone was stolen"), "{}", line.details);
        // Nothing is left to take.
        assert_eq!(anna.submit(&asked.form(&path).set("reason", "Again")).await.status, StatusCode::CONFLICT);
    }

    /// AU-28, ADR 0019: a stolen browser that is asked for no code is something to take away, too, where there is nothing else.
    async fn a_remembered_browser_is_taken_away_where_there_is_nothing_else(world: World) {
        let town = Town::build(world).await;
        let (dua, _, fred) = town.staff().await;
        let (ctx, mut factors) = (town.world.ctx(), Factors::default());
        factors.remember_for = Duration::from_hours(24);
        let done: db::Result<()> = transact!(town.world.db, tx => {
            let user = user::store::find(tx, fred).await?.unwrap();
            let place = Place { browser: &Digest::of(b"his"), user_agent: "Firefox", previous: None };
            remembered::remember(tx, &factors, (&user, place), &ctx).await.map(drop)
        });
        done.unwrap();
        let path = format!("/admin/users/{fred}/factors");
        let mut anna = town.signed_in(dua).await;
        assert!(anna.get(&format!("/admin/users/{fred}")).await.has(&format!("a[href='{path}']")));
        let asked = anna.get(&path).await;
        assert!(asked.text.contains("no browser is remembered any more"), "{}", asked.text);
        let answer = anna.submit_and_follow(&asked.form(&path).set("reason", "His laptop was stolen")).await;
        assert!(answer.text.contains("have been taken away"), "{}", answer.text);
        assert!(remembered::store::list(&mut town.world.db.reader().await.unwrap(), fred).await.unwrap().is_empty());
        assert!(!anna.get(&format!("/admin/users/{fred}")).await.text.contains("Take away ways"));
    }

    /// DA-19: not by whoever does not look after the account, nor by its owner through this door.
    async fn nobody_else_takes_ways_to_sign_in_away(world: World) {
        let town = Town::build(world).await;
        let (dua, daa, fred) = town.staff().await;
        let stranger = town.person("Sam", "Else", town.bank_a).await;
        for whom in [fred, stranger] {
            give(&town, whom).await;
        }
        let form = |path: &str| {
            axum::http::Request::post(path).header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin").body(axum::body::Body::from("reason=x")).unwrap()
        };
        for (who, whom) in [(dua, stranger), (daa, fred), (fred, fred), (stranger, fred)] {
            let path = format!("/admin/users/{whom}/factors");
            let mut browser = town.signed_in(who).await;
            assert_ne!(browser.get(&path).await.status, StatusCode::OK, "{who} {whom}");
            let answer = browser.send(form(&path), &path).await;
            assert!(answer.status.is_client_error(), "{who} {whom}: {}", answer.status);
        }
        assert_eq!((left(&town, fred).await, left(&town, stranger).await), ((1, 2), (1, 2)));
    }
}
