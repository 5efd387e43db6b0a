//! A portal for research projects: each project has forms per organisation, which people read, write, submit and sign as their roles say.
//!
//! What somebody may do is read from the claim `role_assignments`: per project and organisation the roles held, each with what it stands
//! for (`entitlements`). A role that comes or goes is there on the next page, without a new sign-in. Signing a financial statement
//! asks for a proof with two factors first.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

#[path = "../common/mod.rs"]
mod common;
mod forms;
mod pages;
mod rights;
mod sign;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use clap::Parser;

use common::{
    Failure,
    cli::Registration,
    page::{Brand, Page},
    session::Session,
    sign_in::{self, Door},
};
use forms::Forms;

/// The example application of projects.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    registration: Registration,
}

/// What the pages share.
#[derive(Clone)]
struct Portal {
    door: Arc<Door>,
    forms: Arc<Forms>,
}

impl Portal {
    fn page(&self, session: &Session, title: &str, body: String) -> Response {
        let name = session.identity.name();
        let links = [("/", "My projects")];
        Page { brand: &self.door.brand, title, person: Some(&name), links: &links, here: "/", body }
            .respond(StatusCode::OK)
    }

    fn refused(&self, text: &str) -> Response {
        self.door.problem(StatusCode::FORBIDDEN, "Not allowed", text)
    }

    fn missing(&self) -> Response {
        let text = "There is no such form in your projects, or you may not read it.";
        self.door.problem(StatusCode::NOT_FOUND, "Not found", text)
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = Flags::parse();
    let brand = Brand { name: "Forms", long_name: "Reports of research projects", environment: "", colour: "#2c4a1e" };
    let door = Door::open(&flags.registration, brand, |_| {}).await?;
    let portal = Portal { door: Arc::clone(&door), forms: Arc::default() };
    let pages = Router::new()
        .route("/", get(pages::projects))
        .route("/forms/{project}/{organisation}/{form}", get(pages::show).post(pages::save))
        .route("/forms/{project}/{organisation}/{form}/submit", post(pages::submit))
        .route("/forms/{project}/{organisation}/{form}/sign", get(sign::ask).post(sign::sign))
        .with_state(portal);
    let listener = tokio::net::TcpListener::bind(flags.registration.listen).await?;
    println!("Participant portal on {}", flags.registration.own_url("/"));
    axum::serve(listener, pages.merge(sign_in::routes(door))).with_graceful_shutdown(common::stopped()).await?;
    Ok(())
}
