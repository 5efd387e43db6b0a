//! The roles of a person as applications are told of them.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::authority::{Authority, Door, Scope};
use crate::db::{self, Tx};
use crate::directory::{names_store, project};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// A role that a person was named for, as applications are told: for which organisation, in which project, and what it stands for (P27,
/// P42, P55). It says nothing about the home organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldRole {
    /// The code of the role.
    pub role: String,
    /// The name of the organisation.
    pub organisation: String,
    /// What it stands for, in the words of applications.
    pub entitlements: Vec<String>,
    /// The project that it is held in; `None` for a role of the organisation.
    #[serde(flatten)]
    pub project: Option<ToldProject>,
}

/// A project as applications are told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldProject {
    /// Its code.
    pub project: String,
    /// The phase that it is in.
    pub phase: String,
    /// Whether the organisation coordinates it.
    pub coordinates: bool,
}

/// What is held over the home organisation and others below an administrator, and what the person was named for, anywhere.
pub async fn roles(tx: &mut Tx, door: &Door, user: UserId, now: Timestamp) -> db::Result<(Vec<String>, Vec<ToldRole>)> {
    let authority = door.authority_of(tx, PrincipalId::Person(user), now).await?;
    // A role that somebody was named for may be for another organisation than the home that is told beside the codes.
    let nominated = |code: &str| door.roles().get(code).is_some_and(|role| role.nominated);
    // Who stands in for somebody does not hold the role.
    let told = authority.live(now).filter(|a| a.on_behalf_of.is_none() && !nominated(&a.role));
    let mut roles: Vec<String> = told.map(|assignment| assignment.role.clone()).collect();
    roles.sort_unstable();
    roles.dedup();
    let named = role_assignments(tx, door, &authority, now).await?;
    Ok((roles, named))
}

async fn role_assignments(
    tx: &mut Tx,
    door: &Door,
    authority: &Authority,
    now: Timestamp,
) -> db::Result<Vec<ToldRole>> {
    let named = authority.live(now).filter_map(|a| {
        // What is dormant says nothing at all (P21).
        let role = door.roles().get(&a.role).filter(|role| role.nominated && !role.dormant)?;
        Some((role, a.anchor.as_ref()?.node(), a.project))
    });
    let held: Vec<_> = named.collect();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let projects = project::store::list(tx, &held.iter().filter_map(|(_, _, project)| *project).collect()).await?;
    let places: BTreeSet<_> = held.iter().map(|(_, at, _)| at.0).collect();
    let names = names_store::list_organisations(tx, &Scope::Everywhere, &places).await?;
    let mut told: Vec<ToldRole> = held
        .into_iter()
        .map(|(role, at, in_project)| ToldRole {
            role: role.code.clone(),
            organisation: names.get(&at.0).cloned().unwrap_or_default(),
            entitlements: role.entitlements.clone(),
            project: in_project.and_then(|id| projects.iter().find(|known| known.id == id)).map(|known| ToldProject {
                project: known.code.clone(),
                phase: known.phase.clone(),
                coordinates: known.coordinator == at,
            }),
        })
        .collect();
    let code = |one: &ToldRole| one.project.as_ref().map(|project| project.project.clone());
    told.sort_by_key(|one| (code(one), one.role.clone(), one.organisation.clone()));
    told.dedup();
    Ok(told)
}
