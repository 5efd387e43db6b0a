//! An application with a SCIM server of its own (RFC 7644): a real server that keeps what it is sent, and fails as it is told.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// By which it knows us.
pub const TOKEN: &str = "tell-nobody-0815";

/// What it does with the next request instead of answering it as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Well,
    /// This status, and nothing is done.
    Says(u16),
    /// 429 with so many seconds.
    Busy(u64),
    /// It is done, and the answer is lost.
    Loses,
}

#[derive(Default)]
struct Kept {
    next: u64,
    resources: BTreeMap<(String, String), Value>,
    moods: VecDeque<Mood>,
    asked: Vec<String>,
    /// User names that it refuses.
    refuses: BTreeSet<String>,
}

type Desk = Arc<Mutex<Kept>>;

/// The server.
pub struct Peer {
    pub url: String,
    desk: Desk,
    _tasks: JoinSet<()>,
}

impl Peer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/scim/v2", listener.local_addr().unwrap());
        let desk = Desk::default();
        let router = Router::new().fallback(receive).with_state(Arc::clone(&desk));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, desk, _tasks: tasks }
    }

    /// How it takes the next requests.
    pub fn is(&self, moods: &[Mood]) {
        self.desk.lock().unwrap().moods.extend(moods);
    }

    /// It is well again.
    pub fn recovers(&self) {
        self.desk.lock().unwrap().moods.clear();
    }

    /// It refuses people of this name.
    pub fn refuses(&self, user_name: &str, so: bool) {
        let mut kept = self.desk.lock().unwrap();
        if so {
            kept.refuses.insert(user_name.to_owned())
        } else {
            kept.refuses.remove(user_name)
        };
    }

    /// What was asked since this was asked last, as `METHOD path`.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.desk.lock().unwrap().asked)
    }

    /// Somebody puts something there, takes it away or changes it past us.
    pub fn change(&self, change: impl FnOnce(&mut BTreeMap<(String, String), Value>)) {
        change(&mut self.desk.lock().unwrap().resources);
    }

    fn of(&self, kind: &str) -> Vec<Value> {
        let kept = self.desk.lock().unwrap();
        kept.resources.iter().filter(|((of, _), _)| of == kind).map(|(_, resource)| resource.clone()).collect()
    }

    /// The people that it has, by user name.
    pub fn people(&self) -> BTreeMap<String, Value> {
        self.of("Users").into_iter().map(|user| (user["userName"].as_str().unwrap().to_owned(), user)).collect()
    }

    /// The user names of those who are active.
    pub fn active(&self) -> BTreeSet<String> {
        self.people().into_iter().filter(|(_, user)| user["active"] == json!(true)).map(|(name, _)| name).collect()
    }

    /// Groups by name, each with the user names of its members.
    pub fn groups(&self) -> BTreeMap<String, BTreeSet<String>> {
        let names: BTreeMap<String, String> =
            self.people().into_iter().map(|(name, user)| (user["id"].as_str().unwrap().to_owned(), name)).collect();
        let members = |group: &Value| {
            let listed = group["members"].as_array().cloned().unwrap_or_default();
            listed.iter().filter_map(|member| names.get(member["value"].as_str()?).cloned()).collect()
        };
        self.of("Groups")
            .into_iter()
            .map(|group| (group["displayName"].as_str().unwrap().to_owned(), members(&group)))
            .collect()
    }
}

async fn receive(State(desk): State<Desk>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mood = {
        let mut kept = desk.lock().unwrap();
        kept.asked.push(format!("{method} {}", uri.path()));
        kept.moods.pop_front().unwrap_or(Mood::Well)
    };
    if headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes) != Some(format!("Bearer {TOKEN}").as_bytes()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match mood {
        Mood::Says(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Mood::Busy(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Mood::Loses => {
            answer(&desk, &method, &uri, &body);
            // A connection that ends in the middle of its answer.
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Mood::Well => {
            let (status, body) = answer(&desk, &method, &uri, &body);
            (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/scim+json")], body.to_string())
                .into_response()
        }
    }
}

fn answer(desk: &Desk, method: &Method, uri: &Uri, body: &[u8]) -> (u16, Value) {
    let mut kept = desk.lock().unwrap();
    let mut path = uri.path().strip_prefix("/scim/v2/").unwrap().splitn(2, '/').map(str::to_owned);
    let (kind, id) = (path.next().unwrap(), path.next());
    let sent: Value = serde_json::from_slice(body).unwrap_or_default();
    match (method.as_str(), id) {
        ("GET", None) => list(&kept, &kind, uri.query().unwrap_or_default()),
        ("POST", None) => {
            let name = sent["userName"].as_str().unwrap_or_default().to_owned();
            let key = if kind == "Users" { "userName" } else { "displayName" };
            let taken = kept.resources.iter().any(|((of, _), one)| *of == kind && one[key] == sent[key]);
            if kept.refuses.contains(&name) || taken {
                return (409, json!({ "scimType": "uniqueness", "detail": format!("{name} is taken") }));
            }
            kept.next += 1;
            let (id, mut made) = (format!("r/{}?", kept.next), sent);
            made["id"] = json!(id);
            kept.resources.insert((kind, id), made.clone());
            (201, made)
        }
        (method, Some(id)) => {
            let key = (kind, percent_decode(&id));
            let Some(found) = kept.resources.get(&key).cloned() else { return (404, json!({})) };
            match method {
                "GET" => (200, found),
                "DELETE" => {
                    kept.resources.remove(&key);
                    (204, Value::Null)
                }
                "PUT" => {
                    let mut replaced = sent;
                    replaced["id"] = json!(key.1);
                    kept.resources.insert(key, replaced.clone());
                    (200, replaced)
                }
                _ => {
                    let patched = patch(found, &sent);
                    kept.resources.insert(key, patched.clone());
                    (200, patched)
                }
            }
        }
        _ => (405, json!({})),
    }
}

fn percent_decode(text: &str) -> String {
    url::form_urlencoded::parse(format!("x={text}").as_bytes()).next().unwrap().1.into_owned()
}

fn list(kept: &Kept, kind: &str, query: &str) -> (u16, Value) {
    let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let number = |name: &str, usually: usize| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usually);
    let wanted = query.get("filter").map(|filter| {
        let (name, value) = filter.split_once(" eq ").unwrap();
        (name.to_owned(), serde_json::from_str::<Value>(value).unwrap())
    });
    let all: Vec<Value> = kept
        .resources
        .iter()
        .filter(|((of, _), one)| of == kind && wanted.as_ref().is_none_or(|(name, value)| one[name] == *value))
        .map(|(_, one)| one.clone())
        .collect();
    let page: Vec<&Value> = all.iter().skip(number("startIndex", 1) - 1).take(number("count", 100)).collect();
    (200, json!({ "totalResults": all.len(), "Resources": page }))
}

/// RFC 7644 §3.5.2, as far as we use it.
fn patch(mut resource: Value, patch: &Value) -> Value {
    for operation in patch["Operations"].as_array().unwrap() {
        let (op, path) = (operation["op"].as_str().unwrap(), operation["path"].as_str().unwrap());
        let member = path.strip_prefix("members[value eq ").and_then(|rest| rest.strip_suffix(']'));
        if let Some(id) = member {
            let id: Value = serde_json::from_str(id).unwrap();
            resource["members"].as_array_mut().unwrap().retain(|member| member["value"] != id);
        } else if op == "add" {
            let mut members = resource["members"].as_array().cloned().unwrap_or_default();
            members.extend(operation["value"].as_array().unwrap().iter().cloned());
            resource["members"] = json!(members);
        } else {
            // What stands after the last colon of a URN is an attribute of its extension (RFC 7644 §3.10).
            let (holder, name) = match path.rsplit_once(':') {
                Some((urn, name)) => (&mut resource[urn], name),
                None => (&mut resource, path),
            };
            match op {
                "replace" => holder[name] = operation["value"].clone(),
                _ => drop(holder.as_object_mut().and_then(|holder| holder.remove(name))),
            }
        }
    }
    resource
}
