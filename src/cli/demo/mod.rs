//! `chamberlain demo`: a seeded world on embedded SQLite and loopback, to try everything or to test against.

mod authorities;
mod consortium;
mod crowd;
mod example;
mod network;
mod people;
mod seeder;
pub mod services;
mod text;
pub mod world;

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::output::Output;
use super::{CliError, Global};
use crate::app::{Listeners, Server, start};
use crate::config::{Config, Layers, LogFormat, Mode, check, load};
use crate::db::transact;
use crate::factors::{Factors, password_store};
use crate::kernel::ctx::Channel;
use crate::kernel::random::Entropy;
use crate::telemetry::logs;
use crate::web::App;
use crate::web::support::SupportSettings;
use world::{Account, Addresses, World, seed};

/// Run a seeded world on loopback.
#[derive(Debug, Args)]
pub struct Demo {
    /// The port to listen on; 0 picks a free one. The example applications use the three after it
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Where the database and the keys of the demo are kept
    #[arg(long, default_value = "chamberlain-demo", value_name = "DIR")]
    data_dir: PathBuf,
    /// The profile: `ecb-identity-portal`, `imi` or `participant-portal`
    #[arg(long, default_value = "ecb-identity-portal", value_parser = ["ecb-identity-portal", "imi", "participant-portal"])]
    profile: String,
    /// Seed so many further people
    #[arg(long, default_value_t = 0)]
    users: usize,
    /// Seed so many further organisations for them
    #[arg(long, default_value_t = 0)]
    organisations: usize,
    /// Start the example applications that are built in this folder
    #[arg(long, value_name = "DIR")]
    examples: Option<PathBuf>,
}

/// What a demo keeps beside its database.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    world: World,
    #[serde(default)]
    profile: String,
}

impl Demo {
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<(), CliError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.data_dir)?;
        let mut config = self.config(global)?;
        let listeners = Listeners::bind(&config).await?;
        let port = listeners.public().map_or(self.port, |address| address.port());
        config.public_url = format!("http://localhost:{port}");
        let kept = self.world(&config, port).await?;
        let server = start(&config, Mode::Development, listeners).await?;
        let examples = match &self.examples {
            Some(folder) => example::start(folder, &config.public_url, &kept.world)?,
            None => Vec::new(),
        };
        let document = document(&server, &config, &kept.world);
        output.print(&document, || text::tell(&config, server.management, &kept, !examples.is_empty()))?;
        server.until_told().await?;
        drop(examples);
        Ok(())
    }

    fn config(&self, global: &Global) -> Result<Config, CliError> {
        let key = self.data_dir.join("encryption.key");
        if !key.exists() {
            write_private(&key, &STANDARD.encode(Entropy::system().bytes::<32>()))?;
        }
        let mut layers = Layers::from_process(global.config.clone(), Vec::new());
        let given = |name: &str| layers.environment.iter().any(|(known, _)| known == name);
        let (has_database, has_log) = (given("CHAMBERLAIN__DATABASE__URL"), given("CHAMBERLAIN__LOG__FILTER"));
        let mut flag = |key: &str, value: String| layers.flags.push((key.to_owned(), value));
        flag("profile", self.profile.clone());
        flag("http.listen", format!("127.0.0.1:{}", self.port));
        flag("http.management_listen", "127.0.0.1:0".to_owned());
        flag("keys.encryption_key_file", key.display().to_string());
        for channel in ["mail", "sms", "voice"] {
            flag(&format!("{channel}.driver"), "memory".to_owned());
        }
        if !has_database {
            flag("database.url", format!("sqlite:{}", self.data_dir.join("chamberlain.db").display()));
        }
        if !has_log {
            flag("log.filter", "warn".to_owned());
        }
        let mut loaded = load(&layers)?;
        if loaded.config.support.is_empty() {
            // A number that is nobody's: kept free for films.
            let (email, phone) = ("help@example.org".to_owned(), "+49 30 23125 000".to_owned());
            loaded.config.support = SupportSettings { email, phone };
        }
        check(&loaded, Mode::Development)?;
        let format = if loaded.config.log.format == LogFormat::Json { logs::Format::Json } else { logs::Format::Text };
        logs::install(&loaded.config.log.filter, format);
        Ok(loaded.config)
    }

    /// The world of an earlier start, or a new one.
    async fn world(&self, config: &Config, port: u16) -> Result<Kept, CliError> {
        let path = self.data_dir.join("world.json");
        if let Ok(text) = fs::read_to_string(&path) {
            let kept: Kept = serde_json::from_str(&text)
                .map_err(|error| CliError::Refused(format!("`{}`: {error}", path.display())))?;
            if kept.profile != self.profile {
                let text = "holds the world of another profile; give another `--data-dir`";
                return Err(CliError::Refused(format!("`{}` {text}", self.data_dir.display())));
            }
            return Ok(kept);
        }
        let db = crate::app::database(config).await?;
        let app = crate::app::handle(config, Mode::Development, db)?;
        let [imas, casper, casper_pre] = addresses(self.port, port)?;
        let addresses = Addresses { imas, casper, casper_pre };
        let made = match self.profile.as_str() {
            "participant-portal" => consortium::seed(&app, &addresses).await,
            "imi" => network::seed(&app, &addresses).await,
            _ => seed(&app.db, &app.door, &app.clock, &app.entropy, &addresses).await,
        };
        let world = made.map_err(CliError::refused)?;
        set_passwords(&app, &world.accounts).await?;
        crowd::add(&app, self.users, self.organisations).await?;
        let kept = Kept { world, profile: self.profile.clone() };
        write_private(&path, &serde_json::to_string(&kept).map_err(CliError::refused)?)?;
        app.db.close().await;
        Ok(kept)
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
}

/// Where the examples will listen: the ports after ours, or free ones if ours was picked, too.
fn addresses(asked: u16, port: u16) -> Result<[String; 3], CliError> {
    let mut ports = [port.saturating_add(1), port.saturating_add(2), port.saturating_add(3)];
    if asked == 0 {
        let free = ports.iter().map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>()?;
        for (port, listener) in ports.iter_mut().zip(&free) {
            *port = listener.local_addr()?.port();
        }
    }
    Ok(ports.map(|port| format!("http://localhost:{port}")))
}

/// Stores passwords that are known beforehand.
pub(super) async fn set_passwords(app: &App, accounts: &[Account]) -> Result<(), CliError> {
    let factors = Factors::default();
    for account in accounts {
        let Some(user) = account.user else { continue };
        let slot = factors.hasher.reserve().await.map_err(CliError::refused)?;
        let hash =
            factors.hasher.hash(slot, &account.password, app.entropy.bytes()).await.map_err(CliError::refused)?;
        let ctx = app.internal_ctx(Channel::Cli);
        let saved: Result<(), CliError> =
            transact!(app.db, tx => Ok(password_store::save(tx, user, &hash, ctx.now).await?));
        saved?;
    }
    Ok(())
}

/// What other projects read when they use a demo as a test fixture.
fn document(server: &Server, config: &Config, world: &World) -> serde_json::Value {
    json!({
        "issuer": config.public_url,
        "outbox": format!("{}/dev/outbox", config.public_url),
        "management": format!("http://{}", server.management),
        "accounts": world.accounts,
        "clients": world.clients,
        "service_clients": world.service_clients,
    })
}
