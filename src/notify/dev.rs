//! What was sent, kept in memory for `/dev/outbox`. In development mode only.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// How many messages are kept.
const KEPT: usize = 1_000;

/// One message that was sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// Address or number.
    pub to: String,
    /// `email`, `sms` or `voice`.
    pub channel: &'static str,
    /// The whole text; for mail after its subject.
    pub text: String,
    /// When, RFC 3339.
    pub at: String,
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sent({})", self.channel)
    }
}

/// The last messages, the newest last; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct DevOutbox(Arc<Mutex<VecDeque<Sent>>>);

impl DevOutbox {
    /// Keeps a message.
    pub fn push(&self, sent: Sent) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(sent);
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// What is kept.
    pub fn list(&self) -> Vec<Sent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
