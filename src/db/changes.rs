//! How caches of this node learn that something was changed here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts committed changes; cheap to clone. A cache remembers the count from before it read, and believes what it holds
/// only while the count is still the same.
#[derive(Clone, Debug, Default)]
pub struct Changes(Arc<AtomicU64>);

impl Changes {
    /// The count now.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    /// Something was changed: whatever was read before is doubtful.
    pub fn note(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
