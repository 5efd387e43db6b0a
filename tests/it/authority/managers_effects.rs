//! What comes by itself, and what becomes of managed authorities when others come and go.

use std::collections::BTreeSet;
use std::time::Duration;

use chamberlain::authority::action::{AssignMembership, MoveOrganisation, ReadOrganisation, ReadUser};
use chamberlain::authority::{Applications, Reach, Scope};
use chamberlain::delegation::{effect, store as roles};
use chamberlain::directory::membership::access_store;
use chamberlain::directory::module::model::Coordinators;
use chamberlain::directory::organisation::retire::{Schedule, delete_all_due, remind_all_due};
use chamberlain::directory::organisation::{search_store, transfer};
use chamberlain::directory::user::search_store::{self as people, Search};
use chamberlain::kernel::ids::{GroupId, OrganisationId, PrincipalId, UserId};
use chamberlain::transact;
use tokio::sync::Notify;

use crate::support::{Failure, Modules, Network, failure, only};

async fn held(all: &Network, user: UserId) -> Vec<String> {
    let tx = &mut all.bank.world.db.reader().await.unwrap();
    let held = roles::list_of(tx, PrincipalId::Person(user)).await.unwrap();
    held.into_iter().map(|role| role.role).collect()
}

async fn groups(all: &Network, user: UserId) -> Vec<GroupId> {
    let tx = &mut all.bank.world.db.reader().await.unwrap();
    access_store::list_held(tx, user).await.unwrap().into_iter().map(|held| held.group).collect()
}

async fn move_below(all: &Network, organisation: OrganisationId, to: OrganisationId) {
    let ctx = all.bank.world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(all.bank.world.db, tx => {
        let permit = all.bank.door.authorise(tx, &ctx, MoveOrganisation { organisation, to }).await?;
        transfer::transfer(tx, permit, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// I19, D3: the first person of an authority is its Administrator, the second is not, and nobody hands on by it what they could not
    /// give: a delegate who only registers does not make Administrators.
    async fn the_first_person_of_an_authority_is_its_administrator(world: World) {
        let all = Network::found(world).await;
        assert_eq!(held(&all, all.anton).await, ["Administrator"]);
        let second = all.bank.create(PrincipalId::Person(all.nina), all.agency, "Clara").await.unwrap();
        assert!(held(&all, second).await.is_empty());
        let rosa = all.bank.person(all.office, "Rosa").await;
        all.bank.appoint(rosa, "RegistrationDelegate", all.germany, true, Applications::All).await;
        let rosa = PrincipalId::Person(rosa);
        let archive = all.register(rosa, all.germany, "Archive").await.unwrap();
        let first = all.bank.create(rosa, archive, "Albert").await.unwrap();
        assert!(held(&all, first).await.is_empty());
        let next = all.bank.create(PrincipalId::Person(all.nina), archive, "Next").await.unwrap();
        assert!(held(&all, next).await.is_empty(), "who is not the first is made one by hand");
    }

    /// D4, D6: it is given by the right of whoever creates the first person, and where somebody from elsewhere holds it already by nobody.
    async fn the_role_of_the_first_person_is_given_by_a_right_and_where_nobody_holds_it(world: World) {
        let all = Network::found(world).await;
        let nina = PrincipalId::Person(all.nina);
        let customs = all.register(nina, all.germany, "Customs").await.unwrap();
        let first = all.bank.create(nina, customs, "Cleo").await.unwrap();
        let tx = &mut all.bank.world.db.reader().await.unwrap();
        let given = roles::list_of(tx, PrincipalId::Person(first)).await.unwrap();
        let ninas = roles::list_of(tx, nina).await.unwrap();
        assert_eq!(given.len(), 1);
        assert!(ninas.iter().any(|own| given[0].granted_via == Some(own.id)), "{given:?}");
        let annex = all.register(nina, all.germany, "Annex").await.unwrap();
        all.bank.appoint(first, "Administrator", annex, false, Applications::All).await;
        let own = all.bank.create(nina, annex, "Olga").await.unwrap();
        assert!(held(&all, own).await.is_empty());
    }

    /// I29, I55, I56, D2: with a module its Administrators get all of its groups at once, others get none; and nobody gets any from
    /// whoever could not give them, or from themself (D5).
    async fn a_module_brings_all_its_groups_to_the_administrators(world: World) {
        let all = Network::found(world).await;
        let modules = Modules::of(&all.bank.world, &all.bank.door);
        let clara = all.bank.person(all.agency, "Clara").await;
        for application in [all.bank.imas, all.bank.casper] {
            modules.rule(application, true, Coordinators::Optional).await;
        }
        let maria = modules.by(PrincipalId::Person(all.maria));
        maria.grant((all.agency, all.bank.imas)).await.unwrap();
        assert_eq!(groups(&all, all.anton).await, [all.bank.imas_user]);
        assert!(groups(&all, clara).await.is_empty());
        assert!(groups(&all, all.maria).await.is_empty());
        // Suspended and given back, nothing is given again.
        maria.suspend((all.agency, all.bank.imas)).await.unwrap();
        maria.regrant((all.agency, all.bank.imas)).await.unwrap();
        assert_eq!(groups(&all, all.anton).await, [all.bank.imas_user]);
        // The coordinator of the country, at home where the module goes.
        all.bank.appoint(all.nina, "Administrator", all.germany, false, Applications::All).await;
        modules.by(PrincipalId::Person(all.nina)).grant((all.germany, all.bank.imas)).await.unwrap();
        assert!(groups(&all, all.nina).await.is_empty());
    }

    /// D13: nobody manages across countries; what is left without anybody comes to the top of its country.
    async fn an_authority_that_moves_to_another_country_changes_its_managers(world: World) {
        let all = Network::found(world).await;
        let maria = PrincipalId::Person(all.maria);
        let library = all.register(maria, all.ministry, "Library").await.unwrap();
        all.remove(all.maria, (all.agency, all.germany)).await.unwrap();
        // Known before, with who loses by it (D13).
        let tx = &mut all.bank.world.db.reader().await.unwrap();
        let (roles, now) = (all.bank.door.roles(), all.bank.world.clock.now());
        let effect = effect::of_transfer(tx, roles, (all.ministry, all.germany, all.france), now).await.unwrap();
        assert_eq!(effect.links.ended.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&(all.agency, all.ministry), &(all.ministry, all.germany)]));
        assert_eq!(effect.links.begun.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&(all.agency, all.germany), &(all.ministry, all.france)]));
        assert!(effect.loses.holders.iter().any(|one| one.principal == maria), "{effect:?}");
        move_below(&all, all.ministry, all.france).await;
        assert_eq!(all.managers(all.ministry).await, ["France"]);
        assert_eq!(all.managers(library).await, ["Ministry"], "moved together");
        assert_eq!(all.managers(all.agency).await, ["Germany"], "left behind by its only manager");
        let left = ReadOrganisation { organisation: all.agency };
        all.bank.may(all.maria, left).await.unwrap_err();
        // Within a country nothing changes.
        move_below(&all, library, all.marseille).await;
        assert_eq!(all.managers(library).await, ["Ministry"]);
        all.bank.may(all.maria, ReadOrganisation { organisation: library }).await.unwrap();
        // But for this: nobody manages what stands above them (D4).
        move_below(&all, all.ministry, library).await;
        assert_eq!(all.managers(library).await, ["France"]);
    }

    /// D9, I51: an authority that is deleted leaves nothing without a manager, and its managers are reminded of it.
    async fn a_deleted_access_manager_leaves_nothing_unmanaged(world: World) {
        let all = Network::found(world).await;
        all.remove(all.maria, (all.agency, all.germany)).await.unwrap();
        let modules = Modules::of(&all.bank.world, &all.bank.door);
        modules.close(all.ministry, true).await.unwrap();
        all.bank.world.clock.advance(Duration::from_hours(182 * 24));
        let ctx = all.bank.world.ctx_of(PrincipalId::Console);
        let schedule = Schedule { door: &all.bank.door, after: Duration::from_hours(183 * 24) };
        remind_all_due(&all.bank.world.db, schedule, &ctx).await.unwrap();
        all.bank.world.clock.advance(Duration::from_hours(25));
        let ctx = all.bank.world.ctx_of(PrincipalId::Console);
        delete_all_due(&all.bank.world.db, schedule, &ctx).await.unwrap();
        assert_eq!(all.managers(all.agency).await, ["Germany"]);
        assert!(all.managers(all.ministry).await.is_empty());
    }

    /// D8, I41, I42: lists and counts of people and authorities are those of the decision, with the wider view and without it.
    async fn lists_show_what_is_managed_and_what_is_found_in_the_country(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let mut everybody = vec![all.nina, all.maria, all.anton, all.olaf];
        let places = [all.root, all.germany, all.france, all.ministry, all.agency, all.office, all.marseille];
        for (number, at) in places.into_iter().enumerate() {
            everybody.push(bank.person(at, &format!("Plain {number}")).await);
        }
        everybody.push(bank.person(all.agency, "Plain too").await);
        let (mut shown, mut hidden) = (0, 0);
        for actor in [all.nina, all.maria, all.anton, all.olaf, everybody[7]] {
            let ctx = bank.world.ctx_of(PrincipalId::Person(actor));
            let tx = &mut bank.world.db.reader().await.unwrap();
            let authority = bank.door.authority(tx, &ctx).await.unwrap();
            let search = Search::everybody(Scope::of_people(&authority, ctx.now), None);
            let (users, total) = people::page(tx, &search, ctx.now, 1_000, 0).await.unwrap();
            let listed: BTreeSet<UserId> = users.into_iter().map(|user| user.id).collect();
            assert_eq!(total, listed.len() as u64);
            let reach = Reach::of(tx, &Scope::of_people(&authority, ctx.now), None).await.unwrap();
            assert_eq!(reach.count(tx).await.unwrap(), i64::try_from(total).unwrap());
            for user in &everybody {
                let readable = bank.door.authorise_read(tx, &ctx, ReadUser { user: *user }).await.is_ok();
                assert_eq!(listed.contains(user), readable);
                shown += usize::from(readable);
                hidden += usize::from(!readable);
            }
            let wide = Scope::of(&authority, &[chamberlain::authority::Permission::OrganisationRead], ctx.now);
            let found = |scope| search_store::Search { scope, name: String::new(), parent: None };
            let listed = search_store::list(tx, &found(wide.clone()), 100, 0).await.unwrap();
            assert_eq!(search_store::count(tx, &found(wide.clone())).await.unwrap(), listed.len() as u64);
            for at in places {
                let readable = bank.door.authorise_read(tx, &ctx, ReadOrganisation { organisation: at }).await.is_ok();
                assert_eq!(listed.iter().any(|one| one.id == at), readable);
            }
            if actor == all.maria {
                let mine = search_store::list(tx, &found(wide.without_country()), 100, 0).await.unwrap();
                let names = |list: &[chamberlain::directory::organisation::model::Organisation]| {
                    list.iter().map(|one| one.name.clone()).collect::<Vec<_>>()
                };
                assert_eq!(names(&mine), ["Agency", "Ministry"], "only what they manage, and themselves");
                assert_eq!(names(&listed), ["Agency", "Germany", "Ministry", "Office"]);
            }
        }
        assert!(shown > 15 && hidden > 15, "{shown} shown and {hidden} hidden say too little");
    }

    /// DA-31: a link is a part of an authority: whoever removes it is not answered between a decision by it and its write.
    async fn removing_a_manager_does_not_slip_in_between_a_decision_and_its_write(world: World) {
        let all = Network::found(world).await;
        let clara = all.bank.person(all.agency, "Clara").await;
        let ctx = all.bank.world.ctx_of(PrincipalId::Person(all.maria));
        let (decided, answered) = (Notify::new(), Notify::new());
        let mut waited = None;
        let assigning = async {
            transact!(all.bank.world.db, tx => {
                let action = AssignMembership { user: clara, group: all.bank.imas_user };
                let permit = all.bank.door.authorise(tx, &ctx, action).await?;
                if waited.is_none() {
                    decided.notify_one();
                    waited = Some(tokio::time::timeout(Duration::from_millis(300), answered.notified()).await.is_ok());
                }
                chamberlain::directory::membership::assign::assign(tx, permit, None, &ctx).await.map(drop).map_err(failure)
            })
        };
        let removing = async {
            decided.notified().await;
            loop {
                match all.remove(all.nina, (all.agency, all.ministry)).await {
                    Err(Failure::Db(error)) if error.is_retryable() => {}
                    outcome => break outcome.unwrap(),
                }
            }
            answered.notify_one();
        };
        let (outcome, ()): (Result<(), Failure>, ()) = tokio::join!(assigning, removing);
        assert!(outcome.is_err() || waited == Some(false), "it was removed, and then a membership was written");
        all.bank.assign(PrincipalId::Person(all.maria), clara, all.bank.imas_user).await.unwrap_err();
    }

    /// I02, D3: a coordinator hands on the whole country, a part of it, or some modules of it; never more than that, and takes it back.
    async fn a_national_coordinator_hands_on_a_part(world: World) {
        let all = Network::found(world).await;
        let bank = &all.bank;
        let nina = PrincipalId::Person(all.nina);
        let (rosa, moritz) = (bank.person(all.office, "Rosa").await, bank.person(all.office, "Moritz").await);
        let (part, modules) = ("RegistrationDelegate", "ModuleDelegate");
        bank.grant(nina, rosa, part, (all.ministry, true), Applications::All).await.unwrap();
        let (given, _) = bank.grant(nina, moritz, modules, (all.germany, true), only(&[bank.imas])).await.unwrap();
        let rosa_acts = PrincipalId::Person(rosa);
        all.register(rosa_acts, all.ministry, "Below").await.unwrap();
        all.register(rosa_acts, all.germany, "Beside").await.unwrap_err();
        // Neither hands anything on, and nobody hands on another country.
        for (who, to) in [(rosa, moritz), (moritz, rosa)] {
            bank.grant(PrincipalId::Person(who), to, part, (all.ministry, true), Applications::All).await.unwrap_err();
        }
        bank.grant(nina, rosa, part, (all.france, true), Applications::All).await.unwrap_err();
        bank.grant(nina, rosa, part, (all.root, true), Applications::All).await.unwrap_err();
        let asked = Modules::of(&bank.world, &bank.door);
        asked.rule(bank.imas, true, Coordinators::Optional).await;
        asked.rule(bank.casper, true, Coordinators::Optional).await;
        asked.by(PrincipalId::Person(moritz)).grant((all.agency, bank.casper)).await.unwrap_err();
        asked.by(PrincipalId::Person(moritz)).grant((all.agency, bank.imas)).await.unwrap();
        bank.revoke(nina, given, None).await.unwrap();
        asked.by(PrincipalId::Person(moritz)).suspend((all.agency, bank.imas)).await.unwrap_err();
        // The whole of it.
        let second = bank.person(all.office, "Nils").await;
        bank.grant(nina, second, "NationalCoordinator", (all.germany, true), Applications::All).await.unwrap();
        all.register(PrincipalId::Person(second), all.germany, "Beside").await.unwrap();
    }
}
