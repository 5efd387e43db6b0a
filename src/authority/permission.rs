//! Permissions: a closed list in code. Role definitions, which are data, name them.

use std::fmt;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a role may allow. Every endpoint asks for one (`delegation.md` §2).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Permission { $($(#[$doc])* $name,)* }

        impl Permission {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in profiles and explanations.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads the word.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

permissions! {
    /// See people: name, organisation, state, what they may use.
    UserRead = "user.read",
    /// See the e-mail addresses and phone numbers of people whom one sees (`requirements.md`, decision 13).
    UserReadContact = "user.read_contact",
    /// Create people.
    UserCreate = "user.create",
    /// Change people's details.
    UserUpdate = "user.update",
    /// Delete and restore people.
    UserDelete = "user.delete",
    /// Start a recovery for somebody, end their sessions.
    UserResetCredentials = "user.reset_credentials",
    /// Block and unblock, over the customer's head.
    UserBlock = "user.block",
    /// See groups and who is in them.
    MembershipRead = "membership.read",
    /// Add and remove memberships.
    MembershipAssign = "membership.assign",
    /// See who holds which role.
    RoleRead = "role.read",
    /// Grant and revoke roles, as far as the role's own rules go.
    RoleGrant = "role.grant",
    /// Confirm what somebody else proposed.
    RoleConfirm = "role.confirm",
    /// See organisations.
    OrganisationRead = "organisation.read",
    /// Create organisations below.
    OrganisationCreate = "organisation.create",
    /// Change, move, deactivate organisations.
    OrganisationUpdate = "organisation.update",
    /// Ask whoever may that the data of organisations be changed (P61, P67).
    OrganisationRequestChange = "organisation.request_change",
    /// Attach documents to what one asked for (P62).
    OrganisationAttach = "organisation.attach",
    /// Write mails to the people of organisations (I52).
    OrganisationWriteTo = "organisation.write_to",
    /// See projects, who takes part and who holds which role in them.
    ProjectRead = "project.read",
    /// Create projects, say who takes part, carry them through their phases.
    ProjectManage = "project.manage",
    /// Add and remove the Access Managers of organisations (I51).
    AccessManagerManage = "access_manager.manage",
    /// Make one's own organisation an Access Manager of what one sees (I50, `decisions.md` 1).
    AccessManagerSelfAdd = "access_manager.self_add",
    /// Grant, change and suspend the module access of organisations.
    ModuleManage = "module.manage",
    /// Propose organisations for a module.
    ModulePropose = "module.propose",
    /// Manage applications and environments.
    ApplicationManage = "application.manage",
    /// Create, change and delete the groups of an application.
    GroupManage = "group.manage",
    /// Manage OAuth clients.
    ClientManage = "client.manage",
    /// Make services of organisations, and keep those that may nothing that one may not oneself.
    ServiceManage = "service.manage",
    /// Read the audit log.
    AuditRead = "audit.read",
    /// See and rotate signing keys.
    KeyManage = "key.manage",
    /// See configuration and the message queue.
    SystemRead = "system.read",
}

impl Permission {
    /// Whether it only lets one see something.
    pub fn is_reading(self) -> bool {
        self.as_str().contains(".read")
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u32);

impl PermissionSet {
    /// Nothing.
    pub const EMPTY: Self = Self(0);

    /// Whether it holds one.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// With one more.
    #[must_use]
    pub fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u8))
    }

    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of it is in `other`.
    pub fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether it holds nothing.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those it holds, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
