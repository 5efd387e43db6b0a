//! What the service offers (RFC 7644 §4). Made from constants; only the suggested values of attributes that name something of
//! this installation are the caller's own, out of what the caller may see (D8).

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::cursor;
use super::error::ScimError;
use super::list_request::default_page;
use super::page::Page;
use super::request::{Caller, answer};
use super::router::Scim;
use super::schema::{
    APPLICATION, CHAMBERLAIN_GROUP, CHAMBERLAIN_USER, CORE_GROUP, CORE_USER, ENTERPRISE_USER, INVITATION, MEMBERSHIP,
    NOMINATION, ORGANIZATION, ROLE_ASSIGNMENT, SCHEMAS, find,
};
use super::suggestions::Suggestions;

fn with_meta(mut resource: Value, base: &str, kind: &str, path: &str) -> Map<String, Value> {
    if let Some(fields) = resource.as_object_mut() {
        fields.insert("meta".to_owned(), json!({ "resourceType": kind, "location": format!("{base}/{path}") }));
    }
    resource.as_object().cloned().unwrap_or_default()
}

/// `GET /ServiceProviderConfig`.
pub async fn service_provider_config(State(scim): State<Scim>, _: Caller) -> Response {
    let limits = scim.settings.limits;
    let config = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": { "supported": true },
        "bulk": { "supported": true, "maxOperations": limits.operations, "maxPayloadSize": limits.body_bytes },
        "filter": { "supported": true, "maxResults": limits.page },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "pagination": {
            "cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": default_page(&limits),
            "maxPageSize": limits.page, "cursorTimeout": cursor::LASTS.as_secs(),
        },
        "authenticationSchemes": [{
            "type": "oauthbearertoken", "name": "OAuth 2.0 bearer token", "primary": true,
            "description": "An access token by client_credentials with the scope `scim`", "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
        }],
    });
    answer(
        StatusCode::OK,
        &Value::Object(with_meta(config, &scim.base(), "ServiceProviderConfig", "ServiceProviderConfig")),
    )
}

fn types(base: &str) -> Vec<Map<String, Value>> {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": "User", "name": "User", "endpoint": "/Users",
        "description": "People", "schema": CORE_USER,
        "schemaExtensions": [{ "schema": ENTERPRISE_USER, "required": false }, { "schema": CHAMBERLAIN_USER, "required": false }],
    });
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": "Group", "name": "Group", "endpoint": "/Groups",
        "description": "Groups of applications", "schema": CORE_GROUP,
        "schemaExtensions": [{ "schema": CHAMBERLAIN_GROUP, "required": false }],
    });
    let further = [
        ("Organization", "/Organizations", "Nodes of the tree of organisations", ORGANIZATION),
        ("Application", "/Applications", "Applications that people sign in to", APPLICATION),
        ("Membership", "/Memberships", "Who is in which group", MEMBERSHIP),
        ("RoleAssignment", "/RoleAssignments", "Who holds which role", ROLE_ASSIGNMENT),
        ("Nomination", "/Nominations", "Who was named for a role and has not answered", NOMINATION),
        ("Invitation", "/Invitations", "Organisations invited to register themselves", INVITATION),
    ];
    let further = further.map(|(name, endpoint, description, schema)| {
        let kind = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": name, "name": name, "endpoint": endpoint,
            "description": description, "schema": schema,
        });
        with_meta(kind, base, "ResourceType", &format!("ResourceTypes/{name}"))
    });
    let mut types = vec![
        with_meta(user, base, "ResourceType", "ResourceTypes/User"),
        with_meta(group, base, "ResourceType", "ResourceTypes/Group"),
    ];
    types.extend(further);
    types
}

/// RFC 7644 §4: a filter here is answered with 403, so that nobody takes the whole for the part.
fn refuse_filter(query: Option<&str>) -> Result<(), ScimError> {
    let filters =
        query.is_some_and(|query| url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "filter"));
    if filters { Err(ScimError::Forbidden("this list cannot be filtered".to_owned())) } else { Ok(()) }
}

fn list(resources: Vec<Map<String, Value>>) -> Response {
    Page::whole(resources).answer()
}

/// `GET /ResourceTypes`.
pub async fn resource_types(
    State(scim): State<Scim>,
    _: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ScimError> {
    refuse_filter(query.as_deref())?;
    Ok(list(types(&scim.base())))
}

/// `GET /ResourceTypes/{id}`.
pub async fn resource_type(State(scim): State<Scim>, _: Caller, Path(id): Path<String>) -> Result<Response, ScimError> {
    let found =
        types(&scim.base()).into_iter().find(|kind| kind.get("id").and_then(Value::as_str) == Some(id.as_str()));
    found.map(|kind| answer(StatusCode::OK, &Value::Object(kind))).ok_or(ScimError::NotFound)
}

/// `GET /Schemas`.
pub async fn schemas(
    State(scim): State<Scim>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ScimError> {
    refuse_filter(query.as_deref())?;
    let suggestions = Suggestions::of(&scim, &caller).await?;
    let base = scim.base();
    Ok(list(SCHEMAS.iter().map(|schema| located(suggestions.within(schema), &base)).collect()))
}

fn located(schema: Value, base: &str) -> Map<String, Value> {
    let path = format!("Schemas/{}", schema.get("id").and_then(Value::as_str).unwrap_or_default());
    with_meta(schema, base, "Schema", &path)
}

/// `GET /Schemas/{id}`.
pub async fn schema(State(scim): State<Scim>, caller: Caller, Path(id): Path<String>) -> Result<Response, ScimError> {
    let schema = find(&id).ok_or(ScimError::NotFound)?;
    let suggestions = Suggestions::of(&scim, &caller).await?;
    Ok(answer(StatusCode::OK, &Value::Object(located(suggestions.within(schema), &scim.base()))))
}
