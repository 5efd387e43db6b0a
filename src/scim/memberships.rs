//! `/Memberships`: who is in which group, row by row, as far as the caller may see it; read. Of a group of any size this is a page.

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
use super::user_view::Viewer;
use crate::db::Tx;
use crate::directory::listing::Part;
use crate::directory::membership::page_store::{
    self as store, APPLICATION, GRANTED_AT, GROUP, ID, Listed, UNTIL, USER,
};
use crate::directory::membership::sight::Sight;
use crate::kernel::ids::MembershipId;

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "id" => Kind::Id(ID),
        "user" | "user.value" => Kind::Id(USER),
        "group" | "group.value" => Kind::Id(GROUP),
        "application" | "application.value" => Kind::Id(APPLICATION),
        "validuntil" => Kind::Time(UNTIL),
        "meta.created" => Kind::Time(GRANTED_AT),
        _ => return None,
    })
}

const KNOWN: (&str, listed::Known) = (schema::MEMBERSHIP, known);

pub(super) fn render(base: &str, one: &Listed) -> Map<String, Value> {
    let refers = |kind: &str, id: String| json!({ "value": id, "$ref": format!("{base}/{kind}/{id}") });
    let (mut user, mut group) = (refers("Users", one.user_id.to_string()), refers("Groups", one.group_id.to_string()));
    let name = format!("{} {}", one.given_name, one.family_name);
    for (reference, shown) in [(&mut user, name.trim()), (&mut group, one.display_name.as_str())] {
        if let Some(fields) = reference.as_object_mut().filter(|_| !shown.is_empty()) {
            fields.insert("display".to_owned(), json!(shown));
        }
    }
    let mut fields = Map::from_iter([
        ("schemas".to_owned(), json!([schema::MEMBERSHIP])),
        ("id".to_owned(), json!(one.id)),
        ("user".to_owned(), user),
        ("group".to_owned(), group),
        ("application".to_owned(), refers("Applications", one.application_id.to_string())),
    ]);
    fields.extend(one.until.map(|end| ("validUntil".to_owned(), json!(end.to_rfc3339()))));
    let location = format!("{base}/Memberships/{}", one.id);
    let meta = json!({ "resourceType": "Membership", "location": location, "created": one.granted_at.to_rfc3339() });
    fields.insert("meta".to_owned(), meta);
    fields
}

/// The membership, if the caller may see it.
pub(super) async fn find(tx: &mut Tx, sight: Sight<'_>, id: MembershipId) -> Result<Listed, ScimError> {
    let (_, found) = store::part(tx, sight, &Part::one(ID, id.0)).await?;
    found.into_iter().next().ok_or(ScimError::NotFound)
}

/// `GET /Memberships/{id}`
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let wanted: MembershipId = id(&text)?;
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, &scim, &caller).await?;
    let found = find(tx, viewer.sight(), wanted).await?;
    Ok(listed::one(&headers, render(&scim.base(), &found), &projection))
}

/// `GET /Memberships` and `POST /Memberships/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let listing = Listing::of(by, request, KNOWN, ID)?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    let (total, found) = listing.read(store::part(tx, viewer.sight(), &listing.part)).await?;
    listing.page(total, found.iter().map(|one| render(&scim.base(), one)).collect())
}
