//! What a stored request is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::ids::{AmendmentId, DocumentId, OrganisationId, PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// Most requests about one organisation in a day.
pub const MAX_A_DAY: i64 = 10;

/// Most documents of one request.
pub const MAX_DOCUMENTS: i64 = 5;

/// How long documents are kept after the answer.
pub const KEPT: std::time::Duration = std::time::Duration::from_hours(90 * 24);

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for an answer.
    Open,
    /// Whoever asked took it back.
    Withdrawn,
    /// It was approved, and the data are changed.
    Approved,
    /// It was refused, with a reason.
    Refused,
}

impl State {
    const ALL: [Self; 4] = [Self::Open, Self::Withdrawn, Self::Approved, Self::Refused];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Withdrawn => "withdrawn",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// One value that is to be another one; empty for none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What it was when it was asked for.
    pub old: String,
    /// What it is to be.
    pub new: String,
}

/// What is to change, by the key of [`super::sheet::Sheet`].
pub type Changes = BTreeMap<String, Change>;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Its id.
    pub id: AmendmentId,
    /// Which organisation it is about.
    pub organisation: OrganisationId,
    /// What is to change.
    pub changes: Changes,
    /// Why, in the words of whoever asked.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// Who answered.
    pub answered_by: Option<PrincipalId>,
    /// Why it was refused.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

/// What is known about whether a document is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Waits for the scanner; nobody gets it until then.
    Waiting,
    /// The scanner found nothing.
    Clean,
    /// The scanner found something; the content is gone.
    Infected,
    /// No scanner is set up.
    Unchecked,
}

impl Checked {
    const ALL: [Self; 4] = [Self::Waiting, Self::Clean, Self::Infected, Self::Unchecked];

    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Clean => "clean",
            Self::Infected => "infected",
            Self::Unchecked => "unchecked",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether somebody may have it.
    pub fn is_given_out(self) -> bool {
        matches!(self, Self::Clean | Self::Unchecked)
    }
}

/// A document without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it belongs to.
    pub amendment: AmendmentId,
    /// Its name, as it was given and with the ending of what it is.
    pub name: String,
    /// What it is.
    pub kind: super::file::FileKind,
    /// How many bytes.
    pub size: i64,
    /// SHA-256 of the content, in hexadecimal.
    pub digest: String,
    /// What is known about it.
    pub checked: Checked,
    /// Whether the content is still there.
    pub is_kept: bool,
}
