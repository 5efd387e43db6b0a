//! What a target should hold of people, read anew each time by what decides about their tokens (D7): the account, the home, the groups of
//! the environment, the module access.

use std::collections::{BTreeMap, BTreeSet};

use super::desired_store as store;
use super::document::Document;
use super::model::{Ending, Target};
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::directory::application::model::Environment;
use crate::directory::client::model::Client;
use crate::directory::module::{self, model::Told};
use crate::directory::user;
use crate::directory::user::model::{Status, User};
use crate::kernel::ids::{GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;
use crate::tokens::subjects::Subjects;

/// What a target should hold of somebody.
#[derive(Clone, Debug, PartialEq)]
pub enum Desired {
    /// They belong there, in these groups.
    Present(Document, BTreeSet<GroupId>),
    /// They do not belong there any more, and their account stays.
    Left(Document),
    /// They are to be deleted there.
    Gone,
}

impl Desired {
    /// Whether somebody who is not there yet has to be brought: nobody is brought who could not come in.
    pub fn is_to_be_made(&self) -> bool {
        matches!(self, Self::Present(document, _) if document.is_active())
    }

    /// What is to be there, if anything.
    pub fn document(&self) -> Option<&Document> {
        match self {
            Self::Present(document, _) | Self::Left(document) => Some(document),
            Self::Gone => None,
        }
    }
}

/// A client with what belongs to it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The client.
    pub client: Client,
    /// Its environment.
    pub environment: Environment,
    /// By which names it knows people.
    pub subjects: Subjects,
}

impl Place {
    /// Of a client; `None` for one without an environment.
    pub async fn of(tx: &mut Tx, client: Client, subjects: &Subjects) -> db::Result<Option<Self>> {
        let Some(id) = client.environment else { return Ok(None) };
        let environment = environment_store::find(tx, id).await?;
        Ok(environment.map(|environment| Self { client, environment, subjects: subjects.clone() }))
    }
}

/// What a target should hold of each of these people, by a number of queries that does not depend on how many they are.
pub async fn list(
    tx: &mut Tx,
    (place, target): (&Place, &Target),
    users: &[UserId],
    now: Timestamp,
) -> db::Result<BTreeMap<UserId, Desired>> {
    let people = user::store::list(tx, users).await?;
    let mut groups = store::list_groups(tx, users, (place.environment.id, now)).await?;
    let homes: BTreeSet<OrganisationId> = people.iter().map(|user| user.organisation).collect();
    let living = store::list_living(tx, &homes).await?;
    let barred = barred(tx, place, &homes).await?;
    let mut desired: BTreeMap<UserId, Desired> = users.iter().map(|user| (*user, Desired::Gone)).collect();
    for user in people {
        let home = living.get(&user.organisation).map(String::as_str);
        let mut groups = groups.remove(&user.id).unwrap_or_default();
        if barred.contains(&user.organisation) {
            groups.clear();
        }
        desired.insert(user.id, of(&user, home, groups, (place, target), now));
    }
    Ok(desired)
}

/// Organisations without the module access that the application asks for (D2).
async fn barred(tx: &mut Tx, place: &Place, homes: &BTreeSet<OrganisationId>) -> db::Result<BTreeSet<OrganisationId>> {
    let application = place.environment.application;
    let Some(first) = homes.first() else { return Ok(BTreeSet::new()) };
    if module::store::find_told(tx, *first, application).await? == Told::NotAsked {
        return Ok(BTreeSet::new());
    }
    let among: Vec<OrganisationId> = homes.iter().copied().collect();
    let accesses = module::store::list_of_organisations(tx, &among, None).await?;
    let holders: BTreeSet<OrganisationId> =
        accesses.iter().filter(|access| access.application == application).map(|access| access.organisation).collect();
    Ok(homes.difference(&holders).copied().collect())
}

fn of(
    user: &User,
    home: Option<&str>,
    groups: BTreeSet<GroupId>,
    (place, target): (&Place, &Target),
    now: Timestamp,
) -> Desired {
    // What was not told in time is made up for: without a name there is nothing else to tell.
    if user.erased_at.is_some() {
        return Desired::Gone;
    }
    let status = user.status(now);
    // Somebody who has not signed in yet is awaited there.
    let active = matches!(status, Status::New | Status::Active) && home.is_some();
    let sub = place.subjects.of(user.id, &place.client.settings);
    let to = (&target.rules, &place.client.settings);
    let document = || Document::of(user, (&sub, active), home.unwrap_or_default(), to);
    let is_deleted = status == Status::Deleted;
    if !is_deleted && !groups.is_empty() {
        return Desired::Present(document(), groups);
    }
    match if is_deleted { target.rules.deleted } else { target.rules.leavers } {
        Ending::Deactivate => Desired::Left(document().leaving()),
        Ending::Delete => Desired::Gone,
    }
}
