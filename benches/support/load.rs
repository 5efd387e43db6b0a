//! A load generator: so many keep-alive connections on loopback, each sending its next request when it has the answer.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it leads, if anywhere.
    pub location: String,
    /// The body.
    pub body: Vec<u8>,
}

/// One connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request as it is and reads the answer, whose length has to be given.
    pub async fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        let (mut end, mut length, mut status, mut location) = (0, None, 0, String::new());
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            if length.is_none()
                && let Some(at) = find(&self.buffer, b"\r\n\r\n")
            {
                let head = std::str::from_utf8(&self.buffer[..at]).unwrap();
                status = head.split(' ').nth(1).unwrap().parse().unwrap();
                end = at + 4;
                length = Some(header(head, "content-length").map_or(0, |value| value.parse().unwrap()));
                location = header(head, "location").unwrap_or_default().to_owned();
            }
            if length.is_some_and(|length| self.buffer.len() >= end + length) {
                return Answer { status, location, body: self.buffer[end..].to_vec() };
            }
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}

/// The header by which a client proves itself with its secret.
pub fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

/// A request in HTTP/1.1.
pub fn request(method: &str, path: &str, host: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() {
        text.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// What a load came to.
#[derive(Debug)]
pub struct Outcome {
    /// How many were answered.
    pub count: usize,
    /// In how long.
    pub took: Duration,
    /// Milliseconds of each.
    pub latencies: Vec<f64>,
}

/// Sends what `next` gives for each connection until the time is over; every answer must have the expected status.
pub async fn run<F>(address: SocketAddr, connections: usize, length: Duration, expected: u16, next: F) -> Outcome
where
    F: Fn(usize, usize, Option<&Answer>) -> Vec<u8> + 'static,
{
    let next = Rc::new(next);
    let start = Instant::now();
    let local = tokio::task::LocalSet::new();
    let tasks: Vec<_> = (0..connections)
        .map(|number| {
            let next = Rc::clone(&next);
            local.spawn_local(async move {
                let mut connection = Connection::open(address).await;
                let (mut latencies, mut last) = (Vec::new(), None);
                while start.elapsed() < length {
                    let request = next(number, latencies.len(), last.as_ref());
                    let sent = Instant::now();
                    let answer = connection.send(&request).await;
                    latencies.push(sent.elapsed().as_secs_f64() * 1_000.0);
                    assert_eq!(answer.status, expected, "{}", String::from_utf8_lossy(&answer.body));
                    last = Some(answer);
                }
                latencies
            })
        })
        .collect();
    local.await;
    let took = start.elapsed();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.unwrap());
    }
    Outcome { count: latencies.len(), took, latencies }
}

/// Sends the same request so many times a second, evenly, whether answers come or not; milliseconds of each, counted from when it was due.
pub async fn paced(address: SocketAddr, rate: f64, length: Duration, request: &[u8]) -> Vec<f64> {
    const LANES: usize = 32;
    let start = Instant::now();
    let local = tokio::task::LocalSet::new();
    let tasks: Vec<_> = (0..LANES)
        .map(|lane| {
            let request = request.to_vec();
            local.spawn_local(async move {
                let (mut connection, mut latencies) = (Connection::open(address).await, Vec::new());
                for number in 0.. {
                    let due = start + Duration::from_secs_f64((number * LANES + lane) as f64 / rate);
                    if due.duration_since(start) > length {
                        break;
                    }
                    tokio::time::sleep_until(due.into()).await;
                    let answer = connection.send(&request).await;
                    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                    latencies.push(due.elapsed().as_secs_f64() * 1_000.0);
                }
                latencies
            })
        })
        .collect();
    local.await;
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all
}
