//! The field of a group's page that names the groups in it, one code a line.

use std::collections::BTreeSet;

use crate::authority::action::{ManageGroup, NestGroup};
use crate::db::{self, Tx};
use crate::directory::group::manage::GroupError;
use crate::directory::group::model::Group;
use crate::directory::group::{nesting, nesting_store, store};
use crate::kernel::ids::{EnvironmentId, GroupId};
use crate::kernel::text::fold;
use crate::portal::error::ChangeError;
use crate::portal::signed_in::SignedIn;
use crate::web::{Field, Form, Page};

/// The name of the field.
pub(super) const NAME: &str = "inner";

/// The field, with the codes of those that are in the group.
pub(super) async fn field(tx: &mut Tx, page: &Page, stored: Option<&Group>) -> db::Result<Field> {
    let ids: Vec<GroupId> = stored.iter().map(|group| group.id).collect();
    let codes: Vec<String> = nesting_store::list_inner(tx, &ids).await?.into_iter().map(|inner| inner.code).collect();
    let field = Field { max: nesting::MOST_INNER * 200, ..Field::lines(page, NAME, "group-inner") };
    Ok(field.hint(page, "group-inner-hint").optional(page).value(codes.join("\n")))
}

/// The groups that a form names, in whatever case; a code of which there is none in the environment is the error.
pub(super) async fn read(
    tx: &mut Tx,
    environment: EnvironmentId,
    form: &Form,
) -> db::Result<Result<BTreeSet<GroupId>, String>> {
    let groups = store::list_of_environment(tx, environment).await?;
    let find = |code: &str| groups.iter().find(|group| fold(&group.code) == fold(code)).map(|group| group.id);
    let codes = form.text(NAME).split([',', ' ', '\r', '\n']).map(str::trim).filter(|code| !code.is_empty());
    Ok(codes.map(|code| find(code).ok_or_else(|| code.chars().take(64).collect())).collect())
}

/// Makes these the groups in the group; nothing is asked where they are.
pub(super) async fn save(
    tx: &mut Tx,
    person: &SignedIn,
    outer: &Group,
    wanted: &BTreeSet<GroupId>,
) -> Result<(), ChangeError> {
    let present = nesting_store::list_inner(tx, &[outer.id]).await?;
    let present: BTreeSet<GroupId> = present.into_iter().map(|inner| inner.inner_id).collect();
    if present == *wanted {
        return Ok(());
    }
    let (door, ctx) = (&person.app.door, &person.ctx);
    let action = ManageGroup { application: outer.application, environment: outer.environment };
    let permit = door.authorise(tx, ctx, action).await?;
    let added = wanted.difference(&present).map(|inner| NestGroup { outer: outer.id, inner: *inner }).collect();
    let added = door.authorise_all(tx, ctx, added).await?;
    let removed = present.difference(wanted).copied().collect();
    nesting::change(tx, permit, outer.id, (added, &removed), ctx).await?;
    Ok(())
}

/// What is wrong with the groups that were named, in words.
pub(super) fn problem(page: &Page, error: &GroupError) -> Option<String> {
    let key = match error {
        GroupError::Circle => "group-inner-circle",
        GroupError::TooDeep => "group-inner-deep",
        GroupError::TooManyInner => "group-inner-many",
        _ => return None,
    };
    Some(page.t(key))
}
