//! `/Groups`: the groups of the applications that the caller may see (RFC 7644 §3, D2, D8).

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::cursor::Cursors;
use super::error::ScimError;
use super::group_view::{self, Shown};
use super::list_request::ListParameters;
use super::listed::in_time;
use super::projection::Projection;
use super::request::{Caller, id, text_header};
use super::router::Scim;
use super::user_view::Viewer;
use super::{etag, group_answer};
use crate::authority::action::ManageGroup;
use crate::db::{Tx, transact};
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::group;
use crate::directory::group::listed_store::ListedGroup;
use crate::directory::group::manage::GroupError;
use crate::kernel::ids::GroupId;

impl From<GroupError> for ScimError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::CodeTaken => Self::Uniqueness,
            GroupError::InvalidCode
            | GroupError::InvalidUrl
            | GroupError::Text { .. }
            | GroupError::InnerElsewhere
            | GroupError::Circle
            | GroupError::TooDeep
            | GroupError::TooManyInner => Self::InvalidValue(error.to_string()),
            GroupError::Stale => Self::PreconditionFailed,
            GroupError::NotFound => Self::NotFound,
            GroupError::Db(error) => error.into(),
        }
    }
}

/// `GET /Groups/{id}`. Members who are not asked for are not read, neither for the version.
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let id = id(&text)?;
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, &scim, &caller).await?;
    let listed = group_view::find(tx, &viewer, id).await?;
    let shown = group_view::show_one(tx, &viewer, listed).await?;
    if text_header(&headers, header::IF_NONE_MATCH).is_some_and(|condition| etag::names(condition, &shown.version)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, shown.version)]).into_response());
    }
    group_answer::one(tx, (&scim.app.db, &viewer), StatusCode::OK, shown, &projection).await
}

/// `GET /Groups` and `POST /Groups/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let request = parameters.check()?;
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, &scim, &caller).await?;
    let cursors = Cursors::of((&scim, &caller), "Groups", &request);
    let page = in_time(scim.settings.list_budget(), group_view::page(tx, &viewer, &cursors, &request)).await?;
    group_answer::list(tx, (&scim.app.db, &viewer), page, &request.projection).await
}

/// Refuses a change on top of another version than the one that was read (SC-31). The version is not worked out for nobody.
pub(super) async fn check_version(
    tx: &mut Tx,
    scim: &Scim,
    viewer: &Viewer,
    listed: &ListedGroup,
    headers: &HeaderMap,
) -> Result<(), ScimError> {
    match text_header(headers, header::IF_MATCH) {
        Some(condition) => {
            let shown = group_view::show_one(tx, viewer, listed.clone()).await?;
            etag::check(Some(condition), &shown.version, false)
        }
        None if scim.settings.require_if_match => Err(ScimError::PreconditionRequired),
        None => Ok(()),
    }
}

/// The group as it is after a change, for the answer.
pub(super) async fn answer(
    scim: &Scim,
    caller: &Caller,
    id: GroupId,
    (status, projection): (StatusCode, &Projection),
) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    let listed = group_view::find(tx, &viewer, id).await?;
    let shown: Shown = group_view::show_one(tx, &viewer, listed).await?;
    group_answer::one(tx, (&scim.app.db, &viewer), status, shown, projection).await
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
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let listed = group_view::find(tx, &viewer, id).await?;
        if headers.contains_key(header::IF_MATCH) {
            check_version(tx, &scim, &viewer, &listed, &headers).await?;
        }
        let action = ManageGroup { application: listed.group.application, environment: listed.group.environment };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        group::manage::delete(tx, permit, id, None, &caller.ctx).await?;
        external_id_store::remove_all(tx, ResourceKind::Group, id.0).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The members that a document names.
pub(super) fn members_of(sent: &Map<String, Value>) -> &Value {
    super::filter::get(sent, "members").unwrap_or(&Value::Null)
}
