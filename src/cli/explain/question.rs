//! What is asked about: an action, and what it is done to.

use std::collections::BTreeSet;

use clap::{Args, Subcommand};

use crate::authority::action::{
    Action, AssignMembership, BlockUser, CreateOrganisation, CreateUser, DeleteUser, GrantModule, GrantRole, Nominate,
    ProposeModule, ReadContact, ReadOrganisation, ReadRoles, ReadUser, RemoveMembership, ResetCredentials,
    SuspendModule, UpdateOrganisation, UpdateUser,
};
use crate::authority::{Applications, Roles, Validity};
use crate::cli::CliError;
use crate::cli::console::application;
use crate::cli::project;
use crate::cli::role::may_reach_below;
use crate::db::Tx;
use crate::delegation::give::Gift;
use crate::directory::user::model::User;
use crate::directory::{group, organisation, user};
use crate::kernel::ids::{GroupId, OrganisationId, PrincipalId};

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Question {
    /// See a person
    ReadUser(Target),
    /// Create a person in an organisation
    CreateUser(Place),
    /// Change a person's details
    UpdateUser(Target),
    /// Delete a person
    DeleteUser(Target),
    /// Start a recovery for a person
    ResetCredentials(Target),
    /// Block a person
    BlockUser(Target),
    /// Put a person into a group
    AssignMembership(Membership),
    /// Take a person out of a group
    RemoveMembership(Membership),
    /// Give a role over an organisation
    GrantRole(Role),
    /// See somebody's e-mail address and phone number
    ReadContact(Target),
    /// See an organisation
    ReadOrganisation(Place),
    /// See who holds roles over an organisation
    ReadRoles(Place),
    /// Change an organisation
    UpdateOrganisation(Place),
    /// Create an organisation below one
    CreateOrganisation(Place),
    /// Give an organisation access to a module
    GrantModule(Module),
    /// Propose an organisation for a module
    ProposeModule(Module),
    /// Suspend the module access of an organisation
    SuspendModule(Module),
}

/// A person.
#[derive(Debug, Args)]
pub(in crate::cli) struct Target {
    /// The e-mail address of the person it is done to
    #[arg(long)]
    to: String,
}

/// An organisation.
#[derive(Debug, Args)]
pub(in crate::cli) struct Place {
    /// The id of the organisation [default: the root]
    #[arg(long)]
    organisation: Option<OrganisationId>,
}

/// An organisation and the module of an application.
#[derive(Debug, Args)]
pub(in crate::cli) struct Module {
    #[command(flatten)]
    place: Place,
    /// The code of the application whose module it is
    #[arg(long)]
    application: String,
}

/// A person and a group.
#[derive(Debug, Args)]
pub(in crate::cli) struct Membership {
    #[command(flatten)]
    target: Target,
    /// The code of the group
    #[arg(long)]
    group: String,
}

/// A role, a person and a scope.
#[derive(Debug, Args)]
pub(in crate::cli) struct Role {
    /// The code of the role
    #[arg(id = "role", value_name = "ROLE")]
    code: String,
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    place: Place,
    /// Only there, and not below
    #[arg(long)]
    without_sub_levels: bool,
    /// The code of an application that it is for; may be given several times [default: all]
    #[arg(long)]
    application: Vec<String>,
    /// The code of a project, for roles of projects
    #[arg(long)]
    project: Option<String>,
}

impl Target {
    async fn find(&self, tx: &mut Tx) -> Result<User, CliError> {
        let found = user::store::find_by_email(tx, &self.to).await?;
        found.ok_or_else(|| CliError::missing("person", &self.to))
    }
}

impl Place {
    async fn find(&self, tx: &mut Tx) -> Result<OrganisationId, CliError> {
        let root = organisation::store::find_root(tx).await?.map(|root| root.id);
        self.organisation.or(root).ok_or_else(|| CliError::missing("organisation", "(root)"))
    }
}

impl Question {
    /// The action, and the place of what it is done to.
    pub(super) async fn read(&self, tx: &mut Tx, roles: &Roles) -> Result<(Action, OrganisationId), CliError> {
        let (target, place) = match self {
            Self::ReadUser(target)
            | Self::UpdateUser(target)
            | Self::DeleteUser(target)
            | Self::ResetCredentials(target)
            | Self::BlockUser(target)
            | Self::ReadContact(target) => (Some(target), None),
            Self::AssignMembership(membership) | Self::RemoveMembership(membership) => (Some(&membership.target), None),
            Self::GrantRole(role) => (Some(&role.target), Some(&role.place)),
            Self::CreateUser(place)
            | Self::ReadOrganisation(place)
            | Self::ReadRoles(place)
            | Self::UpdateOrganisation(place)
            | Self::CreateOrganisation(place) => (None, Some(place)),
            Self::GrantModule(of) | Self::ProposeModule(of) | Self::SuspendModule(of) => (None, Some(&of.place)),
        };
        let person = match target {
            Some(target) => Some(target.find(tx).await?),
            None => None,
        };
        let organisation = match (place, &person) {
            (Some(place), _) => place.find(tx).await?,
            (None, Some(person)) => person.organisation,
            (None, None) => return Err(CliError::missing("target", "")),
        };
        let user = person.map(|person| person.id);
        let user = || user.ok_or_else(|| CliError::missing("person", ""));
        let action: Action = match self {
            Self::ReadUser(_) => ReadUser { user: user()? }.into(),
            Self::UpdateUser(_) => UpdateUser { user: user()? }.into(),
            Self::DeleteUser(_) => DeleteUser { user: user()? }.into(),
            Self::ResetCredentials(_) => ResetCredentials { user: user()? }.into(),
            Self::BlockUser(_) => BlockUser { user: user()? }.into(),
            Self::CreateUser(_) => CreateUser { organisation }.into(),
            Self::ReadContact(_) => ReadContact { user: user()? }.into(),
            Self::ReadOrganisation(_) => ReadOrganisation { organisation }.into(),
            Self::ReadRoles(_) => ReadRoles { organisation }.into(),
            Self::UpdateOrganisation(_) => UpdateOrganisation { organisation }.into(),
            Self::CreateOrganisation(_) => CreateOrganisation { parent: Some(organisation) }.into(),
            Self::GrantModule(of) => {
                let application = application(tx, &of.application).await?.id;
                GrantModule { organisation, application, coordinators: Vec::new() }.into()
            }
            Self::ProposeModule(of) => {
                ProposeModule { organisation, application: application(tx, &of.application).await?.id }.into()
            }
            Self::SuspendModule(of) => {
                SuspendModule { organisation, application: application(tx, &of.application).await?.id }.into()
            }
            Self::AssignMembership(of) => AssignMembership { user: user()?, group: of.group(tx).await? }.into(),
            Self::RemoveMembership(of) => RemoveMembership { user: user()?, group: of.group(tx).await? }.into(),
            Self::GrantRole(role) => role.read(tx, roles).await?.action(),
        };
        Ok((action, organisation))
    }
}

impl Membership {
    async fn group(&self, tx: &mut Tx) -> Result<GroupId, CliError> {
        let found = group::store::find_by_code(tx, &self.group).await?;
        found.map(|group| group.id).ok_or_else(|| CliError::missing("group", &self.group))
    }
}

impl Role {
    /// What would be given, and by which use case.
    pub(super) async fn read(&self, tx: &mut Tx, roles: &Roles) -> Result<Gift, CliError> {
        let (to, organisation) = (self.target.find(tx).await?.id, self.place.find(tx).await?);
        let (role, validity) = (self.code.clone(), Validity::default());
        if roles.get(&role).is_some_and(|role| role.nominated) {
            let project = match &self.project {
                Some(code) => Some(project::find(tx, code).await?.id),
                None => None,
            };
            return Ok(Gift::Chosen(Nominate { role, organisation, project, person: Some(to), validity }));
        }
        Ok(Gift::Granted(GrantRole {
            to: PrincipalId::Person(to),
            role,
            organisation,
            include_sub_levels: !self.without_sub_levels && may_reach_below(roles, &self.code),
            applications: self.applications(tx).await?,
            validity,
        }))
    }

    async fn applications(&self, tx: &mut Tx) -> Result<Applications, CliError> {
        let mut only = BTreeSet::new();
        for code in &self.application {
            only.insert(application(tx, code).await?.id);
        }
        Ok(if only.is_empty() { Applications::All } else { Applications::Only(only) })
    }
}
