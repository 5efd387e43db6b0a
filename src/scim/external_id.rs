//! `externalId` (RFC 7643 §3.1): how one provisioning client calls a resource. Never a key of ours, unique per client (SC-14).

use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::ScimError;
use super::filter;
use super::request::Caller;
use crate::db::Tx;
use crate::directory::external_id_store::{self as store, ResourceKind};

/// Longest external id, in characters.
const MAX_LENGTH: usize = 500;

/// The external id that a document names.
pub fn of(document: &Map<String, Value>) -> Result<Option<String>, ScimError> {
    match filter::get(document, "externalId") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= MAX_LENGTH => {
            Ok(Some(text.clone()).filter(|text| !text.is_empty()))
        }
        Some(_) => {
            Err(ScimError::InvalidValue(format!("`externalId` must be a text of at most {MAX_LENGTH} characters")))
        }
    }
}

/// Remembers or forgets it; a second resource of the same name is refused.
pub async fn save(
    tx: &mut Tx,
    caller: &Caller,
    (kind, id): (ResourceKind, Uuid),
    external_id: Option<&str>,
) -> Result<(), ScimError> {
    if caller.is_own_token {
        return match external_id {
            None => Ok(()),
            Some(_) => {
                Err(ScimError::InvalidValue("`externalId` is kept for clients, not for tokens of people".to_owned()))
            }
        };
    }
    let saved = match external_id {
        Some(text) => store::save(tx, caller.client, kind, id, text).await,
        None => store::remove(tx, caller.client, kind, id).await,
    };
    saved.map_err(|error| {
        if error.violates("external_ids", &["client_id", "resource_kind", "external_id"]) {
            ScimError::Uniqueness
        } else {
            error.into()
        }
    })
}
