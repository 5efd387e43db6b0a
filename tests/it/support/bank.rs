//! The world of the stories: an institution with two banks, one of which has levels, and two applications.
//!
//! Everything is made by the use cases, through the one door, by the console; nothing is written past them.

use std::collections::BTreeSet;

use chamberlain::authority::action::{
    Action, AssignMembership, ConfirmRole, CreateOrganisation, CreateUser, GrantRole, ManageApplication, ManageGroup,
    RevokeRole,
};
use chamberlain::authority::{Applications, Door, Reason, Refusal, Validity};
use chamberlain::db;
use chamberlain::delegation::profile::Profile;
use chamberlain::delegation::{confirm, grant, model::State, revoke};
use chamberlain::directory::application::manage::{self as applications, ApplicationDetails, EnvironmentDetails};
use chamberlain::directory::group::manage::{self as groups, GroupDetails};
use chamberlain::directory::membership::assign;
use chamberlain::directory::organisation::create as organisations;
use chamberlain::directory::organisation::model::OrganisationDetails;
use chamberlain::directory::user::create as users;
use chamberlain::directory::user::model::NewUser;
use chamberlain::directory::user::{activate, store};
use chamberlain::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::time::Timestamp;
use chamberlain::transact;

use super::World;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The door refused.
    #[error("refused: {0}")]
    Refused(Reason),
    /// The use case refused; its wording.
    #[error("{0}")]
    UseCase(String),
    /// The database; kept apart so that conflicts are tried again.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Failure {
    /// The refusal of the door; fails if it was something else.
    pub fn reason(self) -> Reason {
        match self {
            Self::Refused(reason) => reason,
            other => panic!("not a refusal: {other}"),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(reason) => Self::Refused(reason),
            Refusal::Anonymous => Self::UseCase("anonymous".to_owned()),
            Refusal::Db(error) => Self::Db(error),
        }
    }
}

/// Keeps conflicts of the database apart from what the use case says.
pub fn failure<E: std::error::Error + 'static>(error: E) -> Failure {
    let text = error.to_string();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        // Errors that stand for another one pass its cause on, and not itself.
        let met = |error: &sqlx::Error| {
            let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
            matches!(code.as_deref(), Some("40001" | "40P01" | "5" | "6" | "517"))
        };
        let conflict = one.downcast_ref::<db::Error>().is_some_and(db::Error::is_retryable)
            || one.downcast_ref::<sqlx::Error>().is_some_and(met);
        if conflict {
            return Failure::Db(db::Error::Retry(sqlx::Error::WorkerCrashed));
        }
        cause = one.source();
    }
    Failure::UseCase(text)
}

/// The institution of the stories.
#[derive(Debug, Clone)]
pub struct Bank {
    /// Database, clock, randomness.
    pub world: World,
    /// The one door, with the roles of the shipped profile.
    pub door: Door,
    /// The institution itself.
    pub root: OrganisationId,
    /// A bank without levels.
    pub bank_a: OrganisationId,
    /// A bank with levels.
    pub bank_b: OrganisationId,
    /// Below bank B.
    pub germany: OrganisationId,
    /// Below Germany.
    pub frankfurt: OrganisationId,
    /// Below bank B, beside Germany.
    pub france: OrganisationId,
    /// An application.
    pub imas: ApplicationId,
    /// Its group.
    pub imas_user: GroupId,
    /// Another application.
    pub casper: ApplicationId,
    /// Its group.
    pub casper_submitter: GroupId,
}

impl Bank {
    /// Founds it.
    pub async fn found(world: World) -> Self {
        let mut bank = Self::bare(world, "ecb-identity-portal");
        bank.root = bank.organisation(None, "European Institution").await;
        bank.bank_a = bank.organisation(Some(bank.root), "Bank A").await;
        bank.bank_b = bank.organisation(Some(bank.root), "Bank B").await;
        bank.germany = bank.organisation(Some(bank.bank_b), "Bank B Germany").await;
        bank.frankfurt = bank.organisation(Some(bank.germany), "Bank B Frankfurt").await;
        bank.france = bank.organisation(Some(bank.bank_b), "Bank B France").await;
        (bank.imas, bank.imas_user) = bank.application("IMAS", "IMAS_PORTAL_USER").await;
        (bank.casper, bank.casper_submitter) = bank.application("CASPER", "CASPER_WEB_DATA_SUBMITTER").await;
        bank
    }

    /// Nothing yet, with the roles of a shipped profile.
    pub fn bare(world: World, profile: &str) -> Self {
        let profile = Profile::shipped(profile).expect("it is shipped").expect("it is right");
        let nil = uuid::Uuid::nil();
        Self {
            world,
            door: Door::new(profile.roles),
            root: OrganisationId(nil),
            bank_a: OrganisationId(nil),
            bank_b: OrganisationId(nil),
            germany: OrganisationId(nil),
            frankfurt: OrganisationId(nil),
            france: OrganisationId(nil),
            imas: ApplicationId(nil),
            imas_user: GroupId(nil),
            casper: ApplicationId(nil),
            casper_submitter: GroupId(nil),
        }
    }

    /// An organisation below another.
    pub async fn organisation(&self, parent: Option<OrganisationId>, name: &str) -> OrganisationId {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let made: Result<OrganisationId, Failure> = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, CreateOrganisation { parent }).await?;
            let details = OrganisationDetails { name: name.to_owned(), ..OrganisationDetails::default() };
            Ok(organisations::create(tx, permit, details, &ctx).await.map_err(failure)?.id)
        });
        self.door.changed();
        made.unwrap()
    }

    /// An application with one group.
    pub async fn application(&self, code: &str, group: &str) -> (ApplicationId, GroupId) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let made: Result<(ApplicationId, GroupId), Failure> = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ManageApplication { application: None }).await?;
            let details = ApplicationDetails { code: code.to_owned(), name: code.to_owned(), ..ApplicationDetails::default() };
            let application = applications::create(tx, permit, details, &ctx).await.map_err(failure)?.id;
            let permit = self.door.authorise(tx, &ctx, ManageApplication { application: Some(application) }).await?;
            let details = EnvironmentDetails { code: "production".to_owned(), title: code.to_owned(), ..EnvironmentDetails::default() };
            let environment = applications::create_environment(tx, permit, details, &ctx).await.map_err(failure)?.id;
            let permit = self.door.authorise(tx, &ctx, ManageGroup { application, environment }).await?;
            let details = GroupDetails { code: group.to_owned(), display_name: group.to_owned(), ..GroupDetails::default() };
            Ok((application, groups::create(tx, permit, details, &ctx).await.map_err(failure)?.id))
        });
        made.unwrap()
    }

    /// Somebody at an organisation, made by the console.
    pub async fn person(&self, organisation: OrganisationId, name: &str) -> UserId {
        self.create(PrincipalId::Console, organisation, name).await.unwrap()
    }

    /// As if its owner had followed the activation link.
    pub async fn activate(&self, user: UserId) {
        let ctx = self.world.ctx_of(PrincipalId::Person(user));
        let done: Result<(), Failure> = transact!(self.world.db, tx => {
            let user = store::find(tx, user).await?.expect("somebody");
            activate::activate(tx, &user, true, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
    }

    /// Somebody at an organisation, made by somebody.
    pub async fn create(&self, by: PrincipalId, organisation: OrganisationId, name: &str) -> Result<UserId, Failure> {
        let ctx = self.world.ctx_of(by);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, CreateUser { organisation }).await?;
            Ok(users::create(tx, permit, newcomer(name), &ctx).await.map_err(failure)?.id)
        })
    }

    /// An administrator of people.
    pub async fn user_admin(&self, at: OrganisationId, below: bool, name: &str) -> UserId {
        let id = self.person(at, name).await;
        self.appoint(id, "DelegatedUserAdmin", at, below, Applications::All).await;
        id
    }

    /// An administrator of access to some applications.
    pub async fn access_admin(
        &self,
        at: OrganisationId,
        below: bool,
        applications: &[ApplicationId],
        name: &str,
    ) -> UserId {
        let id = self.person(at, name).await;
        self.appoint(id, "ApplicationAccessAdmin", at, below, only(applications)).await;
        id
    }

    /// The operator's grant, in effect at once.
    pub async fn appoint(
        &self,
        to: UserId,
        role: &str,
        at: OrganisationId,
        below: bool,
        over: Applications,
    ) -> RoleAssignmentId {
        let (id, state) = self.grant(PrincipalId::Console, to, role, (at, below), over).await.unwrap();
        if state == State::Pending {
            let operator = PrincipalId::Console;
            self.confirm(operator, id).await.unwrap();
        }
        id
    }

    /// Grants or proposes a role without an end.
    pub async fn grant(
        &self,
        by: PrincipalId,
        to: UserId,
        role: &str,
        at: (OrganisationId, bool),
        applications: Applications,
    ) -> Result<(RoleAssignmentId, State), Failure> {
        self.grant_until(by, (to, role), at, applications, None).await
    }

    /// Grants or proposes a role that ends.
    pub async fn grant_until(
        &self,
        by: PrincipalId,
        (to, role): (UserId, &str),
        (organisation, include_sub_levels): (OrganisationId, bool),
        applications: Applications,
        until: Option<Timestamp>,
    ) -> Result<(RoleAssignmentId, State), Failure> {
        let ctx = self.world.ctx_of(by);
        let (to, validity) = (PrincipalId::Person(to), Validity { from: None, until });
        let role = role.to_owned();
        let done = transact!(self.world.db, tx => {
            let (role, applications) = (role.clone(), applications.clone());
            let permit = self.door.authorise(tx, &ctx, GrantRole { to, role, organisation, include_sub_levels, applications, validity }).await?;
            let granted = grant::grant(tx, permit, self.door.roles(), &ctx).await.map_err(failure)?;
            Ok::<_, Failure>((granted.id, granted.state))
        });
        self.door.changed();
        done
    }

    /// Confirms what somebody proposed.
    pub async fn confirm(&self, by: PrincipalId, assignment: RoleAssignmentId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(by);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ConfirmRole { assignment }).await?;
            confirm::confirm(tx, permit, &ctx).await.map(|_| ()).map_err(failure)
        });
        self.door.changed();
        done
    }

    /// Takes a role away.
    pub async fn revoke(
        &self,
        by: PrincipalId,
        assignment: RoleAssignmentId,
        reason: Option<&str>,
    ) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(by);
        let done = transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, RevokeRole { assignment }).await?;
            revoke::revoke(tx, permit, self.door.roles(), reason, &ctx).await.map(|_| ()).map_err(failure)
        });
        self.door.changed();
        done
    }

    /// Puts somebody into a group.
    pub async fn assign(&self, by: PrincipalId, user: UserId, group: GroupId) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(by);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, AssignMembership { user, group }).await?;
            assign::assign(tx, permit, None, &ctx).await.map(|_| ()).map_err(failure)
        })
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

/// What a form says about a new person.
pub fn newcomer(name: &str) -> NewUser {
    let email = format!("{}@bank.example", name.to_lowercase().replace(' ', "."));
    NewUser {
        user_name: None,
        email: Some(email.parse().unwrap()),
        phone: None,
        given_name: name.to_owned(),
        family_name: "Example".to_owned(),
        company_id: None,
        subsidiary: None,
        locale: None,
        account_expires_at: None,
        active: true,
        scim: serde_json::Map::new(),
    }
}

/// An explicit set of applications.
pub fn only(applications: &[ApplicationId]) -> Applications {
    Applications::Only(applications.iter().copied().collect::<BTreeSet<_>>())
}
