//! What ends with an account and with a group, and that it stays ended.

use std::collections::BTreeSet;
use std::time::Duration;

use chamberlain::audit::Kind;
use chamberlain::audit::store::Row;
use chamberlain::authority::Applications;
use chamberlain::authority::action::{CreateUser, DeleteUser, ManageGroup, UpdateUser};
use chamberlain::delegation::audit_store::{self, Search, View};
use chamberlain::delegation::store as roles;
use chamberlain::directory::group::{self, manage as groups};
use chamberlain::directory::membership::{self, model::Membership};
use chamberlain::directory::user::guard::Guard;
use chamberlain::directory::user::model::UserChange;
use chamberlain::directory::user::{create, delete, store, update};
use chamberlain::kernel::ids::{MembershipId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Failure, failure, newcomer, only};

/// Everything of one kind in the log, as the operator of the server reads it.
async fn log(bank: &Bank, kind: Kind) -> Vec<Row> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    let now = bank.world.clock.now();
    let authority = bank.door.authority_of(tx, PrincipalId::Console, now).await.unwrap();
    let (channel, organisation, actor, subject) = (None, None, None, None);
    let (since, until, after, view) = (None, None, None, View::of(&authority, now));
    let search = Search { view, kind: Some(kind), channel, organisation, actor, subject, since, until, after };
    audit_store::list(tx, &search, 10_000).await.unwrap()
}

async fn delete(bank: &Bank, user: UserId) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
        let guard = Guard { roles: bank.door.roles(), reason: Some("has left") };
        delete::delete(tx, permit, None, guard, &ctx).await.map_err(failure)
    });
    done.unwrap();
    bank.door.changed();
}

async fn restore(bank: &Bank, user: UserId) {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, DeleteUser { user }).await?;
        delete::restore(tx, permit, Duration::from_hours(24), &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
    bank.door.changed();
}

on_both! {
    /// D9, D10, DA-47: who is hired again, or was deleted by mistake, is given access anew. Each role and each membership that
    /// ended is a line in the log.
    async fn a_restored_person_holds_none_of_the_roles_and_memberships_of_before(world: World) {
        let bank = Bank::found(world).await;
        let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
        bank.appoint(gerda, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        let boris = bank.user_admin(bank.bank_b, true, "Boris").await;
        let by = PrincipalId::Person(boris);
        bank.grant(by, gerda, "DelegatedUserAdmin", (bank.france, true), Applications::All).await.unwrap();
        bank.assign(PrincipalId::Console, gerda, bank.imas_user).await.unwrap();
        bank.assign(PrincipalId::Console, gerda, bank.casper_submitter).await.unwrap();
        delete(&bank, gerda).await;
        let revoked = log(&bank, Kind::RoleRevoked).await;
        assert_eq!(revoked.len(), 3, "the proposal, too");
        assert!(revoked.iter().all(|row| row.details.contains("user.deleted")), "{revoked:?}");
        let removed = log(&bank, Kind::MembershipRemoved).await;
        let about: BTreeSet<_> = removed.iter().map(|row| (row.subject_id, row.application_id)).collect();
        assert_eq!(about, BTreeSet::from([(gerda.0, Some(bank.imas)), (gerda.0, Some(bank.casper))]));
        restore(&bank, gerda).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert_eq!(roles::list_of(tx, PrincipalId::Person(gerda)).await.unwrap(), []);
        assert_eq!(membership::store::list_of_user(tx, gerda).await.unwrap(), []);
        let user = bank.person(bank.germany, "Gustav").await;
        assert!(bank.may(gerda, UpdateUser { user }).await.is_err());
        delete(&bank, gerda).await;
        assert_eq!(log(&bank, Kind::RoleRevoked).await.len(), 3, "what has ended does not end twice");
    }

    /// D15: an address that waited when the account was deleted does not take effect after it was restored.
    async fn a_change_of_address_that_waited_ends_with_the_account(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.assign(PrincipalId::Console, user, bank.imas_user).await.unwrap();
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let change = UserChange { email: Some(Some("new@bank.example".parse().unwrap())), ..UserChange::default() };
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateUser { user }).await?;
            let guard = Guard { roles: bank.door.roles(), reason: None };
            update::update(tx, permit, change.clone(), None, guard, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        delete(&bank, user).await;
        restore(&bank, user).await;
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert_eq!(store::find(tx, user).await.unwrap().unwrap().pending, None);
    }

    /// D10: whoever lost a membership finds that in their own log, however many they were.
    async fn every_member_of_a_deleted_group_has_a_line_in_the_log(world: World) {
        const MEMBERS: usize = 1_001;
        let bank = Bank::found(world).await;
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let home = |n: usize| if n.is_multiple_of(2) { bank.germany } else { bank.france };
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let asked = (0..MEMBERS).map(|n| CreateUser { organisation: home(n) }).collect();
            let permits = bank.door.authorise_all(tx, &ctx, asked).await?;
            let people = (0..MEMBERS).map(|n| newcomer(&format!("Member {n}"))).collect();
            for user in create::create_many(tx, permits, people, &ctx).await.map_err(failure)? {
                let member = Membership {
                    id: MembershipId(ctx.uuid()),
                    user: user.id,
                    group: bank.imas_user,
                    granted_by: PrincipalId::Console,
                    granted_via: None,
                    granted_at: ctx.now,
                    until: None,
                };
                membership::store::insert(tx, &member).await?;
            }
            Ok(())
        });
        done.unwrap();
        let done: Result<(), Failure> = transact!(bank.world.db, tx => {
            let group = group::store::find(tx, bank.imas_user).await?.unwrap();
            let action = ManageGroup { application: group.application, environment: group.environment };
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            groups::delete(tx, permit, group.id, None, &ctx).await.map_err(failure)
        });
        done.unwrap();
        let removed = log(&bank, Kind::MembershipRemoved).await;
        assert_eq!(removed.iter().map(|row| row.subject_id).collect::<BTreeSet<_>>().len(), MEMBERS);
        assert_eq!(removed.len(), MEMBERS);
        assert!(removed.iter().all(|row| row.application_id == Some(bank.imas) && row.details.contains("IMAS_PORTAL_USER")));
        let here = removed.iter().filter(|row| row.organisation_id == Some(bank.germany)).count();
        assert_eq!(here, MEMBERS.div_ceil(2), "each in the log of their own level");
        assert_eq!(log(&bank, Kind::GroupDeleted).await.len(), 1);
    }
}
