//! Groups in groups, through the door.

use std::collections::BTreeSet;

use chamberlain::authority::Door;
use chamberlain::authority::action::{ManageGroup, NestGroup};
use chamberlain::db::transact;
use chamberlain::directory::group::manage::{self as groups, GroupDetails};
use chamberlain::directory::group::model::Group;
use chamberlain::directory::group::{nesting, store};
use chamberlain::kernel::ids::{GroupId, PrincipalId};

use super::{Failure, World, failure};

/// What somebody does with groups.
#[derive(Clone, Copy)]
pub struct Nested<'a> {
    /// Database, clock, randomness.
    pub world: &'a World,
    /// Decides.
    pub door: &'a Door,
    /// Who acts.
    pub by: PrincipalId,
}

impl<'a> Nested<'a> {
    /// The console acts.
    pub fn of(world: &'a World, door: &'a Door) -> Self {
        Self { world, door, by: PrincipalId::Console }
    }

    /// The group as it is stored.
    pub async fn find(&self, id: GroupId) -> Group {
        store::find(&mut self.world.db.reader().await.unwrap(), id).await.unwrap().expect("a group")
    }

    /// Another group of the environment of one.
    pub async fn beside(&self, beside: GroupId, code: &str, sensitive: bool) -> GroupId {
        let (ctx, beside) = (self.world.ctx_of(self.by), self.find(beside).await);
        let details =
            GroupDetails { code: code.to_owned(), display_name: code.to_owned(), sensitive, ..GroupDetails::default() };
        let made: Result<GroupId, Failure> = transact!(self.world.db, tx => {
            let action = ManageGroup { application: beside.application, environment: beside.environment };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            Ok(groups::create(tx, permit, details.clone(), &ctx).await.map_err(failure)?.id)
        });
        made.unwrap()
    }

    /// Puts groups into one and takes others out.
    pub async fn change(&self, outer: GroupId, added: &[GroupId], removed: &[GroupId]) -> Result<bool, Failure> {
        let (ctx, group) = (self.world.ctx_of(self.by), self.find(outer).await);
        let removed: BTreeSet<GroupId> = removed.iter().copied().collect();
        transact!(self.world.db, tx => {
            let action = ManageGroup { application: group.application, environment: group.environment };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            let added = added.iter().map(|inner| NestGroup { outer, inner: *inner }).collect();
            let added = self.door.authorise_all(tx, &ctx, added).await?;
            nesting::change(tx, permit, outer, (added, &removed), &ctx).await.map_err(failure)
        })
    }

    /// Puts a group into another one.
    pub async fn nest(&self, outer: GroupId, inner: GroupId) -> Result<bool, Failure> {
        self.change(outer, &[inner], &[]).await
    }

    /// Takes a group out of another one.
    pub async fn unnest(&self, outer: GroupId, inner: GroupId) -> Result<bool, Failure> {
        self.change(outer, &[], &[inner]).await
    }
}
