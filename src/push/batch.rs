//! Some of what has changed: people and groups one by one, then who is in which group, with one request for each group.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::desired::{self, Desired};
use super::lease::Lease;
use super::model::{Held, Kind, Work};
use super::outcome::{Trouble, again_alone};
use super::remote::Remote;
use super::run::Visit;
use super::{resource_store as resources, sync_groups, sync_users, work_store};
use crate::db::{self, Db, transact};
use crate::directory::group;
use crate::directory::group::model::Group;
use crate::directory::user::pushed_store;
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::time::Clock;

/// Most members in one request.
const MEMBERS: usize = 100;

/// What a batch is worked with.
#[derive(Clone, Copy)]
pub(super) struct Sync<'a> {
    pub(super) db: &'a Db,
    pub(super) remote: &'a Remote<'a>,
    pub(super) visit: &'a Visit,
    pub(super) clock: &'a Clock,
}

/// Some work, and what came of it so far.
pub(super) struct Batch<'a> {
    with: Sync<'a>,
    work: Vec<Work>,
    /// By the id here: what the application said.
    refused: BTreeMap<(Kind, Uuid), String>,
    /// In which groups people should be whom the target has.
    wanted: BTreeMap<UserId, BTreeSet<GroupId>>,
}

impl<'a> Batch<'a> {
    pub(super) fn new(with: Sync<'a>, work: Vec<Work>) -> Self {
        Self { with, work, refused: BTreeMap::new(), wanted: BTreeMap::new() }
    }

    /// Does it, and writes down what came of it. What is not reached stays due.
    pub(super) async fn run(mut self, lease: &mut Lease<'_>) -> Result<(), Trouble> {
        self.spread().await?;
        if self.with.visit.target.rules.groups {
            self.groups(lease).await?;
        }
        self.people(lease).await?;
        if self.with.visit.target.rules.groups {
            self.members(lease).await?;
        }
        self.finish().await
    }

    fn of(&self, kind: Kind) -> Vec<Uuid> {
        self.work.iter().filter(|work| work.kind == kind).map(|work| work.local).collect()
    }

    /// One refused thing does not stop the others; anything else does.
    fn settle<T>(&mut self, key: (Kind, Uuid), outcome: Result<T, Trouble>) -> Result<Option<T>, Trouble> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(Trouble::Refused(answer)) => {
                self.refused.insert(key, answer);
                Ok(None)
            }
            Err(Trouble::Missing) => {
                self.refused.insert(key, "HTTP 404".to_owned());
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// All at home in organisations or below, and all members of groups, are looked at, in batches to come.
    async fn spread(&self) -> Result<(), Trouble> {
        let (client, environment) = (self.with.visit.target.client, self.with.visit.place.environment.id);
        for organisation in self.of(Kind::Organisation) {
            let below = (OrganisationId(organisation), environment);
            let done: db::Result<()> =
                transact!(*self.with.db, tx => pushed_store::insert_below(tx, client, below).await);
            done?;
        }
        for group in self.of(Kind::Members) {
            let done: db::Result<()> =
                transact!(*self.with.db, tx => work_store::insert_members(tx, client, GroupId(group)).await);
            done?;
        }
        Ok(())
    }

    async fn groups(&mut self, lease: &mut Lease<'_>) -> Result<(), Trouble> {
        for local in self.of(Kind::Group) {
            lease.keep().await?;
            let outcome = self.group(GroupId(local)).await;
            self.settle((Kind::Group, local), outcome)?;
        }
        Ok(())
    }

    /// Makes a group of the environment as it should be; what the target has. One that is gone here goes there.
    async fn group(&self, id: GroupId) -> Result<Option<Held>, Trouble> {
        let Sync { db, remote, visit, .. } = self.with;
        let key = (visit.target.client, Kind::Group, id.0);
        let (held, group): (Option<Held>, Option<Group>) = {
            // Given back before anything is called.
            let tx = &mut db.reader().await?;
            let held = resources::list(tx, (key.0, key.1), &[id.0]).await?.remove(&id.0);
            (held, group::store::find(tx, id).await?)
        };
        let group = group.filter(|group| group.environment == visit.place.environment.id);
        let Some(group) = group else {
            if let Some(held) = held {
                remote.delete(Kind::Group, &held.remote).await?;
                let saved: db::Result<()> = transact!(*db, tx => resources::remove(tx, (key.0, key.1), &[id.0]).await);
                saved?;
            }
            return Ok(None);
        };
        let now_held = sync_groups::sync(remote, &visit.target.rules, &group, held.clone()).await?;
        if held.as_ref() != Some(&now_held) {
            self.note(key, held.as_ref(), Some(&now_held)).await?;
        }
        Ok(Some(now_held))
    }

    async fn people(&mut self, lease: &mut Lease<'_>) -> Result<(), Trouble> {
        let Sync { db, visit, clock, .. } = self.with;
        let locals = self.of(Kind::User);
        let users: Vec<UserId> = locals.iter().copied().map(UserId).collect();
        let (desired, mut held) = {
            let tx = &mut db.reader().await?;
            let desired = desired::list(tx, (&visit.place, &visit.target), &users, clock.now()).await?;
            (desired, resources::list(tx, (visit.target.client, Kind::User), &locals).await?)
        };
        for (user, desired) in desired {
            lease.keep().await?;
            let outcome = self.person(user, &desired, held.remove(&user.0)).await;
            let is_there = self.settle((Kind::User, user.0), outcome)?;
            if is_there == Some(true) {
                let groups = match desired {
                    Desired::Present(_, groups) => groups,
                    Desired::Left(_) | Desired::Gone => BTreeSet::new(),
                };
                self.wanted.insert(user, groups);
            }
        }
        Ok(())
    }

    /// Whether the target has them then.
    async fn person(&self, user: UserId, desired: &Desired, held: Option<Held>) -> Result<bool, Trouble> {
        let Sync { remote, visit, .. } = self.with;
        let now_held = sync_users::sync(remote, &visit.target.rules, desired, held.clone()).await?;
        if held != now_held {
            metrics::counter!("chamberlain_push_total", "outcome" => "pushed").increment(1);
            self.note((visit.target.client, Kind::User, user.0), held.as_ref(), now_held.as_ref()).await?;
        }
        Ok(now_held.is_some())
    }

    /// Writes down what the target has now. Under another id it is another thing, in which nobody is yet.
    async fn note(
        &self,
        key: (crate::kernel::ids::ClientId, Kind, Uuid),
        before: Option<&Held>,
        now: Option<&Held>,
    ) -> Result<(), Trouble> {
        let saved: db::Result<()> = transact!(*self.with.db, tx => {
            if before.is_some_and(|before| now.is_none_or(|now| now.remote != before.remote)) {
                resources::remove(tx, (key.0, key.1), &[key.2]).await?;
            }
            match now {
                Some(now) => resources::save(tx, key, now).await,
                None => Ok(()),
            }
        });
        match saved {
            Err(error) if error.violates("push_resources", &["client_id", "kind", "remote_id"]) => {
                Err(Trouble::Refused("the name is somebody else's there".to_owned()))
            }
            other => Ok(other?),
        }
    }

    /// Who comes into which group and who goes, a group at a time.
    async fn members(&mut self, lease: &mut Lease<'_>) -> Result<(), Trouble> {
        let Sync { db, visit, .. } = self.with;
        let client = visit.target.client;
        let users: Vec<UserId> = self.wanted.keys().copied().collect();
        let locals: Vec<Uuid> = users.iter().map(|user| user.0).collect();
        let (present, remotes) = {
            let tx = &mut db.reader().await?;
            let present = resources::list_groups_of(tx, client, &users).await?;
            (present, resources::list(tx, (client, Kind::User), &locals).await?)
        };
        let mut changes: BTreeMap<GroupId, Changes> = BTreeMap::new();
        let none = BTreeSet::new();
        for (user, wanted) in &self.wanted {
            let is = present.get(user).unwrap_or(&none);
            wanted.difference(is).for_each(|group| changes.entry(*group).or_default().coming.push(*user));
            is.difference(wanted).for_each(|group| changes.entry(*group).or_default().going.push(*user));
        }
        for (group, change) in changes {
            for part in change.parts() {
                lease.keep().await?;
                let outcome = self.change_members(group, &part, &remotes).await;
                if let Err(Trouble::Refused(answer)) = outcome {
                    for user in part.coming.iter().chain(&part.going) {
                        self.refused.insert((Kind::User, user.0), answer.clone());
                    }
                } else {
                    outcome?;
                }
            }
        }
        Ok(())
    }

    async fn change_members(
        &self,
        group: GroupId,
        part: &Changes,
        remotes: &BTreeMap<Uuid, Held>,
    ) -> Result<(), Trouble> {
        let Sync { db, remote, visit, .. } = self.with;
        let client = visit.target.client;
        let ids = |users: &[UserId]| -> Vec<&str> {
            users.iter().filter_map(|user| Some(remotes.get(&user.0)?.remote.as_str())).collect()
        };
        // A group that is gone here is gone there, with whoever was in it.
        if let Some(held) = self.group(group).await? {
            match remote.change_members(&held.remote, &ids(&part.coming), &ids(&part.going)).await {
                Err(Trouble::Missing) => {
                    // Deleted there since: it is made again when it is looked at next.
                    let forgotten: db::Result<()> =
                        transact!(*db, tx => resources::remove(tx, (client, Kind::Group), &[group.0]).await);
                    forgotten?;
                    return Err(Trouble::Refused("HTTP 404".to_owned()));
                }
                other => other?,
            }
        }
        let saved: db::Result<()> = transact!(*db, tx => {
            resources::save_members(tx, (client, group), &part.coming, true).await?;
            resources::save_members(tx, (client, group), &part.going, false).await
        });
        Ok(saved?)
    }

    /// What was done is done, unless it has changed since; what was refused is tried again later.
    async fn finish(self) -> Result<(), Trouble> {
        let (client, now) = (self.with.visit.target.client, self.with.clock.now());
        let saved: db::Result<()> = transact!(*self.with.db, tx => {
            let answer = |work: &Work| self.refused.get(&(work.kind, work.local));
            let done: Vec<&Work> = self.work.iter().filter(|work| answer(work).is_none()).collect();
            work_store::remove(tx, client, &done).await?;
            // Few: each with an answer and a time of its own.
            for work in &self.work {
                if let Some(answer) = answer(work) {
                    let later = (again_alone(now, work.attempts), answer.as_str());
                    work_store::save_delayed(tx, client, work, later).await?;
                }
            }
            Ok(())
        });
        Ok(saved?)
    }
}

/// Who comes into a group and who goes.
#[derive(Debug, Default)]
struct Changes {
    coming: Vec<UserId>,
    going: Vec<UserId>,
}

impl Changes {
    /// The same in requests of a bounded size.
    fn parts(self) -> Vec<Self> {
        let coming = self.coming.chunks(MEMBERS).map(|some| Self { coming: some.to_vec(), going: Vec::new() });
        let going = self.going.chunks(MEMBERS).map(|some| Self { coming: Vec::new(), going: some.to_vec() });
        coming.chain(going).collect()
    }
}
