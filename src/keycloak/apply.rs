//! Brings a plan about, by the use cases and decisions of the console. What is there already is left: the same export again goes on
//! where it was interrupted.

use std::collections::BTreeMap;
use std::io;

use super::plan::{Plan, PlannedApplication, PlannedOrganisation};
use super::roles::ClientRole;
use crate::authority::action::{CreateOrganisation, ManageApplication, ManageClient, ManageGroup};
use crate::authority::{Door, Refusal};
use crate::db::{self, Db, transact};
use crate::directory::application::manage::{
    self as applications, ApplicationDetails, ApplicationError, EnvironmentDetails,
};
use crate::directory::application::model::{Application, Environment};
use crate::directory::application::{environment_store, store as application_store};
use crate::directory::client::manage::{self as clients, ClientDetails, ClientError};
use crate::directory::client::store as client_store;
use crate::directory::group::manage::{self as groups, GroupDetails, GroupError};
use crate::directory::group::store as group_store;
use crate::directory::membership::assign::MembershipError;
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::organisation::store as organisation_store;
use crate::directory::user::import::batch::{ImportError, Said};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{EnvironmentId, GroupId, OrganisationId};
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;
use crate::kernel::text::{PhoneNumber, fold};

/// The environment that a realm is.
const ENVIRONMENT: &str = "production";

/// How a plan is brought about.
#[derive(Clone, Copy)]
pub struct Apply<'a> {
    /// Where to.
    pub db: &'a Db,
    /// Who decides.
    pub door: &'a Door,
    /// Above all organisations of the realm, and the home of whoever is in none.
    pub home: OrganisationId,
    /// Nothing is kept.
    pub preview: bool,
    /// Whether people who have to activate their accounts are mailed.
    pub mail: bool,
    /// Whether codes are sent to a number.
    pub accepts: &'a (dyn Fn(&PhoneNumber) -> bool + Sync),
    /// The context of a transaction that begins now.
    pub context: &'a (dyn Fn() -> Ctx + Sync),
}

impl std::fmt::Debug for Apply<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Apply").field("home", &self.home).field("preview", &self.preview).finish_non_exhaustive()
    }
}

/// What became of one thing.
#[derive(Clone, Debug)]
pub struct Step {
    /// `organisation`, `application`, `group`, `client`, `person`, `membership`.
    pub kind: &'static str,
    /// Which.
    pub name: String,
    /// What became of it.
    pub said: Said,
    /// How many things are meant: memberships are said of many people at once.
    pub count: usize,
    /// The secret that a client got, given out once.
    pub secret: Option<Token>,
}

/// Why it stopped; what was said until then holds.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// A rule of the installation.
    #[error("{0}")]
    Refused(String),
    /// People.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Nothing can be said any more.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Refusal> for ApplyError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Db(error) => Self::Db(error),
            other => Self::Refused(other.to_string()),
        }
    }
}

/// Turns the refusal of a use case into what is said of the thing; a failure of the database ends it.
macro_rules! refused {
    ($($error:ident),*) => {$(
        impl From<$error> for ApplyError {
            fn from(error: $error) -> Self {
                match error {
                    $error::Db(error) => Self::Db(error),
                    other => Self::Refused(other.to_string()),
                }
            }
        }
    )*};
}
refused!(ApplicationError, ClientError, GroupError, OrganisationError, MembershipError);

/// Says what became of something.
pub(super) type Say<'a> = &'a mut (dyn FnMut(Step) -> io::Result<()> + Send);

impl Apply<'_> {
    /// Brings it all about.
    pub async fn run(self, plan: Plan, say: Say<'_>) -> Result<(), ApplyError> {
        let mut homes = BTreeMap::new();
        for organisation in &plan.organisations {
            if let Some(id) = self.organisation(organisation, say).await? {
                homes.insert(organisation.alias.clone(), id);
            }
        }
        let mut of_roles = BTreeMap::new();
        for application in &plan.applications {
            self.application(application, &mut of_roles, say).await?;
        }
        let people = self.people(plan.people, &homes, say).await?;
        if self.preview { Ok(()) } else { self.memberships(&people, &of_roles, say).await }
    }

    async fn organisation(
        &self,
        planned: &PlannedOrganisation,
        say: Say<'_>,
    ) -> Result<Option<OrganisationId>, ApplyError> {
        let ctx = (self.context)();
        let name = || planned.name.clone();
        let tx = &mut self.db.reader().await?;
        if let Some(found) = organisation_store::find_by_external_id(tx, &planned.alias).await? {
            let path = organisation_store::path(tx, found.id).await?;
            let is_below = path.is_some_and(|path| path.is_under(self.home));
            let why = "an organisation with this external id is there, somewhere else".to_owned();
            say(step("organisation", name(), if is_below { Said::Unchanged } else { Said::Refused(why) }))?;
            return Ok(is_below.then_some(found.id));
        }
        if self.preview {
            say(step("organisation", name(), Said::Created))?;
            return Ok(None);
        }
        let details = OrganisationDetails {
            name: planned.name.clone(),
            external_id: Some(planned.alias.clone()),
            ..OrganisationDetails::default()
        };
        let made: Result<_, ApplyError> = transact!(self.db, tx => {
            let permit = self.door.authorise(tx, &ctx, CreateOrganisation { parent: Some(self.home) }).await?;
            Ok(create_organisation(tx, permit, details.clone(), &ctx).await?.id)
        });
        said(made, ("organisation", name()), say)
    }

    /// An application with its environment and its client; then the groups, each by itself.
    async fn application(
        &self,
        planned: &PlannedApplication,
        of_roles: &mut BTreeMap<ClientRole, GroupId>,
        say: Say<'_>,
    ) -> Result<(), ApplyError> {
        let named = || ("application", planned.code.clone());
        let place = match self.find(&planned.code).await? {
            Some(place) if !self.is_its_own(&place, planned).await? => {
                let why = "an application of this code is there, with another client or with groups of its own";
                return Ok(say(step(named().0, named().1, Said::Refused(why.to_owned())))?);
            }
            Some(place) => {
                say(step(named().0, named().1, Said::Unchanged))?;
                Some(place)
            }
            None if self.preview => {
                say(step(named().0, named().1, Said::Created))?;
                None
            }
            None => match said(self.create(planned).await, named(), say)? {
                Some(place) => Some(place),
                None => return Ok(()),
            },
        };
        if self.client(planned, place.as_ref().map(|place| place.id), say).await? {
            self.groups(planned, place.as_ref(), of_roles, say).await?;
        }
        Ok(())
    }

    /// Whether an environment is that of this client, or nobody's yet: nobody gets into the groups of another application because
    /// two names look alike.
    async fn is_its_own(&self, place: &Environment, planned: &PlannedApplication) -> Result<bool, ApplyError> {
        let tx = &mut self.db.reader().await?;
        let clients = client_store::list_of_environment(tx, place.id).await?;
        let has_groups = !group_store::list_of_environment(tx, place.id).await?.is_empty();
        Ok(clients.iter().any(|client| client.client_id == planned.client.client_id)
            || clients.is_empty() && !has_groups)
    }

    async fn groups(
        &self,
        planned: &PlannedApplication,
        place: Option<&Environment>,
        of_roles: &mut BTreeMap<ClientRole, GroupId>,
        say: Say<'_>,
    ) -> Result<(), ApplyError> {
        let known: BTreeMap<String, (GroupId, String)> = match place {
            Some(place) => {
                let list = group_store::list_of_environment(&mut self.db.reader().await?, place.id).await?;
                list.into_iter().map(|group| (fold(&group.code), (group.id, group.display_name))).collect()
            }
            None => BTreeMap::new(),
        };
        for group in &planned.groups {
            let prefix = place.map_or_else(|| prefix(planned), |place| place.group_prefix.clone());
            let code = format!("{prefix}{}", group.code);
            let id = match (known.get(&fold(&code)), place) {
                (Some((id, name)), _) if *name == group.role.1 => {
                    say(step("group", code, Said::Unchanged))?;
                    Some(*id)
                }
                (Some(_), _) => {
                    let why = "a group of this code is there for something else".to_owned();
                    say(step("group", code, Said::Refused(why)))?;
                    None
                }
                (None, Some(place)) if !self.preview => {
                    said(self.group(place, group, &code).await, ("group", code.clone()), say)?
                }
                (None, _) => {
                    say(step("group", code, Said::Created))?;
                    None
                }
            };
            of_roles.extend(id.map(|id| (group.role.clone(), id)));
        }
        Ok(())
    }

    async fn find(&self, code: &str) -> Result<Option<Environment>, ApplyError> {
        let tx = &mut self.db.reader().await?;
        let Some(application) = application_store::find_by_code(tx, code).await? else { return Ok(None) };
        let all = environment_store::list_of_application(tx, application.id).await?;
        Ok(all.into_iter().find(|environment| environment.code == ENVIRONMENT))
    }

    async fn create(&self, planned: &PlannedApplication) -> Result<Environment, ApplyError> {
        let ctx = (self.context)();
        let details = ApplicationDetails {
            code: planned.code.clone(),
            name: planned.name.clone(),
            description: planned.description.clone(),
            documentation_url: None,
            modules: ModuleRules::default(),
        };
        let place = EnvironmentDetails {
            code: ENVIRONMENT.to_owned(),
            title: planned.name.clone(),
            group_prefix: prefix(planned),
            launch_url: planned.launch_url.clone(),
            requires_group: !planned.groups.is_empty(),
            second_factor: Strength::Any,
        };
        transact!(self.db, tx => {
            // One that was made before, or by hand, without this environment gets it.
            let application: Application = match application_store::find_by_code(tx, &planned.code).await? {
                Some(found) => found,
                None => {
                    let permit = self.door.authorise(tx, &ctx, ManageApplication { application: None }).await?;
                    applications::create(tx, permit, details.clone(), &ctx).await?
                }
            };
            let action = ManageApplication { application: Some(application.id) };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            Ok(applications::create_environment(tx, permit, place.clone(), &ctx).await?)
        })
    }

    async fn group(
        &self,
        place: &Environment,
        planned: &super::plan::PlannedGroup,
        code: &str,
    ) -> Result<GroupId, ApplyError> {
        let ctx = (self.context)();
        let details = GroupDetails {
            code: code.to_owned(),
            display_name: planned.role.1.clone(),
            description: planned.description.clone(),
            documentation_url: None,
            sensitive: false,
            scim: serde_json::Map::new(),
        };
        transact!(self.db, tx => {
            let action = ManageGroup { application: place.application, environment: place.id };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            Ok(groups::create(tx, permit, details.clone(), &ctx).await?.id)
        })
    }

    /// The client; whether it is there, and is this one.
    async fn client(
        &self,
        planned: &PlannedApplication,
        place: Option<EnvironmentId>,
        say: Say<'_>,
    ) -> Result<bool, ApplyError> {
        let (ctx, client) = ((self.context)(), &planned.client);
        let name = client.client_id.clone();
        let found = client_store::find_by_client_id(&mut self.db.reader().await?, &name).await?;
        if let Some(found) = found {
            let is_this = place.is_some() && found.environment == place;
            let why = "a client with this id is there, of another application".to_owned();
            say(step("client", name, if is_this { Said::Unchanged } else { Said::Refused(why) }))?;
            return Ok(is_this);
        }
        let Some(place) = place.filter(|_| !self.preview) else {
            say(step("client", name, Said::Created))?;
            return Ok(true);
        };
        let details = ClientDetails {
            client_id: name.clone(),
            name: client.name.clone(),
            kind: client.kind,
            environment: Some(place),
            organisation: None,
            settings: client.settings.clone(),
        };
        let made: Result<_, ApplyError> = transact!(self.db, tx => {
            let permit = self.door.authorise(tx, &ctx, ManageClient { client: None }).await?;
            Ok(clients::create_with(tx, permit, details.clone(), client.secret.clone(), &ctx).await?.1)
        });
        match made {
            Ok(secret) => {
                say(Step { secret, ..step("client", name, Said::Created) })?;
                Ok(true)
            }
            Err(ApplyError::Refused(why)) => {
                say(step("client", name, Said::Refused(why)))?;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

fn prefix(planned: &PlannedApplication) -> String {
    format!("{}-", planned.code)
}

pub(super) fn step(kind: &'static str, name: String, said: Said) -> Step {
    Step { kind, name, said, count: 1, secret: None }
}

/// Says what became of one thing; what was refused is said and passed over.
fn said<T>(
    made: Result<T, ApplyError>,
    (kind, name): (&'static str, String),
    say: Say<'_>,
) -> Result<Option<T>, ApplyError> {
    match made {
        Ok(made) => {
            say(step(kind, name, Said::Created))?;
            Ok(Some(made))
        }
        Err(ApplyError::Refused(why)) => {
            say(step(kind, name, Said::Refused(why)))?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
