//! `/Users`, as far as it reads and deletes (RFC 7644 §3.4, §3.6). A person whom the caller may not see is answered exactly
//! as one who does not exist.

use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::ScimError;
use super::etag;
use super::query::{self, Condition};
use super::request::{Caller, ListParameters, answer_list, answer_resource, id, stamp, text_header};
use super::router::Scim;
use super::user_view::Viewer;
use crate::authority::action::DeleteUser;
use crate::db::transact;
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::user;
use crate::directory::user::condition_store as store;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::kernel::ids::UserId;

impl From<UserError> for ScimError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::EmailTaken | UserError::UserNameTaken => Self::Uniqueness,
            UserError::UserName(error) => Self::InvalidValue(format!("`userName` {error}")),
            UserError::NameMissing => Self::InvalidValue(error.to_string()),
            UserError::LastHolder(_) | UserError::ReasonRequired => Self::Forbidden(error.to_string()),
            UserError::Stale => Self::PreconditionFailed,
            UserError::NotFound | UserError::NotRestorable => Self::NotFound,
            UserError::Db(error) => error.into(),
        }
    }
}

/// `GET /Users/{id}`.
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
    let seen = viewer.find(tx, id).await?;
    let mut resource = viewer.render(&seen);
    let version = stamp(&mut resource);
    if text_header(&headers, header::IF_NONE_MATCH).is_some_and(|condition| etag::names(condition, &version)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, version)]).into_response());
    }
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &viewer.projection(&seen, &projection)))
}

/// `GET /Users` and `POST /Users/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let (scim, caller) = (&scim, &caller);
    let request = parameters.check()?;
    let condition = request.filter.as_ref().map_or(Ok(Condition::Constant(true)), query::condition)?;
    let sort = request.sort_by.as_ref().map_or(Ok(query::Column("u.number")), query::sort)?;
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    viewer.check_sort(tx, sort).await?;
    let list = store::UserList { sort, descending: request.descending, ..viewer.list(&condition) };
    let budget = Duration::from_secs(scim.settings.list_seconds);
    let (total, shown) = in_time(budget, viewer.page(tx, &list, request.count, request.start_index - 1)).await?;
    let resources = shown.iter().map(|seen| {
        let mut resource = viewer.render(seen);
        stamp(&mut resource);
        viewer.projection(seen, &request.projection).apply(&resource)
    });
    Ok(answer_list(total, request.start_index, resources.collect()))
}

/// SC-18: a list has so much time and no more.
pub(super) async fn in_time<T>(
    budget: Duration,
    read: impl Future<Output = Result<T, ScimError>>,
) -> Result<T, ScimError> {
    let too_slow = "the list takes too long; filter by `eq` or narrow the filter";
    tokio::time::timeout(budget, read).await.unwrap_or_else(|_| Err(ScimError::TooMany(too_slow.to_owned())))
}

/// `DELETE /Users/{id}`.
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let id: UserId = id(&text)?;
    let condition = text_header(&headers, header::IF_MATCH);
    transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let before = viewer.find(tx, id).await?;
        if condition.is_some() {
            etag::check(condition, &etag::of(&viewer.render(&before)), false)?;
        }
        let permit = scim.app.door.authorise(tx, &caller.ctx, DeleteUser { user: id }).await?;
        let guard = Guard { roles: scim.app.door.roles(), reason: None };
        user::delete::delete(tx, permit, Some(before.listed.user.version), guard, &caller.ctx).await?;
        external_id_store::remove_all(tx, ResourceKind::User, id.0).await?;
        Ok::<_, ScimError>(())
    })?;
    scim.app.door.changed();
    Ok(StatusCode::NO_CONTENT.into_response())
}
