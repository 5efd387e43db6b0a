//! Everything that is ever said to people outside the pages. Fixed sentences; what people typed is at most their given
//! name in a mail (IN-03, IN-04), or stands in the one mail that says who wrote it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::ctx::LinkLives;
use crate::kernel::ids::SignInId;
use crate::kernel::secret::Sealed;

/// One message, without its words. Its secrets are shown by nothing (IN-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// A sign-in code (E21).
    SecurityCode {
        /// Six digits.
        code: Sealed,
        /// For which sign-in; a code that has died there is not sent any more.
        sign_in: SignInId,
    },
    /// The link that activates a new account.
    Activation {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: Sealed,
    },
    /// Somebody was named for a role (P17, P18); the same words whether they have an account or not.
    Nomination {
        /// The code of the role.
        role: String,
        /// The name of the organisation, with the code of the project if it is in one, as their administrators wrote them.
        organisation: String,
        /// The secret of the link.
        token: Sealed,
    },
    /// Somebody asks that a role be revoked, which the reader may do (P60).
    RevocationAsked {
        /// How to address the person.
        given_name: String,
    },
    /// What the reader asked for was answered.
    RevocationAnswered {
        /// How to address the person.
        given_name: String,
    },
    /// Somebody proposes that a role be held, which the reader may confirm (D11).
    RoleProposed {
        /// How to address the person.
        given_name: String,
    },
    /// To whoever proposed that a role be held: somebody else confirmed or refused it (D11).
    RoleDecided {
        /// How to address the person.
        given_name: String,
        /// The code of the role.
        role: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
        /// Whether it was confirmed.
        confirmed: bool,
        /// The path of the page where one sees who holds it.
        page: String,
    },
    /// To whoever named somebody for a role: they answered (P17).
    NominationAnswered {
        /// How to address the person.
        given_name: String,
        /// The code of the role.
        role: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
        /// Whether they took it.
        accepted: bool,
        /// The path of the page where one sees who holds it.
        page: String,
    },
    /// To whoever was given a role, or had it taken away.
    RoleChanged {
        /// How to address the person.
        given_name: String,
        /// The code of the role.
        role: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
        /// Whether they hold it now.
        held: bool,
        /// The path of the page where one sees what one holds.
        page: String,
    },
    /// An authority is invited to register itself (I30).
    AuthorityInvited {
        /// The name of the organisation in whose name it is invited, as its administrators wrote it.
        organisation: String,
        /// How many days the link works.
        days: u32,
        /// The secret of the link.
        token: Sealed,
    },
    /// The data of an authority arrived; the link shows where its registration stands.
    RegistrationReceived {
        /// The secret of the link.
        token: Sealed,
    },
    /// The data of an authority have to be corrected, by another link.
    RegistrationReturned {
        /// How many days the link works.
        days: u32,
        /// The secret of the link.
        token: Sealed,
    },
    /// The registration of an authority was refused.
    RegistrationRefused {},
    /// To whoever invited: an authority has registered itself (I34).
    RegistrationWaits {
        /// How to address the person.
        given_name: String,
    },
    /// To whoever invited: an authority asks for another link.
    InvitationAsked {
        /// How to address the person.
        given_name: String,
    },
    /// The link that replaces a forgotten password.
    Recovery {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: Sealed,
    },
    /// A password expires soon (I66).
    PasswordExpires {
        /// How to address the person.
        given_name: String,
        /// The last day on which it can be used.
        ends: String,
    },
    /// A password was set or replaced.
    PasswordChanged {
        /// How to address the person.
        given_name: String,
    },
    /// To the old address: an administrator asked for another one; the link leads to a page that agrees or refuses (D15).
    ContactPending {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: Sealed,
    },
    /// To the new address, and to both phone numbers: the same news without a link (D15).
    ContactNotice {
        /// How to address the person.
        given_name: String,
    },
    /// To the new address that somebody gave themself: the link that proves it.
    EmailConfirm {
        /// How to address the person.
        given_name: String,
        /// The secret of the link.
        token: Sealed,
    },
    /// To the old address: its owner asked for another one.
    EmailAsked {
        /// How to address the person.
        given_name: String,
    },
    /// A used token of an application was presented again, and its access was ended (OA-22).
    AccessEnded {
        /// How to address the person.
        given_name: String,
        /// The name of the application, as its operators wrote it.
        application: String,
    },
    /// To those who administer it: a deactivated organisation will be deleted (I81).
    OrganisationEnding {
        /// How to address the person.
        given_name: String,
        /// The name of the organisation, as its operators wrote it.
        organisation: String,
        /// In how many days.
        days: u32,
    },
    /// To those who may give roles or memberships: some have to be confirmed.
    RecertificationDue {
        /// How to address the person.
        given_name: String,
        /// The day on which the first of them lapse.
        ends: String,
    },
    /// To operators: nobody confirmed the last holder of a role that somebody must hold.
    RecertificationSpared {
        /// How to address the person.
        given_name: String,
        /// The code of the role.
        role: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
    },
    /// To those who manage an organisation: somebody made their own a manager of it, too (I50).
    ManagerAdded {
        /// How to address the person.
        given_name: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
        /// The name of the one that manages it now.
        manager: String,
    },
    /// To those who may change an organisation: somebody who represents it asks for that (P61).
    AmendmentAsked {
        /// How to address the person.
        given_name: String,
        /// The name of the organisation, as its administrators wrote it.
        organisation: String,
    },
    /// To whoever asked: there is an answer.
    AmendmentAnswered {
        /// How to address the person.
        given_name: String,
    },
    /// What an administrator wrote to the people of organisations that they manage (I52).
    Announcement {
        /// How to address the person.
        given_name: String,
        /// Who writes, and for which organisation.
        sender: String,
        /// How that one is reached; empty if nobody says.
        contact: String,
        /// What whoever wrote it wrote.
        subject: String,
        /// What whoever wrote it wrote, in lines.
        text: String,
    },
    /// An authenticator app or a passkey was added to the account.
    FactorAdded {
        /// How to address the person.
        given_name: String,
        /// What its owner calls it.
        factor: String,
    },
    /// One of them was removed, or will not be taken any more.
    FactorRemoved {
        /// How to address the person.
        given_name: String,
        /// What its owner called it.
        factor: String,
    },
    /// An administrator took all of them away.
    FactorsTaken {
        /// How to address the person.
        given_name: String,
    },
    /// New recovery codes were made.
    RecoveryCodesMade {
        /// How to address the person.
        given_name: String,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How to address the person.
        given_name: String,
        /// How many are left.
        left: u32,
    },
    /// A browser is asked for no code for some days.
    DeviceRemembered {
        /// How to address the person.
        given_name: String,
        /// For how many.
        days: u32,
    },
    /// To the old and the new one: the phone number or e-mail address was changed.
    ContactChanged {
        /// How to address the person.
        given_name: String,
    },
}

impl Message {
    /// Whether it is worthless late: a code is dropped rather than sent after it died.
    pub fn lifetime(&self, links: LinkLives) -> Option<Duration> {
        match self {
            Self::SecurityCode { .. } => Some(Duration::from_mins(3)),
            Self::Recovery { .. } | Self::EmailConfirm { .. } => Some(links.recovery),
            Self::Activation { .. } | Self::Nomination { .. } => Some(links.activation),
            Self::AuthorityInvited { days, .. } | Self::RegistrationReturned { days, .. } => {
                Some(Duration::from_hours(u64::from(*days) * 24))
            }
            // What administrators write is about these days; when mail could not be sent for long, it misleads.
            Self::Announcement { .. } => Some(Duration::from_hours(24)),
            Self::PasswordChanged { .. }
            | Self::FactorAdded { .. }
            | Self::FactorRemoved { .. }
            | Self::FactorsTaken { .. }
            | Self::RecoveryCodesMade { .. }
            | Self::RecoveryCodeUsed { .. }
            | Self::DeviceRemembered { .. }
            | Self::PasswordExpires { .. }
            | Self::RegistrationReceived { .. }
            | Self::RegistrationRefused {}
            | Self::RegistrationWaits { .. }
            | Self::InvitationAsked { .. }
            | Self::EmailAsked { .. }
            | Self::RevocationAsked { .. }
            | Self::RevocationAnswered { .. }
            | Self::RoleProposed { .. }
            | Self::RoleDecided { .. }
            | Self::NominationAnswered { .. }
            | Self::RoleChanged { .. }
            | Self::AccessEnded { .. }
            | Self::OrganisationEnding { .. }
            | Self::ManagerAdded { .. }
            | Self::AmendmentAsked { .. }
            | Self::AmendmentAnswered { .. }
            | Self::RecertificationDue { .. }
            | Self::RecertificationSpared { .. }
            | Self::ContactPending { .. }
            | Self::ContactNotice { .. }
            | Self::ContactChanged { .. } => None,
        }
    }

    /// The sign-in with which it dies.
    pub fn about(&self) -> Option<SignInId> {
        match self {
            Self::SecurityCode { sign_in, .. } => Some(*sign_in),
            _ => None,
        }
    }
}
