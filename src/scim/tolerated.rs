//! What of a request is taken although RFC 7644 has it otherwise: collected while it is read, or refused where its client is held to the
//! letter. Belongs to one request, with the limits that it is read within; nothing is shared between two.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::limits::Limits;
use crate::directory::client::activity::model::Habit;
use crate::directory::client::provisioning::Tolerance;

/// How literally a request is read, and what was met in it. Clones are of the same request.
#[derive(Clone, Debug, Default)]
pub struct Tolerated {
    strict: bool,
    limits: Limits,
    met: Arc<AtomicU32>,
}

impl Tolerated {
    /// For a client of this tolerance, within these limits.
    pub fn of(tolerance: Tolerance, limits: Limits) -> Self {
        Self { strict: tolerance == Tolerance::Strict, limits, met: Arc::default() }
    }

    /// How much the request may ask for.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Meets a habit: whether it is let pass. However often it is met in one request, it is met once.
    #[must_use]
    pub fn passes(&self, habit: Habit) -> bool {
        if !self.strict {
            self.met.fetch_or(1 << habit as u8, Ordering::Relaxed);
        }
        !self.strict
    }

    /// The same as an error where it is not.
    pub fn pass<E>(&self, habit: Habit, refusal: impl FnOnce() -> E) -> Result<(), E> {
        if self.passes(habit) { Ok(()) } else { Err(refusal()) }
    }

    /// What was met.
    pub fn habits(&self) -> impl Iterator<Item = Habit> {
        let met = self.met.load(Ordering::Relaxed);
        Habit::ALL.into_iter().filter(move |habit| met & (1 << *habit as u8) != 0)
    }
}
