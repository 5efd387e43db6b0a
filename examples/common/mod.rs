//! What every example relying application needs: a relying party over the `openidconnect` crate,
//! browser sessions kept in memory, and a plain page around the content.
//!
//! An application of your own would take the first from here nearly unchanged, and the other two
//! from its web framework.

pub(crate) mod cli;
pub(crate) mod http;
pub(crate) mod organisation;
pub(crate) mod page;
pub(crate) mod relying_party;
pub(crate) mod session;
pub(crate) mod sign_in;
pub(crate) mod signed;
pub(crate) mod told;

/// Any failure of an example; shown to the terminal or as a page, never both.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Completes when the process is asked to stop (Ctrl-C or SIGTERM).
pub(crate) async fn stopped() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    let Ok(mut terminate) = terminate else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
