//! IMAS: an application that keeps fine-grained permissions of its own and lets the customers'
//! access administrators manage them.
//!
//! An account comes into being at the first sign-in from the ID token (E76), keyed by `sub`. Who
//! holds the role `ApplicationAccessAdmin` for IMAS sees *Manage Users* (E75): the accounts of the
//! own organisation, each with a permission per process type and institution (E86, E87).
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod accounts;
#[path = "../common/mod.rs"]
mod common;
mod export;
mod home;
mod permissions;
mod user;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use clap::Parser;

use accounts::{Account, Accounts};
use common::{
    Failure,
    cli::Registration,
    page::{Brand, Page},
    session::Session,
    sign_in::{self, Door},
};

/// The example application IMAS.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    registration: Registration,
}

/// What the pages share.
#[derive(Clone)]
struct Imas {
    door: Arc<Door>,
    accounts: Arc<Accounts>,
}

impl Imas {
    /// One page with the navigation that fits the person's role (E83).
    fn page(&self, session: &Session, here: &str, title: &str, body: String) -> Response {
        let name = session.identity.name();
        let mut links = vec![("/", "Home"), ("/processes", "My Processes"), ("/messages", "All Messages")];
        if session.identity.holds("ApplicationAccessAdmin") {
            links.push(("/useradmin/", "Manage Users"));
        }
        Page { brand: &self.door.brand, title, person: Some(&name), links: &links, here, body }.respond(StatusCode::OK)
    }

    /// The administrator's session and own account, or the answer to anybody else.
    #[expect(clippy::result_large_err, reason = "the answer is given at once and passed no further")]
    fn admin(&self, headers: &HeaderMap, here: &str) -> Result<(Session, Account), Response> {
        let session = self.door.require(headers, here)?;
        let own = self.accounts.find(&session.identity.subject);
        match own.filter(|_| session.identity.holds("ApplicationAccessAdmin")) {
            Some(own) => Ok((session, own)),
            None => Err(self.door.problem(
                StatusCode::FORBIDDEN,
                "Only for access administrators",
                "Your account has no role ApplicationAccessAdmin for IMAS.",
            )),
        }
    }

    fn not_found(&self) -> Response {
        self.door.problem(StatusCode::NOT_FOUND, "Not found", "There is no such account in your organisation.")
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = Flags::parse();
    let brand = Brand { name: "IMAS", long_name: "Information management system", environment: "", colour: "#123a73" };
    let accounts = Arc::new(Accounts::default());
    let newcomers = Arc::clone(&accounts);
    let door = Door::open(&flags.registration, brand, move |identity| newcomers.remember(identity)).await?;
    let imas = Imas { door: Arc::clone(&door), accounts };
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/processes", get(home::processes))
        .route("/messages", get(home::messages))
        .route("/useradmin/", get(users::list))
        .route("/useradmin/export.csv", get(export::csv))
        .route("/useradmin/{subject}", get(user::show).post(user::save))
        .with_state(imas);
    let listener = tokio::net::TcpListener::bind(flags.registration.listen).await?;
    println!("IMAS on {}", flags.registration.own_url("/"));
    axum::serve(listener, pages.merge(sign_in::routes(door))).with_graceful_shutdown(common::stopped()).await?;
    Ok(())
}
