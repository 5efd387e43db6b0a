//! Answers to an authorization request: a redirect to the application, a page of ours, or the way to the sign-in.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::oidc::error::OAuthError;
use crate::oidc::state::Oidc;
use crate::web::respond::{render, see_other};
use crate::web::{Page, RequestInfo};

/// Where a trusted answer goes, and what comes back with it.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    pub(super) redirect_uri: &'a str,
    pub(super) state: Option<&'a str>,
}

impl Target<'_> {
    /// 303 to the application (OA-44) with `iss` and `state` (RFC 9207; OA-14).
    fn redirect(&self, issuer: &str, pairs: &[(&str, &str)]) -> Response {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        if let Some(state) = self.state {
            query.append_pair("state", state);
        }
        query.append_pair("iss", issuer);
        let separator = if self.redirect_uri.contains('?') { '&' } else { '?' };
        let mut response = see_other(&format!("{}{separator}{}", self.redirect_uri, query.finish()));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// The code.
    pub(super) fn code(&self, issuer: &str, code: &str) -> Response {
        self.redirect(issuer, &[("code", code)])
    }

    /// An error (RFC 6749 §4.1.2.1).
    pub(super) fn error(&self, issuer: &str, error: &OAuthError) -> Response {
        if let OAuthError::Internal(cause) = error {
            tracing::error!(%cause, "an authorization request failed");
        }
        self.redirect(issuer, &[("error", error.code()), ("error_description", &error.to_string())])
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
    if let OAuthError::Internal(cause) = error {
        tracing::error!(request_id = %info.id, %cause, "an authorization request failed");
    }
    let page = Page::new(&oidc.app, info, "oidc-error-title");
    let status =
        if let OAuthError::Internal(_) = error { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
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
