//! Nominations: open ones in sight, naming somebody by address, taking that back. Accepted they are by whoever owns the address.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::assignments::instant;
use super::error::ApiError;
use super::request::{ApiResult, Asked, Body, Caller, Ids, MAX_PAGE, answer, located};
use super::router::Api;
use super::view::{Naming, NominationView, Nominations};
use crate::authority::action::{Nominate, ReadProject, ReadRoles};
use crate::authority::{Action, Validity};
use crate::authority::{Reason, Refusal};
use crate::db::{Tx, transact};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::nomination::nominate as naming;
use crate::delegation::nomination::{store, withdraw as withdrawing};
use crate::directory::project::store as projects;
use crate::kernel::ids::{NominationId, OrganisationId, ProjectId};
use crate::kernel::text::EmailAddress;

/// Where nominations are asked for: one of the two.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceQuery {
    organisation: Option<OrganisationId>,
    project: Option<ProjectId>,
}

/// `GET /nominations?organisation=…` or `?project=…`. Whoever was named has not agreed to be seen yet: only those who could have named
/// them read of it.
pub async fn list(State(api): State<Api>, caller: Caller, Asked(query): Asked<PlaceQuery>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let (door, now) = (&api.app.door, caller.ctx.now);
    let organisations = match (query.organisation, query.project) {
        (Some(organisation), None) => {
            door.authorise_read(tx, &caller.ctx, ReadRoles { organisation }).await?;
            vec![organisation]
        }
        (None, Some(project)) => {
            door.authorise_read(tx, &caller.ctx, ReadProject { project }).await?;
            projects::list_participants(tx, project).await?
        }
        _ => return Err(ApiError::Malformed("name an `organisation` or a `project`".to_owned())),
    };
    let may_name = door.judge_nominations(tx, &caller.ctx, query.project, &organisations).await?;
    let found = store::list_some(tx, query.project, &may_name, (now, MAX_PAGE)).await?;
    answer(StatusCode::OK, &Nominations { items: found.iter().map(NominationView::from).collect() })
}

/// An open one, if the caller could make it: whoever could not does not learn that somebody did.
async fn open(tx: &mut Tx, api: &Api, caller: &Caller, id: NominationId) -> Result<Nomination, ApiError> {
    let found = store::find(tx, id).await?.filter(|one| one.is_open(caller.ctx.now)).ok_or(ApiError::NotFound)?;
    let action: Action = found.withdrawal(caller.ctx.now).into();
    let allowed = api.app.door.authorise_read(tx, &caller.ctx, action).await;
    allowed.map_err(|refusal| match refusal {
        Refusal::Denied(weak @ Reason::TooWeak(_)) => Refusal::Denied(weak).into(),
        Refusal::Denied(_) => ApiError::NotFound,
        other => other.into(),
    })?;
    Ok(found)
}

/// `GET /nominations/{id}`
pub async fn find(State(api): State<Api>, caller: Caller, Ids(id): Ids<NominationId>) -> ApiResult {
    let found = open(&mut api.app.db.reader().await?, &api, &caller, id).await?;
    caller.answer(StatusCode::OK, &NominationView::from(&found))
}

/// `POST /nominations`
pub async fn nominate(State(api): State<Api>, caller: Caller, Body(body): Body<Naming>) -> ApiResult {
    let email: EmailAddress =
        body.email.parse().map_err(|_| ApiError::Malformed("`email` is not an e-mail address".to_owned()))?;
    let action = Nominate {
        role: body.role,
        organisation: OrganisationId(body.organisation),
        project: body.project.map(ProjectId),
        person: None,
        validity: Validity { from: None, until: instant(body.valid_until.as_deref())? },
    };
    let door = &api.app.door;
    let made: Result<Nomination, ApiError> = transact!(api.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, action.clone()).await?;
        Ok(naming::nominate(tx, permit, door.roles(), &email, &caller.ctx).await?)
    });
    let made = made?;
    let shown = caller.answer(StatusCode::CREATED, &NominationView::from(&made));
    located(shown, &format!("/api/v1/nominations/{}", made.id))
}

/// `POST /nominations/{id}/withdraw`
pub async fn withdraw(State(api): State<Api>, caller: Caller, Ids(id): Ids<NominationId>) -> ApiResult {
    let found = open(&mut api.app.db.reader().await?, &api, &caller, id).await?;
    let done: Result<(), ApiError> = transact!(api.app.db, tx => {
        let permit = api.app.door.authorise(tx, &caller.ctx, found.withdrawal(caller.ctx.now)).await?;
        Ok(withdrawing::withdraw(tx, permit, &found, &caller.ctx).await?)
    });
    done?;
    let mut shown = NominationView::from(&found);
    "withdrawn".clone_into(&mut shown.state);
    answer(StatusCode::OK, &shown)
}
