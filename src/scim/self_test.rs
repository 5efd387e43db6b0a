//! A provisioning cycle on somebody who is nobody, through the same addresses and with the same right as the service has, from the first
//! address of its list. Whatever is refused is told as the service would be told; nobody stays behind.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::error::MEDIA_TYPE;
use super::router::{Scim, router};
use super::schema::CORE_USER;
use crate::authority::Refusal;
use crate::authority::action::ManageClient;
use crate::db::{self, transact};
use crate::directory::client::activity::Activity;
use crate::directory::client::manage::{self, ClientError};
use crate::directory::client::model::Client;
use crate::directory::user::scratch;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::tokens::access_token::AccessClaims;
use crate::tokens::mint::Kind;
use crate::tokens::signing_key::Algorithm;
use crate::web::layers;
use crate::web::self_test::{Outcome, Step, Unready};

/// Seconds that its token works.
const LASTS: i64 = 120;

/// Longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// RFC 7644 §3.5.2.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

struct Trial<'a> {
    scim: &'a Scim,
    router: Router,
    client: &'a Client,
    token: String,
    steps: Vec<Step>,
}

/// What was answered.
struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    /// Whether a member of its body is this.
    fn says(&self, name: &str, value: &Value) -> bool {
        self.body.get(name) == Some(value)
    }
}

impl From<db::Error> for Unready {
    fn from(error: db::Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<Refusal> for Unready {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal))
    }
}

impl From<ClientError> for Unready {
    fn from(error: ClientError) -> Self {
        Self(Box::new(error))
    }
}

/// Tries out a service, for whoever may manage it: recorded before the first request, cleared away behind the last one.
pub async fn run(scim: &Scim, client: &Client, ctx: &Ctx) -> Result<Vec<Step>, Unready> {
    let action = ManageClient { client: Some(client.id) };
    let noted: Result<(), Unready> = transact!(scim.app.db, tx => {
        let permit = scim.app.door.authorise(tx, ctx, action.clone()).await?;
        Ok(manage::try_out(tx, permit, ctx).await?)
    });
    noted?;
    let mut scim = scim.clone();
    // What is only tried is no use of the service.
    scim.app.activity = Activity::default();
    let scim = &scim;
    let token = token(scim, client).await?;
    let mut trial = Trial { scim, router: router(scim.clone()), client, token, steps: Vec::new() };
    let made = trial.cycle().await;
    if let Some(user) = made {
        let cleared: Result<(), Unready> = transact!(scim.app.db, tx => {
            let permit = scim.app.door.authorise(tx, ctx, action.clone()).await?;
            Ok(scratch::clear_away(tx, permit, user, ctx).await?)
        });
        cleared?;
        scim.app.door.changed();
    }
    Ok(trial.steps)
}

/// A token as the service gets it by its secret (RFC 6749 §4.4), for a moment.
async fn token(scim: &Scim, client: &Client) -> Result<String, Unready> {
    let (now, issuer) = (scim.app.clock.now(), scim.tokens.issuer().to_owned());
    let claims = AccessClaims {
        iss: issuer.clone(),
        aud: issuer,
        sub: client.client_id.clone(),
        client_id: client.client_id.clone(),
        jti: scim.app.entropy.uuid(now).simple().to_string(),
        iat: now.as_seconds(),
        exp: now.as_seconds().saturating_add(LASTS),
        scope: client.settings.scopes.join(" "),
        authorization_details: Vec::new(),
        family: None,
        client_epoch: client.epoch,
        cnf: None,
        auth_time: None,
        acr: None,
        amr: None,
        act: None,
        exchanged: Vec::new(),
        kept_by: None,
    };
    let signed = scim.tokens.sign(&scim.app.db, Algorithm::Es256, Kind::AccessToken, &claims, now).await;
    signed.map_err(|error| Unready(Box::new(error)))
}

impl Trial<'_> {
    /// Everything in its order; whom it made, if anybody.
    async fn cycle(&mut self) -> Option<UserId> {
        let number = self.scim.app.entropy.uuid(self.scim.app.clock.now()).simple();
        let name = format!("self-test-{number}");
        let filter = |attribute: &str| {
            let query = format!("{attribute} eq \"{name}\"");
            format!(
                "/Users?{}",
                url::form_urlencoded::Serializer::new(String::new()).append_pair("filter", &query).finish()
            )
        };
        self.step("discover", (Method::GET, "/ServiceProviderConfig"), None, |answer| answer.status == 200).await;
        let nobody = |answer: &Answer| answer.status == 200 && answer.says("totalResults", &json!(0));
        self.step("look-up", (Method::GET, &filter("userName")), None, nobody).await;
        let person = json!({
            "schemas": [CORE_USER], "userName": name, "externalId": name, "active": true,
            "name": { "givenName": "Self", "familyName": "Test" },
        });
        let made = self.step("create", (Method::POST, "/Users"), Some(&person), |answer| answer.status == 201).await;
        let id: Option<UserId> = made.body.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let Some(id) = id.filter(|_| made.status == 201) else {
            for name in ["read", "find", "change", "deactivate", "delete", "gone"] {
                let (request, status, said) = (String::new(), None, None);
                self.steps.push(Step { name, request, status, outcome: Outcome::Skipped, said });
            }
            return None;
        };
        let path = format!("/Users/{id}");
        let is_them = |answer: &Answer| answer.status == 200 && answer.says("id", &json!(id));
        self.step("read", (Method::GET, &path), None, is_them).await;
        let found = |answer: &Answer| answer.status == 200 && answer.says("totalResults", &json!(1));
        self.step("find", (Method::GET, &filter("externalId")), None, found).await;
        let patch = |attribute: &str, value: Value| json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "replace", "path": attribute, "value": value }] });
        let change = patch("title", json!("Self-test"));
        self.step("change", (Method::PATCH, &path), Some(&change), |answer| {
            answer.status == 200 && answer.says("title", &json!("Self-test"))
        })
        .await;
        let leave = patch("active", json!(false));
        self.step("deactivate", (Method::PATCH, &path), Some(&leave), |answer| {
            answer.status == 200 && answer.says("active", &json!(false))
        })
        .await;
        let deleted = self.step("delete", (Method::DELETE, &path), None, |answer| answer.status == 204).await;
        if deleted.status == 204 {
            self.step("gone", (Method::GET, &path), None, |answer| answer.status == 404).await;
        }
        Some(id)
    }

    /// One request, and whether it was answered as it should be.
    async fn step(
        &mut self,
        name: &'static str,
        (method, path): (Method, &str),
        body: Option<&Value>,
        is_right: impl Fn(&Answer) -> bool,
    ) -> Answer {
        let request = format!("{method} {}", path.split('?').next().unwrap_or(path));
        let answer = self.ask(method, path, body).await;
        let outcome = if is_right(&answer) { Outcome::Passed } else { Outcome::Failed };
        let said = (outcome == Outcome::Failed).then(|| said(&answer.body)).flatten();
        self.steps.push(Step { name, request, status: Some(answer.status), outcome, said });
        answer
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let built = Request::builder()
            .method(method)
            .uri(format!("/scim/v2{path}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, MEDIA_TYPE)
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        // Paths and tokens of ours are always a request.
        let Ok(mut request) = built else { return Answer { status: 400, body: Value::Null } };
        let from = self.client.settings.provisioning.addresses.first().map(|network| network.address());
        let info = layers::within(&self.scim.app, &request, from);
        request.extensions_mut().insert(info);
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), LONGEST).await.unwrap_or_default();
        Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }
}

/// The words of a refusal.
fn said(body: &Value) -> Option<String> {
    let detail = body.get("detail")?.as_str()?;
    Some(
        body.get("scimType")
            .and_then(Value::as_str)
            .map_or_else(|| detail.to_owned(), |word| format!("{word}: {detail}")),
    )
}
