//! The example applications as children of the demo.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::world::World;

/// A running example; ended with the demo.
#[derive(Debug)]
pub(super) struct Example(Child);

impl Drop for Example {
    fn drop(&mut self) {
        // Ctrl-C reached it, too, so it may be gone.
        let _gone_already = self.0.kill();
        let _gone_already = self.0.wait();
    }
}

/// Starts one program per relying application, at the address for which it is registered.
pub(super) fn start(folder: &Path, issuer: &str, world: &World) -> std::io::Result<Vec<Example>> {
    let mut running = Vec::new();
    for client in world.clients.iter().filter(|client| !client.program.is_empty()) {
        let Some(origin) = client.redirect_uris.first().and_then(|uri| uri.strip_suffix("/callback")) else { continue };
        let port = origin.rsplit(':').next().unwrap_or_default();
        let mut command = Command::new(folder.join(&client.program));
        // A secret may begin with a hyphen.
        let secret = format!("--client-secret={}", client.client_secret);
        command.args(["--issuer", issuer, "--client-id", &client.client_id, &secret]);
        command.args(["--listen", &format!("127.0.0.1:{port}"), "--public-url", origin]);
        command.args(&client.arguments);
        running.push(Example(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?));
    }
    Ok(running)
}
