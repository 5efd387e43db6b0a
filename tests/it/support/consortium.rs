//! The world of the participant portal: three companies, one project of two of them, roles that people are named for.
//!
//! Everything is made by the use cases, through the one door; the console stands for the operator.

use chamberlain::authority::action::{
    Action, ConfirmRole, CreateOrganisation, CreateUser, DeclineRevocation, GrantRole, ManageProject, Nominate,
    RequestRevocation, RevokeRole,
};
use chamberlain::authority::{Applications, Door, Reason, Validity};
use chamberlain::delegation::model::RoleAssignment;
use chamberlain::delegation::nomination::accept::{self, Accepted};
use chamberlain::delegation::nomination::model::Nomination;
use chamberlain::delegation::nomination::{nominate, store as nominations, withdraw};
use chamberlain::delegation::profile::Profile;
use chamberlain::delegation::request::ask;
use chamberlain::delegation::{confirm, grant, revoke, store as roles};
use chamberlain::directory::organisation::create as organisations;
use chamberlain::directory::organisation::model::OrganisationDetails;
use chamberlain::directory::project::manage;
use chamberlain::directory::project::model::{NewProject, Project};
use chamberlain::directory::user::{activate, create as users, store as people};
use chamberlain::kernel::ids::{NominationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use chamberlain::transact;

use super::World;
use super::bank::{Failure, failure, newcomer};

/// The companies and their project.
#[derive(Debug, Clone)]
pub struct Consortium {
    /// Database, clock, randomness.
    pub world: World,
    /// The one door, with the roles of the profile.
    pub door: Door,
    /// The phases of projects.
    pub phases: Vec<String>,
    /// The Commission.
    pub root: OrganisationId,
    /// Coordinates the project.
    pub acme: OrganisationId,
    /// Takes part.
    pub beta: OrganisationId,
    /// Has nothing to do with it.
    pub gamma: OrganisationId,
    /// Theirs.
    pub project: ProjectId,
}

/// Where somebody is named: for an organisation, in a project or not.
pub type At = (OrganisationId, Option<ProjectId>);

impl Consortium {
    /// Founds it.
    pub async fn found(world: World) -> Self {
        Self::found_with(world, Profile::shipped("participant-portal").expect("it is shipped").expect("it is right"))
            .await
    }

    /// The same with another profile.
    pub async fn found_with(world: World, profile: Profile) -> Self {
        let nil = uuid::Uuid::nil();
        let (door, phases) = (Door::new(profile.roles), profile.phases);
        let id = OrganisationId(nil);
        let mut made = Self { world, door, phases, root: id, acme: id, beta: id, gamma: id, project: ProjectId(nil) };
        made.root = made.organisation(None, "Commission").await;
        made.acme = made.organisation(Some(made.root), "Acme").await;
        made.beta = made.organisation(Some(made.root), "Beta").await;
        made.gamma = made.organisation(Some(made.root), "Gamma").await;
        made.project = made.start("ALPHA-1", made.acme, &[made.beta]).await.unwrap().id;
        made
    }

    /// The same with companies and a project of its own.
    pub async fn another(&self, number: u64) -> Self {
        let mut made = self.clone();
        made.acme = made.organisation(Some(made.root), &format!("Acme {number}")).await;
        made.beta = made.organisation(Some(made.root), &format!("Beta {number}")).await;
        made.gamma = made.organisation(Some(made.root), &format!("Gamma {number}")).await;
        made.project = made.start(&format!("ALPHA-{number}-1"), made.acme, &[made.beta]).await.unwrap().id;
        made
    }

    async fn organisation(&self, parent: Option<OrganisationId>, name: &str) -> OrganisationId {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let made: Result<OrganisationId, Failure> = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, CreateOrganisation { parent }).await?;
            let details = OrganisationDetails { name: name.to_owned(), ..OrganisationDetails::default() };
            Ok(organisations::create(tx, permit, details, &ctx).await.map_err(failure)?.id)
        });
        made.unwrap()
    }

    /// A project of the operator.
    pub async fn start(
        &self,
        code: &str,
        coordinator: OrganisationId,
        others: &[OrganisationId],
    ) -> Result<Project, Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ManageProject { project: None }).await?;
            let (code, title) = (code.to_owned(), format!("The project {code}"));
            let new = NewProject { code, title, coordinator, participants: others.to_vec() };
            manage::create(tx, permit, &self.phases, new, &ctx).await.map_err(failure)
        })
    }

    /// Carries the project on.
    pub async fn advance(&self, to: &str) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ManageProject { project: Some(self.project) }).await?;
            manage::advance(tx, permit, (&self.phases, to), &ctx).await.map(drop).map_err(failure)
        });
        self.door.changed();
        done
    }

    /// Lets an organisation leave the project.
    pub async fn leave(&self, organisation: OrganisationId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ManageProject { project: Some(self.project) }).await?;
            manage::remove(tx, permit, organisation, &ctx).await.map(drop).map_err(failure)
        });
        self.door.changed();
        done
    }

    /// Somebody who has taken over an account; the address is `name@bank.example`.
    pub async fn person(&self, home: OrganisationId, name: &str) -> UserId {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let made: Result<UserId, Failure> = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, CreateUser { organisation: home }).await?;
            let user = users::create(tx, permit, newcomer(name), &ctx).await.map_err(failure)?;
            Ok(activate::activate(tx, &user, true, &ctx).await.map_err(failure)?.id)
        });
        made.unwrap()
    }

    /// The address of [`Self::person`].
    pub fn address(name: &str) -> String {
        newcomer(name).email.unwrap().as_str().to_owned()
    }

    /// What naming somebody for a role asks for.
    pub fn action(role: &str, (organisation, project): At, person: Option<UserId>) -> Nominate {
        Nominate { role: role.to_owned(), organisation, project, person, validity: Validity::default() }
    }

    /// Names whoever owns an address.
    pub async fn nominate(&self, by: PrincipalId, email: &str, role: &str, at: At) -> Result<Nomination, Failure> {
        let ctx = self.world.ctx_of(by);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, Self::action(role, at, None)).await?;
            let email = email.parse().unwrap();
            nominate::nominate(tx, permit, self.door.roles(), &email, &ctx).await.map_err(failure)
        })
    }

    /// Answers yes.
    pub async fn accept(&self, user: UserId, nomination: NominationId) -> Result<Option<RoleAssignment>, Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Person(user));
        let done = transact!(self.world.db, tx => {
            let nomination = nominations::find(tx, nomination).await?.expect("a nomination");
            let person = people::find(tx, user).await?.expect("somebody");
            match accept::accept(tx, &self.door, &nomination, &person, &ctx).await.map_err(failure)? {
                Accepted::Given(role) => Ok(Some(*role)),
                Accepted::Lapsed => Ok(None),
            }
        });
        self.door.changed();
        done
    }

    /// As if somebody had proved another address as theirs.
    pub async fn readdress(&self, user: UserId, email: &str) {
        let done: chamberlain::db::Result<bool> = transact!(self.world.db, tx => {
            let mut own = people::find(tx, user).await?.expect("somebody");
            own.email = Some(email.parse().unwrap());
            people::save(tx, &own).await
        });
        assert!(done.unwrap());
    }

    /// The operator confirms what is proposed.
    pub async fn confirm(&self, assignment: RoleAssignmentId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ConfirmRole { assignment }).await?;
            confirm::confirm(tx, permit, &ctx).await.map(drop).map_err(failure)
        })
    }

    /// Takes a nomination back.
    pub async fn withdraw(&self, by: PrincipalId, nomination: NominationId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(by);
        transact!(self.world.db, tx => {
            let nomination = nominations::find(tx, nomination).await?.expect("a nomination");
            let permit = self.door.authorise(tx, &ctx, nomination.withdrawal(ctx.now)).await?;
            withdraw::withdraw(tx, permit, &nomination, &ctx).await.map_err(failure)
        })
    }

    /// Gives a role at once to a person chosen.
    pub async fn assign(&self, by: PrincipalId, to: UserId, role: &str, at: At) -> Result<RoleAssignmentId, Failure> {
        self.assign_from_phase(by, (to, role), at, None).await
    }

    /// The same, from a phase on.
    pub async fn assign_from_phase(
        &self,
        by: PrincipalId,
        (to, role): (UserId, &str),
        at: At,
        phase: Option<&str>,
    ) -> Result<RoleAssignmentId, Failure> {
        let ctx = self.world.ctx_of(by);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, Self::action(role, at, Some(to))).await?;
            let phase = phase.map(str::to_owned);
            Ok::<_, Failure>(nominate::assign(tx, permit, self.door.roles(), phase, &ctx).await.map_err(failure)?.id)
        });
        self.door.changed();
        done
    }

    /// Makes an operator of somebody: roles of the whole installation are granted.
    pub async fn operate(&self, to: PrincipalId) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let role = GrantRole {
            to,
            role: "Operator".to_owned(),
            organisation: self.root,
            include_sub_levels: true,
            applications: Applications::All,
            validity: Validity::default(),
        };
        let done: Result<(), Failure> = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, role.clone()).await?;
            grant::grant(tx, permit, self.door.roles(), &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        self.door.changed();
    }

    /// Takes a role away.
    pub async fn revoke(&self, by: PrincipalId, assignment: RoleAssignmentId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(by);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, RevokeRole { assignment }).await?;
            revoke::revoke(tx, permit, self.door.roles(), None, &ctx).await.map(drop).map_err(failure)
        });
        self.door.changed();
        done
    }

    /// Asks for a role to be taken away.
    pub async fn ask(&self, by: UserId, assignment: RoleAssignmentId, reason: &str) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Person(by));
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, RequestRevocation { assignment }).await?;
            ask::ask(tx, &self.door, permit, reason, &ctx).await.map(drop).map_err(failure)
        })
    }

    /// Declines what was asked.
    pub async fn decline(&self, by: UserId, assignment: RoleAssignmentId, answer: &str) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(PrincipalId::Person(by));
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, DeclineRevocation { assignment }).await?;
            ask::decline(tx, permit, answer, &ctx).await.map_err(failure)
        })
    }

    /// What somebody holds or is proposed for.
    pub async fn held(&self, by: UserId) -> Vec<RoleAssignment> {
        roles::list_of(&mut self.world.db.reader().await.unwrap(), PrincipalId::Person(by)).await.unwrap()
    }

    /// Whether the door would let somebody do something, as a change.
    pub async fn may<A: Into<Action> + Clone>(&self, by: UserId, action: A) -> Result<(), Reason> {
        let ctx = self.world.ctx_of(PrincipalId::Person(by));
        let answer: Result<(), Failure> = transact!(self.world.db, tx => {
            self.door.authorise(tx, &ctx, action.clone()).await?;
            Ok(())
        });
        answer.map_err(Failure::reason)
    }
}
