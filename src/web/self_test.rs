//! Trying out a service: which requests were made as it, and what became of them. The surface that makes them is put in at the start, as
//! no surface knows another.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Answered otherwise.
    Failed,
    /// Not tried, as there was nothing to try it with.
    Skipped,
}

impl Outcome {
    /// The word, for texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its word, for texts.
    pub name: &'static str,
    /// The request.
    pub request: String,
    /// The status of the answer; `None` if it was not made.
    pub status: Option<u16>,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said where it was refused.
    pub said: Option<String>,
}

/// Why nothing could be tried, or nothing could be cleared away.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Unready(pub Box<dyn std::error::Error + Send + Sync>);

type Running = Pin<Box<dyn Future<Output = Result<Vec<Step>, Unready>> + Send>>;

/// Tries out services; cheap to clone. Without a surface that is put in nothing is tried.
#[derive(Clone, Default)]
pub struct SelfTest(Option<Arc<dyn Fn(Client, Ctx) -> Running + Send + Sync>>);

impl fmt::Debug for SelfTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SelfTest")
    }
}

impl SelfTest {
    /// By this surface.
    pub fn by<F>(run: impl Fn(Client, Ctx) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Step>, Unready>> + Send + 'static,
    {
        Self(Some(Arc::new(move |client, ctx| Box::pin(run(client, ctx)))))
    }

    /// Tries out a service, for whoever may manage it.
    pub async fn run(&self, client: Client, ctx: Ctx) -> Result<Vec<Step>, Unready> {
        match &self.0 {
            Some(run) => run(client, ctx).await,
            None => Ok(Vec::new()),
        }
    }
}
