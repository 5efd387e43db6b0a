//! Works through the audit log and queues what each service with a stream has to be told. One transaction takes some lines, moves the place on,
//! and queues what follows from them: nothing is told twice, and nothing is left out.

use std::collections::BTreeSet;

use serde_json::{Map, json};
use uuid::Uuid;

use super::notice::{self, Attribute, Notice, What};
use super::sight::{self, Service};
use crate::audit;
use crate::audit::store::Row;
use crate::authority::Door;
use crate::db::{self, Db, Tx, transact};
use crate::directory::external_id_store::{self, ResourceKind};
use crate::kernel::ids::OrganisationId;
use crate::kernel::random::Entropy;
use crate::kernel::time::Timestamp;
use crate::signals::claims::Content;
use crate::signals::fan_out::Queue;
use crate::signals::model::EventType;
use crate::signals::{store, stream};

/// How many lines are taken at once.
const BATCH: i64 = 200;

/// The home of a person (our extension), which changes by a move.
const HOME: Attribute =
    Attribute { name: "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:organization", is_contact: false };

/// Works through the log; how many deliveries were queued. The first time there is nothing before that anybody waits for.
pub async fn feed(db: &Db, door: &Door, entropy: &Entropy, now: Timestamp) -> db::Result<usize> {
    let mut queued = 0;
    loop {
        let (place, length) = {
            let tx = &mut db.reader().await?;
            (store::find_place(tx).await?, audit::chain::length(tx).await?)
        };
        if place == Some(length) {
            return Ok(queued);
        }
        let done: db::Result<usize> = transact!(*db, tx => {
            let streams = stream::store::list(tx).await?;
            let streams = streams.into_iter().map(|stream| (stream.client, stream)).collect();
            let mut services = sight::services(tx, door, &streams, (entropy, now)).await?;
            let Some(from) = place.filter(|_| !services.is_empty()) else {
                // Nobody listens: what was before is not told to whoever begins to.
                store::save_place(tx, place, length).await?;
                return Ok(0);
            };
            let rows = audit::store::list_sealed(tx, from, BATCH).await?;
            // Where lines are missing the place moves on over them.
            let to = rows.last().and_then(|row| row.sequence).unwrap_or(length);
            if !store::save_place(tx, Some(from), to).await? {
                return Ok(0);
            }
            let notices: Vec<Noticed<'_>> = rows.iter().filter_map(|row| Some((notice::read(row)?, row))).collect();
            let homes = homes(&notices);
            let mut queue = Queue::new(streams, entropy, now);
            for service in &mut services {
                service.look(tx, &homes).await?;
                tell(tx, service, &notices, &mut queue).await?;
            }
            queue.save(tx).await
        });
        queued += done?;
    }
}

/// What a line of the log is about, and the line.
type Noticed<'a> = (Notice, &'a Row);

fn homes(notices: &[Noticed<'_>]) -> BTreeSet<OrganisationId> {
    let of = |notice: &Notice| match notice {
        Notice::Person(_, home, _) | Notice::Member(_, _, home) => vec![*home],
        Notice::Moved(_, from, to) => vec![*from, *to],
        Notice::Group(..) => Vec::new(),
    };
    notices.iter().flat_map(|(notice, _)| of(notice)).collect()
}

/// What a service is told of something, if it sees it.
fn told(service: &Service, notice: &Notice) -> Option<(ResourceKind, Uuid, EventType, Vec<&'static str>)> {
    let (user, group) = (ResourceKind::User, ResourceKind::Group);
    match notice {
        Notice::Person(id, home, what) if service.sees(*home) => {
            let (event, attributes) = said(what, service.reaches(*home))?;
            Some((user, id.0, event, attributes))
        }
        Notice::Moved(id, from, to) => match (service.sees(*from), service.sees(*to)) {
            (true, true) => Some((user, id.0, EventType::Patched, vec![HOME.name])),
            (true, false) => Some((user, id.0, EventType::FeedRemove, Vec::new())),
            (false, true) => Some((user, id.0, EventType::FeedAdd, Vec::new())),
            (false, false) => None,
        },
        Notice::Group(id, application, what) if service.sees_groups_of(*application) => {
            let (event, attributes) = said(what, true)?;
            Some((group, id.0, event, attributes))
        }
        Notice::Member(id, application, home) if service.sees_member(*application, *home) => {
            Some((group, id.0, EventType::Patched, vec!["members"]))
        }
        Notice::Person(..) | Notice::Group(..) | Notice::Member(..) => None,
    }
}

/// The event, and the names of the attributes that may be told; a change of nothing but what may not be is not told (decision 13).
fn said(what: &What, reaches: bool) -> Option<(EventType, Vec<&'static str>)> {
    Some(match what {
        What::Created => (EventType::Created, Vec::new()),
        What::Deleted => (EventType::Deleted, Vec::new()),
        What::Activated => (EventType::Activated, Vec::new()),
        What::Deactivated => (EventType::Deactivated, Vec::new()),
        What::Changed(attributes) => {
            let seen = attributes.iter().filter(|attribute| reaches || !attribute.is_contact);
            let names: Vec<_> = seen.map(|attribute| attribute.name).collect();
            if names.is_empty() {
                return None;
            }
            (EventType::Patched, names)
        }
    })
}

/// What a service is told of some lines: the names that it has for people and groups are read by two queries.
async fn tell(tx: &mut Tx, service: &Service, notices: &[Noticed<'_>], queue: &mut Queue<'_>) -> db::Result<()> {
    let all: Vec<_> = notices.iter().filter_map(|(notice, row)| Some((told(service, notice)?, *row))).collect();
    let client = &service.client;
    let ids = |wanted: ResourceKind| {
        all.iter().filter(|((kind, ..), _)| *kind == wanted).map(|((_, id, ..), _)| *id).collect()
    };
    let users = external_id_store::list(tx, client.id, ResourceKind::User, &ids(ResourceKind::User)).await?;
    let groups = external_id_store::list(tx, client.id, ResourceKind::Group, &ids(ResourceKind::Group)).await?;
    for ((kind, id, event, attributes), row) in &all {
        let (uri, external_id) = match kind {
            ResourceKind::User => (format!("/Users/{id}"), users.get(id)),
            ResourceKind::Group => (format!("/Groups/{id}"), groups.get(id)),
        };
        let mut says = Map::new();
        if !attributes.is_empty() {
            says.insert("attributes".to_owned(), json!(attributes));
        }
        let content = Content::about_resource(*event, (&uri, external_id.map(String::as_str)), &row.request_id, says);
        queue.stream((client.id, &client.settings), &content, row.at);
    }
    Ok(())
}
