//! Refused token requests in the audit log (the refusal contract of the catalogue of abuse cases): each by itself while
//! they are few; of a flood only every doubling, with how many there were ([`crate::audit::Tally`]).

use serde_json::json;

use super::error::OAuthError;
use super::state::Oidc;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::ClientId;
use crate::proofs::DpopFault;
use crate::web::RequestInfo;

/// Why a token request was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the client is told.
    pub(super) error: OAuthError,
    /// Whom it concerns; `None` where there is no client of that name.
    client: Option<ClientId>,
    /// For the log only.
    reason: &'static str,
    /// Nothing is left to be recorded: it was, in the transaction in which it changed something, or it need not be.
    recorded: bool,
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        let reason = match &error {
            OAuthError::InvalidGrant(reason)
            | OAuthError::InvalidRequest(reason)
            | OAuthError::InvalidRequestObject(reason)
            | OAuthError::Dpop(DpopFault::Invalid(reason)) => reason,
            other => other.code(),
        };
        Self { error, client: None, reason, recorded: false }
    }
}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        OAuthError::from(error).into()
    }
}

impl Refusal {
    /// The client did not prove itself; it is told no more than that.
    pub(super) fn unproved(client: Option<ClientId>, reason: &'static str) -> Self {
        Self { error: OAuthError::InvalidClient, client, reason, recorded: false }
    }

    /// What belongs to the course of things, and not into the log: a device that asks whether somebody has decided.
    pub(super) fn expected(error: OAuthError) -> Self {
        Self { recorded: true, ..error.into() }
    }

    /// A refusal that [`record`] has recorded.
    pub(super) fn recorded(error: OAuthError) -> Self {
        Self { recorded: true, ..error.into() }
    }

    /// The request of this client.
    #[must_use]
    pub(super) fn of(self, client: ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    /// The error and the reason, for [`record`].
    pub(super) fn why(&self) -> (&'static str, &'static str) {
        (self.error.code(), self.reason)
    }

    /// Records it, though the client is answered as if nothing were wrong (RFC 7009 §2.2, RFC 7662 §2.2).
    pub(super) async fn unsaid(self, oidc: &Oidc, info: &RequestInfo) -> Result<(), OAuthError> {
        let settled = self.settle(oidc, info).await;
        if settled.status().is_server_error() { Err(settled) } else { Ok(()) }
    }

    /// Records it unless that has been done, and gives what the client is told. Our own faults are no refusals; what cannot
    /// be recorded is not answered either (CR-10).
    pub(super) async fn settle(self, oidc: &Oidc, info: &RequestInfo) -> OAuthError {
        if self.recorded || self.error.status().is_server_error() {
            return self.error;
        }
        let Some(times) = oidc.refusals.count(self.client.map(|client| client.0), self.reason, info.now) else {
            return self.error;
        };
        let ctx = info.ctx(&oidc.app, Channel::Oidc);
        let done: db::Result<()> = transact!(oidc.app.db, tx => record(tx, self.client, self.why(), times, &ctx).await);
        done.err().map_or(self.error, OAuthError::from)
    }
}

/// One refusal, the last of so many within the hour.
pub(super) async fn record(
    tx: &mut Tx,
    client: Option<ClientId>,
    (error, reason): (&str, &str),
    times: u64,
    ctx: &Ctx,
) -> db::Result<()> {
    // Of a client that does not exist only that: its name is whatever the sender wrote.
    let subject = Subject::Client(client.unwrap_or(ClientId(uuid::Uuid::nil())));
    let details = json!({ "error": error, "reason": reason, "times": times });
    audit::record(tx, ctx, None, Event::new(Kind::TokenRefused, subject).with(details)).await
}
