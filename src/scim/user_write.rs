//! `/Users`, as far as it creates and changes (RFC 7644 §3.3, §3.5).

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value};

use super::error::ScimError;
use super::list_request::ListParameters;
use super::projection::Projection;
use super::request::{Caller, answer_resource, id, stamp, text_header};
use super::router::{Scim, bytes};
use super::schema::{self, CHAMBERLAIN_USER, CORE_USER};
use super::user_view::Viewer;
use super::{body, etag, external_id, filter, home, patch, user_resource};
use crate::authority::Permit;
use crate::authority::action::{CreateUser, MoveUser, UpdateUser};
use crate::db::{Tx, transact};
use crate::directory::external_id_store::ResourceKind;
use crate::directory::user;
use crate::directory::user::conflict::{self, Asker, Verdict};
use crate::directory::user::guard::Guard;
use crate::directory::user::model::{User, UserChange};
use crate::kernel::ids::{OrganisationId, UserId};

/// `POST /Users`.
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let sent = body::read(&headers, &bytes(body, caller.tolerated.limits()).await?)?;
    refuse_groups(&sent)?;
    let external_id = external_id::of(&sent)?;
    let document = body::resource(CORE_USER, sent, &caller.tolerated)?;
    let wanted = user_resource::organisation(&document);
    let new = user_resource::new_user(document)?;
    let names: Vec<String> =
        new.user_name.iter().cloned().chain(new.email.iter().map(|email| email.as_str().to_owned())).collect();
    let made = transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, &scim, &caller).await?;
        let organisation = match &wanted {
            Some(text) => home::named(tx, &caller, text).await?,
            None => home::own(tx, &caller).await?,
        };
        let refused = if wanted.is_some() { home::refused } else { home::own_refused };
        let permit = scim.app.door.authorise(tx, &caller.ctx, CreateUser { organisation }).await.map_err(refused)?;
        if let Some(refusal) = taken(tx, (&viewer, &caller), &names, None).await? {
            return Ok(Err(refusal));
        }
        let user = user::create::create(tx, permit, new.clone(), &caller.ctx).await?;
        external_id::save(tx, &caller, (ResourceKind::User, user.id.0), external_id.as_deref()).await?;
        let seen = viewer.find_permitted(tx, user.id).await?;
        Ok::<_, ScimError>(Ok((viewer.render(&seen), viewer.projection(&seen, &projection))))
    })?;
    let (mut resource, projection): (Map<String, Value>, Projection) = made?;
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::CREATED, &resource, Some(&version), &projection))
}

/// The refusal of names that somebody else has. It is not an error inside of the transaction, which holds the audit event.
async fn taken(
    tx: &mut Tx,
    (viewer, caller): (&Viewer, &Caller),
    names: &[String],
    holder: Option<UserId>,
) -> Result<Option<ScimError>, ScimError> {
    let asker = Asker { client: caller.client, scope: &viewer.contacts };
    Ok(match conflict::check(tx, names, holder, asker, &caller.ctx).await? {
        Verdict::Free => None,
        Verdict::Taken => Some(ScimError::Uniqueness),
        Verdict::TooMany => Some(ScimError::TooManyRequests(conflict::WINDOW.as_secs())),
    })
}

/// DA-13: access is given through groups, where it is decided; a list that is not empty must not look as if it had worked.
fn refuse_groups(sent: &Map<String, Value>) -> Result<(), ScimError> {
    match filter::get(sent, "groups") {
        Some(Value::Array(list)) if !list.is_empty() => {
            Err(ScimError::Mutability("`groups` is read-only; change the members of the group".to_owned()))
        }
        _ => Ok(()),
    }
}

/// DA-33: what is sent to one resource does not name another.
pub fn refuse_other_id(sent: &Map<String, Value>, id: &str) -> Result<(), ScimError> {
    match filter::get(sent, "id") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(named)) if named.eq_ignore_ascii_case(id) => Ok(()),
        Some(_) => Err(ScimError::InvalidValue("`id` is not the id of this resource".to_owned())),
    }
}

/// `PUT /Users/{id}`: what is left out is unassigned, what only the server sets stays (SC-13). Clients that do not know our extension leave
/// it out as a whole, and it stays: an account that ends would live on, otherwise.
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
    refuse_other_id(&sent, &text)?;
    let external_id = external_id::of(&sent)?;
    let tells_ours = filter::get(&sent, CHAMBERLAIN_USER).is_some();
    let document = body::resource(CORE_USER, sent, &caller.tolerated)?;
    change(&scim, &caller, id(&text)?, (&headers, projection), |user, _| {
        let mut document = document.clone();
        if !document.contains_key("active")
            && let Some(active) = user_resource::document(user).remove("active")
        {
            document.insert("active".to_owned(), active);
        }
        if !tells_ours {
            user_resource::keep_extension(&mut document, user);
        }
        Ok((document, external_id.clone()))
    })
    .await
}

/// `PATCH /Users/{id}`.
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
    let operations = schema::writable(CORE_USER, operations)?;
    change(&scim, &caller, id(&text)?, (&headers, projection), |user, external_id| {
        let mut document = user_resource::document(user);
        document.retain(|_, value| !value.is_null());
        if let Some(external_id) = external_id {
            document.insert("externalId".to_owned(), external_id.into());
        }
        let had_active = document.contains_key("active");
        let patched =
            patch::apply(&document, &operations, |path| schema::is_multi_valued(CORE_USER, path), &caller.tolerated)?;
        let external_id = external_id::of(&patched)?;
        let mut patched = body::normalise(CORE_USER, patched, &caller.tolerated)?;
        if had_active && !patched.contains_key("active") {
            // Unassigned: no longer shown, and the switch stays where it is, so that nothing is revived by it.
            patched.insert("active".to_owned(), Value::Null);
        }
        if !patched.contains_key(CHAMBERLAIN_USER) {
            user_resource::put_aside(&mut patched);
        }
        Ok((patched, external_id))
    })
    .await
}

/// A person's document and the external id.
type Document = (Map<String, Value>, Option<String>);

async fn change(
    scim: &Scim,
    caller: &Caller,
    id: UserId,
    (headers, projection): (&HeaderMap, Projection),
    next: impl Fn(&User, Option<String>) -> Result<Document, ScimError>,
) -> Result<Response, ScimError> {
    let condition = text_header(headers, header::IF_MATCH);
    let changed = transact!(scim.app.db, tx => {
        let viewer = Viewer::new(tx, scim, caller).await?;
        let before = viewer.find(tx, id).await?;
        etag::check(condition, &etag::of(&viewer.render(&before)), scim.settings.require_if_match)?;
        // Before a word of the change is held against what is stored: its filters could ask for what is not shown (decision 13).
        let permit = scim.app.door.authorise(tx, &caller.ctx, UpdateUser { user: id }).await?;
        let known = &before.listed.external_id;
        let (document, external_id) = next(&before.listed.user, known.clone())?;
        let to = match user_resource::organisation(&document) {
            Some(text) => home::named(tx, caller, &text).await?,
            None => before.listed.user.organisation,
        };
        let change = user_resource::change(document)?;
        if let Some(refusal) = taken(tx, (&viewer, caller), &new_names(&before.listed.user, &change), Some(id)).await? {
            return Ok(Err(refusal));
        }
        apply(tx, (scim, caller), permit, (&before.listed.user, change), to).await?;
        if external_id != *known {
            external_id::save(tx, caller, (ResourceKind::User, id.0), external_id.as_deref()).await?;
        }
        let after = viewer.find_permitted(tx, id).await?;
        let is_new = after.listed.user.version != before.listed.user.version;
        Ok::<_, ScimError>(Ok((viewer.render(&after), viewer.projection(&after, &projection), is_new)))
    })?;
    let (mut resource, projection, is_new) = changed?;
    if is_new {
        scim.app.door.changed();
    }
    let version = stamp(&mut resource);
    Ok(answer_resource(StatusCode::OK, &resource, Some(&version), &projection))
}

/// The names that a change asks for and the person does not have, or wait for, yet.
fn new_names(user: &User, change: &UserChange) -> Vec<String> {
    let name = change.user_name.iter().filter(|name| !name.eq_ignore_ascii_case(&user.user_name)).cloned();
    let pending = user.pending.as_ref().and_then(|pending| pending.email.as_ref());
    let email = change
        .email
        .iter()
        .flatten()
        .filter(|email| !user.email.iter().chain(pending).any(|known| known.folded() == email.folded()));
    name.chain(email.map(|email| email.as_str().to_owned())).collect()
}

async fn apply(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    permit: Permit<UpdateUser>,
    (user, change): (&User, UserChange),
    to: OrganisationId,
) -> Result<(), ScimError> {
    let guard = Guard { roles: scim.app.door.roles(), reason: None };
    user::update::update(tx, permit, change, Some(user.version), guard, &caller.ctx).await?;
    if to != user.organisation {
        let action = MoveUser { user: user.id, to };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await.map_err(home::refused)?;
        user::transfer::transfer(tx, permit, guard, &caller.ctx).await?;
    }
    Ok(())
}
