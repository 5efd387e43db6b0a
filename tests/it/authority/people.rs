//! People and memberships: no administrator reaches past their own branch, their own applications, or their own rank.

use std::time::Duration;

use chamberlain::authority::action::{
    AssignMembership, CreateUser, DeleteUser, MoveOrganisation, MoveUser, ReadUser, RemoveMembership, ResetCredentials,
    UpdateOrganisation, UpdateUser,
};
use chamberlain::authority::{Applications, Reason};
use chamberlain::directory::organisation::{transfer, update as organisations};
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::{User, UserChange};
use chamberlain::directory::user::{delete, store, update};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Failure, failure};

async fn change(bank: &Bank, by: PrincipalId, user: UserId, change: UserChange) -> Result<User, Failure> {
    let ctx = bank.world.ctx_of(by);
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, UpdateUser { user }).await?;
        let guard = Guard { roles: bank.door.roles(), reason: None };
        update::update(tx, permit, change.clone(), None, guard, &ctx).await.map_err(failure)
    })
}

async fn transfer(
    bank: &Bank,
    by: PrincipalId,
    organisation: OrganisationId,
    to: OrganisationId,
) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(by);
    let done = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, MoveOrganisation { organisation, to }).await?;
        transfer::transfer(tx, permit, &ctx).await.map(|_| ()).map_err(failure)
    });
    bank.door.changed();
    done
}

async fn load(bank: &Bank, user: UserId) -> User {
    let tx = &mut bank.world.db.reader().await.unwrap();
    store::find(tx, user).await.unwrap().unwrap()
}

on_both! {
    async fn da_01_an_administrator_of_one_branch_does_not_find_people_of_another(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let stranger = bank.person(bank.france, "Francine").await;
        let nobody = UserId(uuid::Uuid::from_u128(404));
        for user in [stranger, nobody] {
            assert_eq!(bank.may(admin, UpdateUser { user }).await, Err(Reason::NotFound));
            assert_eq!(bank.may(admin, ReadUser { user }).await, Err(Reason::NotFound));
            assert_eq!(bank.may(admin, DeleteUser { user }).await, Err(Reason::NotFound));
        }
        let own = bank.person(bank.frankfurt, "Frank").await;
        assert_eq!(bank.may(admin, UpdateUser { user: own }).await, Ok(()));
    }

    async fn da_02_an_administrator_of_a_level_does_not_act_on_the_level_above(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.frankfurt, true, "Frank").await;
        let above = bank.person(bank.germany, "Gerda").await;
        assert_eq!(bank.may(admin, UpdateUser { user: above }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(admin, CreateUser { organisation: bank.germany }).await, Err(Reason::NotFound));
    }

    async fn da_03_a_level_whose_name_begins_like_ones_own_is_not_ones_own(world: World) {
        let bank = Bank::found(world).await;
        let four = bank.organisation(Some(bank.bank_b), "4").await;
        let forty = bank.organisation(Some(bank.bank_b), "40").await;
        let admin = bank.user_admin(four, true, "Four").await;
        let other = bank.person(forty, "Forty").await;
        assert_eq!(bank.may(admin, ReadUser { user: other }).await, Err(Reason::NotFound));
    }

    async fn an_administrator_without_sub_levels_reaches_only_the_level_itself(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, false, "Gerda").await;
        let below = bank.person(bank.frankfurt, "Frank").await;
        let beside = bank.person(bank.germany, "Gustav").await;
        assert_eq!(bank.may(admin, UpdateUser { user: below }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(admin, UpdateUser { user: beside }).await, Ok(()));
    }

    async fn da_06_nobody_is_created_outside_of_the_creators_branch(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let by = PrincipalId::Person(admin);
        let refused = bank.create(by, bank.bank_a, "Anna").await.unwrap_err();
        assert_eq!(refused.reason(), Reason::NotFound);
        bank.create(by, bank.frankfurt, "Frank").await.unwrap();
    }

    async fn da_07_a_person_is_moved_only_by_who_covers_both_ends(world: World) {
        let bank = Bank::found(world).await;
        let german = bank.user_admin(bank.germany, true, "Gerda").await;
        let whole = bank.user_admin(bank.bank_b, true, "Boris").await;
        let inside = bank.person(bank.frankfurt, "Frank").await;
        let outside = bank.person(bank.france, "Francine").await;
        assert_eq!(bank.may(german, MoveUser { user: inside, to: bank.france }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(german, MoveUser { user: outside, to: bank.germany }).await, Err(Reason::NotFound));
        assert_eq!(bank.may(german, MoveUser { user: inside, to: bank.germany }).await, Ok(()));
        assert_eq!(bank.may(whole, MoveUser { user: inside, to: bank.france }).await, Ok(()));
    }

    async fn da_08_a_delegated_administrator_does_not_move_levels(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.bank_b, true, "Boris").await;
        for (organisation, to) in [(bank.germany, bank.france), (bank.bank_a, bank.bank_b)] {
            assert!(bank.may(admin, MoveOrganisation { organisation, to }).await.is_err());
        }
    }

    async fn da_09_a_level_cannot_be_moved_below_itself(world: World) {
        let bank = Bank::found(world).await;
        for to in [bank.germany, bank.frankfurt] {
            let refused = transfer(&bank, PrincipalId::Console, bank.germany, to).await.unwrap_err();
            assert!(matches!(refused, Failure::UseCase(_)), "{refused:?}");
        }
        let mut deepest = bank.frankfurt;
        for depth in 5..=17 {
            deepest = bank.organisation(Some(deepest), &format!("Level {depth}")).await;
        }
        assert!(transfer(&bank, PrincipalId::Console, bank.germany, bank.france).await.is_err(), "one level deeper is too deep");
    }

    /// E14, C06: of the applications that were granted.
    async fn da_13_an_access_administrator_gives_only_groups_of_their_own_applications(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
        let user = bank.person(bank.germany, "Gerda").await;
        let by = PrincipalId::Person(admin);
        let refused = bank.assign(by, user, bank.casper_submitter).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::NotFound, "a group one may not give is not seen");
        bank.assign(by, user, bank.imas_user).await.unwrap();
    }

    async fn da_15_an_access_administrator_gives_nothing_to_people_of_other_levels(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        for at in [bank.bank_a, bank.france, bank.bank_b] {
            let user = bank.person(at, &format!("Someone {}", at.0.simple())).await;
            assert_eq!(bank.may(admin, AssignMembership { user, group: bank.imas_user }).await, Err(Reason::NotFound));
        }
    }

    async fn da_16_an_access_administrator_does_not_change_details(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let user = bank.person(bank.germany, "Gerda").await;
        assert_eq!(bank.may(admin, ReadUser { user }).await, Ok(()));
        assert_eq!(bank.may(admin, UpdateUser { user }).await, Err(Reason::NotPermitted));
        assert_eq!(bank.may(admin, CreateUser { organisation: bank.germany }).await, Err(Reason::NotPermitted));
        assert_eq!(bank.may(admin, DeleteUser { user }).await, Err(Reason::NotPermitted));
        assert_eq!(bank.may(admin, ResetCredentials { user }).await, Err(Reason::NotPermitted));
        bank.appoint(admin, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        assert_eq!(bank.may(admin, UpdateUser { user }).await, Ok(()), "unless they are also a user administrator");
    }

    /// E49: the reverse of DA-16.
    async fn a_user_administrator_does_not_give_access(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        assert_eq!(bank.may(admin, AssignMembership { user, group: bank.imas_user }).await, Err(Reason::NotPermitted));
    }

    async fn da_17_an_address_set_by_an_administrator_is_pending_and_the_old_one_stays(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.activate(user).await;
        let before = load(&bank, user).await;
        let wanted = UserChange {
            email: Some(Some("attacker@elsewhere.example".parse().unwrap())),
            phone: Some(Some("+4915112345678".parse().unwrap())),
            ..UserChange::default()
        };
        change(&bank, PrincipalId::Person(admin), user, wanted).await.unwrap();
        let after = load(&bank, user).await;
        assert_eq!((after.email, after.phone), (before.email, before.phone), "sign-in stays on the old address");
        assert!(after.pending.is_some());
    }

    async fn da_18_an_administrator_above_is_out_of_reach_of_one_below(world: World) {
        let bank = Bank::found(world).await;
        let junior = bank.user_admin(bank.germany, true, "Gerda").await;
        // Lives in Germany, rules all of bank B.
        let senior = bank.person(bank.germany, "Boris").await;
        bank.appoint(senior, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        assert_eq!(bank.may(junior, UpdateUser { user: senior }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(junior, DeleteUser { user: senior }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(junior, ResetCredentials { user: senior }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(senior, UpdateUser { user: junior }).await, Ok(()));
    }

    async fn nobody_administers_their_own_account(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        assert_eq!(bank.may(admin, UpdateUser { user: admin }).await, Err(Reason::OwnAccount));
        assert_eq!(bank.may(admin, DeleteUser { user: admin }).await, Err(Reason::OwnAccount));
        let access = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        assert_eq!(bank.may(access, AssignMembership { user: access, group: bank.imas_user }).await, Err(Reason::OwnAccount));
    }

    async fn da_20_starting_a_recovery_needs_a_right_of_its_own(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        let access = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        assert_eq!(bank.may(access, ResetCredentials { user }).await, Err(Reason::NotPermitted));
    }

    async fn da_36_a_membership_of_an_application_one_does_not_manage_is_not_removed(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        assert_eq!(bank.may(admin, RemoveMembership { user, group: bank.casper_submitter }).await, Err(Reason::NotFound));
    }

    async fn da_44_below_a_deactivated_level_no_right_is_left(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.frankfurt, true, "Frank").await;
        let user = bank.person(bank.frankfurt, "Gustav").await;
        assert_eq!(bank.may(admin, UpdateUser { user }).await, Ok(()));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank.germany }).await?;
            organisations::deactivate(tx, permit, &ctx).await.map(|_| ()).map_err(failure)
        });
        done.unwrap();
        bank.door.changed();
        assert!(bank.may(admin, UpdateUser { user }).await.is_err());
    }

    async fn da_47_somebody_created_again_inherits_nothing(world: World) {
        let bank = Bank::found(world).await;
        let first = bank.person(bank.germany, "Gustav").await;
        bank.assign(PrincipalId::Console, first, bank.imas_user).await.unwrap();
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, DeleteUser { user: first }).await?;
            let guard = Guard { roles: bank.door.roles(), reason: None };
            delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
        });
        done.unwrap();
        bank.world.clock.advance(Duration::from_secs(1));
        let second = bank.person(bank.germany, "Gustav").await;
        assert_ne!(first, second);
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(chamberlain::directory::membership::store::list_of_user(tx, second).await.unwrap().is_empty());
    }
}
