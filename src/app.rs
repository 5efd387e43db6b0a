//! The composition root: configuration becomes a running server. The only file that knows everything.

mod key_ring;
mod outward;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::api::Api;
use crate::config::{Config, Mode};
use crate::db::{self, Db};
use crate::delegation::profile::terms::MAX_TEXT;
use crate::delegation::profile::{Problem, Profile, load_beside};
use crate::factors::Factors;
use crate::factors::breached::Breached;
use crate::factors::passkey::RelyingParty;
use crate::factors::vault::Vault;
use crate::jobs::tasks::Shop;
use crate::jobs::worker;
use crate::kernel::ctx::LinkLives;
use crate::kernel::random::Entropy;
use crate::kernel::time::Clock;
use crate::notify::{DevOutbox, Transports};
use crate::oidc::{Oidc, StatementIssuers};
use crate::portal::Portal;
use crate::scim::Scim;
use crate::signals::deliver::Sender;
use crate::ssf::Ssf;
use crate::telemetry::metrics;
use crate::tokens::Tokens;
use crate::web::App;
use crate::web::connections::{Patience, serve};
use crate::web::health::Health;
use crate::web::layers;
use crate::web::limits::Limits;
use crate::web::listener::{Bounds, Hosts, Published, guard};
use crate::web::mtls::{Mtls, Unusable};
use crate::web::place;
use crate::web::proxies::TrustedProxies;
use crate::web::self_test::SelfTest;

pub use key_ring::{kek, keys};
pub use outward::{pusher, sender};

use outward::transports;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The database cannot be opened, or its schema is not for this version.
    #[error("{0}")]
    Db(#[from] db::Error),
    /// The profile cannot be used.
    #[error("the profile `{0}` cannot be used: {1}")]
    Profile(String, String),
    /// A value that [`crate::config::check`] would have refused.
    #[error("`{0}` {1}")]
    Config(&'static str, String),
    /// A key of `[mtls]`.
    #[error("`{}` {}", .0.0, .0.1)]
    Mtls(#[from] Unusable),
    /// The stored keys do not open, or cannot be read (CR-03).
    #[error("{0}")]
    Keys(String),
}

/// The listeners, bound but not served yet, so that a free port is known before anything links to it.
#[derive(Debug)]
pub struct Listeners {
    public: TcpListener,
    management: TcpListener,
    mtls: Option<TcpListener>,
}

impl Listeners {
    /// Binds all addresses.
    pub async fn bind(config: &Config) -> Result<Self, StartError> {
        let bind = async |address: SocketAddr| {
            TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))
        };
        let mtls = match config.mtls.address()? {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let (public, management) = (bind(config.http.listen).await?, bind(config.http.management_listen).await?);
        Ok(Self { public, management, mtls })
    }

    /// Where browsers and applications are served.
    pub fn public(&self) -> Option<SocketAddr> {
        self.public.local_addr().ok()
    }

    /// Where health and metrics are served.
    pub fn management(&self) -> Option<SocketAddr> {
        self.management.local_addr().ok()
    }

    /// Where clients with certificates are served.
    pub fn mtls(&self) -> Option<SocketAddr> {
        self.mtls.as_ref().and_then(|listener| listener.local_addr().ok())
    }
}

/// Reads and checks the profile that the configuration names.
pub fn profile(name: &str) -> Result<Profile, StartError> {
    let loaded = match Profile::shipped(name) {
        Some(loaded) => loaded,
        None => {
            profile_file(Path::new(name)).map_err(|error| StartError::Profile(name.to_owned(), error.to_string()))?
        }
    };
    loaded.map_err(|problems| {
        let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
        StartError::Profile(name.to_owned(), listed.join("; "))
    })
}

/// Reads and checks a profile with the texts that stand in files beside it.
pub fn profile_file(path: &Path) -> io::Result<Result<Profile, Vec<Problem>>> {
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(load_beside(&std::fs::read_to_string(path)?, &|name| text_file(&folder.join(name))))
}

/// A text of a bounded size; nothing that is no file is opened for it.
fn text_file(path: &Path) -> Result<String, String> {
    let read = || {
        let about = std::fs::metadata(path)?;
        if !about.is_file() || about.len() > u64::try_from(MAX_TEXT).unwrap_or(u64::MAX) {
            return Err(io::Error::other(format!("it is no file of up to {MAX_TEXT} bytes")));
        }
        std::fs::read_to_string(path)
    };
    read().map_err(|error: io::Error| error.to_string())
}

/// Opens the database for a command, whose statements take as long as they need, and brings its schema up to date.
pub async fn database(config: &Config) -> Result<Db, StartError> {
    opened(config, Duration::ZERO).await
}

async fn opened(config: &Config, statement_timeout: Duration) -> Result<Db, StartError> {
    let options = db::Options {
        statement_timeout,
        ..db::Options::new(config.database.url.reveal().to_owned(), config.database.max_connections)
    };
    let db = Db::open(&options).await?;
    db::migrate::run(&db).await?;
    Ok(db)
}

/// The handle of all surfaces and of the command line.
pub fn handle(config: &Config, mode: Mode, db: Db) -> Result<App, StartError> {
    let public_url =
        Url::parse(&config.public_url).map_err(|error| StartError::Config("public_url", error.to_string()))?;
    let profile = profile(&config.profile)?;
    let clock = Clock::system();
    if profile.effective > clock.now() {
        let problem = format!("version {} holds from {} on", profile.version, profile.effective.to_date());
        return Err(StartError::Profile(config.profile.clone(), problem));
    }
    let mut app = App::new(db, clock, Entropy::system(), public_url, profile.roles);
    let networks = config.http.trusted_proxies.iter().map(|network| network.parse());
    let networks = networks
        .collect::<Result<_, _>>()
        .map_err(|_| StartError::Config("http.trusted_proxies", "cannot be read".to_owned()))?;
    app.proxies = Arc::new(TrustedProxies::new(networks));
    app.mtls = Arc::new(Mtls::of(&config.mtls)?);
    app.support = Arc::new(config.support.clone());
    app.limits = Arc::new(Limits::new(config.limits));
    app.dev = mode == Mode::Development;
    app.conformance = config.conformance.enabled;
    app.one_factor_applications = config.conformance.one_factor_applications.clone().into();
    app.session_management = config.oidc.session_management;
    app.cooling_off = profile.cooling_off;
    app.passwords = profile.passwords;
    app.user_names = profile.user_names;
    app.wording = profile.wording;
    app.delegated_token = profile.delegated_token;
    app.door = app.door.clone().elevating_for(profile.elevation);
    app.remember_for = profile.remember_for;
    app.phases = profile.phases.into();
    app.terms = Arc::new(profile.terms);
    app.registrations = profile.registrations;
    app.deactivated_organisation = profile.deactivated_organisation;
    app.recertification = profile.recertification;
    app.agreements = profile.agreements;
    app.deleted_user = profile.deleted_user;
    app.scanner = config.documents.scanner;
    app.links = LinkLives { activation: profile.activation, recovery: profile.recovery };
    Ok(app)
}

/// A server that answers.
#[derive(Debug)]
pub struct Server {
    /// The handle of its surfaces.
    pub app: App,
    /// Where browsers and applications are served.
    pub public: SocketAddr,
    /// Where health and metrics are served.
    pub management: SocketAddr,
    health: Health,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    stop_timeout: Duration,
}

/// Everything from the configuration to the first answer.
pub async fn start(config: &Config, mode: Mode, listeners: Listeners) -> Result<Server, StartError> {
    // Before anything opens a TLS connection; a second call in one process changes nothing.
    let _installed_before = rustls::crypto::ring::default_provider().install_default().is_err();
    let address =
        |bound: Option<SocketAddr>| bound.ok_or_else(|| StartError::Config("http.listen", "has no address".to_owned()));
    let (public, management) = (address(listeners.public())?, address(listeners.management())?);
    let mtls = listeners.mtls().map(|address| address.to_string());
    let recorder = metrics::install_recorder();
    let limit = Duration::from_secs(config.database.statement_seconds.into());
    let mut app = handle(config, mode, opened(config, limit).await?)?;
    let keys = keys(&app, config).await?;
    app.places = keys.kek().derived(place::PURPOSE);
    app.subjects = keys.subjects().clone();
    let outbox = DevOutbox::default();
    let transports = transports(&app, config, &outbox)?;
    let mut tokens = Tokens::new(keys, app.public_url.as_str());
    tokens.dpop.require_nonce = config.oidc.require_dpop_nonce;
    tokens.door = Some(app.door.clone());
    tokens.alias = app.mtls.alias().map(Into::into);
    let sender = sender(&app, config, &tokens)?;
    let statements = StatementIssuers::of(&config.oidc.software_statement_issuers)
        .map_err(|problem| StartError::Config("oidc.software_statement_issuers", problem))?;
    let breached = config.factors.breached_passwords.as_deref().map(Breached::open).transpose();
    let breached = breached.map_err(|error| StartError::Config("factors.breached_passwords", error.to_string()))?;
    let (surfaces, published) = surfaces(&app, config, &outbox, (&sender, statements, breached));
    let hosts = Hosts::new(&app.public_url, app.dev).and_for_machines(app.mtls.alias.as_ref());
    let bounds = Bounds { time: Duration::from_secs(config.http.request_timeout), body: config.http.max_body };
    let router = guard(surfaces, hosts, bounds, published, (metrics::request, metrics::panic));
    let rendered = recorder.clone();
    let health = Health::new(app.db.clone(), move || rendered.render());
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let patience =
        Patience { head: Duration::from_secs(config.http.header_timeout), connections: config.http.max_connections };
    if let Some(listener) = listeners.mtls {
        let tls = Some(config.mtls.acceptor()?);
        tasks.spawn(serve((listener, tls), router.clone(), patience, stopped.clone()));
    }
    tasks.spawn(serve((listeners.public, None), router, patience, stopped.clone()));
    tasks.spawn(serve((listeners.management, None), health.clone().router(), patience, stopped.clone()));
    let encrypted = config.oidc.request_object_encryption;
    tasks.spawn(key_ring::make_missing(app.clone(), (sender.tokens.keys.clone(), encrypted), stopped.clone()));
    background(&mut tasks, &app, (transports, sender), &stopped);
    tasks.spawn(repeat(Duration::from_secs(5), stopped, move || {
        recorder.upkeep();
        std::future::ready(())
    }));
    health.set_started();
    tracing::info!(%public, %management, mtls, version = env!("CARGO_PKG_VERSION"), "started");
    Ok(Server {
        app,
        public,
        management,
        health,
        stop,
        tasks,
        stop_timeout: Duration::from_secs(config.http.stop_timeout),
    })
}

/// All surfaces in one router, and what is answered before any of them is asked.
fn surfaces(
    app: &App,
    config: &Config,
    outbox: &DevOutbox,
    (sender, statements, breached): (&Sender, StatementIssuers, Option<Breached>),
) -> (Router, Published) {
    let tokens = sender.tokens.clone();
    let mut portal = Portal::new(app.clone());
    portal.session_settings = Arc::new(config.sessions.clone());
    portal.retention = app.deleted_user;
    portal.factors = Factors::new(config.factors.clone());
    portal.factors.cooling_off = app.cooling_off;
    portal.factors.passwords = app.passwords.clone();
    portal.factors.remember_for = app.remember_for;
    portal.factors.breached = breached;
    portal.factors.numbers = config.numbers.clone();
    portal.factors.vault = Vault::new(tokens.keys.kek());
    portal.factors.passkeys = RelyingParty::of(&app.public_url);
    portal.outbox = outbox.clone();
    portal.pusher = Some(pusher(sender));
    let mut settings = config.scim.clone();
    // What the listener does not let in is not announced.
    settings.limits.body_bytes = settings.limits.body_bytes.min(config.http.max_body);
    let scim = Scim { app: app.clone(), tokens: tokens.clone(), settings };
    portal.self_test = self_test(scim.clone());
    let scim = layers::api(crate::scim::router(scim), app);
    let api = Api { app: app.clone(), tokens: tokens.clone() };
    let api = layers::api(crate::api::router(api), app);
    let ssf = layers::api(crate::ssf::router(Ssf::new(app.clone(), sender.clone())), app);
    let mut oidc = Oidc::new(app.clone(), tokens, config.oidc.clone());
    (oidc.client_keys, oidc.statements) = (sender.client_keys.clone(), statements);
    let published = crate::oidc::ready(oidc.clone());
    (crate::portal::router(portal).merge(crate::oidc::router(oidc)).merge(scim).merge(api).merge(ssf), published)
}

/// Services are tried out at the surface that they use.
pub fn self_test(scim: Scim) -> SelfTest {
    SelfTest::by(move |client, ctx| {
        let scim = scim.clone();
        async move { crate::scim::self_test::run(&scim, &client, &ctx).await }
    })
}

/// Work that no request asks for.
fn background(
    tasks: &mut JoinSet<()>,
    app: &App,
    (transports, sender): (Transports, Sender),
    stopped: &watch::Receiver<bool>,
) {
    let mut stop = stopped.clone();
    let told = async move {
        let _sender_gone = stop.wait_for(|stop| *stop).await.is_err();
    };
    let shop = Shop {
        db: app.db.clone(),
        transports,
        pusher: pusher(&sender),
        sender,
        clock: app.clock.clone(),
        entropy: app.entropy.clone(),
        cooling_off: app.cooling_off,
        passwords: app.passwords.standard,
        links: app.links,
        door: app.door.clone(),
        deactivated_organisation: app.deactivated_organisation,
        recertification: app.recertification,
        deleted_user: app.deleted_user,
        activity: app.activity.clone(),
        scanner: app.scanner,
    };
    tasks.spawn(worker::work(shop, told));
}

/// Runs `work` every `period` until the server stops; never while it stops.
async fn repeat<F: Future<Output = ()>>(
    period: Duration,
    mut stopped: watch::Receiver<bool>,
    mut work: impl FnMut() -> F,
) {
    while !*stopped.borrow() {
        // Whatever ends the wait within the period: the stop, or the server going away.
        match tokio::time::timeout(period, stopped.changed()).await {
            Err(_elapsed) => work().await,
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
        }
    }
}

impl Server {
    /// Stops accepting, lets requests under way finish (as long as `http.stop_timeout`), stops the background work.
    pub async fn stop(mut self) {
        self.health.set_stopping();
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.stop_timeout, all).await.is_err() {
            tracing::warn!("some requests did not finish in time and were cut off");
            self.tasks.shutdown().await;
        }
        self.app.db.close().await;
        tracing::info!("stopped");
    }

    /// Runs until Ctrl-C or SIGTERM, then stops.
    pub async fn until_told(self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed?,
            _ = terminate.recv() => {}
        }
        tracing::info!("told to stop");
        self.stop().await;
        Ok(())
    }
}
