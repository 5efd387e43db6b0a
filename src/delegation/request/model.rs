//! What a stored request for a revocation is.

use crate::kernel::ids::{PrincipalId, RevocationRequestId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for an answer.
    Open,
    /// The role was revoked.
    Granted,
    /// It was declined, with a reason.
    Declined,
}

impl State {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Granted => "granted",
            Self::Declined => "declined",
        }
    }

    /// Reads the word stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Granted, Self::Declined].into_iter().find(|state| state.as_str() == text)
    }
}

/// Somebody asked that a role be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationRequest {
    /// Its id.
    pub id: RevocationRequestId,
    /// Which assignment it is about.
    pub assignment: RoleAssignmentId,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub asked_by: PrincipalId,
    /// When.
    pub asked_at: Timestamp,
    /// Why it was declined.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}
