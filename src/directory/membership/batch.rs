//! What changes of memberships in one transaction have in common: each line of the log needs the person's home and the
//! group's application, which are read once; versions of groups move once per group and home organisation.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::assign::MembershipError;
use super::change_store;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::Tx;
use crate::directory::{group, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// The changes of one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    homes: BTreeMap<UserId, OrganisationId>,
    applications: BTreeMap<GroupId, ApplicationId>,
    touched: BTreeSet<(GroupId, OrganisationId)>,
}

impl Batch {
    /// Records a membership that was given, or whose end was moved.
    pub(super) async fn assigned(
        &mut self,
        tx: &mut Tx,
        (user, group): (UserId, GroupId),
        (before, until): (Option<Timestamp>, Option<Timestamp>),
        via: Option<RoleAssignmentId>,
        ctx: &Ctx,
    ) -> Result<(), MembershipError> {
        let details = json!({ "group": group, "until_before": before, "until": until });
        self.record(tx, Kind::MembershipAssigned, (user, group), via, (ctx, details)).await
    }

    /// Records a membership that was taken away.
    pub(super) async fn removed(
        &mut self,
        tx: &mut Tx,
        (user, group): (UserId, GroupId),
        via: Option<RoleAssignmentId>,
        ctx: &Ctx,
    ) -> Result<(), MembershipError> {
        self.record(tx, Kind::MembershipRemoved, (user, group), via, (ctx, json!({ "group": group }))).await
    }

    /// Records a membership of which somebody said that it is still needed.
    pub(super) async fn kept(
        &mut self,
        tx: &mut Tx,
        (user, group): (UserId, GroupId),
        via: Option<RoleAssignmentId>,
        ctx: &Ctx,
    ) -> Result<(), MembershipError> {
        self.record(tx, Kind::MembershipKept, (user, group), via, (ctx, json!({ "group": group }))).await
    }

    async fn record(
        &mut self,
        tx: &mut Tx,
        kind: Kind,
        (user, group): (UserId, GroupId),
        via: Option<RoleAssignmentId>,
        (ctx, details): (&Ctx, Value),
    ) -> Result<(), MembershipError> {
        let home = match self.homes.entry(user) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let found = user::store::find(tx, user).await?.ok_or(MembershipError::NotFound)?;
                *new.insert(found.organisation)
            }
        };
        let application = match self.applications.entry(group) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let found = group::store::find(tx, group).await?.ok_or(MembershipError::NotFound)?;
                *new.insert(found.application)
            }
        };
        self.touched.insert((group, home));
        let event = Event::new(kind, Subject::User(user)).within(home).about(application).with(details);
        Ok(audit::record(tx, ctx, via, event).await?)
    }

    /// Notes that the members of each group that was touched changed, once.
    pub(super) async fn finish(self, tx: &mut Tx, ctx: &Ctx) -> Result<(), MembershipError> {
        for (group, home) in self.touched {
            change_store::save(tx, group, home, ctx).await?;
        }
        Ok(())
    }
}
