//! Module access of organisations: what there is, granting, changing, suspending, giving back (D9).

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use uuid::Uuid;

use super::error::ApiError;
use super::request::{ApiResult, Body, Caller, Ids, answer, version};
use super::router::Api;
use super::view::{ModuleView, Modules, TermsBody};
use crate::authority::action::{GrantModule, ReadOrganisation, SuspendModule};
use crate::authority::{Action, Permission, Scope};
use crate::db::{Tx, transact};
use crate::directory::module::model::{MAX_COORDINATORS, ModuleAccess, ModuleKind};
use crate::directory::module::terms::Terms;
use crate::directory::module::{grant as granting, store, suspend as suspending};
use crate::directory::names_store;
use crate::kernel::ids::{ApplicationId, OrganisationId};

type Place = (OrganisationId, ApplicationId);

/// With the coordinators that the caller sees.
async fn views(tx: &mut Tx, api: &Api, caller: &Caller, held: &[ModuleAccess]) -> Result<Vec<ModuleView>, ApiError> {
    let authority = api.app.door.authority(tx, &caller.ctx).await?;
    let scope = Scope::of(&authority, &[Permission::OrganisationRead], caller.ctx.now);
    let named: BTreeSet<Uuid> = held.iter().flat_map(|access| &access.coordinators).map(|id| id.0).collect();
    let seen: BTreeSet<Uuid> = names_store::list_organisations(tx, &scope, &named).await?.into_keys().collect();
    Ok(held.iter().map(|access| ModuleView::of(access, &seen)).collect())
}

async fn view(tx: &mut Tx, api: &Api, caller: &Caller, access: ModuleAccess) -> Result<ModuleView, ApiError> {
    views(tx, api, caller, &[access]).await?.pop().ok_or(ApiError::NotFound)
}

/// `GET /organisations/{id}/modules`: those that the caller manages.
pub async fn list(State(api): State<Api>, caller: Caller, Ids(organisation): Ids<OrganisationId>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    api.app.door.authorise_read(tx, &caller.ctx, ReadOrganisation { organisation }).await?;
    let held = store::list_of_organisation(tx, organisation).await?;
    let ask =
        |access: &ModuleAccess| -> Action { SuspendModule { organisation, application: access.application }.into() };
    let actions: Vec<Action> = held.iter().map(ask).collect();
    let may = api.app.door.judge(tx, &caller.ctx, &actions).await?;
    let managed: Vec<ModuleAccess> = held.into_iter().zip(may).filter(|(_, may)| *may).map(|(one, _)| one).collect();
    let items = views(tx, &api, &caller, &managed).await?;
    answer(StatusCode::OK, &Modules { items })
}

/// One that the caller manages.
async fn managed(
    tx: &mut Tx,
    api: &Api,
    caller: &Caller,
    (organisation, application): Place,
) -> Result<ModuleAccess, ApiError> {
    api.app.door.authorise_read(tx, &caller.ctx, SuspendModule { organisation, application }).await?;
    store::find(tx, organisation, application).await?.ok_or(ApiError::NotFound)
}

/// `GET /organisations/{id}/modules/{application}`
pub async fn find(State(api): State<Api>, caller: Caller, Ids(place): Ids<Place>) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    let found = managed(tx, &api, &caller, place).await?;
    let shown = view(tx, &api, &caller, found).await?;
    caller.answer(StatusCode::OK, &shown)
}

fn read(body: TermsBody) -> Result<(Terms, Vec<OrganisationId>), ApiError> {
    let kind = ModuleKind::parse(&body.kind);
    let kind = kind.ok_or_else(|| ApiError::Malformed("`kind` is `authority` or `coordinator`".to_owned()))?;
    if body.coordinators.len() > MAX_COORDINATORS {
        return Err(ApiError::Malformed(format!("at most {MAX_COORDINATORS} coordinators can be named")));
    }
    let coordinators = body.coordinators.into_iter().map(OrganisationId).collect();
    Ok((Terms { kind, classification: body.classification, settings: body.settings }, coordinators))
}

async fn changed(api: &Api, caller: &Caller, status: StatusCode, access: ModuleAccess) -> ApiResult {
    let shown = view(&mut api.app.db.reader().await?, api, caller, access).await?;
    caller.answer(status, &shown)
}

/// The version of what is stored, if it is the one that the caller named. In the transaction of the change.
async fn unchanged(tx: &mut Tx, api: &Api, caller: &Caller, place: Place) -> Result<Option<i64>, ApiError> {
    match managed(tx, api, caller, place).await {
        Ok(found) => {
            let stored = found.version;
            caller.check(&version(&view(tx, api, caller, found).await?)?)?;
            Ok(Some(stored))
        }
        // The decision or the use case answers.
        Err(ApiError::NotFound | ApiError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `POST /organisations/{id}/modules/{application}/grant` (I24)
pub async fn grant(
    State(api): State<Api>,
    caller: Caller,
    Ids((organisation, application)): Ids<Place>,
    Body(body): Body<TermsBody>,
) -> ApiResult {
    let (terms, coordinators) = read(body)?;
    let made: Result<ModuleAccess, ApiError> = transact!(api.app.db, tx => {
        let action = GrantModule { organisation, application, coordinators: coordinators.clone() };
        let permit = api.app.door.authorise(tx, &caller.ctx, action).await?;
        Ok(granting::grant(tx, permit, terms.clone(), &caller.ctx).await?)
    });
    changed(&api, &caller, StatusCode::CREATED, made?).await
}

/// `PUT /organisations/{id}/modules/{application}` (I45, I57)
pub async fn change(
    State(api): State<Api>,
    caller: Caller,
    Ids((organisation, application)): Ids<Place>,
    Body(body): Body<TermsBody>,
) -> ApiResult {
    let (terms, coordinators) = read(body)?;
    let made: Result<ModuleAccess, ApiError> = transact!(api.app.db, tx => {
        let action = GrantModule { organisation, application, coordinators: coordinators.clone() };
        let permit = api.app.door.authorise(tx, &caller.ctx, action).await?;
        let seen = unchanged(tx, &api, &caller, (organisation, application)).await?;
        Ok(granting::change(tx, permit, terms.clone(), seen, &caller.ctx).await?)
    });
    changed(&api, &caller, StatusCode::OK, made?).await
}

/// `POST /organisations/{id}/modules/{application}/suspend` (I53)
pub async fn suspend(
    State(api): State<Api>,
    caller: Caller,
    Ids((organisation, application)): Ids<Place>,
) -> ApiResult {
    let made: Result<ModuleAccess, ApiError> = transact!(api.app.db, tx => {
        let permit = api.app.door.authorise(tx, &caller.ctx, SuspendModule { organisation, application }).await?;
        unchanged(tx, &api, &caller, (organisation, application)).await?;
        Ok(suspending::suspend(tx, permit, &caller.ctx).await?)
    });
    changed(&api, &caller, StatusCode::OK, made?).await
}

/// `POST /organisations/{id}/modules/{application}/regrant` (I77)
pub async fn regrant(
    State(api): State<Api>,
    caller: Caller,
    Ids((organisation, application)): Ids<Place>,
) -> ApiResult {
    let made: Result<ModuleAccess, ApiError> = transact!(api.app.db, tx => {
        let action = GrantModule { organisation, application, coordinators: Vec::new() };
        let permit = api.app.door.authorise(tx, &caller.ctx, action).await?;
        unchanged(tx, &api, &caller, (organisation, application)).await?;
        Ok(granting::regrant(tx, permit, &caller.ctx).await?)
    });
    changed(&api, &caller, StatusCode::OK, made?).await
}
