//! Who may do something, to what somebody may, and what somebody may do to something (AuthZEN 1.0 §8). Only what the asker sees is found.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::evaluate::{may, sees};
use super::question::{Entity, Named, Thing, identified, needed, subject as read_subject};
use crate::api::error::ApiError;
use crate::api::request::{ApiResult, Body, Caller, answer};
use crate::api::router::Api;
use crate::authority::{Action, Decision, Permission, Scope};
use crate::db::Tx;
use crate::delegation::explain::{Eyes, MOST, who_can_each};
use crate::delegation::listed_store::Sight;
use crate::directory::organisation::search_store as organisations;
use crate::directory::user::search::Search;
use crate::directory::user::search_store as people;
use crate::directory::{names_store, user};
use crate::kernel::ids::{OrganisationId, PrincipalId, UserId};

/// Most results of one page.
const PAGE: i64 = 100;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    subject: Option<Entity>,
    action: Option<Named>,
    resource: Option<Entity>,
    page: Page,
}

/// Where a page begins (AuthZEN 1.0 §8.2).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Page {
    token: Option<String>,
}

#[derive(Debug, Serialize)]
struct Found {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
}

fn results(found: &[impl Serialize], next: Option<String>) -> ApiResult {
    answer(StatusCode::OK, &json!({ "results": found, "page": { "next_token": next.unwrap_or_default() } }))
}

fn nothing() -> ApiResult {
    results(&[] as &[Found], None)
}

impl Wanted {
    /// How many candidates were looked at on the pages before.
    fn offset(&self) -> Result<i64, ApiError> {
        match self.page.token.as_deref().filter(|token| !token.is_empty()) {
            None => Ok(0),
            Some(token) => {
                let read = token.parse().ok().filter(|offset| (0..1_000_000_000).contains(offset));
                read.ok_or_else(|| ApiError::Malformed("no such page".to_owned()))
            }
        }
    }
}

/// `POST /access/v1/search/subject`: of the people whom the asker sees.
pub async fn subject(State(api): State<Api>, caller: Caller, Body(wanted): Body<Wanted>) -> ApiResult {
    let offset = wanted.offset()?;
    let kind = needed(wanted.subject, "subject")?.kind;
    let resource = identified(wanted.resource, "resource")?;
    let action = needed(wanted.action, "action")?;
    let tx = &mut api.app.db.reader().await?;
    let Some(thing) = Thing::read(&resource).filter(|_| kind == "user") else { return nothing() };
    thing.has_what_it_needs(&action.name, &resource.properties)?;
    let Some((action, besides)) = thing.action(&action.name, &resource.properties) else { return nothing() };
    for thing in [Some(&thing), besides.as_ref()].into_iter().flatten() {
        if !may(tx, &api, &caller, thing.sight()).await? {
            return nothing();
        }
    }
    let Some(place) = place(tx, &thing).await? else { return nothing() };
    let (door, now) = (&api.app.door, caller.ctx.now);
    let authority = door.authority(tx, &caller.ctx).await?;
    let sight = Sight::of(&authority, now);
    let asked = (Eyes::Of(caller.ctx.actor, &sight), std::slice::from_ref(&action));
    let (able, whole) = who_can_each(tx, door, asked, (place, offset), now).await?;
    let able: BTreeSet<_> = able.iter().flatten().filter_map(|(who, _)| who.person()).map(|id| id.0).collect();
    let scope = Scope::of_people(&authority, caller.ctx.now);
    let seen = names_store::list_people(tx, (&scope, &Scope::nowhere()), &able).await?;
    let own = caller.ctx.actor.and_then(PrincipalId::person).map(|id| id.0).filter(|id| able.contains(id));
    let ids: BTreeSet<_> = seen.into_keys().chain(own).collect();
    let found: Vec<Found> = ids.into_iter().map(|id| Found { kind: "user", id: id.to_string() }).collect();
    let next = i64::try_from(MOST).ok().filter(|_| !whole).map(|asked| (offset + asked).to_string());
    results(&found, next)
}

/// Where the holders of roles that reach a thing hold them: nowhere for a group, which is of no organisation.
async fn place(tx: &mut Tx, thing: &Thing) -> Result<Option<OrganisationId>, ApiError> {
    Ok(match thing {
        Thing::User(id) => user::store::find(tx, *id).await?.map(|user| user.organisation),
        Thing::Organisation(id) => Some(*id),
        Thing::Group(_) => None,
    })
}

/// `POST /access/v1/search/resource`: of the people or the organisations that the asker sees, a page of candidates at a time.
pub async fn resource(State(api): State<Api>, caller: Caller, Body(wanted): Body<Wanted>) -> ApiResult {
    let offset = wanted.offset()?;
    let who = identified(wanted.subject, "subject")?;
    let action = needed(wanted.action, "action")?.name;
    let resource = needed(wanted.resource, "resource")?;
    let tx = &mut api.app.db.reader().await?;
    let Some(who) = read_subject(&who) else { return nothing() };
    if !sees(tx, &api, &caller, who).await? {
        return nothing();
    }
    let (door, now) = (&api.app.door, caller.ctx.now);
    let authority = door.authority(tx, &caller.ctx).await?;
    let sight = Sight::of(&authority, now);
    let held = Eyes::Of(caller.ctx.actor, &sight).held_by(tx, door, who, now).await?;
    let next = |candidates: usize| {
        (candidates > 0 && i64::try_from(candidates).ok() == Some(PAGE)).then(|| (offset + PAGE).to_string())
    };
    let ask = |thing: Thing| thing.action(&action, &resource.properties).map(|(action, _)| action);
    match resource.kind.as_str() {
        "user" => {
            let search = Search::everybody(Scope::of_people(&authority, now), None);
            let listed = people::list(tx, &search, now, PAGE, offset).await?;
            let asked: Vec<(UserId, OrganisationId, Action)> = listed
                .iter()
                .filter(|_| !action.starts_with("membership."))
                .filter_map(|user| Some((user.id, user.organisation, ask(Thing::User(user.id))?)))
                .collect();
            let able = door.explain_people(tx, (&held, &asked), now).await?;
            let found: Vec<Found> = able.iter().map(|id| Found { kind: "user", id: id.to_string() }).collect();
            results(&found, next(listed.len()))
        }
        "organisation" => {
            let scope = Scope::of(&authority, &[Permission::OrganisationRead], now);
            let search = organisations::Search { scope, name: String::new(), parent: None };
            let listed = organisations::list(tx, &search, PAGE, offset).await?;
            let asked: Vec<(OrganisationId, Action)> =
                listed.iter().filter_map(|node| Some((node.id, ask(Thing::Organisation(node.id))?))).collect();
            let able = door.explain_places(tx, (&held, &asked), now).await?;
            let found: Vec<Found> = able.iter().map(|id| Found { kind: "organisation", id: id.to_string() }).collect();
            results(&found, next(listed.len()))
        }
        _ => nothing(),
    }
}

/// `POST /access/v1/search/action`
pub async fn action(State(api): State<Api>, caller: Caller, Body(wanted): Body<Wanted>) -> ApiResult {
    let who = identified(wanted.subject, "subject")?;
    let resource = identified(wanted.resource, "resource")?;
    let tx = &mut api.app.db.reader().await?;
    let (Some(who), Some(thing)) = (read_subject(&who), Thing::read(&resource)) else { return nothing() };
    if !sees(tx, &api, &caller, who).await? || !may(tx, &api, &caller, thing.sight()).await? {
        return nothing();
    }
    let (door, now) = (&api.app.door, caller.ctx.now);
    let authority = door.authority(tx, &caller.ctx).await?;
    let sight = Sight::of(&authority, now);
    let held = Eyes::Of(caller.ctx.actor, &sight).held_by(tx, door, who, now).await?;
    let (mut names, mut actions) = (Vec::new(), Vec::new());
    for name in thing.actions() {
        let Some((action, besides)) = thing.action(name, &resource.properties) else { continue };
        if let Some(besides) = besides
            && !may(tx, &api, &caller, besides.sight()).await?
        {
            continue;
        }
        names.push(name);
        actions.push(action);
    }
    let judged = door.explain_held(tx, (std::slice::from_ref(&held), &actions), now).await?;
    let decisions = names.iter().zip(judged.iter().flat_map(|(_, decisions)| decisions));
    let able = decisions.filter(|(_, decision)| matches!(decision, Decision::Allow(_)));
    let found: Vec<Value> = able.map(|(name, _)| json!({ "name": name })).collect();
    results(&found, None)
}
