//! Memberships from a file, each row for itself: what is there already is left.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::assign::{MembershipError, assign_in};
use super::batch::Batch;
use super::store;
use crate::authority::action::AssignMembership;
use crate::authority::{Door, Permit, Refusal};
use crate::db::{self, Tx};
use crate::directory::user::import::batch::Said;
use crate::directory::{group, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, UserId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The e-mail address of a person, or their user name.
    pub user: String,
    /// The code of a group.
    pub group: String,
    /// The last day (`2027-01-31`); nothing for a membership without an end.
    #[serde(default)]
    pub until: String,
}

/// What a row comes to, before anybody is asked.
struct Wanted {
    user: UserId,
    group: GroupId,
    until: Option<Timestamp>,
}

/// Why rows of a part could not be brought in: all of it is undone.
#[derive(Debug, thiserror::Error)]
pub enum BringError {
    /// A person or a group went away meanwhile.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// Whoever asks may ask for nothing.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Puts people into groups, each by the decision of whoever asks; what became of each row, in their order. The groups of the installation are
/// given by their codes ([`groups`]).
pub async fn bring(
    tx: &mut Tx,
    door: &Door,
    (rows, groups): (&[Row], &BTreeMap<String, GroupId>),
    ctx: &Ctx,
) -> Result<Vec<Said>, BringError> {
    let people = people(tx, rows).await?;
    let wanted: Vec<Result<Wanted, &str>> = rows.iter().map(|row| read(row, &people, groups, ctx.now)).collect();
    let known = wanted.iter().filter_map(|wanted| wanted.as_ref().ok());
    let actions = known.map(|wanted| AssignMembership { user: wanted.user, group: wanted.group }).collect();
    let mut decided = door.authorise_each(tx, ctx, actions).await?.into_iter();
    let (mut batch, mut said) = (Batch::default(), Vec::with_capacity(rows.len()));
    for wanted in wanted {
        let until = match wanted {
            Ok(wanted) => wanted.until,
            Err(why) => {
                said.push(Said::Refused(why.to_owned()));
                continue;
            }
        };
        said.push(match decided.next() {
            Some(Ok(permit)) if is_there(tx, &permit, ctx.now).await? => Said::Unchanged,
            Some(Ok(permit)) => match assign_in(tx, permit, until, &mut batch, ctx).await {
                Ok(_) => Said::Created,
                Err(MembershipError::AlreadyMember) => Said::Unchanged,
                Err(why @ MembershipError::InvalidEnd) => Said::Refused(why.to_string()),
                Err(error) => return Err(error.into()),
            },
            Some(Err(reason)) => Said::Refused(reason.to_string()),
            None => return Err(MembershipError::NotFound.into()),
        });
    }
    batch.finish(tx, ctx).await?;
    Ok(said)
}

/// A membership that is there stays as it is, whatever end the row gives it.
async fn is_there(tx: &mut Tx, permit: &Permit<AssignMembership>, now: Timestamp) -> db::Result<bool> {
    let held = store::find(tx, permit.action().user, permit.action().group).await?;
    Ok(held.is_some_and(|held| held.is_live(now)))
}

/// All groups by their codes.
pub async fn groups(tx: &mut Tx) -> db::Result<BTreeMap<String, GroupId>> {
    Ok(group::store::list(tx).await?.into_iter().map(|group| (fold(&group.code), group.id)).collect())
}

/// Who is meant, by address or user name.
async fn people(tx: &mut Tx, rows: &[Row]) -> db::Result<BTreeMap<String, UserId>> {
    let names: Vec<String> = rows.iter().map(|row| fold(row.user.trim())).collect();
    let found = user::store::list_by_names(tx, &names).await?;
    let mut by_name: BTreeMap<String, UserId> = found.iter().map(|user| (fold(&user.user_name), user.id)).collect();
    by_name.extend(found.iter().filter_map(|user| Some((user.email.as_ref()?.folded(), user.id))));
    Ok(by_name)
}

fn read(
    row: &Row,
    people: &BTreeMap<String, UserId>,
    groups: &BTreeMap<String, GroupId>,
    now: Timestamp,
) -> Result<Wanted, &'static str> {
    let user = *people.get(&fold(row.user.trim())).ok_or("nobody has this address or user name")?;
    let group = *groups.get(&fold(row.group.trim())).ok_or("there is no group of this code")?;
    let until = match row.until.trim() {
        "" => None,
        day => Some(
            Timestamp::end_of_date(day).filter(|end| *end > now).ok_or("`until` is no day to come, as 2027-01-31")?,
        ),
    };
    Ok(Wanted { user, group, until })
}
