//! Everything that may be asked for: a closed enum, so that a new action does not compile until it is decided.

use super::model::{Applications, Validity};
use crate::kernel::ids::{
    AmendmentId, ApplicationId, ClientId, DeputyId, EnvironmentId, GroupId, OrganisationId, PrincipalId, ProjectId,
    RegistrationId, RoleAssignmentId, UserId,
};
use crate::kernel::time::Timestamp;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl From<$name> for Action {
                fn from(action: $name) -> Self { Self::$name(action) }
            }
        )*

        /// One thing that somebody wants to do.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name($name),)* }

        impl Action {
            /// The names of all of them.
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];

            /// The name of the action, for the audit log and explanations.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }
        }
    };
}

actions! {
    /// See one person.
    ReadUser {
        /// Whom.
        user: UserId,
    }
    /// See a person's e-mail address and phone number (decision 13).
    ReadContact {
        /// Whose.
        user: UserId,
    }
    /// Create a person in an organisation (D1).
    CreateUser {
        /// Where.
        organisation: OrganisationId,
    }
    /// Change a person's details (D1, D5).
    UpdateUser {
        /// Whom.
        user: UserId,
    }
    /// Approve a change of a person's e-mail or phone that somebody else asked for (D11, D15).
    ApproveContact {
        /// Whose.
        user: UserId,
    }
    /// Move a person to another organisation: both ends are judged (D1, D13).
    MoveUser {
        /// Whom.
        user: UserId,
        /// The new home.
        to: OrganisationId,
    }
    /// Delete or restore a person.
    DeleteUser {
        /// Whom.
        user: UserId,
    }
    /// Erase what is stored of a person who was deleted, for ever (GDPR Art. 17).
    EraseUser {
        /// Of whom.
        user: UserId,
    }
    /// Start a recovery for a person or end their sessions; never sets or shows a secret (D15, DA-19).
    ResetCredentials {
        /// Whom.
        user: UserId,
    }
    /// Block or unblock a person over the customer's head (SC-32).
    BlockUser {
        /// Whom.
        user: UserId,
    }
    /// See a group and, through people one may see, who is in it.
    ReadGroup {
        /// Which.
        group: GroupId,
    }
    /// Put a person into a group (D2).
    AssignMembership {
        /// Whom.
        user: UserId,
        /// Into which.
        group: GroupId,
    }
    /// Take a person out of a group (D2, DA-36).
    RemoveMembership {
        /// Whom.
        user: UserId,
        /// Out of which.
        group: GroupId,
    }
    /// Give a role (D3).
    GrantRole {
        /// To whom.
        to: PrincipalId,
        /// Which role.
        role: String,
        /// Over which organisation.
        organisation: OrganisationId,
        /// And all below it.
        include_sub_levels: bool,
        /// For which applications.
        applications: Applications,
        /// From when to when.
        validity: Validity,
    }
    /// Name somebody for a role (P17–P20, D3): whoever owns an e-mail address, or a person who holds what the role requires.
    Nominate {
        /// For which role.
        role: String,
        /// On behalf of which organisation.
        organisation: OrganisationId,
        /// Within which project, for roles of projects.
        project: Option<ProjectId>,
        /// Whom, if chosen from those who hold what the role requires; `None` for an e-mail address.
        person: Option<UserId>,
        /// From when to when.
        validity: Validity,
    }
    /// Ask whoever may to take a role away (P60, P68).
    RequestRevocation {
        /// Which assignment.
        assignment: RoleAssignmentId,
    }
    /// Decline such a request: for whoever could have granted it.
    DeclineRevocation {
        /// Which assignment it is about.
        assignment: RoleAssignmentId,
    }
    /// See who holds which role at an organisation, in its projects too (P59, P66).
    ReadRoles {
        /// Which.
        organisation: OrganisationId,
    }
    /// See a project with who takes part.
    ReadProject {
        /// Which.
        project: ProjectId,
    }
    /// Create a project, or change who takes part and its phase; `None` to create one.
    ManageProject {
        /// Which.
        project: Option<ProjectId>,
    }
    /// Take a role away (D3, D6).
    RevokeRole {
        /// Which assignment.
        assignment: RoleAssignmentId,
    }
    /// Confirm or reject what somebody else proposed (D11).
    ConfirmRole {
        /// Which assignment.
        assignment: RoleAssignmentId,
    }
    /// Let somebody stand in for oneself for a while, in a role that one holds oneself.
    NameDeputy {
        /// Which assignment.
        assignment: RoleAssignmentId,
        /// Who stands in.
        deputy: UserId,
        /// From when on; now if left out.
        from: Option<Timestamp>,
        /// From then on no more.
        until: Timestamp,
    }
    /// End that: for the one who is stood in for, and for whoever may take the role away.
    EndDeputy {
        /// Which.
        deputy: DeputyId,
    }
    /// Say that a role is still needed, so that it does not lapse: for whoever could have given it, and never its holder (D11).
    KeepRole {
        /// Which assignment.
        assignment: RoleAssignmentId,
    }
    /// Say that a membership is still needed: for whoever could have given it, and never the member (D11).
    KeepMembership {
        /// Whose.
        user: UserId,
        /// In which group.
        group: GroupId,
    }
    /// Ask whoever administers an organisation to confirm what its people hold, and end what was not confirmed in time.
    Recertify {
        /// Which.
        organisation: OrganisationId,
    }
    /// See an organisation.
    ReadOrganisation {
        /// Which.
        organisation: OrganisationId,
    }
    /// Look organisations up in the general directory, or one of them (I43, I88): for everybody who can act, where the profile has one.
    LookUpOrganisation {
        /// Which; `None` for the search.
        organisation: Option<OrganisationId>,
    }
    /// Write to the administrators or all people of organisations: each of them is judged (I52).
    WriteToPeople {
        /// Of which.
        organisations: Vec<OrganisationId>,
    }
    /// Ask that the data of an organisation be changed (P61, P67).
    RequestAmendment {
        /// Which.
        organisation: OrganisationId,
    }
    /// Attach a document to what one asked for (P62).
    AttachDocument {
        /// To which request.
        amendment: AmendmentId,
    }
    /// Take back what one asked for.
    WithdrawAmendment {
        /// Which request.
        amendment: AmendmentId,
    }
    /// See such a request with its documents.
    ReadAmendment {
        /// Which.
        amendment: AmendmentId,
    }
    /// Approve or refuse what somebody else asked for (D11).
    AnswerAmendment {
        /// Which request.
        amendment: AmendmentId,
    }
    /// Create an organisation below another.
    CreateOrganisation {
        /// The node above; `None` for the root, which only the console may create.
        parent: Option<OrganisationId>,
    }
    /// Validate, give back or refuse the data that an invited authority entered (I35): never the applicant, and by two who are not
    /// one where the profile asks for two (D11).
    ValidateRegistration {
        /// Which.
        registration: RegistrationId,
    }
    /// Change, deactivate or reactivate an organisation.
    UpdateOrganisation {
        /// Which.
        organisation: OrganisationId,
    }
    /// Move an organisation with all below it: old parent, new parent and subtree are judged (D13).
    MoveOrganisation {
        /// Which.
        organisation: OrganisationId,
        /// The new parent.
        to: OrganisationId,
    }
    /// Make an organisation an Access Manager of another one: decided on its effect, unless it is one's own (I50, I51, D13).
    AddManager {
        /// Of which.
        organisation: OrganisationId,
        /// Which comes to manage it.
        manager: OrganisationId,
    }
    /// An organisation manages another one no more (I51).
    RemoveManager {
        /// Of which.
        organisation: OrganisationId,
        /// Which managed it.
        manager: OrganisationId,
    }
    /// Give an organisation access to the module of an application, give it back, or change what goes with it (D9, I24, I45).
    GrantModule {
        /// To whom.
        organisation: OrganisationId,
        /// The module of which application.
        application: ApplicationId,
        /// The coordinators that are named: whoever names one sees it (D13).
        coordinators: Vec<OrganisationId>,
    }
    /// Propose an organisation for a module (I72).
    ProposeModule {
        /// Which.
        organisation: OrganisationId,
        /// For the module of which application.
        application: ApplicationId,
    }
    /// Suspend module access: what is under way may be finished, nothing new begun (D9, I53, I76).
    SuspendModule {
        /// Whose.
        organisation: OrganisationId,
        /// To the module of which application.
        application: ApplicationId,
    }
    /// Create or change applications and environments; `None` to create one.
    ManageApplication {
        /// Which.
        application: Option<ApplicationId>,
    }
    /// Create, change or delete groups of an application's environment.
    ManageGroup {
        /// Of which application.
        application: ApplicationId,
        /// Of which environment.
        environment: EnvironmentId,
    }
    /// Put a group into another one of the same environment: whoever is in the inner one comes into the outer one (D13, DA-14). Taking it out
    /// again is to manage the outer one.
    NestGroup {
        /// The one that others come into.
        outer: GroupId,
        /// The one whose members come.
        inner: GroupId,
    }
    /// Create, change or disable OAuth clients; `None` to create one. A delegate keeps services that may nothing that they may not do
    /// themselves: whoever has the secret of a service acts as it (D4, D5, D13).
    ManageClient {
        /// Which.
        client: Option<ClientId>,
    }
    /// See a client with what it did lately; of services, those of organisations in which one manages them (D8).
    ReadClient {
        /// Which.
        client: ClientId,
    }
    /// Make a service of an organisation, which may nothing until it is given a role (D13).
    CreateService {
        /// Of which.
        organisation: OrganisationId,
    }
    /// Lend part of what one holds to a token for scripts (`delegation.md` §5).
    IssueToken {}
    /// Read the audit log, as far as [`super::scope::Scope`] reaches.
    ReadAudit {}
    /// See and rotate signing keys.
    ManageKeys {}
    /// See configuration and the message queue.
    ReadSystem {}
}

impl Action {
    /// Whether it only lets one see something.
    pub(super) fn is_reading(&self) -> bool {
        matches!(
            self,
            Self::ReadUser(_)
                | Self::ReadContact(_)
                | Self::ReadGroup(_)
                | Self::ReadRoles(_)
                | Self::ReadProject(_)
                | Self::ReadOrganisation(_)
                | Self::LookUpOrganisation(_)
                | Self::ReadAmendment(_)
                | Self::ReadClient(_)
                | Self::ReadAudit(_)
                | Self::ReadSystem(_)
        )
    }
}

impl Nominate {
    /// Naming somebody for the shortest while: whether one may at all. Whoever holds a role with an end names others for no longer.
    pub fn for_a_moment(role: &str, organisation: OrganisationId, project: Option<ProjectId>, now: Timestamp) -> Self {
        let validity = Validity { from: None, until: Some(now.plus(std::time::Duration::from_micros(1))) };
        Self { role: role.to_owned(), organisation, project, person: None, validity }
    }
}
