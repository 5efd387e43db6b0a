//! A module of a network of authorities: authorities ask each other, and what an authority may do follows from its access to the
//! module, as the provider tells it.
//!
//! Run it once per module. Whoever signs in acts for their authority: an authority or a coordinator, with the classification and the
//! settings that were agreed (I25–I27). When the access is suspended (*complete-only*, I76), the next page follows, without a new
//! sign-in: what is under way is finished, nothing new is begun or received.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

#[path = "../common/mod.rs"]
mod common;
mod directory;
mod exchange;
mod home;
mod requests;
mod standing;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::{get, post},
};
use clap::{Parser, ValueEnum};

use common::{
    Failure,
    cli::Registration,
    page::{Brand, Page},
    session::Session,
    sign_in::{self, Door},
};
use directory::Directory;
use requests::Requests;
use standing::Standing;

/// The example application of a module.
#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    registration: Registration,
    /// Which of the modules this process is.
    #[arg(long, value_enum)]
    module: Which,
    /// Client id of the service that asks who works in the module.
    #[arg(long)]
    directory_id: String,
    /// Its secret.
    #[arg(long)]
    directory_secret: String,
}

/// The modules of the example.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    Pq,
    Pw,
}

impl Which {
    fn brand(self) -> Brand {
        let (name, long_name, colour) = match self {
            Self::Pq => ("PQ", "Professional Qualifications", "#234a7d"),
            Self::Pw => ("PW", "Posting of Workers", "#6b3a2a"),
        };
        Brand { name, long_name, environment: "", colour }
    }
}

/// What the pages share.
#[derive(Clone)]
struct Module {
    door: Arc<Door>,
    directory: Arc<Directory>,
    requests: Arc<Requests>,
}

impl Module {
    /// Who is signed in, and what that lets them do here, now.
    #[expect(clippy::result_large_err, reason = "the answer is given at once and passed no further")]
    fn require(&self, headers: &HeaderMap, here: &str) -> Result<(Session, Standing), Response> {
        let session = self.door.require(headers, here)?;
        let standing = Standing::of(&session.identity, self.door.brand.name);
        Ok((session, standing))
    }

    fn page(&self, session: &Session, here: &str, title: &str, body: String) -> Response {
        let name = session.identity.name();
        let links = [("/", "Home"), ("/requests", "Requests"), ("/counterparts", "Counterparts")];
        Page { brand: &self.door.brand, title, person: Some(&name), links: &links, here, body }.respond(StatusCode::OK)
    }

    fn refused(&self, text: &str) -> Response {
        self.door.problem(StatusCode::FORBIDDEN, "Not allowed", text)
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let flags = Flags::parse();
    let brand = flags.module.brand();
    let (name, long_name) = (brand.name, brand.long_name);
    let door = Door::open(&flags.registration, brand, |_| {}).await?;
    let directory = Directory::new(&flags.registration.issuer, name, (flags.directory_id, flags.directory_secret))?;
    let module = Module { door: Arc::clone(&door), directory: Arc::new(directory), requests: Arc::default() };
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/counterparts", get(home::counterparts))
        .route("/requests", get(exchange::list).post(exchange::send))
        .route("/requests/new", get(exchange::form))
        .route("/requests/{number}", get(exchange::show))
        .route("/requests/{number}/settle", post(exchange::settle))
        .with_state(module);
    let listener = tokio::net::TcpListener::bind(flags.registration.listen).await?;
    println!("{long_name} on {}", flags.registration.own_url("/"));
    axum::serve(listener, pages.merge(sign_in::routes(door))).with_graceful_shutdown(common::stopped()).await?;
    Ok(())
}
