//! D8, DA-04, DA-05: what is listed can be opened, what can be opened is listed, and counts count only that.

use std::collections::BTreeSet;

use chamberlain::authority::Scope;
use chamberlain::authority::action::{ReadContact, ReadUser};
use chamberlain::directory::names_store;
use chamberlain::directory::user::search_store::{self, Search};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{PrincipalId, UserId};

use crate::support::{Bank, only};

/// One actor of each kind, and one ordinary person per organisation.
async fn people(bank: &Bank) -> (Vec<UserId>, Vec<UserId>) {
    let mut all = Vec::new();
    for (number, at) in
        [bank.root, bank.bank_a, bank.bank_b, bank.germany, bank.frankfurt, bank.france].into_iter().enumerate()
    {
        all.push(bank.person(at, &format!("Plain {number}")).await);
    }
    let actors = vec![
        bank.user_admin(bank.bank_b, true, "Boris").await,
        bank.user_admin(bank.germany, true, "Gerda").await,
        bank.user_admin(bank.germany, false, "Gisela").await,
        bank.access_admin(bank.france, true, &[bank.imas], "Ada").await,
        bank.access_admin(bank.bank_b, false, &[bank.casper], "Axel").await,
        bank.user_admin(bank.root, true, "Rita").await,
        bank.person(bank.bank_b, "Nobody").await,
    ];
    all.extend(&actors);
    (actors, all)
}

on_both! {
    async fn d8_lists_show_exactly_whom_the_decision_lets_one_read(world: World) {
        let bank = Bank::found(world).await;
        let (actors, all) = people(&bank).await;
        let (mut shown, mut hidden) = (0, 0);
        for actor in actors {
            let ctx = bank.world.ctx_of(PrincipalId::Person(actor));
            let tx = &mut bank.world.db.reader().await.unwrap();
            let authority = bank.door.authority(tx, &ctx).await.unwrap();
            let search = Search::everybody(Scope::of_people(&authority, ctx.now), None);
            let listed: BTreeSet<UserId> =
                search_store::list(tx, &search, ctx.now, 1_000, 0).await.unwrap().into_iter().map(|user| user.id).collect();
            let mut readable = BTreeSet::new();
            for user in &all {
                if bank.door.authorise_read(tx, &ctx, ReadUser { user: *user }).await.is_ok() {
                    readable.insert(*user);
                }
            }
            assert_eq!(listed, readable);
            assert_eq!(search_store::count(tx, &search, ctx.now).await.unwrap(), listed.len() as u64);
            shown += listed.len();
            hidden += all.len() - listed.len();
        }
        assert!(shown > 20 && hidden > 20, "{shown} shown and {hidden} hidden say too little");
    }

    /// Decision 13, D8: the scope that guards filters, orders and exports is that of the decision about one person; and it is
    /// empty for whoever only gives access.
    async fn addresses_are_listed_exactly_of_whom_the_decision_lets_one_see_them(world: World) {
        let bank = Bank::found(world).await;
        let (mut actors, all) = people(&bank).await;
        let both = bank.user_admin(bank.frankfurt, true, "Berta").await;
        bank.appoint(both, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
        actors.push(both);
        let (mut shown, mut masked) = (0, 0);
        for actor in actors {
            let ctx = bank.world.ctx_of(PrincipalId::Person(actor));
            let tx = &mut bank.world.db.reader().await.unwrap();
            let authority = bank.door.authority(tx, &ctx).await.unwrap();
            let contacts = Scope::of_contacts(&authority, ctx.now);
            for user in &all {
                let home = store::find(tx, *user).await.unwrap().unwrap().organisation;
                let listed = !names_store::list_inside(tx, &contacts, &[home].into()).await.unwrap().is_empty();
                let seen = bank.door.authorise_read(tx, &ctx, ReadUser { user: *user }).await.is_ok();
                let allowed = bank.door.authorise_read(tx, &ctx, ReadContact { user: *user }).await.is_ok();
                assert_eq!(listed, allowed);
                assert!(seen || !allowed, "of whom one does not see one sees nothing");
                let judged = bank.door.judge_people(tx, &ctx, &[(*user, home)], &[|user| ReadContact { user }.into()]).await.unwrap();
                assert_eq!(judged[user].allows(0), allowed);
                shown += usize::from(allowed);
                masked += usize::from(seen && !allowed);
            }
        }
        assert!(shown > 20 && masked > 3, "{shown} shown and {masked} masked say too little");
    }

    async fn da_04_a_search_at_a_foreign_level_finds_and_counts_nobody(world: World) {
        let bank = Bank::found(world).await;
        let (actors, _) = people(&bank).await;
        let ctx = bank.world.ctx_of(PrincipalId::Person(actors[1]));
        let tx = &mut bank.world.db.reader().await.unwrap();
        let authority = bank.door.authority(tx, &ctx).await.unwrap();
        for foreign in [bank.france, bank.bank_a] {
            let search = Search::everybody(Scope::of_people(&authority, ctx.now), Some((foreign, true)));
            assert!(search_store::list(tx, &search, ctx.now, 10, 0).await.unwrap().is_empty());
            assert_eq!(search_store::count(tx, &search, ctx.now).await.unwrap(), 0);
        }
        // From above, the list is cut to the own branch.
        let search = Search::everybody(Scope::of_people(&authority, ctx.now), Some((bank.root, true)));
        let whole = search_store::count(tx, &search, ctx.now).await.unwrap();
        let own = Search::everybody(Scope::of_people(&authority, ctx.now), Some((bank.germany, true)));
        assert_eq!(whole, search_store::count(tx, &own, ctx.now).await.unwrap());
        assert!(whole > 0);
    }
}
