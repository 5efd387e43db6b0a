//! D8, DA-04, DA-05: what is listed can be opened, what can be opened is listed, and counts count only that.

use std::collections::BTreeSet;

use chamberlain::authority::action::{ConfirmRole, ReadContact, ReadUser};
use chamberlain::authority::{ApplicationScope, Applications, Door, Permission, Scope};
use chamberlain::delegation::model::{RoleAssignment, State};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::{listed_store, store as roles};
use chamberlain::directory::client::model::ClientKind;
use chamberlain::directory::names_store;
use chamberlain::directory::user::search_store::{self, Search};
use chamberlain::directory::user::store;
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};

use super::services;
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

/// Roles that wait for a confirmation, in a bank where administrators confirm what others propose in their scope: who proposed and
/// could confirm them, and all of them.
async fn proposals(bank: &mut Bank) -> (Vec<UserId>, Vec<RoleAssignmentId>) {
    let (given, confirmed) =
        ("\"role.grant\", \"organisation.read\"", "\"role.grant\", \"role.confirm\", \"organisation.read\"");
    bank.door = Door::new(load(&SHIPPED[0].1.replace(given, confirmed)).unwrap().roles);
    let (both, imas, casper) = (only(&[bank.imas, bank.casper]), only(&[bank.imas]), only(&[bank.casper]));
    let boris = bank.user_admin(bank.bank_b, true, "Boris").await;
    let gerda = bank.user_admin(bank.germany, true, "Gerda").await;
    let rolf = bank.user_admin(bank.root, true, "Rolf").await;
    let ada = bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await;
    let axel = bank.access_admin(bank.bank_b, true, &[bank.imas, bank.casper], "Axel").await;
    let olga = bank.person(bank.root, "Olga").await;
    bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
    let actors = vec![
        boris,
        gerda,
        rolf,
        ada,
        axel,
        olga,
        bank.user_admin(bank.germany, false, "Gisela").await,
        bank.access_admin(bank.bank_b, true, &[bank.casper], "Alma").await,
        bank.person(bank.bank_b, "Nobody").await,
    ];
    let (people, access) = ("DelegatedUserAdmin", "ApplicationAccessAdmin");
    let mut all = Vec::new();
    for (number, (by, role, at, below, applications)) in [
        (gerda, people, bank.frankfurt, true, Applications::All),
        (boris, people, bank.frankfurt, false, Applications::All),
        (boris, people, bank.france, true, Applications::All),
        (rolf, people, bank.bank_a, true, Applications::All),
        (ada, access, bank.frankfurt, false, imas),
        (axel, access, bank.germany, true, both),
        (axel, access, bank.france, true, casper),
    ]
    .into_iter()
    .enumerate()
    {
        let to = bank.person(at, &format!("Proposed {number}")).await;
        let (id, state) = bank.grant(PrincipalId::Person(by), to, role, (at, below), applications).await.unwrap();
        assert_eq!(state, State::Pending, "{number}");
        all.push(id);
    }
    // One to somebody who could confirm it otherwise, and one to a service.
    let own = bank.grant(PrincipalId::Person(rolf), boris, people, (bank.frankfurt, true), Applications::All).await;
    all.push(own.unwrap().0);
    let client = services::register(bank, PrincipalId::Console, Some(bank.france), ClientKind::Machine).await.unwrap();
    let by = PrincipalId::Person(boris);
    services::grant_to(bank, by, client, (people, bank.france), Applications::All).await.unwrap();
    let tx = &mut bank.world.db.reader().await.unwrap();
    let held = roles::list_of(tx, PrincipalId::Service(client)).await.unwrap();
    all.extend(held.iter().map(|one| one.id));
    (actors, all)
}

on_both! {
    /// D8, D11: what is listed as waiting for somebody's confirmation is what the decision lets them confirm, no more and no less.
    async fn d11_what_waits_is_listed_for_exactly_those_who_may_confirm_it(world: World) {
        let mut bank = Bank::found(world).await;
        let (actors, all) = proposals(&mut bank).await;
        assert_eq!(all.len(), 9);
        let (mut shown, mut hidden) = (0, 0);
        for actor in actors {
            let ctx = bank.world.ctx_of(PrincipalId::Person(actor));
            let tx = &mut bank.world.db.reader().await.unwrap();
            let authority = bank.door.authority(tx, &ctx).await.unwrap();
            let reach = ApplicationScope::of(&authority, &[Permission::RoleConfirm], ctx.now);
            let near = listed_store::list_proposed(tx, &reach, PrincipalId::Person(actor), (ctx.now, 100)).await.unwrap();
            let asked: Vec<_> = near.iter().map(RoleAssignment::proposal).collect();
            let may = bank.door.judge_proposed(tx, &ctx, &asked).await.unwrap();
            let listed: BTreeSet<_> = near.iter().zip(may).filter(|(_, may)| *may).map(|(role, _)| role.id).collect();
            let mut allowed = BTreeSet::new();
            for assignment in &all {
                if bank.door.authorise_read(tx, &ctx, ConfirmRole { assignment: *assignment }).await.is_ok() {
                    allowed.insert(*assignment);
                }
            }
            assert_eq!(listed, allowed);
            shown += listed.len();
            hidden += all.len() - listed.len();
        }
        assert!(shown > 15 && hidden > 15, "{shown} shown and {hidden} hidden say too little");
    }

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
