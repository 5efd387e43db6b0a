//! What would be pushed, before anything is: how people look there, and what a comparison finds. Nothing is written, here or there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::desired::{self, Desired};
use super::desired_store;
use super::document::Document;
use super::manage::{PushError, open};
use super::model::Findings;
use super::outcome::Trouble;
use super::reconcile::Comparison;
use super::remote::Remote;
use super::run::{Pusher, Visit};
use crate::authority::Scope;
use crate::db::Db;
use crate::directory::{group, names_store, user};
use crate::kernel::ids::{ClientId, OrganisationId, UserId};

/// How many people are shown as they would look.
const SAMPLES: usize = 3;

/// Among how many they are looked for.
const LOOKED_AT: i64 = 100;

/// What would be pushed.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How many people are in a group of the application.
    pub people: i64,
    /// Its groups, as they would be called.
    pub groups: Vec<String>,
    /// Some of the people, as they would be sent.
    pub samples: Vec<Value>,
    /// What a comparison finds now; or why there is none, in words of the target.
    pub findings: Result<Findings, String>,
}

/// Looks, also while the target is paused. The caller may manage the client; of people it sees those whom they see, with their addresses.
pub async fn look(db: &Db, pusher: &Pusher, client: ClientId, seen: (&Scope, &Scope)) -> Result<Preview, PushError> {
    let (visit, shown) = shown(db, pusher, client, seen).await?;
    let token = open(&pusher.kek, &visit.target)?;
    let remote = Remote::new(&pusher.outbound, &visit.target.base_url, &token);
    let (clock, findings) = (&pusher.clock, Findings::default());
    let comparison = Comparison { db, remote: &remote, visit: &visit, clock, lease: None, findings };
    let findings = match comparison.run().await {
        Ok(findings) => Ok(findings),
        Err(Trouble::Lost(Some(error))) => return Err(error.into()),
        Err(Trouble::Later(answer, _) | Trouble::Refused(answer)) => Err(answer),
        Err(Trouble::Missing) => Err("HTTP 404".to_owned()),
        Err(Trouble::Lost(None)) => Err(String::new()),
    };
    Ok(Preview { findings, ..shown })
}

/// What is known here.
async fn shown(
    db: &Db,
    pusher: &Pusher,
    client: ClientId,
    (people, contacts): (&Scope, &Scope),
) -> Result<(Visit, Preview), PushError> {
    let now = pusher.clock.now();
    let tx = &mut db.reader().await?;
    let visit = Visit::of(tx, &pusher.subjects, client).await?.ok_or(PushError::NotFound)?;
    let environment = visit.place.environment.id;
    let mut some = desired_store::list_some(tx, environment, LOOKED_AT, now).await?;
    let homes: BTreeMap<UserId, OrganisationId> =
        user::store::list(tx, &some).await?.into_iter().map(|user| (user.id, user.organisation)).collect();
    let inside = names_store::list_inside(tx, people, &homes.values().copied().collect()).await?;
    let inside = names_store::list_inside(tx, contacts, &inside).await?;
    some.retain(|user| homes.get(user).is_some_and(|home| inside.contains(home)));
    some.truncate(SAMPLES);
    let desired = desired::list(tx, (&visit.place, &visit.target), &some, now).await?;
    let samples = desired.values().filter_map(Desired::document).map(Document::whole).collect();
    let mut groups = group::store::list_of_environment(tx, environment).await?;
    if !visit.target.rules.groups {
        groups.clear();
    }
    let groups = groups.into_iter().map(|group| group.code).collect();
    let people = desired_store::count_people(tx, environment, now).await?;
    Ok((visit, Preview { people, groups, samples, findings: Ok(Findings::default()) }))
}
