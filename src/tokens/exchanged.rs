//! Tokens that were exchanged for others (RFC 8693): a client acts for the person of a token that it was sent. What it gets lives in the
//! same grant, says who acts, and ends with every token that it came from.

use serde::{Deserialize, Serialize};

use super::access_token::{AccessClaims, BearerError, Tokens};
use super::revoked_store;
use crate::db::Db;
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

/// Most exchanges in a row: each is asked about with every use of the last token, and stands in it.
const MAX_EXCHANGES: usize = 3;

/// Who acts (RFC 8693 §4.1): the client that has the token, and those that acted before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The `client_id`.
    pub sub: String,
    /// Who acted before; says nothing about what may be done (§4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Actor>>,
}

/// A token that was exchanged, with which goes what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ancestor {
    /// Whose it is.
    pub client_id: String,
    /// The epoch of that client when it was given.
    pub client_epoch: i64,
    /// Its name.
    pub jti: String,
}

impl AccessClaims {
    /// What stands in a token that a client gets for this one; `None` where it was passed on too often.
    pub fn passed_on_to(&self, client_id: &str) -> Option<(Actor, Vec<Ancestor>)> {
        if self.exchanged.len() >= MAX_EXCHANGES {
            return None;
        }
        let this =
            Ancestor { client_id: self.client_id.clone(), client_epoch: self.client_epoch, jti: self.jti.clone() };
        let ancestors = self.exchanged.iter().cloned().chain([this]).collect();
        Some((Actor { sub: client_id.to_owned(), act: self.act.clone().map(Box::new) }, ancestors))
    }
}

/// The client to which the grant of a token was given: its own, unless it was exchanged. Each token before it has to be as good as when
/// it was exchanged, but for its time: what came of it has no longer one.
pub(super) async fn origin(
    tokens: &Tokens,
    db: &Db,
    claims: &AccessClaims,
    own: ClientId,
    now: Timestamp,
) -> Result<ClientId, BearerError> {
    let mut origin = None;
    for before in &claims.exchanged {
        let known = tokens.clients.find(db, &before.client_id, now).await?.ok_or(BearerError::Invalid)?;
        if !known.is_usable(now) || known.client.epoch != before.client_epoch {
            return Err(BearerError::Invalid);
        }
        if revoked_store::has(&mut db.reader().await?, &before.jti).await? {
            return Err(BearerError::Invalid);
        }
        origin.get_or_insert(known.client.id);
    }
    Ok(origin.unwrap_or(own))
}
