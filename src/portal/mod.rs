//! The web pages: sign-in, one's own account, delegated administration, the operator's area.
//!
//! Every page works without script. A handler reads a form, asks `authority` and calls one use case; it owns no rule.

pub mod account;
pub mod admin;
mod amendments;
mod directory;
pub mod error;
pub mod form;
mod help;
pub mod info;
mod nominations;
pub mod page;
mod password;
mod registration;
mod router;
pub mod sign_in;
pub mod signed_in;
mod terms;

pub use router::router;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;

use crate::factors::Factors;
use crate::notify::DevOutbox;
use crate::push::run::Pusher;
use crate::sessions;
use crate::web::App;
use crate::web::self_test::SelfTest;

/// What the pages hold; cheap to clone.
#[derive(Clone, Debug)]
pub struct Portal {
    /// What all surfaces share.
    pub app: App,
    /// Passwords, codes and their limits.
    pub factors: Factors,
    /// What was sent, in development mode.
    pub outbox: DevOutbox,
    /// How long a deleted person can be restored.
    pub retention: Duration,
    /// How long sessions last.
    pub session_settings: Arc<sessions::model::Settings>,
    /// Tries out services.
    pub self_test: SelfTest,
    /// Pushes people to applications; put in at the start.
    pub pusher: Option<Pusher>,
}

impl Portal {
    /// The pages over an application handle.
    pub fn new(app: App) -> Self {
        Self {
            app,
            factors: Factors::default(),
            outbox: DevOutbox::default(),
            retention: Duration::from_hours(30 * 24),
            session_settings: Arc::default(),
            self_test: SelfTest::default(),
            pusher: None,
        }
    }
}

impl FromRef<Portal> for App {
    fn from_ref(portal: &Portal) -> Self {
        portal.app.clone()
    }
}
