//! `/Applications`: the applications that the caller's rights are about, to be read. They are few: filtered and sorted here.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::attribute::AttributePath;
use super::error::ScimError;
use super::request::{Caller, ListParameters, id};
use super::router::Scim;
use super::{filter, listed, schema};
use crate::authority::{Permission, scope};
use crate::db::Tx;
use crate::directory::application;
use crate::directory::application::model::Application;
use crate::kernel::ids::ApplicationId;

/// Those whose groups or roles the caller sees anywhere, by code.
async fn seen(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Vec<Application>, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    let sets = [Permission::MembershipRead, Permission::RoleRead]
        .map(|permission| scope::applications(&authority, permission, caller.ctx.now));
    let mut all = application::store::list(tx).await?;
    all.retain(|one| sets.iter().any(|set| set.contains(one.id)));
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
    let (scim, caller) = (&scim, &caller);
    let request = parameters.check()?;
    let base = scim.base();
    let found = seen(&mut scim.app.db.reader().await?, scim, caller).await?;
    let mut resources: Vec<Map<String, Value>> = found.iter().map(|one| render(&base, one)).collect();
    if let Some(wanted) = &request.filter {
        resources.retain(|resource| wanted.matches(resource));
    }
    if let Some(path) = &request.sort_by {
        let name = sorted_by(path)?;
        let text = |one: &Map<String, Value>| {
            filter::get(one, name).and_then(Value::as_str).unwrap_or_default().to_lowercase()
        };
        resources.sort_by_key(text);
    }
    if request.descending {
        resources.reverse();
    }
    let total = i64::try_from(resources.len()).unwrap_or(i64::MAX);
    let skipped = usize::try_from(request.start_index.saturating_sub(1)).unwrap_or(usize::MAX);
    let shown = resources.into_iter().skip(skipped).take(usize::try_from(request.count).unwrap_or(0)).collect();
    Ok(listed::page(total, &request, shown))
}
