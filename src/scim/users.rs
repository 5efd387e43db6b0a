//! `/Users`, as far as it reads and deletes (RFC 7644 §3.4, §3.6). A person whom the caller may not see is answered exactly
//! as one who does not exist.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::cursor::Cursors;
use super::error::ScimError;
use super::etag;
use super::filter::Filter;
use super::list_request::{ListParameters, ListRequest, Start};
use super::listed::in_time;
use super::page::{Cut, Page};
use super::pointed::{self, Pointed};
use super::projection::Projection;
use super::query::{self, Condition};
use super::request::{Caller, answer_resource, id, stamp, text_header};
use super::router::Scim;
use super::user_view::{Rows, Seen, Viewer};
use crate::authority::action::DeleteUser;
use crate::db::{Tx, transact};
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
            UserError::LastHolder(_) | UserError::WeakSignIn(_) | UserError::ReasonRequired => {
                Self::Forbidden(error.to_string())
            }
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

/// Where a filter names one person, so many are read at most to look at the rest of it.
const A_FEW: i64 = 200;

/// `GET /Users` and `POST /Users/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let all = Pointed { condition: Condition::Constant(true), rest: Vec::new() };
    let Pointed { condition, rest } = request.filter.as_ref().map_or(Ok(all), pointed::read)?;
    let sort = request.sort_by.as_ref().map_or(Ok(query::Column("u.number")), query::sort)?;
    let cursors = Cursors::of(by, "Users", request);
    if cursors.are_wanted() && sort.may_be_empty() {
        return Err(ScimError::InvalidValue(
            "with a cursor, people are not sorted by what not everybody has".to_owned(),
        ));
    }
    let begin = cursors.begin()?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    viewer.check_sort(tx, sort).await?;
    let list = store::UserList { sort, descending: request.descending, after: begin.after, ..viewer.list(&condition) };
    let budget = scim.settings.list_budget();
    if !rest.is_empty() {
        let few = in_time(budget, viewer.page(tx, &list, Rows { limit: A_FEW, offset: 0, total: None })).await?;
        return Ok(of_few(&viewer, &few.people, &rest, request));
    }
    let rows = Rows { limit: request.count, offset: begin.offset, total: begin.total };
    let found = in_time(budget, viewer.page(tx, &list, rows)).await?;
    let end = match found.people.last().filter(|_| found.is_more && cursors.are_wanted()) {
        None => None,
        Some(last) => store::position(tx, last.listed.user.id, sort).await?,
    };
    let resources = found.people.iter().map(|seen| returned(&viewer, seen, &request.projection));
    Ok(Page { total: found.total, cut: cursors.cut(end, found.total)?, resources: resources.collect() })
}

/// The page of those among a few whose resources meet the rest of a filter.
fn of_few(viewer: &Viewer, few: &[Seen], rest: &[Filter], request: &ListRequest) -> Page {
    let meets = |seen: &&Seen| {
        let resource = viewer.render(seen);
        rest.iter().all(|filter| filter.matches(&resource))
    };
    let found: Vec<&Seen> = few.iter().filter(meets).collect();
    let skipped = usize::try_from(request.start.offset()).unwrap_or(usize::MAX);
    let shown = found.iter().skip(skipped).take(usize::try_from(request.count).unwrap_or_default());
    Page {
        total: i64::try_from(found.len()).unwrap_or(i64::MAX),
        cut: match request.start {
            Start::Index(first) => Cut::Index(first),
            Start::Cursor(_) => Cut::Cursor(None),
        },
        resources: shown.map(|seen| returned(viewer, seen, &request.projection)).collect(),
    }
}

/// A person as the list returns them.
fn returned(viewer: &Viewer, seen: &Seen, asked: &Projection) -> Map<String, Value> {
    let mut resource = viewer.render(seen);
    stamp(&mut resource);
    viewer.projection(seen, asked).apply(&resource)
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
