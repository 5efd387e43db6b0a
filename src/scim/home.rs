//! Which organisation a provisioning client means (RFC 7643 has none; `organisation` of our extension).

use super::error::ScimError;
use super::request::Caller;
use crate::authority::Refusal;
use crate::db::Tx;
use crate::directory::{client, organisation, user};
use crate::kernel::ids::{OrganisationId, PrincipalId};

/// One that does not exist and one out of sight are refused alike (D8).
pub fn unknown() -> ScimError {
    ScimError::InvalidValue("`organisation` is no organisation that you may use".to_owned())
}

/// The refusal of an organisation that a document names.
pub fn refused(refusal: Refusal) -> ScimError {
    match ScimError::from(refusal) {
        ScimError::NotFound => unknown(),
        other => other,
    }
}

/// The refusal of the caller's own organisation, where the document names none.
pub fn own_refused(refusal: Refusal) -> ScimError {
    match ScimError::from(refusal) {
        ScimError::NotFound => ScimError::InvalidValue(
            "say which `organisation` the person belongs to: you may create nobody in your own".to_owned(),
        ),
        other => other,
    }
}

/// The organisation that a personnel system means: by id, or by the name that is unique below the service's own.
pub async fn named(tx: &mut Tx, caller: &Caller, text: &str) -> Result<OrganisationId, ScimError> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let own = own(tx, caller).await?;
    let found = organisation::store::find_named_below(tx, own, text).await?;
    found.map(|organisation| organisation.id).ok_or_else(unknown)
}

/// The organisation of the calling service, or of whoever made the token for their scripts.
pub async fn own(tx: &mut Tx, caller: &Caller) -> Result<OrganisationId, ScimError> {
    let own = match caller.ctx.actor.and_then(PrincipalId::person).filter(|_| caller.is_own_token) {
        Some(person) => user::store::find(tx, person).await?.map(|user| user.organisation),
        None => client::store::find(tx, caller.client).await?.and_then(|client| client.organisation),
    };
    own.ok_or_else(|| ScimError::InvalidValue("say which `organisation` the person belongs to".to_owned()))
}
