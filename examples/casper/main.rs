//! CASPER: an application with two environments, in which a group decides what a person may do.
//!
//! Run it twice, once per environment, each with a client of its own (C02). The groups of
//! pre-production bear the prefix `A-` (C07), so membership in one environment says nothing in the
//! other. A web user administrator is dormant until somebody assigns a data collection (C13).
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod collections;
#[path = "../common/mod.rs"]
mod common;
mod pages;

use std::sync::Arc;

use axum::{Router, routing::get};
use clap::{Parser, ValueEnum};

use common::{Failure, cli::Registration, page::Brand, sign_in};

/// The example application CASPER.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    registration: Registration,
    /// Which of the two environments this process is.
    #[arg(long, value_enum, default_value = "production")]
    environment: Environment,
}

/// An environment of the application: its own client, its own groups, its own data.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Environment {
    Production,
    PreProduction,
}

impl Environment {
    /// What the codes of this environment's groups begin with (C07).
    fn prefix(self) -> &'static str {
        match self {
            Self::Production => "",
            Self::PreProduction => "A-",
        }
    }

    fn brand(self) -> Brand {
        let (environment, colour) = match self {
            Self::Production => ("", "#1d4d3f"),
            Self::PreProduction => ("Pre-Production", "#5b3a78"),
        };
        Brand { name: "CASPER", long_name: "Data collections", environment, colour }
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = Flags::parse();
    let brand = flags.environment.brand();
    let collections = Arc::new(collections::Collections::default());
    let accounts = Arc::clone(&collections);
    let door = sign_in::Door::open(&flags.registration, brand, move |identity| accounts.remember(identity)).await?;
    let state = pages::Casper { door: Arc::clone(&door), collections, prefix: flags.environment.prefix() };
    let pages = Router::new()
        .route("/", get(pages::home).post(pages::submit))
        .route("/useradmin/", get(pages::useradmin).post(pages::assign))
        .with_state(state);
    let listener = tokio::net::TcpListener::bind(flags.registration.listen).await?;
    println!("CASPER{} on {}", flags.environment.brand().environment, flags.registration.own_url("/"));
    axum::serve(listener, pages.merge(sign_in::routes(door))).with_graceful_shutdown(common::stopped()).await?;
    Ok(())
}
