//! Members as rows: one is added or removed without the group being loaded, each decided on its own (D2).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::ScimError;
use super::filter::{self, Filter, Operator};
use super::patch::{Op, Operation};
use super::request::Caller;
use super::router::Scim;
use super::user_view::Viewer;
use crate::authority::Refusal;
use crate::authority::action::{AssignMembership, RemoveMembership};
use crate::db::Tx;
use crate::directory::membership::assign::{self, MembershipError};
use crate::directory::membership::listed_store;
use crate::kernel::ids::{GroupId, UserId};

/// Most memberships that one request may change: each is decided and recorded on its own while other writers wait (SC-20).
pub const MAX_CHANGES: usize = 1000;

/// How many members are looked at at a time.
const STRETCH: i64 = 1000;

/// How many memberships a request may still change.
#[derive(Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(MAX_CHANGES)
    }
}

impl Budget {
    fn spend(&mut self, changes: usize) -> Result<(), ScimError> {
        self.0 = self.0.checked_sub(changes).ok_or_else(too_many)?;
        Ok(())
    }
}

fn too_many() -> ScimError {
    ScimError::TooLarge(format!("at most {MAX_CHANGES} members change at a time"))
}

impl From<MembershipError> for ScimError {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::AlreadyMember | MembershipError::NotMember | MembershipError::NotFound => Self::NotFound,
            MembershipError::InvalidEnd => Self::InvalidValue(error.to_string()),
            MembershipError::Db(error) => error.into(),
        }
    }
}

/// The people that a value names: a list of `{value}`, one of them, or plain texts.
pub fn named(value: &Value) -> Result<BTreeSet<UserId>, ScimError> {
    let one = |element: &Value| {
        let text = match element {
            Value::String(text) => Some(text.as_str()),
            // Groups have no members but people (DA-14).
            Value::Object(fields) if !is_person(fields) => None,
            Value::Object(fields) => filter::get(fields, "value").and_then(Value::as_str),
            _ => None,
        };
        // An id that cannot be anybody's and one out of sight are refused alike.
        text.and_then(|text| text.parse().ok()).ok_or_else(no_member)
    };
    match value {
        Value::Array(list) => list.iter().map(one).collect(),
        Value::Null => Ok(BTreeSet::new()),
        single => Ok(BTreeSet::from([one(single)?])),
    }
}

fn is_person(fields: &Map<String, Value>) -> bool {
    let kind = filter::get(fields, "type");
    kind.is_none_or(|kind| kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("User")))
}

fn no_member() -> ScimError {
    ScimError::InvalidValue("`members` names somebody who is not there".to_owned())
}

fn refused(refusal: Refusal) -> ScimError {
    match ScimError::from(refusal) {
        ScimError::NotFound => no_member(),
        other => other,
    }
}

/// Adds; who is in already stays as they are.
pub async fn add(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    group: GroupId,
    users: &BTreeSet<UserId>,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    budget.spend(users.len())?;
    for user in users {
        let permit =
            scim.app.door.authorise(tx, &caller.ctx, AssignMembership { user: *user, group }).await.map_err(refused)?;
        match assign::assign(tx, permit, None, &caller.ctx).await {
            Ok(_) | Err(MembershipError::AlreadyMember) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Removes; who is not in is passed over.
pub async fn remove(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    group: GroupId,
    users: &BTreeSet<UserId>,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    budget.spend(users.len())?;
    for user in users {
        let permit =
            scim.app.door.authorise(tx, &caller.ctx, RemoveMembership { user: *user, group }).await.map_err(refused)?;
        match assign::remove(tx, permit, &caller.ctx).await {
            Ok(()) | Err(MembershipError::NotMember) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Makes these the members, as far as the caller sees members at all: others stay untouched (SC-13). Those who are in are
/// looked at stretch by stretch, and no further than changes are allowed.
pub async fn replace(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    group: GroupId,
    wanted: &BTreeSet<UserId>,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    let viewer = Viewer::new(tx, scim, caller).await?;
    let (mut missing, mut unwanted) = (wanted.clone(), BTreeSet::new());
    let mut after = None;
    loop {
        let present = listed_store::list_members(tx, group, after, viewer.sight(), STRETCH).await?;
        after = present.last().map(|member| member.user_id);
        let is_last = i64::try_from(present.len()).is_ok_and(|n| n < STRETCH);
        unwanted.extend(present.into_iter().map(|member| member.user_id).filter(|id| !missing.remove(id)));
        if is_last || unwanted.len() > MAX_CHANGES {
            break;
        }
    }
    remove(tx, (scim, caller), group, &unwanted, budget).await?;
    add(tx, (scim, caller), group, &missing, budget).await
}

/// One operation on `members`.
pub async fn apply(
    tx: &mut Tx,
    by: (&Scim, &Caller),
    group: GroupId,
    operation: &Operation,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    if operation.path.attribute.sub.is_some() {
        return Err(ScimError::Mutability("the parts of a member cannot be changed".to_owned()));
    }
    match (&operation.path.filter, operation.op) {
        (None, Op::Add) => add(tx, by, group, &named(&operation.value)?, budget).await,
        (None, Op::Replace) => replace(tx, by, group, &named(&operation.value)?, budget).await,
        (None, Op::Remove) if operation.value.is_null() => replace(tx, by, group, &BTreeSet::new(), budget).await,
        (None, Op::Remove) => remove(tx, by, group, &named(&operation.value)?, budget).await,
        (Some(filter), Op::Remove) => {
            let chosen = chosen(filter)
                .ok_or_else(|| ScimError::InvalidFilter("members are chosen by `value eq`".to_owned()))?;
            remove(tx, by, group, &chosen, budget).await
        }
        (Some(_), Op::Add | Op::Replace) => {
            Err(ScimError::Mutability("the parts of a member cannot be changed".to_owned()))
        }
    }
}

/// `value eq "…"`, or several of them with `or`.
fn chosen(filter: &Filter) -> Option<BTreeSet<UserId>> {
    match filter {
        Filter::Compare(path, Operator::Eq, Value::String(text)) if path.is(None, "value") => {
            Some(text.parse().into_iter().collect())
        }
        Filter::Or(left, right) => {
            let mut both = chosen(left)?;
            both.extend(chosen(right)?);
            Some(both)
        }
        _ => None,
    }
}
