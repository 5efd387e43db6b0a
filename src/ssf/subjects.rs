//! Whom a stream speaks of (SSF 1.0 §8.1.3): everybody whom its client has signed in, but those that it does not want to hear of. A client
//! learns nothing by asking: a name that is nobody's is answered like any other (§9.3).

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::document::{stream_id, subject};
use super::error::SsfError;
use super::receiver::{Receiver, SsfResult, object};
use super::router::Ssf;
use crate::db::transact;
use crate::signals::stream::manage::{self, StreamError};

/// `POST /ssf/subjects/add` (§8.1.3.2)
pub(super) async fn add(State(ssf): State<Ssf>, receiver: Receiver, request: Request) -> SsfResult {
    set(&ssf, &receiver, request, true).await?;
    Ok(StatusCode::OK.into_response())
}

/// `POST /ssf/subjects/remove` (§8.1.3.3)
pub(super) async fn remove(State(ssf): State<Ssf>, receiver: Receiver, request: Request) -> SsfResult {
    set(&ssf, &receiver, request, false).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn set(ssf: &Ssf, receiver: &Receiver, request: Request, spoken_of: bool) -> Result<(), SsfError> {
    let said = object(request).await?;
    let id = stream_id(&said)?;
    let subject = subject(&said, ssf.sender.tokens.issuer())?;
    let done: Result<(), StreamError> = transact!(ssf.app.db, tx => {
        let stream = manage::find(tx, &receiver.client, id).await?;
        if spoken_of {
            manage::speak(tx, &stream, &subject).await
        } else {
            manage::silence(tx, &stream, &subject).await
        }
    });
    Ok(done?)
}
