//! Works through what has changed, target by target. One that hangs or refuses us holds up nobody but itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::batch::{Batch, Sync};
use super::desired::Place;
use super::lease::Lease;
use super::manage::open;
use super::model::{Findings, Status, Target};
use super::outcome::{Trouble, again};
use super::reconcile::Comparison;
use super::remote::Remote;
use super::{progress_store as progress, target_store, work_store};
use crate::db::{self, Db, Tx, transact};
use crate::directory::client;
use crate::kernel::ids::ClientId;
use crate::kernel::time::{Clock, Timestamp};
use crate::outbound::Outbound;
use crate::tokens::{Kek, subjects::Subjects};

/// How much is looked at at once.
const BATCH: i64 = 100;

/// How often everything is compared.
const RECONCILE: Duration = Duration::from_hours(24);

/// How many targets are worked at at once.
const TARGETS: usize = 16;

/// What pushing needs; cheap to clone.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// The way out.
    pub outbound: Outbound,
    /// Opens the tokens by which targets know us.
    pub kek: Kek,
    /// By which names clients know people.
    pub subjects: Subjects,
    /// The clock.
    pub clock: Clock,
}

/// Pushes until nothing is due; how many things were looked at.
pub async fn push(db: &Db, pusher: &Pusher) -> db::Result<usize> {
    let ready = progress::list_ready(&mut db.reader().await?, pusher.clock.now()).await?;
    let mut done = 0;
    for some in ready.chunks(TARGETS) {
        let mut under_way = JoinSet::new();
        for client in some {
            let (db, pusher, client) = (db.clone(), pusher.clone(), *client);
            under_way.spawn(async move { visit(&db, &pusher, client).await });
        }
        while let Some(one) = under_way.join_next().await {
            // A visit that panicked keeps its lease and is made again.
            done += one.unwrap_or(Ok(0))?;
        }
    }
    Ok(done)
}

/// A target with what is needed at it.
pub(super) struct Visit {
    pub(super) target: Target,
    pub(super) place: Place,
}

impl Visit {
    /// Whether anything may be sent now (OA-42: people are asked before a third party is told anything).
    fn is_open(&self) -> bool {
        let client = &self.place.client;
        self.target.status == Status::Active && client.active && !client.settings.third_party
    }

    /// Of a client, if it has a target and an environment.
    pub(super) async fn of(tx: &mut Tx, subjects: &Subjects, client: ClientId) -> db::Result<Option<Self>> {
        let Some(target) = target_store::find(tx, client).await? else { return Ok(None) };
        let Some(client) = client::store::find(tx, client).await? else { return Ok(None) };
        let place = Place::of(tx, client, subjects).await?;
        Ok(place.map(|place| Self { target, place }))
    }
}

async fn visit(db: &Db, pusher: &Pusher, client: ClientId) -> db::Result<usize> {
    let Some(mut lease) = Lease::take(db, &pusher.clock, client).await? else { return Ok(0) };
    let found = Visit::of(&mut db.reader().await?, &pusher.subjects, client).await?;
    let outcome = match found.filter(Visit::is_open) {
        Some(visit) => work(db, pusher, &Arc::new(visit), &mut lease).await,
        None => Ok(0),
    };
    let done = match outcome {
        Ok(done) => Ok(done),
        Err(Trouble::Lost(error)) => error.map_or(Ok(0), Err),
        Err(Trouble::Later(answer, after)) => fail(db, pusher, client, (&answer, after)).await.map(|()| 0),
        // Of a single thing, which is settled where it is met.
        Err(Trouble::Missing | Trouble::Refused(_)) => {
            fail(db, pusher, client, ("not understood", None)).await.map(|()| 0)
        }
    };
    lease.release().await?;
    done
}

async fn work(db: &Db, pusher: &Pusher, visit: &Visit, lease: &mut Lease<'_>) -> Result<usize, Trouble> {
    let (client, clock) = (visit.target.client, &pusher.clock);
    let token = open(&pusher.kek, &visit.target)
        .map_err(|_| Trouble::Later("the token of the target does not open".to_owned(), None))?;
    let remote = Remote::new(&pusher.outbound, &visit.target.base_url, &token);
    lapse(db, visit, clock.now()).await?;
    if progress::is_to_reconcile(&mut db.reader().await?, client, clock.now()).await? {
        let findings = Findings::default();
        let comparison = Comparison { db, remote: &remote, visit, clock, lease: Some(&mut *lease), findings };
        let findings = comparison.run().await?;
        let now = clock.now();
        let saved: db::Result<()> = transact!(*db, tx => {
            progress::save_reconciled(tx, client, &findings, (now, now.plus(RECONCILE))).await?;
            progress::save_well(tx, client, now).await
        });
        saved?;
    }
    let mut done = 0;
    loop {
        let due = work_store::list_due(&mut db.reader().await?, client, clock.now(), BATCH).await?;
        if due.is_empty() {
            return Ok(done);
        }
        done += due.len();
        Batch::new(Sync { db, remote: &remote, visit, clock }, due).run(lease).await?;
        let now = clock.now();
        let saved: db::Result<()> = transact!(*db, tx => progress::save_well(tx, client, now).await);
        saved?;
    }
}

/// What has ended since it was looked last is looked at.
async fn lapse(db: &Db, visit: &Visit, now: Timestamp) -> db::Result<()> {
    let client = visit.target.client;
    let environment = visit.place.environment.id;
    transact!(*db, tx => {
        if let Some(from) = progress::find_seen(tx, client).await?.filter(|from| *from < now) {
            work_store::insert_lapsed(tx, (client, environment), (from, now)).await?;
            progress::save_seen(tx, client, now).await?;
        }
        Ok(())
    })
}

/// The target as a whole waits.
async fn fail(db: &Db, pusher: &Pusher, client: ClientId, (answer, after): (&str, Option<u64>)) -> db::Result<()> {
    let now = pusher.clock.now();
    tracing::warn!(%client, answer, "people could not be pushed to an application");
    metrics::counter!("chamberlain_push_total", "outcome" => "failed").increment(1);
    transact!(*db, tx => {
        let attempts = progress::count_failed(tx, client).await?;
        progress::save_failed(tx, client, again(now, attempts, after), answer).await
    })
}
