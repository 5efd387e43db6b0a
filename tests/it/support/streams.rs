//! Applications that set up a stream of events for themselves (SSF 1.0).

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use chamberlain::kernel::ids::UserId;
use chamberlain::ssf::{self, Ssf};
use chamberlain::tokens::mint::{self, Kind};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::World;
use super::relying_party::{Answer, Browser, Provider};
use super::told::Telling;

pub const STREAMS: &str = "/ssf/streams";
pub const PUSH: &str = "urn:ietf:rfc:8935";
pub const POLL: &str = "urn:ietf:rfc:8936";

/// A provider with the transmitter beside it, where IMAS and CASPER may have a stream.
pub struct Streaming {
    pub telling: Telling,
    router: Router,
}

impl Streaming {
    pub async fn new(world: World) -> Self {
        let telling = Telling::new(world).await;
        for client in ["imas", "casper"] {
            telling.provider.set(client, |settings| settings.offer_stream(true)).await;
        }
        let app = telling.provider.oidc.app.clone();
        let router = ssf::router(Ssf::new(app, telling.sender.clone()));
        Self { telling, router }
    }

    pub fn provider(&self) -> &Provider {
        &self.telling.provider
    }

    /// A token that a client asks for with its own secret.
    pub async fn token(&self, client: &str, scope: &str) -> String {
        let pairs = [("grant_type", "client_credentials"), ("scope", scope)];
        let basic = self.provider().relying_party(client).basic();
        let answer = self.provider().post("/oauth2/token", Some(&basic), &pairs).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let body = match body {
            Value::Null => Body::empty(),
            body => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.as_str().map_or_else(|| body.to_string(), str::to_owned))
            }
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Only the status.
    pub async fn status(&self, token: &str, method: &str, path: &str, body: Value) -> u16 {
        self.call(token, method, path, &body).await.status.as_u16()
    }

    /// Sets up the stream of a client; its id.
    pub async fn set_up(&self, token: &str, body: Value) -> Value {
        let made = self.call(token, "POST", STREAMS, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        made.json()
    }

    /// A delivery to the receiver of the test.
    pub fn push_to(&self, path: &str, header: Option<&str>) -> Value {
        let mut delivery = json!({ "method": PUSH, "endpoint_url": format!("{}{path}", self.telling.receiver.url) });
        if let Some(header) = header {
            delivery["authorization_header"] = json!(header);
        }
        delivery
    }

    /// Somebody signs in at an application.
    pub async fn signs_in(&self, email: &str, client: &str) -> (UserId, Browser) {
        let provider = self.provider();
        let browser = provider.signed_in(email).await;
        provider.tokens(&provider.relying_party(client), &browser).await;
        (provider.user(email).await, browser)
    }

    /// The claims of an event that we signed.
    pub async fn read(&self, token: &str) -> Value {
        let provider = self.provider();
        let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
        mint::read::<Value>(token, Kind::SecurityEvent, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap().0
    }

    /// What is fetched: `jti` and claims, in the order of their `jti`.
    pub async fn fetch(&self, token: &str, id: &Value, asked: Value) -> Vec<(String, Value)> {
        let mut body = asked;
        body["returnImmediately"] = json!(true);
        let answer = self.call(token, "POST", &format!("/ssf/poll/{}", id.as_str().unwrap()), &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let mut sets = Vec::new();
        for (jti, set) in answer.json()["sets"].as_object().unwrap() {
            let claims = self.read(set.as_str().unwrap()).await;
            assert_eq!(claims["jti"], json!(jti));
            sets.push((jti.clone(), claims));
        }
        sets.sort_by(|a, b| a.0.cmp(&b.0));
        sets
    }
}

/// The last part of the address of the only event in a token.
pub fn event_name(claims: &Value) -> String {
    let events = claims["events"].as_object().unwrap();
    assert_eq!(events.len(), 1);
    events.keys().next().unwrap().rsplit('/').next().unwrap().to_owned()
}
