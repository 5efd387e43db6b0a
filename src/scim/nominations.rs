//! `/Nominations`: who was named for a role by e-mail address and has not answered. Only those who could have named them read of it.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::document::Document;
use super::error::ScimError;
use super::list_request::{ListParameters, ListRequest};
use super::listed::{self, Kind, Listing};
use super::page::Page;
use super::request::{Caller, id};
use super::router::Scim;
use super::schema;
use crate::authority::action::Nominate;
use crate::authority::{Naming, Validity};
use crate::db::{Tx, transact};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::nomination::nominate::{NominateError, nominate};
use crate::delegation::nomination::store;
use crate::delegation::nomination::withdraw::{WithdrawError, withdraw};
use crate::directory::listing::Part;
use crate::kernel::ids::NominationId;
use crate::kernel::text::EmailAddress;
use crate::kernel::time::Timestamp;

/// How long whoever names too many waits, in seconds.
const WAIT: u64 = 3_600;

impl From<NominateError> for ScimError {
    fn from(error: NominateError) -> Self {
        match error {
            NominateError::AlreadyNominated => Self::Uniqueness,
            NominateError::InvalidDates | NominateError::UnknownRole(_) => Self::InvalidValue(error.to_string()),
            NominateError::TooMany => Self::TooManyRequests(WAIT),
            NominateError::Db(error) => error.into(),
            _ => Self::Conflict(error.to_string()),
        }
    }
}

impl From<WithdrawError> for ScimError {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NotOpen => Self::NotFound,
            WithdrawError::Db(error) => error.into(),
        }
    }
}

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "id" => Kind::Id("n.id"),
        "role" => Kind::Word("n.role"),
        "organization" | "organization.value" => Kind::Id("n.organisation_id"),
        "project" => Kind::Id("n.project_id"),
        "email" => Kind::Folded("n.email_folded"),
        "state" => Kind::Word("n.state"),
        "validuntil" => Kind::Time("n.valid_until"),
        "expiresat" => Kind::Time("n.expires_at"),
        "meta.created" => Kind::Time("n.nominated_at"),
        _ => return None,
    })
}

const KNOWN: (&str, listed::Known) = (schema::NOMINATION, known);

async fn naming(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Naming, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    Ok(Naming::of(&authority, scim.app.door.roles(), caller.ctx.now))
}

fn render(scim: &Scim, one: &Nomination) -> Map<String, Value> {
    let (base, organization) = (scim.base(), one.organisation);
    let mut fields = json!({
        "schemas": [schema::NOMINATION], "id": one.id, "role": one.role, "email": one.email, "state": one.state.as_str(),
        "organization": { "value": organization, "$ref": format!("{base}/Organizations/{organization}") },
        "expiresAt": one.expires_at.to_rfc3339(),
        "meta": { "resourceType": "Nomination", "location": format!("{base}/Nominations/{}", one.id),
            "created": one.nominated_at.to_rfc3339() },
    });
    let Some(fields) = fields.as_object_mut() else { return Map::new() };
    let mut put = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.to_owned(), value)));
    put("validUntil", one.valid_until.map(Timestamp::to_rfc3339).map(|end| json!(end)));
    put("project", one.project.map(|project| json!(project)));
    fields.clone()
}

/// An open one, if the caller could make it.
async fn find(tx: &mut Tx, scim: &Scim, caller: &Caller, id: NominationId) -> Result<Nomination, ScimError> {
    let naming = naming(tx, scim, caller).await?;
    let part = Part::one("n.id", id.0);
    let (_, found) = store::part(tx, &naming, &part, caller.ctx.now).await?;
    found.into_iter().next().ok_or(ScimError::NotFound)
}

/// `GET /Nominations/{id}`
pub async fn get(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let found = find(&mut scim.app.db.reader().await?, &scim, &caller, id(&text)?).await?;
    Ok(listed::one(&headers, render(&scim, &found), &projection))
}

/// `GET /Nominations` and `POST /Nominations/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let listing = Listing::of(by, request, KNOWN, "n.id")?;
    let naming = naming(tx, scim, caller).await?;
    let (total, found) = listing.read(store::part(tx, &naming, &listing.part, caller.ctx.now)).await?;
    listing.page(total, found.iter().map(|one| render(scim, one)).collect())
}

/// `POST /Nominations`: names somebody, and mails them a link. The answer is the same whoever has the address (P18, D14).
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let document = Document::read(schema::NOMINATION, (&headers, body), &caller.tolerated).await?;
    document.needed("email")?;
    let email: Option<EmailAddress> = document.parsed("email", "an e-mail address")?;
    let email = email.ok_or_else(|| ScimError::InvalidValue("`email` is missing".to_owned()))?;
    let action = Nominate {
        role: document.needed("role")?.to_owned(),
        organisation: document.reference("organization")?,
        project: document.parsed("project", "an id")?,
        person: None,
        validity: Validity { from: None, until: document.instant("validUntil")? },
    };
    let door = &scim.app.door;
    let made: Nomination = transact!(scim.app.db, tx => {
        let permit = door.authorise(tx, &caller.ctx, action.clone()).await?;
        Ok::<_, ScimError>(nominate(tx, permit, door.roles(), &email, &caller.ctx).await?)
    })?;
    Ok(listed::created(render(&scim, &made), &projection))
}

/// `DELETE /Nominations/{id}`: takes it back.
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let wanted: NominationId = id(&text)?;
    transact!(scim.app.db, tx => {
        let found = find(tx, &scim, &caller, wanted).await?;
        listed::check_version(&headers, render(&scim, &found))?;
        let permit = scim.app.door.authorise(tx, &caller.ctx, found.withdrawal(caller.ctx.now)).await?;
        withdraw(tx, permit, &found, &caller.ctx).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
