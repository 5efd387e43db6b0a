//! `/Applications`: the applications that the caller's rights are about, to be read. They are few: filtered and sorted here.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::attribute::AttributePath;
use super::cursor::Cursors;
use super::error::ScimError;
use super::list_request::{ListParameters, ListRequest};
use super::page::Page;
use super::request::{Caller, id, stamp};
use super::router::Scim;
use super::sorted::Sorted;
use super::{filter, listed, schema};
use crate::authority::{ApplicationScope, Permission};
use crate::db::Tx;
use crate::directory::application;
use crate::directory::application::model::Application;
use crate::kernel::ids::ApplicationId;

/// Those whose groups or roles the caller sees anywhere, by code.
async fn seen(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Vec<Application>, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    let reading = [Permission::MembershipRead, Permission::RoleRead];
    let seen = ApplicationScope::of(&authority, &reading, caller.ctx.now).applications();
    let mut all = application::store::list(tx).await?;
    all.retain(|one| seen.contains(one.id));
    all.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(all)
}

fn render(base: &str, one: &Application) -> Map<String, Value> {
    let fields = json!({
        "schemas": [schema::APPLICATION], "id": one.id, "code": one.code, "name": one.name, "description": one.description,
        "meta": { "resourceType": "Application", "location": format!("{base}/Applications/{}", one.id) },
    });
    fields.as_object().cloned().unwrap_or_default()
}

/// `GET /Applications/{id}`
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let wanted: ApplicationId = id(&text)?;
    let found = seen(&mut scim.app.db.reader().await?, &scim, &caller).await?;
    let found = found.iter().find(|one| one.id == wanted).ok_or(ScimError::NotFound)?;
    Ok(listed::one(&headers, render(&scim.base(), found), &projection))
}

/// What the list is sorted by: a text of the resource.
fn sorted_by(path: &AttributePath) -> Result<&'static str, ScimError> {
    let known = ["id", "code", "name"].into_iter().find(|name| path.is(None, name) && path.sub.is_none());
    known.ok_or_else(|| ScimError::InvalidValue("`sortBy` must be one of id, code, name".to_owned()))
}

/// `GET /Applications` and `POST /Applications/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let base = scim.base();
    let name = request.sort_by.as_ref().map_or(Ok("code"), sorted_by)?;
    let cursors = Cursors::of(by, schema::APPLICATION, request);
    let text = |resource: &Map<String, Value>| {
        filter::get(resource, name).and_then(Value::as_str).unwrap_or_default().to_lowercase()
    };
    let mut found = Vec::new();
    for one in listed::in_time(scim.settings.list_budget(), seen(tx, scim, caller)).await? {
        let resource = render(&base, &one);
        if request.filter.as_ref().is_none_or(|wanted| wanted.matches(&resource)) {
            found.push((text(&resource), (one.id, resource)));
        }
    }
    let sorted = Sorted::new(found, |(id, _)| id.0, request.descending);
    let total = sorted.total();
    let part = sorted.part(&cursors, request.count)?;
    let shown = |(_, mut resource): (ApplicationId, Map<String, Value>)| {
        stamp(&mut resource);
        request.projection.apply(&resource)
    };
    Ok(Page { total, cut: cursors.cut(part.end, total)?, resources: part.rows.into_iter().map(shown).collect() })
}
