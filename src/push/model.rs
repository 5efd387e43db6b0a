//! Words about applications that people are pushed to.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

/// Whether anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As changes happen.
    Active,
    /// Nothing is sent; what changes is noted, and sent once it goes on.
    Paused,
}

impl Status {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Paused].into_iter().find(|status| status.as_str() == text)
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them, the usual one first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word stored, and on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads the word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    )*};
}

words! {
    /// What becomes of somebody at the application who does not belong there any more.
    Ending {
        /// `active` becomes false (RFC 7643 §4.1.1); the account stays.
        Deactivate = "deactivate",
        /// The account is deleted.
        Delete = "delete",
    }

    /// What `userName` is there.
    UserNameFrom {
        /// The user name here.
        UserName = "user_name",
        /// The e-mail address.
        Email = "email",
        /// `sub`, as the tokens of the client have it.
        Subject = "subject",
    }

    /// How changes are sent.
    Update {
        /// Only what changed (RFC 7644 §3.5.2): attributes that the application keeps itself stay.
        Patch = "patch",
        /// The whole resource (RFC 7644 §3.5.1): for servers that know no PATCH of people.
        Put = "put",
    }
}

/// How people and groups look there, and what becomes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// What `userName` is.
    pub user_name: UserNameFrom,
    /// How changes are sent.
    pub update: Update,
    /// Whoever may not enter any more.
    pub leavers: Ending,
    /// Whoever was deleted here.
    pub deleted: Ending,
    /// Whether groups and their members are pushed, or people alone.
    pub groups: bool,
    /// Whether the home organisation is told (enterprise extension, `organization`).
    pub organisation: bool,
    /// Whether an account or a group that is there already under the same name is taken for ours. Otherwise it is left alone, and
    /// whoever has the name here is refused: an administrator of a customer who calls somebody `admin` gets no account of that name.
    pub adopt: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            user_name: UserNameFrom::UserName,
            update: Update::Patch,
            leavers: Ending::Deactivate,
            deleted: Ending::Delete,
            groups: true,
            organisation: false,
            adopt: false,
        }
    }
}

/// Where a client takes people and groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The client whose people they are.
    pub client: ClientId,
    /// The base of its SCIM server, without a `/` at its end.
    pub base_url: String,
    /// The bearer token by which it knows us, sealed.
    pub sealed_token: Vec<u8>,
    /// How.
    pub rules: Rules,
    /// Whether.
    pub status: Status,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A person.
    User,
    /// A group.
    Group,
    /// Nothing itself: all at home there or below have to be looked at.
    Organisation,
    /// Nothing itself: all directly in that group have to be looked at.
    Members,
}

impl Kind {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Organisation => "organisation",
            Self::Members => "members",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::User, Self::Group, Self::Organisation, Self::Members].into_iter().find(|kind| kind.as_str() == text)
    }

    /// The endpoint (RFC 7644 §3.2); what only stands for people has none.
    pub(super) fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group | Self::Organisation | Self::Members => "Groups",
        }
    }
}

/// What a comparison with a target found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    /// People there that are ours and as they should be.
    pub same: u64,
    /// People who should be there and are not.
    pub missing: u64,
    /// People there who are not as they should be.
    pub different: u64,
    /// People there who should not be, of those that we brought.
    pub surplus: u64,
    /// People there that are not ours: left alone.
    pub foreign: u64,
    /// Groups of ours that are missing there, or are called otherwise.
    pub groups: u64,
    /// Memberships in groups of ours that differ.
    pub members: u64,
    /// Members of groups of ours whom we did not bring: left alone.
    pub foreign_members: u64,
}

impl Findings {
    /// Whether nothing has to be done.
    pub fn is_same(&self) -> bool {
        (self.missing, self.different, self.surplus, self.groups, self.members) == (0, 0, 0, 0, 0)
    }

    /// With their names, in the order in which they are shown.
    pub fn counts(&self) -> [(&'static str, u64); 8] {
        [
            ("same", self.same),
            ("missing", self.missing),
            ("different", self.different),
            ("surplus", self.surplus),
            ("foreign", self.foreign),
            ("groups", self.groups),
            ("members", self.members),
            ("foreign-members", self.foreign_members),
        ]
    }
}

/// How far the pushing to a target has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How often in a row it failed as a whole.
    pub attempts: i64,
    /// Nothing is sent before.
    pub due_at: Timestamp,
    /// What was said when it failed last; `None` where it goes well.
    pub answer: Option<String>,
    /// When something was sent last.
    pub pushed_at: Option<Timestamp>,
    /// When everything was compared last, and what that found.
    pub reconciled: Option<(Timestamp, Findings)>,
    /// When everything is compared next.
    pub reconcile_at: Timestamp,
}

/// Something to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// What.
    pub kind: Kind,
    /// Which: the id here.
    pub local: uuid::Uuid,
    /// Raised by each change.
    pub mark: i64,
    /// How often it failed.
    pub attempts: i64,
}

/// Something that the application refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What.
    pub kind: Kind,
    /// Which: the id here.
    pub local: uuid::Uuid,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried again.
    pub due_at: Timestamp,
    /// What was said.
    pub answer: String,
}

/// What a target holds of ours, as far as we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id there.
    pub remote: String,
    /// The digest of what was sent last.
    pub digest: String,
    /// Which attributes that was.
    pub names: String,
}
