//! The routes that sign people in and out, the same in every example.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use super::{
    Failure,
    cli::Registration,
    page::{Brand, Page, escape},
    relying_party::{Answer, Identity, RelyingParty},
    session::{Session, Sessions},
    told,
};

/// What signing in needs; every application holds one.
pub(crate) struct Door {
    /// The provider.
    pub provider: RelyingParty,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Name and colours.
    pub brand: Brand,
    /// Told of every completed sign-in, so that the application can open its own account (E76).
    on_sign_in: Box<dyn Fn(&Identity) + Send + Sync>,
}

/// Third-party-initiated login (OpenID Connect Core §4): what a tile of the portal links to.
#[derive(Deserialize)]
struct Initiation {
    iss: Option<String>,
    target_link_uri: Option<String>,
    /// Ours: any value, and the person proves once more who they are.
    again: Option<String>,
}

impl Door {
    /// Finds the provider.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    pub(crate) async fn open(
        registration: &Registration,
        brand: Brand,
        on_sign_in: impl Fn(&Identity) + Send + Sync + 'static,
    ) -> Result<Arc<Self>, Failure> {
        let provider = RelyingParty::discover(registration).await?;
        let sessions = Sessions::new(&brand.name.to_lowercase(), registration.listen.port());
        Ok(Arc::new(Self { provider, sessions, brand, on_sign_in: Box::new(on_sign_in) }))
    }

    /// The session of this browser, or the redirect that starts a sign-in and comes back to `here`.
    ///
    /// # Errors
    /// The redirect, when nobody is signed in (E77: the deep link survives the sign-in).
    #[expect(clippy::result_large_err, reason = "the answer is given at once and passed no further")]
    pub(crate) fn require(&self, headers: &HeaderMap, here: &str) -> Result<Session, Response> {
        self.sessions.find(headers).ok_or_else(|| self.send_to_provider(here, false))
    }

    /// A page that says what went wrong and what to do next.
    pub(crate) fn problem(&self, status: StatusCode, title: &str, text: &str) -> Response {
        let body = format!("<p>{}</p><p><a class=button href=\"/login\">Try again</a></p>", escape(text));
        Page { brand: &self.brand, title, person: None, links: &[], here: "", body }.respond(status)
    }

    fn send_to_provider(&self, return_to: &str, again: bool) -> Response {
        let (url, pending) = self.provider.begin(return_to, again);
        ([(header::SET_COOKIE, self.sessions.begin(pending))], Redirect::to(&url)).into_response()
    }
}

/// `/login`, `/initiate-login`, `/callback`, `/logout` and `/terms`, and where the provider tells us things.
pub(crate) fn routes(door: Arc<Door>) -> Router {
    Router::new()
        .route("/login", get(login))
        .route("/initiate-login", get(login))
        .route("/callback", get(callback))
        .route("/logout", get(logout))
        .route("/terms", get(terms))
        .with_state(Arc::clone(&door))
        .merge(told::routes(door))
}

async fn login(State(door): State<Arc<Door>>, Query(initiation): Query<Initiation>) -> Response {
    if initiation.iss.is_some_and(|iss| iss != door.provider.issuer()) {
        return door.problem(
            StatusCode::BAD_REQUEST,
            "Unknown provider",
            "This application does not trust that provider.",
        );
    }
    // Only paths of our own: a foreign target would make this page an open redirector.
    let target =
        initiation.target_link_uri.filter(|uri| uri.starts_with('/') && !uri.starts_with("//") && !uri.contains('\\'));
    door.send_to_provider(target.as_deref().unwrap_or("/"), initiation.again.is_some())
}

async fn callback(State(door): State<Arc<Door>>, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    let pending = door.sessions.take_pending(&headers);
    let Some(pending) =
        pending.filter(|pending| answer.state.as_deref().is_some_and(|state| pending.answers_to(state)))
    else {
        return door.problem(
            StatusCode::BAD_REQUEST,
            "This sign-in was not started here",
            "The answer does not fit a sign-in that this browser began, or it was used already.",
        );
    };
    if let Some(error) = &answer.error {
        let text = answer.error_description.as_deref().unwrap_or(error);
        return door.problem(StatusCode::FORBIDDEN, "You were not signed in", text);
    }
    let return_to = pending.return_to.clone();
    match door.provider.finish(pending, answer).await {
        Ok(identity) => {
            (door.on_sign_in)(&identity);
            ([(header::SET_COOKIE, door.sessions.open(identity))], Redirect::to(&return_to)).into_response()
        }
        Err(failure) => {
            eprintln!("{}: sign-in failed: {failure}", door.brand.name);
            door.problem(
                StatusCode::BAD_GATEWAY,
                "The sign-in could not be verified",
                "The provider's answer was not accepted.",
            )
        }
    }
}

async fn logout(State(door): State<Arc<Door>>, headers: HeaderMap) -> Redirect {
    let session = door.sessions.close(&headers);
    Redirect::to(&session.map_or("/".to_owned(), |session| door.provider.logout_url(&session.identity.id_token)))
}

async fn terms(State(door): State<Arc<Door>>) -> Response {
    let body = "<p>This is an example application. Nothing entered here outlives the process.</p>".to_owned();
    let title = "Terms and conditions";
    Page { brand: &door.brand, title, person: None, links: &[("/", "Home")], here: "", body }.respond(StatusCode::OK)
}
