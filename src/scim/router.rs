//! The addresses of SCIM (RFC 7644 §3.2), all below `/scim/v2`.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::routing::{any, get, post};
use axum::{Router, body, middleware};
use schemars::JsonSchema;
use serde::Deserialize;

use super::error::ScimError;
use super::limits::Limits;
use super::parts::Resources;
use super::request::Caller;
use super::{
    applications, bulk, discovery, group_write, groups, invitations, me, media, membership_write, memberships,
    nominations, noted, organizations, role_assignment_write, role_assignments, search, user_write, users,
};
use crate::tokens::Tokens;
use crate::web::app::App;

/// How SCIM behaves.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Ask for `If-Match` at every PUT and PATCH (SC-31). Off by default: most provisioning clients never send it.
    pub require_if_match: bool,
    /// Seconds that a list or a search may take; one that takes longer is refused as `tooMany` (SC-18).
    pub list_seconds: u64,
    /// How much one request may ask for.
    pub limits: Limits,
}

impl Settings {
    /// How long a list may take (SC-18).
    pub fn list_budget(&self) -> Duration {
        Duration::from_secs(self.list_seconds)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { require_if_match: false, list_seconds: 5, limits: Limits::default() }
    }
}

/// The state of the surface.
#[derive(Clone, Debug)]
pub struct Scim {
    /// What every surface has.
    pub app: App,
    /// Checks bearers.
    pub tokens: Tokens,
    /// Behaviour.
    pub settings: Settings,
}

impl FromRef<Scim> for App {
    fn from_ref(scim: &Scim) -> Self {
        scim.app.clone()
    }
}

impl Scim {
    /// The address of `/scim/v2`.
    pub fn base(&self) -> String {
        self.app.link("/scim/v2")
    }
}

/// All routes. What is not one of them is a SCIM error, too.
pub fn router(scim: Scim) -> Router {
    let resources = Resources(finished(resources(), &scim));
    let (for_me, for_bulk) = (resources.clone(), resources);
    let me = move |caller: Caller, request: Request| me::answer(for_me, caller, request);
    let bulk = move |scim: State<Scim>, caller: Caller, request: Request| bulk::post(for_bulk, scim, caller, request);
    let routes = self::resources()
        .route("/Me", get(me.clone()).put(me.clone()).patch(me.clone()).delete(me))
        .route("/Bulk", post(bulk));
    let root = any(async || ScimError::NotFound);
    let routes = finished(routes, &scim).layer(middleware::from_fn(media::negotiate));
    let routes = routes.layer(middleware::from_fn_with_state(scim, noted::note));
    Router::new().nest("/scim/v2", routes).route("/scim/v2/", root)
}

fn finished(routes: Router<Scim>, scim: &Scim) -> Router {
    routes
        .fallback(async || ScimError::NotFound)
        .method_not_allowed_fallback(async || ScimError::MethodNotAllowed)
        .layer(DefaultBodyLimit::disable())
        .with_state(scim.clone())
}

/// The routes of the resources and of what is said about them.
fn resources() -> Router<Scim> {
    Router::new()
        .route("/Users", get(users::list).post(user_write::create))
        .route("/Users/.search", post(users::list))
        .route("/Users/{id}", get(users::get).put(user_write::replace).patch(user_write::patch).delete(users::delete))
        .route("/Groups", get(groups::list).post(group_write::create))
        .route("/Groups/.search", post(groups::list))
        .route(
            "/Groups/{id}",
            get(groups::get).put(group_write::replace).patch(group_write::patch).delete(groups::delete),
        )
        .route("/Organizations", get(organizations::list))
        .route("/Organizations/.search", post(organizations::list))
        .route("/Organizations/{id}", get(organizations::get))
        .route("/Applications", get(applications::list))
        .route("/Applications/.search", post(applications::list))
        .route("/Applications/{id}", get(applications::get))
        .route("/Memberships", get(memberships::list).post(membership_write::create))
        .route("/Memberships/.search", post(memberships::list))
        .route("/Memberships/{id}", get(memberships::get).delete(membership_write::delete))
        .route("/RoleAssignments", get(role_assignments::list).post(role_assignment_write::create))
        .route("/RoleAssignments/.search", post(role_assignments::list))
        .route("/RoleAssignments/{id}", get(role_assignments::get).delete(role_assignment_write::delete))
        .route("/Nominations", get(nominations::list).post(nominations::create))
        .route("/Nominations/.search", post(nominations::list))
        .route("/Nominations/{id}", get(nominations::get).delete(nominations::delete))
        .route("/Invitations", get(invitations::list).post(invitations::create))
        .route("/Invitations/.search", post(invitations::list))
        .route("/Invitations/{id}", get(invitations::get).delete(invitations::delete))
        .route("/.search", post(search::list))
        .route("/ServiceProviderConfig", get(discovery::service_provider_config))
        .route("/ResourceTypes", get(discovery::resource_types))
        .route("/ResourceTypes/{id}", get(discovery::resource_type))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{id}", get(discovery::schema))
}

/// The bytes of a body up to the limit (SC-20).
pub async fn bytes(body: body::Body, limits: &Limits) -> Result<body::Bytes, ScimError> {
    let most = limits.body_bytes;
    body::to_bytes(body, most).await.map_err(|_| ScimError::TooLarge(format!("a body has at most {most} octets")))
}
