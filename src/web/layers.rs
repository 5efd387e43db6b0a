//! What stands around the routes of a surface.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::app::App;
use super::cookies;
use super::extract::RequestInfo;
use super::headers::{FormAction, FrameSource, Further, secure};
use super::mtls::Handshake;
use super::page::Page;
use super::respond::Failure;
use crate::kernel::secret::Token;
use crate::locale::{Locale, Wishes, negotiate};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// For everything that answers with HTML: request id, limits, language, browser cookie, error pages, headers.
pub fn pages(router: Router, app: &App) -> Router {
    router.layer(middleware::from_fn_with_state(app.clone(), page))
}

/// For routes that are posted to from our own pages only. Never around `/oauth2/authorize`, which may be posted to
/// by applications (OIDC Core §3.1.2.1).
pub fn forms(router: Router, app: &App) -> Router {
    let layer = CsrfLayer::new();
    let layer = layer.clone().add_trusted_origin(app.origin()).unwrap_or(layer);
    router.layer(layer.with_rejection_response(|_: ProtectionError| Failure::Csrf.into_response()))
}

/// For machines: request id and limits.
pub fn api(router: Router, app: &App) -> Router {
    router.layer(middleware::from_fn_with_state(app.clone(), call))
}

async fn page(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (info, fault) = admit(&app, &request);
    let (knows_browser, chosen) = (has_browser(&app, request.headers()), chosen_language(request.uri()));
    let response = match fault {
        Some(failure) => failure.into_response(),
        None => {
            request.extensions_mut().insert(info.clone());
            next.run(request).await
        }
    };
    // Assets say for themselves how they are cached; a response for every cache must not carry a cookie.
    let is_asset = response.headers().contains_key(header::CACHE_CONTROL);
    let mut response = finish(&app, &info, response);
    let headers = response.headers_mut();
    if let Some(cookie) =
        cookies::set_token(&app, cookies::BROWSER, &info.browser).filter(|_| !knows_browser && !is_asset)
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    if app.session_management
        && let Some(cookie) = cookies::following(&app, headers)
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    if let Some(cookie) = chosen.and_then(|locale| cookies::set_language(&app, locale)) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

async fn call(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (info, fault) = admit(&app, &request);
    let mut response = match fault {
        Some(failure) => refuse(&info, &failure),
        None => {
            request.extensions_mut().insert(info.clone());
            next.run(request).await
        }
    };
    stamp(&mut response, &info);
    response
}

/// Answers a request for a machine that needs no surface: with the limits and the request id of [`api`].
pub fn direct(app: &App, request: &Request, answer: impl FnOnce() -> Response) -> Response {
    let (info, fault) = admit(app, request);
    let mut response = fault.map_or_else(answer, |failure| refuse(&info, &failure));
    stamp(&mut response, &info);
    response
}

/// Turns a failure into its page and sets the headers.
fn finish(app: &App, info: &RequestInfo, mut response: Response) -> Response {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        log(info, &failure);
        response = failure.render(&Page::new(app, info, "error-internal-title"));
    }
    let further = Further {
        forms: response.extensions_mut().remove::<FormAction>().unwrap_or_default(),
        frames: response.extensions_mut().remove::<FrameSource>().unwrap_or_default(),
    };
    secure(app, response.headers_mut(), &further);
    stamp(&mut response, info);
    response
}

fn refuse(info: &RequestInfo, failure: &Failure) -> Response {
    log(info, failure);
    let mut response = failure.status().into_response();
    if let Failure::TooMany(wait) = failure {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.retry_after));
    }
    response
}

fn log(info: &RequestInfo, failure: &Failure) {
    if let Failure::Internal(error) = failure {
        tracing::error!(request_id = %info.id, error = %error, "a request failed");
    }
}

fn stamp(response: &mut Response, info: &RequestInfo) {
    if let Ok(id) = HeaderValue::from_str(&info.id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

/// Describes a request and says whether it is let in.
fn admit(app: &App, request: &Request) -> (RequestInfo, Option<Failure>) {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
    // Nobody in between can write a header into a connection that ends here.
    let direct = request.extensions().get::<Handshake>().is_some();
    let forwarded = |peer| if direct { Ok(peer) } else { app.proxies.client(peer, request.headers()) };
    let client = peer.map(forwarded).transpose();
    let ip = client.ok().flatten();
    let mut info = describe(app, request.headers(), (request.method(), request.uri()), ip);
    let certificate = app.mtls.certificate(request, peer.is_some_and(|peer| app.proxies.trusts(peer)));
    let fault = match (client, ip) {
        (Err(_), _) => Some(Failure::BadRequest),
        _ if certificate.is_err() => Some(Failure::BadRequest),
        (Ok(_), Some(ip)) => app.limits.address(ip).err().map(Failure::from),
        (Ok(_), None) => None,
    };
    info.certificate = certificate.ok().flatten();
    (info, fault)
}

/// What a request tells that is made within this process, as if from this address.
pub fn within<B>(app: &App, request: &axum::http::Request<B>, ip: Option<IpAddr>) -> RequestInfo {
    describe(app, request.headers(), (request.method(), request.uri()), ip)
}

/// What the headers of a request tell.
pub(super) fn describe(
    app: &App,
    headers: &HeaderMap,
    (method, uri): (&Method, &Uri),
    ip: Option<IpAddr>,
) -> RequestInfo {
    let now = app.clock.now();
    let language = cookies::read(app, headers, cookies::LANGUAGE);
    let wishes = Wishes {
        ui_locales: chosen_language(uri).map(Locale::tag),
        cookie: language.as_deref(),
        accept_language: headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
        ..Wishes::default()
    };
    RequestInfo {
        id: app.entropy.uuid(now).simple().to_string(),
        now,
        ip,
        locale: negotiate(wishes),
        browser: cookies::read_token(app, headers, cookies::BROWSER).unwrap_or_else(|| Token::generate(&app.entropy)),
        session: cookies::read_token(app, headers, cookies::SESSION),
        path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        method: method.clone(),
        certificate: None,
    }
}

fn has_browser(app: &App, headers: &HeaderMap) -> bool {
    cookies::read(app, headers, cookies::BROWSER).is_some()
}

/// The language asked for in the address (`ui_locales`, OIDC Core §3.1.2.1).
fn chosen_language(uri: &Uri) -> Option<Locale> {
    let mut pairs = url::form_urlencoded::parse(uri.query()?.as_bytes());
    let (_, tags) = pairs.find(|(name, _)| name == "ui_locales")?;
    tags.split_whitespace().take(16).find_map(Locale::parse)
}
