//! `make demo`: the server with its seeded world, and the example applications beside it.
//!
//! Starts `chamberlain demo --json` with the arguments it is given, reads the document that the
//! server prints once it answers, starts each application at the address for which its client is
//! registered, and says what to try. Ctrl-C stops all of them.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod children;
mod world;

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Command, Stdio},
};

use children::Children;
use world::World;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut children = Children::default();
    let outcome = start(&mut children).await;
    if outcome.is_ok() {
        children.wait().await;
    }
    children.stop();
    outcome
}

async fn start(children: &mut Children) -> Result<(), Failure> {
    let examples = folder()?;
    let server = examples.join("../chamberlain");
    let mut command = Command::new(&server);
    command.args(["demo", "--json"]).args(std::env::args_os().skip(1)).stdout(Stdio::piped());
    let output = children.start(command)?.ok_or("the server has no output")?;
    let world = tokio::task::spawn_blocking(move || read_document(output)).await??;
    for application in world.applications()? {
        let mut command = Command::new(examples.join(application.program));
        command.args(&application.arguments).stdout(Stdio::null());
        children.start(command)?;
    }
    println!("{}", world.welcome()?);
    Ok(())
}

/// The folder of the built examples: where this program is.
fn folder() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?;
    Ok(program.parent().ok_or("this program is nowhere")?.to_owned())
}

/// Reads the first JSON document, then keeps the pipe drained so that the server never blocks on it.
fn read_document(output: impl Read + Send + 'static) -> Result<World, Failure> {
    let mut reader = BufReader::new(output);
    let first = serde_json::Deserializer::from_reader(&mut reader).into_iter().next();
    let world = first.ok_or("the server ended before it was ready; its log is above")??;
    std::thread::spawn(move || {
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            line.clear();
        }
    });
    Ok(world)
}
