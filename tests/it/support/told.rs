//! An application that is told things: a real server that keeps what arrives and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::directory::client::model::ClientSettings;
use chamberlain::outbound::{Outbound, Settings};
use chamberlain::proofs::ClientKeys;
use chamberlain::signals::deliver::{Sender, deliver};
use chamberlain::signals::fan_out::fan_out;
use chamberlain::tokens::mint::{self, Kind};
use chamberlain::tokens::{Kek, Keys, Tokens};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::World;
use super::relying_party::{ISSUER, Provider};

/// A sender with keys of its own, the same whenever it is asked for; loopback is allowed, as in development.
pub async fn sender(world: &World) -> Sender {
    let keys = Keys::open(&world.db, Kek::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap(), &world.ctx())
        .await
        .unwrap();
    with(world, Tokens::new(keys, ISSUER))
}

fn with(world: &World, tokens: Tokens) -> Sender {
    let outbound = Outbound::new(&Settings { timeout_seconds: 1, ..Settings::default() }, true).unwrap();
    Sender {
        tokens,
        client_keys: ClientKeys::default(),
        outbound,
        clock: world.clock.clone(),
        entropy: world.entropy.clone(),
    }
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub path: String,
    pub content_type: String,
    pub authorization: Option<String>,
    pub body: String,
}

impl Arrived {
    /// The token: the value of the form field, or the whole body.
    pub fn token(&self) -> &str {
        self.body.strip_prefix("logout_token=").unwrap_or(&self.body)
    }

    /// The header of the token, unchecked.
    pub fn header(&self) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(self.token().split('.').next().unwrap()).unwrap()).unwrap()
    }
}

type Script = Arc<Mutex<VecDeque<u16>>>;

#[derive(Clone)]
struct Desk {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    script: Script,
}

/// The server. 0 in the script is no answer at all, 302 one that leads to `/elsewhere`; 200 when nothing is left to say.
pub struct Receiver {
    pub url: String,
    pub script: Script,
    desk: Desk,
    _tasks: JoinSet<()>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Desk { arrived: Arc::default(), script: Arc::default() };
        let router = Router::new().fallback(receive).with_state(desk.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, script: Arc::clone(&desk.script), desk, _tasks: tasks }
    }

    /// What has arrived since this was asked last.
    pub fn arrived(&self) -> Vec<Arrived> {
        std::mem::take(&mut self.desk.arrived.lock().unwrap())
    }
}

async fn receive(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let (content_type, authorization) = (text(header::CONTENT_TYPE).unwrap_or_default(), text(header::AUTHORIZATION));
    let body = String::from_utf8(body.to_vec()).unwrap();
    desk.arrived.lock().unwrap().push(Arrived { path: uri.path().to_owned(), content_type, authorization, body });
    let status = desk.script.lock().unwrap().pop_front().unwrap_or(200);
    match status {
        0 => std::future::pending().await,
        302 => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        400 => (StatusCode::BAD_REQUEST, r#"{"error":"invalid_request"}"#).into_response(),
        status => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

/// A provider whose applications are told things at one server: each at a path of its own.
pub struct Telling {
    pub provider: Provider,
    pub receiver: Receiver,
    pub sender: Sender,
}

impl Telling {
    pub async fn new(world: World) -> Self {
        let (provider, receiver) = (Provider::new(world).await, Receiver::start().await);
        let sender = with(&provider.world, provider.oidc.tokens.clone());
        let telling = Self { provider, receiver, sender };
        for client in ["imas", "casper", "casper-pre"] {
            let silent = |settings: &mut ClientSettings| {
                (settings.backchannel_logout_uri, settings.security_events_uri) = (None, None);
            };
            telling.provider.set(client, silent).await;
        }
        // What the seed did concerns nobody who is signed in.
        telling.queue().await;
        telling
    }

    /// An application is told of sign-outs.
    pub async fn tells(&self, client: &str) {
        let uri = format!("{}/{client}/logout", self.receiver.url);
        self.provider.set(client, move |settings| settings.backchannel_logout_uri = Some(uri.clone())).await;
    }

    /// An application takes security events.
    pub async fn subscribes(&self, client: &str) {
        let uri = format!("{}/{client}/events", self.receiver.url);
        self.provider.set(client, move |settings| settings.security_events_uri = Some(uri.clone())).await;
    }

    /// The jobs run; what has arrived by them.
    pub async fn told(&self) -> Vec<Arrived> {
        self.queue().await;
        self.send().await
    }

    pub async fn queue(&self) -> usize {
        let Provider { world, oidc, .. } = &self.provider;
        fan_out(&world.db, &oidc.app.door, &world.entropy, world.clock.now()).await.unwrap()
    }

    pub async fn send(&self) -> Vec<Arrived> {
        deliver(&self.provider.world.db, &self.sender).await.unwrap();
        let mut arrived = self.receiver.arrived();
        arrived.sort_by(|a, b| a.path.cmp(&b.path));
        arrived
    }

    /// The claims of a token that we signed as this kind.
    pub async fn read(&self, arrived: &Arrived, kind: Kind) -> Value {
        let keys = &self.provider.oidc.tokens.keys;
        let ring = keys.ring(&self.provider.world.db, self.provider.world.clock.now()).await.unwrap();
        let read = mint::read::<Value>(arrived.token(), kind, |kid| ring.find(kid).map(AsRef::as_ref));
        read.unwrap_or_else(|| panic!("not ours: {arrived:?}")).0
    }
}
