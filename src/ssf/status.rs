//! Pausing a stream (SSF 1.0 §8.1.2).

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::document::{stream_id, text};
use super::error::SsfError;
use super::receiver::{Receiver, SsfResult, answer, object};
use super::router::Ssf;
use super::streams::{Which, named};
use crate::db::transact;
use crate::signals::stream::manage::{self, StreamError};
use crate::signals::stream::model::{Status, Stream};

/// Longest reason, in octets.
const MAX_REASON: usize = 1_000;

fn shown(stream: &Stream) -> Value {
    let mut shown = Map::from_iter([
        ("stream_id".to_owned(), json!(stream.id)),
        ("status".to_owned(), json!(stream.status.as_str())),
    ]);
    shown.extend(stream.reason.as_ref().map(|reason| ("reason".to_owned(), json!(reason))));
    Value::Object(shown)
}

/// `GET /ssf/status` (§8.1.2.1)
pub(super) async fn get(
    State(ssf): State<Ssf>,
    Receiver { client, .. }: Receiver,
    which: Result<Query<Which>, QueryRejection>,
) -> SsfResult {
    let id = named(which)?.required()?;
    let stream = manage::find(&mut ssf.app.db.reader().await?, &client, id).await?;
    Ok(answer(StatusCode::OK, &shown(&stream)))
}

/// `POST /ssf/status` (§8.1.2.2)
pub(super) async fn post(State(ssf): State<Ssf>, Receiver { ctx, client }: Receiver, request: Request) -> SsfResult {
    let said = object(request).await?;
    let id = stream_id(&said)?;
    let status = text(&said, "status", MAX_REASON)?.as_deref().and_then(Status::parse);
    let status = status.ok_or_else(|| SsfError::malformed("`status` has to be enabled, paused or disabled"))?;
    let reason = text(&said, "reason", MAX_REASON)?;
    let set: Result<Stream, StreamError> = transact!(ssf.app.db, tx =>
        manage::set_status(tx, (&client, id), (status, reason.clone()), &ctx).await);
    Ok(answer(StatusCode::OK, &shown(&set?)))
}
