//! How many of the codes by phone are entered, and what is said when few are (AU-09).

use std::time::Duration;

use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::conversion::{Conversion, last_alarm, measure, watch};
use chamberlain::notify::{NumberSettings, number_store};
use uuid::Uuid;

use crate::directory::erasing::rows::{self, cells};
use crate::support::World;

/// Codes that were sent, the first of them entered.
async fn sent(world: &World, (from, count, answered): (u64, u64, u64), at: Timestamp) {
    for nr in 0..count {
        let id = Uuid::from_u64_pair(from, nr);
        let row = cells![id: id, prefix: vec![1_u8; 32], about: id, answered: nr < answered, sent_at: at];
        rows::put(&world.db, "number_uses", row).await;
    }
}

async fn measured(world: &World) -> (i64, i64) {
    let found = measure(&mut world.db.reader().await.unwrap(), world.clock.now()).await.unwrap();
    (found.sent, found.answered)
}

on_both! {
    /// AU-09: said once an hour, whichever node notices, from what all of them have counted.
    async fn au_09_few_codes_that_are_entered_are_said_once_an_hour(world: World) {
        let (settings, db) = (NumberSettings::default(), &world.db);
        let look = async || watch(db, &settings, world.clock.now()).await.unwrap();
        sent(&world, (1, 49, 0), world.clock.now()).await;
        world.clock.advance(Duration::from_mins(5));
        assert!(!look().await, "49 are too few to be judged");
        sent(&world, (2, 1, 0), world.clock.now().minus(Duration::from_mins(5))).await;
        assert_eq!(measured(&world).await, (50, 0));
        let (one, other) = tokio::join!(look(), look());
        assert!(one != other, "two nodes that look at once: one of them says it");
        for _ in 0..3 {
            world.clock.advance(Duration::from_mins(10));
            assert!(!look().await);
        }
        let alarm = last_alarm(&mut db.reader().await.unwrap()).await.unwrap().unwrap();
        assert_eq!(alarm.of, Conversion { sent: 50, answered: 0 });
        assert_eq!(alarm.at, world.clock.now().minus(Duration::from_mins(30)));
        sent(&world, (3, 50, 9), world.clock.now()).await;
        world.clock.advance(Duration::from_mins(30));
        assert_eq!(measured(&world).await, (50, 9), "those of before are older than an hour");
        assert!(look().await, "an hour after the last time");
    }

    /// A fifth is enough, messages that are no codes are not judged, and neither is what may still be entered.
    async fn au_09_only_codes_that_could_have_been_entered_are_judged(world: World) {
        let now = world.clock.now();
        sent(&world, (1, 50, 10), now).await;
        for nr in 0..100 {
            let row = cells![id: Uuid::from_u64_pair(7, nr), prefix: vec![1_u8; 32], answered: false, sent_at: now];
            rows::put(&world.db, "number_uses", row).await;
        }
        world.clock.advance(Duration::from_mins(5));
        sent(&world, (2, 50, 0), world.clock.now()).await;
        assert_eq!(measured(&world).await, (50, 10));
        let look = async |settings: &NumberSettings| watch(&world.db, settings, world.clock.now()).await.unwrap();
        assert!(!look(&NumberSettings::default()).await);
        let stricter = NumberSettings { alarm_percent: 21, ..NumberSettings::default() };
        assert!(!look(&NumberSettings { alarm_codes: 0, ..stricter.clone() }).await, "switched off");
        assert!(!look(&NumberSettings { alarm_codes: 51, ..stricter.clone() }).await);
        assert!(look(&stricter).await);
    }

    /// What was counted and said is gone after a day.
    async fn alarms_are_forgotten_after_a_day(world: World) {
        sent(&world, (1, 50, 0), world.clock.now()).await;
        world.clock.advance(Duration::from_mins(5));
        assert!(watch(&world.db, &NumberSettings::default(), world.clock.now()).await.unwrap());
        let now = world.clock.now();
        let done: chamberlain::db::Result<()> = chamberlain::transact!(world.db, tx => number_store::remove_old(tx, now).await);
        done.unwrap();
        assert_eq!(last_alarm(&mut world.db.reader().await.unwrap()).await.unwrap(), None);
    }
}
