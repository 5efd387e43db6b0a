//! Roles: given only by peers, never wider than what the giver holds, without effect before and after their time.

use std::time::Duration;

use chamberlain::authority::action::UpdateUser;
use chamberlain::authority::{Applications, Reason};
use chamberlain::delegation::model::State;
use chamberlain::kernel::ids::PrincipalId;

use crate::support::{Bank, Failure, only};

on_both! {
    async fn da_10_a_role_is_not_granted_above_the_grantor(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.frankfurt, "Frank").await;
        let by = PrincipalId::Person(admin);
        for anchor in [bank.bank_b, bank.root, bank.france, bank.bank_a] {
            let refused = bank.grant(by, user, "DelegatedUserAdmin", (anchor, true), Applications::All).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::NotFound, "{anchor}");
        }
        let (_, state) = bank.grant(by, user, "DelegatedUserAdmin", (bank.frankfurt, true), Applications::All).await.unwrap();
        assert!(matches!(state, State::Active | State::Pending));
    }

    /// DA-10: at one's own level, but wider than one's own role.
    async fn a_role_without_sub_levels_is_not_granted_with_them(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, false, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        let by = PrincipalId::Person(admin);
        let wider = bank.grant(by, user, "DelegatedUserAdmin", (bank.germany, true), Applications::All).await.unwrap_err();
        assert_eq!(wider.reason(), Reason::NotPermitted);
        bank.grant(by, user, "DelegatedUserAdmin", (bank.germany, false), Applications::All).await.unwrap();
    }

    async fn da_11_each_role_is_granted_by_its_peers_only(world: World) {
        let bank = Bank::found(world).await;
        let people = bank.user_admin(bank.germany, true, "Gerda").await;
        let access = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let user = bank.person(bank.germany, "Gustav").await;
        let at = (bank.germany, true);
        assert!(bank.grant(PrincipalId::Person(people), user, "ApplicationAccessAdmin", at, only(&[bank.imas])).await.is_err());
        assert!(bank.grant(PrincipalId::Person(access), user, "DelegatedUserAdmin", at, Applications::All).await.is_err());
        assert!(bank.grant(PrincipalId::Person(people), user, "Operator", (bank.root, true), Applications::All).await.is_err());
        bank.grant(PrincipalId::Person(people), user, "DelegatedUserAdmin", at, Applications::All).await.unwrap();
        bank.grant(PrincipalId::Person(access), user, "ApplicationAccessAdmin", at, only(&[bank.imas])).await.unwrap();
    }

    /// E14: the applications are part of what was granted.
    async fn da_12_one_application_too_many_refuses_the_whole_grant(world: World) {
        let bank = Bank::found(world).await;
        let access = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let user = bank.person(bank.germany, "Gustav").await;
        let by = PrincipalId::Person(access);
        let at = (bank.germany, true);
        for wider in [only(&[bank.imas, bank.casper]), only(&[bank.casper]), Applications::All] {
            assert!(bank.grant(by, user, "ApplicationAccessAdmin", at, wider).await.is_err());
        }
        let tx = &mut bank.world.db.reader().await.unwrap();
        let held = chamberlain::delegation::store::list_of(tx, PrincipalId::Person(user)).await.unwrap();
        assert!(held.is_empty(), "nothing of a refused grant is kept");
    }

    async fn da_21_nobody_grants_to_themself(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let refused =
            bank.grant(PrincipalId::Person(admin), admin, "DelegatedUserAdmin", (bank.frankfurt, true), Applications::All).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::OwnAccount);
    }

    async fn da_25_and_28_a_proposal_has_no_effect_until_somebody_else_confirms_it(world: World) {
        let bank = Bank::found(world).await;
        let first = bank.person(bank.root, "Olga").await;
        bank.appoint(first, "Operator", bank.root, true, Applications::All).await;
        let second = bank.person(bank.root, "Oscar").await;
        let by = PrincipalId::Person(first);
        let (proposal, state) = bank.grant(by, second, "Operator", (bank.root, true), Applications::All).await.unwrap();
        assert_eq!(state, State::Pending);
        let user = bank.person(bank.bank_a, "Anna").await;
        assert!(bank.may(second, UpdateUser { user }).await.is_err(), "no rights before the confirmation");
        assert_eq!(bank.confirm(by, proposal).await.unwrap_err().reason(), Reason::OwnProposal);
        assert!(bank.confirm(PrincipalId::Person(second), proposal).await.is_err(), "nor by whom it is about");
        bank.confirm(PrincipalId::Console, proposal).await.unwrap();
        assert_eq!(bank.may(second, UpdateUser { user }).await, Ok(()));
        let again = bank.confirm(PrincipalId::Console, proposal).await;
        assert!(again.is_err(), "DA-27: a proposal is confirmed once");
    }

    async fn da_22_the_last_administrator_of_a_level_stays_unless_an_operator_says_why(world: World) {
        let bank = Bank::found(world).await;
        let only_one = bank.person(bank.germany, "Gerda").await;
        let role = bank.appoint(only_one, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let above = bank.user_admin(bank.bank_b, true, "Boris").await;
        assert!(matches!(bank.revoke(PrincipalId::Person(above), role, Some("because")).await, Err(Failure::UseCase(_))));
        assert!(matches!(bank.revoke(PrincipalId::Console, role, None).await, Err(Failure::UseCase(_))));
        bank.revoke(PrincipalId::Console, role, Some("the branch closes")).await.unwrap();
    }

    /// DA-22, D6: who has not taken over their account, or whose home is switched off, cannot do the work of the one who goes.
    async fn da_22_only_who_can_act_makes_up_for_the_last_administrator(world: World) {
        let bank = Bank::found(world).await;
        let above = PrincipalId::Person(bank.user_admin(bank.bank_b, true, "Boris").await);
        let acting = bank.person(bank.germany, "Gerda").await;
        let role = bank.appoint(acting, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.activate(acting).await;
        let invited = bank.user_admin(bank.germany, true, "Gisela").await;
        let elsewhere = bank.person(bank.france, "Fleur").await;
        bank.appoint(elsewhere, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.activate(elsewhere).await;
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let closed: Result<(), Failure> = chamberlain::transact!(bank.world.db, tx => {
            use chamberlain::authority::action::UpdateOrganisation;
            use chamberlain::directory::organisation::update;
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank.france }).await?;
            update::deactivate(tx, permit, &ctx).await.map(drop).map_err(crate::support::failure)
        });
        closed.unwrap();
        let refused = bank.revoke(above, role, Some("because")).await.unwrap_err();
        assert!(matches!(&refused, Failure::UseCase(text) if text.contains("last")), "{refused:?}");
        bank.activate(invited).await;
        bank.revoke(above, role, None).await.unwrap();
    }

    /// D6: an invitation that nobody followed is no reason to keep another one.
    async fn somebody_who_never_began_goes_as_long_as_another_is_there(world: World) {
        let bank = Bank::found(world).await;
        let above = PrincipalId::Person(bank.user_admin(bank.bank_b, true, "Boris").await);
        let (first, second) = (bank.person(bank.germany, "Gerda").await, bank.person(bank.germany, "Gisela").await);
        let role = bank.appoint(first, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let last = bank.appoint(second, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        bank.revoke(above, role, None).await.unwrap();
        assert!(bank.revoke(above, last, None).await.is_err());
    }

    async fn da_29_an_account_past_its_end_has_no_effect_from_that_instant(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        let end = bank.world.clock.now().plus(Duration::from_mins(1));
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = chamberlain::transact!(bank.world.db, tx => {
            use chamberlain::directory::user::{guard::Guard, model::UserChange, update};
            let permit = bank.door.authorise(tx, &ctx, UpdateUser { user: admin }).await?;
            let guard = Guard { roles: bank.door.roles(), reason: None };
            let change = UserChange { account_expires_at: Some(Some(end)), ..UserChange::default() };
            update::update(tx, permit, change, None, guard, &ctx).await.map(|_| ()).map_err(crate::support::failure)
        });
        done.unwrap();
        bank.door.changed();
        bank.world.clock.advance(Duration::from_micros(59_999_999));
        assert_eq!(bank.may(admin, UpdateUser { user }).await, Ok(()));
        bank.world.clock.advance(Duration::from_micros(1));
        assert!(bank.may(admin, UpdateUser { user }).await.is_err());
    }

    async fn da_30_a_revoked_role_is_without_effect_at_the_next_request(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.person(bank.germany, "Gerda").await;
        bank.user_admin(bank.germany, true, "Gisela").await;
        let role = bank.appoint(admin, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let user = bank.person(bank.germany, "Gustav").await;
        assert_eq!(bank.may(admin, UpdateUser { user }).await, Ok(()));
        bank.revoke(PrincipalId::Console, role, None).await.unwrap();
        assert!(bank.may(admin, UpdateUser { user }).await.is_err());
    }
}
