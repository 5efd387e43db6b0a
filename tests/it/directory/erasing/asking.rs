//! Who may have somebody erased, and when not yet.

use std::time::Duration;

use chamberlain::authority::action::{DeleteUser, EraseUser, ReadUser};
use chamberlain::authority::{Applications, Reason, Scope};
use chamberlain::db::transact;
use chamberlain::directory::user::ending_store::{self, Ending};
use chamberlain::directory::user::erase::{self, EraseError};
use chamberlain::directory::user::error::UserError;
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::search::Search;
use chamberlain::directory::user::{delete, store};
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::signals::fan_out::fan_out;
use serde_json::json;
use uuid::Uuid;

use super::rows::{self, cells};
use crate::support::{Bank, Failure, failure, state};

async fn delete(bank: &Bank, by: PrincipalId, user: UserId) {
    let ctx = bank.world.ctx_of(by);
    let guard = Guard { roles: bank.door.roles(), reason: Some("leaves") };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
        delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
    });
    done.unwrap();
}

async fn erase(bank: &Bank, by: PrincipalId, user: UserId) -> Result<(), EraseError> {
    let ctx = bank.world.ctx_of(by);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, EraseUser { user }).await?;
        erase::erase(tx, permit, (Some("asked for it"), Duration::ZERO), &ctx).await
    })
}

async fn restore(bank: &Bank, user: UserId, days: u64) -> Result<(), UserError> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await.unwrap();
        delete::restore(tx, permit, Duration::from_hours(days * 24), &ctx).await.map(drop)
    })
}

async fn told(bank: &Bank) {
    fan_out(&bank.world.db, &bank.door, &bank.world.entropy, bank.world.clock.now()).await.unwrap();
}

on_both! {
    /// GDPR Art. 17, D13: what nobody can undo is the operator's, about somebody who was deleted; nobody is restored from nothing.
    async fn an_operator_erases_at_once_and_nobody_else(world: World) {
        let bank = Bank::found(world).await;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let admin = bank.user_admin(bank.bank_b, true, "Anna").await;
        bank.user_admin(bank.bank_b, true, "Adam").await;
        let user = bank.person(bank.germany, "Nora").await;
        assert!(matches!(erase(&bank, PrincipalId::Console, user).await, Err(EraseError::NotDeleted)));
        delete(&bank, PrincipalId::Person(admin), user).await;
        told(&bank).await;
        assert_eq!(bank.may(admin, EraseUser { user }).await, Err(Reason::NotPermitted));
        let outside = bank.user_admin(bank.bank_a, true, "Otto").await;
        assert_eq!(bank.may(outside, EraseUser { user }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(operator, EraseUser { user: operator }).await, Err(Reason::OwnAccount));
        let search = Search::everybody(Scope::Everywhere, None);
        let since = Ending::Deleted(bank.world.clock.now().minus(Duration::from_hours(24)));
        let page = async || {
            let tx = &mut bank.world.db.reader().await.unwrap();
            ending_store::page(tx, (&search, since), bank.world.clock.now(), (10, 0)).await.unwrap()
        };
        assert_eq!(page().await.1, 1);
        erase(&bank, PrincipalId::Person(operator), user).await.unwrap();
        assert_eq!(page().await, (Vec::new(), 0), "nobody is listed who cannot be restored");
        assert!(matches!(restore(&bank, user, 90).await, Err(UserError::NotRestorable)));
        assert!(matches!(erase(&bank, PrincipalId::Console, user).await, Err(EraseError::Erased)));
        assert_eq!(bank.may(operator, ReadUser { user }).await, Err(Reason::NotFound));
        let log = state(&bank.world.db, &[]).await.remove("audit_events").unwrap();
        let line = log.into_iter().find(|row| row.contains("user.erased")).unwrap();
        assert!(line.contains("asked for it"), "{line}");
    }

    /// RFC 7644 §3.6: an application that holds the person is told of the deletion first; one that cannot be reached for a month holds up
    /// nobody, and is still known by the id that it has.
    async fn applications_are_told_before_the_name_is_gone(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Nora").await;
        let (db, now) = (&bank.world.db, bank.world.clock.now());
        let client = rows::client(db, now).await;
        rows::put(db, "push_targets", cells![client_id: client, base_url: "https://app.example/scim", sealed_token: Vec::<u8>::new(),
            rules: json!({}), status: "active", created_at: now, updated_at: now]).await;
        rows::put(db, "push_resources", cells![client_id: client, kind: "user", local_id: user.0, remote_id: "77", digest: "",
            names: ""]).await;
        delete(&bank, PrincipalId::Console, user).await;
        assert!(matches!(erase(&bank, PrincipalId::Console, user).await, Err(EraseError::StillTold)));
        told(&bank).await;
        assert!(matches!(erase(&bank, PrincipalId::Console, user).await, Err(EraseError::StillTold)), "there is the target yet");
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        erase::erase_all_due(db, &bank.door, Duration::from_secs(0), &ctx).await.unwrap();
        let nora = async || store::find(&mut db.reader().await.unwrap(), user).await.unwrap().unwrap();
        assert_eq!(nora().await.given_name, "Nora");
        bank.world.clock.advance(Duration::from_hours(30 * 24));
        erase(&bank, PrincipalId::Console, user).await.unwrap();
        assert!(nora().await.given_name.is_empty());
        let held = state(db, &[]).await;
        assert_eq!((held["push_resources"].len(), held["push_work"].len()), (1, 1), "it is made up for when it is back");
    }

    /// D14: whoever has the address now keeps what they were named for.
    async fn what_went_to_the_address_of_somebody_else_since_stays(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Nora").await;
        let (db, now) = (&bank.world.db, bank.world.clock.now());
        let nominated = async |number: u128, state: &str| {
            let digest = vec![u8::try_from(number).unwrap(); 32];
            rows::put(db, "nominations", cells![id: Uuid::from_u128(number), digest: digest, role: "DelegatedUserAdmin",
                organisation_id: bank.germany.0, email: "nora@bank.example", email_folded: "nora@bank.example", state: state,
                nominated_by_kind: "console", nominated_by_id: Uuid::nil(), nominated_at: now, expires_at: now]).await;
        };
        nominated(1, "open").await;
        nominated(2, "declined").await;
        delete(&bank, PrincipalId::Console, user).await;
        told(&bank).await;
        let other = bank.person(bank.bank_a, "Nora").await;
        assert_ne!(other, user);
        erase(&bank, PrincipalId::Console, user).await.unwrap();
        let rows = state(db, &[]).await.remove("nominations").unwrap();
        let addressed: Vec<bool> = rows.iter().map(|row| row.contains("nora@bank.example")).collect();
        assert_eq!(addressed.iter().filter(|is| **is).count(), 1, "{rows:?}");
        assert!(rows.iter().any(|row| row.contains("nora@bank.example") && row.contains("open")), "{rows:?}");
    }
}
