//! Asking whether a stream works (SSF 1.0 §8.1.4.2).

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::document::{stream_id, text};
use super::receiver::{Receiver, SsfResult, object};
use super::router::Ssf;
use crate::db::transact;
use crate::signals::stream::manage::{self, StreamError};
use crate::signals::stream::verify;

/// Longest `state`, in octets.
const MAX_STATE: usize = 1_000;

/// `POST /ssf/verify`
pub(super) async fn post(State(ssf): State<Ssf>, Receiver { ctx, client }: Receiver, request: Request) -> SsfResult {
    let said = object(request).await?;
    let id = stream_id(&said)?;
    let state = text(&said, "state", MAX_STATE)?;
    let asked: Result<(), StreamError> = transact!(ssf.app.db, tx => {
        let stream = manage::find(tx, &client, id).await?;
        verify::verify(tx, &stream, state.as_deref(), &ctx).await
    });
    asked?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
