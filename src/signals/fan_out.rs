//! From changes to deliveries: whom it concerns, and what they are told. One transaction takes some changes and queues what follows
//! from them; if it fails, they are still there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Map, Value};

use crate::authority::Door;
use crate::db::{self, Db, Tx, transact};
use crate::directory::client::entry::Entry;
use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::{ClientId, DeliveryId, SessionId, UserId};
use crate::kernel::random::Entropy;
use crate::kernel::time::Timestamp;
use crate::sessions::told_store as session_store;
use crate::tokens::family::RevokedFor;
use crate::tokens::family_store;

use super::assurance::assurance;
use super::claims::Content;
use super::credentials::credentials;
use super::delivery_store::{self, New};
use super::model::{Change, DeliveryKind, EventType, Pair, State};
use super::stream::model::{HELD, Stream};
use super::{store, stream, told};

/// How many changes are taken at once, and how many sessions of one that concerns many.
const BATCH: i64 = 100;

/// How long it is tried to reach an application.
const KEPT: Duration = Duration::from_hours(24);

/// What is queued by one transaction.
pub(super) struct Queue<'a> {
    rows: Vec<New>,
    /// The streams that there are, by client.
    streams: BTreeMap<ClientId, Stream>,
    entropy: &'a Entropy,
    pub(super) now: Timestamp,
}

impl<'a> Queue<'a> {
    /// An empty one.
    pub(super) fn new(streams: BTreeMap<ClientId, Stream>, entropy: &'a Entropy, now: Timestamp) -> Self {
        Self { rows: Vec::new(), streams, entropy, now }
    }

    fn logout(&mut self, of: &Pair, sids: &[SessionId]) {
        for sid in sids {
            if of.settings.backchannel_logout_uri.is_some() {
                self.push(of.client, DeliveryKind::Logout, Content::logout(of.user, *sid));
            }
            let revoked = (EventType::SessionRevoked, of.user, Some(*sid), Map::new());
            self.event((of.client, &of.settings), revoked);
        }
    }

    fn event(
        &mut self,
        to: (ClientId, &ClientSettings),
        (of, user, sid, says): (EventType, UserId, Option<SessionId>, Map<String, Value>),
    ) {
        self.say(to, &Content::event(of, user, sid, self.now, says));
    }

    /// To wherever a client takes events.
    pub(super) fn say(&mut self, (client, settings): (ClientId, &ClientSettings), content: &Content) {
        if settings.security_events_uri.is_some() {
            self.push(client, DeliveryKind::Event, content.clone());
        }
        self.stream((client, settings), content, self.now);
    }

    /// To the stream that it has, if it asked for this before it happened, in the order in which things happened.
    pub(super) fn stream(&mut self, (client, settings): (ClientId, &ClientSettings), content: &Content, at: Timestamp) {
        let stream = self.streams.get(&client).filter(|stream| settings.may_stream() && stream.created_at <= at);
        let uri = content.event.as_deref().unwrap_or_default();
        if let Some(state) = stream.and_then(|stream| stream.admits(uri)) {
            let until = self.now.plus(if state == State::Held { HELD } else { KEPT });
            let id = DeliveryId(self.entropy.uuid(at));
            self.add(New { id, state, until, ..self.row(client, DeliveryKind::Stream, content.clone()) });
        }
    }

    /// Whether a client takes events at all.
    fn tells(&self, client: ClientId, settings: &ClientSettings) -> bool {
        settings.security_events_uri.is_some() || settings.may_stream() && self.streams.contains_key(&client)
    }

    fn push(&mut self, client: ClientId, kind: DeliveryKind, content: Content) {
        self.add(self.row(client, kind, content));
    }

    fn row(&self, client: ClientId, kind: DeliveryKind, content: Content) -> New {
        let id = DeliveryId(self.entropy.uuid(self.now));
        New { id, client, kind, content, state: State::Queued, until: self.now.plus(KEPT) }
    }

    fn add(&mut self, row: New) {
        self.rows.push(row);
    }

    /// Writes it all.
    pub(super) async fn save(self, tx: &mut Tx) -> db::Result<usize> {
        delivery_store::insert_all(tx, &self.rows, self.now).await?;
        let held = self.rows.iter().filter(|row| row.state == State::Held).map(|row| row.client);
        for client in held.collect::<BTreeSet<_>>() {
            stream::store::save_trimmed(tx, client, self.now).await?;
        }
        Ok(self.rows.len())
    }
}

/// Works through the changes until none is left; how many deliveries were queued.
pub async fn fan_out(db: &Db, door: &Door, entropy: &Entropy, now: Timestamp) -> db::Result<usize> {
    let mut queued = 0;
    while store::has_changes(&mut db.reader().await?).await? {
        let rows: db::Result<usize> = transact!(*db, tx => {
            let changes = store::take(tx, BATCH).await?;
            let streams = stream::store::list(tx).await?.into_iter().map(|stream| (stream.client, stream)).collect();
            let mut queue = Queue::new(streams, entropy, now);
            sessions(tx, &changes, &mut queue).await?;
            people(tx, &changes, &mut queue).await?;
            credentials(tx, &changes, &mut queue).await?;
            assurance(tx, &changes, &mut queue).await?;
            organisations(tx, &changes, now).await?;
            access(tx, door, &changes, &mut queue).await?;
            queue.save(tx).await
        });
        queued += rows?;
    }
    Ok(queued)
}

/// Who was signed in at which client with a session that has ended.
async fn sessions(tx: &mut Tx, changes: &[Change], queue: &mut Queue<'_>) -> db::Result<()> {
    let ended: BTreeSet<_> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Session(id) => Some(*id),
            _ => None,
        })
        .collect();
    if ended.is_empty() {
        return Ok(());
    }
    let former = store::list_former(tx, &ended).await?;
    for pair in store::list_pairs(tx, &ended).await? {
        queue.logout(&pair, &names(&former, pair.session));
    }
    Ok(())
}

/// Under which names an application may know a session.
pub(super) fn names(former: &BTreeMap<SessionId, Vec<SessionId>>, session: SessionId) -> Vec<SessionId> {
    former.get(&session).into_iter().flatten().copied().chain([session]).collect()
}

/// Accounts: their sessions end, which is a change of its own, and whoever knows them is told.
async fn people(tx: &mut Tx, changes: &[Change], queue: &mut Queue<'_>) -> db::Result<()> {
    let mut events: Vec<(UserId, EventType)> = Vec::new();
    let mut ending = BTreeSet::new();
    for change in changes {
        match change {
            Change::Disabled(user) => {
                events.push((*user, EventType::AccountDisabled));
                ending.insert(*user);
            }
            Change::Enabled(user) => events.push((*user, EventType::AccountEnabled)),
            Change::Purged(user) => events.push((*user, EventType::AccountPurged)),
            Change::Person(user) => {
                ending.insert(*user);
            }
            _ => {}
        }
    }
    if !ending.is_empty() {
        session_store::save_dead_ended(tx, &ending, queue.now).await?;
    }
    if events.is_empty() {
        return Ok(());
    }
    let knowing = store::list_knowing(tx, &events.iter().map(|(user, _)| *user).collect()).await?;
    for (user, of) in events {
        for (client, _, settings) in knowing.iter().filter(|(_, known, _)| *known == user) {
            queue.event((*client, settings), (of, user, None, Map::new()));
        }
        if of == EventType::AccountPurged {
            store::remove_known(tx, user).await?;
        }
    }
    Ok(())
}

/// Organisations: the sessions below that died with it end, some at a time.
async fn organisations(tx: &mut Tx, changes: &[Change], now: Timestamp) -> db::Result<()> {
    for change in changes {
        let Change::Organisation(id, after) = *change else { continue };
        let dead = session_store::list_dead_below(tx, id, after, BATCH).await?;
        session_store::save_all_ended(tx, &dead, now).await?;
        go_on(tx, change, &dead).await?;
    }
    Ok(())
}

/// If there were as many as are taken at once, there may be more.
async fn go_on(tx: &mut Tx, change: &Change, done: &[SessionId]) -> db::Result<()> {
    match done.last().filter(|_| i64::try_from(done.len()).unwrap_or(BATCH) >= BATCH) {
        Some(last) => store::insert_rest(tx, change, *last).await,
        None => Ok(()),
    }
}

/// Memberships, modules and roles: whoever may not enter an application any more is not signed in there any more; of whoever may,
/// it is told what has changed.
async fn access(tx: &mut Tx, door: &Door, changes: &[Change], queue: &mut Queue<'_>) -> db::Result<()> {
    let users = changes.iter().filter_map(|change| match change {
        Change::Membership(user, _) | Change::Role(user) => Some(*user),
        _ => None,
    });
    let users: BTreeSet<_> = users.collect();
    let mut concerned: Vec<(Change, Vec<Pair>)> = Vec::new();
    if !users.is_empty() {
        let pairs = store::list_pairs_of(tx, &users).await?;
        for change in changes {
            let of_it = |pair: &&Pair| match change {
                Change::Membership(user, environment) => pair.user == *user && pair.environment == Some(*environment),
                Change::Role(user) => pair.user == *user,
                _ => false,
            };
            concerned.push((change.clone(), pairs.iter().filter(of_it).cloned().collect()));
        }
    }
    for change in changes {
        let signed_in = match *change {
            Change::Module(organisation, of, after) => {
                session_store::list_of_module(tx, (organisation, of), after, BATCH).await?
            }
            Change::Group(group, at, after) => session_store::list_of_group(tx, (group, at), after, BATCH).await?,
            _ => continue,
        };
        let mut pairs = store::list_pairs(tx, &signed_in.iter().copied().collect()).await?;
        pairs.retain(|pair| match *change {
            Change::Module(_, application, _) => pair.application == Some(application),
            Change::Group(_, environment, _) => pair.environment == Some(environment),
            _ => false,
        });
        concerned.push((change.clone(), pairs));
        go_on(tx, change, &signed_in).await?;
    }
    let all: BTreeSet<_> = concerned.iter().flat_map(|(_, pairs)| pairs).map(|pair| pair.session).collect();
    if all.is_empty() {
        return Ok(());
    }
    let known = Known { former: store::list_former(tx, &all).await?, scopes: store::list_scopes(tx, &all).await? };
    let mut done = BTreeSet::new();
    for (change, pairs) in &concerned {
        for pair in pairs {
            // The last word on a pair in this batch is the first: everything is read anew.
            if done.insert((word(change), pair.session, pair.client)) {
                judge(tx, door, (change, pair, &known), queue).await?;
            }
        }
    }
    Ok(())
}

/// What a change is about, whatever the rows say.
fn word(change: &Change) -> u8 {
    match change {
        Change::Membership(..) | Change::Group(..) => 0,
        Change::Module(..) => 1,
        _ => 2,
    }
}

struct Known {
    former: BTreeMap<SessionId, Vec<SessionId>>,
    scopes: BTreeMap<(SessionId, ClientId), String>,
}

async fn judge(
    tx: &mut Tx,
    door: &Door,
    (change, pair, known): (&Change, &Pair, &Known),
    queue: &mut Queue<'_>,
) -> db::Result<()> {
    let now = queue.now;
    let entry: Entry = told::entry(tx, pair, now).await?;
    if entry.is_refused() {
        queue.logout(pair, &names(&known.former, pair.session));
        store::remove_pair(tx, pair.session, pair.client).await?;
        // E60: neither does a refresh token bring anybody back.
        return family_store::save_revoked_of_client(tx, pair.user, pair.client, RevokedFor::AccessLost, now).await;
    }
    if !queue.tells(pair.client, &pair.settings) {
        return Ok(());
    }
    let scope = known.scopes.get(&(pair.session, pair.client)).map(String::as_str).unwrap_or_default();
    let claims = told::claims(tx, door, (change, &entry), (pair.user, scope), now).await?;
    if !claims.is_empty() {
        for sid in names(&known.former, pair.session) {
            let says = Map::from_iter([("claims".to_owned(), Value::Object(claims.clone()))]);
            let changed = (EventType::TokenClaimsChange, pair.user, Some(sid), says);
            queue.event((pair.client, &pair.settings), changed);
        }
    }
    Ok(())
}
