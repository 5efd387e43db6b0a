//! Rounds of recertification as the job ends them: many at once, many roles in one, and none before its time.

use std::time::Duration;

use chamberlain::authority::Applications;
use chamberlain::authority::action::Recertify;
use chamberlain::db;
use chamberlain::delegation::recertification::model::{Over, Rules};
use chamberlain::delegation::recertification::{clock, lapse, store as rounds};
use chamberlain::delegation::store as roles;
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId};
use chamberlain::{on, transact};

use crate::support::{Bank, Failure};

const DAY: Duration = Duration::from_hours(24);
const RULES: Rules =
    Rules { every: Duration::from_hours(365 * 24), lasts: Duration::from_hours(30 * 24), memberships: true };

/// The job runs so many days later.
async fn after(bank: &Bank, days: u32) {
    bank.world.clock.advance(DAY * days);
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    clock::open_all_due(&bank.world.db, &bank.door, RULES, &ctx).await.unwrap();
    clock::remind_all_due(&bank.world.db, &bank.door, RULES, &ctx).await.unwrap();
    clock::lapse_all_due(&bank.world.db, &bank.door, &ctx).await.unwrap();
    bank.door.changed();
}

async fn open(bank: &Bank) -> usize {
    rounds::list_open(&mut bank.world.db.reader().await.unwrap(), 1000).await.unwrap().len()
}

async fn live(bank: &Bank, held: &[RoleAssignmentId]) -> usize {
    let tx = &mut bank.world.db.reader().await.unwrap();
    let mut live = 0;
    for id in held {
        live += usize::from(roles::find(tx, *id).await.unwrap().unwrap().is_live(bank.world.clock.now()));
    }
    live
}

on_both! {
    /// D6: however many rounds end on one day, and however many roles nobody confirmed in one of them, all of it ends that day.
    async fn all_that_is_due_ends_the_same_day(world: World) {
        let bank = Bank::found(world).await;
        bank.user_admin(bank.germany, true, "Dora").await;
        for number in 0..60 {
            bank.organisation(Some(bank.france), &format!("Branch {number}")).await;
        }
        let mut held = Vec::new();
        for number in 0..105 {
            let person = bank.person(bank.frankfurt, &format!("Holder{number}")).await;
            held.push(bank.appoint(person, "DelegatedUserAdmin", bank.frankfurt, false, Applications::All).await);
        }
        after(&bank, 365).await;
        assert!(open(&bank).await > 60);
        for days in [23, 6] {
            after(&bank, days).await;
        }
        assert_eq!(live(&bank, &held).await, 105);
        after(&bank, 1).await;
        assert_eq!(open(&bank).await, 0);
        // The role has a minimum of one: the last one stays.
        assert_eq!(live(&bank, &held).await, 1);
    }

    /// D6: a round that is not over by the time its end is written ends nothing, whoever listed it before.
    async fn a_round_under_way_ends_nothing(world: World) {
        let bank = Bank::found(world).await;
        let mut held = Vec::new();
        for name in ["Dora", "Doris"] {
            let person = bank.person(bank.germany, name).await;
            held.push(bank.appoint(person, "DelegatedUserAdmin", bank.germany, true, Applications::All).await);
        }
        after(&bank, 365).await;
        bank.world.clock.advance(DAY);
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let over = Over { until: ctx.now, told: ctx.now };
        let more: Result<bool, Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, Recertify { organisation: bank.germany }).await?;
            Ok(lapse::lapse(tx, permit, bank.door.roles(), over, &ctx).await?)
        });
        assert!(!more.unwrap());
        assert_eq!(live(&bank, &held).await, 2);
        let open = rounds::list_open(&mut bank.world.db.reader().await.unwrap(), 100).await.unwrap();
        assert!(open.iter().any(|round| round.organisation == bank.germany));
    }

    /// Who was reminded on which day is known as long as somebody could be reminded twice, and forgotten then.
    async fn notes_of_reminders_are_forgotten_after_their_day(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.user_admin(bank.germany, true, "Dora").await;
        bank.person(bank.germany, "Fred").await;
        let doris = bank.person(bank.germany, "Doris").await;
        bank.appoint(doris, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.activate(dora).await;
        after(&bank, 365).await;
        let count = async || {
            let tx = &mut bank.world.db.reader().await.unwrap();
            let count: db::Result<i64> = async {
                Ok(on!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM recertification_reminders").fetch_one(c).await)?)
            }.await;
            count.unwrap()
        };
        assert!(count().await > 0);
        for (days, expected) in [(0, 1), (1, 0)] {
            bank.world.clock.advance(DAY * days);
            let now = bank.world.clock.now();
            let done: db::Result<()> = transact!(bank.world.db, tx => rounds::remove_reminders(tx, now).await);
            done.unwrap();
            assert_eq!(count().await, expected, "{days}");
        }
    }
}
