//! Setting up a stream, changing it, pausing it, ending it: by its own client, which holds a token for nothing but that, or by an operator.

use serde_json::{Value, json};

use super::model::{HELD, MAX_SILENCES, Method, Status, Stream};
use super::{store, verify};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{RoleAssignmentId, StreamId};
use crate::kernel::seal::{Place, SealError};
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::signals::model::State;
use crate::tokens::Kek;

/// How a stream is to be delivered.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// As it is.
    Kept,
    /// To be fetched.
    Poll,
    /// Pushed to an address that was judged, with this header if any.
    Push(String, Option<Token>),
}

/// What a client says about its stream.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// How it is delivered.
    pub delivery: Delivery,
    /// Which events; `None` outside: as it is, inside: all.
    pub requested: Option<Option<Vec<String>>>,
    /// What it is called; likewise.
    pub description: Option<Option<String>>,
}

/// Why a stream was not changed.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// One of a client (SSF 1.0 §8.1.1.1).
    #[error("there is a stream already")]
    Exists,
    /// It is gone, or another client's.
    #[error("there is no such stream")]
    NotFound,
    /// [`MAX_SILENCES`].
    #[error("the stream says nothing of too many people already")]
    TooManySubjects,
    /// Nothing is delivered.
    #[error("the stream is disabled")]
    Disabled,
    /// Asked too soon after another one; in so many seconds again.
    #[error("a verification may be asked for again in {0} s")]
    TooSoon(u64),
    /// The header could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for StreamError {
    fn from(error: db::Error) -> Self {
        if error.violates("event_streams", &["client_id"]) { Self::Exists } else { Self::Db(error) }
    }
}

/// Where the sealed header of a stream stands.
pub(in crate::signals) fn place(row: &str) -> Place<'_> {
    Place { table: "event_streams", row, column: "sealed_header" }
}

/// Sets up the stream of a client.
pub async fn create(
    tx: &mut Tx,
    client: &Client,
    wanted: &Wanted,
    kek: &Kek,
    ctx: &Ctx,
) -> Result<Stream, StreamError> {
    let mut stream = Stream {
        id: StreamId(ctx.uuid()),
        client: client.id,
        method: Method::Poll,
        endpoint: None,
        sealed_header: None,
        requested: None,
        description: None,
        status: Status::Enabled,
        reason: None,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    apply(&mut stream, wanted, kek, ctx)?;
    store::insert(tx, &stream).await?;
    record(tx, (Kind::StreamCreated, &stream), None, ctx).await?;
    Ok(stream)
}

/// The stream of a client, if it has this id.
pub async fn find(tx: &mut Tx, client: &Client, id: StreamId) -> Result<Stream, StreamError> {
    store::find(tx, client.id).await?.filter(|stream| stream.id == id).ok_or(StreamError::NotFound)
}

/// Changes the stream of a client.
pub async fn change(
    tx: &mut Tx,
    (client, id): (&Client, StreamId),
    wanted: &Wanted,
    kek: &Kek,
    ctx: &Ctx,
) -> Result<Stream, StreamError> {
    let mut stream = find(tx, client, id).await?;
    apply(&mut stream, wanted, kek, ctx)?;
    save(tx, &mut stream, None, ctx).await?;
    Ok(stream)
}

/// Ends the stream of a client; what waits in it is lost.
pub async fn delete(tx: &mut Tx, client: &Client, id: StreamId, ctx: &Ctx) -> Result<(), StreamError> {
    let stream = find(tx, client, id).await?;
    end(tx, &stream, None, ctx).await
}

/// Enables, pauses or disables the stream of a client.
pub async fn set_status(
    tx: &mut Tx,
    (client, id): (&Client, StreamId),
    (status, reason): (Status, Option<String>),
    ctx: &Ctx,
) -> Result<Stream, StreamError> {
    let mut stream = find(tx, client, id).await?;
    (stream.status, stream.reason) = (status, reason);
    save(tx, &mut stream, None, ctx).await?;
    Ok(stream)
}

/// The same by an operator: the client is told of it (SSF 1.0 §8.1.5).
pub async fn set_status_by_operator(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    (status, reason): (Status, Option<String>),
    ctx: &Ctx,
) -> Result<Stream, StreamError> {
    let mut stream = of(tx, &permit).await?;
    if stream.status == status {
        return Ok(stream);
    }
    (stream.status, stream.reason) = (status, reason);
    save(tx, &mut stream, permit.via(), ctx).await?;
    verify::tell_updated(tx, &stream, ctx).await?;
    Ok(stream)
}

/// Ends a stream; the client may set up another one as long as it is let.
pub async fn delete_by_operator(tx: &mut Tx, permit: Permit<ManageClient>, ctx: &Ctx) -> Result<(), StreamError> {
    let stream = of(tx, &permit).await?;
    end(tx, &stream, permit.via(), ctx).await
}

/// From now on the stream says nothing of whoever its client knows by this name. Whether that is anybody is not asked, and not told.
pub async fn silence(tx: &mut Tx, stream: &Stream, subject: &str) -> Result<(), StreamError> {
    if store::count_silent(tx, stream.id).await? >= MAX_SILENCES && !store::is_silent(tx, stream.id, subject).await? {
        return Err(StreamError::TooManySubjects);
    }
    Ok(store::save_silent(tx, stream.id, subject).await?)
}

/// It speaks of them again, as far as it would have.
pub async fn speak(tx: &mut Tx, stream: &Stream, subject: &str) -> Result<(), StreamError> {
    Ok(store::remove_silent(tx, stream.id, subject).await?)
}

async fn of(tx: &mut Tx, permit: &Permit<ManageClient>) -> Result<Stream, StreamError> {
    let client = permit.action().client.ok_or(StreamError::NotFound)?;
    store::find(tx, client).await?.ok_or(StreamError::NotFound)
}

fn apply(stream: &mut Stream, wanted: &Wanted, kek: &Kek, ctx: &Ctx) -> Result<(), StreamError> {
    match &wanted.delivery {
        Delivery::Kept => {}
        Delivery::Poll => (stream.method, stream.endpoint, stream.sealed_header) = (Method::Poll, None, None),
        Delivery::Push(endpoint, header) => {
            let row = stream.id.to_string();
            let seal = |header: &Token| kek.seal(place(&row), header.reveal().as_bytes(), &ctx.entropy);
            let sealed = header.as_ref().map(seal).transpose()?;
            (stream.method, stream.endpoint, stream.sealed_header) = (Method::Push, Some(endpoint.clone()), sealed);
        }
    }
    if let Some(requested) = &wanted.requested {
        stream.requested.clone_from(requested);
    }
    if let Some(description) = &wanted.description {
        stream.description.clone_from(description);
    }
    Ok(())
}

async fn save(tx: &mut Tx, stream: &mut Stream, via: Option<RoleAssignmentId>, ctx: &Ctx) -> Result<(), StreamError> {
    stream.updated_at = ctx.now;
    store::save(tx, stream).await?;
    settle(tx, stream, ctx.now).await?;
    record(tx, (Kind::StreamChanged, stream), via, ctx).await
}

/// What is under way follows the stream.
async fn settle(tx: &mut Tx, stream: &Stream, now: Timestamp) -> Result<(), StreamError> {
    let until = now.plus(HELD);
    if stream.status == Status::Disabled {
        store::save_dropped(tx, stream.client, now).await?;
    } else if stream.begins() == State::Queued {
        store::save_released(tx, stream.client, now, until).await?;
    } else {
        store::save_held(tx, stream.client, until).await?;
    }
    Ok(())
}

async fn end(tx: &mut Tx, stream: &Stream, via: Option<RoleAssignmentId>, ctx: &Ctx) -> Result<(), StreamError> {
    store::remove(tx, stream, ctx.now).await?;
    record(tx, (Kind::StreamDeleted, stream), via, ctx).await
}

async fn record(
    tx: &mut Tx,
    (kind, stream): (Kind, &Stream),
    via: Option<RoleAssignmentId>,
    ctx: &Ctx,
) -> Result<(), StreamError> {
    let told: Value =
        json!({ "stream": stream.id, "delivery": stream.method.as_str(), "status": stream.status.as_str() });
    let event = Event::new(kind, Subject::Client(stream.client)).with(told);
    Ok(audit::record(tx, ctx, via, event).await?)
}
