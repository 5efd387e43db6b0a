//! Creating, changing and deleting groups (E57, C07, C10).

use serde_json::{Map, Value, json};

use super::model::Group;
use super::{nesting, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageGroup;
use crate::db::{self, Tx};
use crate::directory::application::{environment_store, manage::is_code};
use crate::directory::membership::{self, ending::Because};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::GroupId;
use crate::kernel::text::{self, TextError};

/// What a caller says about a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupDetails {
    /// Its code without the environment's prefix; only read when it is created.
    pub code: String,
    /// Its name as shown.
    pub display_name: String,
    /// What it allows.
    pub description: String,
    /// Where it is explained.
    pub documentation_url: Option<String>,
    /// Whether credential changes of its members need a second person.
    pub sensitive: bool,
    /// SCIM attributes that have no column.
    pub scim: Map<String, Value>,
}

/// Why a group was not changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// The code is in use, in whatever case.
    #[error("this group code is in use")]
    CodeTaken,
    /// Other characters than letters, digits, `_` and `-`.
    #[error("a group code holds 1 to 64 letters, digits, `_` and `-`")]
    InvalidCode,
    /// Not an https address.
    #[error("the documentation is not at an https address")]
    InvalidUrl,
    /// A text breaks its rule.
    #[error("`{field}` {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// A group that is to be in it is not there, or belongs to another environment.
    #[error("a group holds only groups of its own application and environment")]
    InnerElsewhere,
    /// A group would be in itself.
    #[error("a group cannot be in itself, also not by way of others")]
    Circle,
    /// Too many stand one in the other.
    #[error("at most {} groups stand one in the other", super::closure::MOST_DEEP)]
    TooDeep,
    /// Too many are directly in it.
    #[error("at most {} groups are directly in one", super::nesting::MOST_INNER)]
    TooManyInner,
    /// Somebody else changed it in between.
    #[error("this was changed by somebody else in the meantime")]
    Stale,
    /// It is gone, or belongs to another environment.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for GroupError {
    fn from(error: db::Error) -> Self {
        if error.violates("groups", &["code_folded"]) { Self::CodeTaken } else { Self::Db(error) }
    }
}

/// The rules of names and links (IN-03, IN-05, DA-45), wherever the details come from.
fn checked(details: GroupDetails) -> Result<GroupDetails, GroupError> {
    if details.documentation_url.as_deref().is_some_and(|url| !text::is_safe_url(url)) {
        return Err(GroupError::InvalidUrl);
    }
    let wrong = |field| move |error| GroupError::Text { field, error };
    Ok(GroupDetails {
        display_name: text::name(&details.display_name).map_err(wrong("display_name"))?,
        description: text::description(&details.description).map_err(wrong("description"))?,
        ..details
    })
}

/// Creates a group; its code starts with the prefix of its environment, so production and pre-production never meet.
pub async fn create(
    tx: &mut Tx,
    permit: Permit<ManageGroup>,
    details: GroupDetails,
    ctx: &Ctx,
) -> Result<Group, GroupError> {
    let details = checked(details)?;
    if !is_code(&details.code) {
        return Err(GroupError::InvalidCode);
    }
    let action = permit.action();
    let environment = environment_store::find(tx, action.environment).await?;
    let environment = environment.filter(|e| e.application == action.application).ok_or(GroupError::NotFound)?;
    let prefixed = details.code.starts_with(&environment.group_prefix);
    let code = if prefixed { details.code } else { format!("{}{}", environment.group_prefix, details.code) };
    let group = Group {
        id: GroupId(ctx.uuid()),
        application: action.application,
        environment: action.environment,
        code,
        display_name: details.display_name,
        description: details.description,
        documentation_url: details.documentation_url,
        sensitive: details.sensitive,
        scim: details.scim,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    store::insert(tx, &group).await?;
    record(tx, Kind::GroupCreated, &group, &permit, ctx).await?;
    Ok(group)
}

/// Changes a group; its code stays.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<ManageGroup>,
    id: GroupId,
    details: GroupDetails,
    version: Option<i64>,
    ctx: &Ctx,
) -> Result<Group, GroupError> {
    let details = checked(details)?;
    let mut group = find(tx, id, &permit, version).await?;
    group.display_name = details.display_name;
    group.description = details.description;
    group.documentation_url = details.documentation_url;
    group.sensitive = details.sensitive;
    group.scim = details.scim;
    group.updated_at = ctx.now;
    if !store::save(tx, &group).await? {
        return Err(GroupError::Stale);
    }
    group.version += 1;
    record(tx, Kind::GroupChanged, &group, &permit, ctx).await?;
    Ok(group)
}

/// Deletes a group with its memberships, each of which is recorded on the member (D10).
pub async fn delete(
    tx: &mut Tx,
    permit: Permit<ManageGroup>,
    id: GroupId,
    version: Option<i64>,
    ctx: &Ctx,
) -> Result<(), GroupError> {
    let group = find(tx, id, &permit, version).await?;
    let because = Because { kind: Kind::GroupDeleted, via: permit.via() };
    let members = membership::ending::of_group(tx, &group, because, ctx).await?;
    membership::change_store::remove_of_group(tx, id).await?;
    nesting::leave(tx, &group, permit.via(), ctx).await?;
    if !store::remove(tx, &group).await? {
        return Err(GroupError::Stale);
    }
    let details = json!({ "code": group.code, "members": members });
    let event = Event::new(Kind::GroupDeleted, Subject::Group(id)).about(group.application).with(details);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}

pub(super) async fn find(
    tx: &mut Tx,
    id: GroupId,
    permit: &Permit<ManageGroup>,
    version: Option<i64>,
) -> Result<Group, GroupError> {
    let action = permit.action();
    let found = store::find(tx, id).await?;
    let ours = found.filter(|group| group.application == action.application && group.environment == action.environment);
    let group = ours.ok_or(GroupError::NotFound)?;
    if version.is_some_and(|seen| seen != group.version) { Err(GroupError::Stale) } else { Ok(group) }
}

async fn record(
    tx: &mut Tx,
    kind: Kind,
    group: &Group,
    permit: &Permit<ManageGroup>,
    ctx: &Ctx,
) -> Result<(), GroupError> {
    let event = Event::new(kind, Subject::Group(group.id)).about(group.application).with(json!({ "code": group.code }));
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}
