//! Answers to an authorization request: parameters for the application, or a page of ours.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::kernel::ctx::Channel;
use crate::kernel::strength::Strength;
use crate::oidc::error::OAuthError;
use crate::oidc::session_state;
use crate::oidc::state::Oidc;
use crate::proofs::Algorithm;
use crate::tokens::mint::Kind;
use crate::web::headers::FormAction;
use crate::web::respond::{render, see_other};
use crate::web::{Page, RequestInfo, cookies};

/// How the parameters of an answer travel (OAuth Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResponseMode {
    /// In a form that the browser posts: in no address, no history, no log. Otherwise in the address.
    pub(super) form: bool,
    /// As one signed JWT (JARM §2.3).
    pub(super) signed: bool,
}

/// How long a signed answer is good: for the way through a browser (JARM §2.1 advises ten minutes at most).
const SIGNED_FOR: u64 = 300;

/// Where a trusted answer goes, and what comes back with it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    pub(super) mode: ResponseMode,
    /// What a signed answer is signed with.
    pub(super) algorithm: Algorithm,
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
    async fn send(&self, oidc: &Oidc, info: &RequestInfo, pairs: &[(&str, &str)]) -> Response {
        let mut all = pairs.to_vec();
        let session_state = session_state::for_client(oidc, info, &self.client_id, &self.redirect_uri);
        all.extend(session_state.as_deref().map(|state| ("session_state", state)));
        all.extend(self.state.as_deref().map(|state| ("state", state)));
        all.push(("iss", oidc.tokens.issuer()));
        let jwt = if self.mode.signed { self.sign(oidc, info, &all).await.map(Some) } else { Ok(None) };
        let all = match &jwt {
            Ok(Some(jwt)) => vec![("response", jwt.as_str())],
            Ok(None) => all,
            Err(error) => return error_page(oidc, info, error),
        };
        let mut response = if self.mode.form { self.form(oidc, info, all) } else { self.redirect(&all) };
        // A session that began before this was switched on has no such cookie yet.
        let cookie = info.session.as_ref().filter(|_| session_state.is_some());
        if let Some(cookie) = cookie.and_then(|session| cookies::set_state(&oidc.app, session)) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// All parameters in one JWT for this client alone (JARM §2.1), encrypted to it where it is registered so (§2.2).
    async fn sign(&self, oidc: &Oidc, info: &RequestInfo, pairs: &[(&str, &str)]) -> Result<String, OAuthError> {
        let mut claims: Map<String, Value> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        let exp = info.now.as_seconds().saturating_add_unsigned(SIGNED_FOR);
        claims.extend([("aud".to_owned(), Value::from(self.client_id.as_str())), ("exp".to_owned(), exp.into())]);
        let ctx = info.ctx(&oidc.app, Channel::Oidc);
        let signed = oidc.sign(self.algorithm, Kind::AuthorizationResponse, &claims, &ctx).await?;
        let known = oidc.tokens.clients.find(&oidc.app.db, &self.client_id, info.now).await?;
        let settings = &known.as_ref().ok_or(OAuthError::InvalidClient)?.client.settings;
        oidc.encrypted(signed, settings, settings.encryption.authorization, info.now).await
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
    pub(super) async fn code(&self, oidc: &Oidc, info: &RequestInfo, code: &str) -> Response {
        self.send(oidc, info, &[("code", code)]).await
    }

    /// An error (RFC 6749 §4.1.2.1).
    pub(super) async fn error(&self, oidc: &Oidc, info: &RequestInfo, error: &OAuthError) -> Response {
        error.log(&info.id);
        self.send(oidc, info, &[("error", error.code()), ("error_description", &error.to_string())]).await
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
pub(in crate::oidc) fn refused_page(
    oidc: &Oidc,
    info: &RequestInfo,
    application: &str,
    administrators: Vec<String>,
) -> Response {
    let page = Page::new(&oidc.app, info, "oidc-refused-title");
    (StatusCode::FORBIDDEN, render(&RefusedPage { page: &page, application, administrators })).into_response()
}

#[derive(Template)]
#[template(path = "pages/oidc/too_weak.html")]
struct TooWeakPage<'a> {
    page: &'a Page,
    text: String,
    again: String,
}

/// The page that says how to sign in instead, where an application or an organisation asks for a stronger sign-in than there was.
pub(in crate::oidc) fn too_weak_page(
    oidc: &Oidc,
    info: &RequestInfo,
    (application, needed): (&str, Strength),
    again: String,
) -> Response {
    let page = Page::new(&oidc.app, info, "oidc-weak-title");
    let text = page.t1(&format!("oidc-weak-{needed}"), "application", application);
    (StatusCode::FORBIDDEN, render(&TooWeakPage { page: &page, text, again })).into_response()
}
