//! Odd, slow and huge requests on the wire; what is measured about them; a handler that fails.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use chamberlain::web::listener::{Bounds, Hosts, guard};
use tower::ServiceExt as _;

use super::{KEY, Running, chamberlain};

fn serving(folder: &std::path::Path, settings: &[(&str, &str)]) -> Running {
    let mut command = chamberlain(folder);
    command.args(["serve", "--dev", "--public-url", "http://localhost:4711"]);
    command.env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY).env("CHAMBERLAIN__LIMITS__PER_ADDRESS", "1000000");
    Running::start(command.envs(settings.iter().copied())).unwrap()
}

fn connect(base: &str) -> TcpStream {
    let stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// Everything that is answered to these bytes.
fn exchange(base: &str, bytes: &[u8]) -> String {
    let mut stream = connect(base);
    // A server that has seen enough may close before everything is written.
    let _closed_early = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn metric(server: &Running, name: &str) -> f64 {
    let text = exchange(&server.management, b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    text.lines()
        .filter(|line| line.starts_with(name))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum()
}

/// A small generator with a seed of its own: the same bytes in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    /// Bytes that may stand in a header, odd ones among them, and some that may not.
    fn value(&mut self) -> Vec<u8> {
        const ODD: &[&[u8]] = &[
            b"",
            b"\xff\xfe",
            b"\xc3\x28",
            b"%00",
            b"%",
            b"\"",
            b"=;,=",
            b"0x",
            b"-1",
            b"99999999999999999999",
            b"*/*;q=",
            b"Bearer ",
            b"Basic ====",
            b"W/\"",
            b"\t\t",
            b"../..",
            b"${jndi:x}",
            "\u{202e}".as_bytes(),
            b"chamberlain=;;chamberlain=",
        ];
        let mut value = Vec::new();
        for _ in 0..self.below(6) {
            if self.below(3) == 0 {
                value.push(u8::try_from(self.below(256)).unwrap());
            } else {
                value.extend_from_slice(ODD[self.below(ODD.len())]);
            }
        }
        value.retain(|byte| !matches!(byte, b'\r' | b'\n'));
        value
    }
}

/// IN-12: whatever the headers hold, no answer is a server's fault, and nothing in the server breaks.
#[test]
fn in_12_odd_header_values_give_no_server_error() {
    const NAMES: &[&str] = &[
        "Cookie",
        "Authorization",
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Content-Type",
        "Content-Length",
        "If-Match",
        "If-None-Match",
        "Origin",
        "Referer",
        "Sec-Fetch-Site",
        "User-Agent",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "Forwarded",
        "Range",
        "Expect",
        "Transfer-Encoding",
        "X-Request-Id",
        "Traceparent",
        "Access-Control-Request-Method",
        "Date",
        "Upgrade",
        "Te",
    ];
    const TARGETS: &[(&str, &str)] = &[
        ("GET", "/login"),
        ("POST", "/login"),
        ("GET", "/"),
        ("GET", "/login/otp"),
        ("POST", "/recover"),
        ("GET", "/scim/v2/Users"),
        ("POST", "/scim/v2/Users"),
        ("PATCH", "/scim/v2/Groups/x"),
        ("GET", "/oauth2/authorize?client_id=%00"),
        ("POST", "/oauth2/token"),
        ("GET", "/oauth2/userinfo"),
        ("GET", "/.well-known/openid-configuration"),
        ("GET", "/oauth2/logout"),
        ("OPTIONS", "/oauth2/token"),
        ("GET", "/assets/x/portal.css"),
        ("GET", "/admin/users?page=-1&size=x"),
        ("BREW", "/%ff%00"),
        ("GET", "/security"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path(), &[("CHAMBERLAIN__HTTP__TRUSTED_PROXIES", "127.0.0.0/8")]);
    let mut dice = Dice(20_261_123);
    let mut answered = 0;
    for round in 0..600 {
        let (method, path) = TARGETS[dice.below(TARGETS.len())];
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost:4711\r\nConnection: close\r\n").into_bytes();
        for _ in 0..=dice.below(4) {
            let name = NAMES[dice.below(NAMES.len())];
            if matches!(name, "Content-Length" | "Transfer-Encoding" | "Expect" | "Upgrade") && dice.below(4) > 0 {
                continue;
            }
            request.extend_from_slice(format!("{name}: ").as_bytes());
            request.extend_from_slice(&dice.value());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let shown = String::from_utf8_lossy(&request).into_owned();
        let mut stream = connect(&server.public);
        let _closed_early = stream.write_all(&request);
        // A body that was announced and never comes: the connection is ours to end.
        let _no_more = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _reset = stream.read_to_end(&mut answer);
        let code = status(&String::from_utf8_lossy(&answer));
        assert!(code < 500, "round {round}: {code} for\n{shown}");
        answered += usize::from(code >= 200);
    }
    assert!(answered > 400, "only {answered} were answered: the requests do not get far enough");
    assert!(metric(&server, "chamberlain_panics_total").abs() < f64::EPSILON);
    assert_eq!(
        status(&exchange(&server.public, b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\nConnection: close\r\n\r\n")),
        200
    );
}

/// IN-13: a head that does not come to its end, or that is too large, is not waited for.
#[test]
fn in_13_slow_and_giant_heads_are_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(
        folder.path(),
        &[("CHAMBERLAIN__HTTP__HEADER_TIMEOUT", "1"), ("CHAMBERLAIN__HTTP__REQUEST_TIMEOUT", "1")],
    );
    let slow = exchange(&server.public, b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\nX-Slow: ");
    assert!(!slow.starts_with("HTTP/1.1 2"), "{slow}");
    let giant = format!("GET /login HTTP/1.1\r\nHost: localhost:4711\r\nX-Giant: {}\r\n\r\n", "a".repeat(200_000));
    assert_eq!(status(&exchange(&server.public, giant.as_bytes())), 431);
    let many = (0..500).map(|n| format!("X-{n}: 1\r\n")).collect::<Vec<_>>().concat();
    let many = format!("GET /login HTTP/1.1\r\nHost: localhost:4711\r\n{many}\r\n");
    assert_eq!(status(&exchange(&server.public, many.as_bytes())), 431);
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost:4711\r\n\r\n", "a".repeat(100_000));
    assert!([0, 400, 414, 431].contains(&status(&exchange(&server.public, long.as_bytes()))));
    // A body that is announced and does not come.
    let body = b"POST /login HTTP/1.1\r\nHost: localhost:4711\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail=";
    assert_eq!(status(&exchange(&server.public, body)), 503);
    assert_eq!(
        status(&exchange(&server.public, b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\nConnection: close\r\n\r\n")),
        200
    );
}

/// A refusal that needs no body does not cost the client its connection: what it still sends is read, and its next request answered on it.
#[test]
fn a_refusal_before_the_body_leaves_the_connection_open() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path(), &[]);
    let mut stream = connect(&server.public);
    let head = b"POST /scim/v2/Organizations HTTP/1.1\r\nHost: localhost:4711\r\nContent-Type: application/scim+json\r\nContent-Length: 20\r\n\r\n";
    stream.write_all(head).unwrap();
    let mut refusal = [0; 12];
    stream.read_exact(&mut refusal).unwrap();
    assert_eq!(&refusal, b"HTTP/1.1 405");
    stream.write_all(b"{\"schemas\":[],\"a\":1}").unwrap();
    stream.write_all(b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\nConnection: close\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(String::from_utf8_lossy(&rest).contains("HTTP/1.1 200"), "{}", String::from_utf8_lossy(&rest));
}

/// IN-13: connections beyond the limit wait, and are served once there is room.
#[test]
fn in_13_only_so_many_connections_are_open_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(
        folder.path(),
        &[("CHAMBERLAIN__HTTP__MAX_CONNECTIONS", "2"), ("CHAMBERLAIN__HTTP__HEADER_TIMEOUT", "1")],
    );
    let idle: Vec<_> = (0..2).map(|_| connect(&server.public)).collect();
    // The two that say nothing are cut off after a second; then the third has its turn.
    assert_eq!(
        status(&exchange(&server.public, b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\nConnection: close\r\n\r\n")),
        200
    );
    drop(idle);
    // Neither does a connection that has been served once keep its place for ever.
    let kept: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = connect(&server.public);
            stream.write_all(b"GET /login HTTP/1.1\r\nHost: localhost:4711\r\n\r\n").unwrap();
            stream
        })
        .collect();
    for mut stream in kept {
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(status(&String::from_utf8_lossy(&answer)), 200);
    }
}

/// IN-10: neither path nor method nor header of a request becomes a label.
#[test]
fn in_10_no_word_of_a_request_is_a_label() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path(), &[]);
    for request in [
        "GET /canary-path?q=canary-query HTTP/1.1",
        "CANARYMETHOD /login HTTP/1.1",
        "GET /recover/canary-token HTTP/1.1",
    ] {
        exchange(
            &server.public,
            format!("{request}\r\nHost: localhost:4711\r\nUser-Agent: canary-agent\r\nConnection: close\r\n\r\n")
                .as_bytes(),
        );
    }
    let metrics = exchange(&server.management, b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(metrics.contains("chamberlain_http_requests_total{") && metrics.contains("method=\"other\""), "{metrics}");
    assert!(!metrics.to_lowercase().contains("canary"), "{metrics}");
}

/// IN-19: a handler that panics fails one request; the next one is answered, and somebody is told.
#[tokio::test]
async fn in_19_a_panic_fails_one_request_and_nothing_else() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let router = Router::new()
        .route("/broken", get(async || -> &'static str { panic!("a bug") }))
        .route("/whole", get(async || "fine"));
    let hosts = Hosts::new(&"https://id.example.eu".parse().unwrap(), false);
    let bounds = Bounds { time: Duration::from_secs(5), body: 1_000 };
    let router = guard(
        router,
        hosts,
        bounds,
        std::sync::Arc::new(|_| None),
        (
            |_, _, _, _| {},
            || {
                PANICS.fetch_add(1, Ordering::SeqCst);
            },
        ),
    );
    let ask = async |path: &str| {
        let request = Request::get(path).header("host", "id.example.eu").body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(ask("/broken").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(ask("/whole").await, StatusCode::OK);
    assert_eq!(ask("/broken").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(PANICS.load(Ordering::SeqCst), 2);
}
