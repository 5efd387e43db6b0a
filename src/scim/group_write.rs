//! `/Groups`, as far as it creates and changes (RFC 7644 §3.3, §3.5). What a PATCH costs does not depend on how many members
//! there are: each one named is a row of its own, and nobody else is read, counted or answered.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::error::ScimError;
use super::groups::{answer, check_version, members_of};
use super::list_request::ListParameters;
use super::members::{self, Budget};
use super::projection::Projection;
use super::request::{Caller, id};
use super::router::{Scim, bytes};
use super::schema::{self, CHAMBERLAIN_GROUP, CORE_GROUP};
use super::user_view::Viewer;
use super::user_write::refuse_other_id;
use super::{body, external_id, filter, group_place, group_resource, group_view, patch};
use crate::authority::action::ManageGroup;
use crate::db::{Tx, transact};
use crate::directory::external_id_store::ResourceKind;
use crate::directory::group;
use crate::directory::group::listed_store::ListedGroup;
use crate::kernel::ids::GroupId;

/// `POST /Groups`, for those who manage the groups of an application.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let sent = body::read(&headers, &bytes(body, caller.tolerated.limits()).await?)?;
    let wanted = members::named(members_of(&sent))?;
    let external_id = external_id::of(&sent)?;
    let document = body::resource(CORE_GROUP, sent, &caller.tolerated)?;
    let details = group_resource::details(&document)?;
    let id = transact!(scim.app.db, tx => {
        let place = group_place::find(tx, &scim, &caller, group_resource::place(&document)).await?;
        let action = ManageGroup { application: place.application, environment: place.environment };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        let group = group::manage::create(tx, permit, details.clone(), &caller.ctx).await?;
        external_id::save(tx, &caller, (ResourceKind::Group, group.id.0), external_id.as_deref()).await?;
        members::add(tx, (&scim, &caller), group.id, &wanted, &mut Budget::default()).await?;
        Ok::<_, ScimError>(group.id)
    })?;
    answer(&scim, &caller, id, (StatusCode::CREATED, &projection)).await
}

/// Changes what a document says of the group itself; nothing is asked of those who change nothing of it.
async fn update(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    listed: &ListedGroup,
    document: &Map<String, Value>,
) -> Result<(), ScimError> {
    let group = &listed.group;
    group_resource::check_place(document, listed)?;
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
    let sent = body::read(&headers, &bytes(body, caller.tolerated.limits()).await?)?;
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let id: GroupId = id(&text)?;
    refuse_other_id(&sent, &text)?;
    let wanted = members::named(members_of(&sent))?;
    let external_id = external_id::of(&sent)?;
    let tells_ours = filter::get(&sent, CHAMBERLAIN_GROUP).is_some();
    let document = body::resource(CORE_GROUP, sent, &caller.tolerated)?;
    transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let listed = group_view::find(tx, &viewer, id).await?;
        check_version(tx, &scim, &viewer, &listed, &headers).await?;
        let mut document = document.clone();
        if !tells_ours {
            group_resource::keep_extension(&mut document, &listed);
        }
        update(tx, (&scim, &caller), &listed, &document).await?;
        if external_id != listed.external_id {
            external_id::save(tx, &caller, (ResourceKind::Group, id.0), external_id.as_deref()).await?;
        }
        members::replace(tx, (&scim, &caller), id, wanted.clone(), &mut Budget::default()).await
    })?;
    answer(&scim, &caller, id, (StatusCode::OK, &projection)).await
}

/// `PATCH /Groups/{id}`. Answers 204 unless `attributes` asks for a body (`decisions.md` 25), with the version if the caller
/// minds versions.
pub async fn patch(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ScimError> {
    let operations =
        patch::parse(&body::read(&headers, &bytes(body, caller.tolerated.limits()).await?)?, &caller.tolerated)?;
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let id: GroupId = id(&text)?;
    let is_member = |o: &patch::Operation| o.path.attribute.is(None, "members");
    let (on_members, others): (Vec<_>, Vec<_>) =
        schema::writable(CORE_GROUP, operations)?.into_iter().partition(is_member);
    transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let listed = group_view::find(tx, &viewer, id).await?;
        check_version(tx, &scim, &viewer, &listed, &headers).await?;
        if !others.is_empty() {
            let mut document = group_resource::document(&listed);
            document.extend(listed.external_id.clone().map(|known| ("externalId".to_owned(), known.into())));
            let patched = patch::apply(&document, &others, |path| schema::is_multi_valued(CORE_GROUP, path), &caller.tolerated)?;
            let external_id = external_id::of(&patched)?;
            let mut document = body::normalise(CORE_GROUP, patched, &caller.tolerated)?;
            if !document.contains_key(CHAMBERLAIN_GROUP) {
                group_resource::put_aside(&mut document);
            }
            update(tx, (&scim, &caller), &listed, &document).await?;
            if external_id != listed.external_id {
                external_id::save(tx, &caller, (ResourceKind::Group, id.0), external_id.as_deref()).await?;
            }
        }
        let mut budget = Budget::default();
        for operation in &on_members {
            members::apply(tx, (&scim, &caller), id, operation, &mut budget).await?;
        }
        Ok::<_, ScimError>(())
    })?;
    if projection.is_explicit() {
        return answer(&scim, &caller, id, (StatusCode::OK, &projection)).await;
    }
    if !headers.contains_key(header::IF_MATCH) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let mut answered = answer(&scim, &caller, id, (StatusCode::OK, &Projection::without_members())).await?;
    *answered.status_mut() = StatusCode::NO_CONTENT;
    *answered.body_mut() = Body::empty();
    answered.headers_mut().remove(header::CONTENT_TYPE);
    Ok(answered)
}
