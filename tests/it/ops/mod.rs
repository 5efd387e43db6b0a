//! The program as an operator meets it: configuration, commands, listeners, start and stop.

mod answers;
mod commands;
mod config;
mod console;
mod demo;
mod erasing;
mod groups;
mod imports;
mod leaks;
mod modules;
mod mtls;
mod network;
mod profiles;
mod roles;
mod server;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// 32 random bytes in base64.
pub(crate) const KEY: &str = "q8Yw2V0o5Hn1mX7kPz3cRb9tFd4uLs6gJeAiKvTyWxE=";

/// The program with an environment of its own and a database in `folder`.
pub(crate) fn chamberlain(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chamberlain"));
    command.env_clear().current_dir(folder);
    command.env("CHAMBERLAIN__DATABASE__URL", format!("sqlite:{}", folder.join("test.db").display()));
    command.env("CHAMBERLAIN__HTTP__LISTEN", "127.0.0.1:0").env("CHAMBERLAIN__HTTP__MANAGEMENT_LISTEN", "127.0.0.1:0");
    for channel in ["MAIL", "SMS", "VOICE"] {
        command
            .env(format!("CHAMBERLAIN__{channel}__DRIVER"), "file")
            .env(format!("CHAMBERLAIN__{channel}__DIRECTORY"), folder);
    }
    command
}

/// Runs a command with `--json`: exit code and document.
pub(crate) fn json(command: &mut Command) -> (i32, Value) {
    let output = command.arg("--json").stderr(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

/// A server in a process of its own; killed when the test ends.
pub(crate) struct Running {
    pub(crate) process: Child,
    pub(crate) public: String,
    pub(crate) management: String,
    /// Address and port of the listener that asks for certificates.
    pub(crate) mtls: Option<String>,
    /// Held so that the server can go on writing.
    pub(crate) log: BufReader<ChildStderr>,
}

impl Running {
    /// Starts and waits for the line that says so; `Err` with the log if it ends before.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            if log.read_line(&mut line).unwrap() == 0 {
                break;
            }
            seen.push_str(&line);
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            if event["message"] == "started" {
                let address = |name: &str| format!("http://{}", event[name].as_str().unwrap());
                let mtls = event["mtls"].as_str().map(str::to_owned);
                return Ok(Self { process, public: address("public"), management: address("management"), mtls, log });
            }
        }
        process.wait().unwrap();
        Err(seen)
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}
