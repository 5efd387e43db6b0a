//! The provider of the demo with every surface in front of it, and what a script sends to them.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chamberlain::authority::action::GrantRole;
use chamberlain::authority::{Applications, Refusal, Validity};
use chamberlain::delegation::{confirm, grant, model::State, store};
use chamberlain::directory::organisation::model::Organisation;
use chamberlain::directory::{application, organisation, user};
use chamberlain::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::scim::{self, Scim};
use chamberlain::transact;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::relying_party::Provider;
use crate::support::{Failure, World, failure};

/// The demo world, and the surfaces.
pub struct Desk {
    pub provider: Provider,
    router: Router,
}

impl Desk {
    pub async fn new(world: World) -> Self {
        let provider = Provider::new(world).await;
        let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
        let router = scim::router(Scim { app, tokens, settings: scim::Settings::default() });
        Self { provider, router }
    }

    /// A request with a token and perhaps a body: status and JSON.
    pub async fn call(&self, token: &str, method: &str, path: &str, body: Option<&Value>) -> (StatusCode, Value) {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        assert!(!status.is_server_error(), "{method} {path}");
        let bytes = to_bytes(response.into_body(), 1 << 22).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        self.call(token, "GET", path, None).await
    }

    /// The given names of everybody whom a token lists.
    pub async fn listed(&self, token: &str) -> Vec<String> {
        let (status, body) = self.get(token, "/scim/v2/Users?count=200").await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let listed = body["Resources"].as_array().unwrap();
        assert_eq!(body["totalResults"], serde_json::json!(listed.len()));
        let mut names: Vec<String> =
            listed.iter().map(|user| user["name"]["givenName"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    pub async fn level(&self, name: &str) -> OrganisationId {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        let root = organisation::store::find_root(tx).await.unwrap().unwrap();
        if root.name == name {
            return root.id;
        }
        let found: Option<Organisation> = organisation::store::find_named_below(tx, root.id, name).await.unwrap();
        found.unwrap_or_else(|| panic!("no level {name}")).id
    }

    pub async fn application(&self, code: &str) -> ApplicationId {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        let all = application::store::list(tx).await.unwrap();
        all.into_iter().find(|application| application.code == code).unwrap().id
    }

    pub async fn person(&self, email: &str) -> UserId {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        user::store::find_by_email(tx, email).await.unwrap().unwrap().id
    }

    /// The operator gives somebody a role, in effect at once.
    pub async fn appoint(
        &self,
        to: PrincipalId,
        role: &str,
        organisation: OrganisationId,
        over: Applications,
    ) -> RoleAssignmentId {
        let (world, door) = (&self.provider.world, &self.provider.oidc.app.door);
        let ctx = world.ctx_of(PrincipalId::Console);
        let done: Result<RoleAssignmentId, Failure> = transact!(world.db, tx => {
            let (role, applications) = (role.to_owned(), over.clone());
            let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity: Validity::default() };
            let permit = door.authorise(tx, &ctx, action).await?;
            let granted = grant::grant(tx, permit, door.roles(), &ctx).await.map_err(failure)?;
            if granted.state == State::Pending {
                let action = chamberlain::authority::action::ConfirmRole { assignment: granted.id };
                let permit = door.authorise(tx, &ctx, action).await?;
                confirm::confirm(tx, permit, &ctx).await.map(drop).map_err(failure)?;
            }
            Ok(granted.id)
        });
        done.unwrap()
    }

    /// The console takes every role of somebody away.
    pub async fn dismiss(&self, from: PrincipalId) {
        let (world, door) = (&self.provider.world, &self.provider.oidc.app.door);
        let ctx = world.ctx_of(PrincipalId::Console);
        let held = store::list_of(&mut world.db.reader().await.unwrap(), from).await.unwrap();
        for one in held {
            let done: Result<(), Failure> = transact!(world.db, tx => {
                let action = chamberlain::authority::action::RevokeRole { assignment: one.id };
                let permit = door.authorise(tx, &ctx, action).await.map_err(|refusal: Refusal| Failure::from(refusal))?;
                chamberlain::delegation::revoke::revoke(tx, permit, door.roles(), Some("they leave"), &ctx).await.map(drop).map_err(failure)
            });
            done.unwrap();
        }
    }
}
