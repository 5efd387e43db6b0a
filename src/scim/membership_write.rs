//! `/Memberships`, as far as it puts people into groups and takes them out (D2). A membership is not changed: one with another end takes
//! the place of the one that was there.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::document::Document;
use super::error::ScimError;
use super::list_request::ListParameters;
use super::listed;
use super::memberships::{find, render};
use super::request::{Caller, id};
use super::router::Scim;
use super::schema;
use super::user_view::Viewer;
use crate::authority::action::{AssignMembership, RemoveMembership};
use crate::authority::{ApplicationScope, Scope};
use crate::db::transact;
use crate::directory::membership::assign::{MembershipError, assign, remove};
use crate::directory::membership::sight::Sight;
use crate::kernel::ids::MembershipId;

/// Somebody who is not there and somebody out of sight are refused alike.
fn refused(error: ScimError) -> ScimError {
    match error {
        ScimError::NotFound => ScimError::InvalidValue("`user` or `group` names what is not there".to_owned()),
        other => other,
    }
}

fn failed(error: MembershipError) -> ScimError {
    match error {
        MembershipError::AlreadyMember => ScimError::Uniqueness,
        other => refused(other.into()),
    }
}

/// `POST /Memberships`: puts a person into a group.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let document = Document::read(schema::MEMBERSHIP, (&headers, body), &caller.tolerated).await?;
    let action = AssignMembership { user: document.reference("user")?, group: document.reference("group")? };
    let until = document.instant("validUntil")?;
    let made: Map<String, Value> = transact!(scim.app.db, tx => {
        let permit = scim.app.door.authorise(tx, &caller.ctx, action.clone()).await.map_err(|no| refused(no.into()))?;
        let made = assign(tx, permit, until, &caller.ctx).await.map_err(failed)?;
        // The permit was about this very person and group.
        let groups = ApplicationScope::everything();
        let permitted = Sight { people: &Scope::Everywhere, groups: &groups, now: caller.ctx.now };
        Ok::<_, ScimError>(render(&scim.base(), &find(tx, permitted, made.id).await?))
    })?;
    Ok(listed::created(made, &projection))
}

/// `DELETE /Memberships/{id}`: takes the person out.
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let wanted: MembershipId = id(&text)?;
    transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let found = find(tx, viewer.sight(), wanted).await?;
        let action = RemoveMembership { user: found.user_id, group: found.group_id };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        listed::check_version(&headers, render(&scim.base(), &found))?;
        remove(tx, permit, &caller.ctx).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
