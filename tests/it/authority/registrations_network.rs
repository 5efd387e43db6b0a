//! Registering authorities where authorities manage each other: the shipped profile `imi`.

use chamberlain::authority::action::CreateOrganisation;
use chamberlain::authority::{Applications, Reason};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::store as roles;
use chamberlain::directory::membership::access_store;
use chamberlain::directory::module::model::Coordinators;
use chamberlain::directory::registration::model::State;
use chamberlain::directory::user::store as people;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, RegistrationId, UserId};

use crate::support::{Modules, Network, Office};

const ADDRESS: &str = "lou.lab@teachers.example";

/// The registrations of a network: its bank under the profile that is shipped.
fn office(all: &Network) -> Office {
    let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "imi").unwrap();
    Office { bank: all.bank.clone(), profile: load(text).unwrap() }
}

/// Validates, and says who came to be the first user, of which authority, with which roles.
async fn validated(office: &Office, by: UserId, id: RegistrationId) -> (OrganisationId, UserId, Vec<String>) {
    assert!(office.validate(by, id).await.unwrap());
    office.bank.door.changed();
    let made = office.find(id).await.organisation.unwrap();
    let tx = &mut office.bank.world.db.reader().await.unwrap();
    let first = people::find_by_email(tx, ADDRESS).await.unwrap().unwrap();
    assert_eq!(first.organisation, made);
    let held = roles::list_of(tx, PrincipalId::Person(first.id)).await.unwrap();
    (made, first.id, held.into_iter().map(|one| one.role).collect())
}

on_both! {
    /// I19, I30, I35, I37–I39: the coordinator of the country invites and validates; their authority is the Access Manager of the new one, whose
    /// first user is its Administrator, and gets every group of a module once that is granted, a step of its own.
    async fn i38_an_authority_registers_itself_is_validated_by_the_coordinator_and_gets_its_module(world: World) {
        let all = Network::found(world).await;
        let office = office(&all);
        let id = office.registered(all.nina, all.germany, ADDRESS).await;
        assert_eq!(office.find(id).await.state, State::Registered);
        let (made, first, held) = validated(&office, all.nina, id).await;
        assert_eq!(held, ["Administrator"]);
        assert_eq!(all.managers(made).await, ["Germany"]);
        let modules = Modules::of(&all.bank.world, &all.bank.door);
        modules.rule(all.bank.imas, true, Coordinators::Optional).await;
        let groups = async || {
            let tx = &mut all.bank.world.db.reader().await.unwrap();
            access_store::list_held(tx, first).await.unwrap().into_iter().map(|one| one.group).collect::<Vec<_>>()
        };
        assert!(groups().await.is_empty(), "nothing before the module");
        modules.by(PrincipalId::Person(all.nina)).grant((made, all.bank.imas)).await.unwrap();
        assert_eq!(groups().await, [all.bank.imas_user]);
    }

    /// I03, I30, I39: an Access Manager invites and validates in its country, and manages what comes of it; the coordinator of the country still covers it.
    async fn i39_an_access_manager_validates_and_manages_the_new_authority(world: World) {
        let all = Network::found(world).await;
        let office = office(&all);
        let id = office.registered(all.maria, all.germany, ADDRESS).await;
        let (made, first, held) = validated(&office, all.maria, id).await;
        assert_eq!(held, ["Administrator"]);
        assert_eq!(all.managers(made).await, ["Ministry"]);
        let read = |user| chamberlain::authority::action::ReadUser { user };
        for who in [all.nina, all.maria] {
            all.bank.may(who, read(first)).await.unwrap();
        }
        assert_eq!(all.bank.may(all.anton, read(first)).await, Err(Reason::NotFound));
    }

    /// I30, I42, D8: only Access Managers invite and validate, each in their country; for everybody else there is nothing.
    async fn i30_who_manages_nothing_or_another_country_neither_invites_nor_validates(world: World) {
        let all = Network::found(world).await;
        let office = office(&all);
        let id = office.registered(all.nina, all.germany, ADDRESS).await;
        let francine = all.coordinator(all.france, "Francesca").await;
        for who in [all.anton, all.olaf, francine] {
            let create = CreateOrganisation { parent: Some(all.germany) };
            all.bank.may(who, create).await.unwrap_err();
            assert_eq!(office.validate(who, id).await.unwrap_err().reason(), Reason::NotFound);
            office.invite(who, all.germany, "other@teachers.example").await.unwrap_err();
        }
        assert_eq!(office.find(id).await.organisation, None);
        assert!(office.validate(all.maria, id).await.unwrap(), "an Access Manager of the country");
    }

    /// I02, D3: a delegate who only registers validates; their authority becomes the Access Manager, and nobody is made Administrator by whoever could not make one.
    async fn a_delegate_who_only_registers_makes_nobody_an_administrator_by_validating(world: World) {
        let all = Network::found(world).await;
        let office = office(&all);
        let rosa = all.bank.person(all.office, "Rosa").await;
        all.bank.appoint(rosa, "RegistrationDelegate", all.germany, true, Applications::All).await;
        let id = office.registered(all.nina, all.germany, ADDRESS).await;
        let (made, _, held) = validated(&office, rosa, id).await;
        assert!(held.is_empty());
        assert_eq!(all.managers(made).await, ["Germany"], "that of the role, not of the home");
    }
}
