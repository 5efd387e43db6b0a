//! The closed list of what is recorded (D10).

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Everything that is recorded. The words are stored and are keys of the locale files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All of them, for filters.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads the word stored.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A service asked for a name or an address that belongs to somebody out of its sight (`decisions.md` 2).
    NameConflict = "user.name_conflict",
    /// A person was created.
    UserCreated = "user.created",
    /// A person's details changed.
    UserChanged = "user.changed",
    /// An administrator asked for another address (D15).
    ContactPending = "user.contact_pending",
    /// Its owner agreed to a pending address.
    ContactAgreed = "user.contact_agreed",
    /// A second administrator approved a pending address (D11).
    ContactApproved = "user.contact_approved",
    /// A pending address was refused or withdrawn.
    ContactRefused = "user.contact_refused",
    /// A pending address took effect.
    ContactConfirmed = "user.contact_confirmed",
    /// A person got another home organisation.
    UserMoved = "user.moved",
    /// A person was deleted.
    UserDeleted = "user.deleted",
    /// A deleted person was restored.
    UserRestored = "user.restored",
    /// What was stored of a deleted person was erased (GDPR Art. 17).
    UserErased = "user.erased",
    /// Somebody took a copy of what is stored of them (GDPR Art. 15, 20).
    OwnDataExported = "user.data_exported",
    /// A person was blocked.
    UserBlocked = "user.blocked",
    /// A person was unblocked.
    UserUnblocked = "user.unblocked",
    /// A person activated the account.
    UserActivated = "user.activated",
    /// An activation link was sent again.
    InvitationSent = "user.invitation_sent",
    /// An administrator told somebody the user name that was made up for them.
    UserNameTold = "user.name_told",
    /// An administrator let somebody try again after too many wrong answers.
    UserUnlocked = "user.unlocked",
    /// An administrator ended all sessions of somebody.
    SignedOutEverywhere = "user.signed_out",
    /// An administrator started a recovery.
    CredentialsReset = "user.credentials_reset",
    /// A password was set by its owner.
    PasswordChanged = "user.password_changed",
    /// Somebody asked for another address of their own.
    EmailAsked = "user.email_asked",
    /// An e-mail address was proved by its owner.
    EmailChanged = "user.email_changed",
    /// A phone number was proved by its owner.
    PhoneChanged = "user.phone_changed",
    /// Somebody added an authenticator app or a passkey to their account.
    FactorAdded = "user.factor_added",
    /// Somebody gave one of them another name.
    FactorRenamed = "user.factor_renamed",
    /// Somebody removed one of them.
    FactorRemoved = "user.factor_removed",
    /// An administrator took away all apps, passkeys and recovery codes of somebody.
    FactorsTaken = "user.factors_taken",
    /// Somebody made new recovery codes; those before are void.
    RecoveryCodesMade = "user.recovery_codes_made",
    /// A recovery code was used.
    RecoveryCodeUsed = "user.recovery_code_used",
    /// A passkey counts backwards: somebody may have copied it (WebAuthn §7.2).
    PasskeySuspected = "user.passkey_suspected",
    /// Somebody gave a browser of theirs a name, or took it away.
    BrowserNamed = "user.browser_named",
    /// Somebody asked that a browser be asked for no code for some days.
    DeviceRemembered = "user.device_remembered",
    /// Somebody took that back.
    DeviceForgotten = "user.device_forgotten",
    /// Somebody joined a group.
    MembershipAssigned = "membership.assigned",
    /// Somebody left a group.
    MembershipRemoved = "membership.removed",
    /// A role was proposed and waits.
    RoleProposed = "role.proposed",
    /// A role was granted.
    RoleGranted = "role.granted",
    /// A proposed role was confirmed.
    RoleConfirmed = "role.confirmed",
    /// A proposed role was refused.
    RoleRejected = "role.rejected",
    /// A role was taken away.
    RoleRevoked = "role.revoked",
    /// The holder of a role lets somebody stand in for a while.
    DeputyNamed = "deputy.named",
    /// That was ended.
    DeputyEnded = "deputy.ended",
    /// Somebody who may give a role said that it is still needed.
    RoleKept = "role.kept",
    /// A role was not confirmed in time and stays, because somebody must hold it (D6).
    RoleSpared = "role.spared",
    /// Somebody who may give a membership said that it is still needed.
    MembershipKept = "membership.kept",
    /// Whoever administers an organisation is asked which roles and memberships are still needed.
    RecertificationOpened = "recertification.opened",
    /// That is over: what was not confirmed has ended.
    RecertificationClosed = "recertification.closed",
    /// Somebody was named for a role by e-mail address.
    Nominated = "nomination.made",
    /// Whoever owns the address accepted.
    NominationAccepted = "nomination.accepted",
    /// Whoever owns the address declined.
    NominationDeclined = "nomination.declined",
    /// A nomination was taken back.
    NominationWithdrawn = "nomination.withdrawn",
    /// A nomination was accepted when whoever made it could no longer give the role.
    NominationLapsed = "nomination.lapsed",
    /// Somebody accepted an invitation by making an account.
    SelfRegistered = "user.self_registered",
    /// Somebody asked that a role be revoked.
    RevocationRequested = "role.revocation_requested",
    /// Such a request was declined.
    RevocationDeclined = "role.revocation_declined",
    /// A project was created.
    ProjectCreated = "project.created",
    /// A project came to another phase.
    ProjectPhase = "project.phase",
    /// An organisation takes part in a project.
    ProjectJoined = "project.joined",
    /// An organisation no longer takes part.
    ProjectLeft = "project.left",
    /// An authority was invited to register itself, or that was written down.
    RegistrationInvited = "registration.invited",
    /// It was sent another link.
    RegistrationSent = "registration.sent",
    /// An invitation was taken back.
    RegistrationWithdrawn = "registration.withdrawn",
    /// An invited authority submitted its data.
    RegistrationSubmitted = "registration.submitted",
    /// The first of two validated a registration.
    RegistrationApproved = "registration.approved",
    /// A registration was validated: the organisation exists.
    RegistrationValidated = "registration.validated",
    /// A registration was given back to be corrected.
    RegistrationReturned = "registration.returned",
    /// A registration was refused.
    RegistrationRefused = "registration.refused",
    /// An organisation was created.
    OrganisationCreated = "organisation.created",
    /// An organisation was changed.
    OrganisationChanged = "organisation.changed",
    /// Contact, names, identifiers or classification of an organisation changed.
    OrganisationDescribed = "organisation.described",
    /// Somebody gave an official identifier that belongs to an organisation out of their sight (I09).
    IdentifierConflict = "organisation.identifier_conflict",
    /// Somebody wrote to the people of organisations that they manage (I52).
    PeopleWrittenTo = "organisation.people_written_to",
    /// Somebody who represents an organisation asked that its data be changed (P61).
    AmendmentAsked = "organisation.amendment_asked",
    /// They took that back.
    AmendmentWithdrawn = "organisation.amendment_withdrawn",
    /// It was approved.
    AmendmentApproved = "organisation.amendment_approved",
    /// It was refused.
    AmendmentRefused = "organisation.amendment_refused",
    /// They attached a document (P62).
    DocumentAttached = "organisation.document_attached",
    /// The scanner found nothing in a document, which is given out from then on.
    DocumentClean = "organisation.document_clean",
    /// The scanner found malware in a document, and its content was removed.
    DocumentInfected = "organisation.document_infected",
    /// An organisation got another parent.
    OrganisationMoved = "organisation.moved",
    /// An organisation was deactivated.
    OrganisationDeactivated = "organisation.deactivated",
    /// An organisation was deleted, long after it had been deactivated.
    OrganisationDeleted = "organisation.deleted",
    /// An organisation was reactivated.
    OrganisationReactivated = "organisation.reactivated",
    /// What an organisation asks of the sign-in of its people changed.
    OrganisationSignInChanged = "organisation.sign_in_changed",
    /// An organisation was given access to a module.
    ModuleGranted = "module.granted",
    /// Kind or coordinators of a module access changed.
    ModuleChanged = "module.changed",
    /// Module access was suspended: complete-only.
    ModuleSuspended = "module.suspended",
    /// An organisation came to manage another one.
    AccessManagerAdded = "access_manager.added",
    /// An organisation manages another one no more.
    AccessManagerRemoved = "access_manager.removed",
    /// Suspended module access was given back.
    ModuleRegranted = "module.regranted",
    /// An organisation was proposed for a module.
    ModuleProposed = "module.proposed",
    /// A proposal for a module was declined.
    ModuleProposalDeclined = "module.proposal_declined",
    /// An application was created.
    ApplicationCreated = "application.created",
    /// An application was changed.
    ApplicationChanged = "application.changed",
    /// An application was deleted.
    ApplicationDeleted = "application.deleted",
    /// An environment was created.
    EnvironmentCreated = "environment.created",
    /// An environment was changed.
    EnvironmentChanged = "environment.changed",
    /// An environment was deleted.
    EnvironmentDeleted = "environment.deleted",
    /// A group was created.
    GroupCreated = "group.created",
    /// A group was changed.
    GroupChanged = "group.changed",
    /// A group was deleted.
    GroupDeleted = "group.deleted",
    /// A client was created.
    ClientCreated = "client.created",
    /// A client was changed.
    ClientChanged = "client.changed",
    /// A client was switched off.
    ClientDisabled = "client.disabled",
    /// A token was made by which clients register themselves.
    RegistrationTokenIssued = "client.registration_token_issued",
    /// It was taken back.
    RegistrationTokenRevoked = "client.registration_token_revoked",
    /// A client was switched on again.
    ClientEnabled = "client.enabled",
    /// The former secrets of a client ended.
    ClientSecretsEnded = "client.secrets_ended",
    /// A client got a new secret.
    ClientSecretRotated = "client.secret_rotated",
    /// Somebody tried out a service by its own right.
    ClientTriedOut = "client.tried_out",
    /// A service got a token that it uses until a day.
    ProvisioningTokenIssued = "client.provisioning_token_issued",
    /// It was taken back.
    ProvisioningTokenRevoked = "client.provisioning_token_revoked",
    /// An application set up its stream of events (SSF 1.0).
    StreamCreated = "stream.created",
    /// It changed, or was paused or resumed.
    StreamChanged = "stream.changed",
    /// It is gone.
    StreamDeleted = "stream.deleted",
    /// Where and how people of a client are pushed to its application was set, or whether.
    PushChanged = "push.changed",
    /// What waited there was to be tried at once.
    PushHurried = "push.hurried",
    /// People are not pushed there any more.
    PushRemoved = "push.removed",
    /// Somebody signed in.
    SignedIn = "session.started",
    /// Both factors were proved again in a session (AU-14).
    SteppedUp = "session.stepped_up",
    /// A first step was right and a code is on its way.
    CodeSent = "session.code_sent",
    /// A sign-in failed.
    SignInFailed = "session.failed",
    /// A session ended.
    SignedOut = "session.ended",
    /// Too many wrong answers stopped a channel or an account for a while.
    Throttled = "session.throttled",
    /// Tokens were issued for a grant.
    TokenIssued = "token.issued",
    /// A client exchanged a token to act for its person (RFC 8693).
    TokenExchanged = "token.exchanged",
    /// Somebody let a device in by its code (RFC 8628).
    DeviceApproved = "device.approved",
    /// Somebody refused a device.
    DeviceDenied = "device.denied",
    /// A delegate made a token for scripts.
    DelegatedTokenIssued = "token.delegated_issued",
    /// A delegate took such a token back.
    DelegatedTokenRevoked = "token.delegated_revoked",
    /// A person let an application of somebody else know and do something.
    ConsentGiven = "consent.given",
    /// A person took that back.
    ConsentWithdrawn = "consent.withdrawn",
    /// A person accepted terms of use (E16).
    TermsAccepted = "terms.accepted",
    /// A person did not accept them.
    TermsRefused = "terms.refused",
    /// A grant was revoked.
    TokenRevoked = "token.revoked",
    /// A used code or refresh token was presented again.
    TokenReplayed = "token.replayed",
    /// A client was given no tokens: by itself, or the last of so many within an hour.
    TokenRefused = "token.refused",
    /// An access token was not accepted: by itself, or the last of so many within an hour.
    BearerRefused = "token.bearer_refused",
    /// A person without access was refused at an application.
    AccessRefused = "access.refused",
    /// An action was refused by the decision.
    Denied = "authority.denied",
    /// An export left the house.
    Exported = "directory.exported",
    /// A signing key was made.
    KeyCreated = "key.created",
    /// A signing key took over.
    KeyActivated = "key.activated",
    /// A signing key was retired.
    KeyRetired = "key.retired",
}
