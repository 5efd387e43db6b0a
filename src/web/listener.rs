//! What stands in front of all surfaces: the host a request names, its size, its time, its log line.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use url::Url;

use super::mtls::Handshake;
use super::paths::is_plain;

/// Limits of every request.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long one request may take.
    pub time: Duration,
    /// Largest body, in bytes.
    pub body: usize,
}

/// Told of every answered request: method, matched route, status, time taken.
pub type OnRequest = fn(&str, &str, u16, Duration);

/// Answers what is the same for everybody and ready in memory, before any surface is asked; `None` for all else.
pub type Published = Arc<dyn Fn(&Request) -> Option<Response> + Send + Sync>;

/// What stands in front: one layer, since each costs every request an allocation or two.
struct Front {
    hosts: Hosts,
    published: Published,
    on_request: OnRequest,
}

/// Wraps all surfaces: `421` for an unknown host (OA-59), `400` for a path of two spellings (OA-60), bounds, one log line
/// and metric per request, `500` for a panic (IN-19).
pub fn guard(
    router: Router,
    hosts: Hosts,
    bounds: Bounds,
    published: Published,
    (on_request, on_panic): (OnRequest, fn()),
) -> Router {
    router
        .layer(CatchPanicLayer::custom(move |_: Box<dyn Any + Send + 'static>| {
            on_panic();
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }))
        .layer(RequestBodyLimitLayer::new(bounds.body))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, bounds.time))
        .layer(middleware::from_fn_with_state(Arc::new(Front { hosts, published, on_request }), front))
}

/// The hosts that this server answers for.
#[derive(Clone, Debug)]
pub struct Hosts {
    names: Vec<String>,
    /// The one for clients with certificates: people are never asked for theirs, and pages are not there (RFC 8705 §5).
    machines: Option<String>,
}

/// What is there for machines.
const FOR_MACHINES: [&str; 5] = ["/oauth2/", "/scim/", "/api/", "/ssf/", "/.well-known/"];

/// And what is not, though it stands among it.
const FOR_PEOPLE: [&str; 6] =
    ["/oauth2/authorize", "/oauth2/resume", "/oauth2/logout", "/oauth2/consent", "/oauth2/cancel", "/oauth2/session"];

/// Whose request it is, by the host that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Ours,
    ForMachines,
    Unknown,
}

impl Hosts {
    /// The host of the public address; with `loopback` (development) also the names of loopback on the same port.
    pub fn new(public_url: &Url, loopback: bool) -> Self {
        let port = public_url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let mut names = vec![public_url.host_str().unwrap_or_default().to_owned()];
        if loopback {
            names.extend(["localhost", "127.0.0.1", "[::1]"].map(str::to_owned));
        }
        Self { names: names.into_iter().map(|name| format!("{name}{port}")).collect(), machines: None }
    }

    /// And for clients with certificates at this address.
    #[must_use]
    pub fn and_for_machines(self, address: Option<&Url>) -> Self {
        Self { machines: address.and_then(authority), ..self }
    }

    /// RFC 9110 §7.4: whether the authority that a request names is ours.
    fn named_by(&self, request: &Request) -> Named {
        let Some(host) = named_host(request) else { return Named::Unknown };
        // What comes by the listener that asks for certificates names the address of that one.
        let by_handshake = request.extensions().get::<Handshake>().is_some();
        if self.machines.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(host)) {
            Named::ForMachines
        } else if !by_handshake && self.names.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            Named::Ours
        } else {
            Named::Unknown
        }
    }
}

/// Host and port of an address as requests name them.
pub(super) fn authority(url: &Url) -> Option<String> {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    url.host_str().map(|host| format!("{host}{port}"))
}

/// The authority that a request names, once (RFC 9110 §7.2). `X-Forwarded-Host` and `Forwarded` are not read.
pub(super) fn named_host(request: &Request) -> Option<&str> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let first = named.next().and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(axum::http::uri::Authority::as_str).or(first);
    let host = host.filter(|_| named.next().is_none())?;
    Some(host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(host))
}

async fn front(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = front.answer(request, next).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    (front.on_request)(method.as_str(), route, status, took);
    let request_id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::debug!(request_id, method = method.as_str(), route, status, micros, "request");
    response
}

impl Front {
    async fn answer(&self, request: Request, next: Next) -> Response {
        let named = self.hosts.named_by(&request);
        if named == Named::Unknown {
            return StatusCode::MISDIRECTED_REQUEST.into_response();
        }
        let path = request.uri().path();
        if !is_plain(path) {
            return StatusCode::BAD_REQUEST.into_response();
        }
        if named == Named::ForMachines
            && (!FOR_MACHINES.iter().any(|start| path.starts_with(start)) || FOR_PEOPLE.contains(&path))
        {
            return StatusCode::NOT_FOUND.into_response();
        }
        match (self.published)(&request) {
            Some(response) => response,
            None => next.run(request).await,
        }
    }
}
