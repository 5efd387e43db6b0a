//! `POST /Bulk` (RFC 7644 §3.7): each operation like a request of its own, decided and recorded alone (SC-21).

use std::collections::{BTreeMap, BTreeSet};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::body;
use super::bulk_plan::{Bulk, BulkOperation, references, resolve, set_aside};
use super::error::{MEDIA_TYPE, ScimError};
use super::parts::Resources;
use super::request::{Caller, answer};
use super::router::{Scim, bytes};

/// RFC 7644 §3.7.
const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// Longest error of one operation that is passed on, in octets.
const MAX_ERROR: usize = 64 * 1024;

/// Does the operations, in an order in which each knows the resources that it refers to.
pub async fn post(
    resources: Resources,
    State(scim): State<Scim>,
    caller: Caller,
    request: Request,
) -> Result<Response, ScimError> {
    let (parts, sent) = request.into_parts();
    let sent = body::read(&parts.headers, &bytes(sent, caller.tolerated.limits()).await?)?;
    body::check_schemas(&sent, BULK_REQUEST, &caller.tolerated)?;
    let bulk = Bulk::parse(&sent, caller.tolerated.limits().operations)?;
    let mut run = Run::new(resources, &caller, bulk);
    run.all().await;
    let done = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
        "Operations": run.results(&scim.base()),
    });
    Ok(answer(StatusCode::OK, &done))
}

/// What became of an operation.
#[derive(Debug)]
struct Done {
    status: StatusCode,
    location: Option<String>,
    version: Option<String>,
    error: Option<Value>,
}

struct Run<'a> {
    resources: Resources,
    caller: &'a Caller,
    bulk: Bulk,
    /// Which operation makes the resource of a name.
    makers: BTreeMap<String, usize>,
    /// The ids of those that are made.
    ids: BTreeMap<String, String>,
    done: BTreeMap<usize, Done>,
    /// What is added to resources that name each other, by operation.
    later: Vec<(usize, Vec<Value>)>,
}

impl<'a> Run<'a> {
    fn new(resources: Resources, caller: &'a Caller, bulk: Bulk) -> Self {
        let makes = |(at, one): (usize, &BulkOperation)| {
            one.bulk_id.clone().filter(|_| one.method == Method::POST).map(|name| (name, at))
        };
        let makers = bulk.operations.iter().enumerate().filter_map(makes).collect();
        Self { resources, caller, bulk, makers, ids: BTreeMap::new(), done: BTreeMap::new(), later: Vec::new() }
    }

    async fn all(&mut self) {
        let mut left: BTreeSet<usize> = (0..self.bulk.operations.len()).collect();
        let wanted: Vec<BTreeSet<String>> = self.bulk.operations.iter().map(references).collect();
        let none = BTreeSet::new();
        while !left.is_empty() && !self.is_enough() {
            let is_ready = |at: &usize| wanted.get(*at).unwrap_or(&none).iter().all(|name| !self.is_open(name));
            // Where all wait for one another, the first new resource is made without what it waits for.
            let next = left.iter().copied().find(is_ready);
            let next = next
                .map(|at| (at, false))
                .or_else(|| left.iter().copied().find(|at| self.makes(*at)).map(|at| (at, true)));
            let Some((at, aside)) = next.or_else(|| left.first().map(|at| (*at, false))) else { break };
            left.remove(&at);
            self.one(at, wanted.get(at).unwrap_or(&none), aside).await;
        }
        for (at, operations) in std::mem::take(&mut self.later) {
            self.add_later(at, operations).await;
        }
    }

    fn is_enough(&self) -> bool {
        let errors = self.done.values().filter(|done| done.error.is_some()).count();
        self.bulk.fail_on_errors.is_some_and(|most| errors >= most)
    }

    /// Whether the resource of a name may still be made.
    fn is_open(&self, name: &str) -> bool {
        self.makers.get(name).is_some_and(|maker| !self.done.contains_key(maker))
    }

    fn makes(&self, at: usize) -> bool {
        self.bulk.operations.get(at).is_some_and(|one| one.method == Method::POST)
    }

    async fn one(&mut self, at: usize, wanted: &BTreeSet<String>, aside: bool) {
        let Some(mut operation) = self.bulk.operations.get(at).cloned() else { return };
        resolve(&mut operation, &self.ids);
        let waits = |name: &str| aside && self.is_open(name);
        let unknown = wanted.iter().find(|name| !(self.ids.contains_key(*name) || waits(name)));
        let done = match unknown {
            Some(name) => Done::refused(missing(name, self.makers.contains_key(name))).await,
            None => {
                if aside {
                    self.later.push((at, set_aside(&mut operation)));
                }
                self.send(&operation).await
            }
        };
        if let (Some(name), Some(location)) = (&operation.bulk_id, &done.location)
            && operation.method == Method::POST
            && done.error.is_none()
        {
            self.ids.insert(name.clone(), location.rsplit('/').next().unwrap_or_default().to_owned());
        }
        self.done.insert(at, done);
    }

    /// The second half of a resource that was made without what it refers to.
    async fn add_later(&mut self, at: usize, operations: Vec<Value>) {
        let made = self.done.get(&at).filter(|done| done.error.is_none()).and_then(|done| done.location.clone());
        let (Some(location), Some(first)) = (made, self.bulk.operations.get(at)) else { return };
        let id = location.rsplit('/').next().unwrap_or_default();
        let data = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        let path = format!("{}/{id}", first.path);
        let mut patch = BulkOperation { method: Method::PATCH, bulk_id: None, path, version: None, data: Some(data) };
        resolve(&mut patch, &self.ids);
        let open = references(&patch);
        let mut done = match open.iter().next() {
            Some(name) => Done::refused(missing(name, true)).await,
            None => self.send(&patch).await,
        };
        if done.error.is_none() {
            done.status = StatusCode::CREATED;
        }
        done.location = Some(location);
        self.done.insert(at, done);
    }

    async fn send(&self, operation: &BulkOperation) -> Done {
        let mut part = Request::new(Body::from(operation.data.as_ref().map(ToString::to_string).unwrap_or_default()));
        *part.method_mut() = operation.method.clone();
        match operation.path.parse() {
            Ok(uri) => *part.uri_mut() = uri,
            Err(_) => return Done::refused(ScimError::NotFound).await,
        }
        part.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(version) = operation.version.as_deref() {
            match HeaderValue::from_str(version) {
                Ok(version) => drop(part.headers_mut().insert(header::IF_MATCH, version)),
                Err(_) => return Done::refused(ScimError::PreconditionFailed).await,
            }
        }
        Done::of(self.resources.answer(self.caller, part).await).await
    }

    /// In the order in which they were sent; those that were not done are left out.
    fn results(&self, base: &str) -> Vec<Value> {
        let result = |(at, done): (&usize, &Done)| {
            let operation = self.bulk.operations.get(*at)?;
            let mut fields = Map::from_iter([
                ("method".to_owned(), json!(operation.method.as_str())),
                ("status".to_owned(), json!(done.status.as_u16().to_string())),
            ]);
            let mut put = |name: &str, value: Option<Value>| fields.extend(value.map(|value| (name.to_owned(), value)));
            put("bulkId", operation.bulk_id.as_ref().map(|name| json!(name)));
            let there = (operation.method != Method::POST && !operation.path.contains("bulkId:"))
                .then(|| format!("{base}{}", operation.path));
            put("location", done.location.clone().or(there).map(|location| json!(location)));
            put("version", done.version.as_ref().map(|version| json!(version)));
            put("response", done.error.clone());
            Some(Value::Object(fields))
        };
        self.done.iter().filter_map(result).collect()
    }
}

/// SC-21: what refers to nothing, and what refers to something that was not made.
fn missing(name: &str, is_operation: bool) -> ScimError {
    let name: String = name.chars().take(60).collect();
    if is_operation {
        ScimError::Conflict(format!("the operation `{name}`, to which this one refers, was not done"))
    } else {
        ScimError::InvalidValue(format!("no operation makes a resource with the `bulkId` `{name}`"))
    }
}

impl Done {
    async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (location, version, status) = (text(header::LOCATION), text(header::ETAG), parts.status);
        let error = if status.is_success() {
            None
        } else {
            let body = to_bytes(body, MAX_ERROR).await.unwrap_or_default();
            Some(serde_json::from_slice(&body).unwrap_or(Value::Null))
        };
        Self { status, location, version, error }
    }

    async fn refused(error: ScimError) -> Self {
        use axum::response::IntoResponse as _;
        Self::of(error.into_response()).await
    }
}
