//! Role assignments: those in sight, giving, taking away, confirming, rejecting; each change also as a preview.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::error::ApiError;
use super::organisations::side;
use super::request::{ApiResult, Asked, Body, Caller, Ids, MAX_PAGE, answer, located, version};
use super::router::Api;
use super::view::{Because, Grant, Principal, Revocation, RoleAssignmentView, RoleAssignments, Side};
use crate::authority::action::{ConfirmRole, GrantRole, Nominate, RevokeRole};
use crate::authority::{Applications, Roles, Validity};
use crate::db::{Tx, transact};
use crate::delegation::effect;
use crate::delegation::give::Gift;
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::{RoleAssignment, State as Standing};
use crate::delegation::{confirm as confirming, revoke as revoking};
use crate::kernel::ids::{ApplicationId, ClientId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// The parameters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListQuery {
    organisation: Option<OrganisationId>,
    role: Option<String>,
    person: Option<UserId>,
    service: Option<ClientId>,
    state: Option<String>,
    after: Option<RoleAssignmentId>,
    limit: Option<i64>,
}

/// Whether something is only to be seen.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PreviewQuery {
    preview: bool,
}

/// What the caller sees of the roles of others.
pub(super) async fn sight(tx: &mut Tx, api: &Api, caller: &Caller) -> Result<Sight, ApiError> {
    let authority = api.app.door.authority(tx, &caller.ctx).await?;
    Ok(Sight::of(&authority, caller.ctx.now))
}

/// An instant, as RFC 3339 has it.
pub(super) fn instant(text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    let read = |text| {
        Timestamp::parse_rfc3339(text).ok_or_else(|| ApiError::Malformed("not an instant of RFC 3339".to_owned()))
    };
    text.map(read).transpose()
}

fn principal(given: &Principal) -> Result<PrincipalId, ApiError> {
    let found = PrincipalId::from_parts(&given.kind, given.id).filter(|found| *found != PrincipalId::Console);
    found.ok_or_else(|| ApiError::Malformed("`kind` is `person` or `service`".to_owned()))
}

/// What is to be given, and by which use case.
pub(super) fn wanted(body: Grant, roles: &Roles) -> Result<Gift, ApiError> {
    let to = principal(&body.principal)?;
    let organisation = OrganisationId(body.organisation);
    let validity =
        Validity { from: instant(body.valid_from.as_deref())?, until: instant(body.valid_until.as_deref())? };
    if roles.get(&body.role).is_some_and(|role| role.nominated) {
        let person = to.person().filter(|_| !body.include_sub_levels && body.applications.is_none());
        let text = "this role is for people, at one organisation, and not for some applications";
        let person = Some(person.ok_or_else(|| ApiError::Malformed(text.to_owned()))?);
        let project = body.project.map(ProjectId);
        return Ok(Gift::Chosen(Nominate { role: body.role, organisation, project, person, validity }));
    }
    if body.project.is_some() {
        return Err(ApiError::Malformed("`project` is for roles that people are named for".to_owned()));
    }
    let only = body.applications.map(|set| Applications::Only(set.into_iter().map(ApplicationId).collect()));
    Ok(Gift::Granted(GrantRole {
        to,
        role: body.role,
        organisation,
        include_sub_levels: body.include_sub_levels,
        applications: only.unwrap_or(Applications::All),
        validity,
    }))
}

/// `GET /role-assignments`
pub async fn list(State(api): State<Api>, caller: Caller, Asked(query): Asked<ListQuery>) -> ApiResult {
    let state = match query.state.as_deref() {
        None => None,
        Some(word) => Some(Standing::parse(word).ok_or_else(|| ApiError::Malformed("no such `state`".to_owned()))?),
    };
    let person = query.person.map(PrincipalId::Person);
    let wanted = Wanted {
        ids: None,
        organisation: query.organisation,
        role: query.role,
        principal: person.or(query.service.map(PrincipalId::Service)),
        state,
        after: query.after,
    };
    let limit = query.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let tx = &mut api.app.db.reader().await?;
    let sight = sight(tx, &api, &caller).await?;
    let mut found = listed_store::list(tx, &sight, &wanted, limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    let items = found.iter().map(RoleAssignmentView::of).collect();
    answer(StatusCode::OK, &RoleAssignments { items, next })
}

/// One in sight, whatever its state.
async fn seen(tx: &mut Tx, api: &Api, caller: &Caller, id: RoleAssignmentId) -> Result<RoleAssignment, ApiError> {
    let sight = sight(tx, api, caller).await?;
    for state in [None, Some(Standing::Revoked)] {
        let wanted = Wanted { ids: Some(vec![id]), state, ..Wanted::default() };
        if let Some(found) = listed_store::list(tx, &sight, &wanted, 1).await?.pop() {
            return Ok(found);
        }
    }
    Err(ApiError::NotFound)
}

/// `GET /role-assignments/{id}`
pub async fn find(State(api): State<Api>, caller: Caller, Ids(id): Ids<RoleAssignmentId>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let found = seen(tx, &api, &caller, id).await?;
    caller.answer(StatusCode::OK, &RoleAssignmentView::of(&found))
}

/// `POST /role-assignments`; with `preview=true` nothing is kept, and the answer is what would have been.
pub async fn grant(
    State(api): State<Api>,
    caller: Caller,
    Asked(query): Asked<PreviewQuery>,
    Body(body): Body<Grant>,
) -> ApiResult {
    let door = &api.app.door;
    let gift = wanted(body, door.roles())?;
    let made: Result<RoleAssignment, ApiError> = transact!(api.app.db, tx => {
        let made = gift.give(tx, door, &caller.ctx).await?;
        if query.preview { Err(ApiError::Previewed(Box::new(made))) } else { Ok(made) }
    });
    // Whoever gives it names the applications themselves.
    match made {
        Err(ApiError::Previewed(made)) => answer(StatusCode::OK, &RoleAssignmentView::of(&made)),
        made => {
            let made = made?;
            let shown = caller.answer(StatusCode::CREATED, &RoleAssignmentView::of(&made));
            located(shown, &format!("/api/v1/role-assignments/{}", made.id))
        }
    }
}

/// `POST /role-assignments/{id}/revoke`; with `preview=true` nothing is kept.
pub async fn revoke(
    State(api): State<Api>,
    caller: Caller,
    Ids(assignment): Ids<RoleAssignmentId>,
    Asked(query): Asked<PreviewQuery>,
    Body(body): Body<Because>,
) -> ApiResult {
    let door = &api.app.door;
    let done: Result<(RoleAssignment, Side), ApiError> = transact!(api.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, RevokeRole { assignment }).await?;
        unchanged(tx, &api, &caller, assignment).await?;
        let mut ends: Vec<_> = crate::delegation::store::find(tx, assignment).await?.into_iter().collect();
        if let Some(found) = ends.first() {
            let along = crate::delegation::ending::dependent_on(tx, door.roles(), found).await?;
            ends.extend(along);
        }
        let mut effect = effect::of_end(tx, ends, caller.ctx.now).await?;
        // It is told by itself; only who stands in for its holder is told here.
        effect.loses.holders.retain(|one| one.id != assignment);
        let seen = sight(tx, &api, &caller).await?;
        let along = side(tx, &seen, &effect.loses).await?;
        if query.preview {
            let kept = along.clone();
            let ended = revoking::revoke(tx, permit, door.roles(), body.reason.as_deref(), &caller.ctx).await?;
            Err(ApiError::Previewing(Box::new((ended, kept))))
        } else {
            Ok((revoking::revoke(tx, permit, door.roles(), body.reason.as_deref(), &caller.ctx).await?, along))
        }
    });
    let (ended, along) = match done {
        Err(ApiError::Previewing(would)) => *would,
        done => done?,
    };
    let tx = &mut api.app.db.reader().await?;
    let sight = sight(tx, &api, &caller).await?;
    let revoked = |one| RoleAssignmentView { state: Standing::Revoked.as_str().to_owned(), ..one };
    let role_assignment = revoked(RoleAssignmentView::of(&sight.show_one(tx, ended).await?));
    let ends_too = along.role_assignments.into_iter().map(revoked).collect();
    let body = Revocation { role_assignment, ends_too, others: along.others, deputies: along.deputies };
    answer(StatusCode::OK, &body)
}

/// `If-Match`, for whoever sees it; for anybody else the decision answers. In the transaction of the change.
async fn unchanged(tx: &mut Tx, api: &Api, caller: &Caller, id: RoleAssignmentId) -> Result<(), ApiError> {
    match seen(tx, api, caller, id).await {
        Ok(found) => caller.check(&version(&RoleAssignmentView::of(&found))?),
        Err(ApiError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// `POST /role-assignments/{id}/confirm` (D11)
pub async fn confirm(State(api): State<Api>, caller: Caller, Ids(assignment): Ids<RoleAssignmentId>) -> ApiResult {
    let door = &api.app.door;
    let done: Result<RoleAssignment, ApiError> = transact!(api.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, ConfirmRole { assignment }).await?;
        unchanged(tx, &api, &caller, assignment).await?;
        Ok(confirming::confirm(tx, permit, &caller.ctx).await?)
    });
    decided(&api, &caller, done?).await
}

/// `POST /role-assignments/{id}/reject` (D11)
pub async fn reject(
    State(api): State<Api>,
    caller: Caller,
    Ids(assignment): Ids<RoleAssignmentId>,
    Body(body): Body<Because>,
) -> ApiResult {
    let door = &api.app.door;
    let reason = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let reason = reason.ok_or_else(|| ApiError::Malformed("`reason` is needed".to_owned()))?;
    let done: Result<RoleAssignment, ApiError> = transact!(api.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, ConfirmRole { assignment }).await?;
        unchanged(tx, &api, &caller, assignment).await?;
        Ok(confirming::reject(tx, permit, reason, &caller.ctx).await?)
    });
    decided(&api, &caller, done?).await
}

async fn decided(api: &Api, caller: &Caller, decided: RoleAssignment) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let shown = sight(tx, api, caller).await?.show_one(tx, decided).await?;
    caller.answer(StatusCode::OK, &RoleAssignmentView::of(&shown))
}
