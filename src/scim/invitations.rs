//! `/Invitations`: organisations that were invited to register themselves, for whoever may create organisations there (I30–I32).

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
use crate::authority::action::CreateOrganisation;
use crate::authority::{Permission, Scope};
use crate::db::{Tx, transact};
use crate::directory::listing::Part;
use crate::directory::registration::error::InviteError;
use crate::directory::registration::invite::{NewInvitation, invite, withdraw};
use crate::directory::registration::model::{Registration, State as Standing};
use crate::directory::registration::store;
use crate::kernel::ids::{OrganisationId, RegistrationId};
use crate::kernel::text::EmailAddress;
use crate::kernel::time::Timestamp;
use crate::locale::Locale;

/// How long whoever invites too many waits, in seconds.
const WAIT: u64 = 3_600;

impl From<InviteError> for ScimError {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::AlreadyInvited => Self::Uniqueness,
            InviteError::TooMany | InviteError::JustSent => Self::TooManyRequests(WAIT),
            InviteError::NotOpen => Self::Conflict(error.to_string()),
            InviteError::Text { .. } => Self::InvalidValue(error.to_string()),
            InviteError::Db(error) => error.into(),
        }
    }
}

fn known(name: &str) -> Option<Kind> {
    Some(match name {
        "id" => Kind::Id("r.id"),
        "email" => Kind::Folded("r.email_folded"),
        "organization" | "organization.value" => Kind::Id("r.parent_id"),
        "state" => Kind::Word("r.state"),
        "sentat" => Kind::Time("r.sent_at"),
        "expiresat" => Kind::Time("r.expires_at"),
        "registeredat" => Kind::Time("r.registered_at"),
        "meta.created" => Kind::Time("r.invited_at"),
        _ => return None,
    })
}

const KNOWN: (&str, listed::Known) = (schema::INVITATION, known);

async fn scope(tx: &mut Tx, scim: &Scim, caller: &Caller) -> Result<Scope, ScimError> {
    let authority = scim.app.door.authority(tx, &caller.ctx).await?;
    Ok(Scope::of(&authority, &[Permission::OrganisationCreate], caller.ctx.now))
}

/// What the organisation has entered is not told here: it is decided on in the portal.
fn render(scim: &Scim, one: &Registration) -> Map<String, Value> {
    let (base, parent) = (scim.base(), one.parent);
    let mut fields = json!({
        "schemas": [schema::INVITATION], "id": one.id, "proposedName": one.proposed_name, "state": one.state.as_str(),
        "organization": { "value": parent, "$ref": format!("{base}/Organizations/{parent}") },
        "expiresAt": one.expires_at.to_rfc3339(),
        "meta": { "resourceType": "Invitation", "location": format!("{base}/Invitations/{}", one.id),
            "created": one.invited_at.to_rfc3339() },
    });
    let Some(fields) = fields.as_object_mut() else { return Map::new() };
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    let time = |at: Option<Timestamp>| at.map(|at| json!(at.to_rfc3339()));
    let optional = [
        ("email", text(&one.email)),
        ("language", one.language.as_ref().map(|language| json!(language))),
        ("message", text(&one.message)),
        ("sentAt", time(one.sent_at)),
        ("registeredAt", time(one.registered_at)),
    ];
    fields.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    fields.clone()
}

async fn find(tx: &mut Tx, scim: &Scim, caller: &Caller, id: RegistrationId) -> Result<Registration, ScimError> {
    let scope = scope(tx, scim, caller).await?;
    let part = Part::one("r.id", id.0);
    let (_, found) = store::part(tx, &scope, &part).await?;
    found.into_iter().next().ok_or(ScimError::NotFound)
}

/// `GET /Invitations/{id}`
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

/// `GET /Invitations` and `POST /Invitations/.search`, which is the same (SC-30).
pub async fn list(State(scim): State<Scim>, caller: Caller, parameters: ListParameters) -> Result<Response, ScimError> {
    let tx = &mut scim.app.db.reader().await?;
    Ok(page(tx, (&scim, &caller), &parameters.check()?).await?.answer())
}

/// A page of them.
pub(super) async fn page(tx: &mut Tx, by: (&Scim, &Caller), request: &ListRequest) -> Result<Page, ScimError> {
    let (scim, caller) = by;
    let listing = Listing::of(by, request, KNOWN, "r.id")?;
    let scope = scope(tx, scim, caller).await?;
    let (total, found) = listing.read(store::part(tx, &scope, &listing.part)).await?;
    listing.page(total, found.iter().map(|one| render(scim, one)).collect())
}

fn wanted(document: &Document) -> Result<NewInvitation, ScimError> {
    document.needed("email")?;
    let email: Option<EmailAddress> = document.parsed("email", "an e-mail address")?;
    let wrong = |text: &str| ScimError::InvalidValue(text.to_owned());
    let language = match document.text("language") {
        None => None,
        Some(tag) => Some(Locale::parse(tag).ok_or_else(|| wrong("`language` is none that mails are written in"))?),
    };
    let send = match document.text("state") {
        None => true,
        Some(word) if word == Standing::Sent.as_str() => true,
        Some(word) if word == Standing::Draft.as_str() => false,
        Some(_) => return Err(wrong("a new invitation is `draft` or `sent`")),
    };
    Ok(NewInvitation {
        email: email.ok_or_else(|| wrong("`email` is missing"))?,
        proposed_name: document.needed("proposedName")?.to_owned(),
        language: language.map(|locale| locale.tag().to_owned()),
        message: document.text("message").unwrap_or_default().to_owned(),
        send,
    })
}

/// `POST /Invitations`: mailed at once, unless it is a draft. The answer is the same whoever has the address (D14).
pub async fn create(
    State(scim): State<Scim>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    body: Body,
) -> Result<Response, ScimError> {
    let projection = ListParameters::of_query(raw.as_deref().unwrap_or_default())?.projection()?;
    let document = Document::read(schema::INVITATION, (&headers, body), &caller.tolerated).await?;
    let new = wanted(&document)?;
    let parent: OrganisationId = document.reference("organization")?;
    let made: Registration = transact!(scim.app.db, tx => {
        let action = CreateOrganisation { parent: Some(parent) };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        Ok::<_, ScimError>(invite(tx, permit, new.clone(), scim.app.registrations, &caller.ctx).await?)
    })?;
    Ok(listed::created(render(&scim, &made), &projection))
}

/// `DELETE /Invitations/{id}`: takes it back; the mailed link leads nowhere, and it is not found any more (RFC 7644 §3.6).
pub async fn delete(
    State(scim): State<Scim>,
    caller: Caller,
    Path(text): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ScimError> {
    let wanted: RegistrationId = id(&text)?;
    transact!(scim.app.db, tx => {
        let found = find(tx, &scim, &caller, wanted).await?;
        listed::check_version(&headers, render(&scim, &found))?;
        let action = CreateOrganisation { parent: Some(found.parent) };
        let permit = scim.app.door.authorise(tx, &caller.ctx, action).await?;
        withdraw(tx, permit, &found, &caller.ctx).await?;
        Ok::<_, ScimError>(())
    })?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
