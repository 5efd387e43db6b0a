//! Answers to an authorization request: parameters for the application, or a page of ours.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::oidc::error::OAuthError;
use crate::oidc::session_state;
use crate::oidc::state::Oidc;
use crate::web::headers::FormAction;
use crate::web::respond::{render, see_other};
use crate::web::{Page, RequestInfo, cookies};

/// How the parameters of an answer travel (OAuth Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseMode {
    /// In the address.
    Query,
    /// In a form that the browser posts: in no address, no history, no log.
    FormPost,
}

/// Where a trusted answer goes, and what comes back with it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) mode: ResponseMode,
    /// The name of the application.
    pub(super) application: String,
    pub(super) client_id: String,
}

#[derive(Template)]
#[template(path = "pages/oidc/form_post.html")]
struct FormPostPage<'a> {
    page: Page,
    application: &'a str,
    action: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

impl Target {
    /// The parameters with `state` and `iss` (RFC 9207; OA-14) to the application.
    fn send(&self, oidc: &Oidc, info: &RequestInfo, pairs: &[(&str, &str)]) -> Response {
        let mut all = pairs.to_vec();
        let session_state = session_state::for_client(oidc, info, &self.client_id, &self.redirect_uri);
        all.extend(session_state.as_deref().map(|state| ("session_state", state)));
        all.extend(self.state.as_deref().map(|state| ("state", state)));
        all.push(("iss", oidc.tokens.issuer()));
        let mut response = match self.mode {
            ResponseMode::Query => self.redirect(&all),
            ResponseMode::FormPost => self.form(oidc, info, all),
        };
        // A session that began before this was switched on has no such cookie yet.
        let cookie = info.session.as_ref().filter(|_| session_state.is_some());
        if let Some(cookie) = cookie.and_then(|session| cookies::set_state(&oidc.app, session)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// 303, never 307 (OA-44).
    fn redirect(&self, pairs: &[(&str, &str)]) -> Response {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        let mut response = see_other(&format!("{}{separator}{query}", self.redirect_uri));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// A page whose form is sent by its script, or by its button.
    fn form(&self, oidc: &Oidc, info: &RequestInfo, fields: Vec<(&str, &str)>) -> Response {
        let mut page = Page::new(&oidc.app, info, "oidc-form-post-title");
        page.narrow = true;
        let (application, action) = (self.application.as_str(), self.redirect_uri.as_str());
        self.leads_there(render(&FormPostPage { page, application, action, fields }))
    }

    /// Lets the forms of a page lead to the application.
    pub(super) fn leads_there(&self, mut response: Response) -> Response {
        if let Ok(url) = self.redirect_uri.parse() {
            response.extensions_mut().insert(FormAction(vec![url]));
        }
        response
    }

    /// The code.
    pub(super) fn code(&self, oidc: &Oidc, info: &RequestInfo, code: &str) -> Response {
        self.send(oidc, info, &[("code", code)])
    }

    /// An error (RFC 6749 §4.1.2.1).
    pub(super) fn error(&self, oidc: &Oidc, info: &RequestInfo, error: &OAuthError) -> Response {
        error.log(&info.id);
        self.send(oidc, info, &[("error", error.code()), ("error_description", &error.to_string())])
    }
}

#[derive(Template)]
#[template(path = "pages/oidc/error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    code: &'static str,
    description: String,
}

/// A page instead of a redirect, where the target cannot be trusted (RFC 6749 §4.1.2.1).
pub(in crate::oidc) fn error_page(oidc: &Oidc, info: &RequestInfo, error: &OAuthError) -> Response {
    error.log(&info.id);
    let page = Page::new(&oidc.app, info, "oidc-error-title");
    let status = if error.status().is_server_error() { error.status() } else { StatusCode::BAD_REQUEST };
    (status, render(&ErrorPage { page: &page, code: error.code(), description: error.to_string() })).into_response()
}

#[derive(Template)]
#[template(path = "pages/oidc/refused.html")]
struct RefusedPage<'a> {
    page: &'a Page,
    application: &'a str,
    administrators: Vec<String>,
}

/// The page that names whom to ask (E31, `delegation.md` §5).
pub(super) fn refused_page(
    oidc: &Oidc,
    info: &RequestInfo,
    application: &str,
    administrators: Vec<String>,
) -> Response {
    let page = Page::new(&oidc.app, info, "oidc-refused-title");
    (StatusCode::FORBIDDEN, render(&RefusedPage { page: &page, application, administrators })).into_response()
}
