//! Memberships that end because something else does: an account, a home, a group. Each is an event of its own on the person
//! (D10), all of them by a fixed number of statements per thousand.

use std::collections::BTreeSet;

use serde_json::json;

use super::model::HeldGroup;
use super::{change_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::db::{self, Tx};
use crate::delegation::recertification::model::DueMembership;
use crate::directory::group::model::Group;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, GroupId, MembershipId, OrganisationId, RoleAssignmentId, UserId};

/// How many members of a group are in memory at once.
const BATCH: i64 = 1_000;

/// Why memberships end: the word of the event that ends them, and the role assignment that allowed it.
#[derive(Clone, Copy, Debug)]
pub(in crate::directory) struct Because {
    pub(in crate::directory) kind: Kind,
    pub(in crate::directory) via: Option<RoleAssignmentId>,
}

impl Because {
    fn event(self, user: UserId, home: OrganisationId, (group, of): (GroupId, ApplicationId)) -> Event {
        let details = json!({ "group": group, "because": self.kind.as_str() });
        Event::new(Kind::MembershipRemoved, Subject::User(user)).within(home).about(of).with(details)
    }
}

/// Takes some of the memberships of one person away.
pub(in crate::directory) async fn of_user(
    tx: &mut Tx,
    (user, home): (UserId, OrganisationId),
    ended: &[HeldGroup],
    because: Because,
    ctx: &Ctx,
) -> db::Result<()> {
    store::remove_all(tx, user, &ended.iter().map(|held| held.group).collect::<Vec<_>>()).await?;
    let events = ended.iter().map(|held| (because.via, because.event(user, home, (held.group, held.application))));
    audit::record_all(tx, ctx, events.collect()).await
}

/// Takes memberships away that nobody confirmed in time.
pub(crate) async fn lapse<A>(tx: &mut Tx, permit: &Permit<A>, ended: &[DueMembership], ctx: &Ctx) -> db::Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let ids: Vec<MembershipId> = ended.iter().map(|one| one.id).collect();
    store::remove_some(tx, &ids).await?;
    let places: BTreeSet<(GroupId, OrganisationId)> = ended.iter().map(|one| (one.group, one.home)).collect();
    for (group, home) in places {
        change_store::save(tx, group, home, ctx).await?;
    }
    let because = Because { kind: Kind::RecertificationClosed, via: permit.via() };
    let event = |one: &DueMembership| because.event(one.user, one.home, (one.group, one.application));
    audit::record_all(tx, ctx, ended.iter().map(|one| (because.via, event(one))).collect()).await
}

/// Takes all members out of a group, and says how many there were.
pub(in crate::directory) async fn of_group(
    tx: &mut Tx,
    group: &Group,
    because: Because,
    ctx: &Ctx,
) -> db::Result<usize> {
    let mut ended = 0;
    loop {
        let members = store::list_homes(tx, group.id, BATCH).await?;
        let Some((last, _)) = members.last() else { return Ok(ended) };
        store::remove_up_to(tx, group.id, *last).await?;
        ended += members.len();
        let events = members.into_iter().map(|(user, home)| {
            let mut event = because.event(user, home, (group.id, group.application));
            // Nobody will be able to look it up.
            if let Some(details) = event.details.as_object_mut() {
                details.insert("code".to_owned(), json!(group.code));
            }
            (because.via, event)
        });
        audit::record_all(tx, ctx, events.collect()).await?;
    }
}
