//! Who stands in for whom: what a deputy may do, how long, and who may name and end one.

use std::time::Duration;

use chamberlain::audit;
use chamberlain::authority::action::{
    BlockUser, CreateUser, EndDeputy, MoveUser, NameDeputy, ReadUser, ResetCredentials, UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Door, Reason};
use chamberlain::delegation::deputy::model::Deputy;
use chamberlain::delegation::deputy::{end, name, store};
use chamberlain::delegation::effect::{self, Concerned};
use chamberlain::delegation::explain::who_can;
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::store as roles;
use chamberlain::directory::organisation::sign_in_rules;
use chamberlain::directory::user::model::{User, UserChange};
use chamberlain::directory::user::{contact_store, delete, guard::Guard, transfer, update};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{DeputyId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::strength::Strength;
use chamberlain::kernel::text::EmailAddress;
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use crate::support::{Bank, Failure, Network, failure};

/// The actions that are asked about here and not in the matrix.
pub const ASKED: [&str; 2] = ["NameDeputy", "EndDeputy"];

const DAY: Duration = Duration::from_hours(24);

async fn name_until(
    bank: &Bank,
    by: UserId,
    lent: (RoleAssignmentId, UserId),
    until: Timestamp,
) -> Result<Deputy, Failure> {
    name_from(bank, by, lent, (None, until)).await
}

async fn name_from(
    bank: &Bank,
    by: UserId,
    (assignment, deputy): (RoleAssignmentId, UserId),
    (from, until): (Option<Timestamp>, Timestamp),
) -> Result<Deputy, Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(by));
    let action = NameDeputy { assignment, deputy, from, until };
    let done = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
        name::name(tx, permit, &ctx).await.map_err(failure)
    });
    bank.door.changed();
    done
}

/// For ten days.
async fn lend(bank: &Bank, by: UserId, lent: (RoleAssignmentId, UserId)) -> DeputyId {
    name_until(bank, by, lent, bank.world.clock.now().plus(DAY * 10)).await.unwrap().id
}

async fn take_back(bank: &Bank, by: UserId, deputy: DeputyId) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(by));
    let done = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, EndDeputy { deputy }).await?;
        end::end(tx, permit, &ctx).await.map(drop).map_err(failure)
    });
    bank.door.changed();
    done
}

async fn block(bank: &Bank, user: UserId, blocked: bool) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, BlockUser { user }).await?;
        delete::set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// D13: who stands in for somebody gains and loses by a move, whatever the one they stand in for holds elsewhere.
    async fn a_move_tells_of_deputies_whose_holder_loses_nothing(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.bank_b, "Dora").await;
        let here = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let there = bank.appoint(dora, "DelegatedUserAdmin", bank.france, true, Applications::All).await;
        let felicie = bank.person(bank.france, "Felicie").await;
        let id = lend(&bank, dora, (there, felicie)).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        let now = bank.world.clock.now();
        let holders = |side: &Concerned| side.holders.iter().any(|one| [here, there].contains(&one.id));
        let deputies = |side: &Concerned| side.deputies.iter().map(|one| one.id).collect::<Vec<_>>();
        let moved = effect::of_move(tx, bank.germany, bank.france, now).await.unwrap();
        assert!(!holders(&moved.loses) && !holders(&moved.gains), "she has the same on both sides: {moved:?}");
        assert_eq!((deputies(&moved.loses), deputies(&moved.gains)), (Vec::new(), vec![id]));
        let back = effect::of_move(tx, bank.france, bank.germany, now).await.unwrap();
        assert_eq!((deputies(&back.loses), deputies(&back.gains)), (vec![id], Vec::new()));
        assert_ne!(moved.digest(), back.digest());
    }

    /// D13: so does who stands in for somebody of an Access Manager, by what that does not manage any more; each is named once.
    async fn a_move_tells_of_deputies_of_access_managers(world: World) {
        let mut all = Network::found(world).await;
        let shipped = SHIPPED.iter().find(|(name, _)| *name == "imi").unwrap().1;
        let lending = ["Administrator", "NationalCoordinator"].into_iter().fold(shipped.to_owned(), |text, code| {
            let code = format!("\ncode = \"{code}\"\n");
            text.replacen(&code, &format!("{code}deputies = true\n"), 1)
        });
        all.bank.door = Door::new(load(&lending).unwrap().roles).following(all.bank.world.db.changes());
        let mia = all.bank.person(all.ministry, "Mia").await;
        let mut lent = Vec::new();
        for (user, deputy) in [(all.maria, mia), (all.nina, all.anton)] {
            let held = roles::list_of(&mut all.bank.world.db.reader().await.unwrap(), PrincipalId::Person(user)).await.unwrap();
            lent.push(lend(&all.bank, user, (held[0].id, deputy)).await);
        }
        let (tx, now) = (&mut all.bank.world.db.reader().await.unwrap(), all.bank.world.clock.now());
        let moved = effect::of_transfer(tx, all.bank.door.roles(), (all.ministry, all.germany, all.france), now).await.unwrap();
        let mut lost: Vec<DeputyId> = moved.loses.deputies.iter().map(|one| one.id).collect();
        lost.sort();
        lent.sort();
        assert_eq!((lost, moved.gains.deputies.len()), (lent, 0), "{moved:?}");
    }

    /// D3, D4, D7, D12, D13: a deputy may what the one they stand in for may at that moment: not before, not longer than both last, not
    /// while that one is blocked, not after a move out of the scope, and not once it was taken back.
    async fn a_deputy_may_what_the_one_they_stand_in_for_may_and_as_long(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let [fred, gus] = [bank.person(bank.frankfurt, "Fred").await, bank.person(bank.germany, "Gus").await];
        let may = async || bank.may(fred, UpdateUser { user: gus }).await;
        assert_eq!(may().await, Err(Reason::NotFound));
        let id = lend(&bank, dora, (doras, fred)).await;
        assert_eq!(may().await, Ok(()));
        assert_eq!(bank.may(fred, CreateUser { organisation: bank.germany }).await, Ok(()));
        assert_eq!(bank.may(fred, CreateUser { organisation: bank.france }).await, Err(Reason::NotFound));
        let tx = &mut bank.world.db.reader().await.unwrap();
        let asked = (&UpdateUser { user: gus }.into(), bank.germany);
        let (able, _) = who_can(tx, &bank.door, asked, bank.world.clock.now()).await.unwrap();
        let able: Vec<PrincipalId> = able.into_iter().map(|(who, _)| who).collect();
        assert!(able.contains(&PrincipalId::Person(fred)) && able.contains(&PrincipalId::Person(dora)), "{able:?}");

        block(&bank, dora, true).await;
        assert_eq!(may().await, Err(Reason::NotFound), "whom they stand in for can do nothing either");
        block(&bank, dora, false).await;
        assert_eq!(may().await, Ok(()));
        take_back(&bank, dora, id).await.unwrap();
        assert_eq!(may().await, Err(Reason::NotFound));
        assert_eq!(take_back(&bank, dora, id).await.unwrap_err().reason(), Reason::NotFound);
        let log = audit::store::list_of_subject(tx, doras.0, Timestamp(0), 50).await.unwrap();
        for kind in ["deputy.named", "deputy.ended"] {
            assert!(log.iter().any(|row| row.kind == kind && row.via == Some(doras)), "{kind}: {log:?}");
        }

        lend(&bank, dora, (doras, fred)).await;
        bank.world.clock.advance(DAY * 10);
        assert_eq!(may().await, Err(Reason::NotFound), "its last instant has come");

        lend(&bank, dora, (doras, fred)).await;
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let moved: Result<(), Failure> = transact!(bank.world.db, tx => {
            let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
            let permit = bank.door.authorise(tx, &ctx, MoveUser { user: fred, to: bank.france }).await?;
            transfer::transfer(tx, permit, guard, &ctx).await.map(drop).map_err(failure)
        });
        moved.unwrap();
        assert_eq!(may().await, Err(Reason::NotFound), "out of the scope of the one they stood in for");
        let log = audit::store::list_of_subject(tx, doras.0, Timestamp(0), 50).await.unwrap();
        assert_eq!(log.iter().filter(|row| row.kind == "deputy.ended").count(), 2, "taken back, and by the move");
        let back: Result<(), Failure> = transact!(bank.world.db, tx => {
            let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
            let permit = bank.door.authorise(tx, &ctx, MoveUser { user: fred, to: bank.frankfurt }).await?;
            transfer::transfer(tx, permit, guard, &ctx).await.map(drop).map_err(failure)
        });
        back.unwrap();
        assert_eq!(may().await, Err(Reason::NotFound), "it does not come back by itself");

        let gina = bank.person(bank.germany, "Gina").await;
        lend(&bank, dora, (doras, gina)).await;
        assert_eq!(bank.may(gina, UpdateUser { user: gus }).await, Ok(()));
        bank.revoke(PrincipalId::Console, doras, Some("reason")).await.unwrap();
        assert_eq!(bank.may(gina, UpdateUser { user: gus }).await, Err(Reason::NotFound));
    }

    /// D7, decision 10: what the level of the one they stand in for asks for at a sign-in is asked of the deputy, too, for what is lent.
    async fn a_deputy_signs_in_as_strongly_as_the_home_of_the_holder_asks(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.bank_b, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let fred = bank.person(bank.frankfurt, "Fred").await;
        lend(&bank, dora, (doras, fred)).await;
        let create = || CreateUser { organisation: bank.germany };
        assert_eq!(bank.may(fred, create()).await, Ok(()));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let asked: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank.bank_b }).await?;
            sign_in_rules::ask(tx, permit, Strength::Passkey, &ctx).await.map_err(failure)
        });
        asked.unwrap();
        bank.door.changed();
        for (strength, wanted) in [(Strength::App, Err(Reason::NotFound)), (Strength::Passkey, Ok(()))] {
            let ctx = Ctx { strength, ..bank.world.ctx_of(PrincipalId::Person(fred)) };
            let answer: Result<(), Failure> = transact!(bank.world.db, tx => {
                bank.door.authorise(tx, &ctx, create()).await?;
                Ok(())
            });
            assert_eq!(answer.map_err(Failure::reason), wanted, "{strength}");
        }
    }

    /// D3, D5, D8: only the holder names somebody, of their scope, in a role that has deputies, for a while that the role outlasts; a
    /// deputy names none and hands nothing on for longer.
    async fn who_may_be_named_by_whom(world: World) {
        let bank = Bank::found(world).await;
        let now = bank.world.clock.now();
        let olga = bank.person(bank.root, "Olga").await;
        let olgas = bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let emil = bank.person(bank.germany, "Emil").await;
        let short = (emil, "DelegatedUserAdmin");
        let (emils, _) = bank.grant_until(PrincipalId::Console, short, (bank.germany, true), Applications::All, Some(now.plus(DAY * 5))).await.unwrap();
        let fred = bank.person(bank.frankfurt, "Fred").await;
        let beside = bank.person(bank.france, "Francine").await;
        let within = now.plus(DAY * 10);
        let refused = async |by, lent, until| name_until(&bank, by, lent, until).await.unwrap_err();
        assert_eq!(refused(dora, (doras, dora), within).await.reason(), Reason::OwnAccount);
        assert_eq!(refused(dora, (doras, beside), within).await.reason(), Reason::NotFound);
        assert_eq!(refused(dora, (emils, fred), within).await.reason(), Reason::NotFound, "not hers");
        assert_eq!(refused(emil, (emils, fred), within).await.reason(), Reason::OutlivesGrantor);
        assert_eq!(refused(olga, (olgas, fred), within).await.reason(), Reason::InvalidGrant, "two people make an operator");
        assert!(refused(dora, (doras, fred), now.plus(DAY * 91)).await.to_string().contains("90 days"));
        assert!(refused(dora, (doras, fred), now).await.to_string().contains("90 days"));
        lend(&bank, dora, (doras, fred)).await;
        assert!(refused(dora, (doras, fred), within).await.to_string().contains("already"));
        // The deputy.
        let other = bank.person(bank.frankfurt, "Otto").await;
        assert_eq!(refused(fred, (doras, other), within).await.reason(), Reason::NotFound);
        let for_ever = bank.grant(PrincipalId::Person(fred), other, "DelegatedUserAdmin", (bank.frankfurt, false), Applications::All);
        assert_eq!(for_ever.await.unwrap_err().reason(), Reason::OutlivesGrantor);
        let own = bank.grant(PrincipalId::Person(fred), fred, "DelegatedUserAdmin", (bank.frankfurt, false), Applications::All);
        assert_eq!(own.await.unwrap_err().reason(), Reason::OwnAccount);
    }

    /// D5, D6, D11: nobody is acted upon by their own right in the hand of a deputy; whoever could take over a deputy's account needs as
    /// much as the deputy has; and a deputy is no second holder.
    async fn a_deputy_is_protected_and_is_no_holder(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let bea = bank.user_admin(bank.bank_b, true, "Bea").await;
        let lena = bank.user_admin(bank.frankfurt, true, "Lena").await;
        let fred = bank.person(bank.frankfurt, "Fred").await;
        for user in [dora, bea, lena, fred] {
            bank.activate(user).await;
        }
        assert_eq!(bank.may(lena, ResetCredentials { user: fred }).await, Ok(()));
        let id = lend(&bank, dora, (doras, fred)).await;
        assert_eq!(bank.may(lena, ResetCredentials { user: fred }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(dora, ResetCredentials { user: fred }).await, Ok(()));
        assert_eq!(bank.may(fred, ReadUser { user: dora }).await, Ok(()));
        assert_eq!(bank.may(fred, ResetCredentials { user: dora }).await, Err(Reason::OwnAccount));
        let last = bank.revoke(PrincipalId::Person(bea), doras, None).await.unwrap_err();
        assert!(last.to_string().contains("last"), "{last}");
        // Whoever may take the role away ends it, and nobody else.
        assert_eq!(take_back(&bank, lena, id).await.unwrap_err().reason(), Reason::NotFound);
        assert!(take_back(&bank, fred, id).await.is_err());
        take_back(&bank, bea, id).await.unwrap();
        assert_eq!(bank.may(lena, ResetCredentials { user: fred }).await, Ok(()));
    }

    /// D4, D12: a deputyship has no effect before its first instant, and lasts ninety days at most; five stand in for one at once.
    async fn it_begins_when_it_says_and_five_are_named_at_most(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let gus = bank.person(bank.germany, "Gus").await;
        let now = bank.world.clock.now();
        let mut named = Vec::new();
        for name in ["Fred", "Gina", "Hugo", "Ines", "Jan"] {
            let deputy = bank.person(bank.frankfurt, name).await;
            let dates = (Some(now.plus(DAY)), now.plus(DAY * 90));
            named.push((deputy, name_from(&bank, dora, (doras, deputy), dates).await.unwrap().id));
        }
        let sixth = bank.person(bank.frankfurt, "Kai").await;
        let until = now.plus(DAY * 10);
        assert!(name_until(&bank, dora, (doras, sixth), until).await.unwrap_err().to_string().contains("5 deputies"));
        assert_eq!(bank.may(named[0].0, UpdateUser { user: gus }).await, Err(Reason::NotFound), "not before it begins");
        let tx = &mut bank.world.db.reader().await.unwrap();
        let all = store::list(tx, (now, 10)).await.unwrap();
        assert_eq!(all.len(), 5);
        assert_eq!(store::list_of(tx, dora, (now, 10)).await.unwrap(), all);
        take_back(&bank, dora, named[4].1).await.unwrap();
        name_until(&bank, dora, (doras, sixth), until).await.unwrap();
        bank.world.clock.advance(DAY);
        assert_eq!(bank.may(named[0].0, UpdateUser { user: gus }).await, Ok(()));
    }

    /// D7: by a role whose holders have no deputies any more, nobody stands in.
    async fn a_role_that_is_lent_no_more_gives_deputies_nothing(world: World) {
        let mut bank = Bank::found(world).await;
        let dora = bank.person(bank.germany, "Dora").await;
        let doras = bank.appoint(dora, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let [fred, gus] = [bank.person(bank.frankfurt, "Fred").await, bank.person(bank.germany, "Gus").await];
        lend(&bank, dora, (doras, fred)).await;
        assert_eq!(bank.may(fred, UpdateUser { user: gus }).await, Ok(()));
        let without = SHIPPED[0].1.replace("deputies = true\n", "");
        bank.door = Door::new(load(&without).unwrap().roles).following(bank.world.db.changes());
        assert_eq!(bank.may(fred, UpdateUser { user: gus }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(dora, UpdateUser { user: gus }).await, Ok(()));
    }

    /// D3, D15: whoever stands in for somebody is guarded as somebody who holds the role: an address that an administrator changes waits, and for
    /// a second one.
    async fn d15_the_address_of_a_deputy_takes_a_second_administrator(world: World) {
        let bank = Bank::found(world).await;
        let access = bank.access_admin(bank.germany, true, &[bank.imas], "Bea").await;
        let role = roles::list_of(&mut bank.world.db.reader().await.unwrap(), PrincipalId::Person(access)).await.unwrap()[0].id;
        let deputy = bank.person(bank.germany, "Carl").await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(!contact_store::is_guarded(tx, deputy, bank.world.clock.now()).await.unwrap());
        lend(&bank, access, (role, deputy)).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(contact_store::is_guarded(tx, deputy, bank.world.clock.now()).await.unwrap());
        // Never signed in, and all the same: nothing changes at once.
        let admin = bank.user_admin(bank.germany, true, "Petra").await;
        let ctx = bank.world.ctx_of(PrincipalId::Person(admin));
        let email = Some(Some("petra@elsewhere.example".parse::<EmailAddress>().unwrap()));
        let changed: Result<User, Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateUser { user: deputy }).await?;
            let change = UserChange { email: email.clone(), ..UserChange::default() };
            update::update(tx, permit, change, None, Guard { roles: bank.door.roles(), reason: None }, &ctx).await.map_err(failure)
        });
        let changed = changed.unwrap();
        assert!(changed.pending.is_some() && changed.email.unwrap().as_str() != "petra@elsewhere.example");
    }
}
