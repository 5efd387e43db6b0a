//! `/RoleAssignments`: who holds which role, as far as the caller may see it, read.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::list_request::{ListParameters, ListRequest};
use super::listed::{self, Kind, Listing};
use super::page::Page;
use super::request::{Caller, id};
use super::router::Scim;
use super::schema;
use crate::authority::Applications;
use crate::db::Tx;
use crate::delegation::listed_store::{self, Sight};
use crate::delegation::model::RoleAssignment;
use crate::directory::listing::Part;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "id" => Kind::Id("a.id"),
        "principal" | "principal.value" => Kind::Id("a.principal_id"),
        "role" => Kind::Word("a.role"),
        "organization" | "organization.value" => Kind::Id("a.organisation_id"),
        "includesublevels" => Kind::Flag("a.include_sub_levels"),
        "project" => Kind::Id("a.project_id"),
        "state" => Kind::Word("a.state"),
        "validfrom" => Kind::Time("a.valid_from"),
        "validuntil" => Kind::Time("a.valid_until"),
        "meta.created" => Kind::Time("a.granted_at"),
        _ => return None,
    })
}

const KNOWN: (&str, listed::Known) = (schema::ROLE_ASSIGNMENT, known);

pub(super) async fn sight(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Sight, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    Ok(Sight::of(&authority, caller.ctx.now))
}

pub(super) fn render(scim: &Scim, one: &RoleAssignment) -> Map<String, Value> {
    let base = scim.base();
    let principal = match one.principal {
        PrincipalId::Person(id) => json!({ "value": id, "type": "person", "$ref": format!("{base}/Users/{id}") }),
        other => json!({ "value": other.uuid(), "type": other.kind() }),
    };
    let organization = one.organisation;
    let mut fields = json!({
        "schemas": [schema::ROLE_ASSIGNMENT], "id": one.id, "principal": principal, "role": one.role,
        "organization": { "value": organization, "$ref": format!("{base}/Organizations/{organization}") },
        "includeSubLevels": one.include_sub_levels, "state": one.state.as_str(), "validFrom": one.valid_from.to_rfc3339(),
        "meta": { "resourceType": "RoleAssignment", "location": format!("{base}/RoleAssignments/{}", one.id),
            "created": one.granted_at.to_rfc3339() },
    });
    let Some(fields) = fields.as_object_mut() else { return Map::new() };
    let mut put = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.to_owned(), value)));
    put("validUntil", one.valid_until.map(Timestamp::to_rfc3339).map(|end| json!(end)));
    put("project", one.project.map(|project| json!(project)));
    if let Applications::Only(set) = &one.applications {
        let listed = set.iter().map(|id| json!({ "value": id, "$ref": format!("{base}/Applications/{id}") }));
        put("applications", Some(Value::Array(listed.collect())));
    }
    fields.clone()
}

/// `GET /RoleAssignments/{id}`
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let wanted: RoleAssignmentId = id(&text)?;
    let tx = &mut scim.app.db.reader().await?;
    let sight = sight(tx, &scim, &caller).await?;
    let part = Part::one("a.id", wanted.0);
    let (_, found) = listed_store::part(tx, &sight, &part).await?;
    let found = found.first().ok_or(ScimError::NotFound)?;
    Ok(listed::one(&headers, render(&scim, found), &projection))
}

/// `GET /RoleAssignments` and `POST /RoleAssignments/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let listing = Listing::of(by, request, KNOWN, "a.id")?;
    let sight = sight(tx, scim, caller).await?;
    let (total, found) = listing.read(listed_store::part(tx, &sight, &listing.part)).await?;
    listing.page(total, found.iter().map(|one| render(scim, one)).collect())
}
