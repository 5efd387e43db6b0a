//! Setting up a stream (SSF 1.0 §8.1.1): one of a client.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::document::{check_ours, stream_id, wanted};
use super::error::SsfError;
use super::receiver::{Receiver, SsfResult, answer, object};
use super::router::{POLL, Ssf};
use crate::db::transact;
use crate::directory::client::model::Client;
use crate::directory::client::rules::is_endpoint;
use crate::kernel::ids::StreamId;
use crate::signals::model::EventType;
use crate::signals::stream::manage::{self, Delivery, StreamError, Wanted};
use crate::signals::stream::model::{Stream, VERIFICATION_INTERVAL};
use crate::signals::stream::store;

/// Which stream an address is about.
#[derive(Debug, Deserialize)]
pub(super) struct Which {
    stream_id: Option<String>,
}

impl Which {
    /// The id, if one is named; one that nobody could have is not found.
    pub(super) fn id(&self) -> Result<Option<StreamId>, SsfError> {
        let id = self.stream_id.as_deref().map(str::parse).transpose();
        Ok(id.map_err(|_| StreamError::NotFound)?)
    }

    /// The id, which has to be named.
    pub(super) fn required(&self) -> Result<StreamId, SsfError> {
        self.id()?.ok_or_else(|| SsfError::malformed("`stream_id` is missing"))
    }
}

/// A stream as its client sees it. The header that it gave is not told again.
fn shown(ssf: &Ssf, client: &Client, stream: &Stream) -> Value {
    let issuer = ssf.sender.tokens.issuer();
    let endpoint = stream.endpoint.clone().unwrap_or_else(|| format!("{issuer}{POLL}/{}", stream.id));
    let mut shown = Map::from_iter([
        ("stream_id".to_owned(), json!(stream.id)),
        ("iss".to_owned(), json!(issuer)),
        ("aud".to_owned(), json!(client.client_id)),
        ("events_supported".to_owned(), EventType::of(client.kind).iter().map(|of| of.uri()).collect()),
        ("events_delivered".to_owned(), json!(stream.delivered(client.kind))),
        ("delivery".to_owned(), json!({ "method": stream.method.uri(), "endpoint_url": endpoint })),
        ("min_verification_interval".to_owned(), json!(VERIFICATION_INTERVAL.as_secs())),
    ]);
    shown.extend(stream.requested.as_ref().map(|list| ("events_requested".to_owned(), json!(list))));
    shown.extend(stream.description.as_ref().map(|text| ("description".to_owned(), json!(text))));
    Value::Object(shown)
}

/// What is said, with an address that may be called (OA-21): judged when it is registered, and again at each delivery. Whoever sends
/// back the address at which a stream is fetched has said nothing new.
fn read(ssf: &Ssf, said: &Map<String, Value>, whole: bool) -> Result<Wanted, SsfError> {
    let wanted = wanted(said, whole)?;
    if let Delivery::Push(endpoint, _) = &wanted.delivery {
        if !is_endpoint(endpoint) {
            return Err(SsfError::malformed("`delivery.endpoint_url` has to be https without fragment or user name"));
        }
        let may = ssf.sender.outbound.check(endpoint);
        may.map_err(|refused| SsfError::malformed(format!("`delivery.endpoint_url` is not called: {refused}")))?;
    }
    Ok(wanted)
}

/// `POST /ssf/streams` (§8.1.1.1)
pub(super) async fn post(State(ssf): State<Ssf>, receiver: Receiver, request: Request) -> SsfResult {
    let wanted = read(&ssf, &object(request).await?, true)?;
    let Receiver { ctx, client } = &receiver;
    let made: Result<Stream, StreamError> = transact!(ssf.app.db, tx =>
        manage::create(tx, client, &wanted, ssf.sender.tokens.keys.kek(), ctx).await);
    Ok(answer(StatusCode::CREATED, &shown(&ssf, client, &made?)))
}

/// `GET /ssf/streams` (§8.1.1.2): one, or the list of all.
pub(super) async fn get(
    State(ssf): State<Ssf>,
    Receiver { client, .. }: Receiver,
    which: Result<Query<Which>, QueryRejection>,
) -> SsfResult {
    let id = named(which)?.id()?;
    let stream = store::find(&mut ssf.app.db.reader().await?, client.id).await?;
    let told = match (id, stream) {
        (None, stream) => json!(stream.iter().map(|stream| shown(&ssf, &client, stream)).collect::<Vec<_>>()),
        (Some(id), Some(stream)) if stream.id == id => shown(&ssf, &client, &stream),
        (Some(_), _) => return Err(StreamError::NotFound.into()),
    };
    Ok(answer(StatusCode::OK, &told))
}

/// `PATCH /ssf/streams` (§8.1.1.3): what is not said stays.
pub(super) async fn patch(State(ssf): State<Ssf>, receiver: Receiver, request: Request) -> SsfResult {
    change(&ssf, &receiver, request, false).await
}

/// `PUT /ssf/streams` (§8.1.1.4): what is not said is gone.
pub(super) async fn put(State(ssf): State<Ssf>, receiver: Receiver, request: Request) -> SsfResult {
    change(&ssf, &receiver, request, true).await
}

async fn change(ssf: &Ssf, Receiver { ctx, client }: &Receiver, request: Request, whole: bool) -> SsfResult {
    let said = object(request).await?;
    let id = stream_id(&said)?;
    let present = manage::find(&mut ssf.app.db.reader().await?, client, id).await?;
    check_ours(&said, &shown(ssf, client, &present))?;
    let wanted = read(ssf, &said, whole)?;
    let changed: Result<Stream, StreamError> = transact!(ssf.app.db, tx =>
        manage::change(tx, (client, id), &wanted, ssf.sender.tokens.keys.kek(), ctx).await);
    Ok(answer(StatusCode::OK, &shown(ssf, client, &changed?)))
}

/// `DELETE /ssf/streams` (§8.1.1.5)
pub(super) async fn delete(
    State(ssf): State<Ssf>,
    Receiver { ctx, client }: Receiver,
    which: Result<Query<Which>, QueryRejection>,
) -> SsfResult {
    let id = named(which)?.required()?;
    let gone: Result<(), StreamError> = transact!(ssf.app.db, tx => manage::delete(tx, &client, id, &ctx).await);
    gone?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The query, which says each thing once.
pub(super) fn named(which: Result<Query<Which>, QueryRejection>) -> Result<Which, SsfError> {
    which.map(|Query(which)| which).map_err(|_| SsfError::malformed("the query cannot be read"))
}
