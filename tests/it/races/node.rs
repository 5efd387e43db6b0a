//! A server that is asked: one in this process, or a process of its own.

use std::path::Path;
use std::sync::Arc;

use chamberlain::db::Options;
use serde_json::Value;

use crate::api::calls::Counter;
use crate::ops::{KEY, Running, chamberlain};

/// One request.
#[derive(Debug, Clone)]
pub struct Ask {
    pub token: String,
    pub path: String,
    pub body: Option<Value>,
}

/// A server.
pub enum Node {
    Here(Arc<Counter>),
    There(Box<(Running, reqwest::Client)>),
}

impl Node {
    /// Posts it, again as long as the server says that it is busy; the status.
    pub async fn ask(&self, ask: &Ask) -> u16 {
        loop {
            let status = self.post(ask).await;
            if status != 503 {
                return status;
            }
        }
    }

    async fn post(&self, ask: &Ask) -> u16 {
        match self {
            Self::Here(counter) => counter.call(&ask.token, "POST", &ask.path, ask.body.clone()).await.status.as_u16(),
            Self::There(there) => {
                let (running, client) = &**there;
                let mut request = client.post(format!("{}{}", running.public, ask.path));
                request = request.header("host", "localhost:4711").bearer_auth(&ask.token);
                if let Some(body) = &ask.body {
                    request = request.json(body);
                }
                let response = request.send().await.unwrap();
                let status = response.status().as_u16();
                assert!(status < 500 || status == 503, "{}: {}", ask.path, response.text().await.unwrap());
                status
            }
        }
    }
}

/// So many processes of the program on one database.
pub fn start(folder: &Path, database: &Options, profile: &str, count: usize) -> Vec<Node> {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let one = |_| {
        let mut command = chamberlain(folder);
        command
            .args(["serve", "--dev", "--public-url", "http://localhost:4711"])
            .env("CHAMBERLAIN__DATABASE__URL", &database.url)
            .env("CHAMBERLAIN__PROFILE", profile)
            .env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)
            .env("CHAMBERLAIN__LIMITS__PER_ADDRESS", "100000")
            .env("CHAMBERLAIN__LIMITS__PER_ACCOUNT", "100000");
        Node::There(Box::new((Running::start(&mut command).unwrap(), client.clone())))
    };
    (0..count).map(one).collect()
}
