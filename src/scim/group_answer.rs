//! Answers that hold members. A few are read by one query and sent at once; many are read and sent stretch by stretch, so
//! that a group of a hundred thousand takes no more memory than one of a thousand.
//!
//! The version was read before the members: one who comes in between makes it too old, never too new, so that a change on
//! top of it is refused (RFC 7644 §3.14).

use std::collections::{BTreeMap, VecDeque};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::group_resource;
use super::group_view::{Groups, Shown};
use super::page::{Page, head as list_head};
use super::projection::Projection;
use super::request::{answer_resource, head};
use super::user_view::Viewer;
use crate::db::{Db, Tx};
use crate::directory::membership::listed_store::{self, Member};
use crate::kernel::ids::{GroupId, UserId};

/// Most members in memory at a time.
const STRETCH: i64 = 1000;

/// An answer with one group.
pub async fn one(
    tx: &mut Tx,
    (db, viewer): (&Db, &Viewer),
    status: StatusCode,
    mut shown: Shown,
    projection: &Projection,
) -> Result<Response, ScimError> {
    let version = shown.version.clone();
    if projection.wants("members") {
        match members(tx, viewer, &[shown.id]).await? {
            Some(mut few) => add(&mut shown, &mut few, viewer),
            None => {
                let location = shown.resource.get("meta").and_then(|meta| meta.get("location")).cloned();
                let body = stream(db, viewer, projection, pieces(&shown, projection));
                let mut response = head(status, body);
                let headers = response.headers_mut();
                for (name, value) in
                    [(header::ETAG, Some(version.as_str())), (header::LOCATION, text(location.as_ref()))]
                {
                    if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
                        headers.insert(name, value);
                    }
                }
                return Ok(response);
            }
        }
    }
    Ok(answer_resource(status, &shown.resource, Some(&version), &shown.projection(projection)))
}

fn text(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

/// An answer with a list of groups.
pub async fn list(
    tx: &mut Tx,
    (db, viewer): (&Db, &Viewer),
    groups: Groups,
    projection: &Projection,
) -> Result<Response, ScimError> {
    let Groups { total, cut, shown: mut page } = groups;
    if projection.wants("members") {
        let ids: Vec<GroupId> = page.iter().map(|shown| shown.id).collect();
        match members(tx, viewer, &ids).await? {
            Some(mut few) => page.iter_mut().for_each(|shown| add(shown, &mut few, viewer)),
            None => {
                let mut queue = VecDeque::new();
                let head_of_list = Value::Object(list_head(total, &cut, page.len()));
                queue.push_back(Piece::Text(format!("{},\"Resources\":[", open(&head_of_list))));
                for (at, shown) in page.iter().enumerate() {
                    queue.extend((at > 0).then(|| Piece::Text(",".to_owned())));
                    queue.extend(pieces(shown, projection));
                }
                queue.push_back(Piece::Text("]}".to_owned()));
                return Ok(head(StatusCode::OK, stream(db, viewer, projection, queue)));
            }
        }
    }
    let resources = page.iter().map(|shown| shown.projection(projection).apply(&shown.resource));
    Ok(Page { total, cut, resources: resources.collect() }.answer())
}

/// A page of groups with their members, unless those are too many to be held at once.
pub async fn page(tx: &mut Tx, viewer: &Viewer, groups: Groups, projection: &Projection) -> Result<Page, ScimError> {
    let Groups { total, cut, mut shown } = groups;
    if projection.wants("members") {
        let ids: Vec<GroupId> = shown.iter().map(|shown| shown.id).collect();
        let mut few = members(tx, viewer, &ids).await?.ok_or_else(|| {
            ScimError::TooMany(
                "these groups have too many members; search below /Groups or exclude `members`".to_owned(),
            )
        })?;
        for shown in &mut shown {
            add(shown, &mut few, viewer);
        }
    }
    let resources = shown.iter().map(|shown| shown.projection(projection).apply(&shown.resource));
    Ok(Page { total, cut, resources: resources.collect() })
}

/// The members in sight of all of these groups, or `None` if they are too many to be held at once.
async fn members(
    tx: &mut Tx,
    viewer: &Viewer,
    groups: &[GroupId],
) -> Result<Option<BTreeMap<GroupId, Vec<Member>>>, ScimError> {
    let mut found = listed_store::list_members_of(tx, groups, viewer.sight(), STRETCH.saturating_add(1)).await?;
    if i64::try_from(found.len()).is_ok_and(|n| n > STRETCH) {
        return Ok(None);
    }
    found.sort_unstable_by_key(|member| member.user_id);
    let mut by_group: BTreeMap<GroupId, Vec<Member>> = BTreeMap::new();
    for member in found {
        by_group.entry(member.group_id).or_default().push(member);
    }
    Ok(Some(by_group))
}

fn add(shown: &mut Shown, members: &mut BTreeMap<GroupId, Vec<Member>>, viewer: &Viewer) {
    let Some(members) = members.remove(&shown.id) else { return };
    let mut list = inner(&shown.resource);
    list.extend(members.iter().map(|member| group_resource::member(member, &viewer.base)));
    shown.resource.insert("members".to_owned(), Value::Array(list));
}

/// The groups in a group, which its resource holds already.
fn inner(resource: &Map<String, Value>) -> Vec<Value> {
    resource.get("members").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A part of an answer that is still to be sent.
#[derive(Debug)]
enum Piece {
    /// As it is.
    Text(String),
    /// The groups in a group, then its people.
    Members(GroupId, Vec<Value>),
    /// Its people behind one.
    More(GroupId, UserId),
}

/// An object without its closing bracket.
fn open(object: &Value) -> String {
    let mut text = object.to_string();
    text.pop();
    text
}

fn pieces(shown: &Shown, projection: &Projection) -> VecDeque<Piece> {
    let mut resource = shown.resource.clone();
    resource.remove("members");
    let start = open(&Value::Object(shown.projection(projection).apply(&resource)));
    let members = Piece::Members(shown.id, inner(&shown.resource));
    VecDeque::from([Piece::Text(start), members, Piece::Text("}".to_owned())])
}

/// What sends the pieces, one whenever the receiver has taken the one before.
struct Sender {
    db: Db,
    viewer: Viewer,
    projection: Projection,
    queue: VecDeque<Piece>,
}

fn stream(db: &Db, viewer: &Viewer, projection: &Projection, queue: VecDeque<Piece>) -> Body {
    let sender = Sender { db: db.clone(), viewer: viewer.clone(), projection: projection.clone(), queue };
    Body::from_stream(stream::try_unfold(sender, |mut sender| async move {
        let next = sender.next().await;
        if let Err(error) = &next {
            tracing::error!(error = error as &dyn std::error::Error, "a list of members could not be sent to its end");
        }
        Ok::<_, ScimError>(next?.map(|text| (Bytes::from(text), sender)))
    }))
}

impl Sender {
    async fn next(&mut self) -> Result<Option<String>, ScimError> {
        match self.queue.pop_front() {
            None => Ok(None),
            Some(Piece::Text(text)) => Ok(Some(text)),
            Some(Piece::Members(group, inner)) => self.members(group, None, inner).await.map(Some),
            Some(Piece::More(group, after)) => self.members(group, Some(after), Vec::new()).await.map(Some),
        }
    }

    async fn members(&mut self, group: GroupId, after: Option<UserId>, inner: Vec<Value>) -> Result<String, ScimError> {
        let tx = &mut self.db.reader().await?;
        let found = listed_store::list_members(tx, group, after, self.viewer.sight(), STRETCH).await?;
        let people = found.iter().map(|member| group_resource::member(member, &self.viewer.base));
        let shown: Vec<String> = inner.into_iter().chain(people).map(|member| self.show(member)).collect();
        let mut text = match (after.is_some(), shown.is_empty()) {
            (false, true) => return Ok(String::new()),
            (false, false) => ",\"members\":[".to_owned(),
            (true, false) => ",".to_owned(),
            (true, true) => String::new(),
        };
        text.push_str(&shown.join(","));
        match found.last() {
            Some(last) if i64::try_from(found.len()).is_ok_and(|n| n == STRETCH) => {
                self.queue.push_front(Piece::More(group, last.user_id));
            }
            _ => text.push(']'),
        }
        Ok(text)
    }

    fn show(&self, member: Value) -> String {
        let left = self.projection.apply(&Map::from_iter([("members".to_owned(), json!([member]))]));
        left.get("members").and_then(Value::as_array).and_then(|list| list.first()).unwrap_or(&Value::Null).to_string()
    }
}
