//! Connections from outside: how many, how patient, how large a head (IN-13).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::{Accept, TlsAcceptor};
use tower::{Service as _, ServiceExt as _};

use super::drain::Drained;
use super::mtls::Handshake;
use super::tls;

/// Largest head of an HTTP/1 request, and list of headers of an HTTP/2 one, in bytes.
const HEAD: usize = 64 * 1024;
/// Requests of one HTTP/2 connection at once.
const STREAMS: u32 = 100;
/// How often a silent HTTP/2 connection is asked whether anybody is there.
const PING: Duration = Duration::from_secs(20);
/// How long to wait when the system has no socket left.
const BREATH: Duration = Duration::from_millis(100);

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long the head of a request may take, from the first moment on.
    pub head: Duration,
    /// How many connections may be open at once; more wait in the system's queue.
    pub connections: usize,
}

type Make = IntoMakeServiceWithConnectInfo<Router, SocketAddr>;

/// A listener, and what TLS is spoken with on it, if we speak it ourselves.
pub type Place = (TcpListener, Option<TlsAcceptor>);

/// Serves until `stop` turns true, then lets requests under way finish.
pub async fn serve((listener, tls): Place, router: Router, patience: Patience, mut stop: watch::Receiver<bool>) {
    let make: Make = router.into_make_service_with_connect_info::<SocketAddr>();
    let places = Arc::new(Semaphore::new(patience.connections));
    let mut open = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let accepted = tokio::select! {
            () = told(&mut stop) => break,
            accepted = next => accepted,
        };
        match accepted {
            Some((Ok((stream, peer)), place)) => {
                // Small answers leave at once; where the system refuses, they merely leave later.
                let _unsupported = stream.set_nodelay(true);
                let (make, stop) = (make.clone(), stop.clone());
                match &tls {
                    None => drop(open.spawn(connection(stream, (peer, None), make, (patience, place), stop))),
                    Some(tls) => drop(open.spawn(secured(tls.accept(stream), peer, make, (patience, place), stop))),
                }
            }
            Some((Err(error), _)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
            None => break,
        }
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// The same after a handshake, which may take no longer than the head of a request.
async fn secured(
    handshake: Accept<TcpStream>,
    peer: SocketAddr,
    make: Make,
    (patience, place): (Patience, OwnedSemaphorePermit),
    stop: watch::Receiver<bool>,
) {
    match tokio::time::timeout(patience.head, handshake).await {
        Ok(Ok(stream)) => {
            let shown = tls::shown(&stream);
            connection(stream, (peer, Some(shown)), make, (patience, place), stop).await;
        }
        Ok(Err(error)) => tracing::debug!(%error, "a handshake failed"),
        Err(_elapsed) => {}
    }
}

async fn connection<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
    (peer, shown): (SocketAddr, Option<Handshake>),
    mut make: Make,
    (patience, _place): (Patience, OwnedSemaphorePermit),
    mut stop: watch::Receiver<bool>,
) {
    let Ok(service) = make.call(peer).await;
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    let service = service.map_request(move |mut request: Request<_>| {
        seen.store(true, Ordering::Relaxed);
        if let Some(shown) = &shown {
            request.extensions_mut().insert(shown.clone());
        }
        Drained::of(request)
    });
    let builder = builder(patience);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    // From the first request on the timers of the protocol hold; before it even the kind of protocol is not known.
    let silent = async {
        tokio::time::sleep(patience.head).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let outcome = tokio::select! {
        outcome = connection.as_mut() => outcome,
        () = silent => return,
        () = told(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Until the stop, or until nobody is left who could tell.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _sender_gone = stop.wait_for(|stop| *stop).await.is_err();
}

fn builder(patience: Patience) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.head).max_buf_size(HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(HEAD).unwrap_or(u32::MAX))
        .keep_alive_interval(PING)
        .keep_alive_timeout(patience.head);
    builder
}
