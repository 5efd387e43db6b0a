//! What is left of a request that was answered before it was read: it is read and thrown away, so that the connection can go on.
//!
//! A refusal (401, 405) needs no body. Without this the connection would be closed under a client that is still sending one, or that has
//! just begun its next request on it.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::http::{Request, Version, header};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::runtime::Handle;

/// How much is read, and for how long. Whoever sends more, or more slowly, finds the connection closed.
const BOUNDS: (usize, Duration) = (1024 * 1024, Duration::from_secs(2));

/// The body of a request, read to its end whatever becomes of it.
#[derive(Debug)]
pub(super) struct Drained<B: HttpBody<Data = Bytes> + Send + Unpin + 'static> {
    /// Until it is dropped.
    body: Option<B>,
    /// Whether what is left is worth reading.
    is_sent: bool,
}

impl<B: HttpBody<Data = Bytes> + Send + Unpin + 'static> Drained<B> {
    /// Of a request. A client that waits to be told to go on (RFC 9110 §10.1.1) has sent nothing, and in HTTP/2 each request ends by itself.
    pub(super) fn of(request: Request<B>) -> Request<Self> {
        let is_sent = request.version() < Version::HTTP_2 && !request.headers().contains_key(header::EXPECT);
        request.map(|body| Self { body: Some(body), is_sent })
    }
}

impl<B: HttpBody<Data = Bytes> + Send + Unpin + 'static> HttpBody for Drained<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.body.as_mut().map_or(Poll::Ready(None), |body| Pin::new(body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}

impl<B: HttpBody<Data = Bytes> + Send + Unpin + 'static> Drop for Drained<B> {
    fn drop(&mut self) {
        let left = self.body.take().filter(|body| self.is_sent && !body.is_end_stream());
        // Outside of a runtime there is no connection.
        if let (Some(body), Ok(runtime)) = (left, Handle::try_current()) {
            runtime.spawn(tokio::time::timeout(BOUNDS.1, drain(body)));
        }
    }
}

async fn drain<B: HttpBody<Data = Bytes> + Unpin>(mut body: B) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > BOUNDS.0 {
            return;
        }
    }
}
