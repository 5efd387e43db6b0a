//! The rows of the table of users, each with the actions that are allowed for it (E46).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::reach;
use super::users::contact;
use crate::authority::action::{DeleteUser, UpdateUser};
use crate::authority::{Action, Permission, Refusal};
use crate::db::Tx;
use crate::directory::organisation::model::OrganisationPath;
use crate::directory::organisation::store;
use crate::directory::user::model::User;
use crate::kernel::ids::{OrganisationId, UserId};
use crate::portal::error::Failure;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// One user as shown.
pub(super) struct Row {
    pub(super) id: UserId,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) status: &'static str,
    pub(super) status_text: String,
    /// The rest of the address, and the key of the text.
    pub(super) actions: Vec<(&'static str, &'static str)>,
}

/// Users as rows.
pub(super) async fn of(tx: &mut Tx, person: &SignedIn, page: &Page, users: Vec<User>) -> Result<Vec<Row>, Failure> {
    let mut paths: BTreeMap<OrganisationId, Option<OrganisationPath>> = BTreeMap::new();
    let mut rows = Vec::with_capacity(users.len());
    for user in users {
        let path = match paths.entry(user.organisation) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(store::path(tx, user.organisation).await?),
        };
        let path = path.as_ref();
        let mut listed = actions(tx, person, &user, path).await?;
        listed.insert(0, ("", "view"));
        let (email, phone) = contact(&user);
        let status = user.status(person.ctx.now).as_str();
        let status_text = page.t(&format!("status-{status}"));
        rows.push(Row {
            id: user.id,
            given_name: user.given_name,
            family_name: user.family_name,
            email,
            phone,
            status,
            status_text,
            actions: listed,
        });
    }
    Ok(rows)
}

/// What the person may do with a user: the rest of the address, and the key of the text.
pub(super) async fn actions(
    tx: &mut Tx,
    person: &SignedIn,
    user: &User,
    path: Option<&OrganisationPath>,
) -> Result<Vec<(&'static str, &'static str)>, Failure> {
    let mut actions = Vec::new();
    let own = person.user.id == user.id;
    let assigns = path.is_some_and(|path| reach::covers(person, Permission::MembershipAssign, path));
    if assigns && !own {
        actions.push(("/memberships", "user-assign"));
    }
    let edits = person.may(Permission::UserUpdate) && allowed(tx, person, UpdateUser { user: user.id }).await?;
    if edits || (assigns && !own) {
        actions.push(("/edit", "edit"));
    }
    if person.may(Permission::UserDelete) && allowed(tx, person, DeleteUser { user: user.id }).await? {
        actions.push(("/delete", "delete"));
    }
    Ok(actions)
}

/// Whether something would be allowed: for drawing its button.
pub(super) async fn allowed<A: Into<Action> + Clone>(
    tx: &mut Tx,
    person: &SignedIn,
    action: A,
) -> Result<bool, Failure> {
    match person.app.door.authorise_read(tx, &person.ctx, action).await {
        Ok(_) => Ok(true),
        Err(Refusal::Db(error)) => Err(error.into()),
        Err(Refusal::Denied(_) | Refusal::Anonymous) => Ok(false),
    }
}
