//! Whose role is the last of its kind, what ends with a role, and what changes with a place or an account (D6, D7).

use std::time::Duration;

use chamberlain::authority::Validity;
use chamberlain::authority::action::{Nominate, UpdateUser};
use chamberlain::delegation::effect;
use chamberlain::delegation::explain::who_can;
use chamberlain::delegation::model::RoleAssignment;
use chamberlain::delegation::nomination::nominate;
use chamberlain::directory::user::store as people;
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use crate::support::{Bank, Consortium, Failure, failure};

/// Makes somebody a signatory of Acme, for a while or for good.
async fn sign(all: &Consortium, who: UserId, until: Option<Timestamp>) {
    let ctx = all.world.ctx_of(PrincipalId::Console);
    let validity = Validity { from: None, until };
    let action = Nominate { validity, ..Consortium::action("FinancialSignatory", (all.acme, None), Some(who)) };
    let done: Result<RoleAssignment, Failure> = transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, action.clone()).await?;
        nominate::assign(tx, permit, all.door.roles(), None, &ctx).await.map_err(failure)
    });
    done.unwrap();
}

async fn codes(all: &Consortium, who: UserId) -> Vec<String> {
    let mut held: Vec<String> = all.held(who).await.into_iter().map(|role| role.role).collect();
    held.sort();
    held
}

on_both! {
    /// D6: for roles about applications the holders are counted for each of them.
    async fn the_last_holder_for_one_application_stays(world: World) {
        let bank = Bank::found(world).await;
        let wide = bank.access_admin(bank.root, true, &[bank.imas, bank.casper], "Wanda").await;
        let ada = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
        let cora = bank.person(bank.bank_b, "Cora").await;
        let over = crate::support::only(&[bank.casper]);
        let coras = bank.appoint(cora, "ApplicationAccessAdmin", bank.bank_b, true, over.clone()).await;
        for user in [wide, ada, cora] {
            bank.activate(user).await;
        }
        let refused = bank.revoke(PrincipalId::Person(wide), coras, None).await.unwrap_err().to_string();
        assert!(refused.contains("last"), "{refused}");
        let carl = bank.person(bank.bank_b, "Carl").await;
        bank.appoint(carl, "ApplicationAccessAdmin", bank.bank_b, true, over).await;
        bank.activate(carl).await;
        bank.revoke(PrincipalId::Person(wide), coras, None).await.unwrap();
    }

    /// D7: what requires a role ends with it, whatever else its holder has, unless they have that very role once more.
    async fn what_requires_a_role_ends_with_the_last_one_of_it(world: World) {
        let all = Consortium::found(world).await;
        let sina = all.person(all.acme, "Sina").await;
        let end = all.world.clock.now().plus(Duration::from_hours(48));
        for until in [Some(end), None] {
            sign(&all, sina, until).await;
        }
        let (acme, within) = ((all.acme, None), (all.acme, Some(all.project)));
        all.assign(PrincipalId::Console, sina, "AccountAdministrator", acme).await.unwrap();
        all.assign(PrincipalId::Console, sina, "ProjectFinancialSignatory", within).await.unwrap();
        let signing = all.held(sina).await.into_iter().filter(|role| role.role == "FinancialSignatory");
        let (first, second): (Vec<_>, Vec<_>) = signing.partition(|role| role.valid_until.is_some());
        all.revoke(PrincipalId::Console, first[0].id).await.unwrap();
        assert_eq!(codes(&all, sina).await, ["AccountAdministrator", "FinancialSignatory", "ProjectFinancialSignatory"]);
        all.revoke(PrincipalId::Console, second[0].id).await.unwrap();
        assert_eq!(codes(&all, sina).await, ["AccountAdministrator"]);
    }

    /// D13: by a move somebody gains what they hold there for longer, and loses nothing that they hold there as long.
    async fn what_a_move_takes_and_gives_is_told_by_how_long_it_lasts(world: World) {
        let bank = Bank::found(world).await;
        let pia = bank.person(bank.root, "Pia").await;
        let (now, day) = (bank.world.clock.now(), Duration::from_hours(24));
        for (at, days) in [(bank.bank_a, 10), (bank.germany, 20)] {
            let until = Some(now.plus(day * days));
            let (role, over) = ((pia, "DelegatedUserAdmin"), chamberlain::authority::Applications::All);
            let (id, state) = bank.grant_until(PrincipalId::Console, role, (at, true), over, until).await.unwrap();
            assert_eq!(state, chamberlain::delegation::model::State::Active, "{id}");
        }
        let tx = &mut bank.world.db.reader().await.unwrap();
        let mine = |roles: Vec<RoleAssignment>| roles.into_iter().filter(|role| role.principal.person() == Some(pia)).count();
        let longer = effect::of_move(tx, bank.bank_a, bank.germany, now).await.unwrap();
        assert_eq!((mine(longer.loses.holders), mine(longer.gains.holders)), (0, 1));
        let shorter = effect::of_move(tx, bank.germany, bank.bank_a, now).await.unwrap();
        assert_eq!((mine(shorter.loses.holders), mine(shorter.gains.holders)), (1, 0));
    }

    /// D12: who can do something is asked about people whose accounts have not run out.
    async fn whose_account_has_run_out_can_do_nothing(world: World) {
        let bank = Bank::found(world).await;
        let dora = bank.user_admin(bank.germany, true, "Dora").await;
        let user = bank.person(bank.frankfurt, "Fred").await;
        let (now, day) = (bank.world.clock.now(), Duration::from_hours(24));
        let saved: chamberlain::db::Result<bool> = transact!(bank.world.db, tx => {
            let mut own = people::find(tx, dora).await?.expect("somebody");
            own.account_expires_at = Some(now.plus(day));
            people::save(tx, &own).await
        });
        assert!(saved.unwrap());
        let tx = &mut bank.world.db.reader().await.unwrap();
        let mut able = Vec::new();
        for at in [now, now.plus(day)] {
            let action = UpdateUser { user }.into();
            let (found, _) = who_can(tx, &bank.door, (&action, bank.frankfurt), at).await.unwrap();
            able.push(found.iter().any(|(who, _)| who.person() == Some(dora)));
        }
        assert_eq!(able, [true, false]);
    }
}
