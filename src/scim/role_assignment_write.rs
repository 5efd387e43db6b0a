//! `/RoleAssignments`, as far as it gives and takes roles (D3, D6, D7). A role that was given is not changed: it is taken and given anew.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::document::Document;
use super::error::ScimError;
use super::list_request::ListParameters;
use super::listed;
use super::request::{Caller, id};
use super::role_assignments::{render, sight};
use super::router::Scim;
use super::schema;
use crate::authority::action::{GrantRole, RevokeRole};
use crate::authority::{Applications, Validity};
use crate::db::transact;
use crate::delegation::grant::{GrantError, grant};
use crate::delegation::listed_store::{self, Wanted};
use crate::delegation::model::RoleAssignment;
use crate::delegation::revoke::{RevokeError, revoke};
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};

impl From<GrantError> for ScimError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::AlreadyHeld => Self::Uniqueness,
            GrantError::InvalidDates | GrantError::UnknownRole(_) => Self::InvalidValue(error.to_string()),
            GrantError::Db(error) => error.into(),
            _ => Self::Conflict(error.to_string()),
        }
    }
}

impl From<RevokeError> for ScimError {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::AlreadyRevoked => Self::NotFound,
            RevokeError::Db(error) => error.into(),
            // SCIM has nowhere to say why: the JSON API and the portal have.
            _ => Self::Conflict(error.to_string()),
        }
    }
}

fn wanted(document: &Document) -> Result<GrantRole, ScimError> {
    let kind = document.within("principal", "type").unwrap_or("person");
    let to = PrincipalId::from_parts(kind, document.reference("principal")?);
    let to = to.filter(|to| *to != PrincipalId::Console);
    Ok(GrantRole {
        to: to.ok_or_else(|| ScimError::InvalidValue("`principal.type` is `person` or `service`".to_owned()))?,
        role: document.needed("role")?.to_owned(),
        organisation: document.reference("organization")?,
        include_sub_levels: document.flag("includeSubLevels"),
        applications: document.references("applications")?.map_or(Applications::All, Applications::Only),
        validity: Validity { from: document.instant("validFrom")?, until: document.instant("validUntil")? },
    })
}

/// `POST /RoleAssignments`: gives a role, or proposes it where somebody has to confirm.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let action = wanted(&Document::read(schema::ROLE_ASSIGNMENT, (&headers, body), &caller.tolerated).await?)?;
    let door = &scim.app.door;
    // Shown with all its applications: whoever gives it names them.
    let made: RoleAssignment = transact!(scim.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, action.clone()).await?;
        Ok::<_, ScimError>(grant(tx, permit, door.roles(), &caller.ctx).await?)
    })?;
    Ok(listed::created(render(&scim, &made), &projection))
}

/// `DELETE /RoleAssignments/{id}`: takes it away, with what requires it.
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let assignment: RoleAssignmentId = id(&text)?;
    let door = &scim.app.door;
    transact!(scim.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, RevokeRole { assignment }).await?;
        let sight = sight(tx, &scim, &caller).await?;
        let wanted = Wanted { ids: Some(vec![assignment]), ..Wanted::default() };
        if let Some(found) = listed_store::list(tx, &sight, &wanted, 1).await?.first() {
            listed::check_version(&headers, render(&scim, found))?;
        }
        revoke(tx, permit, door.roles(), None, &caller.ctx).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
