//! The loops that run the tasks. One set per process; several nodes may run them at once.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::tasks::{Shop, Task, run};

/// Runs until `stop` is ready. Each task has a loop of its own, so that a mail server that hangs holds up nothing else
/// (R10). A task that fails is logged and tried again in the next round.
pub async fn work(shop: Shop, stop: impl Future<Output = ()> + Send) {
    let (stopped, _) = watch::channel(false);
    let mut loops = JoinSet::new();
    for task in Task::ALL {
        loops.spawn(repeat(task, shop.clone(), stopped.subscribe()));
    }
    stop.await;
    stopped.send_replace(true);
    while loops.join_next().await.is_some() {}
    // Nothing is answered any more: what was noted last is not lost.
    if let Err(error) = run(Task::Note, &shop).await {
        tracing::error!(task = ?Task::Note, error = %error, "a task failed");
    }
}

async fn repeat(task: Task, shop: Shop, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = run(task, &shop).await {
            tracing::error!(task = ?task, error = %error, "a task failed");
        }
        wait(task.every(), &mut stopped).await;
    }
}

/// Until the next round, or the stop.
async fn wait(period: Duration, stopped: &mut watch::Receiver<bool>) {
    // Both ends of the wait are the same to the caller, who looks at the flag.
    let _either = tokio::time::timeout(period, stopped.changed()).await;
}
