//! Servers as processes of their own, and what they use.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds of processor time that this process has used, as [`Server::cpu`].
pub fn cpu_here() -> f64 {
    cpu_of(&std::fs::read_to_string("/proc/self/stat").unwrap())
}

fn cpu_of(stat: &str) -> f64 {
    let rest = stat.rsplit_once(") ").unwrap().1;
    let fields: Vec<&str> = rest.split(' ').collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// A running server; ended when dropped.
#[derive(Debug)]
pub struct Server {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub started_in: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

impl Server {
    /// Starts this binary again as the floor server.
    pub fn floor() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.env(super::floor::MARK, "1").stdout(Stdio::piped());
        let begun = Instant::now();
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, address: line.trim().parse().unwrap(), started_in: begun.elapsed() }
    }

    /// Starts npm oidc-provider (`benches/peer`); nothing where there is no npm to install it.
    pub fn peer() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peer");
        let installed = Command::new("npm").args(["ci", "--silent"]).current_dir(&folder).status();
        installed.ok().filter(std::process::ExitStatus::success)?;
        let mut command = Command::new("node");
        command.arg("server.mjs").current_dir(folder).env("NODE_ENV", "production");
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let begun = Instant::now();
        let mut process = command.spawn().ok()?;
        let mut line = String::new();
        let mut lines = BufReader::new(process.stdout.take()?);
        while !line.starts_with("127.0.0.1:") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the peer ended");
        }
        Some(Self { process, address: line.trim().parse().unwrap(), started_in: begun.elapsed() })
    }

    /// Starts the product on a database, with limits that do not limit; waits for its first 200.
    pub fn product(database: &Path) -> Self {
        let free = || TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (address, management) = (free(), free());
        let mut command = Command::new(env!("CARGO_BIN_EXE_chamberlain"));
        command.env_clear().args(["serve", "--dev"]).stdout(Stdio::null()).stderr(Stdio::null());
        for (key, value) in [
            ("PUBLIC_URL", format!("http://{address}").as_str()),
            ("HTTP__LISTEN", &address.to_string()),
            ("HTTP__MANAGEMENT_LISTEN", &management.to_string()),
            ("DATABASE__URL", &format!("sqlite:{}", database.display())),
            ("KEYS__ENCRYPTION_KEY", super::town::KEY),
            ("LIMITS__PER_ADDRESS", "1000000"),
            ("LIMITS__PER_ACCOUNT", "1000000"),
            ("LIMITS__PER_CLIENT", "1000000"),
            ("MAIL__DRIVER", "memory"),
            ("SMS__DRIVER", "memory"),
            ("VOICE__DRIVER", "memory"),
            ("LOG__FILTER", "error"),
        ] {
            command.env(format!("CHAMBERLAIN__{key}"), value);
        }
        let begun = Instant::now();
        let process = command.spawn().unwrap();
        let mut server = Self { process, address, started_in: Duration::ZERO };
        while !server.answers() {
            assert!(begun.elapsed() < Duration::from_mins(1), "the server does not answer");
            assert!(server.process.try_wait().unwrap().is_none(), "the server ended");
            std::thread::sleep(Duration::from_micros(500));
        }
        server.started_in = begun.elapsed();
        server
    }

    fn answers(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = std::net::TcpStream::connect(self.address) else { return false };
        let path = "/.well-known/openid-configuration";
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    /// The host of its requests.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    fn stat(&self) -> String {
        std::fs::read_to_string(format!("/proc/{}/stat", self.process.id())).unwrap()
    }

    /// Seconds of processor time that it has used: all its threads, user and kernel, in hundredths.
    pub fn cpu(&self) -> f64 {
        cpu_of(&self.stat())
    }

    /// Resident memory in MiB: all of it, and without pages of files (the mapped database).
    pub fn memory(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let kilobytes = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_ascii_whitespace().nth(1).and_then(|number| number.parse::<f64>().ok()).unwrap_or(f64::NAN)
        };
        (kilobytes("VmRSS:") / 1024.0, kilobytes("RssAnon:") / 1024.0)
    }
}
