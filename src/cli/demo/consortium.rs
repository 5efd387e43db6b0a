//! The world of `demo --profile participant-portal`: two organisations with a project, one that is to join, and who represents them.

use super::people::Person;
use super::seeder::{Relying, Seeder};
use super::world::{Addresses, SeedError, World};
use crate::authority::Validity;
use crate::authority::action::{ManageProject, Nominate};
use crate::db::transact;
use crate::delegation::nomination::nominate::assign;
use crate::directory::module::model::ModuleRules;
use crate::directory::project::manage;
use crate::directory::project::model::NewProject;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::{PrincipalId, ProjectId, UserId};
use crate::web::App;

const PLACES: &[(&str, Option<&str>, &str)] = &[
    ("European Commission", None, "EU"),
    ("Alpha University", Some("European Commission"), "BE"),
    ("Beta Laboratories", Some("European Commission"), "DE"),
    ("Gamma Institute", Some("European Commission"), "IT"),
];

/// Somebody with the role that they hold, in the project or for the organisation.
struct Named {
    person: Person,
    role: &'static str,
    in_project: bool,
}

const fn named(
    (given_name, family_name, email, phone): (&'static str, &'static str, &'static str, &'static str),
    home: &'static str,
    (role, in_project): (&'static str, bool),
) -> Named {
    let person = Person { given_name, family_name, email, phone, home, roles: &[], groups: &[] };
    Named { person, role, in_project }
}

const OPERATORS: &[Person] = &[
    Person {
        given_name: "Olga",
        family_name: "Meyer",
        email: "olga.meyer@commission.example",
        phone: "+3222000001",
        home: "European Commission",
        roles: &[("Operator", "European Commission", &[])],
        groups: &[],
    },
    Person {
        given_name: "Otto",
        family_name: "Lind",
        email: "otto.lind@commission.example",
        phone: "+3222000002",
        home: "European Commission",
        roles: &[("Operator", "European Commission", &[])],
        groups: &[],
    },
];

const ALPHA: &str = "Alpha University";
const BETA: &str = "Beta Laboratories";

const PEOPLE: &[Named] = &[
    named(("Lena", "Ahrens", "lena.ahrens@alpha.example", "+3222000011"), ALPHA, ("LEAR", false)),
    named(("Aldo", "Conti", "aldo.conti@alpha.example", "+3222000012"), ALPHA, ("AccountAdministrator", false)),
    named(("Felix", "Sign", "felix.sign@alpha.example", "+3222000013"), ALPHA, ("FinancialSignatory", false)),
    named(("Petra", "Koch", "petra.koch@alpha.example", "+3222000014"), ALPHA, ("PrimaryCoordinatorContact", true)),
    named(("Cora", "Lang", "cora.lang@alpha.example", "+3222000015"), ALPHA, ("CoordinatorContact", true)),
    named(("Lars", "Holm", "lars.holm@beta.example", "+4969300001"), BETA, ("LEAR", false)),
    named(("Paula", "Ernst", "paula.ernst@beta.example", "+4969300002"), BETA, ("ParticipantContact", true)),
    named(("Tim", "Roth", "tim.roth@beta.example", "+4969300003"), BETA, ("TaskManager", true)),
    named(("Gina", "Rossi", "gina.rossi@gamma.example", "+3906000001"), "Gamma Institute", ("", false)),
];

/// Makes the world in an empty database, in one transaction.
pub(super) async fn seed(app: &App, at: &Addresses) -> Result<World, SeedError> {
    let ctx = app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console);
    let world = transact!(app.db, tx => {
        let mut seeder = Seeder::new(tx, &app.door, &ctx);
        all(&mut seeder, &app.phases, at).await
    });
    app.door.changed();
    world
}

async fn all(seeder: &mut Seeder<'_>, phases: &[String], at: &Addresses) -> Result<World, SeedError> {
    for (name, parent, country) in PLACES {
        seeder.organisation(name, *parent, country).await?;
    }
    let mut world = World::default();
    for person in OPERATORS {
        world.accounts.push(seeder.person(person).await?);
    }
    let project = project(seeder, phases).await?;
    for named in PEOPLE {
        let mut account = seeder.person(&named.person).await?;
        if let Some(user) = account.user.filter(|_| !named.role.is_empty()) {
            give(seeder, user, named, project).await?;
            account.roles.push(named.role.to_owned());
        }
        world.accounts.push(account);
    }
    let description = "Reports and financial statements of projects";
    seeder.application(("FORMS", "Forms"), description, ModuleRules::default()).await?;
    // Roles open it, and no group.
    seeder.open(("FORMS", "production", "Forms", "", &at.imas), false).await?;
    let relying = Relying {
        client_id: "forms",
        name: "Forms",
        environment: ("FORMS", "production"),
        address: &at.imas,
        program: "participant_portal",
        arguments: Vec::new(),
    };
    world.clients.push(seeder.relying(relying).await?);
    Ok(world)
}

async fn project(seeder: &mut Seeder<'_>, phases: &[String]) -> Result<ProjectId, SeedError> {
    let permit = seeder.door.authorise(seeder.tx, seeder.ctx, ManageProject { project: None }).await?;
    let new = NewProject {
        code: "RIVERS-101".to_owned(),
        title: "Cleaner rivers".to_owned(),
        coordinator: seeder.place(ALPHA)?,
        participants: vec![seeder.place(BETA)?, seeder.place("Gamma Institute")?],
    };
    let made = manage::create(seeder.tx, permit, phases, new, seeder.ctx).await?;
    let permit = seeder.door.authorise(seeder.tx, seeder.ctx, ManageProject { project: Some(made.id) }).await?;
    manage::advance(seeder.tx, permit, (phases, "negotiation"), seeder.ctx).await?;
    Ok(made.id)
}

async fn give(seeder: &mut Seeder<'_>, user: UserId, named: &Named, project: ProjectId) -> Result<(), SeedError> {
    let action = Nominate {
        role: named.role.to_owned(),
        organisation: seeder.place(named.person.home)?,
        project: named.in_project.then_some(project),
        person: Some(user),
        validity: Validity::default(),
    };
    let permit = seeder.door.authorise(seeder.tx, seeder.ctx, action).await?;
    assign(seeder.tx, permit, seeder.door.roles(), None, seeder.ctx).await?;
    Ok(())
}
