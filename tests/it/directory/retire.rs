//! What becomes of a deactivated organisation: reminders, and after half a year the end of it (D9, I81, I82, I89).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{ReadOrganisation, ReadUser};
use chamberlain::authority::{Applications, Reason, Scope};
use chamberlain::delegation::store as roles;
use chamberlain::directory::organisation::model::Status;
use chamberlain::directory::organisation::retire::{Schedule, delete_all_due, remind_all_due};
use chamberlain::directory::organisation::{people_store, search_store, store};
use chamberlain::directory::user;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::notify::{DevOutbox, Transports, deliver_due};

use crate::support::{Bank, Modules, outbox};

const DAY: Duration = Duration::from_hours(24);
const AFTER: Duration = Duration::from_hours(183 * 24);

struct Clock {
    bank: Bank,
    outbox: DevOutbox,
    transports: Transports,
}

impl Clock {
    fn of(bank: Bank) -> Self {
        let (outbox, transports) = outbox::in_memory();
        Self { bank, outbox, transports }
    }

    /// The job runs so many days later; the new reminders: to whom, and the text.
    async fn after(&self, days: u32) -> Vec<(String, String)> {
        let bank = &self.bank;
        bank.world.clock.advance(DAY * days);
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let seen = self.reminders().await.len();
        let schedule = Schedule { door: &bank.door, after: AFTER };
        remind_all_due(&bank.world.db, schedule, &ctx).await.unwrap();
        delete_all_due(&bank.world.db, schedule, &ctx).await.unwrap();
        self.reminders().await.split_off(seen)
    }

    async fn reminders(&self) -> Vec<(String, String)> {
        deliver_due(&self.bank.world.db, &self.transports, &self.bank.world.clock).await.unwrap();
        let sent = self.outbox.list().into_iter().map(|sent| (sent.to, sent.text));
        sent.filter(|(_, text)| text.contains("will be deleted")).collect()
    }

    async fn status(&self, of: chamberlain::kernel::ids::OrganisationId) -> Status {
        store::find(&mut self.bank.world.db.reader().await.unwrap(), of).await.unwrap().unwrap().status
    }
}

fn to(reminders: &[(String, String)]) -> Vec<&str> {
    let mut to: Vec<&str> = reminders.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    to
}

on_both! {
    /// I81, I89, D9: three reminders to whoever administers it, each once; then people, roles and module access end, nothing
    /// finds it any more, its name is free, its id is not, and the log keeps what it was.
    async fn i81_a_deactivated_organisation_is_deleted_after_half_a_year_and_three_reminders(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, Applications::All).await;
        let dua = bank.user_admin(bank.bank_a, true, "Dora").await;
        let outside = bank.person(bank.bank_b, "Bert").await;
        let held = bank.appoint(outside, "DelegatedUserAdmin", bank.bank_a, false, Applications::All).await;
        let anna = bank.person(bank.bank_a, "Anna").await;
        for user in [operator, dua, outside] {
            bank.activate(user).await;
        }
        modules.ask(bank.imas).await;
        modules.grant((bank.bank_a, bank.imas)).await.unwrap();
        bank.assign(PrincipalId::Console, anna, bank.imas_user).await.unwrap();
        modules.suspend((bank.bank_a, bank.imas)).await.unwrap();
        modules.close(bank.bank_a, true).await.unwrap();
        let bank_a = bank.bank_a;
        let clock = Clock::of(bank);
        let bank = &clock.bank;

        assert!(clock.after(152).await.is_empty());
        let first = clock.after(1).await;
        assert_eq!(to(&first), ["bert@bank.example", "dora@bank.example", "olga@bank.example"]);
        assert!(first.iter().all(|(_, text)| text.contains("Bank A") && text.contains("30 days")), "{first:?}");
        assert!(clock.after(0).await.is_empty(), "each once");
        assert!(clock.after(22).await.is_empty());
        assert!(clock.after(1).await[0].1.contains("7 days"));
        assert_eq!(clock.after(6).await.len(), 3);
        assert_eq!(clock.status(bank_a).await, Status::Deactivated);

        assert!(clock.after(1).await.is_empty());
        assert_eq!(clock.status(bank_a).await, Status::Deleted);
        let tx = &mut bank.world.db.reader().await.unwrap();
        for user in [dua, anna] {
            assert!(user::store::find(tx, user).await.unwrap().unwrap().deleted_at.is_some());
        }
        assert!(user::store::find(tx, outside).await.unwrap().unwrap().deleted_at.is_none());
        assert!(roles::find(tx, held).await.unwrap().is_none_or(|role| !role.is_live(bank.world.clock.now())));
        assert!(Modules::of(&bank.world, &bank.door).find((bank_a, bank.imas)).await.is_none());
        // Nothing finds it.
        assert_eq!(bank.may(operator, ReadOrganisation { organisation: bank_a }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(operator, ReadUser { user: anna }).await, Err(Reason::NotFound));
        let search = search_store::Search { scope: Scope::Everywhere, name: String::new(), parent: None };
        assert_eq!(search_store::count(tx, &search).await.unwrap(), 5);
        assert_eq!(search_store::list(tx, &search, 50, 0).await.unwrap().len(), 5);
        assert_eq!(store::list_children(tx, bank.root, 50).await.unwrap().len(), 1);
        assert_eq!(store::list_subtree(tx, bank.root, 50).await.unwrap().len(), 5);
        assert_eq!(people_store::count_all(tx).await.unwrap(), 2, "Olga and Bert");
        let again = bank.organisation(Some(bank.root), "Bank A").await;
        assert_ne!(again, bank_a);
        let rows = audit::store::list_of_subject(tx, bank_a.0, chamberlain::kernel::time::Timestamp(0), 50).await.unwrap();
        let row = rows.iter().find(|row| row.kind == "organisation.deleted").unwrap();
        assert!(row.details.contains("Bank A") && row.organisation_id == Some(bank.root), "{row:?}");
        assert!(clock.after(400).await.is_empty());
    }

    /// I82, D9: reactivation stops the clock; the next deactivation starts it anew.
    async fn i82_reactivation_stops_the_clock(world: World) {
        let bank = Bank::found(world).await;
        let dua = bank.user_admin(bank.bank_a, true, "Dora").await;
        bank.activate(dua).await;
        let close = async |clock: &Clock, closed| {
            Modules::of(&clock.bank.world, &clock.bank.door).close(clock.bank.bank_a, closed).await.unwrap();
        };
        let clock = Clock::of(bank);
        close(&clock, true).await;
        assert_eq!(clock.after(182).await.len(), 1, "after an outage the latest reminder only");
        close(&clock, false).await;
        assert!(clock.after(100).await.is_empty());
        assert_eq!(clock.status(clock.bank.bank_a).await, Status::Active);
        close(&clock, true).await;
        assert!(clock.after(152).await.is_empty());
        assert_eq!(clock.after(1).await.len(), 1, "reminded anew");
        assert_eq!(clock.status(clock.bank.bank_a).await, Status::Deactivated);
        assert_eq!(clock.after(30).await.len(), 1, "told a day before, however late");
        assert_eq!(clock.status(clock.bank.bank_a).await, Status::Deactivated);
        clock.after(1).await;
        assert_eq!(clock.status(clock.bank.bank_a).await, Status::Deleted);
    }

    /// What stands below keeps what is above; once it is deleted, the upper one follows in the same round.
    async fn an_organisation_with_others_below_it_waits_for_them(world: World) {
        let bank = Bank::found(world).await;
        let (germany, frankfurt) = (bank.germany, bank.frankfurt);
        let clock = Clock::of(bank);
        let modules = Modules::of(&clock.bank.world, &clock.bank.door);
        modules.close(germany, true).await.unwrap();
        clock.after(200).await;
        assert_eq!(clock.status(germany).await, Status::Deactivated, "Frankfurt stands below it");
        modules.close(frankfurt, true).await.unwrap();
        clock.after(182).await;
        assert_eq!([clock.status(germany).await, clock.status(frankfurt).await], [Status::Deactivated; 2]);
        clock.after(1).await;
        assert_eq!([clock.status(germany).await, clock.status(frankfurt).await], [Status::Deleted; 2]);
    }
}
