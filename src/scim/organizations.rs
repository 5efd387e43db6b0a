//! `/Organizations`: the organisations that the caller may see, to be read.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

use super::error::ScimError;
use super::list_request::{ListParameters, ListRequest};
use super::listed::{self, Kind, Listing};
use super::page::Page;
use super::request::{Caller, id};
use super::router::Scim;
use super::schema;
use crate::authority::{Permission, Scope};
use crate::db::Tx;
use crate::directory::listing::Part;
use crate::directory::names_store;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::search_store;
use crate::kernel::ids::OrganisationId;

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "id" => Kind::Id("o.id"),
        "name" => Kind::Folded("o.name_folded"),
        "country" => Kind::Word("o.country"),
        "lei" => Kind::Word("o.lei"),
        "status" => Kind::Word("o.status"),
        "meta.created" => Kind::Time("o.created_at"),
        "meta.lastmodified" => Kind::Time("o.updated_at"),
        _ => return None,
    })
}

const KNOWN: (&str, listed::Known) = (schema::ORGANIZATION, known);

async fn scope(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Scope, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    Ok(Scope::of(&authority, &[Permission::OrganisationRead], caller.ctx.now))
}

/// With the one above, where that is in sight as well.
async fn render(
    tx: &mut Tx,
    scim: &Scim,
    scope: &Scope,
    found: &[Organisation],
) -> Result<Vec<Map<String, Value>>, ScimError> {
    let above: BTreeSet<Uuid> = found.iter().filter_map(|one| one.parent).map(|parent| parent.0).collect();
    let above = names_store::list_organisations(tx, scope, &above).await?;
    let base = scim.base();
    let resource = |one: &Organisation| {
        let mut fields = json!({
            "schemas": [schema::ORGANIZATION], "id": one.id, "name": one.name, "status": one.status.as_str(),
            "meta": { "resourceType": "Organization", "location": format!("{base}/Organizations/{}", one.id),
                "created": one.created_at.to_rfc3339(), "lastModified": one.updated_at.to_rfc3339() },
        });
        let fields = fields.as_object_mut()?;
        let mut put = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.to_owned(), value)));
        put("country", one.country.as_ref().map(|country| json!(country)));
        put("lei", one.lei.as_ref().map(|lei| json!(lei)));
        let parent = one.parent.and_then(|parent| Some((parent, above.get(&parent.0)?)));
        put("parent", parent.map(|(parent, name)| {
            json!({ "value": parent, "display": name, "$ref": format!("{base}/Organizations/{parent}") })
        }));
        Some(fields.clone())
    };
    Ok(found.iter().filter_map(resource).collect())
}

/// `GET /Organizations/{id}`
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let wanted: OrganisationId = id(&text)?;
    let tx = &mut scim.app.db.reader().await?;
    let scope = scope(tx, &scim, &caller).await?;
    let part = Part::one("o.id", wanted.0);
    let (_, found) = search_store::part(tx, &scope, &part).await?;
    let resource = render(tx, &scim, &scope, &found).await?.pop().ok_or(ScimError::NotFound)?;
    Ok(listed::one(&headers, resource, &projection))
}

/// `GET /Organizations` and `POST /Organizations/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let listing = Listing::of(by, request, KNOWN, "o.id")?;
    let scope = scope(tx, scim, caller).await?;
    let (total, found) = listing.read(search_store::part(tx, &scope, &listing.part)).await?;
    listing.page(total, listing.read(render(tx, scim, &scope, &found)).await?)
}
