//! Recertification by the clock: who is reminded, what lapses, what does not (D3, D5, D6, D11).

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{Action, KeepMembership, KeepRole, Recertify};
use chamberlain::authority::{Applications, Reason};
use chamberlain::delegation::recertification::model::Rules;
use chamberlain::delegation::recertification::{clock, keep, store as rounds};
use chamberlain::delegation::store as roles;
use chamberlain::directory::organisation::model::Status;
use chamberlain::directory::organisation::retire::{Schedule, delete_all_due, remind_all_due};
use chamberlain::directory::{membership, organisation};
use chamberlain::kernel::ids::{GroupId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::notify::{DevOutbox, Transports, deliver_due};
use chamberlain::transact;

use crate::support::{Bank, Failure, Modules, failure, only, outbox};

const DAY: Duration = Duration::from_hours(24);
const RULES: Rules =
    Rules { every: Duration::from_hours(365 * 24), lasts: Duration::from_hours(30 * 24), memberships: true };

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

    /// The job runs so many days later; the new mails: to whom, and the text, by the address.
    async fn after(&self, days: u32) -> Vec<(String, String)> {
        let bank = &self.bank;
        bank.world.clock.advance(DAY * days);
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let seen = self.outbox.list().len();
        clock::open_all_due(&bank.world.db, &bank.door, RULES, &ctx).await.unwrap();
        clock::remind_all_due(&bank.world.db, &bank.door, RULES, &ctx).await.unwrap();
        clock::lapse_all_due(&bank.world.db, &bank.door, &ctx).await.unwrap();
        bank.door.changed();
        deliver_due(&bank.world.db, &self.transports, &bank.world.clock).await.unwrap();
        let mut sent: Vec<_> =
            self.outbox.list().split_off(seen).into_iter().map(|sent| (sent.to, sent.text)).collect();
        sent.sort();
        sent
    }

    async fn is_live(&self, role: RoleAssignmentId) -> bool {
        let tx = &mut self.bank.world.db.reader().await.unwrap();
        roles::find(tx, role).await.unwrap().unwrap().is_live(self.bank.world.clock.now())
    }

    async fn is_member(&self, user: UserId, group: GroupId) -> bool {
        membership::store::find(&mut self.bank.world.db.reader().await.unwrap(), user, group).await.unwrap().is_some()
    }

    async fn keep(&self, by: UserId, action: impl Into<Action>) -> Result<usize, Failure> {
        let (bank, ctx, action) = (&self.bank, self.bank.world.ctx_of(PrincipalId::Person(by)), action.into());
        transact!(bank.world.db, tx => match action.clone() {
            Action::KeepRole(action) => {
                let permit = bank.door.authorise(tx, &ctx, action).await?;
                Ok(keep::keep(tx, vec![permit], &ctx).await?)
            }
            Action::KeepMembership(action) => {
                let permit = bank.door.authorise(tx, &ctx, action).await?;
                membership::keep::keep(tx, vec![permit], &ctx).await.map_err(failure)
            }
            other => panic!("{other:?}"),
        })
    }
}

fn to(mails: &[(String, String)]) -> Vec<&str> {
    mails.iter().map(|(to, _)| to.split('@').next().unwrap()).collect()
}

on_both! {
    /// D3, D6, D11: whoever may give them is reminded three times, once a day each; what they confirm stays, what nobody confirms
    /// lapses with an event of its own, and the last holder stays and is told of.
    async fn what_nobody_confirms_lapses_after_three_reminders(world: World) {
        let bank = Bank::found(world).await;
        let olga = bank.person(bank.root, "Olga").await;
        bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        let (dora, doris) = (bank.person(bank.bank_b, "Dora").await, bank.person(bank.bank_b, "Doris").await);
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        bank.world.clock.advance(Duration::from_secs(1));
        let doriss = bank.appoint(doris, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let ada = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
        let gina = bank.person(bank.germany, "Gina").await;
        let ginas = bank.appoint(gina, "DelegatedUserAdmin", bank.germany, false, Applications::All).await;
        let fred = bank.person(bank.germany, "Fred").await;
        for group in [bank.imas_user, bank.casper_submitter] {
            bank.assign(PrincipalId::Console, fred, group).await.unwrap();
        }
        let paul = bank.person(bank.bank_b, "Paul").await;
        let ended = Some(bank.world.clock.now().plus(DAY * 100));
        let at = (bank.bank_b, true);
        bank.grant_until(PrincipalId::Console, (paul, "DelegatedUserAdmin"), at, Applications::All, ended).await.unwrap();
        for user in [olga, dora, doris, ada, gina, paul] {
            bank.activate(user).await;
        }
        let (imas, casper) = (bank.imas_user, bank.casper_submitter);
        let clock = Clock::of(bank);

        assert!(clock.after(364).await.is_empty());
        let first = clock.after(1).await;
        assert_eq!(to(&first), ["ada", "dora", "doris", "gina", "olga"], "one mail each");
        assert!(first.iter().all(|(_, text)| text.contains("/tasks/recertification") && text.contains("2027-12-23")), "{first:?}");
        assert!(clock.after(0).await.is_empty(), "each once");

        assert_eq!(clock.keep(dora, KeepRole { assignment: ginas }).await.unwrap(), 1);
        assert_eq!(clock.keep(dora, KeepRole { assignment: doras }).await.unwrap_err().reason(), Reason::OwnAccount);
        assert_eq!(clock.keep(ada, KeepMembership { user: fred, group: imas }).await.unwrap(), 1);
        assert_eq!(clock.keep(ada, KeepMembership { user: fred, group: casper }).await.unwrap_err().reason(), Reason::NotFound);
        assert_eq!(clock.keep(gina, KeepRole { assignment: doras }).await.unwrap_err().reason(), Reason::NotFound);
        // What is given while a round is under way is not asked about.
        let late = clock.bank.person(clock.bank.germany, "Lars").await;
        let lates = clock.bank.appoint(late, "DelegatedUserAdmin", clock.bank.germany, false, Applications::All).await;

        assert!(clock.after(22).await.is_empty());
        assert_eq!(to(&clock.after(1).await), ["ada", "dora", "doris", "gina", "olga"], "a week before");
        assert!(clock.after(5).await.is_empty());
        assert!(clock.is_live(doras).await && clock.is_member(fred, casper).await);
        assert_eq!(clock.after(1).await.len(), 5, "a day before");

        let last = clock.after(1).await;
        assert_eq!(to(&last), ["dora", "olga", "olga", "olga"], "who lost a role, and operators of those that last holders keep: {last:?}");
        for role in ["Operator", "DelegatedUserAdmin", "ApplicationAccessAdmin"] {
            assert!(last.iter().any(|(_, text)| text.contains(role)), "{role}: {last:?}");
        }
        assert!(!clock.is_live(doras).await, "given first, and one was left");
        for role in [doriss, ginas, lates] {
            assert!(clock.is_live(role).await);
        }
        assert!(clock.is_member(fred, imas).await && !clock.is_member(fred, casper).await);
        let tx = &mut clock.bank.world.db.reader().await.unwrap();
        let log = audit::store::list_of_subject(tx, doras.0, Timestamp(0), 50).await.unwrap();
        assert!(log.iter().any(|row| row.kind == "role.revoked" && row.details.contains("recertification.closed")), "{log:?}");
        let log = audit::store::list_of_subject(tx, fred.0, Timestamp(0), 50).await.unwrap();
        assert!(log.iter().any(|row| row.kind == "membership.removed" && row.details.contains("recertification.closed")));
        assert!(log.iter().any(|row| row.kind == "membership.kept"));
        assert!(clock.after(1).await.is_empty(), "it is over");
        assert!(rounds::list_open(tx, 10).await.unwrap().is_empty());
        assert!(!clock.after(333).await.iter().any(|(_, text)| text.contains("last person")));
        assert_eq!(to(&clock.after(1).await), ["ada", "doris", "gina", "olga"], "a year after the first; Lars has not begun");
    }

    /// A job that did not run for months ends nothing at once: a reminder goes out, and a day is left.
    async fn nothing_lapses_of_which_nobody_was_told_a_day_before(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.user_admin(bank.bank_b, true, "Dora").await;
        let fred = bank.person(bank.germany, "Fred").await;
        bank.assign(PrincipalId::Console, fred, bank.imas_user).await.unwrap();
        bank.activate(dora).await;
        let group = bank.imas_user;
        let clock = Clock::of(bank);
        clock.after(365).await;
        assert_eq!(to(&clock.after(100).await), ["dora"], "the latest one only");
        assert!(clock.is_member(fred, group).await);
        clock.bank.world.clock.advance(Duration::from_hours(23));
        clock.after(0).await;
        assert!(clock.is_member(fred, group).await);
        clock.bank.world.clock.advance(Duration::from_hours(1));
        clock.after(0).await;
        assert!(!clock.is_member(fred, group).await);
    }

    /// Of an organisation that is deactivated nothing lapses; it is asked anew once it is active again.
    async fn nothing_lapses_while_an_organisation_is_deactivated(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.user_admin(bank.bank_b, true, "Dora").await;
        let anna = bank.person(bank.bank_a, "Anna").await;
        bank.assign(PrincipalId::Console, anna, bank.imas_user).await.unwrap();
        bank.activate(dora).await;
        let fred = bank.person(bank.frankfurt, "Fred").await;
        bank.assign(PrincipalId::Console, fred, bank.imas_user).await.unwrap();
        let (group, bank_a, germany) = (bank.imas_user, bank.bank_a, bank.germany);
        let clock = Clock::of(bank);
        clock.after(365).await;
        let modules = Modules::of(&clock.bank.world, &clock.bank.door);
        modules.close(bank_a, true).await.unwrap();
        modules.close(germany, true).await.unwrap();
        for days in [23, 6, 1, 30] {
            clock.after(days).await;
        }
        assert!(clock.is_member(anna, group).await);
        assert!(clock.is_member(fred, group).await, "nor below it");
        modules.close(bank_a, false).await.unwrap();
        clock.after(1).await;
        assert!(clock.is_member(anna, group).await);
        let tx = &mut clock.bank.world.db.reader().await.unwrap();
        assert!(rounds::list_open(tx, 10).await.unwrap().iter().all(|round| round.organisation != bank_a));
        clock.after(305).await;
        assert!(rounds::list_open(tx, 10).await.unwrap().iter().any(|round| round.organisation == bank_a));
    }

    /// D9: an organisation that is deleted is in no round, and stops those of nobody else.
    async fn rounds_begin_also_after_an_organisation_was_deleted(world: World) {
        let bank = Bank::found(world).await;
        let (bank_a, bank_b, frankfurt) = (bank.bank_a, bank.bank_b, bank.frankfurt);
        let clock = Clock::of(bank);
        let modules = Modules::of(&clock.bank.world, &clock.bank.door);
        modules.close(frankfurt, true).await.unwrap();
        let schedule = Schedule { door: &clock.bank.door, after: DAY * 183 };
        for days in [182, 2] {
            clock.bank.world.clock.advance(DAY * days);
            let ctx = clock.bank.world.ctx_of(PrincipalId::Console);
            remind_all_due(&clock.bank.world.db, schedule, &ctx).await.unwrap();
            delete_all_due(&clock.bank.world.db, schedule, &ctx).await.unwrap();
        }
        let tx = &mut clock.bank.world.db.reader().await.unwrap();
        assert_eq!(organisation::store::find(tx, frankfurt).await.unwrap().unwrap().status, Status::Deleted);
        clock.after(365 - 184).await;
        let open: Vec<_> = rounds::list_open(tx, 100).await.unwrap().into_iter().map(|round| round.organisation).collect();
        assert!(open.contains(&bank_a) && open.contains(&bank_b) && !open.contains(&frankfurt), "{open:?}");
        // A profile that asks for no rounds ends them: they would lapse at once if it asked for them again.
        clock::close_all(&clock.bank.world.db, &clock.bank.world.ctx_of(PrincipalId::Console)).await.unwrap();
        assert!(rounds::list_open(tx, 100).await.unwrap().is_empty());
    }

    /// D3, D8: operators begin rounds of a subtree, each organisation once; nobody else does, and who does not see a place does not
    /// learn of it.
    async fn only_operators_begin_a_round(world: World) {
        let bank = Bank::found(world).await;
        let olga = bank.person(bank.root, "Olga").await;
        bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        let dora = bank.user_admin(bank.bank_b, true, "Dora").await;
        let ada = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
        assert_eq!(bank.may(olga, Recertify { organisation: bank.france }).await, Ok(()));
        for admin in [dora, ada] {
            assert_eq!(bank.may(admin, Recertify { organisation: bank.bank_b }).await, Err(Reason::NotPermitted));
            assert_eq!(bank.may(admin, Recertify { organisation: bank.bank_a }).await, Err(Reason::NotFound));
        }
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let opened = clock::open_under(&bank.world.db, &bank.door, RULES, (bank.germany, true), &ctx).await.unwrap();
        assert_eq!(opened, 2);
        let opened = clock::open_under(&bank.world.db, &bank.door, RULES, (bank.bank_b, true), &ctx).await.unwrap();
        assert_eq!(opened, 2, "those below Germany are being asked");
        let opened = clock::open_under(&bank.world.db, &bank.door, RULES, (bank.bank_b, false), &ctx).await.unwrap();
        assert_eq!(opened, 0);
    }

    /// D5: an access administrator confirms no membership of somebody whose rights reach further than theirs.
    async fn a_membership_of_a_wider_administrator_is_not_confirmed(world: World) {
        let bank = Bank::found(world).await;
        let ada = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let wide = bank.person(bank.germany, "Wanda").await;
        bank.appoint(wide, "ApplicationAccessAdmin", bank.bank_b, true, only(&[bank.imas])).await;
        assert_eq!(bank.may(ada, KeepMembership { user: wide, group: bank.imas_user }).await, Err(Reason::Outranked));
    }

    /// D10: of several that are confirmed at once each has its event.
    async fn each_role_that_is_confirmed_has_its_event(world: World) {
        let clock = Clock::of(Bank::found(world).await);
        let bank = &clock.bank;
        let bea = bank.user_admin(bank.bank_b, true, "Bea").await;
        let mut held = Vec::new();
        for name in ["Fred", "Gina", "Hugo"] {
            let person = bank.person(bank.frankfurt, name).await;
            held.push(bank.appoint(person, "DelegatedUserAdmin", bank.frankfurt, false, Applications::All).await);
        }
        clock.after(366).await;
        let ctx = bank.world.ctx_of(PrincipalId::Person(bea));
        let kept: Result<usize, Failure> = transact!(bank.world.db, tx => {
            let mut permits = Vec::new();
            for assignment in held.clone() {
                permits.push(bank.door.authorise(tx, &ctx, KeepRole { assignment }).await?);
            }
            Ok(keep::keep(tx, permits, &ctx).await?)
        });
        assert_eq!(kept.unwrap(), 3);
        let tx = &mut bank.world.db.reader().await.unwrap();
        for role in held {
            let log = audit::store::list_of_subject(tx, role.0, Timestamp(0), 10).await.unwrap();
            assert_eq!(log.iter().filter(|row| row.kind == "role.kept").count(), 1, "{log:?}");
        }
    }
}
