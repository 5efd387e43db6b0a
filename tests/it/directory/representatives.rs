//! Whom an organisation and a project begin with: the representative validated with the organisation (P15), the contact person of a
//! proposal (P32).

use chamberlain::authority::action::{GrantRole, ManageProject};
use chamberlain::authority::{Applications, Validity};
use chamberlain::delegation::nomination::store as nominations;
use chamberlain::delegation::place_store;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::project::model::{NewProject, Project};
use chamberlain::directory::project::{start, store as projects};
use chamberlain::directory::registration::model::State;
use chamberlain::directory::user::store as people;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{Bank, Consortium, Failure, Office, failure};

async fn begin(all: &Consortium, by: PrincipalId, code: &str, contact: Option<&str>) -> Result<Project, Failure> {
    let ctx = all.world.ctx_of(by);
    let contact = contact.map(|email| email.parse().unwrap());
    let coordinator: OrganisationId = all.acme;
    transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, ManageProject { project: None }).await?;
        let new = NewProject { code: code.to_owned(), title: "From a proposal".to_owned(), coordinator, participants: vec![all.beta] };
        start::start(tx, &all.door, permit, (&all.phases, new, contact.as_ref()), &ctx).await.map_err(failure)
    })
}

async fn operator(bank: &Bank, name: &str) -> UserId {
    let user = bank.person(bank.root, name).await;
    bank.appoint(user, "Operator", bank.root, true, Applications::All).await;
    user
}

async fn operator_of(all: &Consortium, name: &str) -> UserId {
    let user = all.person(all.root, name).await;
    let ctx = all.world.ctx_of(PrincipalId::Console);
    let grant = GrantRole {
        to: PrincipalId::Person(user),
        role: "Operator".to_owned(),
        organisation: all.root,
        include_sub_levels: true,
        applications: Applications::All,
        validity: Validity::default(),
    };
    let made: Result<_, Failure> = transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, grant.clone()).await?;
        chamberlain::delegation::grant::grant(tx, permit, all.door.roles(), &ctx).await.map_err(failure)
    });
    let _confirmed_before = all.confirm(made.unwrap().id).await;
    all.door.changed();
    user
}

on_both! {
    /// P13, P32, P18: whom the coordinating entity named in the proposal is named Primary Coordinator Contact with the project, known or not.
    async fn the_contact_person_of_the_proposal_is_named_with_the_project(world: World) {
        let all = Consortium::found(world).await;
        let petra = all.person(all.acme, "Petra").await;
        let (known, unknown) = (Consortium::address("Petra"), "nobody.yet@acme.example");
        let project = begin(&all, PrincipalId::Console, "BETA-1", Some(&known)).await.unwrap();
        begin(&all, PrincipalId::Console, "BETA-2", Some(unknown)).await.unwrap();
        let open = nominations::list_in_project(&mut all.world.db.reader().await.unwrap(), project.id, all.world.clock.now(), 10).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!((open[0].role.as_str(), open[0].organisation), ("PrimaryCoordinatorContact", all.acme));
        all.accept(petra, open[0].id).await.unwrap().unwrap();
        let tx = &mut all.world.db.reader().await.unwrap();
        let held = place_store::list_in_project(tx, project.id, Some(all.acme), (all.world.clock.now(), 10)).await.unwrap();
        assert_eq!(held.iter().filter_map(|role| role.principal.person()).collect::<Vec<_>>(), [petra]);
        drop(held);
        // Without one nobody is named.
        let plain = begin(&all, PrincipalId::Console, "BETA-3", None).await.unwrap();
        let tx = &mut all.world.db.reader().await.unwrap();
        assert!(nominations::list_in_project(tx, plain.id, all.world.clock.now(), 10).await.unwrap().is_empty());
    }

    /// P32, D5: whoever starts the project does not become its contact by that; then there is no project either.
    async fn nobody_names_themself_with_a_project(world: World) {
        let all = Consortium::found(world).await;
        let olga = operator_of(&all, "Olga").await;
        let own = Consortium::address("Olga");
        let refused = begin(&all, PrincipalId::Person(olga), "BETA-4", Some(&own)).await.unwrap_err().to_string();
        assert!(refused.contains("themself"), "{refused}");
        assert!(projects::find_by_code(&mut all.world.db.reader().await.unwrap(), "BETA-4").await.unwrap().is_none());
    }

    /// P15, D11: one case: the first user is LEAR of the organisation from the moment when it is validated, and not before; refused, neither is there.
    async fn the_representative_is_validated_with_the_organisation(world: World) {
        let mut bank = Bank::bare(world, "participant-portal");
        bank.root = bank.organisation(None, "Commission").await;
        let (olga, otto) = (operator(&bank, "Olga").await, operator(&bank, "Otto").await);
        let profile = Profile::shipped("participant-portal").unwrap().unwrap();
        let office = Office { bank, profile };
        let bank = &office.bank;
        let id = office.registered(olga, bank.root, "lou@university.example").await;
        assert!(people::find_by_email(&mut bank.world.db.reader().await.unwrap(), "lou@university.example").await.unwrap().is_none());
        assert!(office.validate(otto, id).await.unwrap());
        let made = office.find(id).await.organisation.unwrap();
        let tx = &mut bank.world.db.reader().await.unwrap();
        let lou = people::find_by_email(tx, "lou@university.example").await.unwrap().unwrap().id;
        let held = place_store::list_in_organisation(tx, made, (bank.world.clock.now(), 10)).await.unwrap();
        let held: Vec<_> = held.iter().map(|role| (role.role.as_str(), role.principal.person())).collect();
        assert_eq!(held, [("LEAR", Some(lou))]);
        drop(held);
        let refused = office.registered(olga, bank.root, "lena@company.example").await;
        office.refuse(otto, refused).await.unwrap();
        let tx = &mut bank.world.db.reader().await.unwrap();
        assert!(people::find_by_email(tx, "lena@company.example").await.unwrap().is_none());
        assert_eq!((office.find(refused).await.state, office.find(refused).await.organisation), (State::Refused, None));
    }
}
