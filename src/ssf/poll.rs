//! Fetching events (RFC 8936). A request may wait for one; it holds no connection to the database meanwhile.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::SsfError;
use super::receiver::{Receiver, SsfResult, answer, object};
use super::router::Ssf;
use crate::kernel::ids::ClientId;
use crate::signals::stream::manage::{self, StreamError};
use crate::signals::stream::model::Method;
use crate::signals::stream::poll::{self, MAX_EVENTS, MAX_SETTLED, Settled};

/// How many events are given out where the client does not say.
const USUAL: i64 = 25;

/// How often it is looked whether there is something, and how often at most: for ten seconds, as long as a server waits when it stops.
const LOOKS: (Duration, u32) = (Duration::from_secs(1), 10);

/// How many requests of one client wait at once; further ones are answered at once.
const SEATS: usize = 2;

/// Longest word of an error that is kept, in octets.
const MAX_WORD: usize = 60;

/// What is asked for (RFC 8936 §2.2).
struct Asked {
    limit: i64,
    waits: bool,
    settled: Settled,
}

/// `POST /ssf/poll/{id}`
pub(super) async fn post(
    State(ssf): State<Ssf>,
    Receiver { ctx, client }: Receiver,
    Path(id): Path<String>,
    request: Request,
) -> SsfResult {
    let asked = read(&object(request).await?)?;
    let (db, id) = (&ssf.app.db, id.parse().map_err(|_| StreamError::NotFound)?);
    let mut stream = manage::find(&mut db.reader().await?, &client, id).await?;
    if stream.method != Method::Poll {
        return Err(StreamError::NotFound.into());
    }
    poll::settle(db, &client, &asked.settled, ctx.now).await?;
    let seat = if asked.waits && asked.limit > 0 { seat(&ssf, client.id) } else { None };
    let (pause, looks) = LOOKS;
    let mut left = if seat.is_some() { looks } else { 0 };
    let batch = loop {
        let batch = poll::fetch(db, &ssf.sender, (&client, &stream), asked.limit, ssf.app.clock.now()).await?;
        if !batch.sets.is_empty() || left == 0 {
            break batch;
        }
        left -= 1;
        tokio::time::sleep(pause).await;
        stream = manage::find(&mut db.reader().await?, &client, id).await?;
    };
    let sets: Map<String, Value> = batch.sets.into_iter().map(|(id, token)| (id.to_string(), json!(token))).collect();
    let mut told = Map::from_iter([("sets".to_owned(), Value::Object(sets))]);
    if batch.more {
        told.insert("moreAvailable".to_owned(), json!(true));
    }
    Ok(answer(StatusCode::OK, &Value::Object(told)))
}

/// A place to wait, if there is one left for this client.
fn seat(ssf: &Ssf, client: ClientId) -> Option<OwnedSemaphorePermit> {
    let made: Result<_, Infallible> = ssf.seats.get_or_insert_with(&client, || Ok(Arc::new(Semaphore::new(SEATS))));
    let Ok(seats) = made;
    seats.try_acquire_owned().ok()
}

fn read(said: &Map<String, Value>) -> Result<Asked, SsfError> {
    let wrong = |name: &str| SsfError::malformed(format!("`{name}` is not as RFC 8936 has it"));
    let limit = match said.get("maxEvents") {
        None => USUAL,
        Some(value) => {
            value.as_u64().map(|most| i64::try_from(most).unwrap_or(MAX_EVENTS)).ok_or_else(|| wrong("maxEvents"))?
        }
    };
    let waits = match said.get("returnImmediately") {
        None => true,
        Some(value) => !value.as_bool().ok_or_else(|| wrong("returnImmediately"))?,
    };
    let taken = match said.get("ack") {
        None => Vec::new(),
        Some(value) => {
            let list = value.as_array().filter(|list| list.len() <= MAX_SETTLED).ok_or_else(|| wrong("ack"))?;
            list.iter().map(|one| one.as_str().ok_or_else(|| wrong("ack"))).collect::<Result<Vec<_>, _>>()?
        }
    };
    let refused = match said.get("setErrs") {
        None => Vec::new(),
        Some(value) => {
            let members = value.as_object().filter(|list| list.len() <= MAX_SETTLED).ok_or_else(|| wrong("setErrs"))?;
            let word = |error: &Value| Some(word(error.as_object()?.get("err")?.as_str()?));
            let one = |(id, error): (_, &Value)| Some((id, word(error)?));
            members.iter().map(|member| one(member).ok_or_else(|| wrong("setErrs"))).collect::<Result<Vec<_>, _>>()?
        }
    };
    // A name that is none of ours is as good as one that is over.
    let taken = taken.into_iter().filter_map(|id| id.parse().ok()).collect();
    let refused = refused.into_iter().filter_map(|(id, word): (&String, _)| Some((id.parse().ok()?, word))).collect();
    Ok(Asked { limit: limit.min(MAX_EVENTS), waits, settled: Settled { taken, refused } })
}

/// It is shown to operators: only if it reads as an error code.
fn word(text: &str) -> String {
    let plain = text.len() <= MAX_WORD && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.:/".contains(&b));
    if plain { text.to_owned() } else { "refused".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8936 §2.2, IN-05: what a request may ask for, and how an error is kept.
    #[test]
    fn a_request_is_read_and_bounded() {
        let read = |said: Value| read(said.as_object().unwrap());
        let plain = read(json!({})).unwrap();
        assert!((plain.limit, plain.waits) == (USUAL, true) && plain.settled.taken.is_empty());
        assert_eq!(read(json!({ "maxEvents": 0, "returnImmediately": true })).unwrap().limit, 0);
        assert_eq!(read(json!({ "maxEvents": u64::MAX })).unwrap().limit, MAX_EVENTS);
        let id = "00000000-0000-7000-8000-000000000001";
        let settled =
            read(json!({ "ack": [id, "?"], "setErrs": { id: { "err": "<b>" }, "?": { "err": "x" } } })).unwrap();
        assert_eq!((settled.settled.taken.len(), settled.settled.refused[0].1.as_str()), (1, "refused"));
        for bad in [
            json!({ "maxEvents": -1 }),
            json!({ "maxEvents": "1" }),
            json!({ "returnImmediately": "yes" }),
            json!({ "ack": id }),
            json!({ "ack": [1] }),
            json!({ "ack": vec![id; MAX_SETTLED + 1] }),
            json!({ "setErrs": [] }),
            json!({ "setErrs": { id: "x" } }),
            json!({ "setErrs": { id: {} } }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }
}
