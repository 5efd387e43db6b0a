//! Deputies: who stands in for whom as far as the caller sees it, naming one for a role of one's own, ending it.

use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::assignments::instant;
use super::error::ApiError;
use super::request::{ApiResult, Asked, Body, Caller, Ids, Part, answer};
use super::router::Api;
use crate::authority::Permission;
use crate::authority::action::{EndDeputy, NameDeputy};
use crate::db::transact;
use crate::delegation::deputy::model::Deputy;
use crate::delegation::deputy::{end as ending, name as naming};
use crate::delegation::listed_store::Sight;
use crate::directory::user::deputy_list_store::{self as listed, Shown};
use crate::kernel::ids::{DeputyId, RoleAssignmentId, UserId};

/// Somebody who stands in for the holder of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Deputy")]
pub struct DeputyView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Which role assignment is lent.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub role_assignment: Uuid,
    /// Who holds it.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub holder: Uuid,
    /// Who stands in.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub deputy: Uuid,
    /// First instant of effect.
    pub valid_from: String,
    /// From this instant on without effect.
    pub valid_until: String,
}

impl From<&Shown> for DeputyView {
    fn from(one: &Shown) -> Self {
        Self {
            id: one.id.0,
            role_assignment: one.assignment.0,
            holder: one.holder.0,
            deputy: one.deputy.0,
            valid_from: one.valid_from.to_rfc3339(),
            valid_until: one.valid_until.to_rfc3339(),
        }
    }
}

impl From<&Deputy> for DeputyView {
    fn from(one: &Deputy) -> Self {
        Self {
            id: one.id.0,
            role_assignment: one.assignment.0,
            holder: one.holder.uuid(),
            deputy: one.deputy.0,
            valid_from: one.valid_from.to_rfc3339(),
            valid_until: one.valid_until.to_rfc3339(),
        }
    }
}

/// Who stands in now or later.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Deputies {
    /// This part of them.
    pub items: Vec<DeputyView>,
    /// How many there are in all.
    pub total: u64,
}

/// Somebody who shall stand in.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDeputy {
    /// Which role of one's own.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub role_assignment: Uuid,
    /// Who, in the scope of that role.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub deputy: Uuid,
    /// First instant of effect; now if left out.
    pub valid_from: Option<String>,
    /// From this instant on without effect, in 90 days at the latest.
    pub valid_until: String,
}

/// `GET /deputies`
pub async fn list(State(api): State<Api>, caller: Caller, Asked(part): Asked<Part>) -> ApiResult {
    let (tx, now) = (&mut api.app.db.reader().await?, caller.ctx.now);
    let authority = api.app.door.authority(tx, &caller.ctx).await?;
    // One's own as well by the scope that it asks for only.
    if authority.carrying(Permission::RoleRead, now).next().is_none() {
        return Err(ApiError::NotFound);
    }
    let sight = Sight::of(&authority, now);
    let reader = authority.principal.person().unwrap_or(UserId(Uuid::nil()));
    let asked = listed::Asked { sight: &sight, reader, deputy: None };
    let total = listed::count(tx, &asked, now).await?;
    let found = listed::list(tx, &asked, now, part.bounds()).await?;
    answer(StatusCode::OK, &Deputies { items: found.iter().map(DeputyView::from).collect(), total })
}

/// `POST /deputies`
pub async fn name(State(api): State<Api>, caller: Caller, Body(body): Body<NewDeputy>) -> ApiResult {
    let until = instant(Some(&body.valid_until))?;
    let action = NameDeputy {
        assignment: RoleAssignmentId(body.role_assignment),
        deputy: UserId(body.deputy),
        from: instant(body.valid_from.as_deref())?,
        until: until.unwrap_or(caller.ctx.now),
    };
    let named: Result<Deputy, ApiError> = transact!(api.app.db, tx => {
        let permit = api.app.door.authorise(tx, &caller.ctx, action.clone()).await?;
        Ok(naming::name(tx, permit, &caller.ctx).await?)
    });
    answer(StatusCode::CREATED, &DeputyView::from(&named?))
}

/// `POST /deputies/{id}/end`
pub async fn end(State(api): State<Api>, caller: Caller, Ids(deputy): Ids<DeputyId>) -> ApiResult {
    let ended: Result<Deputy, ApiError> = transact!(api.app.db, tx => {
        let permit = api.app.door.authorise(tx, &caller.ctx, EndDeputy { deputy }).await?;
        Ok(ending::end(tx, permit, &caller.ctx).await?)
    });
    answer(StatusCode::OK, &DeputyView::from(&ended?))
}
