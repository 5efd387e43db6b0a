//! Services with roles, and their requests.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::authority::action::{GrantRole, ManageClient};
use chamberlain::authority::{Applications, Door, Validity};
use chamberlain::delegation::grant;
use chamberlain::delegation::model::State;
use chamberlain::directory::client::manage::{self as clients, ClientDetails};
use chamberlain::directory::client::model::{ClientKind, ClientSettings};
use chamberlain::kernel::ids::{GroupId, OrganisationId, PrincipalId};
use chamberlain::scim::{Scim, Settings, router};
use chamberlain::tokens::access_token::AccessClaims;
use chamberlain::tokens::mint::Kind;
use chamberlain::tokens::signing_key::Algorithm;
use chamberlain::tokens::{Kek, Keys, Tokens};
use chamberlain::transact;
use chamberlain::web::App;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{Bank, Failure, World, failure};

/// The core User schema.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Our extension of users.
pub const OURS: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// A bank, and the SCIM surface in front of it.
pub struct Place {
    pub bank: Bank,
    pub scim: Scim,
}

/// A provisioning client with a token.
#[derive(Clone)]
pub struct Service {
    pub router: axum::Router,
    pub token: String,
    pub client_id: String,
    pub principal: PrincipalId,
    /// Its own organisation.
    pub home: OrganisationId,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Value,
    /// Every header, by name.
    pub headers: Vec<(String, String)>,
    /// The body as it came, to the byte.
    pub text: String,
}

impl Place {
    pub async fn new(world: World) -> Self {
        let bank = Bank::found(world.clone()).await;
        let public_url = "https://id.example".parse().unwrap();
        let mut app = App::new(
            world.db.clone(),
            world.clock.clone(),
            world.entropy.clone(),
            public_url,
            bank.door.roles().clone(),
        );
        app.door = Door::clone(&bank.door);
        let keys = Keys::open(&world.db, Kek::generate(&world.entropy), &world.ctx()).await.unwrap();
        let mut tokens = Tokens::new(keys, app.public_url.as_str());
        tokens.door = Some(Door::clone(&bank.door));
        Self { scim: Scim { app, tokens, settings: Settings::default() }, bank }
    }

    /// A service of an organisation that holds these roles over it and below, and has a token of this scope.
    pub async fn service(&self, at: OrganisationId, roles: &[(&str, Applications)], scope: &str) -> Service {
        let world = &self.bank.world;
        let ctx = world.ctx_of(PrincipalId::Console);
        let client_id = format!("service-{}", ctx.uuid().simple());
        let details = ClientDetails {
            client_id: client_id.clone(),
            name: "HR".to_owned(),
            kind: ClientKind::Machine,
            environment: None,
            organisation: Some(at),
            settings: ClientSettings {
                grant_types: vec!["client_credentials".to_owned()],
                scopes: vec![scope.to_owned()],
                ..ClientSettings::default()
            },
        };
        let made: Result<_, Failure> = transact!(world.db, tx => {
            let permit = self.bank.door.authorise(tx, &ctx, ManageClient { client: None }).await?;
            Ok(clients::create(tx, permit, details.clone(), &ctx).await.map_err(failure)?.0)
        });
        let client = made.unwrap();
        let principal = PrincipalId::Service(client.id);
        for (role, applications) in roles {
            self.appoint(principal, role, at, applications).await;
        }
        let token = self.token(&client_id, |claims| {
            claims.scope = scope.to_owned();
            claims.client_epoch = client.epoch;
        });
        Service { router: router(self.scim.clone()), token: token.await, client_id, principal, home: at }
    }

    /// A token of a client, as its claims are made to be.
    pub async fn token(&self, client_id: &str, change: impl FnOnce(&mut AccessClaims)) -> String {
        let ctx = self.bank.world.ctx();
        let issuer = self.scim.tokens.issuer().to_owned();
        let mut claims = AccessClaims {
            iss: issuer.clone(),
            sub: client_id.to_owned(),
            aud: issuer,
            client_id: client_id.to_owned(),
            jti: ctx.uuid().to_string(),
            iat: ctx.now.as_seconds(),
            exp: ctx.now.as_seconds() + 3600,
            scope: "scim".to_owned(),
            authorization_details: Vec::new(),
            family: None,
            client_epoch: 0,
            auth_time: None,
            acr: None,
            amr: None,
            cnf: None,
            act: None,
            exchanged: Vec::new(),
            kept_by: None,
        };
        change(&mut claims);
        let (tokens, db) = (&self.scim.tokens, &self.bank.world.db);
        tokens.sign(db, Algorithm::Es256, Kind::AccessToken, &claims, ctx.now).await.unwrap()
    }

    /// Gives a service one more role over an organisation and below.
    pub async fn appoint(&self, to: PrincipalId, role: &str, organisation: OrganisationId, over: &Applications) {
        let ctx = self.bank.world.ctx_of(PrincipalId::Console);
        let granted: Result<_, Failure> = transact!(self.bank.world.db, tx => {
            let (role, applications) = (role.to_owned(), over.clone());
            let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity: Validity::default() };
            let permit = self.bank.door.authorise(tx, &ctx, action).await?;
            let granted = grant::grant(tx, permit, self.bank.door.roles(), &ctx).await.map_err(failure)?;
            Ok((granted.id, granted.state))
        });
        let (id, state) = granted.unwrap();
        if state == State::Pending {
            self.bank.confirm(PrincipalId::Console, id).await.unwrap();
        }
        self.bank.door.changed();
    }

    /// The HR system of a customer: people only.
    pub async fn hr(&self, at: OrganisationId) -> Service {
        self.service(at, &[("DelegatedUserAdmin", Applications::All)], "scim").await
    }
}

impl Service {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let etag = response.headers().get("etag").map(|value| value.to_str().unwrap().to_owned());
        let media = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
        let mut headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        headers.sort();
        let bytes = axum::body::to_bytes(response.into_body(), 100_000_000).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        if !body.is_null() {
            assert_eq!(media.as_deref(), Some("application/scim+json"), "{status}");
        }
        if status.is_client_error() {
            assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
            assert_eq!(body["status"], json!(status.as_str()));
        }
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR);
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: status.as_u16(), etag, body, headers, text }
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("/scim/v2{path}"))
            .header("authorization", format!("Bearer {}", self.token))
    }

    pub async fn raw(&self, method: &str, path: &str, media: &str, body: impl Into<Body>) -> Answer {
        self.send(self.request(method, path).header("content-type", media).body(body.into()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// `GET` that is content with a version that is there already.
    pub async fn get_unless(&self, path: &str, version: &str) -> Answer {
        self.send(self.request("GET", path).header("if-none-match", version).body(Body::empty()).unwrap()).await
    }

    /// `GET`, and the sizes of the pieces in which the answer came.
    pub async fn frames(&self, path: &str) -> (Answer, Vec<usize>) {
        let request = self.request("GET", path).body(Body::empty()).unwrap();
        let mut body = self.router.clone().oneshot(request).await.unwrap().into_body();
        let mut sizes = Vec::new();
        while let Some(frame) = body.frame().await {
            sizes.push(frame.unwrap().into_data().unwrap().len());
        }
        (self.get(path).await, sizes)
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    /// A body that says to be coded.
    pub async fn coded(&self, method: &str, path: &str, coding: &str, body: &Value) -> Answer {
        let request =
            self.request(method, path).header("content-type", "application/json").header("content-encoding", coding);
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// `GET` without a token in the header.
    pub async fn anonymous(&self, path: &str) -> Answer {
        self.send(Request::builder().uri(format!("/scim/v2{path}")).body(Body::empty()).unwrap()).await
    }

    /// `GET` with the token under another scheme.
    pub async fn with_scheme(&self, scheme: &str) -> Answer {
        let request =
            Request::builder().uri("/scim/v2/Users").header("authorization", format!("{scheme} {}", self.token));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.raw(method, path, "application/scim+json", body.to_string()).await
    }

    pub async fn call_if(&self, method: &str, path: &str, version: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json").header("if-match", version);
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path).body(Body::empty()).unwrap()).await
    }

    pub async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        self.call("PATCH", path, &body).await
    }

    /// `GET` with parameters.
    pub async fn query(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.get(&format!("{path}?{query}")).await
    }

    /// The ids of the members of a group in this client's sight.
    pub async fn members(&self, group: GroupId) -> Vec<String> {
        let body = self.get(&format!("/Groups/{group}")).await.body;
        let list = body["members"].as_array().cloned().unwrap_or_default();
        list.iter().map(|member| member["value"].as_str().unwrap().to_owned()).collect()
    }

    /// Everybody whom a filter finds: the total and the ids.
    pub async fn find(&self, filter: &str) -> Answer {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", filter).finish();
        self.get(&format!("/Users?{query}")).await
    }

    /// Creates a person with a name and an address.
    pub async fn joiner(&self, name: &str) -> Value {
        let answer = self.call("POST", "/Users", &person(name)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body
    }
}

/// A person as an HR system sends it.
pub fn person(name: &str) -> Value {
    json!({
        "schemas": [USER], "userName": format!("{name}@bank-b.example"), "externalId": format!("hr-{name}"), "active": true,
        "name": { "givenName": name, "familyName": "Joiner" }, "nickName": "J",
        "emails": [{ "value": format!("{name}@bank-b.example"), "type": "work", "primary": true }],
    })
}
