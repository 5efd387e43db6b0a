//! The loop that runs the tasks. One per process; several nodes may run it at once.

use std::future::Future;
use std::time::Duration;

use super::tasks::{Task, run};
use crate::db::Db;
use crate::kernel::time::{Clock, Timestamp};
use crate::notify::Transports;

/// How often the queue is looked at.
const EVERY: Duration = Duration::from_millis(200);
/// How often expired things are removed.
const PURGE_EVERY: Duration = Duration::from_mins(10);

/// Runs until `stop` is ready. A task that fails is logged and tried again in the next round.
pub async fn work(db: Db, transports: Transports, clock: Clock, stop: impl Future<Output = ()> + Send) {
    let mut stop = std::pin::pin!(stop);
    let mut purged: Option<Timestamp> = None;
    loop {
        let purge = purged.is_none_or(|at| clock.now().since(at) >= PURGE_EVERY);
        let tasks: &[Task] =
            if purge { &[Task::Deliver, Task::Seal, Task::Purge] } else { &[Task::Deliver, Task::Seal] };
        for task in tasks {
            if let Err(error) = run(*task, &db, &transports, &clock).await {
                tracing::error!(task = ?task, error = %error, "a task failed");
            }
        }
        if purge {
            purged = Some(clock.now());
        }
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
