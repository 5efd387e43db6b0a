//! `chamberlain doctor`: looks at everything that keeps a server from working, and says what to do.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::time::Duration;

use reqwest::header::HOST;
use serde_json::{Value, json};

use super::output::{Output, table};
use super::{CliError, Global};
use crate::config::{Config, Layers, Mode, check, load};
use crate::db::Db;
use crate::factors::breached::Breached;
use crate::kernel::time::Clock;
use crate::notify::{NumberSettings, conversion};

/// How long whoever has an address may take to say who it is.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was found.
enum Finding {
    /// In order.
    Fine(String),
    /// In order, and worth knowing.
    Note(String),
    /// To be put right before a server works.
    Problem(String),
}

impl Finding {
    fn of(outcome: Result<String, String>) -> Self {
        outcome.map_or_else(Self::Problem, Self::Fine)
    }

    fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Fine(text) => ("ok", text),
            Self::Note(text) => ("note", text),
            Self::Problem(text) => ("problem", text),
        }
    }
}

type Check = (&'static str, Finding);

/// Runs all checks; false if any failed.
pub(super) async fn run(global: &Global, output: &Output) -> Result<bool, CliError> {
    let loaded = load(&Layers::from_process(global.config.clone(), Vec::new()))?;
    let mut checks: Vec<Check> = Vec::new();
    match check(&loaded, Mode::Production) {
        Ok(()) => checks.push(("configuration", Finding::Fine("in order".to_owned()))),
        Err(problems) => {
            checks.extend(problems.0.iter().map(|problem| ("configuration", Finding::Problem(problem.to_string()))));
        }
    }
    checks.extend(look(&loaded.config).await);
    let rows: Vec<_> = checks
        .iter()
        .map(|(name, finding)| {
            let (status, detail) = finding.parts();
            json!({ "check": name, "status": status, "detail": detail })
        })
        .collect();
    let healthy = !checks.iter().any(|(_, finding)| matches!(finding, Finding::Problem(_)));
    output.print(&json!({ "healthy": healthy, "checks": rows }), || table(&rows, &["status", "check", "detail"]))?;
    Ok(healthy)
}

async fn look(config: &Config) -> Vec<Check> {
    let profile = crate::app::profile(&config.profile)
        .map(|profile| format!("`{}`", profile.name))
        .map_err(|error| error.to_string());
    let mut codes = None;
    let database = match crate::app::database(config).await {
        Ok(db) => {
            codes = Some(entered(&db, &config.numbers).await);
            let engine = format!("{:?}", db.engine()).to_lowercase();
            db.close().await;
            Ok(format!("{engine}, schema {}", crate::db::migrate::latest_version()))
        }
        Err(error) => Err(error.to_string()),
    };
    let (public, management) = (config.http.listen, config.http.management_listen);
    let issuer = config.public_url.trim_end_matches('/');
    let mut checks = vec![
        ("profile", Finding::of(profile)),
        ("database", Finding::of(database)),
        ("factors.breached_passwords", breached(config)),
        ("http.listen", listen(public, async || is_provider(public, issuer).await).await),
        ("http.management_listen", listen(management, async || is_live(management).await).await),
    ];
    checks.extend(codes.map(|finding| ("numbers", finding)));
    checks
}

/// How many of the codes by phone were entered (AU-09). Few are worth knowing, and keep no server from working.
async fn entered(db: &Db, settings: &NumberSettings) -> Finding {
    let now = Clock::system().now();
    let measured = async {
        let tx = &mut db.reader().await?;
        let (conversion, alarm) = (conversion::measure(tx, now).await?, conversion::last_alarm(tx).await?);
        Ok::<_, crate::db::Error>((conversion, alarm))
    };
    let (of, alarm) = match measured.await {
        Ok(measured) => measured,
        Err(error) => return Finding::Problem(error.to_string()),
    };
    let said = format!("{} of {} codes to phones of the last hour were entered", of.answered, of.sent);
    match alarm {
        _ if of.is_low(settings) => Finding::Note(format!(
            "{said}, {} %: somebody may be paid for the messages; look where they go, and narrow `[numbers]`",
            of.percent()
        )),
        Some(alarm) => Finding::Note(format!(
            "{said}; few were at {}: {} of {}",
            alarm.at.to_rfc3339(),
            alarm.of.answered,
            alarm.of.sent
        )),
        None => Finding::Fine(said),
    }
}

/// The list of passwords that nobody may choose.
fn breached(config: &Config) -> Finding {
    let Some(path) = &config.factors.breached_passwords else {
        return Finding::Note("no list of breached passwords; make one with `password-list build`".to_owned());
    };
    Finding::of(match Breached::open(path) {
        Ok(list) => Ok(format!("{} passwords that nobody may choose", list.len())),
        Err(error) => Err(format!("{}: {error}", path.display())),
    })
}

/// Whether an address is free, or already has the server that is looked for: one that runs is no problem.
async fn listen(address: SocketAddr, ours: impl AsyncFnOnce() -> bool) -> Finding {
    match TcpListener::bind(address) {
        Ok(_) => Finding::Fine(format!("{address} is free")),
        Err(error) if error.kind() != ErrorKind::AddrInUse => Finding::Problem(format!("{address}: {error}")),
        Err(_) if ours().await => Finding::Note(format!("{address} is in use by a running Chamberlain")),
        Err(_) => Finding::Problem(format!(
            "{address} is in use by something that does not answer as this Chamberlain; stop it or choose another port"
        )),
    }
}

/// The management listener of a Chamberlain says that it is alive, and its name (`web/health.rs`).
async fn is_live(address: SocketAddr) -> bool {
    let live = ask(address, "/health/live", None).await;
    let version = ask(address, "/version", None).await;
    let says = |answer: &Option<Value>, key: &str, text: &str| {
        answer.as_ref().and_then(|answer| answer.get(key)).and_then(Value::as_str) == Some(text)
    };
    says(&live, "status", "up") && says(&version, "name", env!("CARGO_PKG_NAME"))
}

/// The public listener has no `/health`: there the provider names itself (OIDC Discovery §4).
async fn is_provider(address: SocketAddr, issuer: &str) -> bool {
    let Ok(url) = url::Url::parse(issuer) else { return false };
    let authority = url.authority();
    let document = ask(address, "/.well-known/openid-configuration", Some(authority)).await;
    document.as_ref().and_then(|document| document.get("issuer")).and_then(Value::as_str) == Some(issuer)
}

/// A JSON document from this machine itself, whatever proxies its environment names.
async fn ask(address: SocketAddr, path: &str, host: Option<&str>) -> Option<Value> {
    // The client wants a provider of cryptography even where it needs none.
    let _installed_before = rustls::crypto::ring::default_provider().install_default().is_err();
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .ok()?;
    let mut request = client.get(format!("http://{}{path}", reachable(address)));
    if let Some(host) = host {
        request = request.header(HOST, host);
    }
    let answer = request.send().await.ok()?.error_for_status().ok()?;
    answer.json().await.ok()
}

/// Where a listener on all addresses is reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
