//! The other side of the ways out: a mail server that speaks SMTP over TCP, and a gateway that is posted to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

/// One mail as it arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl Mail {
    /// The values of a header, folded lines joined.
    pub fn header(&self, name: &str) -> Vec<String> {
        let head = self.data.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).collect()
    }

    /// The text, its transfer encoding undone.
    pub fn text(&self) -> String {
        let body = self.data.split_once("\r\n\r\n").unwrap().1;
        if self.header("content-transfer-encoding") == ["quoted-printable"] { unquoted(body) } else { body.to_owned() }
    }
}

/// RFC 2045 §6.7.
fn unquoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What the mail server says to the next recipients, in order; 250 when nothing is left.
type Script = Arc<Mutex<VecDeque<&'static str>>>;

/// A mail server (RFC 5321 §4.5.1: the minimum implementation).
pub struct MailServer {
    pub url: String,
    pub mails: UnboundedReceiver<Mail>,
    pub script: Script,
    _tasks: JoinSet<()>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (sender, mails) = unbounded_channel();
        let script = Script::default();
        let mut tasks = JoinSet::new();
        let answers = Arc::clone(&script);
        tasks.spawn(async move {
            let mut talks = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                talks.spawn(talk(stream, Arc::clone(&answers), sender.clone()));
            }
        });
        Self { url, mails, script, _tasks: tasks }
    }
}

async fn talk(stream: TcpStream, script: Script, mails: UnboundedSender<Mail>) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut mail = Mail { from: String::new(), to: String::new(), data: String::new() };
    let _gone = writer.write_all(b"220 mail.test ESMTP\r\n").await;
    while let Ok(Some(line)) = lines.next_line().await {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-mail.test\r\n250 8BITMIME".to_owned(),
            "MAIL" => {
                line.clone_into(&mut mail.from);
                "250 OK".to_owned()
            }
            "RCPT" => {
                line.clone_into(&mut mail.to);
                script.lock().unwrap().pop_front().unwrap_or("250 OK").to_owned()
            }
            "DATA" => {
                let _gone = writer.write_all(b"354 go on\r\n").await;
                mail.data.clear();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    mail.data.push_str("\r\n");
                }
                let _nobody_waits = mails.send(mail.clone());
                "250 OK".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 OK".to_owned(),
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Posted {
    pub headers: HeaderMap,
    pub body: String,
}

impl Posted {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone)]
struct Desk {
    statuses: Arc<Mutex<VecDeque<u16>>>,
    posted: UnboundedSender<Posted>,
}

/// A gateway: keeps what it is sent, answers as told, and 200 when nothing is left to say. 0 is no answer at all.
pub struct Gateway {
    pub url: String,
    pub posted: UnboundedReceiver<Posted>,
    pub statuses: Arc<Mutex<VecDeque<u16>>>,
    _tasks: JoinSet<()>,
}

impl Gateway {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/messages", listener.local_addr().unwrap());
        let (sender, posted) = unbounded_channel();
        let statuses = Arc::default();
        let desk = Desk { statuses: Arc::clone(&statuses), posted: sender };
        let router = Router::new().route("/messages", post(receive)).with_state(desk);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, posted, statuses, _tasks: tasks }
    }

    /// What has arrived by now.
    pub fn arrived(&mut self) -> Vec<Posted> {
        let mut all = Vec::new();
        while let Ok(one) = self.posted.try_recv() {
            all.push(one);
        }
        all
    }
}

async fn receive(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> StatusCode {
    desk.posted.send(Posted { headers, body: String::from_utf8(body.to_vec()).unwrap() }).unwrap();
    let status = desk.statuses.lock().unwrap().pop_front().unwrap_or(200);
    if status == 0 {
        std::future::pending::<()>().await;
    }
    StatusCode::from_u16(status).unwrap()
}
