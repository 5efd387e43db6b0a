//! Requests to revoke: asking, declining, and what there is to answer (P60, P68).

use axum::extract::State;
use axum::http::StatusCode;

use super::error::ApiError;
use super::request::{ApiResult, Body, Caller, Ids, MAX_PAGE, answer};
use super::router::Api;
use super::view::{Because, RevocationRequestView, RevocationRequests};
use crate::authority::action::{DeclineRevocation, RequestRevocation};
use crate::db::transact;
use crate::delegation::request::answerable::answerable;
use crate::delegation::request::ask as asking;
use crate::delegation::request::store;
use crate::kernel::ids::RoleAssignmentId;

/// `POST /role-assignments/{id}/revocation-request`
pub async fn ask(
    State(api): State<Api>,
    caller: Caller,
    Ids(assignment): Ids<RoleAssignmentId>,
    Body(body): Body<Because>,
) -> ApiResult {
    let door = &api.app.door;
    let reason = body.reason.unwrap_or_default();
    let asked: Result<_, ApiError> = transact!(api.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, RequestRevocation { assignment }).await?;
        Ok(asking::ask(tx, door, permit, &reason, &caller.ctx).await?)
    });
    answer(StatusCode::CREATED, &RevocationRequestView::from(&asked?))
}

/// `POST /role-assignments/{id}/revocation-request/decline`
pub async fn decline(
    State(api): State<Api>,
    caller: Caller,
    Ids(assignment): Ids<RoleAssignmentId>,
    Body(body): Body<Because>,
) -> ApiResult {
    let door = &api.app.door;
    let reason = body.reason.unwrap_or_default();
    let done: Result<_, ApiError> = transact!(api.app.db, tx => {
        let open = store::find_open(tx, assignment).await?;
        let permit = door.authorise(tx, &caller.ctx, DeclineRevocation { assignment }).await?;
        asking::decline(tx, permit, &reason, &caller.ctx).await?;
        Ok(open)
    });
    let mut shown = done?.as_ref().map(RevocationRequestView::from).ok_or(ApiError::NotFound)?;
    (shown.state, shown.answer) = ("declined".to_owned(), Some(reason.trim().to_owned()));
    answer(StatusCode::OK, &shown)
}

/// `GET /revocation-requests`
pub async fn list(State(api): State<Api>, caller: Caller) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let found = answerable(tx, &api.app.door, MAX_PAGE, &caller.ctx).await?;
    let to_answer = found.iter().map(|(request, _)| RevocationRequestView::from(request)).collect();
    let Some(actor) = caller.ctx.actor else { return Err(ApiError::NotFound) };
    let asked = store::list_by(tx, actor, MAX_PAGE).await?;
    let asked = asked.iter().map(RevocationRequestView::from).collect();
    answer(StatusCode::OK, &RevocationRequests { to_answer, asked })
}
