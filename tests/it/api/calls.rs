//! The bank of the stories with every surface in front of it, and calls whose answers are compared with the OpenAPI document.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chamberlain::agreements::Documents;
use chamberlain::api::{self, Api, openapi};
use chamberlain::authority::{Door, scopes};
use chamberlain::kernel::ids::{OrganisationId, SessionId, UserId};
use chamberlain::kernel::secret::Token;
use chamberlain::portal::{self, Portal};
use chamberlain::scim::{self, Scim};
use chamberlain::sessions::model::Settings as SessionSettings;
use chamberlain::sessions::{self, Session};
use chamberlain::tokens::{Kek, Keys, Tokens};
use chamberlain::web::App;
use chamberlain::{db, transact};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::ops::KEY;
use crate::portal::browser::Browser;
use crate::support::{Bank, Failure, World, script_token, wide_limits};

/// A bank and its surfaces.
pub struct Counter {
    pub bank: Bank,
    app: App,
    machines: Router,
    kek: Kek,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: StatusCode,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Value,
    /// To the byte.
    pub text: String,
}

impl Counter {
    pub async fn open(world: World) -> Self {
        Self::of(Bank::found(world).await).await
    }

    pub async fn of(bank: Bank) -> Self {
        // The one that servers in processes of their own are given.
        Self::sealed(bank, Kek::parse(KEY).unwrap()).await
    }

    /// Another server on the same database: connections and caches of its own, the same clock and keys.
    pub async fn another(&self) -> Self {
        let db = db::Db::open(&self.bank.world.options).await.unwrap();
        let door = Door::new(self.bank.door.roles().clone());
        let bank = Bank { world: World { db, ..self.bank.world.clone() }, door, ..self.bank.clone() };
        Self::sealed(bank, self.kek.clone()).await
    }

    async fn sealed(bank: Bank, kek: Kek) -> Self {
        let world = &bank.world;
        let (clock, entropy) = (world.clock.clone(), world.entropy.clone());
        let address = "https://id.example".parse().unwrap();
        let mut app = App::new(world.db.clone(), clock, entropy, address, bank.door.roles().clone());
        app.door = Door::clone(&bank.door);
        app.limits = wide_limits();
        let keys = Keys::open(&world.db, kek.clone(), &world.ctx()).await.unwrap();
        let tokens = Tokens::new(keys, app.public_url.as_str());
        let scim = Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() };
        let machines = scim::router(scim).merge(api::router(Api { app: app.clone(), tokens }));
        Self { bank, app, machines, kek }
    }

    /// Where people are asked to accept something.
    pub fn asking(mut self, documents: Documents) -> Self {
        self.app.agreements = documents;
        self
    }

    /// A token for all that somebody may lend.
    pub async fn token(&self, of: UserId) -> String {
        self.token_for(of, &scopes::actions().collect::<Vec<_>>()).await.unwrap()
    }

    /// A token for some of it; nobody lends nothing.
    pub async fn token_for(&self, of: UserId, actions: &[&str]) -> Result<String, Failure> {
        self.token_of(of, actions, None).await
    }

    /// A token for some of it, at a level and below.
    pub async fn token_at(&self, of: UserId, actions: &[&str], level: OrganisationId) -> Result<String, Failure> {
        self.token_of(of, actions, Some(level)).await
    }

    async fn token_of(&self, of: UserId, actions: &[&str], level: Option<OrganisationId>) -> Result<String, Failure> {
        script_token(&self.bank, of, actions, level).await
    }

    /// A browser in which somebody is signed in.
    pub async fn browser(&self, person: UserId) -> Browser {
        let (world, cookie) = (&self.bank.world, Token::generate(&self.bank.world.entropy));
        let ctx = world.ctx();
        let session = Session {
            id: SessionId(ctx.uuid()),
            user: person,
            auth_time: ctx.now,
            second_factor_at: ctx.now,
            amr: ["pwd", "sms", "mfa"].map(str::to_owned).to_vec(),
            acr: "https://refeds.org/profile/mfa".to_owned(),
            remembered_since: None,
            browser: None,
            locale: None,
            user_agent: "Browser under test".to_owned(),
            ip: None,
            created_at: ctx.now,
            last_seen_at: ctx.now,
            expires_at: ctx.now.plus(SessionSettings::default().absolute()),
        };
        let settings = SessionSettings::default();
        let done: db::Result<()> = transact!(world.db, tx => {
            let epoch = chamberlain::directory::user::store::find_epoch(tx, person).await?.unwrap();
            sessions::store::insert(tx, &session, &cookie.digest(), epoch, &settings).await
        });
        done.unwrap();
        let pages = portal::router(Portal::new(self.app.clone()));
        Browser::new(pages).with_cookie("__Host-chamberlain", cookie.reveal())
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let response = self.machines.clone().oneshot(request).await.unwrap();
        let status = response.status();
        assert!(!status.is_server_error(), "{method} {uri}");
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (etag, location, kind) = (header("etag"), header("location"), header("content-type"));
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        if uri.path().starts_with("/api/") && status.is_client_error() {
            assert_eq!(kind.as_deref(), Some("application/problem+json"), "{method} {uri}");
        }
        let reply = Reply { status, etag, location, body, text };
        if uri.path().starts_with("/api/v1/") && uri.path() != "/api/v1/openapi.json" {
            matches_document(method.as_str(), uri.path(), &reply);
        }
        reply
    }

    pub async fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.call_if(token, method, path, (None, body)).await
    }

    /// With `If-Match`.
    pub async fn call_if(
        &self,
        token: &str,
        method: &str,
        path: &str,
        (tag, body): (Option<&str>, Option<Value>),
    ) -> Reply {
        let mut request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, token: &str, path: &str) -> Reply {
        self.call(token, "GET", path, None).await
    }

    pub async fn post(&self, token: &str, path: &str, body: Value) -> Reply {
        self.call(token, "POST", path, Some(body)).await
    }
}

/// The place of the document that an address belongs to.
fn operation(method: &str, path: &str) -> Option<Value> {
    let fits = |template: &str| {
        let (wanted, given): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
        wanted.len() == given.len()
            && wanted.iter().zip(given).all(|(one, other)| one.starts_with('{') || *one == other)
    };
    let paths = openapi::document()["paths"].as_object().unwrap();
    let (_, place) = paths.iter().find(|(template, _)| fits(template))?;
    Some(place[method.to_ascii_lowercase()].clone()).filter(|operation| !operation.is_null())
}

/// Every answer is one that the document promises, of the shape that it promises.
fn matches_document(method: &str, path: &str, reply: &Reply) {
    let Some(operation) = operation(method, path) else {
        assert!(
            matches!(reply.status.as_u16(), 401 | 404 | 405),
            "{method} {path} is not in the document: {}",
            reply.status
        );
        return;
    };
    if reply.status == StatusCode::NOT_MODIFIED {
        return;
    }
    let answers = &operation["responses"];
    let promised = answers.get(reply.status.as_str()).filter(|_| reply.status.is_success());
    let promised = promised.unwrap_or(&answers["default"]);
    assert!(
        reply.status.is_client_error() || answers.get(reply.status.as_str()).is_some(),
        "{method} {path}: {}",
        reply.status
    );
    let content = promised["content"].as_object().unwrap().values().next().unwrap();
    let mut schema = content["schema"].clone();
    schema["components"] = openapi::document()["components"].clone();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&reply.body).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{method} {path}: {wrong:?}\n{}", reply.text);
    if let (Some(members), Some(known)) = (reply.body.as_object(), resolved(&schema)["properties"].as_object()) {
        let unknown: Vec<_> = members.keys().filter(|name| !known.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "{method} {path}: the document does not name {unknown:?}");
    }
}

fn resolved(schema: &Value) -> Value {
    match schema["$ref"].as_str() {
        Some(reference) => schema.pointer(reference.trim_start_matches('#')).cloned().unwrap_or_default(),
        None => schema.clone(),
    }
}

/// A role to be given.
pub fn role(to: UserId, role: &str, at: impl ToString) -> Value {
    json!({ "principal": { "kind": "person", "id": to }, "role": role, "organisation": at.to_string(), "include_sub_levels": true })
}
