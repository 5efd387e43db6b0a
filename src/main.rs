//! Parses the arguments, calls the library, sets the exit code; nothing else.

use std::process::ExitCode;

use chamberlain::cli::{Cli, run};
use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    run(Cli::parse()).await
}
