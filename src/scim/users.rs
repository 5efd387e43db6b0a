//! `/Users` (RFC 7644 §3.3 to §3.6). A person whom the caller may not see is answered exactly as one who does not exist.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::error::ScimError;
use super::projection::Projection;
use super::request::{Caller, ListParameters, answer_list, answer_resource, id, stamp, text_header};
use super::router::{Scim, bytes};
use super::schema::{self, CORE_USER};
use super::user_view::{self, Viewer};
use super::{body, etag, filter, patch, query, user_resource};
use crate::authority::action::{CreateUser, DeleteUser, MoveUser, UpdateUser};
use crate::db::{Tx, transact};
use crate::directory::external_id_store::{self, ResourceKind};
use crate::directory::user::condition_store as store;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::directory::user::model::User;
use crate::directory::{client, organisation, user};
use crate::kernel::ids::{OrganisationId, UserId};

impl From<UserError> for ScimError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::EmailTaken | UserError::UserNameTaken => Self::Uniqueness,
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
    let tx = &mut scim.app.db.reader().await?;
    let user = user_view::find(tx, &scim, &caller, id(&text)?).await?;
    let viewer = Viewer::new(tx, &scim, &caller).await?;
    let mut resource = viewer.render(tx, &user).await?;
    let version = stamp(&mut resource);
    if text_header(&headers, header::IF_NONE_MATCH).is_some_and(|condition| etag::names(condition, &version)) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, version)]).into_response());
    }
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &projection))
}

/// `GET /Users`.
pub async fn list(State(scim): State<Scim>, caller: Caller, RawQuery(raw): RawQuery) -> Result<Response, ScimError> {
    page(&scim, &caller, &ListParameters::of_query(raw.as_deref().unwrap_or_default())?).await
}

/// `POST /Users/.search`: the same as the GET (SC-30).
pub async fn search(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let body = body::read(&headers, &bytes(body).await?)?;
    page(&scim, &caller, &ListParameters::of_body(&body)).await
}

async fn page(scim: &Scim, caller: &Caller, parameters: &ListParameters) -> Result<Response, ScimError> {
    let request = parameters.check()?;
    let condition = request.filter.as_ref().map_or(Ok(query::Condition::Constant(true)), query::condition)?;
    let sort = request.sort_by.as_ref().map_or(Ok(query::Column("u.id")), query::sort)?;
    let tx = &mut scim.app.db.reader().await?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    let list = store::UserList {
        scope: &viewer.people,
        applications: &viewer.applications,
        client: caller.client,
        condition: &condition,
        sort,
        descending: request.descending,
        now: caller.ctx.now,
    };
    let total = store::count_users(tx, &list).await?;
    let users = if request.count == 0 {
        Vec::new()
    } else {
        store::list_users(tx, &list, request.count, request.start_index - 1).await?
    };
    let mut resources = Vec::with_capacity(users.len());
    for user in users {
        let mut resource = viewer.render(tx, &user).await?;
        stamp(&mut resource);
        resources.push(request.projection.apply(&resource));
    }
    Ok(answer_list(total, request.start_index, resources))
}

/// `POST /Users`.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let sent = body::read(&headers, &bytes(body).await?)?;
    refuse_groups(&sent)?;
    let external_id = external_id(&sent)?;
    let document = body::normalise(CORE_USER, sent)?;
    let wanted = user_resource::organisation(&document);
    let new = user_resource::new_user(document)?;
    let (mut resource, _) = transact!(scim.app.db, tx => {
        let organisation = match &wanted {
            Some(text) => named(tx, &caller, text).await?,
            None => home(tx, &caller).await?,
        };
        let permit = scim.app.door.authorise(tx, &caller.ctx, CreateUser { organisation }).await;
        let permit = permit.map_err(|refusal| match ScimError::from(refusal) {
            ScimError::NotFound => no_organisation(),
            other => other,
        })?;
        let user = user::create::create(tx, permit, new.clone(), &caller.ctx).await?;
        save_external_id(tx, &caller, user.id, external_id.as_deref()).await?;
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        Ok::<_, ScimError>((viewer.render(tx, &user).await?, user))
    })?;
    scim.app.door.changed();
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::CREATED, &resource, Some(&version), &projection))
}

fn no_organisation() -> ScimError {
    ScimError::InvalidValue("`organisation` is no organisation that you may use".to_owned())
}

/// The organisation that a personnel system means: by id, or by the name that is unique below the service's own.
async fn named(tx: &mut Tx, caller: &Caller, text: &str) -> Result<OrganisationId, ScimError> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let own = home(tx, caller).await?;
    let found = organisation::store::find_named_below(tx, own, text).await?;
    found.map(|organisation| organisation.id).ok_or_else(no_organisation)
}

/// The organisation of the calling service.
async fn home(tx: &mut Tx, caller: &Caller) -> Result<OrganisationId, ScimError> {
    let client = client::store::find(tx, caller.client).await?;
    client
        .and_then(|client| client.organisation)
        .ok_or_else(|| ScimError::InvalidValue("say which `organisation` the person belongs to".to_owned()))
}

/// DA-13: access is given through groups, where it is decided; a list that is not empty must not look as if it had worked.
fn refuse_groups(sent: &Map<String, Value>) -> Result<(), ScimError> {
    match filter::get(sent, "groups") {
        Some(Value::Array(list)) if !list.is_empty() => {
            Err(ScimError::Mutability("`groups` is read-only; change the members of the group".to_owned()))
        }
        _ => Ok(()),
    }
}

fn external_id(sent: &Map<String, Value>) -> Result<Option<String>, ScimError> {
    match filter::get(sent, "externalId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= 500 => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(ScimError::InvalidValue("`externalId` must be a text of at most 500 characters".to_owned())),
    }
}

async fn save_external_id(
    tx: &mut Tx,
    caller: &Caller,
    user: UserId,
    external_id: Option<&str>,
) -> Result<(), ScimError> {
    let saved = match external_id {
        Some(text) => external_id_store::save(tx, caller.client, ResourceKind::User, user.0, text).await,
        None => external_id_store::remove(tx, caller.client, ResourceKind::User, user.0).await,
    };
    saved.map_err(|error| {
        if error.violates("external_ids", &["client_id", "resource_kind", "external_id"]) {
            ScimError::Uniqueness
        } else {
            error.into()
        }
    })
}

/// `PUT /Users/{id}`: what is left out is unassigned, what only the server sets stays (SC-13).
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
    change(&scim, &caller, id(&text)?, (&headers, projection), |user, _| {
        let mut document = body::normalise(CORE_USER, sent.clone())?;
        if !document.contains_key("active")
            && let Some(active) = user_resource::document(user).remove("active")
        {
            document.insert("active".to_owned(), active);
        }
        Ok((document, external_id(&sent)?))
    })
    .await
}

/// `PATCH /Users/{id}`.
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
    if operations
        .iter()
        .any(|operation| !operation.implied && schema::is_read_only(CORE_USER, &operation.path.attribute))
    {
        return Err(ScimError::Mutability("an operation names an attribute that only the server sets".to_owned()));
    }
    let operations: Vec<_> =
        operations.into_iter().filter(|o| !schema::is_read_only(CORE_USER, &o.path.attribute)).collect();
    change(&scim, &caller, id(&text)?, (&headers, projection), |user, external_id| {
        let mut document = user_resource::document(user);
        document.retain(|_, value| !value.is_null());
        if let Some(external_id) = external_id {
            document.insert("externalId".to_owned(), external_id.into());
        }
        let had_active = document.contains_key("active");
        let patched = patch::apply(&document, &operations, |path| schema::is_multi_valued(CORE_USER, path))?;
        let external_id = self::external_id(&patched)?;
        let mut patched = body::normalise(CORE_USER, patched)?;
        if had_active && !patched.contains_key("active") {
            // Unassigned: no longer shown, and the switch stays where it is, so that nothing is revived by it.
            patched.insert("active".to_owned(), Value::Null);
        }
        Ok((patched, external_id))
    })
    .await
}

impl From<patch::PatchError> for ScimError {
    fn from(error: patch::PatchError) -> Self {
        use patch::PatchError as E;
        match error {
            E::Syntax(why) => Self::InvalidSyntax(why.to_owned()),
            E::Path => Self::InvalidPath(error.to_string()),
            E::Value(why) => Self::InvalidValue(why.to_owned()),
            E::NoTarget => Self::NoTarget(error.to_string()),
            E::TooMany => Self::TooLarge,
        }
    }
}

type Document = (Map<String, Value>, Option<String>);

async fn change(
    scim: &Scim,
    caller: &Caller,
    id: UserId,
    (headers, projection): (&HeaderMap, Projection),
    next: impl Fn(&User, Option<String>) -> Result<Document, ScimError>,
) -> Result<Response, ScimError> {
    let condition = text_header(headers, header::IF_MATCH);
    let mut resource = transact!(scim.app.db, tx => {
        let before = user_view::find(tx, scim, caller, id).await?;
        let viewer = Viewer::new(tx, scim, caller).await?;
        let seen = viewer.render(tx, &before).await?;
        etag::check(condition, &etag::of(&seen), scim.settings.require_if_match)?;
        let known = external_id_store::find(tx, caller.client, ResourceKind::User, id.0).await?;
        let (document, external_id) = next(&before, known.clone())?;
        let to = match user_resource::organisation(&document) {
            Some(text) => named(tx, caller, &text).await?,
            None => before.organisation,
        };
        let change = user_resource::change(document)?;
        let permit = scim.app.door.authorise(tx, &caller.ctx, UpdateUser { user: id }).await?;
        let actor = scim.app.door.authority(tx, &caller.ctx).await?;
        let guard = Guard { roles: scim.app.door.roles(), actor: &actor, reason: None };
        let mut user = user::update::update(tx, permit, change, Some(before.version), guard, &caller.ctx).await?;
        if to != before.organisation {
            let permit = scim.app.door.authorise(tx, &caller.ctx, MoveUser { user: id, to }).await?;
            user = user::transfer::transfer(tx, permit, guard, &caller.ctx).await?;
        }
        if external_id != known {
            save_external_id(tx, caller, id, external_id.as_deref()).await?;
        }
        viewer.render(tx, &user).await
    })?;
    scim.app.door.changed();
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &projection))
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
        let before = user_view::find(tx, &scim, &caller, id).await?;
        if condition.is_some() {
            let viewer = Viewer::new(tx, &scim, &caller).await?;
            etag::check(condition, &etag::of(&viewer.render(tx, &before).await?), false)?;
        }
        let permit = scim.app.door.authorise(tx, &caller.ctx, DeleteUser { user: id }).await?;
        let actor = scim.app.door.authority(tx, &caller.ctx).await?;
        let guard = Guard { roles: scim.app.door.roles(), actor: &actor, reason: None };
        user::delete::delete(tx, permit, Some(before.version), guard, &caller.ctx).await?;
        external_id_store::remove_all(tx, ResourceKind::User, id.0).await?;
        Ok::<_, ScimError>(())
    })?;
    scim.app.door.changed();
    Ok(StatusCode::NO_CONTENT.into_response())
}
