//! Compares all that a target holds with what it should hold. What differs is noted as work, which is done as any other; what is not ours
//! is counted and left alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;

use super::desired::{self, Desired};
use super::lease::Lease;
use super::model::{Findings, Held, Kind};
use super::outcome::Trouble;
use super::remote::{PAGE, Remote};
use super::run::Visit;
use super::{resource_store as resources, work_store};
use crate::db::{self, Db, transact};
use crate::directory::group;
use crate::kernel::ids::{GroupId, UserId};
use crate::kernel::time::Clock;

/// How many are read here at once.
const SOME: i64 = 500;

/// Most pages that are read of a target: ten million people.
const PAGES: u64 = 100_000;

/// A comparison under way.
pub(super) struct Comparison<'a, 'l> {
    pub(super) db: &'a Db,
    pub(super) remote: &'a Remote<'a>,
    pub(super) visit: &'a Visit,
    pub(super) clock: &'a Clock,
    /// Of the target. Without one what differs is only counted.
    pub(super) lease: Option<&'a mut Lease<'l>>,
    pub(super) findings: Findings,
}

impl Comparison<'_, '_> {
    /// Compares, and notes what differs.
    pub(super) async fn run(mut self) -> Result<Findings, Trouble> {
        let seen = self.people_there().await?;
        let gone = self.people_gone(&seen).await?;
        self.people_missing(&gone).await?;
        if self.visit.target.rules.groups {
            self.groups().await?;
        }
        Ok(self.findings)
    }

    async fn keep(&mut self) -> Result<(), Trouble> {
        match &mut self.lease {
            Some(lease) => lease.keep().await,
            None => Ok(()),
        }
    }

    /// Page by page; whom of ours it has.
    async fn people_there(&mut self) -> Result<BTreeSet<UserId>, Trouble> {
        let mut seen = BTreeSet::new();
        let mut start = 1;
        for _ in 0..PAGES {
            self.keep().await?;
            let page = self.remote.page(start).await?;
            let read = u64::try_from(page.resources.len()).unwrap_or(PAGE);
            self.page(page.resources, &mut seen).await?;
            start += read;
            if read == 0 || start > page.total {
                return Ok(seen);
            }
        }
        Err(Trouble::Later("too many people there".to_owned(), None))
    }

    async fn page(&mut self, resources: Vec<(String, Value)>, seen: &mut BTreeSet<UserId>) -> Result<(), Trouble> {
        let client = self.visit.target.client;
        let remotes: BTreeSet<String> = resources.iter().map(|(id, _)| id.clone()).collect();
        let tx = &mut self.db.reader().await?;
        let mut ours = resources::list_by_remote(tx, (client, Kind::User), &remotes).await?;
        let users: Vec<UserId> = ours.values().map(|(local, _)| UserId(*local)).collect();
        let place = (&self.visit.place, &self.visit.target);
        let desired = desired::list(tx, place, &users, self.clock.now()).await?;
        let mut spoilt = Vec::new();
        for (id, resource) in &resources {
            let Some((local, _)) = ours.remove(id) else {
                self.findings.foreign += 1;
                continue;
            };
            let user = UserId(local);
            if !seen.insert(user) {
                // The same one twice: the list moved while it was read.
                continue;
            }
            match desired.get(&user) {
                None | Some(Desired::Gone) => {
                    self.findings.surplus += 1;
                    spoilt.push(local);
                }
                Some(Desired::Present(document, _) | Desired::Left(document)) if document.is_in(resource) => {
                    self.findings.same += 1;
                }
                Some(Desired::Left(_)) => {
                    self.findings.surplus += 1;
                    spoilt.push(local);
                }
                Some(Desired::Present(..)) => {
                    self.findings.different += 1;
                    spoilt.push(local);
                }
            }
        }
        self.again(Kind::User, &spoilt).await
    }

    /// Whoever was brought and is not there: it is brought again if it belongs there.
    async fn people_gone(&mut self, seen: &BTreeSet<UserId>) -> Result<BTreeSet<UserId>, Trouble> {
        let client = self.visit.target.client;
        let (mut after, mut all) = (Uuid::nil(), BTreeSet::new());
        loop {
            let tx = &mut self.db.reader().await?;
            let held = resources::list_after(tx, (client, Kind::User), after, SOME).await?;
            let Some((last, _)) = held.last() else { return Ok(all) };
            after = *last;
            let gone: Vec<Uuid> =
                held.iter().map(|(local, _)| *local).filter(|local| !seen.contains(&UserId(*local))).collect();
            let users: Vec<UserId> = gone.iter().copied().map(UserId).collect();
            let place = (&self.visit.place, &self.visit.target);
            let desired = desired::list(tx, place, &users, self.clock.now()).await?;
            self.findings.missing += count(desired.values().filter(|desired| desired.is_to_be_made()));
            self.forget(Kind::User, &gone).await?;
            all.extend(users);
        }
    }

    /// Whoever belongs there and was never brought; those who are gone are counted already.
    async fn people_missing(&mut self, gone: &BTreeSet<UserId>) -> Result<(), Trouble> {
        let (client, environment) = (self.visit.target.client, self.visit.place.environment.id);
        let mut after = UserId(Uuid::nil());
        loop {
            let tx = &mut self.db.reader().await?;
            let users = resources::list_missing(tx, (client, environment), after, SOME).await?;
            let Some(last) = users.last() else { return Ok(()) };
            after = *last;
            let place = (&self.visit.place, &self.visit.target);
            let desired = desired::list(tx, place, &users, self.clock.now()).await?;
            let missing: Vec<Uuid> =
                desired.into_iter().filter(|(_, desired)| desired.is_to_be_made()).map(|(user, _)| user.0).collect();
            self.findings.missing += count(missing.iter().filter(|local| !gone.contains(&UserId(**local))));
            self.mark(Kind::User, &missing).await?;
        }
    }

    async fn groups(&mut self) -> Result<(), Trouble> {
        let (groups, mut held) = {
            // Given back before anything is called.
            let tx = &mut self.db.reader().await?;
            let groups = group::store::list_of_environment(tx, self.visit.place.environment.id).await?;
            let locals: Vec<Uuid> = groups.iter().map(|group| group.id.0).collect();
            let held = resources::list(tx, (self.visit.target.client, Kind::Group), &locals).await?;
            (groups, held)
        };
        for group in groups {
            self.keep().await?;
            let Some(held) = held.remove(&group.id.0) else {
                self.findings.groups += 1;
                self.mark(Kind::Group, &[group.id.0]).await?;
                continue;
            };
            let Some(resource) = self.remote.get(Kind::Group, &held.remote).await? else {
                self.findings.groups += 1;
                let tx = &mut self.db.reader().await?;
                let members = resources::list_members(tx, self.visit.target.client, group.id).await?;
                self.forget(Kind::Group, &[group.id.0]).await?;
                self.mark(Kind::User, &members.into_iter().map(|user| user.0).collect::<Vec<_>>()).await?;
                continue;
            };
            if resource.get("displayName").and_then(Value::as_str) != Some(&group.code) {
                self.findings.groups += 1;
                self.again(Kind::Group, &[group.id.0]).await?;
            }
            self.members(group.id, &resource).await?;
        }
        Ok(())
    }

    /// Who is in a group there: what we know is put right, and whom it concerns is looked at.
    async fn members(&mut self, group: GroupId, resource: &Value) -> Result<(), Trouble> {
        let client = self.visit.target.client;
        let listed = resource.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let there: Vec<String> =
            listed.iter().filter_map(|member| Some(member.get("value")?.as_str()?.to_owned())).collect();
        let tx = &mut self.db.reader().await?;
        let known = resources::list_members(tx, client, group).await?;
        let mut ours: BTreeMap<String, (Uuid, Held)> = BTreeMap::new();
        for some in there.chunks(usize::try_from(SOME).unwrap_or(1)) {
            let some = some.iter().cloned().collect();
            ours.extend(resources::list_by_remote(tx, (client, Kind::User), &some).await?);
        }
        let present: BTreeSet<UserId> = ours.values().map(|(local, _)| UserId(*local)).collect();
        self.findings.foreign_members += count(there.iter().filter(|id| !ours.contains_key(*id)));
        let lost: Vec<UserId> = known.difference(&present).copied().collect();
        let found: Vec<UserId> = present.difference(&known).copied().collect();
        self.findings.members += count(lost.iter().chain(&found));
        if self.lease.is_some() {
            let saved: db::Result<()> = transact!(*self.db, tx => {
                resources::save_members(tx, (client, group), &lost, false).await?;
                resources::save_members(tx, (client, group), &found, true).await
            });
            saved?;
        }
        self.mark(Kind::User, &lost.iter().chain(&found).map(|user| user.0).collect::<Vec<_>>()).await
    }

    /// Has them looked at.
    async fn mark(&self, kind: Kind, locals: &[Uuid]) -> Result<(), Trouble> {
        if self.lease.is_none() || locals.is_empty() {
            return Ok(());
        }
        let client = self.visit.target.client;
        let saved: db::Result<()> = transact!(*self.db, tx => work_store::insert_all(tx, client, kind, locals).await);
        Ok(saved?)
    }

    /// They are not as they were sent: they are sent again.
    async fn again(&self, kind: Kind, locals: &[Uuid]) -> Result<(), Trouble> {
        self.change(kind, locals, false).await
    }

    /// They are not there.
    async fn forget(&self, kind: Kind, locals: &[Uuid]) -> Result<(), Trouble> {
        self.change(kind, locals, true).await
    }

    async fn change(&self, kind: Kind, locals: &[Uuid], forget: bool) -> Result<(), Trouble> {
        if self.lease.is_none() || locals.is_empty() {
            return Ok(());
        }
        let client = self.visit.target.client;
        let saved: db::Result<()> = transact!(*self.db, tx => {
            if forget {
                resources::remove(tx, (client, kind), locals).await?;
            } else {
                resources::save_spoilt(tx, (client, kind), locals).await?;
            }
            work_store::insert_all(tx, client, kind, locals).await
        });
        Ok(saved?)
    }
}

fn count<T>(of: impl Iterator<Item = T>) -> u64 {
    u64::try_from(of.count()).unwrap_or(u64::MAX)
}
