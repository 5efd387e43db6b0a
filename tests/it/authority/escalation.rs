//! Ways by which an administrator might come to more than they were given: each is tried and fails (D3, D4, D5).

use std::time::Duration;

use chamberlain::authority::action::{
    AssignMembership, DeleteUser, GrantRole, MoveUser, ReadUser, ResetCredentials, RevokeRole, UpdateOrganisation,
    UpdateUser,
};
use chamberlain::authority::{Applications, Reason, Refusal, Validity};
use chamberlain::delegation::model::State;
use chamberlain::directory::organisation::update as organisations;
use chamberlain::directory::user::{delete, guard::Guard};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::kernel::limits::Limits;
use chamberlain::transact;

use crate::support::{Bank, Failure, failure, only};

/// Switches a level off.
async fn deactivate(bank: &Bank, organisation: OrganisationId) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await?;
        organisations::deactivate(tx, permit, &ctx).await.map(|_| ()).map_err(failure)
    });
    done.unwrap();
    bank.door.changed();
}

on_both! {
    /// D4: a right that ends is not made permanent by giving it to somebody else.
    async fn nobody_gives_a_role_for_longer_than_they_hold_it(world: World) {
        let bank = Bank::found(world).await;
        bank.user_admin(bank.germany, true, "Gisela").await;
        let (temporary, user) = (bank.person(bank.germany, "Gerda").await, bank.person(bank.germany, "Gustav").await);
        let end = bank.world.clock.now().plus(Duration::from_hours(24));
        let at = (bank.germany, true);
        let role = "DelegatedUserAdmin";
        bank.grant_until(PrincipalId::Console, (temporary, role), at, Applications::All, Some(end)).await.unwrap();
        let by = PrincipalId::Person(temporary);
        for longer in [None, Some(end.plus(Duration::from_secs(1)))] {
            let refused = bank.grant_until(by, (user, role), at, Applications::All, longer).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::OutlivesGrantor);
        }
        bank.grant_until(by, (user, role), at, Applications::All, Some(end)).await.unwrap();
        bank.world.clock.advance(Duration::from_hours(24));
        let other = bank.person(bank.germany, "Greta").await;
        for gone in [temporary, user] {
            assert!(bank.may(gone, UpdateUser { user: other }).await.is_err());
        }
    }

    /// D3, DA-13: whoever gives access to one application takes nobody's role over another one away.
    async fn an_access_administrator_takes_away_no_role_over_another_application(world: World) {
        let bank = Bank::found(world).await;
        let ada = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let carl = bank.person(bank.frankfurt, "Carl").await;
        let held = async |over: &[_]| bank.appoint(carl, "ApplicationAccessAdmin", bank.frankfurt, true, only(over)).await;
        let (same, other) = (held(&[bank.imas]).await, held(&[bank.casper]).await);
        assert_eq!(bank.may(ada, RevokeRole { assignment: same }).await, Ok(()));
        assert!(bank.may(ada, RevokeRole { assignment: other }).await.is_err());
    }

    /// D5: whoever took such an account over now would hold what is proposed once it is confirmed.
    async fn somebody_proposed_for_a_wider_role_is_out_of_reach_of_those_below(world: World) {
        let bank = Bank::found(world).await;
        let below = bank.user_admin(bank.germany, true, "Gerda").await;
        let above = bank.user_admin(bank.root, true, "Rita").await;
        let user = bank.person(bank.germany, "Gustav").await;
        assert_eq!(bank.may(below, UpdateUser { user }).await, Ok(()));
        let proposed = bank.grant(PrincipalId::Person(above), user, "DelegatedUserAdmin", (bank.bank_b, true), Applications::All);
        assert_eq!(proposed.await.unwrap().1, State::Pending);
        assert_eq!(bank.may(below, UpdateUser { user }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(below, ResetCredentials { user }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(above, UpdateUser { user }).await, Ok(()));
    }

    /// D9: nothing is granted to people of a deactivated organisation, wherever it would hold; not what was proposed before, either.
    async fn nothing_is_granted_to_people_of_a_deactivated_organisation(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.frankfurt, "Gustav").await;
        let by = bank.user_admin(bank.bank_b, true, "Boris").await;
        let role = "DelegatedUserAdmin";
        let proposed = bank.grant(PrincipalId::Person(by), user, role, (bank.france, true), Applications::All).await;
        let (proposal, state) = proposed.unwrap();
        assert_eq!(state, State::Pending);
        deactivate(&bank, bank.germany).await;
        for at in [bank.france, bank.frankfurt] {
            let refused = bank.grant(PrincipalId::Console, user, role, (at, false), Applications::All).await;
            assert_eq!(refused.unwrap_err().reason(), Reason::OrganisationInactive);
        }
        let refused = bank.assign(PrincipalId::Console, user, bank.imas_user).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::OrganisationInactive);
        assert_eq!(bank.confirm(PrincipalId::Console, proposal).await.unwrap_err().reason(), Reason::OrganisationInactive);
        bank.revoke(PrincipalId::Console, proposal, None).await.unwrap();
    }

    /// D8: a deleted person is there for whoever may restore them; for everybody else there never was one.
    async fn whoever_may_not_restore_somebody_deleted_does_not_find_them(world: World) {
        let bank = Bank::found(world).await;
        let (people, access) = (
            bank.user_admin(bank.germany, true, "Gerda").await,
            bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await,
        );
        let user = bank.person(bank.frankfurt, "Frank").await;
        assert_eq!(bank.may(access, DeleteUser { user }).await, Err(Reason::NotPermitted));
        let ctx = bank.world.ctx_of(PrincipalId::Person(people));
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
            let guard = Guard { roles: bank.door.roles(), reason: None };
            delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
        });
        done.unwrap();
        let nobody = UserId(uuid::Uuid::from_u128(404));
        for user in [user, nobody] {
            assert_eq!(bank.may(access, DeleteUser { user }).await, Err(Reason::NotFound));
        }
        assert_eq!(bank.may(people, DeleteUser { user }).await, Ok(()));
    }

    /// D5, DA-44: rights that rest with a deactivated organisation come back with it; so does the rank of who holds them.
    async fn the_rank_of_somebody_whose_organisation_is_deactivated_still_counts(world: World) {
        let bank = Bank::found(world).await;
        let below = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.appoint(user, "DelegatedUserAdmin", bank.bank_a, true, Applications::All).await;
        assert_eq!(bank.may(below, UpdateUser { user }).await, Err(Reason::Outranked));
        let inside = bank.person(bank.bank_a, "Bruno").await;
        assert_eq!(bank.may(user, UpdateUser { user: inside }).await, Ok(()));
        deactivate(&bank, bank.bank_a).await;
        assert!(bank.may(user, UpdateUser { user: inside }).await.is_err(), "the right itself rests");
        assert_eq!(bank.may(below, UpdateUser { user }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(below, DeleteUser { user }).await, Err(Reason::Outranked));
    }

    /// D5: a small role of somebody above is theirs, too.
    async fn nothing_is_taken_from_an_administrator_above(world: World) {
        let bank = Bank::found(world).await;
        let below = bank.user_admin(bank.germany, true, "Gerda").await;
        let above = bank.person(bank.germany, "Boris").await;
        bank.appoint(above, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        let small = bank.appoint(above, "DelegatedUserAdmin", bank.frankfurt, true, Applications::All).await;
        bank.user_admin(bank.frankfurt, true, "Frieda").await;
        let refused = bank.revoke(PrincipalId::Person(below), small, None).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Outranked);
        let peer = bank.user_admin(bank.bank_b, true, "Berta").await;
        bank.revoke(PrincipalId::Person(peer), small, None).await.unwrap();
    }

    /// D2, D3: user administrator here and access administrator there is not both at both places.
    async fn rights_at_two_places_do_not_add_up(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        bank.appoint(admin, "ApplicationAccessAdmin", bank.france, true, only(&[bank.imas])).await;
        bank.appoint(admin, "ApplicationAccessAdmin", bank.frankfurt, true, only(&[bank.casper])).await;
        let here = bank.person(bank.frankfurt, "Frank").await;
        let there = bank.person(bank.france, "Francine").await;
        let denied = Err(Reason::NotPermitted);
        assert_eq!(bank.may(admin, AssignMembership { user: here, group: bank.imas_user }).await, denied);
        assert_eq!(bank.may(admin, AssignMembership { user: there, group: bank.casper_submitter }).await, denied);
        assert_eq!(bank.may(admin, AssignMembership { user: there, group: bank.imas_user }).await, Ok(()));
        assert_eq!(bank.may(admin, UpdateUser { user: there }).await, denied);
        let by = PrincipalId::Person(admin);
        let bridge = bank.grant(by, here, "ApplicationAccessAdmin", (bank.france, true), only(&[bank.imas])).await;
        assert_eq!(bridge.unwrap_err().reason(), Reason::NotPermitted);
        let both = bank.grant(by, here, "ApplicationAccessAdmin", (bank.frankfurt, true), only(&[bank.imas, bank.casper])).await;
        assert_eq!(both.unwrap_err().reason(), Reason::NotPermitted);
    }

    /// D13: to move somebody is to hand them to the administrators there, so it takes rights at both ends, and rank.
    async fn a_move_is_judged_by_who_comes_to_whom(world: World) {
        let bank = Bank::found(world).await;
        let here = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        assert_eq!(bank.may(here, MoveUser { user, to: bank.frankfurt }).await, Ok(()));
        assert_eq!(bank.may(here, MoveUser { user, to: bank.france }).await, Err(Reason::NotFound));
        let there = bank.user_admin(bank.france, true, "Francine").await;
        assert_eq!(bank.may(there, MoveUser { user, to: bank.france }).await, Err(Reason::NotFound));
        bank.appoint(user, "DelegatedUserAdmin", bank.bank_b, true, Applications::All).await;
        assert_eq!(bank.may(here, MoveUser { user, to: bank.frankfurt }).await, Err(Reason::Outranked));
    }

    /// D7: a token leaves of an authority what its scopes name, and an unknown scope leaves nothing.
    async fn a_token_narrows_what_its_holder_may_do(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let user = bank.person(bank.germany, "Gustav").await;
        let ask = async |scopes: &[&str], write: bool| {
            let mut ctx = bank.world.ctx_of(PrincipalId::Person(admin));
            ctx.token = Some(Limits::of_scopes(scopes));
            let tx = &mut bank.world.db.reader().await.unwrap();
            if write {
                bank.door.authorise(tx, &ctx, UpdateUser { user }).await.is_ok()
            } else {
                bank.door.authorise_read(tx, &ctx, ReadUser { user }).await.is_ok()
            }
        };
        assert!(ask(&["users:read"], false).await && !ask(&["users:read"], true).await);
        assert!(ask(&["users:write"], true).await);
        assert!(!ask(&[], false).await && !ask(&["Operator", "*", "users:WRITE"], false).await);
        let mut ctx = bank.world.ctx_of(PrincipalId::Person(admin));
        ctx.token = Some(Limits::of_scopes(&["scim"]));
        let role = "DelegatedUserAdmin".to_owned();
        let (to, organisation, applications) = (PrincipalId::Person(user), bank.germany, Applications::All);
        let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity: Validity::default() };
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(matches!(bank.door.authorise(tx, &ctx, action).await, Err(Refusal::Denied(_))), "`scim` carries no roles");
    }

    /// D7, SD8: what was judged a moment ago from a cache is judged anew for a change.
    async fn a_change_is_never_decided_from_the_cache_of_reads(world: World) {
        let bank = Bank::found(world).await;
        bank.user_admin(bank.germany, true, "Gisela").await;
        let admin = bank.person(bank.germany, "Gerda").await;
        let role = bank.appoint(admin, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let user = bank.person(bank.germany, "Gustav").await;
        let ctx = bank.world.ctx_of(PrincipalId::Person(admin));
        let tx = &mut bank.world.db.reader().await.unwrap();
        bank.door.authorise_read(tx, &ctx, UpdateUser { user }).await.unwrap();
        // Another node: it shares the database, not the memory.
        let elsewhere = Bank { door: chamberlain::authority::Door::new(bank.door.roles().clone()), ..bank.clone() };
        elsewhere.revoke(PrincipalId::Console, role, None).await.unwrap();
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(bank.door.authorise_read(tx, &ctx, UpdateUser { user }).await.is_ok(), "a read may lag for a second");
        assert!(bank.door.authorise(tx, &ctx, UpdateUser { user }).await.is_err());
        bank.world.clock.advance(Duration::from_secs(1));
        let later = bank.world.ctx_of(PrincipalId::Person(admin));
        assert!(bank.door.authorise_read(tx, &later, UpdateUser { user }).await.is_err());
    }

    /// DA-37: a group takes memberships of many levels with it when it goes, so only who reaches them all may delete it; and
    /// nobody deletes a person by whose end somebody above would lose rights.
    async fn nothing_is_deleted_whose_end_would_reach_further_than_ones_own_rights(world: World) {
        let bank = Bank::found(world).await;
        let access = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        let group = chamberlain::directory::group::store::find(tx, bank.imas_user).await.unwrap().unwrap();
        let action = chamberlain::authority::action::ManageGroup { application: bank.imas, environment: group.environment };
        assert_eq!(bank.may(access, action).await, Err(Reason::NotPermitted));
        let people = bank.user_admin(bank.germany, true, "Gerda").await;
        let above = bank.person(bank.germany, "Boris").await;
        let role = bank.appoint(above, "ApplicationAccessAdmin", bank.bank_b, true, only(&[bank.imas])).await;
        assert_eq!(bank.may(people, DeleteUser { user: above }).await, Err(Reason::Outranked));
        assert_eq!(bank.may(people, RevokeRole { assignment: role }).await, Err(Reason::NotPermitted));
    }
}
