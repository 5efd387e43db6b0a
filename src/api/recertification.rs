//! Recertification: the roles and memberships of one's people that wait to be confirmed, and confirming or removing them.

use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::ApiError;
use super::request::{ApiResult, Asked, Body, Caller, Part, answer};
use super::router::Api;
use super::view::RoleAssignmentView;
use crate::db::{Tx, transact};
use crate::delegation::listed_store::Sight;
use crate::delegation::recertification::answer as answering;
use crate::delegation::recertification::model::{DueMembership, DueRole};
use crate::directory::user::due_store::{self as due, Reader};
use crate::kernel::ids::{MembershipId, RoleAssignmentId};

/// Most that are decided at once.
const MOST: usize = 200;

/// A role that waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DueRole")]
pub struct DueRoleView {
    /// The role.
    pub role_assignment: RoleAssignmentView,
    /// It lapses then, unless it is confirmed.
    pub due_at: String,
    /// Whether the caller may confirm it; otherwise somebody else has to.
    pub may_confirm: bool,
}

/// Roles that wait.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DueRoles {
    /// This part of them, the first to lapse first.
    pub items: Vec<DueRoleView>,
    /// How many there are in all.
    pub total: u64,
}

/// A membership that waits.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "DueMembership")]
pub struct DueMembershipView {
    /// The id.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Who.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub person: Uuid,
    /// In which group.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub group: Uuid,
    /// It lapses then, unless it is confirmed.
    pub due_at: String,
    /// Whether the caller may confirm it; otherwise somebody else has to.
    pub may_confirm: bool,
}

/// Memberships that wait.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DueMemberships {
    /// This part of them, the first to lapse first.
    pub items: Vec<DueMembershipView>,
    /// How many there are in all.
    pub total: u64,
}

/// What is decided, all or nothing; what does not wait any more is passed over.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// Ids that are confirmed.
    #[schemars(with = "Vec<String>")]
    pub keep: Vec<Uuid>,
    /// Ids that are taken away.
    #[schemars(with = "Vec<String>")]
    pub remove: Vec<Uuid>,
}

impl Answers {
    fn check(&self) -> Result<(), ApiError> {
        if self.keep.len() + self.remove.len() > MOST {
            return Err(ApiError::Malformed(format!("at most {MOST} are decided at once")));
        }
        if self.keep.iter().any(|id| self.remove.contains(id)) {
            return Err(ApiError::Malformed("one of them is both kept and removed".to_owned()));
        }
        Ok(())
    }
}

/// How many were decided.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Answered {
    /// Confirmed.
    pub kept: usize,
    /// Taken away.
    pub removed: usize,
}

async fn reader(tx: &mut Tx, api: &Api, caller: &Caller) -> Result<(Reader, Sight), ApiError> {
    let authority = api.app.door.authority(tx, &caller.ctx).await?;
    let reader = Reader::of(&authority, api.app.door.roles(), caller.ctx.now);
    Ok((reader, Sight::of(&authority, caller.ctx.now)))
}

/// `GET /recertification/roles`
pub async fn list_roles(State(api): State<Api>, caller: Caller, Asked(part): Asked<Part>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let (reader, sight) = reader(tx, &api, &caller).await?;
    if !reader.may().0 {
        return Err(ApiError::NotFound);
    }
    let total = due::count_roles(tx, &reader).await?;
    let found = due::list_roles(tx, &reader, part.bounds()).await?;
    let about: Vec<_> = found.iter().filter_map(DueRole::kept).collect();
    let may = api.app.door.judge_kept_roles(tx, &caller.ctx, &about).await?;
    let shown = sight.show(tx, found.iter().map(|one| one.role.clone()).collect()).await?;
    let items = found.iter().zip(&shown).zip(may).map(|((one, role), may_confirm)| DueRoleView {
        role_assignment: RoleAssignmentView::of(role),
        due_at: one.due_at.to_rfc3339(),
        may_confirm,
    });
    answer(StatusCode::OK, &DueRoles { items: items.collect(), total })
}

/// `GET /recertification/memberships`
pub async fn list_memberships(State(api): State<Api>, caller: Caller, Asked(part): Asked<Part>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let (reader, _) = reader(tx, &api, &caller).await?;
    if !reader.may().1 {
        return Err(ApiError::NotFound);
    }
    let total = due::count_memberships(tx, &reader).await?;
    let found = due::list_memberships(tx, &reader, part.bounds()).await?;
    let about: Vec<_> = found.iter().map(DueMembership::kept).collect();
    let may = api.app.door.judge_kept_memberships(tx, &caller.ctx, &about).await?;
    let items = found.iter().zip(may).map(|(one, may_confirm)| DueMembershipView {
        id: one.id.0,
        person: one.user.0,
        group: one.group.0,
        due_at: one.due_at.to_rfc3339(),
        may_confirm,
    });
    answer(StatusCode::OK, &DueMemberships { items: items.collect(), total })
}

/// `POST /recertification/roles`
pub async fn answer_roles(State(api): State<Api>, caller: Caller, Body(body): Body<Answers>) -> ApiResult {
    body.check()?;
    let ids = |ids: &[Uuid]| ids.iter().copied().map(RoleAssignmentId).collect::<Vec<_>>();
    let (keep, remove) = (ids(&body.keep), ids(&body.remove));
    let done: Result<Answered, ApiError> = transact!(api.app.db, tx => {
        let (reader, _) = reader(tx, &api, &caller).await?;
        let by = (&api.app.door, &reader);
        let kept = answering::roles(tx, by, (true, &keep), &caller.ctx).await?;
        Ok(Answered { kept, removed: answering::roles(tx, by, (false, &remove), &caller.ctx).await? })
    });
    answer(StatusCode::OK, &done?)
}

/// `POST /recertification/memberships`
pub async fn answer_memberships(State(api): State<Api>, caller: Caller, Body(body): Body<Answers>) -> ApiResult {
    body.check()?;
    let ids = |ids: &[Uuid]| ids.iter().copied().map(MembershipId).collect::<Vec<_>>();
    let (keep, remove) = (ids(&body.keep), ids(&body.remove));
    let done: Result<Answered, ApiError> = transact!(api.app.db, tx => {
        let (reader, _) = reader(tx, &api, &caller).await?;
        let by = (&api.app.door, &reader);
        let kept = answering::memberships(tx, by, (true, &keep), &caller.ctx).await?;
        Ok(Answered { kept, removed: answering::memberships(tx, by, (false, &remove), &caller.ctx).await? })
    });
    answer(StatusCode::OK, &done?)
}
