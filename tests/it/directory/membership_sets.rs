//! Sets of memberships: the groups of a person, or the members of a group, changed as one.

use chamberlain::audit;
use chamberlain::authority::Reason;
use chamberlain::authority::action::{AssignMembership, RemoveMembership};
use chamberlain::directory::membership::assign::{Changed, change_all};
use chamberlain::directory::membership::store;
use chamberlain::kernel::ids::{GroupId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Failure, failure};

type Pairs<'a> = &'a [(UserId, GroupId)];

async fn change(bank: &Bank, by: UserId, wanted: Pairs<'_>, unwanted: Pairs<'_>) -> Result<Changed, Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(by));
    transact!(bank.world.db, tx => {
        let lost = unwanted.iter().map(|(user, group)| RemoveMembership { user: *user, group: *group }).collect();
        let won = wanted.iter().map(|(user, group)| AssignMembership { user: *user, group: *group }).collect();
        let lost = bank.door.authorise_all(tx, &ctx, lost).await?;
        let won = bank.door.authorise_all(tx, &ctx, won).await?;
        change_all(tx, won.into_iter().map(|permit| (permit, None)).collect(), lost, &ctx).await.map_err(failure)
    })
}

async fn groups(bank: &Bank, user: UserId) -> Vec<GroupId> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    store::list_of_user(tx, user).await.unwrap().into_iter().map(|held| held.group).collect()
}

on_both! {
    /// D2, D10, E49: one transaction, one line of the log for each change.
    async fn a_set_of_memberships_changes_as_one(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.access_admin(bank.germany, true, &[bank.imas, bank.casper], "Ada").await;
        let (user, other) = (bank.person(bank.germany, "Gustav").await, bank.person(bank.frankfurt, "Frank").await);
        bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
        let wanted = [(user, bank.imas_user), (other, bank.imas_user)];
        let changed = change(&bank, admin, &wanted, &[(user, bank.casper_submitter)]).await.unwrap();
        assert_eq!(changed, Changed { assigned: 2, removed: 1 });
        assert_eq!((groups(&bank, user).await, groups(&bank, other).await), (vec![bank.imas_user], vec![bank.imas_user]));
        let again = change(&bank, admin, &wanted, &[(user, bank.casper_submitter)]).await.unwrap();
        assert_eq!(again, Changed::default(), "what is as wanted is left alone");
        let tx = &mut bank.world.db.reader().await.unwrap();
        let log = audit::store::list_of_subject(tx, user.0, bank.world.clock.now(), 100).await.unwrap();
        let mine: Vec<_> = log.iter().filter(|row| row.actor_id == Some(admin.0)).collect();
        assert_eq!(mine.len(), 2);
        assert!(mine.iter().all(|row| row.request_id == mine[0].request_id && row.via.is_some()));
    }

    /// DA-13, DA-15, DA-36: one element that is refused refuses the whole set.
    async fn a_set_with_one_foreign_element_changes_nothing(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let (user, foreign) = (bank.person(bank.germany, "Gustav").await, bank.person(bank.france, "Francine").await);
        bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
        let good = (user, bank.imas_user);
        for (wanted, unwanted) in [
            (vec![good, (user, bank.casper_submitter)], vec![]),
            (vec![good, (foreign, bank.imas_user)], vec![]),
            (vec![good, (admin, bank.imas_user)], vec![]),
            (vec![good], vec![(user, bank.casper_submitter)]),
        ] {
            let refused = change(&bank, admin, &wanted, &unwanted).await.unwrap_err().reason();
            assert!(matches!(refused, Reason::NotFound | Reason::OwnAccount), "{refused:?}");
            assert_eq!(groups(&bank, user).await, [bank.casper_submitter]);
        }
        change(&bank, admin, &[good], &[]).await.unwrap();
    }
}
