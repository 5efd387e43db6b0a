//! The processes of the demo: started together, stopped together.

use std::{
    io,
    process::{Child, ChildStdout, Command},
    time::Duration,
};

/// How long a process may take to stop before it is ended by force.
const PATIENCE: Duration = Duration::from_secs(15);
const STEP: Duration = Duration::from_millis(100);

/// Processes in the order in which they were started.
#[derive(Default)]
pub(crate) struct Children(Vec<Child>);

impl Children {
    /// Starts one more and gives back its standard output, if it was asked for.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn start(&mut self, mut command: Command) -> io::Result<Option<ChildStdout>> {
        let mut child = command.spawn()?;
        let output = child.stdout.take();
        self.0.push(child);
        Ok(output)
    }

    /// Waits for Ctrl-C, for SIGTERM, or until one of the processes has ended by itself.
    pub(crate) async fn wait(&mut self) {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            return;
        };
        loop {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => return,
                _ = terminate.recv() => return,
                () = tokio::time::sleep(STEP) => {}
            }
            if self.0.iter_mut().any(|child| !matches!(child.try_wait(), Ok(None))) {
                return;
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "waits for processes, which know no injected clock")]
    /// Asks every process to stop, applications first, and waits for them.
    pub(crate) fn stop(&mut self) {
        for child in self.0.iter_mut().rev() {
            // The standard library can only kill; the command asks politely. A process that a
            // Ctrl-C in the terminal reached already is gone or on its way.
            if matches!(child.try_wait(), Ok(None)) {
                let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            }
        }
        for child in &mut self.0 {
            let mut waited = Duration::ZERO;
            while matches!(child.try_wait(), Ok(None)) && waited < PATIENCE {
                std::thread::sleep(STEP);
                waited = waited.saturating_add(STEP);
            }
            if matches!(child.try_wait(), Ok(None)) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}
