//! Members as rows: one is added or removed without the group being loaded, each decided on its own (D2).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::ScimError;
use super::filter::{self, Filter, Operator};
use super::inner_groups;
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

/// Whom a value names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// People.
    pub people: BTreeSet<UserId>,
    /// Groups in the group.
    pub groups: BTreeSet<GroupId>,
}

impl Named {
    fn len(&self) -> usize {
        self.people.len().saturating_add(self.groups.len())
    }

    /// Ids of whatever kind: those of groups that are in the group are taken for them.
    async fn resolved(mut self, tx: &mut Tx, group: GroupId) -> Result<Self, ScimError> {
        for inner in inner_groups::ids(tx, group).await? {
            if self.people.remove(&UserId(inner.0)) {
                self.groups.insert(inner);
            }
        }
        Ok(self)
    }

    fn insert(&mut self, element: &Value) -> Option<()> {
        let (text, kind) = match element {
            Value::String(text) => (text.as_str(), Kind::User),
            Value::Object(fields) => (filter::get(fields, "value").and_then(Value::as_str)?, kind(fields)?),
            _ => return None,
        };
        match kind {
            Kind::User => self.people.insert(text.parse().ok()?),
            Kind::Group => self.groups.insert(text.parse().ok()?),
        };
        Some(())
    }
}

/// What a member is.
enum Kind {
    User,
    Group,
}

/// What a member is said to be, by `type` or, where that is missing, by where `$ref` leads.
fn kind(fields: &Map<String, Value>) -> Option<Kind> {
    match filter::get(fields, "type") {
        Some(Value::String(text)) if text.eq_ignore_ascii_case("User") => Some(Kind::User),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("Group") => Some(Kind::Group),
        Some(_) => None,
        None => {
            let leads = filter::get(fields, "$ref").and_then(Value::as_str).unwrap_or_default();
            Some(if leads.contains("/Groups/") { Kind::Group } else { Kind::User })
        }
    }
}

/// Whom a value names: a list of `{value}`, one of them, or plain texts.
pub fn named(value: &Value) -> Result<Named, ScimError> {
    let mut named = Named::default();
    let elements = match value {
        Value::Array(list) => list.as_slice(),
        Value::Null => &[],
        single => std::slice::from_ref(single),
    };
    for element in elements {
        // An id that cannot be anybody's and one out of sight are refused alike.
        named.insert(element).ok_or_else(no_member)?;
    }
    Ok(named)
}

pub(super) fn no_member() -> ScimError {
    ScimError::InvalidValue("`members` names somebody who is not there".to_owned())
}

pub(super) fn refused(refusal: Refusal) -> ScimError {
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
    named: &Named,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    budget.spend(named.len())?;
    inner_groups::add(tx, (scim, caller), group, &named.groups).await?;
    for user in &named.people {
        let permit =
            scim.app.door.authorise(tx, &caller.ctx, AssignMembership { user: *user, group }).await.map_err(refused)?;
        assign::join(tx, permit, &caller.ctx).await?;
    }
    Ok(())
}

/// Removes; who is not in is passed over.
pub async fn remove(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    group: GroupId,
    named: Named,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    budget.spend(named.len())?;
    let named = named.resolved(tx, group).await?;
    inner_groups::remove(tx, (scim, caller), group, &named.groups).await?;
    for user in &named.people {
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
    wanted: Named,
    budget: &mut Budget,
) -> Result<(), ScimError> {
    let wanted = wanted.resolved(tx, group).await?;
    budget.spend(wanted.groups.len())?;
    inner_groups::replace(tx, (scim, caller), group, &wanted.groups).await?;
    let viewer = Viewer::new(tx, scim, caller).await?;
    let (mut missing, mut unwanted) = (wanted.people, BTreeSet::new());
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
    let (unwanted, missing) =
        (Named { people: unwanted, ..Named::default() }, Named { people: missing, ..Named::default() });
    if !unwanted.people.is_empty() {
        remove(tx, (scim, caller), group, unwanted, budget).await?;
    }
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
        (None, Op::Replace) => replace(tx, by, group, named(&operation.value)?, budget).await,
        (None, Op::Remove) if operation.value.is_null() => replace(tx, by, group, Named::default(), budget).await,
        (None, Op::Remove) => remove(tx, by, group, named(&operation.value)?, budget).await,
        (Some(filter), Op::Remove) => {
            let chosen = chosen(filter)
                .ok_or_else(|| ScimError::InvalidFilter("members are chosen by `value eq`".to_owned()))?;
            remove(tx, by, group, Named { people: chosen, ..Named::default() }, budget).await
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
