//! The SQL of changes of members: one line per group and home organisation, so that the version of a group as a caller
//! sees it (RFC 7644 §3.14) is a sum over the lines in the caller's scope, however many members there are, and does not
//! move with members out of it (SC-07, `decisions.md` 14).

use sqlx::QueryBuilder;

use super::sight::Sight;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    SAVE = "INSERT INTO member_changes (group_id, organisation_id, stamp, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (group_id, organisation_id) DO UPDATE SET stamp = excluded.stamp, changed_at = excluded.changed_at";
    SAVE_OF_USER = "INSERT INTO member_changes (group_id, organisation_id, stamp, changed_at)
        SELECT m.group_id, $2, $3, $4 FROM memberships m WHERE m.user_id = $1
        ON CONFLICT (group_id, organisation_id) DO UPDATE SET stamp = excluded.stamp, changed_at = excluded.changed_at";
    REMOVE_OF_GROUP = "DELETE FROM member_changes WHERE group_id = $1";
}

/// How far the members of one group have come, as seen from one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Changes {
    /// Which group.
    pub group_id: GroupId,
    /// The sum of the stamps; another one after each change in the scope.
    pub stamps: i64,
    /// When the last change was.
    pub changed_at: Timestamp,
}

/// Random, and so short that half a million of them can be added up.
fn stamp(ctx: &Ctx) -> i64 {
    i64::try_from(ctx.uuid().as_u128() & 0xfff_ffff_ffff).unwrap_or_default()
}

/// Somebody whose home is this organisation came into the group, left it, or is called otherwise now.
pub async fn save(tx: &mut Tx, group: GroupId, home: OrganisationId, ctx: &Ctx) -> db::Result<()> {
    let stamp = stamp(ctx);
    on!(tx, c => sqlx::query(SAVE).bind(group).bind(home).bind(stamp).bind(ctx.now).execute(c).await.map(drop))?;
    Ok(())
}

/// The same for every group that a user is in, seen from one organisation.
pub async fn save_of_user(tx: &mut Tx, user: UserId, home: OrganisationId, ctx: &Ctx) -> db::Result<()> {
    let stamp = stamp(ctx);
    on!(tx, c => sqlx::query(SAVE_OF_USER).bind(user).bind(home).bind(stamp).bind(ctx.now).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets the changes of a group that is to be deleted.
pub async fn remove_of_group(tx: &mut Tx, group: GroupId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OF_GROUP).bind(group).execute(c).await.map(drop))?;
    Ok(())
}

/// The changes among the members in sight of these groups, or of all; a group without any is left out.
pub async fn list(tx: &mut Tx, groups: Option<&[GroupId]>, sight: Sight<'_>) -> db::Result<Vec<Changes>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT v.group_id, CAST(SUM(v.stamp) AS BIGINT) AS stamps, MAX(v.changed_at) AS changed_at FROM member_changes v JOIN groups g ON g.id = v.group_id WHERE ",
        );
        sight.push_seen(&mut query, "v.organisation_id");
        if let Some(groups) = groups {
            query.push(" AND v.group_id IN (NULL");
            for group in groups {
                query.push(", ").push_bind(*group);
            }
            query.push(")");
        }
        query.push(" GROUP BY v.group_id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// How many memberships in sight of these groups have run out: members go without anybody's doing (D12).
pub async fn list_ended(tx: &mut Tx, groups: &[GroupId], sight: Sight<'_>) -> db::Result<Vec<(GroupId, i64)>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, COUNT(*) FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id WHERE m.until <= ",
        );
        query.push_bind(sight.now).push(" AND m.group_id IN (NULL");
        for group in groups {
            query.push(", ").push_bind(*group);
        }
        query.push(") AND u.deleted_at IS NULL AND ");
        sight.push_seen(&mut query, "u.organisation_id");
        query.push(" GROUP BY m.group_id");
        query.build_query_as().fetch_all(c).await
    })?)
}
