//! Module access: who grants it, what it opens, what suspending it closes.

use chamberlain::audit;
use chamberlain::authority::action::{AssignMembership, GrantModule, RemoveMembership, SuspendModule};
use chamberlain::authority::{Door, Reason};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::module::model::{Coordinators, ModuleKind, ModuleStatus};
use chamberlain::directory::module::{store, suspend};
use chamberlain::directory::user::{guard::Guard, transfer};
use chamberlain::directory::{application, membership};
use chamberlain::kernel::ids::{GroupId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Failure, Modules, failure, only};

/// The shipped profile with a role that manages modules of some applications in some organisations.
const MANAGER: &str = r#"
[[roles]]
code = "ModuleManager"
scope = "organisation+applications"
permissions = ["organisation.read", "module.manage"]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]
"#;

fn with_manager() -> Door {
    Door::new(load(&format!("{}{MANAGER}", SHIPPED[0].1)).unwrap().roles)
}

async fn groups(bank: &Bank, user: UserId) -> Vec<GroupId> {
    let tx = &mut bank.world.db.reader().await.unwrap();
    let held = membership::access_store::list_held(tx, user).await.unwrap();
    held.into_iter().map(|held| held.group).collect()
}

async fn remove(bank: &Bank, by: UserId, user: UserId, group: GroupId) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Person(by));
    transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, RemoveMembership { user, group }).await?;
        membership::assign::remove(tx, permit, &ctx).await.map_err(failure)
    })
}

on_both! {
    /// D2, I06, I53, I76, I77: where the module is asked for, nobody of an organisation without it is added; suspended, those who
    /// are in stay and can be taken out, and nobody is added; given back, all is as it was.
    async fn nobody_is_added_where_the_module_is_missing_or_suspended(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        let daa = bank.access_admin(bank.bank_b, true, &[bank.imas, bank.casper], "Ada").await;
        let (anna, bert) = (bank.person(bank.germany, "Anna").await, bank.person(bank.germany, "Bert").await);
        let add = |user, group| AssignMembership { user, group };
        bank.may(daa, add(anna, bank.imas_user)).await.unwrap();
        modules.ask(bank.imas).await;
        assert_eq!(bank.may(daa, add(anna, bank.imas_user)).await, Err(Reason::ModuleMissing));
        bank.may(daa, add(anna, bank.casper_submitter)).await.unwrap();
        // What the organisations above and below hold is theirs.
        modules.grant((bank.bank_b, bank.imas)).await.unwrap();
        modules.grant((bank.frankfurt, bank.imas)).await.unwrap();
        modules.grant((bank.germany, bank.casper)).await.unwrap_err();
        assert_eq!(bank.may(daa, add(anna, bank.imas_user)).await, Err(Reason::ModuleMissing));

        let at = (bank.germany, bank.imas);
        modules.grant(at).await.unwrap();
        for user in [anna, bert] {
            bank.assign(PrincipalId::Person(daa), user, bank.imas_user).await.unwrap();
        }
        modules.suspend(at).await.unwrap();
        let carl = bank.person(bank.germany, "Carl").await;
        assert_eq!(bank.may(daa, add(carl, bank.imas_user)).await, Err(Reason::ModuleSuspended));
        assert_eq!(groups(&bank, anna).await, [bank.imas_user]);
        remove(&bank, daa, bert, bank.imas_user).await.unwrap();
        assert!(groups(&bank, bert).await.is_empty());
        assert_eq!(bank.may(daa, add(bert, bank.imas_user)).await, Err(Reason::ModuleSuspended), "nor added again");
        assert!(modules.suspend(at).await.unwrap_err().to_string().contains("suspended already"));
        let back = modules.regrant(at).await.unwrap();
        assert_eq!((back.status, back.terms.kind), (ModuleStatus::Active, ModuleKind::Authority));
        bank.assign(PrincipalId::Person(daa), bert, bank.imas_user).await.unwrap();
        assert!(modules.regrant(at).await.unwrap_err().to_string().contains("active already"));
    }

    /// D2: the console and the operator add nobody either, and a batch with one such element changes nothing.
    async fn d2_nobody_is_above_the_rule_of_modules(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        modules.grant((bank.germany, bank.imas)).await.unwrap();
        let (anna, alf) = (bank.person(bank.germany, "Anna").await, bank.person(bank.bank_a, "Alf").await);
        let refused = bank.assign(PrincipalId::Console, alf, bank.imas_user).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::ModuleMissing);
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let all: Result<_, Failure> = transact!(bank.world.db, tx => {
            let actions = [anna, alf].map(|user| AssignMembership { user, group: bank.imas_user });
            let permits = bank.door.authorise_all(tx, &ctx, actions.to_vec()).await?;
            let wanted = permits.into_iter().map(|permit| (permit, None)).collect();
            membership::assign::change_all(tx, wanted, Vec::new(), &ctx).await.map_err(failure)
        });
        assert_eq!(all.unwrap_err().reason(), Reason::ModuleMissing);
        assert!(groups(&bank, anna).await.is_empty());
    }

    /// D2, D3, D8: an explicit set of applications and the subtree narrow the right as they narrow every other one.
    async fn modules_are_managed_within_ones_organisations_and_applications(world: World) {
        let mut bank = Bank::found(world).await;
        bank.door = with_manager();
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        modules.ask(bank.casper).await;
        let manager = bank.person(bank.bank_b, "Mara").await;
        bank.appoint(manager, "ModuleManager", bank.bank_b, true, only(&[bank.imas])).await;
        let grant = |organisation, application| GrantModule { organisation, application, coordinators: Vec::new() };
        bank.may(manager, grant(bank.frankfurt, bank.imas)).await.unwrap();
        assert_eq!(bank.may(manager, grant(bank.frankfurt, bank.casper)).await, Err(Reason::NotPermitted));
        assert_eq!(bank.may(manager, grant(bank.bank_a, bank.imas)).await, Err(Reason::NotFound));
        let suspend = |organisation, application| SuspendModule { organisation, application };
        assert_eq!(bank.may(manager, suspend(bank.bank_a, bank.imas)).await, Err(Reason::NotFound));
        assert_eq!(bank.may(manager, suspend(bank.germany, bank.casper)).await, Err(Reason::NotPermitted));
        let (dua, daa) = (bank.user_admin(bank.bank_b, true, "Dora").await, bank.access_admin(bank.bank_b, true, &[bank.imas], "Ada").await);
        for other in [dua, daa] {
            assert_eq!(bank.may(other, grant(bank.germany, bank.imas)).await, Err(Reason::NotPermitted));
            assert_eq!(bank.may(other, suspend(bank.germany, bank.imas)).await, Err(Reason::NotPermitted));
        }
        // Whoever is out of sight cannot be named as a coordinator, whether it is one or not (D13).
        modules.grant_as((bank.bank_a, bank.imas), ModuleKind::Coordinator, &[]).await.unwrap();
        for outside in [bank.bank_a, bank.root] {
            let naming = GrantModule { organisation: bank.germany, application: bank.imas, coordinators: vec![outside] };
            assert_eq!(bank.may(manager, naming).await, Err(Reason::NotFound));
        }
    }

    /// I25, I28, I54: coordinators hold the module themselves, active, as coordinators; how many are named is the
    /// application's rule.
    async fn coordinators_are_active_coordinators_of_the_same_module(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.rule(bank.imas, true, Coordinators::Required).await;
        let at = (bank.germany, bank.imas);
        let says = |failure: Failure| failure.to_string();
        assert!(says(modules.grant(at).await.unwrap_err()).contains("has to name a coordinator"));
        let naming = async |one| modules.grant_as(at, ModuleKind::Authority, &[one]).await;
        assert!(says(naming(bank.bank_b).await.unwrap_err()).contains("active coordinator"), "holds nothing");
        modules.grant_as((bank.bank_b, bank.imas), ModuleKind::Coordinator, &[]).await.unwrap();
        modules.suspend((bank.bank_b, bank.imas)).await.unwrap();
        assert!(says(naming(bank.bank_b).await.unwrap_err()).contains("active coordinator"), "suspended");
        modules.regrant((bank.bank_b, bank.imas)).await.unwrap();
        assert_eq!(naming(bank.bank_b).await.unwrap().coordinators, [bank.bank_b]);
        assert!(says(naming(bank.bank_b).await.unwrap_err()).contains("already"));
        let other = modules.grant_as((bank.france, bank.imas), ModuleKind::Authority, &[bank.germany]).await;
        assert!(says(other.unwrap_err()).contains("active coordinator"), "an authority");
        let itself = modules.grant_as((bank.bank_a, bank.imas), ModuleKind::Coordinator, &[bank.bank_b]).await;
        assert!(says(itself.unwrap_err()).contains("no coordinator can be named"));
        modules.rule(bank.casper, true, Coordinators::Forbidden).await;
        let forbidden = modules.grant_as((bank.france, bank.casper), ModuleKind::Authority, &[bank.bank_b]).await;
        assert!(says(forbidden.unwrap_err()).contains("no coordinator can be named"));
    }

    /// D9, I45, I57: links are changed at any time, kinds only while suspended, and never from under those who name it.
    async fn i57_authority_and_coordinator_are_exchanged_only_while_suspended(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        let (b, germany) = ((bank.bank_b, bank.imas), (bank.germany, bank.imas));
        modules.grant_as(b, ModuleKind::Coordinator, &[]).await.unwrap();
        let first = modules.grant(germany).await.unwrap();
        let changed = modules.change(germany, ModuleKind::Authority, &[bank.bank_b], Some(first.version)).await.unwrap();
        assert_eq!(modules.find(germany).await.unwrap(), changed);
        let stale = modules.change(germany, ModuleKind::Authority, &[], Some(first.version)).await.unwrap_err();
        assert!(stale.to_string().contains("somebody else"));
        let active = modules.change(germany, ModuleKind::Coordinator, &[], None).await.unwrap_err();
        assert!(active.to_string().contains("only while"));
        modules.suspend(b).await.unwrap();
        let named = modules.change(b, ModuleKind::Authority, &[], None).await.unwrap_err();
        assert!(named.to_string().contains("name this one"));
        modules.suspend(germany).await.unwrap();
        let lost = modules.regrant(germany).await.unwrap_err();
        assert!(lost.to_string().contains("active coordinator"), "what it names is suspended");
        modules.change(germany, ModuleKind::Coordinator, &[], None).await.unwrap();
        modules.change(b, ModuleKind::Authority, &[], None).await.unwrap();
        assert_eq!(modules.regrant(b).await.unwrap().terms.kind, ModuleKind::Authority);
    }

    /// D9, I74, I75, I82, I83, I89: suspended first, then deactivated; coming back brings no module access back.
    async fn i74_an_organisation_is_deactivated_only_after_its_modules(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        for application in [bank.imas, bank.casper] {
            modules.ask(application).await;
            modules.grant((bank.bank_b, application)).await.unwrap();
        }
        modules.grant((bank.frankfurt, bank.imas)).await.unwrap();
        let refused = modules.close(bank.bank_b, true).await.unwrap_err();
        assert!(refused.to_string().starts_with("3 module accesses"), "{refused}");
        modules.suspend((bank.bank_b, bank.imas)).await.unwrap();
        modules.suspend((bank.bank_b, bank.casper)).await.unwrap();
        let below = modules.close(bank.bank_b, true).await.unwrap_err();
        assert!(below.to_string().starts_with("1 module accesses"), "what lies below stops, too: {below}");
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        let done: Result<usize, Failure> = transact!(bank.world.db, tx => {
            let active = store::list_active_below(tx, bank.bank_b, 10).await?;
            let actions = active.into_iter().map(|(organisation, application)| SuspendModule { organisation, application });
            let permits = bank.door.authorise_all(tx, &ctx, actions.collect()).await?;
            suspend::suspend_all(tx, permits, &ctx).await.map_err(failure)
        });
        assert_eq!(done.unwrap(), 1);
        modules.close(bank.bank_b, true).await.unwrap();
        for at in [(bank.bank_b, bank.imas), (bank.frankfurt, bank.imas), (bank.germany, bank.imas)] {
            let begun = if modules.find(at).await.is_some() { modules.regrant(at).await } else { modules.grant(at).await };
            assert_eq!(begun.unwrap_err().reason(), Reason::OrganisationInactive);
        }
        modules.close(bank.bank_b, false).await.unwrap();
        for at in [(bank.bank_b, bank.imas), (bank.bank_b, bank.casper), (bank.frankfurt, bank.imas)] {
            assert_eq!(modules.find(at).await.unwrap().status, ModuleStatus::Suspended);
        }
        modules.regrant((bank.bank_b, bank.imas)).await.unwrap();
    }

    /// D2, D13, DA-07: a membership does not move along to an organisation that does not hold the module.
    async fn a_move_ends_memberships_of_modules_that_the_new_home_does_not_hold(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        for level in [bank.germany, bank.frankfurt] {
            modules.grant((level, bank.imas)).await.unwrap();
        }
        let anna = bank.person(bank.germany, "Anna").await;
        for group in [bank.imas_user, bank.casper_submitter] {
            bank.assign(PrincipalId::Console, anna, group).await.unwrap();
        }
        let ctx = bank.world.ctx_of(PrincipalId::Console);
        for (to, left) in [(bank.frankfurt, 2), (bank.france, 1)] {
            let done: Result<(), Failure> = transact!(bank.world.db, tx => {
                let action = chamberlain::authority::action::MoveUser { user: anna, to };
                let permit = bank.door.authorise(tx, &ctx, action).await?;
                let guard = Guard { roles: bank.door.roles(), reason: Some("reason") };
                transfer::transfer(tx, permit, guard, &ctx).await.map(drop).map_err(failure)
            });
            done.unwrap();
            assert_eq!(groups(&bank, anna).await.len(), left);
        }
        assert_eq!(groups(&bank, anna).await, [bank.casper_submitter]);
    }

    /// D10: each change is an event on the organisation, about the application; and an application that somebody holds stays.
    async fn every_change_of_module_access_is_recorded(world: World) {
        let bank = Bank::found(world).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        let at = (bank.germany, bank.imas);
        modules.grant(at).await.unwrap();
        modules.suspend(at).await.unwrap();
        modules.change(at, ModuleKind::Coordinator, &[], None).await.unwrap();
        modules.regrant(at).await.unwrap();
        let tx = &mut bank.world.db.reader().await.unwrap();
        let rows = audit::store::list_of_subject(tx, bank.germany.0, chamberlain::kernel::time::Timestamp(0), 10).await.unwrap();
        let mut kinds: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).filter(|kind| kind.starts_with("module.")).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["module.changed", "module.granted", "module.regranted", "module.suspended"]);
        let about = |row: &&audit::store::Row| row.kind.starts_with("module.");
        assert!(rows.iter().filter(about).all(|row| row.application_id == Some(bank.imas) && row.organisation_id == Some(bank.germany)));
        assert_eq!(application::store::count_uses(tx, bank.imas).await.unwrap(), 2, "an environment and a module access");
    }
}
