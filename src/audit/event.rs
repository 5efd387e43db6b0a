//! One line of the audit log (D10).

use serde_json::{Value, json};
use uuid::Uuid;

use super::kind::Kind;
use crate::kernel::ids::{
    ApplicationId, ClientId, EnvironmentId, FamilyId, GroupId, KeyId, NominationId, OrganisationId, PrincipalId,
    ProjectId, RegistrationId, RoleAssignmentId, SessionId, SignInId, UserId,
};

/// What somebody did to whom; ids and changed fields, never secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// To whom or what.
    pub subject: Subject,
    /// The organisation in whose scope delegates see it; `None` is for operators only.
    pub organisation: Option<OrganisationId>,
    /// The application that it is about.
    pub application: Option<ApplicationId>,
    /// Before and after, or what else belongs to it.
    pub details: Value,
}

impl Event {
    /// An event without details.
    pub fn new(kind: Kind, subject: Subject) -> Self {
        Self { kind, subject, organisation: None, application: None, details: json!({}) }
    }

    /// Visible to the delegates of an organisation.
    #[must_use]
    pub fn within(mut self, organisation: OrganisationId) -> Self {
        self.organisation = Some(organisation);
        self
    }

    /// About an application.
    #[must_use]
    pub fn about(mut self, application: ApplicationId) -> Self {
        self.application = Some(application);
        self
    }

    /// With details.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
}

/// To whom or what something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    User(UserId),
    /// An organisation.
    Organisation(OrganisationId),
    /// An application.
    Application(ApplicationId),
    /// An environment.
    Environment(EnvironmentId),
    /// A group.
    Group(GroupId),
    /// An OAuth client.
    Client(ClientId),
    /// A role assignment.
    RoleAssignment(RoleAssignmentId),
    /// A nomination.
    Nomination(NominationId),
    /// A project.
    Project(ProjectId),
    /// An authority that was invited to register itself.
    Registration(RegistrationId),
    /// A session.
    Session(SessionId),
    /// A sign-in of nobody known.
    SignIn(SignInId),
    /// The tokens of one grant.
    Family(FamilyId),
    /// A signing key.
    Key(KeyId),
}

impl Subject {
    /// The person or service behind a principal; the console has none.
    pub fn of(principal: PrincipalId) -> Option<Self> {
        match principal {
            PrincipalId::Person(id) => Some(Self::User(id)),
            PrincipalId::Service(id) => Some(Self::Client(id)),
            PrincipalId::Console => None,
        }
    }

    /// The word and the id stored.
    pub fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::User(id) => ("user", id.0),
            Self::Organisation(id) => ("organisation", id.0),
            Self::Application(id) => ("application", id.0),
            Self::Environment(id) => ("environment", id.0),
            Self::Group(id) => ("group", id.0),
            Self::Client(id) => ("client", id.0),
            Self::RoleAssignment(id) => ("role_assignment", id.0),
            Self::Nomination(id) => ("nomination", id.0),
            Self::Project(id) => ("project", id.0),
            Self::Registration(id) => ("registration", id.0),
            Self::Session(id) => ("session", id.0),
            Self::SignIn(id) => ("sign_in", id.0),
            Self::Family(id) => ("family", id.0),
            Self::Key(id) => ("key", id.0),
        }
    }
}
