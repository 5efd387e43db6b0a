//! A request as it is kept, and the habits of clients that RFC 7644 does not know. Pure.

use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

/// Most requests that are kept of one client.
pub const KEPT: usize = 500;

/// For how many days they are kept at most.
pub const KEPT_DAYS: u32 = 7;

/// For how many days it is remembered what was tolerated.
pub const TOLERATED_DAYS: u32 = 30;

/// One request: never what was in it, nor what was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// When.
    pub at: Timestamp,
    /// The verb.
    pub method: String,
    /// The path below the surface with ids, and the names of the parameters.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Its `scimType`, for an error that has one.
    pub scim_type: Option<String>,
    /// How long it took, in microseconds.
    pub micros: i64,
    /// How long the answer was; `None` for one that was streamed.
    pub bytes: Option<i64>,
}

impl Request {
    /// Whether it was refused, or went wrong.
    pub fn has_failed(&self) -> bool {
        self.status >= 400
    }
}

/// What clients do although RFC 7644 has it otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Habit {
    /// `op` with capitals (RFC 7644 §3.5.2).
    OperationCase,
    /// `"True"` for `true` (RFC 7643 §2.3.2).
    BooleanText,
    /// A text for a complex attribute, as `manager` (RFC 7643 §2.3.8).
    PlainText,
    /// A list of one for a complex attribute that is none (RFC 7643 §2.3.8).
    ListOfOne,
    /// One value for an attribute that is a list (RFC 7643 §2.4).
    SingleValue,
    /// Paths as the names of members in a value without a path (RFC 7644 §3.5.2.1).
    DottedNames,
    /// `attr[filter].sub op value` in a filter (RFC 7644 §3.4.2.2, figure 1).
    FilteredPath,
    /// `remove` with the values that go away (RFC 7644 §3.5.2.2).
    RemovedValues,
    /// A filter that finds nothing, where something is to be replaced (RFC 7644 §3.5.2.3).
    MadeElement,
    /// No `schemas` (RFC 7643 §3).
    NoSchemas,
    /// `schemas` within an extension (RFC 7643 §3.3).
    InnerSchemas,
}

impl Habit {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::OperationCase,
        Self::BooleanText,
        Self::PlainText,
        Self::ListOfOne,
        Self::SingleValue,
        Self::DottedNames,
        Self::FilteredPath,
        Self::RemovedValues,
        Self::MadeElement,
        Self::NoSchemas,
        Self::InnerSchemas,
    ];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OperationCase => "operation-case",
            Self::BooleanText => "boolean-text",
            Self::PlainText => "plain-text",
            Self::ListOfOne => "list-of-one",
            Self::SingleValue => "single-value",
            Self::DottedNames => "dotted-names",
            Self::FilteredPath => "filtered-path",
            Self::RemovedValues => "removed-values",
            Self::MadeElement => "made-element",
            Self::NoSchemas => "no-schemas",
            Self::InnerSchemas => "inner-schemas",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// How often something was tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerated {
    /// What.
    pub habit: Habit,
    /// In how many requests.
    pub times: i64,
    /// When last.
    pub last_at: Timestamp,
}

/// Which requests are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Of which client.
    pub client: ClientId,
    /// Those that failed only.
    pub failed: bool,
    /// How many.
    pub limit: i64,
    /// After how many.
    pub offset: i64,
}
