//! How much may be asked for in a test that asks for everything at one instant.

use std::num::NonZeroU32;
use std::sync::Arc;

use chamberlain::web::limits::{LimitSettings, Limits};

/// So much that how fast a machine runs the test changes nothing.
pub fn wide_limits() -> Arc<Limits> {
    let many = NonZeroU32::new(1_000_000).unwrap();
    Arc::new(Limits::new(LimitSettings {
        per_address: many,
        per_account: many,
        per_client: many,
        burst_seconds: NonZeroU32::MIN,
    }))
}
