//! Facts about what somebody asks for others: to be in a group, to be named, to stand in, to be written to, to be validated or changed.

use std::collections::BTreeSet;

use super::action::{NameDeputy, NestGroup, Nominate};
use super::amendment_store;
use super::facts::{Facts, OrganisationFacts, ServiceFacts};
use super::load::{Which, assignments, project};
use super::load_targets::target;
use super::people_store;
use super::place::{organisation, paths};
use super::registration_store;
use super::role::Roles;
use super::store;
use crate::db::{self, Tx};
use crate::directory::client::model::ClientKind;
use crate::directory::client::{self, service};
use crate::directory::mailing::model::MAX_ORGANISATIONS;
use crate::directory::module::model::Standing;
use crate::kernel::ids::{AmendmentId, ClientId, GroupId, OrganisationId, PrincipalId, RegistrationId};

/// Who is to stand in, and all that the role would lend them, whatever a token leaves of it.
pub(super) async fn deputy(tx: &mut Tx, roles: &Roles, a: &NameDeputy) -> db::Result<Facts> {
    let mut facts =
        Facts { target: target(tx, roles, PrincipalId::Person(a.deputy), false).await?, ..Facts::default() };
    let Some(row) = store::find_assignment(tx, a.assignment).await? else { return Ok(facts) };
    let holder =
        PrincipalId::from_parts(&row.principal_kind, row.principal_id).ok_or(db::Error::Corrupt("principal_kind"))?;
    facts.role = roles.get(&row.role).cloned();
    facts.lent = assignments(tx, roles, holder, Which::AlsoToCome).await?;
    facts.lent.retain(|part| part.id == a.assignment);
    Ok(facts)
}

/// Of which application a group is.
pub(super) async fn group(tx: &mut Tx, id: GroupId, facts: &mut Facts) -> db::Result<()> {
    facts.application = store::find_group_application(tx, id).await?.map(|(application, _)| application);
    Ok(())
}

/// Of which application two groups of one environment are, and which administrators come into one by way of the other.
pub(super) async fn nesting(tx: &mut Tx, a: &NestGroup, facts: &mut Facts) -> db::Result<()> {
    facts.application = store::find_common_application(tx, a.outer, a.inner).await?;
    facts.gaining = store::list_gaining(tx, a.outer, a.inner).await?;
    if store::gains_suspended(tx, a.outer, a.inner).await? {
        facts.module = Standing::Suspended;
    }
    Ok(())
}

/// Where a service is at home, what it holds now and to come, and what else it may.
pub(super) async fn service(tx: &mut Tx, roles: &Roles, id: ClientId, facts: &mut Facts) -> db::Result<()> {
    let Some(client) = client::store::find(tx, id).await? else { return Ok(()) };
    if client.kind != ClientKind::Machine {
        return Ok(());
    }
    facts.target = target(tx, roles, PrincipalId::Service(id), false).await?;
    let held = facts.target.iter().flat_map(|target| &target.assignments);
    let givers = held.filter_map(|held| Some((held.role.clone(), roles.get(&held.role)?.givers())));
    facts.service = ServiceFacts { is_plain: service::is_plain(&client.settings), givers: givers.collect() };
    Ok(())
}

/// Where somebody is named, for what, and whom it is if that is said.
pub(super) async fn nomination(tx: &mut Tx, roles: &Roles, a: &Nominate) -> db::Result<Facts> {
    let mut facts = Facts {
        organisation: organisation(tx, a.organisation).await?,
        role: roles.get(&a.role).cloned(),
        ..Facts::default()
    };
    if let Some(id) = a.project {
        facts.project = project(tx, id).await?;
    }
    if let Some(person) = a.person {
        facts.target = target(tx, roles, PrincipalId::Person(person), false).await?;
    }
    Ok(facts)
}

/// The organisations whose people are written to.
pub(super) async fn audience(tx: &mut Tx, named: &[OrganisationId]) -> db::Result<Vec<OrganisationFacts>> {
    let named: BTreeSet<OrganisationId> = named.iter().copied().take(MAX_ORGANISATIONS).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    Ok(paths(people_store::list_paths(tx, &named).await?).into_values().collect())
}

/// Where the authority would stand; the applicant and whoever has validated it already speak for it.
pub(super) async fn registration(tx: &mut Tx, id: RegistrationId, facts: &mut Facts) -> db::Result<()> {
    let Some(row) = registration_store::find(tx, id).await? else { return Ok(()) };
    facts.organisation = organisation(tx, row.parent_id).await?;
    facts.proposed_by.extend(row.applicant.map(PrincipalId::Person));
    if let Some((kind, id)) = row.approved_by_kind.zip(row.approved_by_id) {
        facts.proposed_by.push(PrincipalId::from_parts(&kind, id).ok_or(db::Error::Corrupt("approved_by_kind"))?);
    }
    Ok(())
}

/// The organisation that it is about, and who asked.
pub(super) async fn amendment(tx: &mut Tx, id: AmendmentId, facts: &mut Facts) -> db::Result<()> {
    let Some((about, asked_by)) = amendment_store::find(tx, id).await? else { return Ok(()) };
    facts.organisation = organisation(tx, about).await?;
    facts.proposed_by.push(PrincipalId::Person(asked_by));
    Ok(())
}
