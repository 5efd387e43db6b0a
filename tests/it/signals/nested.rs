//! A group goes into another one with one row, however many are in it: whom it concerns is worked out afterwards, some at a time.

use chamberlain::db::transact;
use chamberlain::directory::{application, group};
use chamberlain::kernel::ids::{SessionId, UserId};
use chamberlain::on;
use chamberlain::sessions::store as sessions;

use crate::support::relying_party::Provider;
use crate::support::told::Telling;
use crate::support::{Modules, Nested, World};

const FRED: &str = "fred.perry@bank-a.example";

/// More than two batches of the job.
const BROWSERS: usize = 230;

/// A session in another browser, at the clients that the first was used for.
const COPY: &str = "INSERT INTO sessions (id, digest, user_id, user_epoch, auth_time, second_factor_at, amr, acr, user_agent, created_at,
    last_seen_at, idle_expires_at, expires_at) SELECT $1, $2, user_id, user_epoch, auth_time, second_factor_at, amr, acr, user_agent, created_at,
    last_seen_at, idle_expires_at, expires_at FROM sessions WHERE id = $3";
const COPY_CLIENTS: &str = "INSERT INTO session_clients (session_id, client_id, first_used_at, last_used_at)
    SELECT $1, client_id, first_used_at, last_used_at FROM session_clients WHERE session_id = $2";

async fn sign_in_elsewhere(provider: &Provider, user: UserId, browsers: usize) {
    let world = &provider.world;
    let signed_in = sessions::list(&mut world.db.reader().await.unwrap(), user, world.clock.now()).await.unwrap();
    let first = signed_in[0].id;
    let done: chamberlain::db::Result<()> = transact!(world.db, tx => {
        for _ in 0..browsers {
            let id = SessionId(world.entropy.uuid(world.clock.now()));
            let digest = id.0.as_bytes().repeat(2);
            on!(tx, c => sqlx::query(COPY).bind(id).bind(digest.clone()).bind(first).execute(c).await.map(drop))?;
            on!(tx, c => sqlx::query(COPY_CLIENTS).bind(id).bind(first).execute(c).await.map(drop))?;
        }
        Ok(())
    });
    done.unwrap();
}

async fn changes(world: &World) -> i64 {
    let tx = &mut world.db.reader().await.unwrap();
    let count: chamberlain::db::Result<i64> =
        async { Ok(on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM signal_changes").fetch_one(c).await)?) }.await;
    count.unwrap()
}

on_both! {
    /// E60, E90, D13: one change is written down when a group goes in or out, and every session of its members is looked at because of it.
    async fn e60_a_nesting_is_one_change_and_reaches_every_session_of_the_group(world: World) {
        let telling = Telling::new(world).await;
        telling.tells("imas").await;
        let provider = &telling.provider;
        let browser = provider.signed_in(FRED).await;
        provider.tokens(&provider.relying_party("imas"), &browser).await;
        let fred = provider.user(FRED).await;
        sign_in_elsewhere(provider, fred, BROWSERS).await;
        let nested = Nested::of(&provider.world, &provider.oidc.app.door);
        let inner = group::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS_PORTAL_USER").await.unwrap().unwrap().id;
        let outer = nested.beside(inner, "IMAS_READERS", false).await;
        assert!(telling.told().await.is_empty());
        // From now on nobody of the bank may enter, of which no application is told before something concerns it.
        let imas = application::store::find_by_code(&mut provider.world.db.reader().await.unwrap(), "IMAS").await.unwrap().unwrap().id;
        Modules::of(&provider.world, &provider.oidc.app.door).ask(imas).await;
        assert_eq!(changes(&provider.world).await, 0);
        nested.nest(outer, inner).await.unwrap();
        assert_eq!(changes(&provider.world).await, 1, "one for all members");
        assert_eq!(telling.queue().await, BROWSERS + 1);
        nested.unnest(outer, inner).await.unwrap();
        assert_eq!((changes(&provider.world).await, telling.queue().await), (1, 0), "nobody is signed in there any more");
    }
}
