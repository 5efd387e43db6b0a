//! What is answered when something cannot be done. A handler returns a [`Failure`]; the page layer renders it in the
//! language of the request, with the request id. Refusals become 404 or 403 here and nowhere else.

use std::fmt;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::limits::TooMany;
use super::page::Page;
use crate::authority::Refusal;
use crate::authority::decide::Reason;
use crate::db;
use crate::tokens::document::Document;

/// The document, or 304 if the caller has it (RFC 9110 §13.1.2). Public: readable from every origin.
pub fn published(document: &Document, headers: &HeaderMap) -> Response {
    let has_it = headers.get(header::IF_NONE_MATCH) == Some(&document.etag);
    let mut response = Response::new(if has_it { Body::empty() } else { document.bytes.clone().into() });
    if has_it {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer.insert(header::ETAG, document.etag.clone());
    response
}

/// Why there is no page.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Nothing there, or nothing that the caller may see: the two look the same (D8).
    NotFound,
    /// Seen, but not allowed.
    Forbidden,
    /// The method is not one of this address.
    MethodNotAllowed,
    /// Not in the form that was asked for.
    BadRequest,
    /// A form that did not come from our own page in this session.
    Csrf,
    /// More than this page accepts.
    TooLarge,
    /// Somebody else changed it at the same moment.
    Conflict,
    /// Wait and try again.
    TooMany(TooMany),
    /// Nobody is signed in: off to the sign-in page, and back here afterwards.
    SignIn,
    /// A change that needs both factors proved again: off to the page that asks for them, and back here afterwards.
    StepUp,
    /// Terms of use have to be accepted first: off to their page, and back here afterwards (E16).
    Terms,
    /// All hashers are busy, and nothing was counted (IN-18); or the database does not answer in time.
    Busy,
    /// Our fault; the error is logged once, the client sees only the request id.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internal(error) => error.fmt(f),
            other => f.write_str(other.key()),
        }
    }
}

impl Failure {
    /// Something unexpected; others who changed the same again and again are not.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        match db::is_retryable(&error) {
            true => Self::Conflict,
            false if db::is_busy(&error) => Self::Busy,
            false => Self::Internal(Arc::new(error)),
        }
    }

    /// The status of the answer (RFC 9110 §15).
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Csrf => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::SignIn | Self::StepUp | Self::Terms => StatusCode::SEE_OTHER,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The part of its locale keys between `error-` and `-title`.
    fn key(&self) -> &'static str {
        match self {
            Self::NotFound | Self::SignIn | Self::Terms => "not-found",
            Self::Forbidden => "forbidden",
            Self::MethodNotAllowed | Self::BadRequest => "bad-request",
            Self::Csrf => "csrf",
            Self::TooLarge => "too-large",
            Self::Conflict => "conflict",
            Self::TooMany(_) => "too-many",
            Self::StepUp => "step-up",
            Self::Busy => "busy",
            Self::Internal(_) => "internal",
        }
    }

    /// The finished answer, on a page without menu.
    pub fn render(&self, page: &Page) -> Response {
        if let Self::SignIn | Self::StepUp | Self::Terms = self {
            // The forms of one's credentials stand on one page; every other form stands at its own address, and so does what
            // a mailed link opens, which would be lost otherwise.
            let credentials = page.path.strip_prefix("/security").is_some_and(|rest| !rest.starts_with("/email/"));
            let path = if credentials { "/security" } else { page.path.as_str() };
            let back: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
            let to = match self {
                Self::StepUp => "/login/step-up",
                Self::Terms => "/terms/accept",
                _ => "/login",
            };
            return Redirect::to(&format!("{to}?return={back}")).into_response();
        }
        let key = self.key();
        let text = match self {
            Self::TooMany(wait) => page.t1("error-too-many-text", "seconds", wait.retry_after),
            _ => page.t(&format!("error-{key}-text")),
        };
        let page = page.titled(page.t(&format!("error-{key}-title")));
        let mut response = (self.status(), render(&ErrorTemplate { page: &page, text })).into_response();
        if let Self::TooMany(wait) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.retry_after));
        }
        response
    }
}

/// Leaves the answer to the page layer, which knows language and request id.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Self {
        Self::internal(error)
    }
}

/// The one place where a refusal becomes a status: what may not be seen is not found, what may be seen is forbidden.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(Reason::NotFound) => Self::NotFound,
            Refusal::Denied(Reason::StepUp { .. }) => Self::StepUp,
            Refusal::Denied(
                Reason::NotPermitted
                | Reason::Outranked
                | Reason::OwnAccount
                | Reason::OrganisationInactive
                | Reason::ModuleMissing
                | Reason::ModuleSuspended
                | Reason::InvalidGrant
                | Reason::OutlivesGrantor
                | Reason::ProjectOver
                | Reason::OtherCountry
                | Reason::StandsAbove
                | Reason::OwnProposal
                | Reason::TooWeak(_),
            ) => Self::Forbidden,
            Refusal::Anonymous => Self::SignIn,
            Refusal::Db(error) => error.into(),
        }
    }
}

impl From<TooMany> for Failure {
    fn from(wait: TooMany) -> Self {
        Self::TooMany(wait)
    }
}

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorTemplate<'a> {
    page: &'a Page,
    text: String,
}

/// A template as a response.
pub fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => Failure::internal(error).into_response(),
    }
}

/// A page that leads to a change; where both factors were proved too long ago for one, first the page that asks for them: before anything is
/// typed, not after.
pub fn render_form(page: &Page, template: &impl Template) -> Response {
    if page.is_too_late && !page.has_errors { Failure::StepUp.into_response() } else { render(template) }
}

/// 303, never 307: what follows a form is fetched with GET (OA-44).
pub fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}
