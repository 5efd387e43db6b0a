//! How a page fails. The page layer renders it; see [`crate::web::respond`].

use axum::response::Response;

use crate::authority::Refusal;
use crate::db;
use crate::delegation::confirm::ConfirmError;
use crate::delegation::deputy::name::DeputyError;
use crate::delegation::grant::GrantError;
use crate::delegation::nomination::accept::AcceptError;
use crate::delegation::nomination::nominate::NominateError;
use crate::delegation::nomination::withdraw::WithdrawError;
use crate::delegation::recertification::answer::AnswerError;
use crate::delegation::request::ask::RequestError;
use crate::delegation::revoke::RevokeError;
use crate::directory::amendment::error::AmendmentError;
use crate::directory::application::manage::ApplicationError;
use crate::directory::client::manage::ClientError;
use crate::directory::client::registration::token;
use crate::directory::group::manage::GroupError;
use crate::directory::mailing::send::MailingError;
use crate::directory::membership::assign::MembershipError;
use crate::directory::module::error::ModuleError;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::project::error::ProjectError;
use crate::directory::registration::error::{InviteError, RegisterError, ReviewError};
use crate::directory::user::error::UserError;
use crate::factors::assist::AssistError;
use crate::kernel::text::TextError;
use crate::push::manage::PushError;
use crate::sessions::end::EndError;
use crate::signals::stream::manage::StreamError;
use crate::tokens::delegated::TokenError;
use crate::tokens::provisioning::ProvisioningTokenError;

pub use crate::web::Failure;

/// What a handler gives back.
pub type PageResult = Result<Response, Failure>;

/// Why a change was not made. What its form can say is taken out by the handler; the rest becomes a [`Failure`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The decision.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The rules on people.
    #[error("{0}")]
    User(#[from] UserError),
    /// The rules on memberships.
    #[error("{0}")]
    Membership(#[from] MembershipError),
    /// The rules on granting roles.
    #[error("{0}")]
    Grant(#[from] GrantError),
    /// The rules on revoking roles.
    #[error("{0}")]
    Revoke(#[from] RevokeError),
    /// What a reason may be.
    #[error("{0}")]
    Reason(TextError),
    /// The rules on confirming roles.
    #[error("{0}")]
    Confirm(#[from] ConfirmError),
    /// The rules on deputies.
    #[error("{0}")]
    Deputy(#[from] DeputyError),
    /// The rules on naming people for roles.
    #[error("{0}")]
    Nominate(#[from] NominateError),
    /// The rules on taking that back.
    #[error("{0}")]
    Withdraw(#[from] WithdrawError),
    /// The rules on answering a nomination.
    #[error("{0}")]
    Accept(#[from] AcceptError),
    /// The rules on asking for revocations.
    #[error("{0}")]
    Request(#[from] RequestError),
    /// The rules on projects.
    #[error("{0}")]
    Project(#[from] ProjectError),
    /// The rules on inviting authorities.
    #[error("{0}")]
    Invite(#[from] InviteError),
    /// The rules on registering them.
    #[error("{0}")]
    Register(#[from] RegisterError),
    /// The rules on deciding on registrations.
    #[error("{0}")]
    Review(#[from] ReviewError),
    /// The rules on organisations.
    #[error("{0}")]
    Organisation(#[from] OrganisationError),
    /// The rules on requests to change organisations.
    #[error("{0}")]
    Amendment(#[from] AmendmentError),
    /// The rules on mails to many people.
    #[error("{0}")]
    Mailing(#[from] MailingError),
    /// The rules on module access.
    #[error("{0}")]
    Module(#[from] ModuleError),
    /// The rules on applications.
    #[error("{0}")]
    Application(#[from] ApplicationError),
    /// The rules on groups.
    #[error("{0}")]
    Group(#[from] GroupError),
    /// The rules on clients.
    #[error("{0}")]
    Client(#[from] ClientError),
    /// The rules on streams of events.
    #[error("{0}")]
    Stream(#[from] StreamError),
    /// The rules on where people are pushed to.
    #[error("{0}")]
    Push(#[from] PushError),
    /// The rules on helping people sign in.
    #[error("{0}")]
    Assist(#[from] AssistError),
    /// The rules on sessions.
    #[error("{0}")]
    End(#[from] EndError),
    /// The rules on tokens for scripts.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// The rules on tokens by which clients register themselves.
    #[error("{0}")]
    RegistrationToken(#[from] token::TokenError),
    /// The rules on tokens for provisioning.
    #[error("{0}")]
    ProvisioningToken(#[from] ProvisioningTokenError),
    /// What was shown before is not what would happen now: it has to be looked at again.
    #[error("the effect is not the one that was shown")]
    Changed,
    /// No button of ours says this.
    #[error("unknown")]
    Unknown,
    /// The database.
    #[error("{0}")]
    Db(#[from] db::Error),
}

impl From<AnswerError> for ChangeError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Refused(error) => error.into(),
            AnswerError::Revoke(error) => error.into(),
            AnswerError::Membership(error) => error.into(),
            AnswerError::Db(error) => error.into(),
        }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refusal) => refusal.into(),
            ChangeError::User(error) => error.into(),
            ChangeError::Membership(error) => error.into(),
            ChangeError::Grant(error) => error.into(),
            ChangeError::Revoke(error) => error.into(),
            ChangeError::Confirm(error) => error.into(),
            ChangeError::Reason(_) => Self::BadRequest,
            ChangeError::Deputy(error) => error.into(),
            ChangeError::Nominate(error) => error.into(),
            ChangeError::Withdraw(error) => error.into(),
            ChangeError::Accept(error) => error.into(),
            ChangeError::Request(error) => error.into(),
            ChangeError::Project(error) => error.into(),
            ChangeError::Invite(error) => error.into(),
            ChangeError::Register(error) => error.into(),
            ChangeError::Review(error) => error.into(),
            ChangeError::Organisation(error) => error.into(),
            ChangeError::Amendment(error) => error.into(),
            ChangeError::Mailing(error) => error.into(),
            ChangeError::Module(error) => error.into(),
            ChangeError::Application(error) => error.into(),
            ChangeError::Group(error) => error.into(),
            ChangeError::Client(error) => error.into(),
            ChangeError::Stream(error) => error.into(),
            ChangeError::Push(error) => error.into(),
            ChangeError::Assist(error) => error.into(),
            ChangeError::End(error) => error.into(),
            ChangeError::Token(error) => error.into(),
            ChangeError::RegistrationToken(error) => error.into(),
            ChangeError::ProvisioningToken(error) => error.into(),
            ChangeError::Changed => Self::Conflict,
            ChangeError::Unknown => Self::BadRequest,
            ChangeError::Db(error) => error.into(),
        }
    }
}

impl From<DeputyError> for Failure {
    fn from(error: DeputyError) -> Self {
        match error {
            DeputyError::InvalidDates => Self::BadRequest,
            DeputyError::AlreadyNamed
            | DeputyError::TooMany
            | DeputyError::SeparationOfDuties
            | DeputyError::NotOpen => Self::Conflict,
            DeputyError::Db(error) => error.into(),
        }
    }
}

impl From<AssistError> for Failure {
    fn from(error: AssistError) -> Self {
        match error {
            AssistError::NotNew | AssistError::NotActivated | AssistError::NoEmail | AssistError::NoFactors => {
                Self::Conflict
            }
            AssistError::NotFound => Self::NotFound,
            AssistError::Db(error) => error.into(),
        }
    }
}

impl From<EndError> for Failure {
    fn from(error: EndError) -> Self {
        match error {
            EndError::NotFound => Self::NotFound,
            EndError::Db(error) => error.into(),
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Nothing | TokenError::TooMany => Self::Conflict,
            TokenError::Name(_) | TokenError::Lasts(_) => Self::BadRequest,
            TokenError::NotFound => Self::NotFound,
            TokenError::Db(error) => error.into(),
        }
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        match error {
            UserError::EmailTaken
            | UserError::UserNameTaken
            | UserError::LastHolder(_)
            | UserError::WeakSignIn(_)
            | UserError::ReasonRequired
            | UserError::Stale
            | UserError::NotRestorable => Self::Conflict,
            UserError::NameMissing | UserError::UserName(_) => Self::BadRequest,
            UserError::NotFound => Self::NotFound,
            UserError::Db(error) => error.into(),
        }
    }
}

impl From<MembershipError> for Failure {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::AlreadyMember | MembershipError::NotMember => Self::Conflict,
            MembershipError::InvalidEnd => Self::BadRequest,
            MembershipError::NotFound => Self::NotFound,
            MembershipError::Db(error) => error.into(),
        }
    }
}

impl From<GrantError> for Failure {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::AlreadyHeld
            | GrantError::Full { .. }
            | GrantError::Requires(_)
            | GrantError::SeparationOfDuties => Self::Conflict,
            GrantError::InvalidDates | GrantError::UnknownRole(_) => Self::BadRequest,
            GrantError::Db(error) => error.into(),
        }
    }
}

impl From<OrganisationError> for Failure {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::NameTaken
            | OrganisationError::IdentifierTaken
            | OrganisationError::RootExists
            | OrganisationError::SeparationOfDuties
            | OrganisationError::Cycle
            | OrganisationError::TooDeep
            | OrganisationError::Root
            | OrganisationError::ModulesActive(_)
            | OrganisationError::NotDue
            | OrganisationError::InUse
            | OrganisationError::ManagesAlready
            | OrganisationError::TooManyManagers
            | OrganisationError::NotManaging
            | OrganisationError::LastManager
            | OrganisationError::WeakSignIn(_)
            | OrganisationError::PasswordSet
            | OrganisationError::Stale => Self::Conflict,
            OrganisationError::Text { .. }
            | OrganisationError::Country
            | OrganisationError::Lei
            | OrganisationError::Language
            | OrganisationError::Website
            | OrganisationError::Identifier(_)
            | OrganisationError::Classification => Self::BadRequest,
            OrganisationError::OperatorsOnly => Self::Forbidden,
            OrganisationError::NotFound => Self::NotFound,
            OrganisationError::Db(error) => error.into(),
        }
    }
}

impl From<InviteError> for Failure {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::AlreadyInvited | InviteError::TooMany | InviteError::JustSent | InviteError::NotOpen => {
                Self::Conflict
            }
            InviteError::Text { .. } => Self::BadRequest,
            InviteError::Db(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Refused(refusal) => refusal.into(),
            RegisterError::Organisation(error) => error.into(),
            RegisterError::User(error) => error.into(),
            RegisterError::Representative(error) => error.into(),
            RegisterError::Db(error) => error.into(),
        }
    }
}

impl From<ReviewError> for Failure {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotPending => Self::Conflict,
            ReviewError::Reason(_) => Self::BadRequest,
            ReviewError::Register(error) => error.into(),
            ReviewError::Db(error) => error.into(),
        }
    }
}

impl From<ModuleError> for Failure {
    fn from(error: ModuleError) -> Self {
        match error {
            ModuleError::NotFound => Self::NotFound,
            ModuleError::CoordinatorMissing
            | ModuleError::CoordinatorForbidden
            | ModuleError::NotCoordinator
            | ModuleError::UnknownClass(_)
            | ModuleError::Setting { .. }
            | ModuleError::TooManyCoordinators => Self::BadRequest,
            ModuleError::NotAsked
            | ModuleError::AlreadyGranted
            | ModuleError::AlreadyProposed
            | ModuleError::AlreadyActive
            | ModuleError::AlreadySuspended
            | ModuleError::KindWhileActive
            | ModuleError::Named
            | ModuleError::Stale => Self::Conflict,
            ModuleError::Db(error) => error.into(),
        }
    }
}

impl From<ApplicationError> for Failure {
    fn from(error: ApplicationError) -> Self {
        match error {
            ApplicationError::CodeTaken
            | ApplicationError::InUse
            | ApplicationError::WeakSignIn(_)
            | ApplicationError::Stale => Self::Conflict,
            ApplicationError::InvalidCode | ApplicationError::InvalidUrl(_) | ApplicationError::Text { .. } => {
                Self::BadRequest
            }
            ApplicationError::NotFound => Self::NotFound,
            ApplicationError::Db(error) => error.into(),
        }
    }
}

impl From<GroupError> for Failure {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::CodeTaken | GroupError::Stale => Self::Conflict,
            GroupError::NotFound | GroupError::InnerElsewhere => Self::NotFound,
            GroupError::Db(error) => error.into(),
            _ => Self::BadRequest,
        }
    }
}
