//! The rows of the table of users, each with the actions that are allowed for it (E46).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::reach;
use super::users;
use crate::authority::action::{BlockUser, DeleteUser, ReadContact, ResetCredentials, UpdateUser};
use crate::authority::{Action, Judged, Permission, Refusal};
use crate::db::Tx;
use crate::directory::names_store;
use crate::directory::user::listed::Listed;
use crate::directory::user::model::Status;
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
    pub(super) level: String,
    pub(super) status: &'static str,
    pub(super) status_text: String,
    /// The rest of the address, and the key of the text.
    pub(super) actions: Vec<(&'static str, &'static str)>,
}

/// What may be done with one person.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rights {
    pub(super) assign: bool,
    pub(super) update: bool,
    /// The page Edit also shows the roles; who only grants roles finds nothing else there to change.
    pub(super) grant: bool,
    pub(super) delete: bool,
    pub(super) reset: bool,
    pub(super) block: bool,
    /// Sees addresses and numbers (decision 13).
    pub(super) contact: bool,
}

impl Rights {
    /// Whether the page Edit opens.
    pub(super) fn edits(self) -> bool {
        self.update || self.grant
    }

    /// What its link is called: by what can be changed there.
    pub(super) fn edit_key(self) -> &'static str {
        if self.update { "edit" } else { "roles" }
    }
}

const JUDGED: [fn(UserId) -> Action; 5] = [
    |user| UpdateUser { user }.into(),
    |user| DeleteUser { user }.into(),
    |user| ResetCredentials { user }.into(),
    |user| BlockUser { user }.into(),
    |user| ReadContact { user }.into(),
];

/// What may be done with each of some people; a fixed number of statements, however many they are.
pub(super) async fn rights(
    tx: &mut Tx,
    person: &SignedIn,
    people: &[(UserId, OrganisationId)],
) -> Result<BTreeMap<UserId, Rights>, Failure> {
    let judged = person.app.door.judge_people(tx, &person.ctx, people, &JUDGED).await?;
    Ok(judged.into_iter().map(|(user, judged)| (user, of_judged(person, user, &judged))).collect())
}

fn of_judged(person: &SignedIn, user: UserId, judged: &Judged) -> Rights {
    let own = person.user.id == user;
    let assign = !own && reach::covers(person, Permission::MembershipAssign, &judged.path);
    let update = judged.allows(0);
    let grant = !own && reach::covers(person, Permission::RoleGrant, &judged.path);
    Rights {
        assign,
        update,
        grant,
        delete: judged.allows(1),
        reset: judged.allows(2),
        block: judged.allows(3),
        contact: judged.allows(4),
    }
}

/// Users as rows.
pub(super) async fn of(tx: &mut Tx, person: &SignedIn, page: &Page, users: Vec<Listed>) -> Result<Vec<Row>, Failure> {
    let people: Vec<_> = users.iter().map(|user| (user.id, user.organisation)).collect();
    let rights = rights(tx, person, &people).await?;
    let homes: BTreeSet<Uuid> = people.iter().map(|(_, home)| home.0).collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &homes).await?;
    let row = |user: Listed| {
        let rights = rights.get(&user.id).copied().unwrap_or_default();
        let (email, phone) = users::contact(page, user.contacts(), rights.contact);
        let status = user.status(person.ctx.now);
        Row {
            id: user.id,
            level: levels.get(&user.organisation.0).cloned().unwrap_or_default(),
            status: status.as_str(),
            status_text: page.t(&format!("status-{}", status.as_str())),
            actions: actions(status, rights),
            // SCIM also creates people of whom nothing is known but the user name; the heading of a row is never empty.
            family_name: match user.family_name.is_empty() {
                true if rights.contact || user.has_plain_name() => user.user_name,
                true => page.t("user-nameless"),
                false => user.family_name,
            },
            given_name: user.given_name,
            email,
            phone,
        }
    };
    Ok(users.into_iter().map(row).collect())
}

/// The rest of the address, and the key of the text.
fn actions(status: Status, rights: Rights) -> Vec<(&'static str, &'static str)> {
    if status == Status::Deleted {
        return if rights.delete { vec![("/restore", "user-restore")] } else { Vec::new() };
    }
    let all = [
        (true, ("", "view")),
        (rights.assign, ("/memberships", "user-assign")),
        (rights.edits(), ("/edit", rights.edit_key())),
        (rights.delete, ("/delete", "delete")),
    ];
    all.into_iter().filter(|(shown, _)| *shown).map(|(_, action)| action).collect()
}

/// Whether something would be allowed: for drawing its button.
pub(in crate::portal) async fn allowed<A: Into<Action> + Clone>(
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
