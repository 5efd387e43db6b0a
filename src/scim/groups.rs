//! `/Groups`: the groups of the applications that the caller may see (RFC 7644 §3, D2, D8).

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::error::ScimError;
use super::group_view::{self, Loaded};
use super::request::{Caller, ListParameters, answer_resource, id, stamp, text_header};
use super::router::{Scim, bytes};
use super::schema::{self, CORE_GROUP};
use super::{body, etag, filter, group_resource, members, patch};
use crate::authority::action::ManageGroup;
use crate::db::{Tx, transact};
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::group;
use crate::directory::group::manage::GroupError;
use crate::directory::group::model::Group;
use crate::kernel::ids::GroupId;

impl From<GroupError> for ScimError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::CodeTaken => Self::Uniqueness,
            GroupError::InvalidCode | GroupError::InvalidUrl => Self::InvalidValue(error.to_string()),
            GroupError::Stale => Self::PreconditionFailed,
            GroupError::NotFound => Self::NotFound,
            GroupError::Db(error) => error.into(),
        }
    }
}

/// `GET /Groups/{id}`.
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let tx = &mut scim.app.db.reader().await?;
    let group = group_view::find(tx, &scim, &caller, id(&text)?).await?;
    let loaded = Loaded::new(tx, &scim, &caller).await?;
    let mut resource = loaded.render(tx, &group, projection.wants("members")).await?;
    let version = projection.wants("members").then(|| stamp(&mut resource));
    if let (Some(condition), Some(version)) = (text_header(&headers, header::IF_NONE_MATCH), &version)
        && etag::names(condition, version)
    {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, version.clone())]).into_response());
    }
    Ok(answer_resource(StatusCode::OK, &resource, version.as_deref(), &projection))
}

/// `GET /Groups`.
pub async fn list(State(scim): State<Scim>, caller: Caller, RawQuery(raw): RawQuery) -> Result<Response, ScimError> {
    group_view::page(&scim, &caller, &ListParameters::of_query(raw.as_deref().unwrap_or_default())?).await
}

/// `POST /Groups/.search`: the same as the GET (SC-30).
pub async fn search(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let body = body::read(&headers, &bytes(body).await?)?;
    group_view::page(&scim, &caller, &ListParameters::of_body(&body)).await
}

fn external_id(sent: &Map<String, Value>) -> Option<String> {
    filter::get(sent, "externalId")
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty() && text.len() <= 2000)
        .map(str::to_owned)
}

async fn save_external_id(
    tx: &mut Tx,
    caller: &Caller,
    group: GroupId,
    external_id: Option<&str>,
) -> Result<(), ScimError> {
    let saved = match external_id {
        Some(text) => external_id_store::save(tx, caller.client, ResourceKind::Group, group.0, text).await,
        None => external_id_store::remove(tx, caller.client, ResourceKind::Group, group.0).await,
    };
    saved.map_err(|error| {
        if error.violates("external_ids", &["client_id", "resource_kind", "external_id"]) {
            ScimError::Uniqueness
        } else {
            error.into()
        }
    })
}

/// `POST /Groups`, for those who manage the groups of an application.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let sent = body::read(&headers, &bytes(body).await?)?;
    let wanted = members::named(filter::get(&sent, "members").unwrap_or(&Value::Null))?;
    let external_id = external_id(&sent);
    let document = body::normalise(CORE_GROUP, sent)?;
    let details = group_resource::details(&document)?;
    let mut resource = transact!(scim.app.db, tx => {
        let (application, environment) = group_view::place(tx, &scim, &caller, group_resource::place(&document)).await?;
        let permit = scim.app.door.authorise(tx, &caller.ctx, ManageGroup { application, environment }).await?;
        let group = group::manage::create(tx, permit, details.clone(), &caller.ctx).await?;
        save_external_id(tx, &caller, group.id, external_id.as_deref()).await?;
        members::add(tx, &scim, &caller, group.id, &wanted).await?;
        Loaded::new(tx, &scim, &caller).await?.render(tx, &group, true).await
    })?;
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::CREATED, &resource, Some(&version), &super::projection::Projection::default()))
}

async fn check_version(
    tx: &mut Tx,
    scim: &Scim,
    caller: &Caller,
    group: &Group,
    headers: &HeaderMap,
) -> Result<(), ScimError> {
    let Some(condition) = text_header(headers, header::IF_MATCH) else { return Ok(()) };
    let seen = Loaded::new(tx, scim, caller).await?.render(tx, group, true).await?;
    etag::check(Some(condition), &etag::of(&seen), false)
}

/// Changes what a document says of the group itself; nothing is asked of those who change nothing of it.
async fn update(
    tx: &mut Tx,
    scim: &Scim,
    caller: &Caller,
    group: &Group,
    document: &Map<String, Value>,
) -> Result<(), ScimError> {
    let mut details = group_resource::details(document)?;
    details.sensitive = group.sensitive;
    let same = details.display_name == group.display_name
        && details.description == group.description
        && details.documentation_url == group.documentation_url
        && details.scim == group.scim;
    if same {
        return Ok(());
    }
    let action = ManageGroup { application: group.application, environment: group.environment };
    let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
    group::manage::update(tx, permit, group.id, details, None, &caller.ctx).await?;
    Ok(())
}

/// `PUT /Groups/{id}`: members whom the caller does not see stay.
pub async fn replace(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let sent = body::read(&headers, &bytes(body).await?)?;
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let id: GroupId = id(&text)?;
    let wanted = members::named(filter::get(&sent, "members").unwrap_or(&Value::Null))?;
    let external_id = external_id(&sent);
    let document = body::normalise(CORE_GROUP, sent)?;
    let mut resource = transact!(scim.app.db, tx => {
        let group = group_view::find(tx, &scim, &caller, id).await?;
        check_version(tx, &scim, &caller, &group, &headers).await?;
        update(tx, &scim, &caller, &group, &document).await?;
        save_external_id(tx, &caller, id, external_id.as_deref()).await?;
        members::replace(tx, &scim, &caller, id, &wanted).await?;
        let group = group_view::find(tx, &scim, &caller, id).await?;
        Loaded::new(tx, &scim, &caller).await?.render(tx, &group, true).await
    })?;
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &projection))
}

/// `PATCH /Groups/{id}`. Answers 204 when members are not asked for, so that the size of the group does not matter.
pub async fn patch(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let operations = patch::parse(&body::read(&headers, &bytes(body).await?)?)?;
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let id: GroupId = id(&text)?;
    if operations.iter().any(|o| !o.implied && schema::is_read_only(CORE_GROUP, &o.path.attribute)) {
        return Err(ScimError::Mutability("an operation names an attribute that only the server sets".to_owned()));
    }
    let is_member = |o: &patch::Operation| o.path.attribute.is(None, "members");
    let (on_members, others): (Vec<_>, Vec<_>) =
        operations.into_iter().filter(|o| !schema::is_read_only(CORE_GROUP, &o.path.attribute)).partition(is_member);
    let resource = transact!(scim.app.db, tx => {
        let group = group_view::find(tx, &scim, &caller, id).await?;
        check_version(tx, &scim, &caller, &group, &headers).await?;
        if !others.is_empty() {
            let known = external_id_store::find(tx, caller.client, ResourceKind::Group, id.0).await?;
            let mut document = group_resource::document(&group);
            document.extend(known.clone().map(|known| ("externalId".to_owned(), known.into())));
            let patched = patch::apply(&document, &others, |path| schema::is_multi_valued(CORE_GROUP, path))?;
            let external_id = external_id(&patched);
            update(tx, &scim, &caller, &group, &body::normalise(CORE_GROUP, patched)?).await?;
            if external_id != known {
                save_external_id(tx, &caller, id, external_id.as_deref()).await?;
            }
        }
        for operation in &on_members {
            members::apply(tx, &scim, &caller, id, operation).await?;
        }
        if !projection.wants("members") {
            return Ok(None);
        }
        let group = group_view::find(tx, &scim, &caller, id).await?;
        Loaded::new(tx, &scim, &caller).await?.render(tx, &group, true).await.map(Some)
    })?;
    let Some(mut resource) = resource else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &projection))
}

/// `DELETE /Groups/{id}`, for those who manage the groups of the application.
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let id: GroupId = id(&text)?;
    transact!(scim.app.db, tx => {
        let group = group_view::find(tx, &scim, &caller, id).await?;
        check_version(tx, &scim, &caller, &group, &headers).await?;
        let action = ManageGroup { application: group.application, environment: group.environment };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        group::manage::delete(tx, permit, id, None, &caller.ctx).await?;
        external_id_store::remove_all(tx, ResourceKind::Group, id.0).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
