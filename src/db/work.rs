//! How much was asked of the database: what tests assert instead of times.

use std::cell::Cell;

tokio::task_local! {
    static STATEMENTS: Cell<u64>;
}

/// Runs a piece of work and counts its statements on the database; retries count again. Work that says the same to
/// everybody also does the same for everybody (AU-23).
pub async fn counting<F: Future>(work: F) -> (F::Output, u64) {
    STATEMENTS
        .scope(Cell::new(0), async {
            let output = work.await;
            (output, STATEMENTS.with(Cell::get))
        })
        .await
}

/// One more statement; nothing where nobody counts.
pub(super) fn note() {
    let _ = STATEMENTS.try_with(|count| count.set(count.get().saturating_add(1)));
}
