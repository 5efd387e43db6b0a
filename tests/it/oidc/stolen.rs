//! Secrets at rest, and the audit trail (CR-01, CR-02, CR-04, CR-09, CR-10).

use chamberlain::audit::chain;
use chamberlain::audit::checkpoint::Checkpoint;
use chamberlain::db::{self, Db, Engine, transact};
use chamberlain::factors::{Factors, password_store};
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::secret::Token;
use chamberlain::tokens::{Kek, KeyError, Keys, Rotation};
use sqlx::AssertSqlSafe;

use crate::support::relying_party::{Provider, rotate_keys};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";

/// Runs SQL of a thief or a saboteur.
async fn execute(db: &Db, sql: &str) {
    let done: db::Result<()> = transact!(*db, tx => {
        let sql = AssertSqlSafe(sql.to_owned());
        match tx {
            db::Tx::Sqlite(inner) => sqlx::raw_sql(sql).execute(inner.connection()).await.map(drop),
            db::Tx::Postgres(inner) => sqlx::raw_sql(sql).execute(inner.connection()).await.map(drop),
        }
        .map_err(db::Error::from)
    });
    done.unwrap();
}

/// Every row of every table, as text; octets in hexadecimal.
async fn dump(db: &Db) -> String {
    state(db, &[]).await.into_values().flatten().collect::<Vec<_>>().join("\n").to_lowercase()
}

fn hex(text: &str) -> String {
    text.bytes()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

on_both! {
    /// CR-01: whoever reads the whole database finds no password, session, code, token or client secret, and no private key.
    async fn cr_01_a_stolen_database_holds_no_secret_in_clear(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, fred) = (provider.relying_party("imas"), provider.signed_in(FRED).await, provider.user(FRED).await);
        let (db, now) = (&provider.world.db, provider.world.clock.now());
        let password = "three grey herons at dusk";
        let hasher = Factors::default().hasher;
        let hash = hasher.hash(hasher.reserve().await.unwrap(), password, provider.world.entropy.bytes()).await.unwrap();
        let saved: db::Result<()> = transact!(*db, tx => password_store::save(tx, fred, &hash, now).await);
        saved.unwrap();
        let used = provider.code(&imas, &browser).await;
        let tokens = provider.redeem(&imas, &used).await.json();
        let unused = provider.code(&imas, &browser).await;
        let waiting = provider.get(&provider.browser(), &imas.authorize(&[])).await.param("continue").unwrap();
        let all = dump(db).await;
        assert!(all.contains(FRED) && all.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "the dump is not one");
        let session = browser.session.as_ref().map(Token::reveal).unwrap();
        let refresh = tokens["refresh_token"].as_str().unwrap();
        for (what, secret) in [
            ("password", password), ("used code", &used), ("code", &unused), ("refresh token", refresh), ("session", session),
            ("browser", browser.browser.reveal()), ("waiting request", &waiting), ("client secret", &imas.secret),
            ("access token", tokens["access_token"].as_str().unwrap()), ("private key", "\"d\":"),
        ] {
            assert!(!all.contains(&secret.to_lowercase()) && !all.contains(&hex(secret)), "{what}");
        }
    }

    /// CR-02, CR-03: sealed values moved to another row do not open, and the server does not start on them.
    async fn cr_02_exchanged_ciphertexts_do_not_open(world: World) {
        let kek = Kek::generate(&Entropy::seeded(1));
        let keys = Keys::open(&world.db, kek.clone(), &world.ctx()).await.unwrap();
        rotate_keys(&world, &keys, Rotation::Staged).await;
        assert!(Keys::open(&world.db, kek.clone(), &world.ctx()).await.is_ok());
        let exchange = "UPDATE signing_keys SET sealed = (SELECT o.sealed FROM signing_keys o WHERE o.id <> signing_keys.id)";
        execute(&world.db, exchange).await;
        assert!(matches!(Keys::open(&world.db, kek, &world.ctx()).await, Err(KeyError::WrongKek)));
    }

    /// CR-09: whatever is done to a sealed line, the chain tells; that the chain was recomputed or cut, a checkpoint tells.
    async fn cr_09_whatever_is_done_to_the_log_is_found(world: World) {
        let provider = Provider::new(world).await;
        let db = &provider.world.db;
        while chain::seal(db).await.unwrap() > 0 {}
        let sign = |bytes: &[u8]| provider.oidc.tokens.keys.kek().derive("audit checkpoint", bytes);
        let verify = async || chain::verify(&mut db.reader().await.unwrap()).await.unwrap();
        let intact = verify().await;
        let last = intact.sealed;
        assert!(intact.broken_at.is_none() && last > 40);
        let taken = Checkpoint::take(&mut db.reader().await.unwrap(), provider.world.clock.now()).await.unwrap().unwrap();
        let kept = Checkpoint::parse(&taken.to_text(sign), sign).unwrap();
        let agrees = async || kept.agrees(&mut db.reader().await.unwrap()).await.unwrap();
        assert!(agrees().await);
        let copy = "CREATE TABLE kept AS SELECT * FROM audit_events; CREATE TABLE kept_chain AS SELECT * FROM audit_chain";
        let restore = "DELETE FROM audit_events; INSERT INTO audit_events SELECT * FROM kept;
            DELETE FROM audit_chain; INSERT INTO audit_chain SELECT * FROM kept_chain";
        execute(db, copy).await;
        for (what, harm) in [
            ("edited", "UPDATE audit_events SET request_id = 'x' WHERE sequence = 20".to_owned()),
            ("edited time", "UPDATE audit_events SET at = at + 1 WHERE sequence = 20".to_owned()),
            ("removed", "DELETE FROM audit_events WHERE sequence = 20".to_owned()),
            ("removed and closed up", "DELETE FROM audit_events WHERE sequence = 20; UPDATE audit_events SET sequence = -sequence WHERE sequence > 20;
                UPDATE audit_events SET sequence = -sequence - 1 WHERE sequence < 0".to_owned()),
            ("re-ordered", "UPDATE audit_events SET sequence = -1 WHERE sequence = 20; UPDATE audit_events SET sequence = 20 WHERE sequence = 21;
                UPDATE audit_events SET sequence = 21 WHERE sequence = -1".to_owned()),
            ("tail cut", format!("DELETE FROM audit_events WHERE sequence = {last}")),
        ] {
            execute(db, &harm).await;
            assert!(verify().await.broken_at.is_some(), "{what}");
            execute(db, restore).await;
            assert!(verify().await.broken_at.is_none());
        }
        // A tail cut together with the head of the chain, and a chain sealed anew over a changed line, are chains in themselves.
        execute(db, &format!("DELETE FROM audit_events WHERE sequence = {last}; UPDATE audit_chain SET sequence = {last} - 1,
            chain = (SELECT chain FROM audit_events WHERE sequence = {last} - 1)")).await;
        assert!(verify().await.broken_at.is_none() && !agrees().await);
        execute(db, restore).await;
        execute(db, "UPDATE audit_events SET request_id = 'x' WHERE sequence = 20; UPDATE audit_events SET sequence = NULL, chain = NULL;
            DELETE FROM audit_chain").await;
        while chain::seal(db).await.unwrap() > 0 {}
        assert!(verify().await.broken_at.is_none() && !agrees().await);
        // And the checkpoint itself cannot be made without the key.
        let forged = taken.to_text(|bytes| Kek::generate(&Entropy::seeded(9)).derive("audit checkpoint", bytes));
        assert!(Checkpoint::parse(&forged, sign).is_none());
    }

    /// CR-10: where the log cannot be written nothing is done: the code is not used up, and works once the log is writable.
    async fn cr_10_what_cannot_be_recorded_is_not_done(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let (stop, go_on) = match provider.world.db.engine() {
            Engine::Sqlite => ("CREATE TRIGGER full BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'full'); END", "DROP TRIGGER full"),
            Engine::Postgres => ("ALTER TABLE audit_events ADD CONSTRAINT no_more CHECK (false) NOT VALID", "ALTER TABLE audit_events DROP CONSTRAINT no_more"),
        };
        execute(&provider.world.db, stop).await;
        let refused = provider.redeem(&imas, &code).await;
        assert_eq!((refused.status.as_u16(), refused.error()), (500, "server_error".to_owned()));
        assert!(!refused.body.contains("full") && !refused.body.contains("no_more"));
        execute(&provider.world.db, go_on).await;
        assert_eq!(provider.redeem(&imas, &code).await.status.as_u16(), 200);
    }

    /// CR-08: what is handed out has 256 bits, and no two generators agree.
    async fn cr_08_secrets_are_long_and_never_alike(world: World) {
        drop(world);
        let (one, two) = (Entropy::system(), Entropy::system());
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..1_000 {
            for entropy in [&one, &two] {
                let secret = Token::generate(entropy);
                assert_eq!(secret.reveal().len(), 43);
                assert!(seen.insert(secret.reveal().to_owned()));
            }
        }
    }
}
